"""The schema says how a key is shown and where the service is; what else it promises is in test_schema."""

from typing import Any
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import Headers

from service.access.scopes import is_open, needed
from service.http.gatekeeper import presented
from service.http.openapi import SECURITY_SCHEMES

KEY = "tlm_0123456789"


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


def test_a_prefix_of_the_server_changes_nothing(client: TestClient, schema: dict[str, Any]) -> None:
    below = TestClient(client.app, root_path="/tolmach")
    assert below.get("/tolmach/openapi.json").json() == schema
