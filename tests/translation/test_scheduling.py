"""Which sentences go into the next batch: nobody starves, newcomers are quick, nothing is lost or done twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from service.translation.engine import Decoding
from service.translation.scheduling import QUICK_BATCHES_IN_A_ROW, Group, Job, Limits, Schedule, Unit

GROUP = ("ro", Decoding())
OTHER = ("it", Decoding())
LIMITS = Limits(batch_tokens=100, batch_sentences=8, queue_tokens=1000, queue_sentences=60)
PADDED = replace(LIMITS, equal_lengths=False)


def article(name: str, sentences: int, tokens: int = 20) -> dict[str, int]:
    return {f"{name}{number}": tokens for number in range(sentences)}


def sentences(batch: list[Unit]) -> list[str]:
    return [unit.sentence for unit in batch]


@pytest.mark.parametrize("limits", [LIMITS, PADDED])
def test_newcomer_passes_a_long_article(limits: Limits) -> None:
    schedule = Schedule(limits)
    schedule.enter(GROUP, article("long", 40))
    assert all(name.startswith("long") for name in sentences(schedule.take()))
    schedule.enter(GROUP, {"line": 7})
    assert sentences(schedule.take()) == ["line"]
    assert all(name.startswith("long") for name in sentences(schedule.take()))


@pytest.mark.parametrize("limits", [LIMITS, PADDED])
def test_newcomer_passes_many_old_articles(limits: Limits) -> None:
    schedule = Schedule(limits)
    for number in range(20):
        schedule.enter((GROUP, OTHER)[number % 2], article(f"long{number}.", 10))
    for _ in range(50):
        schedule.take()
    schedule.enter(GROUP, {"line": 7})
    assert sentences(schedule.take()) == ["line"]


@pytest.mark.parametrize("limits", [LIMITS, PADDED])
def test_long_article_gets_its_share_of_a_flood_of_lines(limits: Limits) -> None:
    schedule = Schedule(limits)
    job, _ = schedule.enter(GROUP, article("long", 40))
    batches = 0
    while job.waiting:
        schedule.enter(OTHER, {f"line{batches}": 40})
        for unit in schedule.take():
            schedule.finish(unit)
        batches += 1
    assert batches <= 8 * (QUICK_BATCHES_IN_A_ROW + 1)


@pytest.mark.parametrize("limits", [LIMITS, PADDED])
def test_first_long_article_is_not_starved_by_shorter_ones(limits: Limits) -> None:
    schedule = Schedule(limits)
    first, _ = schedule.enter(GROUP, article("first", 40))
    batches = 0
    while first.waiting:
        schedule.enter(GROUP, article(f"later{batches}.", 5, 19))
        schedule.take()
        batches += 1
    assert batches <= 2 * 8 + 2


def test_article_nearest_to_its_end_goes_by_turns_with_the_first() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, article("a", 30, 20))
    schedule.enter(OTHER, article("b", 10, 20))
    leaders = [sentences(schedule.take())[0][0] for _ in range(4)]
    assert leaders == ["a", "b", "a", "b"]


def test_groups_are_not_mixed() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, {"uno": 5})
    schedule.enter(OTHER, {"due": 5})
    schedule.enter(("ro", Decoding(beam=1)), {"tre": 5})
    assert [sentences(schedule.take()) for _ in range(4)] == [["uno"], ["due"], ["tre"], []]


def test_sentence_longer_than_a_batch_goes_alone() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, {"huge": 500, "small": 5})
    assert sentences(schedule.take()) == ["huge"]
    assert sentences(schedule.take()) == ["small"]


@pytest.mark.parametrize("limits", [LIMITS, PADDED])
def test_an_engine_that_gains_nothing_from_batches_gets_sentences(limits: Limits) -> None:
    schedule = Schedule(replace(limits, batch_sentences=1))
    schedule.enter(GROUP, article("long", 5))
    schedule.enter(GROUP, article("other", 5))
    taken = [schedule.take() for _ in range(10)]
    assert [len(batch) for batch in taken] == [1] * 10
    assert len({sentences(batch)[0] for batch in taken}) == 10


def test_equal_lengths_of_different_requests_share_a_batch() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, {"a30": 30, "a25": 25, "a20": 20})
    schedule.enter(GROUP, {"b30": 30, "b24": 24, "b22": 22})
    schedule.enter(OTHER, {"c30": 30, "c29": 29})
    assert sentences(schedule.take()) == ["a30", "b30"]


def test_of_a_request_the_sentence_with_most_company_goes_first() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, {"a30": 30, "a20": 20})
    assert schedule.lone()
    schedule.enter(GROUP, {"b25": 25, "b20": 20})
    assert not schedule.lone()
    assert sentences(schedule.take()) == ["a20", "b20"]
    assert sentences(schedule.take()) == ["a30"]


def test_of_a_lone_request_the_longest_sentence_goes_first() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, {"a30": 30, "a20": 20, "also20": 20})
    assert sentences(schedule.take()) == ["a30"]


def test_a_spare_worker_helps_a_request_that_is_alone_and_no_other() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, article("one", 8, 25))
    assert len(schedule.take_lone()) == 4
    other, _ = schedule.enter(GROUP, {"other": 20})
    assert sentences(schedule.take()) == ["other"]
    assert schedule.take_lone() == []  # the other waits no more, but runs
    schedule.leave(other)
    assert len(schedule.take_lone()) == 4


def test_padded_batches_are_of_about_one_length() -> None:
    schedule = Schedule(PADDED)
    schedule.enter(GROUP, {"a30": 30, "a3": 3, "a5": 5, "a40": 40})
    schedule.enter(GROUP, {"b31": 31, "b29": 29, "b4": 4})
    assert sentences(schedule.take()) == ["a40", "a30"]
    assert sentences(schedule.take()) == ["a5", "a3"]
    assert sentences(schedule.take()) == ["b31", "b29"]


def test_quick_request_is_not_slowed_by_company() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, article("long", 40))
    schedule.enter(GROUP, {"line": 20})
    schedule.enter(GROUP, {"another": 20})
    assert sentences(schedule.take()) == ["line", "another"]


def test_quick_worker_takes_a_line_before_the_end_of_an_article() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, article("end", 2, 25))
    schedule.enter(OTHER, {"line": 7})
    assert sentences(schedule.take_quick()) == ["line"]


def test_other_workers_take_quick_requests_in_order_of_arrival() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, article("end", 2, 25))
    schedule.enter(OTHER, {"line": 7})
    assert all(name.startswith("end") for name in sentences(schedule.take()))


def test_quick_worker_leaves_long_work_alone() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, article("long", 40))
    assert schedule.take_quick() == []
    schedule.enter(GROUP, {"line": 20})
    assert sentences(schedule.take_quick()) == ["line"]
    assert schedule.take_quick() == []


def test_idle_workers_share_a_lone_article() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, article("a", 4, 20))
    assert [len(schedule.take(2)), len(schedule.take(1))] == [2, 2]


def test_sentence_of_two_requests_is_one_unit_and_leaves_with_the_last() -> None:
    schedule = Schedule(LIMITS)
    first, joined = schedule.enter(GROUP, {"same": 5, "own": 6})
    assert joined == 0
    second, joined = schedule.enter(GROUP, {"same": 5})
    assert joined == 1
    assert schedule.waiting_sentences == 2
    assert schedule.leave(first) == 1
    assert sentences(schedule.take()) == ["same"]
    assert not schedule.deserted()
    assert schedule.leave(second) == 0, "what runs cannot be dropped"
    assert schedule.deserted()


def test_joining_what_runs_waits_for_it_only() -> None:
    schedule = Schedule(LIMITS)
    schedule.enter(GROUP, {"same": 5})
    [unit] = schedule.take()
    late, joined = schedule.enter(GROUP, {"same": 5})
    assert (joined, late.missing, schedule.take()) == (1, 1, [])
    assert late in schedule.finish(unit)
    assert late.missing == 0


def test_full_queue() -> None:
    schedule = Schedule(LIMITS)
    assert schedule.excess(GROUP, article("giant", 500)) == 0, (
        "one that can never fit beside others enters an empty queue"
    )
    schedule.enter(GROUP, article("a", 45))
    assert schedule.excess(GROUP, article("b", 5)) == 0
    assert schedule.excess(GROUP, article("b", 6)) == 20
    assert schedule.excess(GROUP, article("b", 20, 1)) == 5 * 20, "too many sentences, in tokens of those that wait"
    assert schedule.excess(GROUP, article("a", 45)) == 0, "joining needs no room"
    assert schedule.excess(GROUP, article("giant", 500)) > 0


LENGTHS = st.dictionaries(st.integers(0, 60).map(str), st.integers(1, 150), max_size=20)


@given(st.lists(LENGTHS, max_size=8), st.integers(1, 4), st.sampled_from([LIMITS, PADDED]))
def test_every_sentence_is_taken_once_and_budgets_hold(
    requests: list[dict[str, int]], idle: int, limits: Limits
) -> None:
    schedule = Schedule(limits)
    known: dict[str, int] = {}
    for lengths in requests:
        schedule.enter(GROUP, {name: known.setdefault(name, tokens) for name, tokens in lengths.items()})
    taken: list[str] = []
    while batch := schedule.take(idle):
        area = len(batch) * max(unit.tokens for unit in batch)
        assert len(batch) <= LIMITS.batch_sentences
        assert len(batch) == 1 or area <= LIMITS.batch_tokens
        assert not limits.equal_lengths or area == sum(unit.tokens for unit in batch)
        taken += sentences(batch)
    assert sorted(taken) == sorted(known)
    assert (schedule.waiting_sentences, schedule.waiting_tokens) == (0, 0)


class Life(RuleBasedStateMachine):
    """Requests come, join, leave; batches start, finish: the books always balance."""

    limits = LIMITS

    def __init__(self) -> None:
        super().__init__()
        self.schedule = Schedule(self.limits)
        self.jobs: list[tuple[Job, set[str]]] = []
        self.running: list[Unit] = []
        self.lengths: dict[tuple[Group, str], int] = {}

    @rule(lengths=LENGTHS, group=st.sampled_from([GROUP, OTHER]))
    def enter(self, lengths: dict[str, int], group: Group) -> None:
        fixed = {name: self.lengths.setdefault((group, name), tokens) for name, tokens in lengths.items()}
        job, _ = self.schedule.enter(group, fixed)
        if fixed:
            self.jobs.append((job, set(fixed)))

    @rule(idle=st.integers(1, 3), worker=st.sampled_from(["any", "quick", "spare"]))
    def take(self, idle: int, worker: str) -> None:
        waiting, lone = self.schedule.waiting_sentences, self.schedule.lone()
        takes = {"any": self.schedule.take, "quick": self.schedule.take_quick, "spare": self.schedule.take_lone}
        batch = takes[worker](idle)
        if worker != "quick":
            assert bool(batch) == bool(waiting and (lone or worker == "any"))
        assert len({unit.group for unit in batch}) <= 1
        self.running += batch

    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        if self.running:
            unit = self.running.pop(data.draw(st.integers(0, len(self.running) - 1)))
            for job in self.schedule.finish(unit):
                job.answers[unit.sentence] = ()
            self.jobs = [(job, wanted) for job, wanted in self.jobs if self._unfinished(job, wanted)]

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        if self.jobs:
            job, _ = self.jobs.pop(data.draw(st.integers(0, len(self.jobs) - 1)))
            self.schedule.leave(job)

    @invariant()
    def books_balance(self) -> None:
        waiting = [unit for unit in self.schedule.units.values() if not unit.started]
        assert self.schedule.waiting_sentences == len(waiting)
        assert self.schedule.waiting_tokens == sum(unit.tokens for unit in waiting)
        assert all(unit.jobs for unit in waiting), "what waits, waits for somebody"
        assert {unit for unit in self.schedule.units.values() if unit.started} == set(self.running)
        for job, wanted in self.jobs:
            assert job.missing == len(job.waiting) + len(job.running) == len(wanted) - len(job.answers)
            assert job.remaining == sum(unit.tokens for unit in job.waiting)

    @staticmethod
    def _unfinished(job: Job, wanted: set[str]) -> bool:
        if job.missing:
            return True
        assert set(job.answers) == wanted
        return False


class PaddedLife(Life):
    limits = PADDED


TestLife = Life.TestCase
TestPaddedLife = PaddedLife.TestCase
