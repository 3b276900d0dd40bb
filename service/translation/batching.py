"""One queue in front of an engine, for all requests: batches across callers, each sentence once, no long waits.

`Batching` is an engine itself. A call waits until its sentences are done; worker threads take batches as soon as they
are free, so that nothing is delayed in the hope of a fuller batch. How a batch is composed does not change what the
engine says of a sentence, as far as the engine keeps that promise itself.
"""

from __future__ import annotations

import copy
import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.errors import Cancelled, DeadlineExceeded, EngineFailed, QueueFull, ShuttingDown, TolmachError
from service.translation.cancellation import Cancellation, current, late
from service.translation.engine import Around, Decoding, Engine
from service.translation.scheduling import Group, Job, Limits, Schedule, Unit
from service.types import Hypothesis

logger = logging.getLogger(__name__)

Answers = list[tuple[Hypothesis, ...]]
Listener = Callable[[str, Decoding, Sequence[str], Answers], None]

LONGEST_RETRY_AFTER = 60
PARTING_SECONDS = 3.0  # for what the engine has in hand though nobody waits for it: it may end, and be remembered
SPEED_MEMORY = 0.9  # weight of the past in the mean speed of a worker: about the last ten batches count


@dataclass(frozen=True, slots=True)
class BatchingSnapshot:
    """Counters since the start, and the state now.

    `padded_tokens` is sentences times the longest, over all batches. `batch_sizes` has, for each power of two, the
    number of batches of at most that many sentences and more than the power before. `tokens_per_second` is that of all
    workers together while they work. `stuck_for` is the age in seconds of the engine's oldest unfinished call.
    """

    waiting_sentences: int
    waiting_tokens: int
    running_sentences: int
    requests: int
    batches: int
    batch_sizes: dict[int, int]
    sentences: int
    tokens: int
    padded_tokens: int
    joined: int
    dropped: int
    failed: int
    refused: int
    expired: int
    cancelled: int
    tokens_per_second: float
    stuck_for: float
    draining: bool

    @property
    def fill(self) -> float:
        """The share of the batches' area that was text and not padding; 1.0 where nothing ran yet."""
        return self.tokens / self.padded_tokens if self.padded_tokens else 1.0


@dataclass(eq=False, slots=True)
class _Lane:
    """Workers of one sort: what they take, whether anything is there for them, how many have nothing in hand, and how
    many of these are `asleep` until the bell rings.
    """

    take: Callable[[int], list[Unit]]
    wanted: Callable[[], bool]
    bell: threading.Condition
    idle: int = 0
    asleep: int = 0


