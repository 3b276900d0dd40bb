"""HTTP/1.1 as uvicorn speaks it with h11, and with patience that ends: uvicorn itself waits for ever for a header that
drips in, for the rest of a body that was refused, and for a caller that does not read its reply.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

NO_REQUEST = "bad_request"  # the code of what is no HTTP, or has too large a header
REFUSED_BODY_SECONDS = 5.0  # to drain what a caller still sends, so that it gets to read why it was refused


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for a whole header, for the rest of a refused body, for the caller to read any more of its reply."""

    header: float = 10.0
    refused_body: float = REFUSED_BODY_SECONDS
    write: float = 60.0


class PatientProtocol(H11Protocol):
    """One connection. `patience`, set on the class, says how long it waits."""

    patience = Patience()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._header = _Timer(self.loop, self._header_is_late)
        self._rest = _Timer(self.loop, self._hang_up)
        self._unread = _Timer(self.loop, self._look_whether_it_reads)
        self._unsent = 0  # bytes, when that timer was started

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # noqa: D102
        super().connection_made(transport)
        _send_at_once(transport)
        self._header.start(self.patience.header)

    def data_received(self, data: bytes) -> None:  # noqa: D102
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._rest.stop()
            self._header.start(self.patience.header)
        else:
            self._header.stop()

    def on_response_complete(self) -> None:  # noqa: D102
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._rest.start(self.patience.refused_body)
        if self.transport.is_closing():
            self._expect_reading()

    def pause_writing(self) -> None:  # noqa: D102
        super().pause_writing()
        self._expect_reading()

    def resume_writing(self) -> None:  # noqa: D102
        super().resume_writing()
        if not self.transport.is_closing():
            self._unread.stop()

    def timeout_keep_alive_handler(self) -> None:  # noqa: D102
        super().timeout_keep_alive_handler()
        self._expect_reading()

    def eof_received(self) -> None:  # noqa: D102
        super().eof_received()
        self._expect_reading()  # the transport is about to close itself

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: D102
        for timer in (self._header, self._rest, self._unread):
            timer.stop()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets a problem too, if it can get anything; it has no request id, since it is no request."""
        self._refuse(400, "Bad Request", NO_REQUEST, msg)

    def _header_is_late(self) -> None:
        if not self.conn.trailing_data[0]:
            self._hang_up()  # opened in advance, as browsers do, and not used
            return
        self._refuse(408, "Request Timeout", "request_timeout", "The header did not arrive in time.")

    def _refuse(self, status: int, title: str, code: str, detail: str) -> None:
        problem = {
            "type": f"urn:tolmach:error:{code}",
            "title": title,
            "status": status,
            "detail": detail,
            "code": code,
        }
        body = json.dumps(problem).encode()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        events = (
            h11.Response(status_code=status, headers=headers, reason=title.encode()),
            h11.Data(data=body),
            h11.EndOfMessage(),
        )
        # Where a reply is under way already, all that can be said is that this is its end.
        with suppress(h11.LocalProtocolError):
            self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        self._hang_up()

    def _hang_up(self) -> None:
        self.transport.close()
        self._expect_reading()

    def _expect_reading(self) -> None:
        """Have a look in a while whether the caller reads what is left; closing waits for that, and for ever."""
        self._unread.stop()
        self._unsent = self.transport.get_write_buffer_size()
        if self._unsent:
            self._unread.start(self.patience.write)

    def _look_whether_it_reads(self) -> None:
        if self.transport.get_write_buffer_size() < self._unsent:
            self._expect_reading()  # slowly, but it does; a whole report may take it longer than that
        else:
            self.transport.abort()


def _send_at_once(transport: asyncio.Transport) -> None:
    """asyncio does so only for sockets that name their protocol. Those that processes share do not, and every reply on
    a connection that is kept open would wait 40 ms for an acknowledgement that the caller delays.
    """
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.family in {socket.AF_INET, socket.AF_INET6}:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class _Timer:
    """Calls once, that many seconds after the first start."""

    def __init__(self, loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
        self._loop = loop
        self._callback = callback
        self._handle: asyncio.TimerHandle | None = None

    def start(self, seconds: float) -> None:
        if self._handle is None:
            self._handle = self._loop.call_later(seconds, self._fire)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _fire(self) -> None:
        self._handle = None
        self._callback()
