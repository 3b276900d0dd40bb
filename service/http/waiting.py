"""Runs blocking work for a request in a worker thread, for as long as somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import create_task_group, to_thread
from fastapi import Request
from starlette.requests import ClientDisconnect

from service.translation.cancellation import Cancellation, cancellation

T = TypeVar("T")


def token_for(request: Request) -> Cancellation:
    """What tells the work of a request that its caller has left, or that its time is over."""
    seconds: float = request.app.state.settings.request_timeout
    return Cancellation(seconds)


async def run(request: Request, job: Callable[[], T], token: Cancellation | None = None) -> T:
    """What `job` returns. The body must have been read. Raises what it raises; ClientDisconnect if the caller left.

    A request whose time is over before there is a thread for it is not begun: DeadlineExceeded.
    """
    waiting = token or token_for(request)
    outcome: list[T] = []
    error: Exception | None = None

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        waiting.cancel()

    def begin() -> T:
        waiting.check()
        return job()

    async with create_task_group() as group:
        group.start_soon(watch)
        try:
            with cancellation(waiting):
                outcome.append(await to_thread.run_sync(begin, limiter=request.app.state.work_threads))
        except Exception as raised:
            error = raised  # a task group would wrap it
        except BaseException:
            waiting.cancel()  # the server gives the request up; its thread must not work on
            raise
        group.cancel_scope.cancel()
    if waiting.cancelled:
        raise ClientDisconnect
    if error is not None:
        raise error
    return outcome[0]
