import os
import re
import subprocess
import sys
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from service.app import create_app
from service.settings import Settings
from service.telemetry import metrics as telemetry
from service.telemetry.metrics import METHODS, Metrics
from service.telemetry.series import SERIES
from service.translation.batching import BatchingSnapshot
from service.translation.fake import FakeEngine, Fault, reveal
from service.translation.memory import MemorySnapshot
from service.translation.store import StoreSnapshot

TEXT = "Guvernul a dat 6.000 de lei fiecărei familii. Apoi 50 de oameni au plecat."


def samples(exposition: str) -> dict[tuple[str, ...], float]:
    """Value by name and values of labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
    }


def scraped(metrics: Metrics) -> dict[tuple[str, ...], float]:
    return samples(metrics.exposition().decode())


@dataclass
class Queue:
    waiting_sentences: int = 3
    sentences: int = 10
    batch_sizes: dict[int, int] = field(default_factory=lambda: {8: 2})
    fill: float = 0.75


def test_what_was_answered_is_counted_by_template_and_status() -> None:
    with TestClient(create_app(Settings(), FakeEngine())) as client:
        client.post("/v1/articles", json={"text": TEXT, "source": "ro"})
        client.post("/v1/articles", json={"texto": TEXT})
        for number in range(50):
            client.get(f"/wp-admin/{number}")
        found = samples(client.get("/metrics").text)
    assert found["tolmach_requests_total", "POST", "/v1/articles", "200"] == 1
    assert found["tolmach_requests_total", "POST", "/v1/articles", "422"] == 1
    assert found["tolmach_requests_total", "GET", "other", "404"] == 50
    assert found["tolmach_request_seconds_count", "POST", "/v1/articles"] == 2
    assert found["tolmach_characters_total",] == len(TEXT)
    assert found["tolmach_segments_total", "ro"] == 2
    assert found["tolmach_figures_total", "kept"] + found["tolmach_figures_total", "repaired"] == 2


def test_warnings_are_counted_by_kind() -> None:
    with TestClient(create_app(Settings(), FakeEngine(Fault.ECHO, only=lambda sentence: sentence in TEXT))) as client:
        client.post("/v1/translate", json={"text": TEXT, "source": "ro"})
        assert samples(client.get("/metrics").text)["tolmach_warnings_total", "untranslated"] == 2


def test_labels_hold_nothing_of_a_text_or_a_sender() -> None:
    with TestClient(create_app(Settings(), FakeEngine())) as client:
        client.post(f"/v1/translate?title={TEXT}", json={"text": TEXT}, headers={"X-API-Key": "k" * 40})
        client.request("BREW", "/v1/translate")
        client.get(f"/v1/{TEXT}")
        exposition = client.get("/metrics").text
    for secret in ("Guvernul", reveal("Guvernul"), "6.000", "kkkk", "testclient", "BREW"):
        assert secret not in exposition
    labels = set(re.findall(r'(\w+)="', exposition))
    assert labels == {"method", "route", "status", "language", "verdict", "step", "sentences", "le", "model"}


def test_a_watched_part_is_exported_as_far_as_it_tells() -> None:
    queue = Queue()
    metrics = Metrics()
    metrics.watch("queue", lambda: queue, "a")
    metrics.watch("nothing we know", lambda: 1)
    assert scraped(metrics)["tolmach_queue_sentences_total", "a"] == 10
    queue.sentences, queue.waiting_sentences, queue.batch_sizes[16] = 25, 0, 1
    found = scraped(metrics)
    assert found["tolmach_queue_sentences_total", "a"] == 25
    assert found["tolmach_queue_waiting_sentences", "a"] == 0
    assert found["tolmach_queue_fill", "a"] == 0.75
    assert found["tolmach_queue_batches_by_size_total", "a", "8"] == 2
    assert found["tolmach_queue_batches_by_size_total", "a", "16"] == 1
    assert not any("expired" in name for name, *_ in found)


def test_each_model_has_its_own_queue_and_memory_and_all_have_one_store() -> None:
    metrics = Metrics()
    metrics.watch("store", lambda: SimpleNamespace(written=5))
    busy, idle = Queue(), Queue(0, 0, {})
    metrics.watch("queue", lambda: busy, "a")
    metrics.watch("queue", lambda: idle, "b")
    metrics.watch("memory", lambda: SimpleNamespace(hits=4), "b")
    scraped(metrics)
    idle.sentences = 2
    found = scraped(metrics)
    assert (found["tolmach_queue_sentences_total", "a"], found["tolmach_queue_sentences_total", "b"]) == (10, 2)
    assert (found["tolmach_queue_waiting_sentences", "a"], found["tolmach_queue_waiting_sentences", "b"]) == (3, 0)
    assert found["tolmach_memory_hits_total", "b"] == 4
    assert found["tolmach_memory_store_written_total",] == 5


def test_a_part_that_fails_costs_its_own_metrics_only(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics()
    metrics.watch("queue", lambda: 1 / 0, "a")
    metrics.watch("memory", lambda: SimpleNamespace(hits=4), "a")
    assert scraped(metrics)["tolmach_memory_hits_total", "a"] == 4
    assert "no snapshot of the queue" in caplog.text


def names_of(snapshot: type[Any]) -> set[str]:
    return {each.name for each in fields(snapshot)} | set(dir(snapshot))


@pytest.mark.parametrize(
    ("part", "snapshot"), [("queue", BatchingSnapshot), ("memory", MemorySnapshot), ("store", StoreSnapshot)]
)
def test_every_series_is_one_that_its_part_has(part: str, snapshot: type[Any]) -> None:
    for series in SERIES[part]:
        assert series.attribute in names_of(snapshot), series.attribute


def test_the_service_tells_of_its_queue_and_its_memory() -> None:
    with TestClient(create_app(Settings(), FakeEngine())) as client:
        for _ in range(2):
            client.post("/v1/translate", json={"text": TEXT, "source": "ro", "repair": False})
        found = samples(client.get("/metrics").text)
    assert found["tolmach_queue_sentences_total", "fake"] == 2
    assert found["tolmach_memory_misses_total", "fake"] == 2
    assert found["tolmach_memory_hits_total", "fake"] == 2
    assert found["tolmach_memory_degraded", "fake"] == 0


def test_names_are_told_apart() -> None:
    names = [series.name for part in SERIES.values() for series in part]
    assert len(names) == len(set(names))
    assert "GET" in METHODS


PROCESS = """
import sys
from types import SimpleNamespace
from service.telemetry.metrics import Metrics
metrics = Metrics()
metrics.request_began()
metrics.request_ended("GET", "/v1/models", 200, 0.1)
metrics.request_began()
metrics.charged(5)
for model, waiting in (("a", 2), ("b", 3)):
    metrics.watch("queue", lambda waiting=waiting: SimpleNamespace(tokens=10, waiting_sentences=waiting), model)
