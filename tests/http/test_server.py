"""How a service ends: what it took in is answered, and who comes meanwhile is told to come back."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE

from service.http import server
from service.translation.fake import reveal
from tests.http.held import GATE, TAKEN, WORD
from tests.http.live import answers, get, metric, post, problem, process, raw, request, wait_for

SERVE = ("-c", "from service.cli import main; main()", "serve")
LONG = 60.0  # seconds, on a machine whose cores are busy with other things
# Refused at once, with 406, by a service that takes work in, however much it has in hand.
UNHEARD_OF = request(b"Text.", headers=b"Accept: image/png\r\n")


@contextmanager
def held(gate: Path, workers: int = 1, **environment: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    environment |= {GATE: str(gate), "TOLMACH_WORKERS": str(workers), "TOLMACH_THREADS": "1"}
    with process("-m", "tests.http.held", **environment) as (running, port):
        try:
            yield running, port
        finally:
            gate.touch()


def in_hand(folder: Path, many: int, replies: Sequence[Future[tuple[int, str]]]) -> bool:
    """Whether so many requests come to be worked on; one that ends before that says how."""
    wait_for(lambda: taken(folder) == many or any(reply.done() for reply in replies), LONG)
    assert [reply.result() for reply in replies if reply.done()] == []
    return taken(folder) == many


def taken(folder: Path) -> int:
    return sum(file.name.startswith(TAKEN) for file in folder.iterdir())


def refusal(port: int) -> bytes:
    """What the service says once it takes nothing new."""
    received: list[bytes] = []

    def refused() -> bool:
        received.append(raw(port, UNHEARD_OF))
        return not received[-1].startswith(b"HTTP/1.1 406 ")

    assert wait_for(refused)
    return received[-1]


@pytest.mark.parametrize(("workers", "many"), [(1, 150), (2, 40)])
def test_told_to_stop_it_answers_all_it_took_in_and_refuses_what_comes(tmp_path: Path, workers: int, many: int) -> None:
    gate = tmp_path / "gate"
    texts = [f"Cererea cu numărul {number} {WORD}." for number in range(many)]
    with ThreadPoolExecutor(many) as pool, held(gate, workers, TOLMACH_WORK_THREADS="20") as (running, port):
        assert wait_for(lambda: len(processes(tmp_path)) == workers, LONG)
        replies = [pool.submit(post, port, text, 2 * LONG) for text in texts]
        assert in_hand(tmp_path, many, replies)
        assert wait_for(lambda: metric(port, "tolmach_requests_running") == many + 1)
        running.send_signal(signal.SIGTERM)
        late = refusal(port)
        assert late.startswith(b"HTTP/1.1 503 ")
        assert problem(late)["code"] == "shutting_down"
        assert re.search(rb"\r\nretry-after: [1-9]\d*\r\n", late)
        assert re.search(rb"(?i)\r\nconnection: close\r\n", late)
        assert wait_for(lambda: get(port, "/health/ready")[0] == 503)
        assert get(port, "/health/live")[0] == 200
        assert not any(reply.done() for reply in replies)
        gate.touch()
        assert [reply.result(LONG) for reply in replies] == [(200, f"{reveal(text)}\n") for text in texts]
        assert running.wait(LONG) == 0
        assert not answers(port)


def test_a_second_interrupt_ends_it_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool, held(tmp_path / "gate") as (running, port):
        reply = pool.submit(post, port, f"Cineva {WORD}.", 2 * LONG)
        assert in_hand(tmp_path, 1, [reply])
        running.send_signal(signal.SIGTERM)
        refusal(port)
        assert not reply.done()
        running.send_signal(signal.SIGINT)
        status, body = reply.result(LONG)
        assert (status, json.loads(body)["code"]) == (503, "shutting_down")
        assert running.wait(LONG) == 0


def test_nobody_is_refused_while_processes_are_replaced(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with ThreadPoolExecutor(1) as pool, held(gate, 2) as (running, port):
        reply = pool.submit(post, port, f"Cineva {WORD}.", 2 * LONG)
        assert in_hand(tmp_path, 1, [reply])
        assert wait_for(lambda: len(processes(tmp_path)) == 2, LONG)
        before = processes(tmp_path)
        running.send_signal(signal.SIGHUP)
        found: set[bytes] = set()

        def replaced() -> bool:
            with suppress(OSError):
                found.add(raw(port, UNHEARD_OF)[:13])
            if processes(tmp_path) - before:
                gate.touch()  # the one that is to go may wait for it
            return not any(map(lives, before))

        assert wait_for(replaced, 2 * LONG)
        assert found <= {b"HTTP/1.1 406 ", b""}
        assert reply.result(LONG)[0] == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(LONG) == 0


def test_told_to_stop_while_processes_are_replaced_it_stops_and_answers_what_it_took_in(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with ThreadPoolExecutor(1) as pool, held(gate, 2) as (running, port):
        reply = pool.submit(post, port, f"Cineva {WORD}.", 2 * LONG)
        assert in_hand(tmp_path, 1, [reply])
        assert wait_for(lambda: len(processes(tmp_path)) == 2, LONG)
        running.send_signal(signal.SIGHUP)
        assert wait_for(lambda: len(processes(tmp_path)) > 2, LONG)
        running.send_signal(signal.SIGTERM)

        def takes_nothing_new() -> bool:
            with suppress(OSError):
                return not raw(port, UNHEARD_OF, timeout=2).startswith(b"HTTP/1.1 406 ")
            return True  # whoever listens looks at no newcomer

        assert wait_for(takes_nothing_new)
        assert not reply.done()
        gate.touch()
        assert reply.result(LONG)[0] == 200
        assert running.wait(LONG) == 0


def processes(folder: Path) -> set[int]:
    return {int(file.name) for file in folder.iterdir() if file.name.isdigit()}


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_several_processes_share_their_metrics_and_stop_together() -> None:
    with process(*SERVE, "--workers", "2", TOLMACH_WORK_THREADS="4") as (running, port):
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(lambda n: post(port, f"Rândul {n}.")[0] == 200, range(40)))
        answered = 'tolmach_requests_total{method="POST",route="/v1/translate",status="200"}'
        assert wait_for(lambda: metric(port, answered) >= 40)
        running.send_signal(signal.SIGTERM)
        assert running.wait(LONG) == 0
        assert not answers(port)


def test_an_address_that_is_taken_is_a_failure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, *SERVE, "--port", port]
        done = subprocess.run(command, env={**os.environ, "TOLMACH_ENGINE": "fake"}, timeout=60, check=False)
    assert done.returncode == STARTUP_FAILURE


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"TOLMACH_MEMORY": "nonsense"}, "TOLMACH_MEMORY is neither"),  # found when the application starts
        ({"TOLMACH_TRACING": "true"}, "TOLMACH_TRACING needs"),  # found when it is made
    ],
)
def test_workers_that_cannot_start_are_a_failure_and_not_tried_for_ever(
    tmp_path: Path, setting: dict[str, str], said: str
) -> None:
    hides = tmp_path / "opentelemetry" / "exporter.py"  # as if the extra were not installed
    hides.parent.mkdir()
    hides.write_text("raise ImportError", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *SERVE, "--port", "0", "--workers", "2"],
        env={**os.environ, "TOLMACH_ENGINE": "fake", "PYTHONPATH": str(tmp_path), **setting},
        stderr=subprocess.PIPE,
        text=True,
        timeout=90,
        check=False,
    )
    assert said in done.stderr
    assert done.returncode == STARTUP_FAILURE


@pytest.mark.parametrize(
    ("error", "traced"), [("TolmachError('A setting is wrong.')", False), ("OSError('A folder is missing.')", True)]
)
def test_a_worker_that_cannot_make_its_application_is_seen_to_have_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: str, traced: bool
) -> None:
    factory = f"from service.errors import TolmachError\ndef application():\n    raise {error}\n"
    (tmp_path / "cannot_be_made.py").write_text(factory, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    worker = server.Worker(Config("cannot_be_made:application", factory=True, log_config=None), [])
    worker.start()
    try:
        assert worker.parent_conn.poll(60)  # its end is closed by its death, since nobody else holds it
        worker.join()
        assert worker.exitcode == STARTUP_FAILURE
    finally:
        worker.kill()
    said = capfd.readouterr().err
    assert error.partition("'")[2].rstrip("')") in said
    assert ("Traceback" in said) == traced
