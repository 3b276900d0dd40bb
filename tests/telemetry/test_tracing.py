import sys
import threading

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

import service.telemetry.tracing
from service.errors import BadSetting
from service.telemetry.tracing import Tracing, tracing


def test_a_fault_is_named_by_its_kind_and_not_by_its_words() -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with pytest.raises(ValueError, match="Secret"), Tracing(provider).request("POST", {}):
        raise ValueError("Secret words of an article")
    [span] = exporter.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert dict(span.attributes or {})["error.type"] == "ValueError"
    assert "Secret" not in span.to_json()


def test_a_collector_that_is_away_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.telemetry.tracing, "LAST_SENDING", 0.01)
    provider, reached, ended = TracerProvider(), threading.Event(), threading.Event()

    def hang() -> None:
        reached.wait()
        ended.set()

    monkeypatch.setattr(provider, "shutdown", hang)
    Tracing(provider).close()
    assert not ended.is_set()
    reached.set()
    assert ended.wait(10)


def test_without_opentelemetry_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(BadSetting, match=r"extra 'tracing'"):
        tracing()
