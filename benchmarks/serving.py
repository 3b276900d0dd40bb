"""The service over HTTP beside its bare engine: same weights, sentences, machine and beam, in one run.

    python -m benchmarks.serving [--transformers]

The limit is CTranslate2 given all sentences at once. Neither the memory nor its cache answers, but where that is
measured. Ratios travel from one machine to another; sentences a second do not.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

import httpx2
from rich.console import Console
from rich.table import Table

from benchmarks.pipeline import ARTICLES, article_of
from service.article.intake import read
from service.article.segments import segment
from service.settings import Settings
from service.translation.engine import Decoding, Engine
from service.translation.load import load

CLIENTS = 16
A_REQUEST = 4  # sentences
FORGETFUL = {"TOLMACH_MEMORY": "off", "TOLMACH_MEMORY_CACHE_BYTES": "0"}
PLAIN = {"repair": False}  # the engine alone has no second decode either


def sentences_of(code: str) -> list[str]:
    """All sentences of our sample articles of a language, each once."""
    texts = [path.read_text(encoding="utf-8") for path in ARTICLES if path.name.startswith(code)]
    found = [each.text for text in texts for each in segment(read(text=text))]
    return list(dict.fromkeys(found))


@contextmanager
def service(**environment: str) -> Iterator[httpx2.Client]:
    """The service in a process of its own, warm."""
    port = "8917"
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", port]
    process = subprocess.Popen(
        command, env={**os.environ, **environment, "TOLMACH_LOG_LEVEL": "error"}, stdout=subprocess.DEVNULL
    )
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)
    try:
        for _ in range(300):
            try:
                if client.get("/health/ready").status_code == httpx2.codes.OK:
                    break
            except httpx2.TransportError:
                pass
            time.sleep(0.1)
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(60)


def seconds(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def translate(client: httpx2.Client, text: str, code: str) -> httpx2.Response:
    reply = client.post("/v1/translate", json={"text": text, "source": code, **PLAIN})
    return reply.raise_for_status()


def throughput(engine: Engine, client: httpx2.Client, work: dict[str, list[str]], rounds: int = 3) -> list[float]:
    """Sentences a second of the bare engine and over HTTP, in turns; the best round of each."""
    requests = [
        (code, "\n".join(many[n : n + A_REQUEST]))
        for code, many in work.items()
        for n in range(0, len(many), A_REQUEST)
    ]
    total = sum(map(len, work.values()))

    def bare() -> None:
        for code, many in work.items():
            engine.translate(many, code, Decoding())

    def served() -> None:
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda request: translate(client, request[1], request[0]), requests))

    runs = [(seconds(bare), seconds(served)) for _ in range(rounds)]
    return [total / min(run[place] for run in runs) for place in range(2)]


def alone(engine: Engine, client: httpx2.Client, rounds: int = 5) -> tuple[float, float]:
    """Seconds of a 500-word article: the bare engine on its sentences, and the service."""
    text = article_of(500, "ro")
    many = [each.text for each in segment(read(text=text, source="ro"))]
    runs = [
        (seconds(lambda: engine.translate(many, "ro", Decoding())), seconds(lambda: translate(client, text, "ro")))
        for _ in range(rounds)
    ]
    return median(run[0] for run in runs), median(run[1] for run in runs)


def quick(client: httpx2.Client, lines: Sequence[str]) -> list[float]:
    """Seconds of one-line requests, one after the other."""
    return sorted(seconds(lambda line=line: translate(client, line, "ro")) for line in lines)  # type: ignore[misc]


def under_load(client: httpx2.Client, lines: Sequence[str]) -> tuple[list[float], list[float]]:
    """One-line requests on an idle service, and while four callers send long articles without a pause."""
    idle = quick(client, lines)
    texts = [article_of(500, code) for code in ("ro", "it", "uk", "ro")]
    stop = False

    def saturate(text: str) -> None:
        while not stop:
            translate(client, text, "auto")

    with ThreadPoolExecutor(len(texts)) as pool:
        running = [pool.submit(saturate, text) for text in texts]
        time.sleep(1)
        busy = quick(client, lines)
        stop = True
        for each in running:
            each.result()
    return idle, busy


def republished(rounds: int = 5) -> float:
    """How many times faster an article is the second time, the whole report over HTTP."""
    text = article_of(500, "uk")
    with service(TOLMACH_MEMORY="off") as client:
        client.post("/v1/translate", json={"text": "Так.", "source": "uk"})
        first = seconds(lambda: client.post("/v1/articles", json={"text": text}).raise_for_status())
        again = [seconds(lambda: client.post("/v1/articles", json={"text": text})) for _ in range(rounds)]
    return first / median(again)


def transformers(work: dict[str, list[str]], threads: int) -> dict[str, float]:
    """Sentences a second of the transformers engine, batched and one by one (a part of the work: it is slow)."""
    engine = load(Settings(engine="transformers", threads=threads))
    few = {code: many[:16] for code, many in work.items()}
    total = sum(map(len, few.values()))
    batched = seconds(lambda: [engine.translate(many, code, Decoding()) for code, many in few.items()])
    single = seconds(lambda: [engine.translate([one], code, Decoding()) for code, many in few.items() for one in many])
    return {"transformers, float32, batched": total / batched, "transformers, float32, one by one": total / single}


def p99(times: Sequence[float]) -> float:
    return times[min(len(times) - 1, int(len(times) * 0.99))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transformers", action="store_true", help="measure the transformers engine too (minutes)")
    chosen = parser.parse_args()
    console = Console()
    work = {code: sentences_of(code) for code in ("ro", "it", "uk")}
    engine = load(Settings())
    table = Table("what", "sentences/s", "of the limit")
    with service(**FORGETFUL) as client:
        bare, served = throughput(engine, client, work)
        lone, through = alone(engine, client)
        lines = [f"Primarul a cumpărat {n} autobuze noi." for n in range(200)]
        idle, busy = under_load(client, lines)
    rows = {"bare CTranslate2, all at once": bare, f"over HTTP, {CLIENTS} clients": served}
    if chosen.transformers:
        rows |= transformers(work, os.cpu_count() or 1)
    for name, speed in rows.items():
        table.add_row(name, f"{speed:.1f}", f"{speed / bare:.2f}")
    console.print(table)
    console.print(f"A 500-word article alone, over HTTP beside bare CTranslate2: {through / lone:.2f}x")
    console.print(f"The same article again, its whole report: {republished():.0f}x as fast")
    console.print(
        f"One line while articles saturate the service: p99 {p99(busy) * 1000:.0f} ms, idle {p99(idle) * 1000:.0f} ms, "
        f"{p99(busy) / p99(idle):.1f}x; median {median(busy) / median(idle):.1f}x"
    )


if __name__ == "__main__":
    main()
