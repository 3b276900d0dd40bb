"""Undoes the `Content-Encoding` of a body as it comes, and never to more than is allowed: gzip, or nothing at all."""

from __future__ import annotations

import zlib
from typing import Protocol

from service.errors import NotText, TolmachError, UnsupportedEncoding

GZIP = 16 + zlib.MAX_WBITS  # zlib's way to say: a gzip header and trailer, no other


class Decoder(Protocol):
    """Takes chunks, gives what is in them; the sum of what it gives is bounded."""

    def feed(self, chunk: bytes) -> bytes:
        """What the chunk adds. Raises `too_large` as soon as the bound is passed."""
        ...

    def finish(self) -> None:
        """Raises NotText if something is missing at the end."""
        ...


class Plain:
    """Nothing to undo."""

    def __init__(self, limit: int, too_large: TolmachError) -> None:
        self._left = limit
        self._too_large = too_large

    def feed(self, chunk: bytes) -> bytes:
        """The chunk itself."""
        self._left -= len(chunk)
        if self._left < 0:
            raise self._too_large
        return chunk

    def finish(self) -> None:
        """Nothing can be missing."""


class Gunzip:
    """Inflates, but never more than one byte beyond the limit: a bomb does not go off."""

    def __init__(self, limit: int, too_large: TolmachError) -> None:
        self._left = limit
        self._too_large = too_large
        self._stream = zlib.decompressobj(GZIP)

    def feed(self, chunk: bytes) -> bytes:
        """What the chunk inflates to."""
        if self._stream.eof and chunk:
            raise NotText("There is something behind the end of the gzip body.", field="body")
        try:
            inflated = self._stream.decompress(chunk, self._left + 1)
        except zlib.error:
            raise NotText("The body is not gzip, as its Content-Encoding says.", field="body") from None
        self._left -= len(inflated)
        if self._left < 0:
            raise self._too_large
        if self._stream.unused_data:
            raise NotText("There is something behind the end of the gzip body.", field="body")
        return inflated

    def finish(self) -> None:
        """Raises NotText for a body that breaks off."""
        if not self._stream.eof:
            raise NotText("The gzip body breaks off.", field="body")


def decoder(encoding: str, limit: int, too_large: TolmachError) -> Decoder:
    """For the value of a `Content-Encoding` header. Raises UnsupportedEncoding."""
    match encoding.strip().lower():
        case "" | "identity":
            return Plain(limit, too_large)
        case "gzip" | "x-gzip":
            return Gunzip(limit, too_large)
    raise UnsupportedEncoding(
        f"Content-Encoding {encoding[:100]!r} is not undone here; send gzip or none.", field="body"
    )