class Batching(Around):
    """An engine that answers through the queue. Errors of `translate`, beside those of the engine:

    QueueFull, ShuttingDown, DeadlineExceeded, Cancelled. An engine that fails on a batch is asked again sentence by
    sentence, and only who asked for a sentence that fails alone gets EngineFailed, or the TolmachError that it raised.

    Only the first call of a request, told by its token, can be refused for want of room: its second tries, repairs and
    later parts always get in, since what was done for it would be lost. So the queue can hold more than its limits, by
    at most one call of each request in work (`work_threads` of them in the service), each no more than one body's text.
    """

    def __init__(self, engine: Engine, limits: Limits | None = None) -> None:
        self._engine = engine
        self._limits = limits or Limits()
        self._schedule = Schedule(self._limits)
        self._lock = threading.Lock()
        self._quiet = threading.Condition(self._lock)
        self._draining = self._closed = False
        self._calls: dict[threading.Thread, tuple[float, int]] = {}  # begun, sentences
        self._counts: Counter[str] = Counter()
        self._sizes: Counter[int] = Counter()
        self._speed = 0.0
        self._listeners: list[Listener] = []
        schedule = self._schedule
        sorts = [
            (self._limits.workers, schedule.take, lambda: schedule.waiting_sentences > 0),
            (self._limits.quick_workers, schedule.take_quick, schedule.has_quick),
            (self._limits.spare_workers, schedule.take_lone, schedule.lone),
        ]
        self._lanes = [_Lane(take, wanted, threading.Condition(self._lock)) for _, take, wanted in sorts]
        of_each = [lane for lane, (many, *_) in zip(self._lanes, sorts, strict=True) for _ in range(many)]
        self._threads = [
            threading.Thread(target=self._run, args=[lane], name=f"batching-{number}", daemon=True)
            for number, lane in enumerate(of_each)
        ]
        for thread in self._threads:
            thread.start()

    def subscribe(self, listener: Listener) -> None:
        """Tell `listener` of each batch that is done, from the worker's thread and before any caller gets it.

        Work whose callers have left is told of too: that is how a request that is sent again finds it done.
        """
        self._listeners.append(listener)

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> Answers:
        """As `Engine.translate`. Obeys the cancellation token of the context."""
        if not sentences:
            return []
        token = current() or Cancellation(self._limits.timeout)
        self._check(token)
        lengths = dict(zip(sentences, self._lengths(sentences, language), strict=True))
        job = self._enter((language, decoding), lengths, token)
        try:
            # A token without a deadline would wait for ever behind an engine that hangs.
            deadline = token.deadline or Cancellation(self._limits.timeout).deadline
            with token.watched(job.changed.set):
                job.changed.wait(None if deadline is None else max(deadline - time.monotonic(), 0.0))
        finally:
            with self._lock:
                self._leave(job)
                if self._schedule.waiting_sentences and self._schedule.lone():
                    self._wake()  # whoever is left is alone now
        if job.error is not None:
            # Several callers may raise it at once, and each writes its own traceback.
            raise copy.copy(job.error) from job.error
        if job.missing:
            self._check(token)
            self._count("expired")
            raise late(self._limits.timeout if token.timeout is None else token.timeout)
        return [job.answers[sentence] for sentence in sentences]

    def snapshot(self) -> BatchingSnapshot:
        """Counters and state; cheap."""
        with self._lock:
            begun = [moment for moment, _ in self._calls.values()]
            names = ("requests", "batches", "sentences", "tokens", "padded_tokens", "joined", "dropped", "failed")
            return BatchingSnapshot(
                waiting_sentences=self._schedule.waiting_sentences,
                waiting_tokens=self._schedule.waiting_tokens,
                running_sentences=sum(size for _, size in self._calls.values()),
                batch_sizes=dict(sorted(self._sizes.items())),
                refused=self._counts["refused"],
                expired=self._counts["expired"],
                cancelled=self._counts["cancelled"],
                tokens_per_second=self._speed * self._limits.workers,
                stuck_for=time.monotonic() - min(begun) if begun else 0.0,
                draining=self._draining,
                **{name: self._counts[name] for name in names},
            )

    def drain(self, timeout: float | None = None) -> bool:
        """Refuse new requests and wait for whoever waits here. False if that took longer than `timeout` seconds.

        A request that was accepted before may still ask for more, as the retry of a sentence does. What the engine has
        in hand though its callers have left is not waited for: an engine that hangs would hold up the end for nobody.
        """
        with self._lock:
            self._draining = True
            return self._quiet.wait_for(self._schedule.deserted, timeout)

    def close(self, timeout: float = 30.0) -> None:
        """Drain, stop the workers, close the engine. Who still waits after `timeout` seconds gets ShuttingDown.

        An engine that is busy when nobody waits any more is given a few seconds, then left behind.
        """
        until = time.monotonic() + timeout
        self.drain(timeout)
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for lane in self._lanes:
                lane.bell.notify_all()
            for job in self._schedule.jobs():
                self._give_up(job, ShuttingDown("The service is shutting down."))
        begun = time.monotonic()
        until = begun + min(max(until - begun, 0.1), PARTING_SECONDS)  # a moment at least: idle workers end at once
        for thread in self._threads:
            # An engine that hangs cannot be stopped; its thread is a daemon and dies with the process.
            thread.join(max(until - time.monotonic(), 0.0))
        if any(thread.is_alive() for thread in self._threads):
            logger.warning("the engine is still busy though nobody waits for it any more; it is left behind")
        else:
            self._engine.close()

    def _check(self, token: Cancellation) -> None:
        try:
            token.check()
        except (Cancelled, DeadlineExceeded) as error:
            self._count("cancelled" if isinstance(error, Cancelled) else "expired")
            raise

    def _count(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1

    def _lengths(self, sentences: Sequence[str], language: str) -> list[int]:
        try:
            return self._engine.count_tokens(sentences, language)
        except TolmachError:
            raise
        except Exception as error:
            raise EngineFailed("The engine could not read a sentence.") from error

    def _enter(self, group: Group, lengths: dict[str, int], token: Cancellation) -> Job:
        with self._lock:
            if self._closed or (self._draining and not token.admitted):
                self._counts["refused"] += 1
                raise ShuttingDown("The service is shutting down.")
            if not token.admitted and (excess := self._schedule.excess(group, lengths)):
                self._counts["refused"] += 1
                raise QueueFull(self._fullness(), retry_after=self._seconds(excess))
            token.admitted = True
            job, joined = self._schedule.enter(group, lengths)
            self._counts["requests"] += 1
            self._counts["joined"] += joined
            self._wake()
            return job

    def _fullness(self) -> str:
        limits = self._limits
        return (
            f"Too much work is waiting: {self._schedule.waiting_sentences} sentences of at most "
            f"{limits.queue_sentences} (TOLMACH_QUEUE_SENTENCES), {self._schedule.waiting_tokens} tokens of at most "
            f"{limits.queue_tokens} (TOLMACH_QUEUE_TOKENS)."
        )

    def _seconds(self, tokens: int) -> int:
        """About how long the workers take for that many tokens: whole seconds, at least one."""
        speed = self._speed * self._limits.workers
        return min(max(math.ceil(tokens / speed), 1), LONGEST_RETRY_AFTER) if speed else 1

    def _wake(self) -> None:
        """Ring for those whom there is something for: to wake the others costs each of them the interpreter's lock."""
        for lane in self._lanes:
            if lane.asleep and lane.wanted():
                lane.asleep = 0
                lane.bell.notify_all()

    def _run(self, lane: _Lane) -> None:
        while batch := self._next(lane):
            self._translate(batch)

    def _next(self, lane: _Lane) -> list[Unit]:
        """The next batch as soon as there is one; empty when the queue is closed."""
        with self._lock:
            lane.idle += 1
            try:
                while not self._closed:
                    if batch := lane.take(self._able(lane)):
                        return batch
                    lane.asleep += 1
                    lane.bell.wait()
                return []
            finally:
                lane.idle -= 1

    def _able(self, lane: _Lane) -> int:
        """How many share what waits with a worker of `lane`, itself included: nobody wakes who sleeps for a share."""
        awake = ((each, each.idle - each.asleep) for each in self._lanes)
        return sum(many for each, many in awake if each is lane or (many and each.wanted()))

    def _translate(self, batch: list[Unit]) -> None:
        answers, error = self._ask(batch)
        if error is None:
            self._succeed(batch, answers)
        elif len(batch) == 1:
            self._fail(batch[0], error)
        else:
            logger.warning("the engine failed on %d sentences; trying them one by one", len(batch), exc_info=error)
            for unit in batch:
                if not self._abandoned(unit):
                    self._translate([unit])

    def _ask(self, batch: list[Unit]) -> tuple[Answers, Exception | None]:
        language, decoding = batch[0].group
        thread = threading.current_thread()
        begun = time.monotonic()
        with self._lock:
            self._calls[thread] = begun, len(batch)
        try:
            answers = self._engine.translate([unit.sentence for unit in batch], language, decoding)
            if len(answers) != len(batch) or not all(answers):
                return [], EngineFailed("The engine gave no answer to a sentence.")
            return answers, None
        except Exception as error:
            return [], error
        finally:
            with self._lock:
                del self._calls[thread]
                self._measure(batch, time.monotonic() - begun)

    def _measure(self, batch: list[Unit], seconds: float) -> None:
        tokens = sum(unit.tokens for unit in batch)
        self._counts["batches"] += 1
        self._counts["tokens"] += tokens
        self._counts["padded_tokens"] += len(batch) * max(unit.tokens for unit in batch)
        self._sizes[1 << (len(batch) - 1).bit_length()] += 1
        speed = tokens / max(seconds, 1e-6)
        self._speed = SPEED_MEMORY * self._speed + (1 - SPEED_MEMORY) * speed if self._speed else speed

    def _succeed(self, batch: list[Unit], answers: Answers) -> None:
        language, decoding = batch[0].group
        for listener in self._listeners:
            try:
                listener(language, decoding, [unit.sentence for unit in batch], answers)
            except Exception:
                logger.exception("a listener failed")
        with self._lock:
            self._counts["sentences"] += len(batch)
            for unit, hypotheses in zip(batch, answers, strict=True):
                for job in self._schedule.finish(unit):
                    job.answers[unit.sentence] = hypotheses
                    if not job.missing:
                        job.changed.set()

    def _fail(self, unit: Unit, error: Exception) -> None:
        logger.error("the engine failed on a sentence of %d tokens", unit.tokens, exc_info=error)
        told = error if isinstance(error, TolmachError) else EngineFailed("The engine failed on a sentence.")
        with self._lock:
            self._counts["failed"] += 1
            for job in tuple(self._schedule.finish(unit)):
                self._give_up(job, told)

    def _abandoned(self, unit: Unit) -> bool:
        """Whether nobody wants the unit any more, which then is done with."""
        with self._lock:
            if unit.jobs:
                return False
            self._schedule.finish(unit)
            self._counts["dropped"] += 1
            return True

    def _give_up(self, job: Job, error: TolmachError) -> None:
        job.error = error
        job.changed.set()
        self._leave(job)

    def _leave(self, job: Job) -> None:
        """Forget a job, and tell who drains if it was the last. The lock is held."""
        self._counts["dropped"] += self._schedule.leave(job)
        if self._schedule.deserted():
            self._quiet.notify_all()
