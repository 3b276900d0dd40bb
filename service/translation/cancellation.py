"""Whether somebody still waits for an answer, and until when: set by who took the request in, read by who works on it.

The token travels in a context variable, so that no function between the two has to know of it; `anyio.to_thread` and
`asyncio.to_thread` copy the context into their threads. A bare `threading.Thread` does not.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from service.errors import Cancelled, DeadlineExceeded


class Cancellation:
    """One request's token. Thread-safe: `cancel` may be called from any thread, any number of times.

    `timeout` is in seconds from now; `deadline` is the same as a moment of `time.monotonic()`.
    """

    def __init__(self, timeout: float | None = None) -> None:
        self.timeout = timeout
        self.deadline = None if timeout is None else time.monotonic() + timeout
        self.admitted = (
            False  # set by the queue that accepted the request's first work: it may finish during a shutdown
        )
        self._lock = threading.Lock()
        self._cancelled = False
        self._watchers: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether the caller has left."""
        return self._cancelled

    def cancel(self) -> None:
        """The caller has left: whoever works or waits for it is told."""
        with self._lock:
            self._cancelled = True
            watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            watcher()

    def check(self) -> None:
        """Raises Cancelled or DeadlineExceeded if the answer is of no use any more."""
        if self._cancelled:
            raise Cancelled("The request was given up before it was finished.")
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise late(self.timeout)

    @contextmanager
    def watched(self, watcher: Callable[[], None]) -> Iterator[None]:
        """Call `watcher` once if the caller leaves meanwhile, at once if it has left already. It must not block."""
        with self._lock:
            late = self._cancelled
            if not late:
                self._watchers.append(watcher)
        if late:
            watcher()
        try:
            yield
        finally:
            with self._lock:
                if watcher in self._watchers:
                    self._watchers.remove(watcher)


def late(timeout: float | None) -> DeadlineExceeded:
    """What is told to a request that was given so many seconds."""
    given = "its time" if timeout is None else f"its {timeout:g} seconds"
    return DeadlineExceeded(f"The request was not finished within {given} (TOLMACH_REQUEST_TIMEOUT).")


_current: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)


def current() -> Cancellation | None:
    """The token of the request being worked on, if it has one."""
    return _current.get()


@contextmanager
def cancellation(token: Cancellation) -> Iterator[Cancellation]:
    """What runs inside, threads that copy the context included, works for that token's request."""
    before = _current.set(token)
    try:
        yield token
    finally:
        _current.reset(before)
