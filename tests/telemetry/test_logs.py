import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from service.telemetry import logs
from service.translation.fake import FakeEngine, Fault

STORY = "Președintele a ascuns 7.391.846 de lei"


def is_story(sentence: str) -> bool:
    return "7.391.846" in sentence


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    structlog.contextvars.clear_contextvars()
    for client in ("httpx", "httpx2"):
        logging.getLogger(client).setLevel("WARNING")  # the test's own client, in this process
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_lines_are_json_with_what_was_said_of_them(stream: io.StringIO) -> None:
    logs.configure("json", "info", stream)
    logging.getLogger("room").warning("%d chairs", 3, extra={"colour": "roșu"})
    logging.getLogger("room").debug("not this")
    (line,) = lines(stream)
    assert line["message"] == "3 chairs"
    assert (line["level"], line["logger"], line["colour"]) == ("warning", "room", "roșu")
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_has_the_places_and_not_the_words_of_others(stream: io.StringIO, style: str) -> None:
    logs.configure(style, "info", stream)
    try:
        raise ValueError(STORY)
    except ValueError:
        logging.getLogger("room").exception("failed")
    assert stream.getvalue().count("ValueError") == 2  # where it was raised, and what
    assert "test_logs.py" in stream.getvalue()
    assert not is_story(stream.getvalue())
    if style == "json":
        (line,) = lines(stream)
        assert str(line["exception"]).endswith("ValueError")


def test_a_line_that_asks_for_a_traceback_where_there_is_none_is_written(stream: io.StringIO) -> None:
    logs.configure("json", "info", stream)
    logging.getLogger("room").error("failed", exc_info=True)
    assert [line["message"] for line in lines(stream)] == ["failed"]


def test_people_get_lines_without_braces(stream: io.StringIO) -> None:
    logs.configure("console", "info", stream)
    logging.getLogger("room").info("three chairs")
    assert "three chairs" in stream.getvalue()
    assert "{" not in stream.getvalue()


def test_what_is_no_terminal_gets_json(stream: io.StringIO) -> None:
    logs.configure("auto", "info", stream)
    logging.getLogger("room").info("three chairs")
    assert lines(stream)[0]["message"] == "three chairs"


@pytest.mark.parametrize("fault", [None, Fault.RAISING, Fault.LOOP])
def test_no_line_of_a_request_holds_its_text(stream: io.StringIO, fault: Fault | None) -> None:
    logs.configure("json", "debug", stream)
    with TestClient(create_app(Settings(), FakeEngine(fault, only=is_story)), raise_server_exceptions=False) as client:
        for path in ("/v1/articles", "/v1/translate", "/v1/summarize", "/v1/figures", "/v1/detect"):
            client.post(f"{path}?title={STORY}", json={"text": STORY}, headers={"X-Request-ID": "abc"})
            client.post(path, json={"text": STORY, "misspelt": STORY})
            client.post(path, content=STORY.encode("utf-16"), headers={"Content-Type": "text/plain"})
            client.post(path, json={"text": STORY}, headers={"Accept": "text/event-stream"})
    assert "7.391.846" not in stream.getvalue()
    assert "7391846" not in stream.getvalue()
    assert "edintele" not in stream.getvalue()


def test_all_lines_of_a_request_carry_its_id_and_none_its_sender(stream: io.StringIO) -> None:
    logs.configure("json", "info", stream)
    with TestClient(create_app(Settings(), FakeEngine(Fault.RAISING, only=is_story))) as client:
        client.post("/v1/translate", json={"text": STORY, "source": "ro"}, headers={"X-Request-ID": "abc"})
    # A batch of the queue is of several requests.
    told = [line for line in lines(stream) if line["logger"] != "service.translation.batching"]
    assert {line.get("request_id") for line in told} == {"abc"}
    (request,) = [line for line in lines(stream) if line["message"] == "request"]
    assert (request["method"], request["path"], request["status"]) == ("POST", "/v1/translate", 502)
    assert "testclient" not in stream.getvalue()


def test_probes_are_logged_for_those_who_debug_only(stream: io.StringIO) -> None:
    logs.configure("json", "info", stream)
    with TestClient(create_app(Settings(), FakeEngine())) as client:
        for path in ("/health/live", "/health/ready", "/metrics"):
            assert client.get(path).status_code == 200
    assert [line for line in lines(stream) if line["message"] == "request"] == []
