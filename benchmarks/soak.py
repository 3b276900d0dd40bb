"""Whether memory stays flat: resident size over many mixed requests. Prints a table in Markdown; exit status 1 if not.

    python -m benchmarks.soak [--engine fake|ctranslate2] [--requests 20000]

Articles, single lines, malformed bodies, streams (some left half-way), summaries and figures come in a fixed mix, no
text twice, so that everything that could pile up does. The memory is on, in a store of its own, with a small cache that
is full when the warm-up ends: memory that a bound allows is no leak. Flat means that the mean of the last quarter is
within 5 % of that of the first quarter after the warm-up.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean

import httpx2

from benchmarks.pipeline import ARTICLES
from benchmarks.processes import Server, tolmach
from benchmarks.serving import sentences_of
from benchmarks.tables import table

CLIENTS = 16
SAMPLES = 40
WARM_UP = 0.2  # of the requests
FLAT = 0.05
SMALL = {"TOLMACH_MEMORY_CACHE_BYTES": "2000000", "TOLMACH_MEMORY_ROWS": "20000", "TOLMACH_LOG_LEVEL": "error"}
MALFORMED = (b"{", b'{"text": 1}', b'{"txet": "a"}', b"\xff\xfe{}", b'{"text": ""}', b"[" * 10_000, b'{"source": "xx"}')
JSON = {"Content-Type": "application/json"}

Job = Callable[[httpx2.Client, int], int]  # (client, number) -> status


class Mix:
    """Requests; each text has the request's number in it, so that none was seen before."""

    def __init__(self) -> None:
        self._texts = [path.read_text(encoding="utf-8") for path in ARTICLES if path.name[:2] in {"ro", "it", "uk"}]
        self._lines = [(code, line) for code in ("ro", "it", "uk") for line in sentences_of(code)]

    def article(self, client: httpx2.Client, number: int) -> int:
        return client.post("/v1/articles", json={"text": self._text(number)}).status_code

    def line(self, client: httpx2.Client, number: int) -> int:
        code, line = self._lines[number % len(self._lines)]
        return client.post("/v1/translate", json={"text": f"{number}: {line}", "source": code}).status_code

    def malformed(self, client: httpx2.Client, number: int) -> int:
        body = MALFORMED[number % len(MALFORMED)]
        status = client.post("/v1/articles", content=body, headers=JSON).status_code
        return status if status >= 500 else 200

    def stream(self, client: httpx2.Client, number: int) -> int:
        accept = {"Accept": "application/x-ndjson"}
        with client.stream("POST", "/v1/articles", json={"text": self._text(number)}, headers=accept) as reply:
            for place, _ in enumerate(reply.iter_lines()):
                if number % 3 == 0 and place == 2:  # the caller leaves
                    break
            return reply.status_code

    def summary(self, client: httpx2.Client, number: int) -> int:
        return client.post("/v1/summarize", json={"text": self._text(number), "words": 60}).status_code

    def figures(self, client: httpx2.Client, number: int) -> int:
        code, line = self._lines[number % len(self._lines)]
        asked = {"text": line, "language": code, "against": f"It cost {number} million."}
        return client.post("/v1/figures", json=asked).status_code

    def _text(self, number: int) -> str:
        text = self._texts[number % len(self._texts)]
        return text.replace(". ", f" {number}. ")

    @property
    def kinds(self) -> list[tuple[Job, int]]:
        """The requests, and how many of twenty are such."""
        return [
            (self.line, 8),
            (self.article, 3),
            (self.figures, 3),
            (self.summary, 2),
            (self.stream, 2),
            (self.malformed, 2),
        ]


def run(server: Server, requests: int) -> Iterator[tuple[int, float, int]]:
    """(requests so far, resident MiB, failures) from time to time. A failure is a status of 500 or more, or none."""
    chance = random.Random(7)  # noqa: S311
    mix = Mix()
    jobs = [job for job, many in mix.kinds for _ in range(many)]
    numbered = [(number, chance.choice(jobs)) for number in range(requests)]
    failures = 0

    def one(numbered: tuple[int, Job]) -> bool:
        number, job = numbered
        try:
            return job(server.client, number) != httpx2.codes.OK
        except httpx2.HTTPError:
            return True

    yield 0, server.rss(), 0
    with ThreadPoolExecutor(CLIENTS) as pool:
        step = max(1, requests // SAMPLES)
        for start in range(0, requests, step):
            part = numbered[start : start + step]
            failures += sum(pool.map(one, part))
            yield start + len(part), server.rss(), failures


def drift(samples: list[tuple[int, float, int]]) -> float:
    """By what share the last quarter lies above the first after the warm-up."""
    after = [rss for done, rss, _ in samples if done >= WARM_UP * samples[-1][0]]
    quarter = max(1, len(after) // 4)
    return mean(after[-quarter:]) / mean(after[:quarter]) - 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["fake", "ctranslate2"], default="fake")
    parser.add_argument("--requests", type=int, default=20_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{Path(folder) / 'memory.sqlite3'}"
        with tolmach(TOLMACH_ENGINE=given.engine, TOLMACH_MEMORY=store, **SMALL) as server:
            begun = time.perf_counter()
            samples = []
            for sample in run(server, given.requests):
                samples.append(sample)
                print(f"{sample[0]} requests, {sample[1]:.0f} MiB", file=sys.stderr)  # a run may take an hour
            took = time.perf_counter() - begun
    print(
        f"{given.requests} requests, {CLIENTS} clients, engine {given.engine}: {given.requests / took:.0f} a second\n"
    )
    table(["requests", "RSS, MiB", "failures"], samples[:: max(1, len(samples) // 10)])
    moved = drift(samples)
    print(f"After the warm-up: {moved:+.1%}, {'flat' if abs(moved) <= FLAT else 'NOT FLAT'}")
    sys.exit(abs(moved) > FLAT or samples[-1][2] > 0)


if __name__ == "__main__":
    main()
