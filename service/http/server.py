"""uvicorn's server and supervisor, with an end that refuses nobody silently.

uvicorn closes its listener first, so that who comes while the last requests are worked on finds nobody there. Here the
listener stays open until the work in hand is answered, and newcomers are told to come back (503, `shutting_down`).
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Any

from uvicorn import Config, Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import multiprocess

from service.errors import TolmachError
from service.http.admission import STATE, Admission
from service.telemetry.metrics import forget

logger = logging.getLogger(__name__)

POLL = 0.1  # seconds; uvicorn itself looks as often whether it is to stop
RETIRE = signal.SIGUSR1
STOP = frozenset({signal.SIGINT, signal.SIGTERM})
# Until a process that replaces another must serve: a large model from a cold disk takes minutes.
REPLACEMENT_SECONDS = 300.0
# Until one is started in the place of another that ended before it served: 2 seconds, 4, …, and no more than this.
LONGEST_BACKOFF = 60.0
MOST_DOUBLED = 10  # failures that lengthen it; a number too large for a float would end the supervisor


def run(app: Any, **options: Any) -> None:
    """As `uvicorn.run`: serve until told to stop, in as many processes as `workers` says."""
    config = Config(app, **options)
    runs: GracefulServer | Workers
    runs = Workers(config, sockets=[config.bind_socket()]) if config.workers > 1 else GracefulServer(config)
    with suppress(KeyboardInterrupt):  # it was told to stop, and has
        runs.run()
    if not runs.started:
        sys.exit(STARTUP_FAILURE)


class GracefulServer(Server):
    """Before it closes its listener it closes the application's admission and waits for what is inside.

    All of that takes at most `timeout_graceful_shutdown` seconds. As with uvicorn a second SIGINT ends it at once and
    a second SIGTERM does not: where a whole group of processes is sent one, the first sends another to its workers.
    """

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._retired = False

    def retire(self) -> None:
        """Let others on the same socket have what comes: at the end the listener is closed first."""
        self._retired = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop. uvicorn would raise the signal once more at the end, and being told to stop would look like a crash."""
        if sig == signal.SIGTERM:
            self.should_exit = True
        else:
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: D102
        admission: Admission | None = self.lifespan.state.get(STATE)
        if admission is not None and not self._retired:
            await self._finish(admission)
        await super().shutdown(sockets)

    async def _finish(self, admission: Admission) -> None:
        """Wait until nothing is inside, and leave uvicorn what is left of the time."""
        admission.close()
        patience = self.config.timeout_graceful_shutdown
        begun = asyncio.get_running_loop().time()
        left = math.inf if patience is None else patience
        while admission.inside and left > 0 and not self.force_exit:
            await asyncio.sleep(min(POLL, left))
            await self.on_tick(0)  # nobody else sets the date of the replies now
            if patience is not None:
                left = begun + patience - asyncio.get_running_loop().time()
        if self.force_exit:
            left = 0
        if left < math.inf:
            self.config.timeout_graceful_shutdown = max(math.ceil(left), 0)


class Worker(multiprocess.Process):
    """One of several processes on a socket.

    `served`: whether it was ever seen to. `due`: once it is dead, from when another may be started in its place, as a
    moment of `time.monotonic()`.
    """

    served = False
    due: float | None = None

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """What the process runs."""
        # Made before the thread that tells the parent of its state asks for it too.
        server = self._server = GracefulServer(self.config)
        signal.signal(RETIRE, lambda *_: server.retire())
        try:
            super().target(sockets)
        except Exception as error:
            if server.started:
                raise
            if isinstance(error, TolmachError):
                logger.error("%s", error.message)
            else:
                logger.exception("no application could be made")
            # With any other status it would be started again at once, only to fail again, and so on for ever.
            sys.exit(STARTUP_FAILURE)

    def start(self) -> None:
        """Start it, and leave its end of the pipe to it alone: if it dies, nobody waits for its answer any longer."""
        super().start()
        self.child_conn.close()

    def _healthcheck(self, timeout: float) -> bool | None:
        answer = super()._healthcheck(timeout)
        self.served = self.served or answer is True
        return answer

    def terminate(self) -> None:
        """Stop this one alone, as when it is replaced: what it would refuse, the others can do."""
        if self.pid is not None and self.exitcode is None:
            os.kill(self.pid, RETIRE)
        super().terminate()

    def stop(self) -> None:
        """Stop it together with all others."""
        super().terminate()


