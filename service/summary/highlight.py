"""Which figures stand out: important ones that are right. A figure that is wrong is marked for the editor instead."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.figures.find import find
from service.summary.brief import Brief
from service.summary.features import figure_key
from service.summary.nouns import counted
from service.summary.questions import understand
from service.summary.trim import shift
from service.summary.vocabulary import vocabulary
from service.types import (
    Check,
    FigureKind,
    Severity,
    Summary,
    TranslatedSegment,
    Verdict,
)

RIGHT = frozenset({Verdict.KEPT, Verdict.CONVERTED, Verdict.REPAIRED})

# How much a reader cares for a figure of each kind; one below the threshold never stands out.
_IMPORTANCE = {
    FigureKind.MONEY: 1.0,
    FigureKind.COUNT: 0.9,
    FigureKind.PERCENT: 0.9,
    FigureKind.RANGE: 0.8,
    FigureKind.SCORE: 0.8,
    FigureKind.FRACTION: 0.7,
    FigureKind.MEASURE: 0.7,
    FigureKind.MULTIPLIER: 0.7,
    FigureKind.AGE: 0.6,
    FigureKind.DURATION: 0.6,
    FigureKind.DATE: 0.5,
    FigureKind.TIME: 0.35,
    FigureKind.YEAR: 0.28,
    FigureKind.DECADE: 0.25,
    FigureKind.CENTURY: 0.2,
    FigureKind.ORDINAL: 0.15,
    FigureKind.IDENTIFIER: 0.0,
}
_THRESHOLD = 0.3
_SMALL = 3
_KEY_FIGURES = 12
_RANGE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure in a text: `right` ones stand out, others are for the editor. `start == end` where it is missing."""

    check: Check
    start: int
    end: int
    right: bool


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A row of the table. `value` is the English wording, empty for a missing figure; `original` that of the source."""

    check: Check
    value: str
    counts: str
    original: str

    @property
    def right(self) -> bool:
        """Whether the English says what the original says."""
        return self.check.verdict in RIGHT


def doubtful(check: Check) -> bool:
    """Whether an editor has to look at it."""
    return check.verdict not in RIGHT and check.severity is not Severity.NONE


def place(check: Check) -> int:
    """The index of the segment that the figure stands in, or went missing from."""
    located = check.english or check.source
    assert located is not None
    return located.segment


def choose(
    checks: Sequence[Check], summary: Summary, segments: Sequence[TranslatedSegment], brief: Brief
) -> list[tuple[Mark, ...]]:
    """For each sentence of the summary its marks, in order, with offsets into the sentence's own text.

    Right figures are at most `per_sentence` and `total` of the brief, the most important first, each value once;
    doubtful ones are all there.
    """
    by_id = {check.id: check for check in checks}
    english = {segment.source.index: segment.english for segment in segments}
    asked = _kinds_asked(brief)
    marks: list[list[Mark]] = []
    for sentence in summary.sentences:
        off = shift(english.get(sentence.segment, sentence.text), sentence.text)
        own = [by_id[identity] for identity in sentence.figures if identity in by_id]
        found = [_mark(check, off, len(sentence.text)) for check in own]
        marks.append([mark for mark in found if mark is not None])
    right = [(row, mark) for row, found in enumerate(marks) for mark in found if mark.right]
    kept = _most_important(right, brief, asked)
    return [
        tuple(sorted((m for m in found if not m.right or (row, m) in kept), key=lambda m: (m.start, m.end)))
        for row, found in enumerate(marks)
    ]


def marks_of_segment(checks: Iterable[Check], segment: TranslatedSegment) -> tuple[Mark, ...]:
    """The doubtful figures of one segment's English: what is marked in the full text."""
    index = segment.source.index
    found = [_mark(check, 0, len(segment.english)) for check in checks if doubtful(check) and place(check) == index]
    return tuple(sorted((mark for mark in found if mark), key=lambda mark: (mark.start, mark.end)))


