"""Whatever the schema allows is answered as the schema says, and never with a 5xx."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from service.app import create_app
from service.settings import Settings
from service.translation.fake import FakeEngine

STORE = Path(tempfile.mkdtemp()) / "memory.sqlite3"
APP = create_app(Settings(memory=f"sqlite:///{STORE}"), FakeEngine())
OPERATIONS: list[Any] = [
    result.ok()  # type: ignore[union-attr]
    for result in schemathesis.openapi.from_asgi("/openapi.json", APP).get_all_operations()
]

# Where there is nothing to send, nothing can be sent wrongly; and any bytes may be sent as a file.
WRITTEN = {"POST /v1/memory/tmx"}
CASES = [
    (each, mode)
    for each in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or (each.body and each.label not in WRITTEN)
]


@pytest.fixture(scope="module", autouse=True)
def _running() -> Iterator[None]:
    with TestClient(APP):
        yield


@pytest.mark.parametrize(("operation", "mode"), CASES, ids=[f"{each.label} {mode.value}" for each, mode in CASES])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_replies_are_as_the_schema_says(operation: Any, mode: GenerationMode, data: st.DataObject) -> None:
    case = data.draw(operation.as_strategy(generation_mode=mode))
    checks = schemathesis.checks
    case.call_and_validate(
        checks=[
            checks.not_a_server_error,
            checks.response_schema_conformance,
            checks.status_code_conformance,
            checks.content_type_conformance,
        ]
    )
