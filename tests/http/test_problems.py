"""Bad input: a readable problem that names the field and the limit, never a 500, never a silent cut."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.app import create_app
from service.settings import Settings
from service.translation.fake import FakeEngine, Fault

TEXT = {"Content-Type": "text/plain"}
RO = "Guvernul a adoptat bugetul pentru anul viitor."


def assert_problem(reply: Response, status: int, code: str, *words: str) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = reply.json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"] == f"urn:tolmach:error:{code}"
    assert problem["request_id"] == reply.headers["x-request-id"]
    for word in words:
        assert word in problem["detail"]
    return problem


@pytest.mark.parametrize(
    ("body", "status", "code", "word"),
    [
        (b"", 422, "empty_text", "text"),
        (b" \n\t ", 422, "empty_text", "text"),
        (b"\x00\x01\x02\x03PNG\x00\x00", 400, "not_text", ""),
        (b"abc \xff\xfe def", 400, "not_text", "offset 4"),
        (b"12 34", 422, "undetected_language", "source"),
        ("🙂🙂🙂".encode(), 422, "undetected_language", "source"),
        ("הממשלה אישרה את התקציב לשנה הבאה ביום רביעי".encode(), 422, "unsupported_language", "Hebrew"),
        ("Правительство приняло бюджет на следующий год в среду".encode(), 422, "unsupported_language", "Russian"),
        (b"x" * 200_001, 413, "too_large", "200000 bytes"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/translate", "/v1/summarize"])
def test_bad_bare_bodies(client: TestClient, path: str, body: bytes, status: int, code: str, word: str) -> None:
    assert_problem(client.post(path, content=body, headers=TEXT), status, code, word)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "invalid_input", "text"),
        ({"text": RO, "html": "<p>x</p>"}, "invalid_input", "html"),
        ({"text": RO, "breif": "wire"}, "invalid_input", "breif"),
        ({"text": RO, "brief": "nothing"}, "unknown_brief", "brief"),
        ({"text": RO, "brief": {"length": {"words": -1}}}, "invalid_input", "brief.length.words"),
        ({"text": 7}, "invalid_input", "text"),
        ({"text": RO, "source": "de"}, "unsupported_language", "source"),
        ({"text": RO, "source": "tlh"}, "unsupported_language", "source"),
        ({"text": RO, "include": ["everything"]}, "invalid_input", "include.0"),
        ({"text": RO, "questions": [""]}, "invalid_input", "questions.0"),
        ({"text": RO, "title": "x" * 1001}, "invalid_input", "title"),
        ([], "invalid_input", "body"),
        ("text", "invalid_input", "body"),
    ],
)
def test_bad_json_names_the_field(client: TestClient, body: Any, code: str, field: str) -> None:
    problem = assert_problem(client.post("/v1/articles", json=body), 422, code)
    assert problem["field"].startswith(field)


def test_two_lengths_are_one_too_many(client: TestClient) -> None:
    reply = client.post("/v1/summarize?words=9", json={"text": RO, "sentences": 1})
    assert assert_problem(reply, 422, "invalid_input", "not both")["field"] == "sentences"


@pytest.mark.parametrize("path", ["/v1/figures", "/v1/figures?language=ro", "/v1/detect"])
@pytest.mark.parametrize("text", ["", " \n\t\u00a0"])
def test_nothing_has_neither_figures_nor_a_language(client: TestClient, path: str, text: str) -> None:
    for reply in (client.post(path, json={"text": text}), client.post(path, content=text.encode(), headers=TEXT)):
        assert assert_problem(reply, 422, "empty_text")["field"] == "text"


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/summarize"])
@pytest.mark.parametrize("brief", [7, None, ["wire"]])
def test_a_brief_is_a_name_or_an_object(client: TestClient, path: str, brief: Any) -> None:
    problem = assert_problem(client.post(path, json={"text": RO, "brief": brief}), 422, "invalid_input", "object")
    assert problem["field"] == "brief"


def test_a_question_too_short_is_counted_among_those_of_the_request(client: TestClient) -> None:
    reply = client.post("/v1/articles", json={"text": RO, "brief": "money", "questions": ["When?", "x"]})
    assert assert_problem(reply, 422, "invalid_input", "at least 2")["field"] == "questions.1"


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("12", "xx", "unsupported_language"),
        ("12", "ru", "unsupported_language"),
        ("12", "auto", "undetected_language"),
        ("Правительство приняло бюджет на следующий год в среду", "auto", "unsupported_language"),
    ],
)
def test_figures_call_the_language_by_their_own_field(client: TestClient, text: str, language: str, code: str) -> None:
    reply = client.post("/v1/figures", json={"text": text, "language": language})
    problem = assert_problem(reply, 422, code)
    assert problem["field"] == "language"
    assert "source" not in problem["detail"]


def test_detection_asks_for_no_field_that_it_does_not_have(client: TestClient) -> None:
    problem = assert_problem(client.post("/v1/detect", json={"text": "12"}), 422, "undetected_language", "too few")
    assert problem["field"] == "text"
    assert "source" not in problem["detail"]


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b'{"text": "a', b"null", b"NaN", b'{"text": "\\ud800"}', b"[" * 100_000]
)
def test_what_is_not_json(client: TestClient, body: bytes) -> None:
    reply = client.post("/v1/articles", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in {400, 422}
    assert_problem(reply, reply.status_code, reply.json()["code"])


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "image/png", "", "text", "text/html; charset"])
def test_content_types_that_are_not_read(client: TestClient, kind: str) -> None:
    reply = client.post("/v1/detect", content=RO.encode(), headers={"Content-Type": kind})
    assert_problem(reply, 415, "unsupported_media_type", "application/json", "text/plain")


def test_media_types_that_are_not_written(client: TestClient) -> None:
    reply = client.post("/v1/articles", json={"text": RO}, headers={"Accept": "application/pdf"})
    assert_problem(reply, 406, "not_acceptable", "text/markdown")


def test_an_option_given_twice(client: TestClient) -> None:
    reply = client.post("/v1/articles?source=ro&source=it", content=RO, headers=TEXT)
    assert_problem(reply, 422, "invalid_input", "source")


def test_an_address_that_ends_with_a_slash_leads_nowhere(client: TestClient) -> None:
    reply = client.get("/v1/languages/", headers={"Host": "localhost"}, follow_redirects=False)
    assert_problem(reply, 404, "not_found")
    assert "location" not in reply.headers


def test_a_header_that_is_too_large(client: TestClient) -> None:
    long = "x" * 40_000
    for reply in (client.get(f"/v1/languages?a={long}"), client.get("/v1/languages", headers={"X-Long": long})):
        assert_problem(reply, 400, "bad_request", "32768", "TOLMACH_MAX_HEADER_BYTES")


def test_many_options_and_parameters_take_no_longer_each(client: TestClient) -> None:
    query = "&".join(f"o{number}=1" for number in range(4000))
    reply = client.post(f"/v1/translate?{query}", content=RO, headers=TEXT)
    assert assert_problem(reply, 422, "invalid_input")["field"] == "o0"
    kind = f"text/plain; a={';' * 20_000}; charset=latin-1"
    reply = client.post("/v1/translate?source=ro", content="Plouă cu 7 litri.".encode(), headers={"Content-Type": kind})
    assert reply.status_code == 200
    assert "7" in reply.text


def test_a_text_in_the_query_and_as_the_body(client: TestClient) -> None:
    reply = client.post("/v1/translate?text=altceva&source=ro", content=RO, headers=TEXT)
    assert assert_problem(reply, 422, "invalid_input", "query", "body")["field"] == "text"


def test_unknown_paths_and_methods(client: TestClient) -> None:
    assert_problem(client.get("/v1/nothing"), 404, "not_found", "/v1/nothing")
    reply = client.get("/v1/articles")
    assert_problem(reply, 405, "method_not_allowed")
    assert reply.headers["allow"] == "POST"


def test_only_digits_and_emoji_pass_with_a_source(client: TestClient) -> None:
    for text in ("102", "1 2 3 4 5 6 7 8 9 10", "€ 3,5", "—", "🙂"):
        reply = client.post("/v1/translate?source=ro&repair=false", content=text.encode(), headers=TEXT)
        assert (reply.status_code, reply.text) == (200, text + "\n")


def test_a_bare_figure_is_written_as_english_writes_it(client: TestClient) -> None:
    assert client.post("/v1/translate?source=ro", content="€ 3,5".encode(), headers=TEXT).text == "€ 3.5\n"


def test_a_sentence_of_100_kb_without_a_stop_comes_back_whole(client: TestClient) -> None:
    text = "primarul a cumpărat autobuze și " * 3000 + "a plătit 777 de lei"
    reply = client.post("/v1/translate", json={"text": text, "source": "ro"}).json()
    assert reply["translation"]["text"].count("ezubotua") == 3000
    assert [figure["value"] for figure in reply["figures"]] == [777]


def test_limits_are_named() -> None:
    settings = Settings(max_segments=2, max_segment_chars=100)
    with TestClient(create_app(settings, FakeEngine())) as client:
        many = client.post("/v1/translate", json={"text": f"{RO} {RO} {RO}", "source": "ro"})
        problem = assert_problem(many, 413, "too_large", "3 sentences", "limit is 2", "TOLMACH_MAX_SEGMENTS")
        assert problem["field"] == "text"
        long = client.post("/v1/translate", json={"text": "guvernul " * 20, "source": "ro"})
        assert assert_problem(long, 413, "too_large", "100", "TOLMACH_MAX_SEGMENT_CHARS")["field"] == "text"


def test_an_engine_that_raises_is_a_502_without_its_words() -> None:
    engine = FakeEngine(Fault.RAISING, only=lambda sentence: "bugetul" in sentence)
    with TestClient(create_app(Settings(), engine), raise_server_exceptions=False) as client:
        problem = assert_problem(client.post("/v1/translate", json={"text": RO, "source": "ro"}), 502, "engine_failed")
        assert "Traceback" not in json.dumps(problem)
        assert client.post("/v1/translate", json={"text": "Plouă.", "source": "ro"}).status_code == 200


def test_not_ready_when_the_canary_fails() -> None:
    with TestClient(create_app(Settings(), FakeEngine(Fault.ECHO))) as client:
        assert client.get("/health/live").status_code == 200
        assert_problem(client.get("/health/ready"), 503, "not_ready", "canary")
        assert_problem(client.post("/v1/translate", json={"text": RO, "source": "ro"}), 503, "not_ready")


def test_request_ids_are_the_callers_if_they_are_sane(client: TestClient) -> None:
    assert client.get("/health/ready", headers={"X-Request-ID": "desk-42"}).headers["x-request-id"] == "desk-42"
    for wild in ("a b", "x" * 65, "<script>"):
        assert client.get("/health/ready", headers={"X-Request-ID": wild}).headers["x-request-id"] != wild
