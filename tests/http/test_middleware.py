"""What surrounds every request: ids, headers, packed bodies, cross-origin calls, admission, the unexpected."""

import gzip
import json
import random
import re
import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import StreamingResponse

from service.app import create_app
from service.errors import NotText, TooLarge, UnsupportedEncoding
from service.http import work
from service.http.encoding import Plain, decoder
from service.http.middleware import route_of
from service.settings import Settings
from service.translation.fake import FakeEngine, reveal
from tests.http.live import holding
from tests.http.test_problems import assert_problem

RO = "Guvernul a adoptat bugetul pentru anul viitor."
TEXT = {"Content-Type": "text/plain"}
TRANSLATE = "/v1/translate?source=ro"
LIMIT = 50_000


@pytest.fixture(scope="module")
def small() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(max_body_bytes=LIMIT), FakeEngine())) as client:
        yield client


@pytest.mark.parametrize("path", ["/v1/languages", "/health/live", "/nowhere", "/", "/metrics", "/static/page.js"])
def test_every_reply_has_an_id_and_safe_headers(small: TestClient, path: str) -> None:
    reply = small.get(path)
    assert re.fullmatch(r"[0-9a-f]{32}", reply.headers["x-request-id"])
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "server" not in reply.headers


def test_an_id_is_kept_if_it_is_sane(small: TestClient) -> None:
    assert small.get("/health/live", headers={"X-Request-ID": "cms-17.b_2"}).headers["x-request-id"] == "cms-17.b_2"
    for bad in ("a" * 65, "a b", "<script>", "", "a\tb"):
        assert small.get("/health/live", headers={"X-Request-ID": bad}).headers["x-request-id"] != bad


def test_a_report_in_html_may_run_nothing_and_is_kept_nowhere(small: TestClient) -> None:
    reply = small.post("/v1/articles?source=ro", content=RO, headers={**TEXT, "Accept": "text/html"})
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "script-src" not in reply.headers["content-security-policy"]
    assert reply.headers["cache-control"] == "no-store"


def test_the_page_keeps_its_own_policy(small: TestClient) -> None:
    assert "script-src 'self'" in small.get("/").headers["content-security-policy"]


def test_what_nobody_expected_is_a_problem_with_an_id_and_headers(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(Settings(), FakeEngine())

    @app.get("/v1/broken")
    async def broken() -> None:
        raise LookupError("the secret of the article")

    @app.get("/v1/half")
    async def half() -> StreamingResponse:
        def body() -> Iterator[bytes]:
            yield b"half of a "
            raise LookupError("reply")

        return StreamingResponse(body())

    with TestClient(app) as client:
        problem = assert_problem(client.get("/v1/broken"), 500, "internal", "log")
        assert "secret" not in json.dumps(problem)
        with pytest.raises(LookupError):  # all that can be done is to break off the connection
            client.get("/v1/half")
    assert "unexpected error" in caplog.text
    assert "the secret" in caplog.text  # the log has the traceback


def test_a_packed_body_is_unpacked(small: TestClient) -> None:
    reply = small.post(TRANSLATE, content=gzip.compress(RO.encode()), headers={**TEXT, "Content-Encoding": "gzip"})
    assert reply.text == reveal(RO) + "\n"


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd", "x" * 5000])
def test_an_encoding_that_is_not_undone_is_refused(small: TestClient, encoding: str) -> None:
    reply = small.post(TRANSLATE, content=b"x", headers={**TEXT, "Content-Encoding": encoding})
    assert_problem(reply, 415, "unsupported_media_type", "Content-Encoding")
    assert reply.headers["accept-encoding"] == "gzip"


def test_a_bomb_does_not_go_off(small: TestClient) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    assert len(bomb) > LIMIT  # refused by its length already
    headers = {**TEXT, "Content-Encoding": "gzip"}
    assert_problem(small.post(TRANSLATE, content=bomb, headers=headers), 413, "too_large")
    packed = zlib.compressobj(9, zlib.DEFLATED, 31)
    small_bomb = packed.compress(bytes(20_000_000)) + packed.flush()
    assert len(small_bomb) < LIMIT
    assert_problem(small.post(TRANSLATE, content=small_bomb, headers=headers), 413, "too_large", str(LIMIT))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"not gzip at all", "not gzip"),
        # Without the time of day: it would be in the names of the tests, and every worker must find the same ones.
        (gzip.compress(RO.encode(), mtime=0)[:-9], "breaks off"),
        (gzip.compress(RO.encode(), mtime=0) + b"more", "behind the end"),
        (b"", "breaks off"),
    ],
)
def test_a_damaged_packed_body_is_the_caller_s_mistake(small: TestClient, body: bytes, words: str) -> None:
    reply = small.post(TRANSLATE, content=body, headers={**TEXT, "Content-Encoding": "gzip"})
    assert_problem(reply, 400, "not_text", words)


@given(data=st.binary(max_size=3000), sizes=st.lists(st.integers(1, 200), min_size=1), limit=st.integers(0, 3000))
def test_however_a_packed_body_is_cut_it_comes_out_whole_or_not_at_all(
    data: bytes, sizes: list[int], limit: int
) -> None:
    packed, too_large = gzip.compress(data), TooLarge("too large")
    unpack = decoder("gzip", limit, too_large)
    out, position, turn = b"", 0, 0
    try:
        while position < len(packed):
            size = sizes[turn % len(sizes)]
            out += unpack.feed(packed[position : position + size])
            position, turn = position + size, turn + 1
            assert len(out) <= limit
        unpack.finish()
    except TooLarge:
        assert len(data) > limit
    else:
        assert out == data


