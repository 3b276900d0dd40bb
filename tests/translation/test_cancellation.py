"""The token that tells a thread that its caller has left, or that the time is over."""

from __future__ import annotations

import asyncio
import threading

import pytest

from service.errors import Cancelled, DeadlineExceeded
from service.translation.cancellation import Cancellation, cancellation, current


def test_fresh_token_lets_work_go_on() -> None:
    Cancellation().check()
    Cancellation(60.0).check()


def test_cancelled_and_expired_tokens_stop_work() -> None:
    token = Cancellation()
    token.cancel()
    token.cancel()
    assert token.cancelled
    with pytest.raises(Cancelled):
        token.check()
    with pytest.raises(DeadlineExceeded, match=r"within its 0 seconds \(TOLMACH_REQUEST_TIMEOUT\)"):
        Cancellation(0.0).check()


def test_watchers_are_told_once_and_only_while_they_watch() -> None:
    told: list[str] = []
    token = Cancellation()
    with token.watched(lambda: told.append("early")):
        pass
    with token.watched(lambda: told.append("first")), token.watched(lambda: told.append("second")):
        token.cancel()
        token.cancel()
    with token.watched(lambda: told.append("late")):
        assert told == ["first", "second", "late"]


def test_cancel_wakes_another_thread() -> None:
    token, woken = Cancellation(), threading.Event()
    with token.watched(woken.set):
        threading.Thread(target=token.cancel).start()
        assert woken.wait(60)


def test_token_belongs_to_its_context() -> None:
    outer, inner = Cancellation(), Cancellation()
    assert current() is None
    with cancellation(outer):
        with cancellation(inner):
            assert current() is inner
        assert current() is outer
    assert current() is None


def test_tokens_of_concurrent_requests_are_not_mixed_up_in_threads() -> None:
    async def request(token: Cancellation) -> bool:
        with cancellation(token):
            await asyncio.sleep(0.01)
            return await asyncio.to_thread(lambda: current() is token)

    async def serve() -> list[bool]:
        return await asyncio.gather(*(request(Cancellation()) for _ in range(50)))

    assert all(asyncio.run(serve()))