def key_figures(
    checks: Sequence[Check], segments: Sequence[TranslatedSegment], brief: Brief, most: int = _KEY_FIGURES
) -> list[KeyFigure]:
    """The figures that matter, in the article's order: every doubtful one and the most important of the right ones."""
    english = {segment.source.index: segment.english for segment in segments}
    asked = _kinds_asked(brief)
    troubled = [check for check in checks if doubtful(check)]
    right = [check for check in checks if check.verdict in RIGHT and _importance(check, brief, asked) >= _THRESHOLD]
    seen = set[object]()
    ranked = []
    for check in sorted(right, key=lambda check: -_importance(check, brief, asked)):
        if (key := figure_key(check.figure)) not in seen:
            seen.add(key)
            ranked.append(check)
    wanted = {check.id for check in (*troubled, *ranked[: max(0, most - len(troubled))])}
    return [row(check, english) for check in checks if check.id in wanted]


def row(check: Check, english: dict[int, str]) -> KeyFigure:
    """What the table says of one figure. `english` are the segments' texts."""
    located = check.english
    text = english.get(located.segment, "") if located else ""
    return KeyFigure(
        check,
        value=_wording(check, text) if located else "",
        counts=counted(text, located.figure) if located else "",
        original=check.source.figure.text if check.source else "",
    )


def _wording(check: Check, text: str) -> str:
    """The English of a figure; of a range told as two figures (`5 and 9 degrees`) both with what stands between."""
    assert check.english is not None
    first = check.english.figure
    if check.source is None or check.source.figure.high is None or first.high is not None:
        return first.text
    for other in find(text[first.end : first.end + _RANGE_CHARS], "en"):
        if other.value == check.source.figure.high:
            return text[first.start : first.end + other.end]
    return first.text


def _mark(check: Check, off: int, length: int) -> Mark | None:
    """The check as a mark in a text that begins `off` characters into its segment; None if it has none there."""
    right = check.verdict in RIGHT
    if not right and not doubtful(check):
        return None
    if check.english is None:
        return Mark(check, length, length, right=False) if not right else None
    start, end = check.english.figure.start - off, check.english.figure.end - off
    return Mark(check, start, end, right) if 0 <= start < end <= length else None


def _most_important(
    right: Sequence[tuple[int, Mark]], brief: Brief, asked: frozenset[FigureKind]
) -> set[tuple[int, Mark]]:
    limits = brief.highlights
    kept: set[tuple[int, Mark]] = set()
    seen = set[object]()
    in_row: dict[int, int] = {}
    for row_number, mark in sorted(right, key=lambda pair: -_importance(pair[1].check, brief, asked)):
        key = figure_key(mark.check.figure)
        full = len(kept) >= limits.total or in_row.get(row_number, 0) >= limits.per_sentence
        if full or key in seen or _importance(mark.check, brief, asked) < _THRESHOLD:
            continue
        seen.add(key)
        kept.add((row_number, mark))
        in_row[row_number] = in_row.get(row_number, 0) + 1
    return kept


def _importance(check: Check, brief: Brief, asked: frozenset[FigureKind]) -> float:
    """By kind, size and question; 0 for a kind that the brief does not want."""
    figure = check.figure
    kinds = brief.highlights.kinds
    if kinds and figure.kind not in kinds:
        return 0.0
    importance = _IMPORTANCE[figure.kind]
    size = figure.value if isinstance(figure.value, Decimal) else figure.high
    if isinstance(size, Decimal) and figure.kind in {FigureKind.COUNT, FigureKind.MONEY, FigureKind.MEASURE}:
        importance += 0.05 * math.log10(1 + min(abs(float(size)), 1e15))
        if figure.kind is FigureKind.COUNT and abs(size) < _SMALL:
            importance *= 0.3
    if kinds:
        importance = max(importance, _THRESHOLD) + 0.1 * (len(kinds) - kinds.index(figure.kind)) / len(kinds)
    return importance + 0.8 * (figure.kind in asked)


def _kinds_asked(brief: Brief) -> frozenset[FigureKind]:
    return frozenset(kind for question in brief.questions for kind in understand(question, vocabulary("en")).kinds)
