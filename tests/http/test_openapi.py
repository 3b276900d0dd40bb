"""The schema says how a key is shown and where the service is; what else it promises is in test_schema."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import Headers

from service.access.scopes import is_open, needed
from service.http.gatekeeper import presented
from service.http.openapi import SECURITY_SCHEMES
from service.http.streaming import MEDIA_TYPES
from service.types import BlockKind, DropReason, FigureKind, RepairMethod, Severity, Verdict, WarningKind

KEY = "tlm_0123456789"
REFERENCE = "#/components/schemas/"


@pytest.fixture(scope="module")
def schema(client: TestClient) -> dict[str, Any]:
    schema: dict[str, Any] = client.get("/openapi.json").json()
    return schema


def test_the_ways_to_show_a_key_are_those_that_the_gatekeeper_reads(schema: dict[str, Any]) -> None:
    schemes = schema["components"]["securitySchemes"]
    assert schemes.keys() == SECURITY_SCHEMES.keys()
    for each in schemes.values():
        if each["type"] == "http":
            headers = Headers({"Authorization": f"{each['scheme']} {KEY}"})
        else:
            assert each["in"] == "header"
            headers = Headers({each["name"]: KEY})
        assert presented(headers) == KEY


def test_every_guarded_operation_names_the_schemes_and_its_scope_and_no_open_one_does(schema: dict[str, Any]) -> None:
    guarded = 0
    for path, operations in schema["paths"].items():
        scope = needed(path)
        for operation in operations.values():
            if is_open(path):
                assert "security" not in operation, path
                continue
            guarded += 1
            roles = [] if scope is None else [scope.value]
            # The last: a service may ask for no keys.
            assert operation["security"] == [{"bearer": roles}, {"header": roles}, {}], path
    assert guarded > 5


@pytest.mark.parametrize("prefix", ["", "/tolmach", "/a/b"])
def test_operations_are_beside_the_schema_whatever_the_prefix(schema: dict[str, Any], prefix: str) -> None:
    [server] = schema["servers"]
    base = urljoin(f"https://desk.example{prefix}/openapi.json", server["url"]).rstrip("/")
    assert f"{base}/v1/articles" == f"https://desk.example{prefix}/v1/articles"


def test_every_operation_says_what_the_gatekeeper_may_answer(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            refusals = set() if is_open(path) else {"400", "401", "429", "503"}
            if needed(path) is not None:
                refusals.add("403")
            assert refusals <= operation["responses"].keys(), path


@pytest.mark.parametrize(
    ("model", "field", "words"),
    [
        ("CheckOut", "check", Verdict),
        ("CheckOut", "severity", Severity),
        ("CheckOut", "kind", FigureKind),
        ("FigureOut", "kind", FigureKind),
        ("WarningOut", "kind", WarningKind),
        ("RepairOut", "method", RepairMethod),
        ("BlockOut", "kind", BlockKind),
        ("DroppedOut", "reason", DropReason),
    ],
)
def test_the_words_that_there_are_stand_in_the_schema(
    schema: dict[str, Any], model: str, field: str, words: type[StrEnum]
) -> None:
    schemas = schema["components"]["schemas"]
    name = schemas[model]["properties"][field]["$ref"].removeprefix(REFERENCE)
    assert schemas[name]["enum"] == [word.value for word in words]


def references(node: Any) -> Iterator[str]:
    """Every `$ref` below a node of a schema."""
    if isinstance(node, dict):
        if isinstance(found := node.get("$ref"), str):
            yield found
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from references(each)


def test_streams_name_their_events_and_all_that_is_named_is_there(schema: dict[str, Any]) -> None:
    named = {found.removeprefix(REFERENCE) for found in references(schema)}
    assert named <= schema["components"]["schemas"].keys()
    written = schema["paths"]["/v1/articles"]["post"]["responses"]["200"]["content"]
    for kind in MEDIA_TYPES:
        assert set(references(written[kind]["itemSchema"])) == {f"{REFERENCE}StreamEvent"}
    kinds = schema["components"]["schemas"]["StreamEvent"]["discriminator"]["mapping"]
    assert kinds.keys() == {"start", "segment", "figures", "report", "error"}
    assert {found.removeprefix(REFERENCE) for found in kinds.values()} <= named


def test_a_prefix_of_the_server_changes_nothing(client: TestClient, schema: dict[str, Any]) -> None:
    below = TestClient(client.app, root_path="/tolmach")
    assert below.get("/tolmach/openapi.json").json() == schema
