"""How the supervisor looks after its processes: who dies is replaced, and who is replaced is not missed."""

import signal
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import multiprocess

from service.http import server


class Pretended(server.Worker):
    """A worker without a process: it serves at once and ends when told to, unless a test says otherwise."""

    def __init__(self, *_: object) -> None:
        self.told: list[str] = []
        self.code: int | None = None
        self.serves = self.ends = True
        self.on: dict[str, Callable[[], None]] = {}

    def _do(self, what: str) -> None:
        self.told.append(what)
        self.on.get(what, lambda: None)()

    @property
    def pid(self) -> int:
        return id(self)

    @property
    def exitcode(self) -> int | None:
        return self.code

    def start(self) -> None:
        self._do("start")

    def wait_until_ready(self, timeout: float, should_exit: object = None) -> bool:
        self._do("wait")
        self.served = self.served or self.serves
        return self.serves

    def is_alive(self, timeout: float = 5) -> bool:
        if self.code is None:
            self.served = self.served or self.serves
        return self.code is None

    def terminate(self) -> None:
        self._do("terminate")
        if self.ends:
            self.code = 0

    def kill(self) -> None:
        self._do("kill")
        if self.code is None:
            self.code = -signal.SIGKILL

    def join(self) -> None:
        self._do("join")


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> server.Workers:
    """The supervisor of two pretended workers, which gets its signals from the test alone."""
    monkeypatch.setattr(server, "Worker", Pretended)
    monkeypatch.setattr(multiprocess, "Process", Pretended)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    workers = server.Workers(Config("nowhere:nothing", workers=2), [])
    workers.init_processes()
    return workers


def makes(monkeypatch: pytest.MonkeyPatch, worker: Pretended) -> Pretended:
    """What the supervisor makes next is this one."""
    monkeypatch.setattr(server, "Worker", lambda *_: worker)
    monkeypatch.setattr(multiprocess, "Process", lambda *_: worker)
    return worker


def told(workers: list[multiprocess.Process]) -> list[list[str]]:
    return [worker.told for worker in workers if isinstance(worker, Pretended)]


def test_processes_are_replaced_one_after_another(supervisor: server.Workers) -> None:
    before = list(supervisor.processes)
    supervisor.restart_all()
    assert not set(before) & set(supervisor.processes)
    assert told(before) == [["start", "terminate"]] * 2
    assert told(supervisor.processes) == [["start", "wait"]] * 2


def test_told_to_stop_before_it_replaces_none(supervisor: server.Workers) -> None:
    before = list(supervisor.processes)
    supervisor.signal_queue += [signal.SIGHUP, signal.SIGTERM]
    supervisor.handle_signals()
    assert supervisor.processes == before
    assert supervisor.should_exit.is_set()


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_while_one_is_brought_up_it_waits_no_longer(
    supervisor: server.Workers, monkeypatch: pytest.MonkeyPatch, sig: int
) -> None:
    before = list(supervisor.processes)
    new = makes(monkeypatch, Pretended())
    new.serves = new.ends = False
    new.on["wait"] = lambda: supervisor.signal_queue.append(sig)
    supervisor.restart_all()
    assert supervisor.processes == before
    assert supervisor.signal_queue == [sig]
    supervisor.join_all()
    assert new.told == ["start", "wait", "terminate", "join"]
    assert told(before) == [["start", "join"]] * 2


def test_told_to_stop_while_one_finishes_its_work_it_replaces_no_other_and_waits_for_it_at_the_end(
    supervisor: server.Workers,
) -> None:
    first, second = supervisor.processes
    assert isinstance(first, Pretended)
    first.ends = False
    first.on["terminate"] = lambda: supervisor.signal_queue.append(signal.SIGTERM)
    supervisor.restart_all()
    assert first not in supervisor.processes
    assert second in supervisor.processes
    assert first.told == ["start", "terminate"]
    supervisor.join_all()
    assert first.told == ["start", "terminate", "join"]


def test_a_process_that_does_not_come_up_replaces_nobody(
    supervisor: server.Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(supervisor.processes)
    new = makes(monkeypatch, Pretended())
    new.serves, new.code = False, STARTUP_FAILURE
    supervisor.restart_all()
    assert supervisor.processes == before
    assert new.told == ["start", "wait", "kill", "join"]
    assert supervisor.started


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The supervisor's, which stands still; `asleep` is done while the supervisor sleeps."""
    clock = SimpleNamespace(now=1000.0, asleep=lambda: None)
    monkeypatch.setattr(server, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=lambda _: clock.asleep()))
    return clock


def dies(worker: multiprocess.Process, code: int = -signal.SIGKILL) -> Pretended:
    assert isinstance(worker, Pretended)
    worker.code = code
    return worker


