"""Which sentences go into the next batch. Knows no threads and no engine; who uses it holds a lock.

Requests are of two sorts. A quick one has at most half a batch left; quick ones go first, in order of arrival, in
batches of their own, so that a line waits for little more than the batch that runs when it comes. After a few of those
in a row the long ones get a batch: by turns the one nearest to its end, which keeps the mean wait short, and the one
that came first, which keeps any from starving. Who leads a batch says which sentence it begins with; those of the same
length, whoever asked for them, come along.
"""

from __future__ import annotations

import math
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.translation.engine import Decoding
from service.types import Hypothesis

Group = tuple[str, Decoding]  # what the sentences of one batch have in common: an engine's call has one of each

QUICK_BATCHES_IN_A_ROW = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """`workers` threads take any work, `quick_workers` more only quick requests, `spare_workers` more only that of a
    request that is alone; the engine gets as many calls at once.

    `batch_tokens` counts padding: sentences times the longest of them. A sentence longer than that goes alone. With
    `equal_lengths` a batch has no padding at all, for engines whose answers it would change. Small batches cost little
    on a CPU, where a few sentences already keep the core busy, and they are what makes the wait of a newcomer short.
    `queue_*` bound what waits, over all requests. `timeout` is the time in seconds of a request that brings none.
    """

    workers: int = 1
    quick_workers: int = 1
    spare_workers: int = 0
    batch_tokens: int = 256
    batch_sentences: int = 64
    equal_lengths: bool = True
    queue_tokens: int = 100_000
    queue_sentences: int = 4000
    timeout: float | None = 120.0


@dataclass(eq=False, slots=True)
class Unit:
    """One sentence to be translated once, for every job that asked for it."""

    group: Group
    sentence: str
    tokens: int
    jobs: list[Job] = field(default_factory=list)
    started: bool = False


@dataclass(eq=False, slots=True)
class Job:
    """What one call asked for. `waiting` is sorted by tokens; `missing` counts the sentences without an answer."""

    group: Group
    answers: dict[str, tuple[Hypothesis, ...]] = field(default_factory=dict)
    waiting: list[Unit] = field(default_factory=list)
    running: set[Unit] = field(default_factory=set)
    remaining: int = 0
    missing: int = 0
    error: BaseException | None = None
    changed: threading.Event = field(default_factory=threading.Event)

    def fitting(self, longest: int, most: int) -> Unit | None:
        """The waiting unit that suits a batch whose longest is `longest` and where none may exceed `most` tokens."""
        if not self.waiting or longest > most:
            return None
        rides_free = bisect_right(self.waiting, longest, key=_tokens)
        if rides_free:
            return self.waiting[rides_free - 1]
        return self.waiting[0] if self.waiting[0].tokens <= most else None


