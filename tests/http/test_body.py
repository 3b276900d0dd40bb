"""A body may take its time in proportion to what it brings."""

from collections.abc import Iterator
from types import SimpleNamespace

import anyio
import pytest
from fastapi import Request

from service.errors import RequestTimedOut
from service.http.body import read
from service.settings import Settings

SETTINGS = Settings(max_body_bytes=1024, body_timeout=0.5)


def arriving(chunks: Iterator[bytes], pause: float) -> Request:
    """A request whose body comes in chunks with a pause before each."""

    async def receive() -> dict[str, object]:
        await anyio.sleep(pause)
        chunk = next(chunks, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    app = SimpleNamespace(state=SimpleNamespace(settings=SETTINGS))
    return Request({"type": "http", "method": "POST", "headers": [], "app": app}, receive)


def test_what_is_larger_than_an_article_may_take_longer() -> None:
    request = arriving(iter([b"x" * 1024] * 5), 0.15)
    assert len(anyio.run(read, request, 10_000, "max_import_bytes").getvalue()) == 5 * 1024


def test_what_drips_in_may_not() -> None:
    request = arriving(iter([b"x"] * 1000), 0.15)
    with pytest.raises(RequestTimedOut, match="TOLMACH_BODY_TIMEOUT"):
        anyio.run(read, request, 10_000, "max_import_bytes")
