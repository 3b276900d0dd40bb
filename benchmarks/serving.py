"""The service over HTTP beside its bare engine: same weights, sentences, machine and beam, in one run.

    python -m benchmarks.serving [--transformers]

The limit is the engine given all sentences at once. Neither the memory nor its cache answers, but where that is
measured; and no round sees a sentence of the round before, so that nothing is remembered of it. Ratios travel from one
machine to another; sentences a second do not.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count, groupby
from statistics import median

import httpx2

from benchmarks.pipeline import ARTICLES, article_of
from benchmarks.processes import FORGETFUL, tolmach
from benchmarks.tables import table
from service.article.intake import read
from service.article.segments import segment
from service.settings import Settings
from service.translation import catalog
from service.translation.ctranslate2 import CTranslate2Engine
from service.translation.engine import DEFAULT, Engine
from service.translation.load import load

CLIENTS = 16
A_REQUEST = 4  # sentences
PLAIN = {"repair": False}  # the engine alone has no second decode either
LANGUAGES = ("ro", "it", "uk")
SPEAKERS = {
    "ro": ("Ana", "Ion", "Radu", "Elena", "Mihai", "Dan", "Ioana"),
    "it": ("Anna", "Marco", "Luca", "Elena", "Paolo", "Gino", "Sara"),
    "uk": ("Анна", "Іван", "Петро", "Олена", "Тарас", "Олег", "Марія"),
}
QUEUE_TOKENS = "tolmach_queue_tokens_total{"


def sentences_of(code: str) -> list[str]:
    """All sentences of our sample articles of a language, each once."""
    texts = [path.read_text(encoding="utf-8") for path in ARTICLES if path.name.startswith(code)]
    found = [each.text for text in texts for each in segment(read(text=text))]
    return list(dict.fromkeys(found))


def said(sentence: str, code: str, number: int) -> str:
    """The sentence as somebody says it, one of many by number: as long as before, and never seen."""
    names = SPEAKERS[code]
    first, rest = number % len(names), number // len(names)
    return f"{names[first]} {names[rest % len(names)]} {names[rest // len(names) % len(names)]}: {sentence}"


def fresh(text: str, code: str, number: int) -> str:
    """An article of which no sentence was seen before."""
    blocks = groupby(segment(read(text=text, source=code, keep_all=True)), key=lambda each: each.block)
    return "\n\n".join(" ".join(said(each.text, code, number) for each in block) for _, block in blocks)


def seconds(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def translate(client: httpx2.Client, text: str, code: str) -> httpx2.Response:
    reply = client.post("/v1/translate", json={"text": text, "source": code, **PLAIN})
    return reply.raise_for_status()


def throughput(
    engines: Sequence[Engine], client: httpx2.Client, work: dict[str, list[str]], rounds: int = 3
) -> list[float]:
    """Sentences a second of each bare engine and, last, over HTTP, in turns; the best round of each."""
    runs = []
    for number in range(rounds):
        told = {code: [said(each, code, number) for each in many] for code, many in work.items()}
        requests = [
            (code, "\n".join(many[n : n + A_REQUEST]))
            for code, many in told.items()
            for n in range(0, len(many), A_REQUEST)
        ]
        jobs = [*(partial(translate_all, engine, told) for engine in engines), partial(everything, client, requests)]
        runs.append([seconds(job) for job in jobs])
    total = sum(map(len, work.values()))
    return [total / min(times) for times in zip(*runs, strict=True)]


def translate_all(engine: Engine, told: dict[str, list[str]]) -> None:
    for code, many in told.items():
        engine.translate(many, code, DEFAULT)


def everything(client: httpx2.Client, requests: Sequence[tuple[str, str]]) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda request: translate(client, request[1], request[0]), requests))


@dataclass(frozen=True)
class Alone:
    """Median seconds of an article: the bare engine on its sentences, and the service. `share` is the median of the
    rounds' ratios, `tokens` how many times as many tokens the service's engine read, retries of the guard included.
    """

    bare: float
    served: float
    share: float
    tokens: float


def alone(engine: Engine, client: httpx2.Client, code: str, rounds: int = 7) -> Alone:
    """A 500-word article with nobody else there, every round another one, the bare engine and the service in turns."""
    bare, served, tokens = [], [], []
    for number in range(100, 100 + rounds):
        text = fresh(article_of(500, code), code, number)
        many = list(dict.fromkeys(each.text for each in segment(read(text=text, source=code, keep_all=True))))
        before = queue_tokens(client)
        bare.append(seconds(lambda many=many: engine.translate(many, code, DEFAULT)))  # type: ignore[misc]
        served.append(seconds(lambda text=text: translate(client, text, code)))  # type: ignore[misc]
        tokens.append((queue_tokens(client) - before) / sum(engine.count_tokens(many, code)))
    shares = [one / other for one, other in zip(served, bare, strict=True)]
    return Alone(median(bare), median(served), median(shares), median(tokens))


def queue_tokens(client: httpx2.Client) -> float:
    """How many tokens the service's engines have read since its start."""
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(QUEUE_TOKENS))


