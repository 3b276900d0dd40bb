import sys

import pytest

from service.errors import BadSetting
from service.telemetry.tracing import tracing


def test_without_opentelemetry_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(BadSetting, match=r"tolmach\[tracing\]"):
        tracing()
