"""Log lines, for people on a terminal and as JSON elsewhere. Lines of a request carry its id.

All goes through the standard library's logging, so that those of the server and of libraries look the same. Tracebacks
are written without local variables and foreign messages: these would hold the articles.
"""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.types import ExcInfo, Processor

from service.telemetry import tracebacks

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.StackInfoRenderer(),
]


def configure(style: str = "auto", level: str = "info", stream: TextIO | None = None) -> None:
    """Send all log lines to `stream` (standard error by default). `style` is `auto`, `console` or `json`."""
    stream = stream or sys.stderr
    for_people = style == "console" or (style == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=[_drop_meta, *_last(for_people)])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"  # our own line a request says more


def _last(for_people: bool) -> list[Processor]:
    if for_people:
        return [structlog.dev.ConsoleRenderer(exception_formatter=_below)]
    return [
        structlog.processors.ExceptionRenderer(_traced),
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _traced(exc_info: ExcInfo) -> str:
    return tracebacks.formatted(exc_info[1])


def _below(stream: TextIO, exc_info: ExcInfo) -> None:
    stream.write(f"\n{_traced(exc_info)}")


def _drop_meta(_: object, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Without what the formatter keeps for itself, and without the colours that the server wraps its own lines in."""
    for name in ("_record", "_from_structlog", "color_message"):
        event.pop(name, None)
    return event