def quick(client: httpx2.Client, lines: Sequence[str]) -> list[float]:
    """Seconds of one-line requests, one after the other."""
    return sorted(seconds(lambda line=line: translate(client, line, "ro")) for line in lines)  # type: ignore[misc]


def under_load(client: httpx2.Client, lines: int = 200) -> tuple[list[float], list[float]]:
    """One-line requests on an idle service, and while four callers send long articles without a pause."""
    idle = quick(client, [f"Primarul a cumpărat {n} autobuze noi." for n in range(lines)])
    texts = [(article_of(500, code), code) for code in (*LANGUAGES, "ro")]
    numbers = count(200)
    stop = False

    def saturate(text: str, code: str) -> None:
        while not stop:
            translate(client, fresh(text, code, next(numbers)), "auto")

    with ThreadPoolExecutor(len(texts)) as pool:
        running = [pool.submit(saturate, *text) for text in texts]
        time.sleep(1)
        busy = quick(client, [f"Primarul a cumpărat {n} autobuze noi." for n in range(lines, 2 * lines)])
        stop = True
        for each in running:
            each.result()
    return idle, busy


def republished(code: str, rounds: int = 9) -> tuple[float, float, float]:
    """Seconds of an article's whole report over HTTP: the first time, again, and again in a process that is new."""
    text = article_of(500, code)

    def report(client: httpx2.Client) -> float:
        return seconds(lambda: client.post("/v1/articles", json={"text": text}).raise_for_status())

    with tempfile.TemporaryDirectory() as folder:
        memory = {"TOLMACH_MEMORY": f"sqlite:///{folder}/memory.sqlite3"}
        with tolmach(**memory) as server:
            warm(server.client, code)
            first = report(server.client)
            again = median(report(server.client) for _ in range(rounds))
        with tolmach(**memory) as server:
            warm(server.client, code)
            return first, again, report(server.client)


def warm(client: httpx2.Client, code: str) -> None:
    """What is loaded at the first use of a language is loaded."""
    client.post("/v1/articles", json={"text": fresh(article_of(100, code), code, 0), "source": code}).raise_for_status()


def transformers(work: dict[str, list[str]], threads: int) -> dict[str, float]:
    """Sentences a second of the transformers engine, batched and one by one (a part of the work: it is slow)."""
    engine = load(Settings(engine="transformers", threads=threads))
    few = {code: many[:16] for code, many in work.items()}
    total = sum(map(len, few.values()))
    batched = seconds(lambda: translate_all(engine, few))
    single = seconds(lambda: [engine.translate([one], code, DEFAULT) for code, many in few.items() for one in many])
    return {"transformers, float32, batched": total / batched, "transformers, float32, one by one": total / single}


def p99(times: Sequence[float]) -> float:
    return times[min(len(times) - 1, int(len(times) * 0.99))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transformers", action="store_true", help="measure the transformers engine too (minutes)")
    chosen = parser.parse_args()
    work = {code: sentences_of(code) for code in LANGUAGES}
    settings = Settings()
    engine = load(settings)
    entry = catalog.load(settings.models_dir).get(settings.model)
    whole = CTranslate2Engine(entry, catalog.folder(entry, settings.models_dir), shortlist=False)
    with tolmach(**FORGETFUL) as server:
        for code in LANGUAGES:
            warm(server.client, code)
        bare, batched, served = throughput([engine, whole], server.client, work)
        lone = {code: alone(engine, server.client, code) for code in LANGUAGES}
        idle, busy = under_load(server.client)
    rows = {
        "bare engine, all at once": bare,
        "the same without its shortlist, in batches": batched,
        f"over HTTP, {CLIENTS} clients": served,
    }
    if chosen.transformers:
        rows |= transformers(work, os.cpu_count() or 1)
    table(("throughput", "sentences/s", "of the limit"), [(name, speed, speed / bare) for name, speed in rows.items()])
    table(
        ("a 500-word article alone", "bare ms", "over HTTP ms", "ratio", "tokens, of bare"),
        [(code, one.bare * 1000, one.served * 1000, one.share, one.tokens) for code, one in lone.items()],
    )
    times = {code: republished(code) for code in LANGUAGES}
    table(
        ("a report republished", "first ms", "again ms", "times faster", "new process ms", "times faster"),
        [
            (code, first * 1000, again * 1000, first / again, anew * 1000, first / anew)
            for code, (first, again, anew) in times.items()
        ],
    )
    table(
        ("one line", "idle ms", "while articles saturate ms", "ratio"),
        [
            (name, of(idle) * 1000, of(busy) * 1000, of(busy) / of(idle))
            for name, of in (("median", median), ("p99", p99))
        ],
    )


if __name__ == "__main__":
    main()