metrics.refresh()
if sys.argv[1] == "scrape":
    sys.stdout.write(metrics.exposition().decode())
"""


def test_a_scrape_of_one_process_tells_of_all_and_forgets_what_the_dead_had_in_hand(tmp_path: Path) -> None:
    (tmp_path / "counter_1.db").touch()  # of a process that was killed before it wrote anything
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", PROCESS, "end"], env=environment, check=True, timeout=60)
    scrape = subprocess.run(
        [sys.executable, "-c", PROCESS, "scrape"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = samples(scrape.stdout)
    assert found["tolmach_requests_total", "GET", "/v1/models", "200"] == 3
    assert found["tolmach_characters_total",] == 15
    assert found["tolmach_requests_running",] == 1
    assert (found["tolmach_queue_tokens_total", "a"], found["tolmach_queue_tokens_total", "b"]) == (30, 30)
    assert (found["tolmach_queue_waiting_sentences", "a"], found["tolmach_queue_waiting_sentences", "b"]) == (2, 3)


def test_two_scrapes_may_forget_the_same_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, other = tmp_path / "gauge_livesum_7.db", tmp_path / "gauge_livesum_17.db"
    for file in (dead, other):
        file.touch()
    unlink = Path.unlink

    def beaten_to_it(file: Path, missing_ok: bool = False) -> None:
        unlink(file)
        unlink(file, missing_ok)

    def kill(pid: int, _: int) -> None:
        if pid == 7:
            raise ProcessLookupError

    monkeypatch.setattr(Path, "unlink", beaten_to_it)
    monkeypatch.setattr(os, "kill", kill)
    telemetry._forget_the_dead(tmp_path)
    assert list(tmp_path.iterdir()) == [other]


def test_a_file_that_is_forgotten_during_a_scrape_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    (tmp_path / "counter_7.db").write_bytes(bytes(64))
    read: list[list[str]] = []

    def forgotten(files: list[str], **_: object) -> list[object]:
        read.append(files)
        telemetry.forget(7)
        if files:
            raise FileNotFoundError
        return []

    monkeypatch.setattr(telemetry._AllProcesses, "merge", staticmethod(forgotten))
    assert telemetry._AllProcesses(None, str(tmp_path)).collect() == []
    assert read == [[str(tmp_path / "counter_7.db")], []]


def test_what_an_earlier_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    telemetry.start_afresh(folder)
    for name in ("counter_7.db", "gauge_livesum_7.db", "histogram_7.db"):
        (folder / name).touch()
    keys = folder / "keys.db"
    keys.touch()
    telemetry.start_afresh(folder)
    assert list(folder.iterdir()) == [keys]


def test_nothing_is_forgotten_where_nothing_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    telemetry.forget(7)