class Schedule:
    """The queue. `waiting_*` count sentences that no batch has taken; `units` has those that run as well."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.units: dict[tuple[Group, str], Unit] = {}
        self.waiting_sentences = 0
        self.waiting_tokens = 0
        self._open: set[Job] = set()  # entered and not left
        self._jobs: dict[Job, None] = {}  # with something waiting, in order of arrival
        self._alike: defaultdict[tuple[Group, int], dict[Unit, None]] = defaultdict(dict)  # waiting, by length
        self._quick_in_a_row = 0
        self._turn_of_the_first = False

    def excess(self, group: Group, lengths: Mapping[str, int]) -> int:
        """How many tokens must leave the queue before these sentences may enter; 0 where there is room now.

        A request of more than half the queue counts as half of it: else it would never find room beside others.
        """
        new = [tokens for sentence, tokens in lengths.items() if (group, sentence) not in self.units]
        if not new:
            return 0
        limits = self.limits
        tokens = self.waiting_tokens + min(sum(new), limits.queue_tokens // 2) - limits.queue_tokens
        sentences = self.waiting_sentences + min(len(new), limits.queue_sentences // 2) - limits.queue_sentences
        mean = math.ceil(self.waiting_tokens / max(self.waiting_sentences, 1))
        return max(tokens, sentences * mean, 0)

    def enter(self, group: Group, lengths: Mapping[str, int]) -> tuple[Job, int]:
        """A job for sentences of these lengths in tokens, and how many of them were queued or running already."""
        job = Job(group, missing=len(lengths))
        joined = 0
        for sentence, tokens in lengths.items():
            unit = self.units.get((group, sentence))
            if unit is None:
                unit = self.units[group, sentence] = Unit(group, sentence, tokens)
                self.waiting_sentences += 1
                self.waiting_tokens += tokens
                self._alike[group, tokens][unit] = None
            else:
                joined += 1
            unit.jobs.append(job)
            if unit.started:
                job.running.add(unit)
            else:
                job.waiting.append(unit)
                job.remaining += unit.tokens
        job.waiting.sort(key=_tokens)
        self._open.add(job)
        if job.waiting:
            self._jobs[job] = None
        return job, joined

    def take(self, idle: int = 1) -> list[Unit]:
        """The next batch, all of one group; empty if nothing waits. `idle` workers share what there is evenly."""
        return self._batch(self._order(), idle)

    def take_quick(self, idle: int = 1) -> list[Unit]:
        """The same, only of quick requests, the shortest first: a line is not to wait for the end of an article."""
        return self._batch(self._quickest(), idle)

    def take_lone(self, idle: int = 1) -> list[Unit]:
        """The same, only where one request is there alone.

        While a worker reads the answers of a batch its core is idle. Where many wait, another request fills the gap.
        """
        return self.take(idle) if self.lone() else []

    def _batch(self, order: Sequence[Job], idle: int) -> list[Unit]:
        if not order:
            return []
        leader = order[0]
        budget = min(self.limits.batch_tokens, math.ceil(self.waiting_tokens / idle))
        if self.limits.equal_lengths:
            return self._alike_to(leader, budget)
        return self._padded([job for job in order if job.group == leader.group], budget)

    def finish(self, unit: Unit) -> list[Job]:
        """The unit is done, one way or the other; the jobs that wait for it."""
        self.units.pop((unit.group, unit.sentence), None)
        for job in unit.jobs:
            job.running.discard(unit)
            job.missing -= 1
        return unit.jobs

    def leave(self, job: Job) -> int:
        """The job wants nothing more; how many waiting sentences went with it because nobody else asked for them."""
        dropped = 0
        for unit in (*job.waiting, *job.running):
            unit.jobs.remove(job)
            if not unit.jobs and not unit.started:
                del self.units[unit.group, unit.sentence]
                self._uncount(unit)
                dropped += 1
        job.waiting.clear()
        job.running.clear()
        self._open.discard(job)
        self._jobs.pop(job, None)
        return dropped

    def jobs(self) -> set[Job]:
        """All that wait for an answer."""
        return {job for unit in self.units.values() for job in unit.jobs}

    def has_quick(self) -> bool:
        """Whether a quick request waits."""
        return any(map(self._is_quick, self._jobs))

    def lone(self) -> bool:
        """Whether no more than one request wants anything."""
        return len(self._open) <= 1

    def deserted(self) -> bool:
        """Whether no request wants anything; what runs may still have been left behind by some."""
        return not self._open

    def _is_quick(self, job: Job) -> bool:
        return job.remaining <= self.limits.batch_tokens // 2

    def _quickest(self) -> list[Job]:
        """The quick jobs, the shortest first. None starves: other workers take them in order of arrival."""
        return sorted(filter(self._is_quick, self._jobs), key=lambda job: job.remaining)

    def _order(self) -> list[Job]:
        """The jobs that may go into the next batch; the first leads it."""
        quick = [job for job in self._jobs if self._is_quick(job)]
        long = [job for job in self._jobs if not self._is_quick(job)]
        if not long:
            self._quick_in_a_row = 0
            return quick
        if quick and self._quick_in_a_row < QUICK_BATCHES_IN_A_ROW:
            self._quick_in_a_row += 1
            return quick
        self._quick_in_a_row = 0
        self._turn_of_the_first = not self._turn_of_the_first
        first = long[0]
        long.sort(key=lambda job: job.remaining)
        if self._turn_of_the_first:
            long.remove(first)
            long.insert(0, first)
        return long + quick

    def _alike_to(self, leader: Job, budget: int) -> list[Unit]:
        """A sentence of the leader, and others of its length, the first come first.

        Which of the leader's is of no matter to it: with others there, the one that has most company, since a fuller
        batch costs less a sentence; else the longest, so that no worker is left with a long one at the end.
        """
        unit = leader.waiting[-1]
        if self.limits.batch_sentences > 1 and not self.lone():
            unit = max(leader.waiting, key=lambda each: (len(self._alike[each.group, each.tokens]), each.tokens))
        others = [each for each in self._alike[unit.group, unit.tokens] if each is not unit]
        if self._is_quick(leader):  # which must not become slow by its company
            others = [each for each in others if any(map(self._is_quick, each.jobs))]
        size = min(budget // max(unit.tokens, 1), self.limits.batch_sentences)
        return [self._start(each) for each in (unit, *others[: max(size - 1, 0)])]

    def _padded(self, jobs: Sequence[Job], budget: int) -> list[Unit]:
        """Sentences of about one length: of each job the longest first, that is not longer than those before."""
        batch: list[Unit] = []
        longest = 0
        for job in jobs:
            while len(batch) < self.limits.batch_sentences:
                unit = job.fitting(longest, budget // (len(batch) + 1)) if batch else job.waiting[-1]
                if unit is None:
                    break
                batch.append(self._start(unit))
                longest = max(longest, unit.tokens)
        return batch

    def _start(self, unit: Unit) -> Unit:
        unit.started = True
        self._uncount(unit)
        for job in unit.jobs:
            job.waiting.remove(unit)
            job.running.add(unit)
            job.remaining -= unit.tokens
            if not job.waiting:
                del self._jobs[job]
        return unit

    def _uncount(self, unit: Unit) -> None:
        self.waiting_sentences -= 1
        self.waiting_tokens -= unit.tokens
        alike = self._alike[unit.group, unit.tokens]
        del alike[unit]
        if not alike:
            del self._alike[unit.group, unit.tokens]


def _tokens(unit: Unit) -> int:
    return unit.tokens
