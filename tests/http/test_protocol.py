"""How long a connection waits for a caller to read its reply, on a clock that the test advances."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from service.http.protocol import Patience, PatientProtocol

WRITE = 60.0
KEEP_ALIVE = 75
LARGE = 8_000_000


@dataclass
class Timer:
    due: float
    callback: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    """As much of an event loop as a connection needs to be told the time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        self.timers.append(Timer(self.now + seconds, callback))
        return self.timers[-1]

    def advance(self, seconds: float) -> None:
        until = self.now + seconds
        while due := [timer for timer in self.timers if timer.due <= until and not timer.cancelled]:
            first = min(due, key=lambda timer: timer.due)
            self.now = first.due
            self.timers.remove(first)
            first.callback()
        self.now = until


class Connection:
    """As much of a transport: what was written stays until the test says that it was read."""

    def __init__(self) -> None:
        self.unsent = 0
        self.closing = self.aborted = False

    def get_extra_info(self, _: str) -> None:
        return None

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def write(self, data: bytes) -> None:
        self.unsent += len(data)

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = self.aborted = True


@dataclass
class Opened:
    clock: Clock
    connection: Connection
    protocol: PatientProtocol


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError


@pytest.fixture
def opened() -> Opened:
    config = Config(nothing, timeout_keep_alive=KEEP_ALIVE, log_config=None, lifespan="off", ws="none")
    clock, connection = Clock(), Connection()
    patient = type("Protocol", (PatientProtocol,), {"patience": Patience(header=10_000.0, write=WRITE)})
    protocol = patient(config, ServerState(), {}, cast(asyncio.AbstractEventLoop, clock))
    protocol.connection_made(cast(asyncio.Transport, connection))
    return Opened(clock, connection, protocol)


def test_who_reads_slowly_but_steadily_gets_all_of_it(opened: Opened) -> None:
    opened.connection.write(bytes(LARGE))
    opened.protocol.pause_writing()
    while opened.connection.unsent > 50_000:
        opened.connection.unsent -= 50_000
        opened.clock.advance(WRITE / 2)
    opened.protocol.resume_writing()
    opened.clock.advance(3 * WRITE)
    assert not opened.connection.aborted


def test_who_stops_reading_is_cut_off(opened: Opened) -> None:
    opened.connection.write(bytes(LARGE))
    opened.protocol.pause_writing()
    opened.connection.unsent -= 1
    opened.clock.advance(WRITE)
    assert not opened.connection.aborted
    opened.clock.advance(WRITE)
    assert opened.connection.aborted


def keep_alive_ends(opened: Opened) -> None:
    opened.protocol.on_response_complete()
    opened.clock.advance(KEEP_ALIVE)


def last_reply_ends(opened: Opened) -> None:
    opened.connection.close()
    opened.protocol.on_response_complete()


def caller_sends_no_more(opened: Opened) -> None:
    opened.protocol.eof_received()
    opened.connection.close()  # as asyncio does


def caller_speaks_no_http(opened: Opened) -> None:
    opened.protocol.data_received(b"GARBAGE\r\n\r\n")


@pytest.mark.parametrize("end", [keep_alive_ends, last_reply_ends, caller_sends_no_more, caller_speaks_no_http])
def test_a_connection_that_closes_does_not_wait_for_ever_for_what_is_left_to_be_read(
    opened: Opened, end: Callable[[Opened], None]
) -> None:
    opened.connection.write(bytes(10_000))  # too little for the transport to ask for a pause
    end(opened)
    assert opened.connection.closing
    assert not opened.connection.aborted
    opened.clock.advance(WRITE)
    assert opened.connection.aborted


def test_who_stops_reading_near_the_end_of_the_last_reply_is_cut_off(opened: Opened) -> None:
    opened.connection.write(bytes(LARGE))
    opened.protocol.pause_writing()
    last_reply_ends(opened)
    opened.connection.unsent = 10_000
    opened.protocol.resume_writing()
    opened.clock.advance(2 * WRITE)
    assert opened.connection.aborted


def test_nobody_waits_where_all_was_read(opened: Opened) -> None:
    keep_alive_ends(opened)
    opened.protocol.connection_lost(None)
    opened.clock.advance(3 * WRITE)
    assert not opened.connection.aborted
    assert all(timer.cancelled for timer in opened.clock.timers)
