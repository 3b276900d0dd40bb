"""`POST /v1/articles` as a stream of events: segments as soon as they are final, the report last.

As NDJSON each line is an event; as `text/event-stream` the event's type is also the name of the event. Types: `start`,
`segment`, `figures` (the checks of the segments since the last one), and at the end `report` (what the reply as JSON
would have been) or `error` (a problem). What goes wrong before anything is sent is a reply with a status of its own.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import Request
from pydantic import Field, TypeAdapter
from starlette.responses import Response, StreamingResponse

from service.access.gate import Account
from service.assembly import BLOCK_JOINT, assemble
from service.desk import Part
from service.errors import TolmachError
from service.figures.match import summary_line
from service.http import present, problems, waiting
from service.http.replies import CheckOut, Out, Problem, ReportOut, SegmentOut, SourceOut
from service.http.requests import Include
from service.translation.cancellation import cancellation
from service.types import Article, Report

logger = logging.getLogger(__name__)

NDJSON, EVENTS = "application/x-ndjson", "text/event-stream"
MEDIA_TYPES = (NDJSON, EVENTS)

Item = Article | Part | Report


class Start(Out):
    type: Literal["start"] = "start"
    source: SourceOut
    blocks: int


class SegmentEvent(Out):
    type: Literal["segment"] = "segment"
    index: int
    segment: SegmentOut


class FiguresEvent(Out):
    type: Literal["figures"] = "figures"
    figures: list[CheckOut]


class ReportEvent(Out):
    type: Literal["report"] = "report"
    report: ReportOut


class ErrorEvent(Out):
    type: Literal["error"] = "error"
    problem: Problem


Event = Start | SegmentEvent | FiguresEvent | ReportEvent | ErrorEvent


def event_schemas(ref_template: str) -> dict[str, Any]:
    """The schemas of an event, `StreamEvent`, and of all that may be in one, problems included, by name."""
    kinds = TypeAdapter[Event](Annotated[Event, Field(discriminator="type")])
    schema = kinds.json_schema(mode="serialization", ref_template=ref_template)
    return {**schema.pop("$defs"), "StreamEvent": schema}


async def reply(request: Request, items: Iterator[Item], media_type: str, include: Collection[Include]) -> Response:
    """The stream. `items` gives the article, its parts and the report, and blocks meanwhile."""
    token = waiting.token_for(request)
    # With the first part in hand most errors still get the status of their own.
    first = [await waiting.run(request, lambda: next(items), token) for _ in range(2)]
    frame: Callable[[Event], str] = _line if media_type == NDJSON else _server_sent

    async def body() -> AsyncIterator[str]:
        writer = Writer(include)
        try:
            for item in first:
                for event in writer.events(item):
                    yield frame(event)
            while not isinstance(item, Report):
                with cancellation(token):
                    # Abandoned when the caller leaves: the token tells the thread.
                    item = await to_thread.run_sync(
                        next, items, abandon_on_cancel=True, limiter=request.app.state.work_threads
                    )
                for event in writer.events(item):
                    yield frame(event)
        except Exception as error:
            account: Account = request.state.account
            await _charge_only(account, writer.share_of(account.charged))
            yield frame(ErrorEvent(problem=_problem(request, error)))
        finally:
            token.cancel()

    # A proxy that collects a reply before it passes it on would undo the streaming.
    return StreamingResponse(body(), media_type=f"{media_type}; charset=utf-8", headers={"X-Accel-Buffering": "no"})


class Writer:
    """Turns what the desk gives into events; knows how long the English is so far, and how much of the source it is."""

    def __init__(self, include: Collection[Include]) -> None:
        self._include = include
        self._source_starts: dict[int, int] = {}
        self._english_starts: dict[int, int] = {}
        self._end = 0
        self._length = self._told = 0  # of the source, in characters

    def share_of(self, characters: int) -> int:
        """As much of the characters as was told of the article, rounded up; nothing before the first segment."""
        return -(-characters * self._told // self._length) if self._told else 0

    def events(self, item: Item) -> Iterator[Event]:
        """The events of one item."""
        if isinstance(item, Article):
            self._length = len(item.text)
            yield Start(source=present.source_out(item, self._include), blocks=len(item.blocks))
        elif isinstance(item, Part):
            yield from self._part(item)
        else:
            yield ReportEvent(report=present.report_out(item, summary_line(item.checks), self._include))

    def _part(self, part: Part) -> Iterator[Event]:
        english = assemble(part.blocks, part.segments)
        for segment, span in zip(part.segments, english.segments, strict=True):
            out = SegmentOut.of(segment, span, alternatives="alternatives" in self._include)
            out.english.start += self._end
            out.english.end += self._end
            self._source_starts[segment.source.index] = segment.source.start
            self._english_starts[segment.source.index] = out.english.start
            yield SegmentEvent(index=segment.source.index, segment=out)
            self._told = segment.source.end
        if part.checks:
            yield FiguresEvent(
                figures=[CheckOut.of(check, self._source_starts, self._english_starts) for check in part.checks]
            )
        self._end += len(english.text) + len(BLOCK_JOINT)


def _line(event: Event) -> str:
    return event.model_dump_json() + "\n"


def _server_sent(event: Event) -> str:
    return f"event: {event.type}\ndata: {event.model_dump_json()}\n\n"


async def _charge_only(account: Account, characters: int) -> None:
    """Give back what was charged, but for these characters. Never raises."""
    await account.refund()
    if characters:
        with suppress(TolmachError):  # meanwhile another request may have taken the last of the quota
            await account.charge(characters)


def _problem(request: Request, error: Exception) -> Problem:
    if isinstance(error, TolmachError):
        logger.warning("a stream broke off: %s", error.code)
        return problems.describe(request, error.status, error.code, error.message, field=error.field)
    logger.error("unexpected error", exc_info=error)
    return problems.describe(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal", problems.UNEXPECTED)
