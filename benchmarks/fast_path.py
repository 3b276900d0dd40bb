"""What `mode=summary_only` costs beside a full report, on an article of forty sentences of our own.

python -m benchmarks.fast_path
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import takewhile
from pathlib import Path
from statistics import median

from benchmarks.tables import table
from service.article import language
from service.article.intake import read
from service.article.segments import segment
from service.desk import Desk
from service.remembering import forget
from service.settings import Settings
from service.summary import brief
from service.translation.routing import Router
from service.types import Article, Report, TranslatedSegment

ARTICLES = sorted((Path(__file__).parent.parent / "tests/data/articles").glob("??-*.txt"))
SENTENCES = 40
ROUNDS = 5
BRIEFS = ("short", "wire", "money", "timeline")


def article_of(sentences: int, code: str) -> Article:
    """An article of at most that many sentences, out of our sample articles of a language."""
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in ARTICLES if path.name.startswith(code))
    article = read(text=text, source=code)
    kept = {each.block for each in segment(article)[:sentences]}
    blocks = takewhile(lambda block: block.index in kept, article.blocks)
    return read(text="\n\n".join(block.text for block in blocks), source=code)


def timed(work: Callable[[], Report]) -> tuple[float, Report]:
    """Median seconds of a report, each time as if the article had never been seen."""
    took = []
    for _ in range(ROUNDS):
        forget()
        begun = time.perf_counter()
        report = work()
        took.append(time.perf_counter() - begun)
    return median(took), report


def main() -> None:
    settings = Settings()
    router = Router(settings)
    router.start()
    desk = Desk(router, brief.load(settings.prompts_dir), settings)
    language.warm()

    def tokens(segments: Sequence[TranslatedSegment], code: str) -> int:
        engine = router.stack(router.default).front
        return sum(engine.count_tokens([each.source.text for each in segments], code))

    rows = []
    for code in ("ro", "it", "uk"):
        article = article_of(SENTENCES, code)
        whole, full = timed(partial(desk.report, article, desk.brief("wire")))
        for name in BRIEFS:
            fast, told = timed(partial(desk.summary, article, desk.brief(name)))
            share = tokens(told.segments, code) / tokens(full.segments, code)
            count = f"{len(told.segments)} of {len(full.segments)}"
            rows.append((code, name, count, f"{share:.0%}", f"{fast / whole:.0%}"))
    table(("language", "brief", "sentences translated", "tokens, of a full report", "time"), rows)


if __name__ == "__main__":
    main()
