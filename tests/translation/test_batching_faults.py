"""The queue while everything goes wrong at once, and how it ends with an engine that hangs."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from service.errors import Cancelled, DeadlineExceeded, EngineFailed, ShuttingDown
from service.translation.batching import Answers, Batching
from service.translation.cancellation import Cancellation
from service.translation.engine import Decoding
from tests.translation.revealing import Revealing
from tests.translation.test_batching import PATIENCE, ask, batching, expected, until

POISON = "otravă"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(32) as executor:
        yield executor


@pytest.fixture
def hanging() -> Iterator[Revealing]:
    """An engine whose calls do not come back before the end of the test."""
    engine = Revealing()
    engine.open.clear()
    yield engine
    engine.open.set()


# An engine that hangs


def left_behind(queue: Batching, engine: Revealing, pool: ThreadPoolExecutor) -> None:
    """Have the engine hang on a sentence whose caller leaves."""
    token = Cancellation(PATIENCE)
    future = pool.submit(ask, queue, "blocat", token=token)
    assert engine.entered.acquire(timeout=PATIENCE)
    token.cancel()
    with pytest.raises(Cancelled):
        future.result(PATIENCE)


def test_drain_does_not_wait_for_what_nobody_wants(hanging: Revealing, pool: ThreadPoolExecutor) -> None:
    with batching(hanging) as queue:
        left_behind(queue, hanging, pool)
        assert queue.drain(PATIENCE)
        assert queue.snapshot().running_sentences == 1


@pytest.mark.parametrize("leaves", ["cancelled", "late"])
def test_drain_ends_when_the_last_caller_leaves(hanging: Revealing, pool: ThreadPoolExecutor, leaves: str) -> None:
    with batching(hanging) as queue:
        token = Cancellation(PATIENCE if leaves == "cancelled" else 0.3)
        stuck = pool.submit(ask, queue, "blocat", token=token)
        waiting = pool.submit(ask, queue, "în urma lui", token=token)
        until(lambda: queue.snapshot().requests == 2)
        drained = pool.submit(queue.drain, PATIENCE)
        until(lambda: queue.snapshot().draining)
        if leaves == "cancelled":
            token.cancel()
        assert drained.result(PATIENCE / 2)
        for future in (stuck, waiting):
            assert isinstance(future.exception(PATIENCE), Cancelled if leaves == "cancelled" else DeadlineExceeded)


def test_drain_ends_when_the_last_caller_fails(hanging: Revealing, pool: ThreadPoolExecutor) -> None:
    hanging.poison = POISON
    with batching(hanging) as queue:
        future = pool.submit(ask, queue, POISON)
        assert hanging.entered.acquire(timeout=PATIENCE)
        drained = pool.submit(queue.drain, PATIENCE)
        until(lambda: queue.snapshot().draining)
        hanging.open.set()
        assert drained.result(PATIENCE / 2)
        assert isinstance(future.exception(PATIENCE), EngineFailed)


def test_drain_ends_when_another_closes(hanging: Revealing, pool: ThreadPoolExecutor) -> None:
    queue = Batching(hanging)
    future = pool.submit(ask, queue, "blocat")
    assert hanging.entered.acquire(timeout=PATIENCE)
    drained = pool.submit(queue.drain, PATIENCE)
    until(lambda: queue.snapshot().draining)
    queue.close(timeout=0.05)
    assert drained.result(PATIENCE / 2)
    assert isinstance(future.exception(PATIENCE), ShuttingDown)


def test_close_does_not_wait_long_for_what_nobody_wants(
    hanging: Revealing, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("service.translation.batching.PARTING_SECONDS", 0.05)
    queue = Batching(hanging)
    left_behind(queue, hanging, pool)
    begun = time.monotonic()
    queue.close(timeout=PATIENCE)
    assert time.monotonic() - begun < PATIENCE / 2
    assert hanging.closed == 0, "an engine in use must not be torn down"
    assert "left behind" in caplog.text


def test_close_lets_the_engine_end_what_it_has_in_hand(hanging: Revealing, pool: ThreadPoolExecutor) -> None:
    heard: list[Sequence[str]] = []
    queue = Batching(hanging)
    queue.subscribe(lambda *what: heard.append(what[2]))
    left_behind(queue, hanging, pool)
    closed = pool.submit(queue.close)
    until(lambda: queue._closed)
    hanging.open.set()
    closed.result(PATIENCE)
    assert heard == [["blocat"]]
    assert hanging.closed == 1


# An engine that fails while callers come and go


class Moody(Revealing):
    """Fails on poison always, and on some calls of several sentences for no reason at all."""

    def __init__(self, seed: int) -> None:
        super().__init__(seconds=0.0005, poison=POISON)
        self._rng = random.Random(seed)

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> Answers:
        if len(sentences) > 1 and self._rng.random() < 0.3:
            raise RuntimeError("a mood")
        return super().translate(sentences, language, decoding)


def outcome(queue: Batching, asked: list[str], language: str, token: Cancellation) -> str:
    """What became of a call, which must be right for what was asked and for its token."""
    poisoned = any(POISON in sentence for sentence in asked)
    try:
        got = ask(queue, *asked, language=language, token=token)
    except Cancelled:
        assert token.cancelled
        return "cancelled"
    except DeadlineExceeded:
        assert token.deadline is not None
        assert time.monotonic() >= token.deadline
        return "late"
    except EngineFailed:
        assert poisoned, "only who asked for a sentence that fails alone is told"
        return "failed"
    assert got == expected(*asked, language=language)
    assert not poisoned
    return "answered"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("equal_lengths", [True, False])
def test_no_reply_is_mixed_up_while_callers_leave_and_the_engine_fails(seed: int, equal_lengths: bool) -> None:
    callers, turns = 24, 25
    tokens: list[Cancellation] = []
    over = threading.Event()
    outcomes: list[str] = []

    def sabotage() -> None:
        rng = random.Random(seed)
        while not over.wait(0.001):
            for token in tokens[:]:
                if rng.random() < 0.05:
                    token.cancel()

    def caller(number: int) -> None:
        rng = random.Random(f"{seed} {number}")
        for turn in range(turns):
            language = rng.choice(["ro", "it"])
            own = [f"{number} {turn} {index} {'x ' * rng.randint(0, 9)}" for index in range(rng.randint(1, 12))]
            shared = [f"shared {rng.randint(0, 9)} {rng.choice(['', POISON])}" for _ in range(rng.choice([0, 0, 1]))]
            asked = rng.sample(own + shared, len(own + shared))
            token = Cancellation(rng.choice([PATIENCE, PATIENCE, 0.005]))
            tokens.append(token)
            try:
                outcomes.append(outcome(queue, asked, language, token))
            finally:
                tokens.remove(token)

    limits = {"workers": 3, "quick_workers": 1, "spare_workers": 1, "batch_tokens": 96, "queue_sentences": 10**5}
    with (
        batching(Moody(seed), equal_lengths=equal_lengths, **limits) as queue,
        ThreadPoolExecutor(callers + 1) as pool,
    ):
        saboteur = pool.submit(sabotage)
        futures: list[Future[None]] = [pool.submit(caller, number) for number in range(callers)]
        try:
            for future in futures:
                future.result(PATIENCE)
        finally:
            over.set()
        saboteur.result(PATIENCE)
        assert queue.drain(PATIENCE)
        until(lambda: not queue._schedule.units)
        state = queue.snapshot()
    assert len(outcomes) == callers * turns
    assert {"answered", "cancelled", "failed"} <= set(outcomes)
    assert (state.waiting_sentences, state.waiting_tokens, state.running_sentences) == (0, 0, 0)
