"""The queue under load, with engines that fail or hang and callers that leave. Every thread here is a real one."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict

import anyio
import pytest
from anyio import to_thread

from service.errors import (
    Cancelled,
    DeadlineExceeded,
    EngineFailed,
    InvalidInput,
    QueueFull,
    ShuttingDown,
    TolmachError,
    TooLarge,
)
from service.translation.batching import Answers, Batching
from service.translation.cancellation import Cancellation, cancellation
from service.translation.engine import Decoding
from service.translation.scheduling import Limits
from tests.translation.revealing import Revealing, answer

DECODING = Decoding(beam=2, hypotheses=2)
PATIENCE = 60.0


@contextmanager
def batching(engine: Revealing, **limits: float) -> Iterator[Batching]:
    queue = Batching(engine, Limits(**{"quick_workers": 0, **limits}))  # type: ignore[arg-type]
    try:
        yield queue
    finally:
        engine.open.set()
        queue.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(64) as executor:
        yield executor


def ask(queue: Batching, *sentences: str, language: str = "ro", token: Cancellation | None = None) -> Answers:
    with cancellation(token or Cancellation(PATIENCE)):
        return queue.translate(sentences, language, DECODING)


def expected(*sentences: str, language: str = "ro") -> Answers:
    return [answer(sentence, language, DECODING) for sentence in sentences]


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread is about to do."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.002)


def test_answers_come_in_the_order_asked() -> None:
    with batching(Revealing()) as queue:
        sentences = [f"unu {'doi ' * (number % 7)}{number}" for number in range(100)]
        assert ask(queue, *sentences) == expected(*sentences)
        assert ask(queue) == []
        assert ask(queue, "la fel", "la fel") == expected("la fel", "la fel")


def test_is_an_engine_itself() -> None:
    engine = Revealing()
    with batching(engine) as queue:
        assert queue.info is engine.info
        assert queue.max_input_tokens == 512
        assert queue.count_tokens(["a b"], "ro") == [3]


@pytest.mark.parametrize("equal_lengths", [True, False])
def test_no_reply_goes_to_a_wrong_caller(equal_lengths: bool) -> None:
    engine = Revealing(seconds=0.001)
    wrong: list[object] = []

    def caller(number: int) -> None:
        rng = random.Random(number)
        for turn in range(12):
            size = 1 if rng.random() < 0.7 else rng.randint(2, 60)
            language = rng.choice(["ro", "it", "uk"])
            decoding = Decoding(beam=rng.choice([1, 4]))
            own = [f"{number} {turn} {index} {'x ' * rng.randint(0, 30)}" for index in range(size)]
            shared = [f"shared {rng.randint(0, 20)}" for _ in range(size // 3)]
            asked = rng.sample(own + shared, size + size // 3)
            got = queue.translate(asked, language, decoding)
            if got != [answer(sentence, language, decoding) for sentence in asked]:
                wrong.append((asked, got))

    limits = Limits(3, 2, 1, batch_tokens=128, equal_lengths=equal_lengths, queue_tokens=10**6, queue_sentences=10**5)
    with batching(engine, **asdict(limits)) as queue:
        threads = [threading.Thread(target=caller, args=(number,)) for number in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        state = queue.snapshot()
    assert wrong == []
    assert not any(thread.is_alive() for thread in threads)
    assert state.requests == 64 * 12
    assert (state.waiting_sentences, state.waiting_tokens, state.running_sentences) == (0, 0, 0)
    assert state.joined > 0
    assert sum(state.batch_sizes.values()) == state.batches == len(engine.calls)
    assert state.sentences == sum(map(len, engine.calls))
    assert 0.0 < state.fill <= 1.0
    assert state.tokens_per_second > 0


def test_callers_share_batches(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    engine.open.clear()
    with batching(engine) as queue:
        first = pool.submit(ask, queue, "primul")
        assert engine.entered.acquire(timeout=PATIENCE)
        others = [pool.submit(ask, queue, f"linia {number}") for number in range(20)]
        until(lambda: queue.snapshot().waiting_sentences == 20)
        engine.open.set()
        wait([first, *others], PATIENCE)
        assert [future.result() for future in others] == [expected(f"linia {number}") for number in range(20)]
    assert len(engine.calls) == 2


def test_same_sentence_is_translated_once_for_all_who_wait(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    engine.open.clear()
    with batching(engine) as queue:
        futures = [pool.submit(ask, queue, "aceeași știre", "încă una") for _ in range(30)]
        until(lambda: queue.snapshot().requests == 30)
        engine.open.set()
        assert all(future.result(PATIENCE) == expected("aceeași știre", "încă una") for future in futures)
        assert queue.snapshot().joined == 58
    assert set(engine.seen.values()) == {1}


def test_short_request_passes_a_long_one(pool: ThreadPoolExecutor) -> None:
    engine = Revealing(seconds=0.005)
    with batching(engine, batch_tokens=64) as queue:
        long = pool.submit(ask, queue, *(f"propoziția numărul {number} a unui articol lung" for number in range(400)))
        assert engine.entered.acquire(timeout=PATIENCE)
        assert ask(queue, "o linie") == expected("o linie")
        assert not long.done()
        assert len(long.result(PATIENCE)) == 400


def test_quick_lane_is_free_while_long_work_runs(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    engine.open.clear()
    with batching(engine, workers=2, quick_workers=1, batch_tokens=20) as queue:
        long = pool.submit(ask, queue, *(f"propoziția {number} a unui articol" for number in range(50)))
        for _ in range(2):
            assert engine.entered.acquire(timeout=PATIENCE)
        until(lambda: queue.snapshot().waiting_sentences > 0)
        quick = pool.submit(ask, queue, "o linie")
        assert engine.entered.acquire(timeout=PATIENCE), "the third call, though two workers are busy"
        assert engine.calls[-1] == ("o linie",)
        engine.open.set()
        assert quick.result(PATIENCE) == expected("o linie")
        assert len(long.result(PATIENCE)) == 50


def test_no_share_is_left_to_a_worker_that_sleeps(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    engine.open.clear()
    with batching(engine, workers=1, quick_workers=1, batch_tokens=20) as queue:
        until(
            lambda: (
                all(lane.asleep == lane.idle for lane in queue._lanes) and sum(lane.idle for lane in queue._lanes) == 2
            )
        )
        future = pool.submit(ask, queue, "una " * 7, "două tot de cinci", "la fel de lungă")
        assert engine.entered.acquire(timeout=PATIENCE)
        assert queue._lanes[1].asleep == 1, "what is left is quick only now"
        engine.open.set()
        assert len(future.result(PATIENCE)) == 3
    assert list(map(len, engine.calls)) == [1, 2]


def test_poisonous_sentence_fails_only_who_asked_for_it(
    pool: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    engine = Revealing(poison="otravă")
    engine.open.clear()
    with batching(engine) as queue:
        blocker = pool.submit(ask, queue, "primul")
        assert engine.entered.acquire(timeout=PATIENCE)
        guilty = pool.submit(ask, queue, "curat", "otravă")
        innocent = [pool.submit(ask, queue, "curat", f"vecin {number}") for number in range(5)]
        until(lambda: queue.snapshot().waiting_sentences == 7)
        engine.open.set()
        for number, future in enumerate([*innocent]):
            assert future.result(PATIENCE) == expected("curat", f"vecin {number}")
        with pytest.raises(EngineFailed) as failure:
            guilty.result(PATIENCE)
        assert blocker.result(PATIENCE)
        assert "secret" not in failure.value.message
        assert queue.snapshot().failed == 1
        assert ask(queue, "viața merge mai departe")
    assert "otravă" not in caplog.text, "no text of a caller in the logs"


def test_each_caller_gets_an_error_of_its_own(pool: ThreadPoolExecutor) -> None:
    engine = Revealing(poison="otravă")
    engine.error = TooLarge("Too long.", field="text")
    engine.open.clear()
    with batching(engine) as queue:
        futures = [pool.submit(ask, queue, "otravă") for _ in range(4)]
        until(lambda: queue.snapshot().requests == 4)
        engine.open.set()
        wait(futures, PATIENCE)
        errors = [future.exception() for future in futures]
    assert all(
        isinstance(error, TooLarge) and error.message == "Too long." and error.field == "text" for error in errors
    )
    assert len({id(error) for error in errors}) == 4


class Careless(Revealing):
    """Forgets the last answer, or answers nothing."""

    def __init__(self, keep: int) -> None:
        super().__init__()
        self.keep = keep

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> Answers:
        return super().translate(sentences, language, decoding)[: self.keep]


def test_missing_answers_are_a_failure_of_the_engine() -> None:
    with batching(Careless(0)) as queue, pytest.raises(EngineFailed):
        ask(queue, "unu")
    with batching(Careless(1)) as queue:
        assert ask(queue, "unu", "doi") == expected("unu", "doi"), "one by one it does answer"


class Unreadable(Revealing):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def count_tokens(self, sentences: Sequence[str], language: str) -> list[int]:
        raise self.error


@pytest.mark.parametrize(
    ("raised", "told"), [(UnicodeError("secret"), EngineFailed), (InvalidInput("No."), InvalidInput)]
)
def test_failure_to_count_tokens(raised: Exception, told: type[TolmachError]) -> None:
    with batching(Unreadable(raised)) as queue, pytest.raises(told) as failure:
        ask(queue, "unu")
    assert "secret" not in failure.value.message


def test_hanging_engine_frees_its_callers_at_their_deadline(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    engine.open.clear()
    with batching(engine) as queue:
        stuck = pool.submit(ask, queue, "se blochează", token=Cancellation(0.2))
        waiting = pool.submit(ask, queue, "așteaptă", token=Cancellation(0.2))
        for future in (stuck, waiting):
            with pytest.raises(DeadlineExceeded):
                future.result(PATIENCE)
        state = queue.snapshot()
        assert state.stuck_for >= 0.1
        assert (state.expired, state.waiting_sentences) == (2, 0)
        engine.open.set()
        assert ask(queue, "se blochează") == expected("se blochează")
        until(lambda: queue.snapshot().stuck_for == 0.0)


def test_limits_have_a_timeout_for_who_brings_none() -> None:
    engine = Revealing()
    engine.open.clear()
    with batching(engine, timeout=0.05) as queue:
        with pytest.raises(DeadlineExceeded, match=r"0\.05 seconds \(TOLMACH_REQUEST_TIMEOUT\)"):
            queue.translate(["fără token"], "ro", DECODING)
        with cancellation(Cancellation()), pytest.raises(DeadlineExceeded, match=r"0\.05 seconds"):
            queue.translate(["token fără termen"], "ro", DECODING)


def test_expired_or_cancelled_before_it_began() -> None:
    engine = Revealing()
    gone = Cancellation()
    gone.cancel()
    with batching(engine) as queue:
        with pytest.raises(DeadlineExceeded):
            ask(queue, "prea târziu", token=Cancellation(0.0))
        with pytest.raises(Cancelled):
            ask(queue, "nimeni", token=gone)
        assert (queue.snapshot().expired, queue.snapshot().cancelled) == (1, 1)
    assert engine.calls == []


def test_work_of_who_left_is_dropped_unless_somebody_else_waits(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    engine.open.clear()
    with batching(engine) as queue:
        running = pool.submit(ask, queue, "rulează")
        assert engine.entered.acquire(timeout=PATIENCE)
        token = Cancellation()
        leaver = pool.submit(ask, queue, "doar al lui", "al amândurora", token=token)
        stayer = pool.submit(ask, queue, "al amândurora")
        until(lambda: queue.snapshot().requests == 3)
        token.cancel()
        with pytest.raises(Cancelled):
            leaver.result(PATIENCE)
        until(lambda: queue.snapshot().dropped == 1)
        engine.open.set()
        assert stayer.result(PATIENCE) == expected("al amândurora")
        assert running.result(PATIENCE)
    assert engine.seen == {"rulează": 1, "al amândurora": 1}


def test_disconnect_seen_by_an_event_loop_reaches_the_thread() -> None:
    engine = Revealing()
    engine.open.clear()

    async def serve() -> None:
        token = Cancellation(PATIENCE)
        async with anyio.create_task_group() as group:
            group.start_soon(work, token)
            while not queue.snapshot().requests:
                await anyio.sleep(0.005)
            token.cancel()

    async def work(token: Cancellation) -> None:
        with cancellation(token), pytest.raises(Cancelled):
            await to_thread.run_sync(queue.translate, ["text"], "ro", DECODING)

    with batching(engine) as queue:
        anyio.run(serve)


def test_abandoned_sentences_of_a_failed_batch_are_not_retried(pool: ThreadPoolExecutor) -> None:
    engine = Revealing(poison="otravă")
    engine.open.clear()
    with batching(engine) as queue:
        token = Cancellation()
        future = pool.submit(ask, queue, "otravă", "plecat", "dispărut", token=token)
        assert engine.entered.acquire(timeout=PATIENCE)
        token.cancel()
        wait([future], PATIENCE)
        engine.open.set()
        until(lambda: queue.snapshot().running_sentences == 0)
        assert queue.drain(PATIENCE)
    assert len(engine.calls) == 1


def test_full_queue_says_when_to_come_back(pool: ThreadPoolExecutor) -> None:
    engine = Revealing(seconds=0.05)
    with batching(engine, queue_tokens=100, queue_sentences=100) as queue:
        ask(queue, "măsoară viteza")
        engine.open.clear()
        futures: list[Future[Answers]] = [pool.submit(ask, queue, "rulează")]
        until(lambda: queue.snapshot().running_sentences == 1)
        futures.append(pool.submit(ask, queue, *(f"umple {'x ' * 17}{number}" for number in range(5))))
        until(lambda: queue.snapshot().waiting_tokens == 100)
        with pytest.raises(QueueFull) as full:
            ask(queue, "încă una")
        assert full.value.retry_after
        assert 1 <= full.value.retry_after <= 60
        assert "5 sentences of at most 100 (TOLMACH_QUEUE_SENTENCES)" in full.value.message
        assert "100 tokens of at most 100 (TOLMACH_QUEUE_TOKENS)" in full.value.message
        assert full.value.status == 503
        assert queue.snapshot().refused == 1
        futures.append(pool.submit(ask, queue, "rulează"))  # joins what runs
        engine.open.set()
        assert all(future.result(PATIENCE) for future in futures)
        assert ask(queue, "încă una")


def test_full_queue_takes_more_work_of_who_was_admitted(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    with batching(engine, queue_tokens=20, queue_sentences=20) as queue:
        token = Cancellation(PATIENCE)
        ask(queue, "prima parte", token=token)
        engine.open.clear()
        futures = [pool.submit(ask, queue, "rulează")]
        until(lambda: queue.snapshot().running_sentences == 1)
        futures.append(pool.submit(ask, queue, *(f"umple {number} {'x ' * 7}" for number in range(2))))
        until(lambda: queue.snapshot().waiting_tokens == 20)
        with pytest.raises(QueueFull):
            ask(queue, "nou")
        again = pool.submit(ask, queue, "a doua parte", token=token)
        until(lambda: queue.snapshot().waiting_tokens > 20)
        engine.open.set()
        assert again.result(PATIENCE) == expected("a doua parte")
        assert all(future.result(PATIENCE) for future in futures)
        assert queue.snapshot().refused == 1


def test_retry_after_grows_with_what_waits() -> None:
    with batching(Revealing(seconds=0.2)) as queue:
        assert queue._seconds(10**6) == 1, "nothing measured yet"
        ask(queue, "unu doi trei")  # 4 tokens in 0.2 s
        assert 2 <= queue._seconds(200) <= 60
        assert queue._seconds(10**9) == 60


def test_listeners_hear_of_work_whose_caller_left(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    engine.open.clear()
    heard: list[tuple[str, Decoding, list[str], Answers]] = []

    def bad(*_: object) -> None:
        raise ValueError("a listener's own trouble")

    with batching(engine) as queue:
        queue.subscribe(bad)
        queue.subscribe(lambda *what: heard.append((what[0], what[1], list(what[2]), what[3])))
        token = Cancellation()
        future = pool.submit(ask, queue, "plecat", token=token)
        assert engine.entered.acquire(timeout=PATIENCE)
        token.cancel()
        with pytest.raises(Cancelled):
            future.result(PATIENCE)
        engine.open.set()
        until(lambda: bool(heard))
        assert ask(queue, "altul") == expected("altul"), "a listener that fails harms nobody"
    assert heard[0] == ("ro", DECODING, ["plecat"], expected("plecat"))


def test_drain_finishes_what_was_accepted_and_refuses_what_is_new(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    engine.open.clear()
    with batching(engine) as queue:
        accepted = Cancellation(PATIENCE)
        future = pool.submit(ask, queue, "acceptat", token=accepted)
        assert engine.entered.acquire(timeout=PATIENCE)
        drained = pool.submit(queue.drain, PATIENCE)
        until(lambda: queue.snapshot().draining)
        with pytest.raises(ShuttingDown):
            ask(queue, "nou")
        assert not queue.drain(0.01)
        again = pool.submit(ask, queue, "a doua încercare", token=accepted)
        until(lambda: queue.snapshot().waiting_sentences == 1)
        engine.open.set()
        assert future.result(PATIENCE) == expected("acceptat")
        assert again.result(PATIENCE) == expected("a doua încercare"), "a request under way may ask again"
        assert drained.result(PATIENCE)
    with pytest.raises(ShuttingDown):
        ask(queue, "după închidere", token=accepted)


def test_close_stops_the_threads_and_the_engine() -> None:
    before = set(threading.enumerate())
    engine = Revealing()
    queue = Batching(engine, Limits(workers=4))
    ask(queue, "unu")
    queue.close()
    queue.close()
    assert set(threading.enumerate()) <= before
    assert engine.closed == 1


def test_close_gives_up_on_an_engine_that_hangs(pool: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture) -> None:
    engine = Revealing()
    engine.open.clear()
    queue = Batching(engine)
    future = pool.submit(ask, queue, "blocat")
    assert engine.entered.acquire(timeout=PATIENCE)
    queue.close(timeout=0.05)
    with pytest.raises(ShuttingDown):
        future.result(PATIENCE)
    assert engine.closed == 0, "an engine in use must not be torn down"
    assert "left behind" in caplog.text
    engine.open.set()


def test_nobody_waits_busily(pool: ThreadPoolExecutor) -> None:
    engine = Revealing()
    engine.open.clear()
    with batching(engine, workers=4) as queue:
        futures = [pool.submit(ask, queue, f"așteaptă {number}") for number in range(32)]
        until(lambda: queue.snapshot().requests == 32)
        begun = time.process_time()
        time.sleep(1.0)
        spent = time.process_time() - begun
        engine.open.set()
        wait(futures, PATIENCE)
    assert spent < 0.3
