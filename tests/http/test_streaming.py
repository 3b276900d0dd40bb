"""Streams say what the reply in JSON says, in the order of the article, and nothing that was sent changes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.app import create_app
from service.desk import in_parts
from service.settings import Settings
from service.translation.fake import FakeEngine, Fault
from service.types import Block, BlockKind, Segment
from tests.http.test_problems import assert_problem

ARTICLES = Path(__file__).parent.parent / "data" / "articles"
NDJSON, SSE = "application/x-ndjson", "text/event-stream"
TEXT = {"Content-Type": "text/plain"}
BROKEN = "Această frază strică motorul de traducere."
LONG = "\n\n".join(f"Fraza cu numărul {number} vorbește despre {number * 37} de oameni." for number in range(60))


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    engine = FakeEngine(Fault.RAISING, only=lambda sentence: sentence == BROKEN)
    with TestClient(create_app(Settings(), engine)) as client:
        yield client


def lines(reply: Response) -> list[dict[str, Any]]:
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == f"{NDJSON}; charset=utf-8"
    assert reply.text.endswith("\n")
    return [json.loads(line) for line in reply.text.splitlines()]


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name != "timings_ms"}


def stream(client: TestClient, content: str, query: str = "", accept: str = NDJSON) -> Response:
    return client.post(f"/v1/articles{query}", content=content, headers={**TEXT, "Accept": accept})


@pytest.mark.parametrize("name", ["ro-buget.txt", "it-alluvione.txt", "uk-energetyka.txt", "en-harbour.txt"])
@pytest.mark.parametrize("query", ["", "?include=alternatives,source,dropped&repair=false"])
def test_a_stream_says_in_parts_what_the_report_says(client: TestClient, name: str, query: str) -> None:
    content = (ARTICLES / name).read_text(encoding="utf-8")
    whole = client.post(f"/v1/articles{query}", content=content, headers=TEXT).json()
    events = lines(stream(client, content, query))
    start, last = events[0], events[-1]
    assert start == {"type": "start", "source": whole["source"], "blocks": len(whole["translation"]["blocks"])}
    assert last["type"] == "report"
    assert without_times(last["report"]) == without_times(whole)
    segments = [event for event in events if event["type"] == "segment"]
    assert [event["index"] for event in segments] == list(range(len(segments)))
    assert [event["segment"] for event in segments] == whole["translation"]["segments"]
    figures = [figure for event in events if event["type"] == "figures" for figure in event["figures"]]
    assert figures == whole["figures"]
    english = whole["translation"]["text"]
    for event in segments:
        span = event["segment"]["english"]
        assert english[span["start"] : span["end"]] == span["text"]


def test_figures_follow_their_segments_at_once(client: TestClient) -> None:
    seen: set[int] = set()
    for event in lines(stream(client, LONG, "?source=ro")):
        if event["type"] == "segment":
            seen.add(event["index"])
        elif event["type"] == "figures":
            assert {figure["source"]["segment"] for figure in event["figures"]} <= seen
            assert all(figure["check"] in {"kept", "repaired"} for figure in event["figures"])
    assert seen == set(range(60))


def test_server_sent_events_carry_the_same(client: TestClient) -> None:
    reply = stream(client, LONG, "?source=ro", SSE)
    assert reply.headers["content-type"] == f"{SSE}; charset=utf-8"
    assert reply.headers["x-accel-buffering"] == "no"
    assert reply.headers["cache-control"] == "no-store"
    frames = reply.text.removesuffix("\n\n").split("\n\n")
    events = []
    for frame in frames:
        name, data = frame.split("\n")
        events.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {events[-1]['type']}"
    told = lines(stream(client, LONG, "?source=ro"))
    assert events[:-1] == told[:-1]
    assert without_times(events[-1]["report"]) == without_times(told[-1]["report"])


def test_the_first_part_is_small_and_the_others_fill_a_batch(client: TestClient) -> None:
    sizes, size = [], 0
    for event in lines(stream(client, LONG, "?source=ro")):
        size += event["type"] == "segment"
        if event["type"] == "figures":
            sizes.append(size)
            size = 0
    assert sizes[0] == 2
    assert sizes[1:-1] == [12] * len(sizes[1:-1])
    assert sum(sizes) == 60


@pytest.mark.parametrize(
    ("content", "query", "status", "code"),
    [
        ("", "", 422, "empty_text"),
        ("הממשלה אישרה את התקציב לשנה הבאה ביום רביעי", "", 422, "unsupported_language"),
        ("Un text.", "?source=ro&brief=nope", 422, "unknown_brief"),
        (BROKEN, "?source=ro", 502, "engine_failed"),
    ],
)
def test_what_fails_before_the_first_event_has_its_own_status(
    client: TestClient, content: str, query: str, status: int, code: str
) -> None:
    assert_problem(stream(client, content, query), status, code)


def test_what_fails_on_the_way_ends_the_stream_with_a_problem(client: TestClient) -> None:
    reply = stream(client, f"{LONG}\n\n{BROKEN}\n\nUrmarea.", "?source=ro")
    events = lines(reply)
    assert {event["type"] for event in events[:-1]} == {"start", "segment", "figures"}
    problem = events[-1]["problem"]
    assert (events[-1]["type"], problem["code"], problem["status"]) == ("error", "engine_failed", 502)
    assert problem["request_id"] == reply.headers["x-request-id"]


def test_the_json_reply_stays_the_default(client: TestClient) -> None:
    for accept in ("*/*", "application/*", f"{NDJSON};q=0.5, application/json"):
        assert stream(client, "Un text oarecare.", "?source=ro", accept).headers["content-type"] == "application/json"


def test_parts_are_whole_blocks_in_order_and_none_is_lost() -> None:
    sizes = [1, 0, 0, 3, 1, 9, 1, 1, 30, 0, 2, 0]
    blocks = [Block(number, BlockKind.PARAGRAPH, "", 0, 0) for number in range(len(sizes))]
    segments = [Segment(0, block, "", 0, 0) for block, size in enumerate(sizes) for _ in range(size)]
    parts = list(in_parts(blocks, segments))
    assert [block for part in parts for block in part] == blocks
    counted = [sum(sizes[block.index] for block in part) for part in parts]
    assert counted == [4, 12, 30, 2]
    assert list(in_parts([], [])) == []
