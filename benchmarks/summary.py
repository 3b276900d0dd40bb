"""Summaries against lead and the classics of sumy, side by side: ROUGE and figures recalled at equal budgets of words.

    python -m benchmarks.summary FILE.jsonl

FILE has one article a line, `{"sentences": [...], "summary": "..."}`, with a human summary. Every system's sentences
stand in the order of the article and are cut at the budget, as is usual. Tolmach gives whole sentences within it, by
the brief `wire`; `lead of that length` is the lead, cut where Tolmach's summary of the same article ends.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import mean, median

from rouge_score.rouge_scorer import RougeScorer
from sumy.models.dom import ObjectDocumentModel, Paragraph
from sumy.models.dom import Sentence as SumySentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.lsa import LsaSummarizer
from sumy.summarizers.luhn import LuhnSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
from sumy.utils import get_stop_words

from service.settings import data_directory
from service.summary.brief import lasting
from service.summary.brief import read as read_brief
from service.summary.rank import summarize_text

REFERENCE = 0
BUDGETS = (60, REFERENCE, 100)
METRICS = ("rouge1", "rouge2", "rougeL")
NUMBER = re.compile(r"\d[\d.,]*\d|\d")
BOOTSTRAP_ROUNDS = 2000
TIMED = 25

SIZES = (40, 500)
WIRE = read_brief(data_directory("prompts") / "wire.toml")

Summarize = Callable[[Sequence[str], int], str]


@dataclass(frozen=True)
class Case:
    sentences: list[str]
    reference: str
    title: str | None = None


@dataclass
class Score:
    """Sums over the cases of one system at one budget."""

    rouge: dict[str, list[float]] = field(default_factory=lambda: {metric: [] for metric in METRICS})
    recalled: int = 0
    numbers: int = 0
    words: list[int] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def add(self, text: str, case: Case, scorer: RougeScorer) -> None:
        scores = scorer.score(case.reference, text)
        for metric in METRICS:
            self.rouge[metric].append(100 * scores[metric].fmeasure)
        wanted = set(NUMBER.findall(case.reference))
        self.recalled += len(wanted & set(NUMBER.findall(text)))
        self.numbers += len(wanted)
        self.words.append(len(text.split()))

    def row(self, name: str) -> str:
        rouge = " | ".join(f"{mean(self.rouge[metric]):.2f}" for metric in METRICS)
        recalled = 100 * self.recalled / max(1, self.numbers)
        return f"| {name} | {rouge} | {recalled:.1f} | {mean(self.words):.0f} | {mean(self.milliseconds):.1f} |"


class Words:
    """A tokenizer for sumy that needs no downloaded data."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(re.findall(r"\w+(?:['’-]\w+)*", text))

    def to_sentences(self, text: str) -> tuple[str, ...]:
        return (text,)


def lead(sentences: Sequence[str], budget: int) -> str:
    return cut(range(len(sentences)), sentences, budget)


def ours(sentences: Sequence[str], budget: int) -> str:
    chosen = summarize_text(sentences, "en", words=budget, brief=WIRE)
    return " ".join(sentences[index] for index in chosen)


def lead_alike(sentences: Sequence[str], budget: int) -> str:
    return lead(sentences, len(ours(sentences, budget).split()))


def nearest(sentences: Sequence[str], budget: int) -> str:
    chosen = summarize_text(sentences, "en", brief=lasting(WIRE, words=budget, nearest=True))
    return " ".join(sentences[index] for index in chosen)


def ours_cut(sentences: Sequence[str], budget: int) -> str:
    return cut(summarize_text(sentences, "en", words=budget, brief=WIRE, overrun=True), sentences, budget)


def cut(chosen: Sequence[int], sentences: Sequence[str], budget: int) -> str:
    return " ".join(" ".join(sentences[index] for index in chosen).split()[:budget])


def filled(order: Sequence[int], sentences: Sequence[str], budget: int) -> list[int]:
    """The first of `order` that fill the budget, the last one running over."""
    taken, words = [], 0
    for index in order:
        if words >= budget:
            break
        taken.append(index)
        words += len(sentences[index].split())
    return sorted(taken)


def peer(summarizer_class: type) -> Summarize:
    """A sumy summarizer as a choice of sentences, best first, until the budget is full."""

    class Ranked(summarizer_class):  # type: ignore[misc]
        def _get_best_sentences(self, sentences, count, rating, *args, **kwargs):  # type: ignore[no-untyped-def] # noqa: ARG002
            rate = rating.__getitem__ if isinstance(rating, dict) else rating
            scores = [rate(sentence, *args, **kwargs) for sentence in sentences]
            return sorted(range(len(sentences)), key=lambda index: -scores[index])

    summarizer = Ranked(Stemmer("english"))
    summarizer.stop_words = get_stop_words("english")
    words = Words()

    def choose(sentences: Sequence[str], budget: int) -> str:
        document = ObjectDocumentModel([Paragraph([SumySentence(text, words) for text in sentences])])
        order = list(summarizer(document, len(sentences))) or range(len(sentences))
        return cut(filled(order, sentences, budget), sentences, budget)

    return choose


SYSTEMS: dict[str, Summarize] = {
    "sumy LSA": peer(LsaSummarizer),
    "sumy Luhn": peer(LuhnSummarizer),
    "sumy TextRank": peer(TextRankSummarizer),
    "sumy LexRank": peer(LexRankSummarizer),
    "lead": lead,
    "lead of that length": lead_alike,
    "**Tolmach**": ours,
    "Tolmach, `nearest`": nearest,
    "Tolmach, cut": ours_cut,
}


def read(path: Path, limit: int | None) -> list[Case]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Case(r["sentences"], r["summary"], r.get("title")) for r in records if r["sentences"]][:limit]


def measure(cases: Sequence[Case], summarize: Summarize, budget: int, scorer: RougeScorer) -> Score:
    score = Score()
    for case in cases:
        words = budget or len(case.reference.split())
        begun = time.perf_counter()
        text = summarize(case.sentences, words)
        score.milliseconds.append(1000 * (time.perf_counter() - begun))
        score.add(text, case, scorer)
    return score


def interval(ours_scores: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """The mean difference and its 95 % interval, by a paired bootstrap."""
    differences = [a - b for a, b in zip(ours_scores, theirs, strict=True)]
    draw = random.Random(1)  # noqa: S311
    means = sorted(mean(draw.choices(differences, k=len(differences))) for _ in range(BOOTSTRAP_ROUNDS))
    return mean(differences), means[int(0.025 * BOOTSTRAP_ROUNDS)], means[int(0.975 * BOOTSTRAP_ROUNDS)]


def seconds(cases: Sequence[Case], size: int) -> float:
    """Median time of the choice in articles of one size, made of the sentences of all."""
    stream = (sentence for case in cases for sentence in case.sentences)
    took: list[float] = []
    while len(sentences := list(islice(stream, size))) == size and len(took) < TIMED:
        begun = time.perf_counter()
        summarize_text(sentences, "en", words=60, brief=WIRE)
        took.append(time.perf_counter() - begun)
    return median(took) if took else float("nan")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="JSON lines with sentences and a human summary")
    parser.add_argument("--limit", type=int, help="take only the first articles")
    given = parser.parse_args(arguments)
    cases = read(given.file, given.limit)
    if not cases:
        sys.exit(f"{given.file} holds no articles")
    scorer = RougeScorer(list(METRICS), use_stemmer=True)
    sentences = mean(len(case.sentences) for case in cases)
    print(
        f"{len(cases)} articles of {sentences:.0f} sentences; references of "
        f"{mean(len(case.reference.split()) for case in cases):.0f} words\n"
    )
    for budget in BUDGETS:
        title = f"{budget} words" if budget else "reference length"
        print(f"| {title} | R1 | R2 | RL | figures recalled, % | words | ms |")
        print("|---|---|---|---|---|---|---|")
        scores = {}
        for name, summarize in SYSTEMS.items():
            scores[name] = measure(cases, summarize, budget, scorer)
            print(scores[name].row(name), flush=True)
        print()
        for other in ("lead", "lead of that length"):
            difference, low, high = interval(scores["**Tolmach**"].rouge["rouge1"], scores[other].rouge["rouge1"])
            print(f"Tolmach minus {other}, R1: {difference:+.2f} [{low:+.2f}, {high:+.2f}] (95 %, paired bootstrap)")
        print(flush=True)
    for size in SIZES:
        print(f"{size} sentences: {1000 * seconds(cases, size):.1f} ms")


if __name__ == "__main__":
    main()