@given(junk=st.binary(max_size=500))
def test_junk_never_unpacks_into_an_error_of_ours(junk: bytes) -> None:
    unpack = decoder("gzip", 1000, TooLarge("too large"))
    try:
        unpack.feed(junk)
        unpack.finish()
    except (NotText, TooLarge):
        pass


def test_decoders_are_chosen_by_name() -> None:
    assert isinstance(decoder(" Identity ", 5, TooLarge("")), Plain)
    with pytest.raises(UnsupportedEncoding):
        decoder("gzip;q=1", 5, TooLarge(""))


def test_pages_elsewhere_may_call_only_if_the_setting_says_so(small: TestClient) -> None:
    asks = {
        "Origin": "https://cms.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-encoding, traceparent",
    }
    assert "access-control-allow-origin" not in small.options("/v1/articles", headers=asks).headers
    settings = Settings(cors_origins="https://cms.example, https://desk.example", rate_limit="1/hour")
    with TestClient(create_app(settings, FakeEngine())) as client:
        preflight = client.options("/v1/articles", headers=asks)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == "https://cms.example"
        allowed = preflight.headers["access-control-allow-headers"].lower()
        assert all(name in allowed for name in asks["Access-Control-Request-Headers"].split(", "))
        other = client.options("/v1/articles", headers={**asks, "Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers
        for status in (200, 429):  # a page must be able to read a refusal
            reply = client.post(TRANSLATE, content=RO, headers={**TEXT, "Origin": "https://cms.example"})
            assert reply.status_code == status
            assert reply.headers["access-control-allow-origin"] == "https://cms.example"
            assert "RateLimit" in reply.headers["access-control-expose-headers"]


def test_more_requests_than_are_admitted_are_told_to_come_back() -> None:
    begun, go_on = threading.Event(), threading.Event()

    with (
        TestClient(create_app(Settings(max_requests=1), holding(RO, go_on, begun))) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        first = pool.submit(client.post, TRANSLATE, content=RO, headers=TEXT)
        assert begun.wait(20)
        refused = client.post(TRANSLATE, content="Altceva.", headers=TEXT)
        assert_problem(refused, 503, "too_many_requests", "TOLMACH_MAX_REQUESTS")
        assert refused.headers["retry-after"] == "1"
        assert client.get("/v1/languages").status_code == 200  # only work is counted
        go_on.set()
        assert first.result(20).text == reveal(RO) + "\n"
        assert client.post(TRANSLATE, content="Altceva.", headers=TEXT).status_code == 200


def test_an_engine_that_hangs_is_not_waited_for() -> None:
    go_on = threading.Event()

    with TestClient(create_app(Settings(request_timeout=0.5), holding(RO, go_on))) as client:
        reply = client.post(TRANSLATE, content=RO, headers=TEXT)
        go_on.set()
        assert_problem(reply, 504, "deadline_exceeded")
        assert client.post(TRANSLATE, content="Altceva.", headers=TEXT).status_code == 200


@pytest.mark.parametrize("path", ["/v1/translate", "/v1/figures", "/v1/detect"])
def test_what_waited_too_long_for_its_turn_is_not_begun(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    for name in ("translation", "figures", "detection"):
        monkeypatch.setattr(work, name, lambda *asked: begun.append(asked))
    with TestClient(create_app(Settings(request_timeout=1e-9), FakeEngine())) as client:
        assert_problem(client.post(path, json={"text": RO}), 504, "deadline_exceeded")
    assert begun == []


def test_a_route_s_template_is_its_label() -> None:
    request = Request({"type": "http", "route": object()})
    assert route_of(request.scope) == "other"


def test_a_thousand_malformed_requests_are_a_thousand_readable_refusals(small: TestClient) -> None:
    chance = random.Random(6)
    pieces = [
        '{"text":',
        '"a',
        "]",
        "\\ud800",
        "\x00",
        '{"html": 5}',
        "null",
        "1e999",
        '"source":',
        "[" * 200,
        "ț",
        "<",
    ]
    for _ in range(1000):
        body = "".join(chance.choices(pieces, k=chance.randint(0, 6))).encode() + chance.randbytes(
            chance.randint(0, 20)
        )
        path = chance.choice(
            ["/v1/articles", "/v1/translate", "/v1/summarize", "/v1/figures", "/v1/detect", "/v1/memory"]
        )
        query = chance.choice(["", "?words=-1", "?include=x", "?a=b", "?source=%ff", "?repair=maybe", "?brief=%00"])
        kind = chance.choice(
            ["application/json", "application/json; charset=nope", "text/csv", "", "a/b/c", "image/png"]
        )
        reply = small.request(
            chance.choice(["POST", "PUT", "PATCH", "BREW"]), path + query, content=body, headers={"Content-Type": kind}
        )
        assert 400 <= reply.status_code < 500, (reply.status_code, body, path, query, kind)
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json()["code"] != "internal"
    assert small.post(TRANSLATE, content=RO, headers=TEXT).text == reveal(RO) + "\n"
