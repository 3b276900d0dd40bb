"""Prometheus metrics. Labels have few values, all of our own making: never a text, a key or an address.

With several processes (`PROMETHEUS_MULTIPROC_DIR` names a folder that they share) each scrape sums up all of them.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections import Counter as Occurrences
from collections.abc import Callable, Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from service.telemetry.series import OF_A_MODEL, SERIES, Series
from service.types import Report

logger = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# From a line out of the memory to a long article on a busy machine, in seconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)

REFRESH_EVERY = 1.0  # seconds; between scrapes only other processes look at what this one has written

# What the library calls its files.
_FILE = re.compile(r"(?:counter|histogram|summary|gauge_[a-z]+)_\d+\.db")

disable_created_metrics()  # type: ignore[no-untyped-call]  # a time for each counter doubles a scrape, and nobody reads it

Snapshot = Callable[[], object]


class Metrics:
    """The metrics of one application, in a registry of their own. Thread-safe."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._watched: dict[tuple[str, str], tuple[Snapshot, dict[tuple[str, ...], float]]] = {}
        self._exported: dict[str, Counter | Gauge] = {}
        self._lock = threading.Lock()
        self._refreshed = 0.0
        labels = ("method", "route", "status")
        self._requests = self._counter("requests", "Requests answered.", labels)
        self._seconds = Histogram(
            "tolmach_request_seconds",
            "Time to answer a request, to its last byte.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._running = Gauge(
            "tolmach_requests_running",
            "Requests being answered.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._characters = self._counter("characters", "Characters taken in to be worked on.")
        self._articles = self._counter("articles", "Texts worked through.", ("language",))
        self._segments = self._counter("segments", "Segments of these texts.", ("language",))
        self._figures = self._counter("figures", "Figures by what became of them.", ("verdict",))
        self._warnings = self._counter("warnings", "Segments whose English is suspect.", ("kind",))
        self._step_seconds = self._counter("step_seconds", "Time spent on each step of the desk.", ("step",))

    def request_began(self) -> None:
        """One more is being answered."""
        self._running.inc()

    def request_ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is the template of a path, never the path; `status` is 499 where the caller left first."""
        self._running.dec()
        method = method if method in METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        if SHARED_FOLDER in os.environ and time.monotonic() - self._refreshed > REFRESH_EVERY:
            self.refresh()

    def charged(self, characters: int) -> None:
        """That many characters came in."""
        self._characters.inc(characters)

    def worked_through(self, report: Report) -> None:
        """Count what a report says, not what is in it."""
        language = report.article.language.code
        self._articles.labels(language).inc()
        self._segments.labels(language).inc(len(report.segments))
        for verdict, many in Occurrences(check.verdict.value for check in report.checks).items():
            self._figures.labels(verdict).inc(many)
        kinds = Occurrences(warning.value for segment in report.segments for warning in segment.warnings)
        for kind, many in kinds.items():
            self._warnings.labels(kind).inc(many)
        for step, milliseconds in report.timings_ms.items():
            self._step_seconds.labels(step).inc(milliseconds / 1000)

    def watch(self, part: str, snapshot: Snapshot, model: str = "") -> None:
        """Export what `snapshot()` says of a part (`queue`, `memory`, `store`): those attributes of SERIES that it has.

        `model` is the id of the one that the part belongs to, where each has its own (OF_A_MODEL).
        """
        with self._lock:
            self._watched[part, model] = snapshot, {}

    def exposition(self) -> bytes:
        """All metrics in Prometheus's text format, of all processes that share the folder."""
        self.refresh()
        folder = os.environ.get(SHARED_FOLDER)
        if not folder:
            return generate_latest(self._registry)
        _forget_the_dead(Path(folder))
        together = CollectorRegistry()
        _AllProcesses(together, folder)
        return generate_latest(together)

    def refresh(self) -> None:
        """Bring what is exported of the watched parts up to date. Cheap; never raises."""
        self._refreshed = time.monotonic()
        with self._lock:
            for (part, model), (snapshot, last) in self._watched.items():
                try:
                    state = snapshot()
                except Exception:
                    logger.exception("no snapshot of the %s", part)
                    continue
                owner = {"model": model} if part in OF_A_MODEL else {}
                for series in SERIES.get(part, ()):
                    self._export(series, getattr(state, series.attribute, None), owner, last)

    def _export(self, series: Series, value: object, owner: dict[str, str], last: dict[tuple[str, ...], float]) -> None:
        for own, number in _numbers(value):
            labels = (*owner.values(), *own)
            metric = self._exported.get(series.name) or self._make(series, owner)
            child = metric.labels(*labels) if labels else metric
            if isinstance(child, Gauge):
                child.set(number)
            else:
                # A counter of ours grows by what theirs grew, so that processes can be summed up.
                before = last.get((series.name, *labels), 0.0)
                child.inc(max(number - before, 0.0))
                last[series.name, *labels] = number

    def _make(self, series: Series, owner: Iterable[str]) -> Counter | Gauge:
        labels = (*owner,) if series.label is None else (*owner, series.label)
        if series.counts:
            metric: Counter | Gauge = Counter(f"tolmach_{series.name}", series.help, labels, registry=self._registry)
        else:
            metric = Gauge(
                f"tolmach_{series.name}",
                series.help,
                labels,
                registry=self._registry,
                multiprocess_mode="livemax" if series.share else "livesum",
            )
        self._exported[series.name] = metric
        return metric

    def _counter(self, name: str, text: str, labels: Iterable[str] = ()) -> Counter:
        return Counter(f"tolmach_{name}", text, tuple(labels), registry=self._registry)


class _AllProcesses(MultiProcessCollector):
    """What all processes have written, as far as it can be read.

    A file is empty from when it is made until its first page is there; of a process that was killed in between it stays
    so, and the library's own collector fails on it at every scrape from then on.
    """

    def __init__(self, registry: CollectorRegistry | None, folder: str) -> None:
        super().__init__(registry, folder)  # type: ignore[no-untyped-call]

    def collect(self) -> list[Metric]:
        """All metrics, summed up."""
        while True:
            files = [str(file) for file in Path(self._path).glob("*.db") if _size(file)]
            try:
                return list(self.merge(files, accumulate=True))  # type: ignore[no-untyped-call]
            except FileNotFoundError:  # forgotten since it was listed, and not listed again
                continue


def start_afresh(folder: Path) -> None:
    """Make the folder that processes share, and remove what those of an earlier run left there. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        if _FILE.fullmatch(file.name):
            file.unlink()


def forget(pid: int) -> None:
    """Remove what a process left that never served: its counts are zeros, and there may be many like it."""
    folder = os.environ.get(SHARED_FOLDER)
    if folder:
        _remove(Path(folder), f"*_{pid}.db")


def _remove(folder: Path, pattern: str) -> None:
    """Remove files that others may be removing too."""
    for file in folder.glob(pattern):
        file.unlink(missing_ok=True)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _numbers(value: object) -> list[tuple[tuple[str, ...], float]]:
    """A number as one sample without labels, a dictionary of numbers as one a label, anything else as none."""
    if isinstance(value, (int, float)):
        return [((), float(value))]
    if isinstance(value, dict):
        return [((str(label),), float(number)) for label, number in value.items() if isinstance(number, (int, float))]
    return []


def _forget_the_dead(folder: Path) -> None:
    """What a process that is gone had in hand is no longer in hand."""
    names = {file.stem.rpartition("_")[2] for file in folder.glob("gauge_live*_*.db")}
    for pid in map(int, filter(str.isdigit, names)):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            _remove(
                folder, f"gauge_live*_{pid}.db"
            )  # not the library's way, which fails where two scrapes do it at once
        except PermissionError:
            continue
