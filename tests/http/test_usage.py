"""Keys, scopes, quotas and rate limits as a caller meets them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest
from fastapi.testclient import TestClient

from service.access.gate import Account
from service.access.keys import Keys, Period, Quota
from service.access.scopes import Scope
from service.access.store import Store
from service.app import create_app
from service.errors import EngineFailed, QuotaExceeded
from service.http import streaming
from service.settings import Settings
from service.translation.fake import FakeEngine, Fault
from tests.http.test_problems import assert_problem

RO = "Guvernul a adoptat bugetul pentru anul viitor."
BROKEN = "Această frază strică motorul de traducere."
TEXT = {"Content-Type": "text/plain"}
TRANSLATE = "/v1/translate?source=ro"
WHOLE = "\n\n".join(f"Fraza cu numărul {number} este aici." for number in range(20))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys.db"


@pytest.fixture
def keys(file: Path) -> Iterator[Keys]:
    store = Store(file)
    yield Keys(store)
    store.close()


@pytest.fixture
def client(file: Path, keys: Keys) -> Iterator[TestClient]:
    engine = FakeEngine(Fault.RAISING, only=lambda sentence: sentence == BROKEN)
    with TestClient(create_app(Settings(keys_file=file), engine)) as client:
        yield client


def bearer(secret: str) -> dict[str, str]:
    return {**TEXT, "Authorization": f"Bearer {secret}"}


def streamed(client: TestClient, text: str, secret: str) -> list[dict[str, Any]]:
    """The events of a stream that began well."""
    headers = {**bearer(secret), "Accept": "application/x-ndjson"}
    reply = client.post("/v1/articles?source=ro", content=text, headers=headers)
    assert reply.status_code == 200
    return [json.loads(line) for line in reply.text.splitlines()]


def test_work_needs_a_key_and_says_how_to_show_it(client: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic dTpw"}, {"X-API-Key": "wrong"}):
        reply = client.post(TRANSLATE, content=RO, headers={**TEXT, **headers})
        assert_problem(reply, 401, "unauthenticated")
        assert reply.headers["www-authenticate"] == 'Bearer realm="tolmach"'
    for path in ("/health/live", "/health/ready", "/", "/openapi.json"):
        assert client.get(path).status_code == 200
    for path in ("/metrics", "/v1/usage", "/v1/models", "/nowhere"):
        assert client.get(path).status_code == 401


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Authorization", "Bearer {}"),
        ("authorization", "bearer   {}"),
        ("X-API-Key", "{}"),
        ("Authorization", "DeepL-Auth-Key {}"),
    ],
)
def test_a_key_may_be_shown_in_each_of_these_ways(client: TestClient, keys: Keys, header: str, value: str) -> None:
    _, secret = keys.add("cms")
    reply = client.post(TRANSLATE, content=RO, headers={**TEXT, header: value.format(secret)})
    assert reply.status_code == 200


def test_a_key_is_good_for_its_scopes_only(client: TestClient, keys: Keys) -> None:
    _, secret = keys.add("scraper", {Scope.METRICS})
    assert client.get("/metrics", headers=bearer(secret)).status_code == 200
    assert_problem(client.post(TRANSLATE, content=RO, headers=bearer(secret)), 403, "forbidden", "translate")
    assert client.get("/v1/languages", headers=bearer(secret)).status_code == 200


def test_usage_counts_characters_of_requests_that_succeeded(client: TestClient, keys: Keys) -> None:
    key, secret = keys.add("cms", quota=Quota(len(RO) * 2, Period.MONTH))
    headers = bearer(secret)
    assert client.post(TRANSLATE, content=RO, headers=headers).status_code == 200
    assert client.post(TRANSLATE, content=BROKEN, headers=headers).status_code == 502
    assert client.post("/v1/translate?source=he", content=RO, headers=headers).status_code == 422
    usage = client.get("/v1/usage", headers=headers).json()
    assert usage["key"]["id"] == key.id
    assert usage["key"]["scopes"] == sorted(key.scopes)
    characters = usage["characters"]
    assert (characters["used"], characters["remaining"], characters["requests"]) == (len(RO), len(RO), 1)
    assert client.post(TRANSLATE, content=RO, headers=headers).status_code == 200
    refused = client.post(TRANSLATE, content="!", headers=headers)
    assert_problem(refused, 429, "quota_exceeded", f"{len(RO) * 2} characters a month")
    assert 0 < int(refused.headers["retry-after"]) <= 31 * 86400
    assert secret not in client.get("/v1/usage", headers=headers).text


def test_a_stream_that_breaks_off_costs_what_was_sent_of_it(client: TestClient, keys: Keys) -> None:
    for text, code in ((f"{WHOLE}\n\n{BROKEN}", "engine_failed"), (WHOLE, None)):
        _, secret = keys.add(code or "whole", quota=Quota(len(text), Period.DAY))
        events = streamed(client, text, secret)
        assert events[-1].get("problem", {}).get("code") == code
        told = [event["segment"]["source"]["end"] for event in events if event["type"] == "segment"]
        used = client.get("/v1/usage", headers=bearer(secret)).json()["characters"]
        assert (used["used"], used["requests"]) == (told[-1], 1)
        assert told[-1] == len(text) if code is None else 0 < told[-1] < len(WHOLE)


def test_a_stream_that_breaks_off_before_its_first_segment_costs_nothing(
    client: TestClient, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        raise EngineFailed("broken")

    monkeypatch.setattr(streaming.Writer, "_part", broken)
    _, secret = keys.add("cms")
    assert [event["type"] for event in streamed(client, WHOLE, secret)] == ["start", "error"]
    characters = client.get("/v1/usage", headers=bearer(secret)).json()["characters"]
    assert (characters["used"], characters["requests"]) == (0, 0)


def test_a_quota_that_others_used_up_meanwhile_hides_no_error(
    client: TestClient, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge, charged = Account.charge, []

    async def once(account: Account, characters: int) -> None:
        charged.append(characters)
        if len(charged) > 1:
            raise QuotaExceeded("used up", retry_after=1)
        await charge(account, characters)

    monkeypatch.setattr(Account, "charge", once)
    _, secret = keys.add("cms")
    assert streamed(client, f"{WHOLE}\n\n{BROKEN}", secret)[-1]["problem"]["code"] == "engine_failed"
    assert charged[0] > charged[1] > 0


def test_what_a_check_compares_is_charged_on_both_sides(client: TestClient, keys: Keys) -> None:
    _, secret = keys.add("cms")
    body = {"text": "Au venit 5 oameni.", "language": "ro", "against": "Five people came."}
    assert client.post("/v1/figures", json=body, headers={"X-API-Key": secret}).status_code == 200
    used = client.get("/v1/usage", headers=bearer(secret)).json()["characters"]["used"]
    assert used == len(body["text"]) + len(body["against"])


def test_a_title_is_charged_as_it_is_translated(client: TestClient, keys: Keys) -> None:
    _, secret = keys.add("cms", quota=Quota(len(RO) * 2, Period.MONTH))
    headers = {"X-API-Key": secret}
    body = {"text": RO, "title": RO, "source": "ro"}
    assert client.post("/v1/articles", json=body, headers=headers).status_code == 200
    assert client.get("/v1/usage", headers=headers).json()["characters"]["used"] == 2 * len(RO)
    reply = client.post("/v1/articles", json={"text": "A.", "title": RO, "source": "ro"}, headers=headers)
    assert_problem(reply, 429, "quota_exceeded")


def test_nobody_sees_another_s_usage(client: TestClient, keys: Keys) -> None:
    secrets = [keys.add(name)[1] for name in ("one", "two")]
    client.post(TRANSLATE, content=RO, headers=bearer(secrets[0]))
    used = [client.get("/v1/usage", headers=bearer(secret)).json()["characters"]["used"] for secret in secrets]
    assert used == [len(RO), 0]


def test_an_open_service_has_no_keys_and_no_usage() -> None:
    with TestClient(create_app(Settings(), FakeEngine())) as client:
        assert client.get("/v1/usage").json() == {"key": None, "characters": None, "rate_limits": []}


def test_the_rate_limit_is_told_with_every_reply_and_kept() -> None:
    with TestClient(create_app(Settings(rate_limit="2/minute"), FakeEngine())) as client:
        for left in (1, 0):
            reply = client.post(TRANSLATE, content=RO, headers=TEXT)
            assert reply.headers["ratelimit-policy"] == '"2-in-60s";q=2;w=60'
            assert reply.headers["ratelimit"].startswith(f'"2-in-60s";r={left};t=')
        refused = client.post(TRANSLATE, content=RO, headers=TEXT)
        assert_problem(refused, 429, "rate_limited", "2 requests in 60 seconds")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit"].startswith('"2-in-60s";r=0;t=')
        for _ in range(5):  # looking around costs nothing
            assert client.get("/v1/languages").status_code == 200
            assert client.get("/v1/memory?language=ro&source=x").status_code == 503
            assert client.head("/v1/memory/tmx").status_code == client.options("/v1/memory/tmx").status_code == 405
        assert client.get("/v1/usage").json()["rate_limits"][0]["remaining"] == 0


def test_an_export_of_the_memory_is_work(tmp_path: Path) -> None:
    settings = Settings(rate_limit="1/minute", memory=f"sqlite:///{tmp_path}/memory.sqlite3")
    with TestClient(create_app(settings, FakeEngine())) as client:
        assert client.get("/v1/memory/tmx").status_code == 200
        assert_problem(client.get("/v1/memory/tmx"), 429, "rate_limited")
    with TestClient(create_app(Settings(max_requests=1), FakeEngine())) as client:
        cast(Any, client.app).state.admission.enter()
        assert_problem(client.get("/v1/memory/tmx"), 503, "too_many_requests")
        assert_problem(client.get("/v1/memory?language=ro&source=x"), 503, "memory_unavailable")


def test_keys_have_a_rate_each(file: Path, keys: Keys) -> None:
    secrets = [keys.add(name)[1] for name in ("one", "two")]
    with TestClient(create_app(Settings(keys_file=file, rate_limit="1/hour"), FakeEngine())) as client:
        statuses = [
            client.post(TRANSLATE, content=RO, headers=bearer(secret)).status_code for secret in (*secrets, *secrets)
        ]
    assert statuses == [200, 200, 429, 429]


def test_a_file_that_cannot_be_read_is_no_open_door(file: Path, keys: Keys) -> None:
    with TestClient(create_app(Settings(keys_file=file), FakeEngine())) as client:
        for part in file.parent.iterdir():
            part.write_bytes(b"\xff" * 8192)
        reply = client.post(TRANSLATE, content=RO, headers=bearer("tolmach_00000000_" + "A" * 43))
        assert_problem(reply, 503, "accounts_unavailable")
        assert reply.headers["retry-after"] == "5"
