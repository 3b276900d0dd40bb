"""No page that an editor visits reads or writes in a service without keys: not by a name, and not unasked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from service.app import create_app
from service.http.browsers import is_known
from service.settings import Settings
from service.translation.fake import FakeEngine
from tests.http.test_problems import assert_problem

RO = "Guvernul a adoptat bugetul pentru anul viitor."
CROSS = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    settings = Settings(allowed_hosts=("desk.example",), cors_origins=("https://cms.example",))
    with TestClient(create_app(settings, FakeEngine()), "http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:8000",
        "desk.localhost.",
        "127.0.0.1:8000",
        "192.0.2.7",
        "[::1]:8000",
        "[2001:db8::1]",
        "desk.example:443",
        "DESK.example",
    ],
)
def test_it_is_known_by_its_address_and_its_names(client: TestClient, host: str) -> None:
    assert client.get("/v1/languages", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "desk", "[x]"]
)
def test_it_answers_to_no_other_name(client: TestClient, host: str) -> None:
    for method, path in (
        ("GET", "/v1/memory/tmx"),
        ("POST", "/v1/translate"),
        ("GET", "/metrics"),
        ("GET", "/nowhere"),
    ):
        reply = client.request(method, path, headers={"Host": host})
        assert_problem(reply, 400, "unknown_host", "TOLMACH_ALLOWED_HOSTS")
    for path in ("/health/live", "/", "/openapi.json"):
        assert client.get(path, headers={"Host": host}).status_code == 200


def test_a_long_name_is_not_repeated(client: TestClient) -> None:
    reply = client.get("/v1/languages", headers={"Host": "x" * 5000})
    assert len(assert_problem(reply, 400, "unknown_host")["detail"]) < 400


@given(name=st.from_regex(r"[a-z][a-z0-9-]{0,20}(\.[a-z0-9-]{1,20}){0,3}\.(com|example|local)", fullmatch=True))
def test_a_name_is_known_if_it_is_allowed_and_not_otherwise(name: str) -> None:
    for host in (name, f"{name}:8000", f"{name}.", name.upper()):
        assert not is_known(host, ())
        assert is_known(host, (name,))
        assert is_known(host, ("*",))


def test_a_request_without_a_name_is_no_browsers() -> None:
    assert is_known("", ())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_page_elsewhere_writes_nothing(client: TestClient, method: str) -> None:
    path = "/v1/articles" if method == "POST" else "/v1/memory"
    assert_problem(client.request(method, path, headers=CROSS), 403, "cross_site", "TOLMACH_CORS_ORIGINS")
    assert_problem(client.request(method, path, headers={"Sec-Fetch-Site": "cross-site"}), 403, "cross_site")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {**CROSS, "Origin": "https://cms.example"}],
)
def test_everybody_else_writes(client: TestClient, headers: dict[str, str]) -> None:
    body = {"text": RO, "source": "ro"}
    assert client.post("/v1/translate", json=body, headers=headers).status_code == 200


def test_a_page_elsewhere_may_follow_a_link(client: TestClient) -> None:
    assert client.get("/v1/languages", headers=CROSS).status_code == 200


def test_all_origins_are_all() -> None:
    with TestClient(create_app(Settings(cors_origins=("*",)), FakeEngine())) as client:
        assert client.post("/v1/translate", json={"text": RO, "source": "ro"}, headers=CROSS).status_code == 200


def test_where_keys_are_asked_for_the_key_decides(tmp_path: Path) -> None:
    settings = Settings(keys_file=tmp_path / "keys.db", allowed_hosts=())
    with TestClient(create_app(settings, FakeEngine())) as client:
        reply = client.post("/v1/translate", content=RO, headers={**CROSS, "Host": "evil.example"})
        assert_problem(reply, 401, "unauthenticated")
