"""A report as a reader sees it, before any markup: what each renderer lays out in its own way."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.summary.brief import Brief
from service.summary.chart import Chart, comparable
from service.summary.highlight import KeyFigure, Mark, choose, key_figures, marks_of_segment, place, row
from service.summary.vocabulary import vocabulary
from service.types import BlockKind, Check, FigureKind, Report, SummarySentence, Verdict, WarningKind

NO_SUMMARY = "No sentence of the article fits this brief."

VERDICTS = {
    Verdict.KEPT: "same as in the original",
    Verdict.CONVERTED: "the same in other units or words",
    Verdict.REPAIRED: "put right after translation",
    Verdict.CHANGED: "differs from the original",
    Verdict.MISSING: "missing from the English",
    Verdict.ADDED: "not in the original",
}
_WARNINGS = {
    WarningKind.EMPTY: "the model gave no English",
    WarningKind.FOREIGN: "is in another language than the article and was left as it is",
    WarningKind.LOOP: "the model repeated itself",
    WarningKind.LOW_CONFIDENCE: "the model was unsure",
    WarningKind.TRUNCATED: "the English breaks off",
    WarningKind.UNTRANSLATED: "some of it was not translated",
}
_DATED = frozenset({FigureKind.DATE, FigureKind.YEAR, FigureKind.DECADE, FigureKind.CENTURY, FigureKind.TIME})
# Marks that turn the direction of a line, or hide: they could make a page say what the article does not.
_DECEPTIVE = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; with a mark, a figure. The text of a missing figure is empty."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the summary. `date` is the first date in it, for the template that leads with dates."""

    runs: tuple[Run, ...]
    date: str
    trimmed: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of the English text."""

    kind: BlockKind
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that a renderer shows, free of control characters. `notes` are the warnings, one a line."""

    title: str
    brief: Brief
    summary: tuple[Told, ...]
    passages: tuple[Passage, ...]
    figures: tuple[KeyFigure, ...]
    checked: tuple[KeyFigure, ...]
    chart: Chart | None
    notes: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...]
    provenance: str


def page(report: Report, brief: Brief) -> Page:
    """The report laid out. `figures` are the key ones, `checked` all of them."""
    english = {segment.source.index: segment.english for segment in report.segments}
    every = tuple(row(check, english) for check in report.checks)
    marks = choose(report.checks, report.summary, report.segments, brief)
    told = zip(report.summary.sentences, marks, strict=True)
    return Page(
        title=_title(report),
        brief=brief,
        summary=tuple(_told(sentence, found, report.checks) for sentence, found in told),
        passages=_passages(report),
        figures=tuple(key_figures(report.checks, report.segments, brief)),
        checked=every,
        chart=comparable(every),
        notes=_notes(report),
        dropped=tuple((clean(dropped.text), dropped.reason.value) for dropped in report.article.dropped),
        provenance=_provenance(report),
    )


def clean(text: str) -> str:
    """One line without control characters or marks that turn its direction."""
    shown = (c for c in text if c.isspace() or (unicodedata.category(c) != "Cc" and c not in _DECEPTIVE))
    return " ".join("".join(shown).split())


def edged(text: str, escape: Callable[[str], str] = clean) -> str:
    """The cleaned, escaped text with the single spaces at its ends that parted it from its neighbours."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return before + escape(text) + after


def runs(text: str, marks: Sequence[Mark]) -> tuple[Run, ...]:
    """A text cut at its marks, which are in order; one that overlaps the mark before it is left out."""
    found: list[Run] = []
    position = 0
    for mark in marks:
        if mark.start < position:
            continue
        if mark.start > position:
            found.append(Run(text[position : mark.start]))
        found.append(Run(text[mark.start : mark.end], mark))
        position = mark.end
    if position < len(text):
        found.append(Run(text[position:]))
    return tuple(found)


def _told(sentence: SummarySentence, marks: Sequence[Mark], checks: Sequence[Check]) -> Told:
    own = {check.id: check for check in checks if check.id in sentence.figures}
    located = [one.english.figure for one in own.values() if one.english and one.english.figure.kind in _DATED]
    first = min(located, key=lambda figure: figure.start, default=None)
    return Told(runs(sentence.text, marks), first.text if first else "", sentence.trimmed)


def _title(report: Report) -> str:
    title = report.article.title
    if title is None:
        return ""
    return " ".join(segment.english for segment in report.segments if segment.source.block == title.index)


def _passages(report: Report) -> tuple[Passage, ...]:
    troubled: defaultdict[int, list[Check]] = defaultdict(list)
    for check in report.checks:
        troubled[place(check)].append(check)
    by_block: defaultdict[int, list[Run]] = defaultdict(list)
    for segment in report.segments:
        marks = marks_of_segment(troubled[segment.source.index], segment)
        line = by_block[segment.source.block]
        if line:
            line.append(Run(" "))
        line.extend(runs(segment.english, marks))
    shown = (block for block in report.article.blocks if block.kind is not BlockKind.TITLE)
    return tuple(Passage(block.kind, tuple(by_block[block.index])) for block in shown if by_block[block.index])


def _notes(report: Report) -> tuple[str, ...]:
    return tuple(
        f"Sentence {segment.source.index + 1}: {_WARNINGS[warning]}: {clean(segment.english or segment.source.text)}"
        for segment in report.segments
        for warning in segment.warnings
    )


def _provenance(report: Report) -> str:
    language = report.article.language
    name = vocabulary(language.code).name or language.code
    if report.model is None:
        return f"Language: {name}. Nothing had to be translated."
    model = report.model
    return f"Translated from {name} by {model.id}, revision {model.revision}, sha256 {model.sha256[:16]}."
