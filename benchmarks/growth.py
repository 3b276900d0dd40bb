"""Cost as work grows: 1 to 1000 articles, 1 to 64 clients. Prints tables in Markdown and draws plots.

    python -m benchmarks.growth [--articles 1 10 100 1000] [--clients 1 2 4 8 16 32 64] [--svg docs]

An article is a short one, about 100 words, no two alike; the whole report is asked for, and nothing remembers.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

from benchmarks.pipeline import ARTICLES
from benchmarks.processes import FORGETFUL, Server, tolmach
from benchmarks.serving import seconds
from benchmarks.tables import table
from models.training.plot import chart

CLIENTS = 16
WORDS = 100
A_CLIENT = 4  # articles, at least


def article(number: int) -> str:
    """About 100 words in one of the languages; the number is in every sentence."""
    texts = [path.read_text(encoding="utf-8") for path in ARTICLES if path.name[:2] in {"ro", "it", "uk"}]
    paragraphs = texts[number % len(texts)].split("\n\n")[1:]
    first = number // len(texts) % len(paragraphs)
    words = " ".join(paragraphs[first:] + paragraphs[:first]).split()[:WORDS]
    return " ".join(words).replace(". ", f" {number}. ")


def send(server: Server, numbers: Sequence[int], clients: int) -> list[float]:
    """Seconds of each of these articles, sent by so many at once."""

    def one(number: int) -> float:
        asked = {"text": article(number)}
        return seconds(lambda: server.client.post("/v1/articles", json=asked).raise_for_status())

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, numbers))


def by_articles(server: Server, counts: Sequence[int]) -> list[tuple[int, float, float]]:
    """(articles, seconds for all, the server's processor seconds for all), 16 clients."""
    start, rows = 0, []
    for count in counts:
        numbers, before = range(start, start + count), server.processor()
        took = seconds(lambda numbers=numbers: send(server, numbers, CLIENTS))  # type: ignore[misc]
        rows.append((count, took, server.processor() - before))
        start += count
    return rows


def by_clients(server: Server, counts: Sequence[int]) -> list[tuple[int, float, float, float]]:
    """(clients, articles a second, median seconds, 95th percentile)."""
    start, rows = 100_000, []
    for count in counts:
        many = max(32, A_CLIENT * count)
        times: list[float] = []
        took = seconds(lambda s=start, n=many, c=count, t=times: t.extend(send(server, range(s, s + n), c)))  # type: ignore[misc]
        rows.append((count, many / took, median(times), quantiles(times, n=20)[-1]))
        start += many
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="*", default=[1, 10, 100, 1000])
    parser.add_argument("--clients", type=int, nargs="*", default=[1, 2, 4, 8, 16, 32, 64])
    parser.add_argument("--svg", type=Path, help="folder for the plots, growth-articles.svg and growth-clients.svg")
    parser.add_argument("--engine", choices=["fake", "ctranslate2"], default="ctranslate2")
    given = parser.parse_args()
    with tolmach(TOLMACH_ENGINE=given.engine, TOLMACH_REQUEST_TIMEOUT="600", **FORGETFUL) as server:
        send(server, range(10**6, 10**6 + 6), 2)
        articles = by_articles(server, given.articles)
        clients = by_clients(server, given.clients)
    if articles:
        print(f"{CLIENTS} clients, engine {given.engine}\n")
        table(
            ["articles", "seconds", "articles/s", "processor seconds an article"],
            [(n, took, n / took, used / n) for n, took, used in articles],
        )
    if clients:
        table(["clients", "articles/s", "median, s", "95 %, s"], clients)
    if given.svg and articles:
        series = {
            "clock": [(float(n), took) for n, took, _ in articles],
            "processor": [(float(n), used) for n, _, used in articles],
        }
        write(given.svg / "growth-articles.svg", chart(series, "Seconds for so many articles", "articles"))
    if given.svg and clients:
        best = max(speed for _, speed, _, _ in clients)
        slowest = max(slow for *_, slow in clients)
        series = {
            "articles/s": [(float(n), speed / best) for n, speed, _, _ in clients],
            "median": [(float(n), middle / slowest) for n, _, middle, _ in clients],
            "95 %": [(float(n), slow / slowest) for n, _, _, slow in clients],
        }
        write(given.svg / "growth-clients.svg", chart(series, "Throughput and latency, of the highest", "clients"))


def write(path: Path, drawing: str) -> None:
    path.write_text(drawing, encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
