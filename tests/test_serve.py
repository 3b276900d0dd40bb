"""What a process that serves sets up beside the application, and what is left of it when it is killed."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import BadSetting
from service.serve import shared_metrics
from service.telemetry.metrics import SHARED_FOLDER
from service.translation.fake import reveal
from tests.http.live import metric, post, process, wait_for

START = """
import asyncio, gc
from service.serve import application
app = application()
async def start():
    before = gc.get_freeze_count()
    async with app.router.lifespan_context(app):
        print(before, gc.get_freeze_count())
asyncio.run(start())
"""


def test_what_lasts_is_out_of_the_garbage_collectors_rounds() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "TOLMACH_ENGINE": "fake"},
    )
    before, after = map(int, done.stdout.split())
    assert before == 0
    assert after > 10_000


def test_processes_share_a_folder_as_long_as_they_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SHARED_FOLDER, raising=False)
    with shared_metrics(1):
        assert SHARED_FOLDER not in os.environ
    with shared_metrics(2):
        folder = Path(os.environ[SHARED_FOLDER])
        assert folder.is_dir()
    assert not folder.exists()
    assert SHARED_FOLDER not in os.environ


@pytest.mark.parametrize("workers", [1, 2])
def test_a_folder_that_is_given_starts_without_what_an_earlier_run_left(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "counter_7.db"
    left.touch()
    monkeypatch.setenv(SHARED_FOLDER, str(tmp_path))
    with shared_metrics(workers):
        assert not left.exists()
    assert tmp_path.is_dir()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(SHARED_FOLDER, str(tmp_path / "file"))
    with pytest.raises(BadSetting, match=r"PROMETHEUS_MULTIPROC_DIR: .*file: "), shared_metrics(2):
        pass


SERVE = ("-c", "from service.cli import main; main()", "serve")


def correct(port: int, source: str, english: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        body = json.dumps({"language": "ro", "source": source, "english": english})
        connection.request("PUT", "/v1/memory", body, {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_was_translated_and_corrected_outlives_a_kill(tmp_path: Path) -> None:
    memory = f"sqlite:///{tmp_path / 'memory.sqlite3'}"
    first, second = "Guvernul a adoptat bugetul.", "Plouă cu găleata."
    text = f"{first} {second}"
    with process(*SERVE, TOLMACH_MEMORY=memory) as (running, port):
        assert post(port, text) == (200, f"{reveal(first)} {reveal(second)}\n")
        assert wait_for(lambda: metric(port, "tolmach_memory_store_rows") >= 2)
        assert wait_for(lambda: metric(port, "tolmach_memory_store_waiting_rows") == 0)
        assert correct(port, second, "It is raining cats and dogs.") == 200
        running.kill()
        running.wait(30)
    with process(*SERVE, TOLMACH_MEMORY=memory) as (_, port):
        assert post(port, text) == (200, f"{reveal(first)} It is raining cats and dogs.\n")
        assert metric(port, 'tolmach_memory_stored_hits_total{model="fake"}') == 2
        assert metric(port, 'tolmach_memory_human_hits_total{model="fake"}') == 1
        assert metric(port, 'tolmach_memory_misses_total{model="fake"}') == 0
        assert metric(port, 'tolmach_queue_batches_total{model="fake"}') == 0