# The supervisor has no other way to be told what its processes are.
multiprocess.Process = Worker  # type: ignore[misc]


class Workers(multiprocess.Multiprocess):
    """The supervisor.

    Where a process fails to start, none will, and it ends: but only as long as none has served. Later those that do
    are worth more than the one that is missing, which is tried again from time to time.
    """

    def __init__(self, config: Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._served = False  # any process, ever
        self._failures = 0  # in a row: processes that ended before they served
        self._leaving: list[multiprocess.Process] = []  # told to stop while the others were not

    @property
    def started(self) -> bool:
        """Whether any of the processes has served, or at least none has failed before it did."""
        return self._served or all(process.exitcode != STARTUP_FAILURE for process in self.processes)

    def keep_subprocess_alive(self) -> None:
        """Replace those that died: at once, or when it is time after one that never served."""
        for index, process in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            assert isinstance(process, Worker)
            if process.due is None:
                alive = process.is_alive(timeout=self.config.timeout_worker_healthcheck)
                self._served = self._served or process.served
                if alive:
                    continue
                process.due = self._bury(process)
            if time.monotonic() >= process.due:
                self.processes[index] = new = Worker(self.config, self.sockets)
                new.start()

    def _bury(self, process: Worker) -> float:
        """Make sure that a process is dead; from when another may be started in its place."""
        _end(process)
        if process.served:
            logger.warning("process %s died", process.pid)
            self._failures = 0
            return time.monotonic()
        if process.exitcode == STARTUP_FAILURE and not self._served:
            logger.error("process %s failed to start, and none serves: the service ends", process.pid)
            self.should_exit.set()
            return math.inf
        self._failures += 1
        wait = min(2.0 ** min(self._failures, MOST_DOUBLED), LONGEST_BACKOFF)
        logger.error("process %s ended before it served; another is started in %.0f s", process.pid, wait)
        return time.monotonic() + wait

    def restart_all(self) -> None:
        """Replace one process after another, until told to stop: that signal is then the next that is handled.

        uvicorn's own looks at no signal before the last one is replaced, and each may have work for minutes. Those that
        die meanwhile are replaced as ever.
        """
        for index in range(len(self.processes)):
            if self._is_to_stop():
                return
            new = Worker(self.config, self.sockets)
            new.start()
            serves, old = self._serves(new), self.processes[index]
            if serves:
                leaves, self.processes[index] = old, new
            elif self._is_to_stop():
                leaves = new  # not killed: it may have taken something in since it was asked
            else:
                logger.error("the new process %s does not serve; %s and those after it stay", new.pid, old.pid)
                _end(new)
                return
            leaves.terminate()
            if not self._ended(leaves):
                self._leaving.append(leaves)
                return

    def _is_to_stop(self) -> bool:
        return self.should_exit.is_set() or not STOP.isdisjoint(self.signal_queue)

    def _serves(self, process: Worker) -> bool:
        """Wait until a process serves. False where it ends before, takes too long, or all are told to stop."""
        until = time.monotonic() + REPLACEMENT_SECONDS
        while not process.wait_until_ready(POLL):
            if process.exitcode is not None or self._is_to_stop() or time.monotonic() > until:
                return False
            self.keep_subprocess_alive()
        return True

    def _ended(self, process: multiprocess.Process) -> bool:
        """Wait until a process has ended. False where all are told to stop before."""
        while process.exitcode is None and not self._is_to_stop():
            time.sleep(POLL)
            self.keep_subprocess_alive()
        return process.exitcode is not None

    def terminate_all(self) -> None:
        """Stop all processes at the same time; none is left to do what another one refuses."""
        for process in self.processes:
            assert isinstance(process, Worker)
            process.stop()

    def join_all(self) -> None:
        """Wait until all have ended, and those that were being replaced too."""
        super().join_all()
        for process in self._leaving:
            process.join()


def _end(process: Worker) -> None:
    """Kill a process, unless it is dead, and forget it if it was of no use."""
    process.kill()
    process.join()
    if not process.served and process.pid is not None:
        forget(process.pid)
