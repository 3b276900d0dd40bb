"""What the service costs beside its engine: start-up, memory, and each step's share of an article's time.

python -m benchmarks.pipeline
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from service.article import language
from service.article.intake import read
from service.desk import Desk
from service.remembering import forget
from service.settings import Settings
from service.summary import brief, render
from service.translation.routing import Router
from service.types import Article

ARTICLES = sorted((Path(__file__).parent.parent / "tests/data/articles").glob("??-*.txt"))
WORDS = 500
ROUNDS = 5

START_UP = """
import asyncio, resource, time
begun = time.perf_counter()
from service.app import create_app
app = create_app()
async def start():
    async with app.router.lifespan_context(app):
        assert app.state.not_ready is None
        print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
asyncio.run(start())
"""


def start_up() -> tuple[float, float]:
    """Seconds until ready, and peak RSS in MB by then; best of some fresh processes."""
    runs = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", START_UP], capture_output=True, text=True, check=True)
        seconds, megabytes = done.stdout.split()
        runs.append((float(seconds), float(megabytes)))
    return min(runs)


def article_of(words: int, code: str) -> str:
    """An article of about that many words, out of our sample articles of a language."""
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in ARTICLES if path.name.startswith(code))
    chosen: list[str] = []
    while sum(len(line.split()) for line in chosen) < words:
        chosen.extend(text.split("\n\n"))
    while sum(len(line.split()) for line in chosen) > words * 1.05:
        chosen.pop()
    return "\n\n".join(chosen)


def steps_of(code: str) -> dict[str, float]:
    """Median milliseconds of each step on an article of 500 words."""
    settings = Settings()
    router = Router(settings)
    router.start()
    working = Desk(router, brief.load(settings.prompts_dir), settings)
    language.warm()
    wire = working.brief("wire")
    text = article_of(WORDS, code)
    runs: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        forget()  # each round is an article's first time
        article, reading = timed_read(text)
        report = working.report(article, wire)
        begun = time.perf_counter()
        render.html(report, brief=wire)
        runs.append({"intake": reading, **report.timings_ms, "render": (time.perf_counter() - begun) * 1000})
    return {step: median(run[step] for run in runs) for step in runs[0]}


def timed_read(text: str) -> tuple[Article, float]:
    begun = time.perf_counter()
    article = read(text=text)
    return article, (time.perf_counter() - begun) * 1000


def main() -> None:
    console = Console()
    seconds, megabytes = start_up()
    console.print(f"Start-up to ready: {seconds:.2f} s, peak memory by then {megabytes:.0f} MB\n")
    table = Table("step", "ro ms", "it ms", "uk ms", title=f"An article of {WORDS} words")
    runs = {code: steps_of(code) for code in ("ro", "it", "uk")}
    for step in runs["ro"]:
        table.add_row(step, *(f"{runs[code][step]:.1f}" for code in runs))
    beside = {
        code: sum(ms for step, ms in run.items() if step not in {"engine", "repair"}) / run["engine"]
        for code, run in runs.items()
    }
    table.add_row("beside the engine", *(f"{share:.1%} of it" for share in beside.values()), style="bold")
    console.print(table)
    console.print("`repair` holds the second decode of sentences whose figures are wrong; it is the engine's time.")


if __name__ == "__main__":
    main()