def test_a_process_that_served_is_replaced_at_once(supervisor: server.Workers, clock: SimpleNamespace) -> None:
    supervisor.keep_subprocess_alive()
    first, second = supervisor.processes
    dies(first)
    supervisor.keep_subprocess_alive()
    assert first not in supervisor.processes
    assert supervisor.processes[1] is second
    assert told(supervisor.processes) == [["start"]] * 2


def test_after_one_that_never_served_the_next_waits_ever_longer(
    supervisor: server.Workers, clock: SimpleNamespace
) -> None:
    supervisor.processes.pop()
    waits = []
    for _ in range(1_100):  # most of a day: 2 to the power of the last ones is no float
        failed = dies(supervisor.processes[0])
        for _ in range(2):  # it is found dead once, however often it is looked at
            supervisor.keep_subprocess_alive()
        assert supervisor.processes == [failed]
        assert failed.told == ["start", "kill", "join"]
        assert failed.due is not None
        waits.append(failed.due - clock.now)
        clock.now = failed.due
        supervisor.keep_subprocess_alive()
        assert told(supervisor.processes) == [["start"]]
    assert waits == [2, 4, 8, 16, 32] + [60] * 1_095
    supervisor.keep_subprocess_alive()
    served = dies(supervisor.processes[0])
    supervisor.keep_subprocess_alive()
    assert supervisor.processes != [served]
    supervisor.keep_subprocess_alive()
    dies(supervisor.processes[0]).served = False
    supervisor.keep_subprocess_alive()
    assert dies(supervisor.processes[0]).due == clock.now + 2, "one that served ends the row of failures"


def test_one_that_fails_to_start_ends_all_where_none_serves(supervisor: server.Workers) -> None:
    dies(supervisor.processes[0], STARTUP_FAILURE)
    supervisor.keep_subprocess_alive()
    assert supervisor.should_exit.is_set()
    assert not supervisor.started
    assert told(supervisor.processes) == [["start", "kill", "join"], ["start"]]


def test_one_that_fails_to_start_is_tried_again_where_others_serve(
    supervisor: server.Workers, clock: SimpleNamespace
) -> None:
    supervisor.keep_subprocess_alive()
    dies(supervisor.processes[0])
    supervisor.keep_subprocess_alive()
    failed = dies(supervisor.processes[0], STARTUP_FAILURE)
    supervisor.keep_subprocess_alive()
    assert supervisor.started
    assert not supervisor.should_exit.is_set()
    assert failed.due == clock.now + 2
    clock.now += 2
    supervisor.keep_subprocess_alive()
    assert told(supervisor.processes) == [["start"]] * 2


def test_what_one_that_never_served_counted_is_forgotten(
    supervisor: server.Workers, clock: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    supervisor.keep_subprocess_alive()
    failed, served = (dies(worker) for worker in supervisor.processes)
    failed.served = False
    kept, lost = tmp_path / f"counter_{served.pid}.db", tmp_path / f"counter_{failed.pid}.db"
    kept.touch()
    lost.touch()
    supervisor.keep_subprocess_alive()
    assert list(tmp_path.iterdir()) == [kept]


def test_one_that_dies_while_another_finishes_its_work_is_replaced(
    supervisor: server.Workers, clock: SimpleNamespace
) -> None:
    supervisor.keep_subprocess_alive()
    first, second = supervisor.processes
    assert isinstance(first, Pretended)
    first.ends = False
    clock.asleep = lambda: (dies(first, 0), dies(second)) if second in supervisor.processes else None
    supervisor.restart_all()
    assert not {first, second} & set(supervisor.processes)
    assert told([second]) == [["start", "kill", "join"]]
    assert told(supervisor.processes) == [["start", "wait"]] * 2


def test_one_that_dies_while_its_own_successor_is_brought_up_leaves_nobody_behind(
    supervisor: server.Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor.keep_subprocess_alive()
    first = supervisor.processes[0]
    before_it: list[multiprocess.Process] = []

    def serves(worker: Pretended, timeout: float, should_exit: object = None) -> bool:
        before_it.append(supervisor.processes[0])
        if supervisor.processes[0] is first:
            dies(first)
            return False
        return True

    monkeypatch.setattr(Pretended, "wait_until_ready", serves)
    supervisor.restart_all()
    between = before_it[1]
    assert between is not first
    assert between not in supervisor.processes
    assert told([between]) == [["start", "terminate"]]


def test_a_worker_that_answers_is_seen_to_serve() -> None:
    worker = server.Worker(Config("nowhere:nothing"), [])
    seen = []
    for started in (False, True, False):
        worker.child_conn.send(started)
        assert worker.ping(1)
        seen.append(worker.served)
    assert seen == [False, True, True]
