"""When what a sentence tells took place, as far as its figures say so: for briefs that follow the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from service.summary.features import Sentence
from service.types import Figure, FigureKind

Moment = tuple[int, int, int, int]

_TIMED = frozenset({FigureKind.DATE, FigureKind.YEAR, FigureKind.DECADE, FigureKind.CENTURY})


def moments(sentences: Sequence[Sentence]) -> list[Moment | None]:
    """For each sentence the first date it names, as (year, month, day, 0), or None. A month without a day is day 0.

    A date without a year belongs to the year named last before it, or to the latest one of the article.
    """
    years = [date[0] for sentence in sentences for figure in sentence.figures if (date := _parts(figure)) and date[0]]
    latest = max(years, default=0)
    current = latest
    found: list[Moment | None] = []
    for sentence in sentences:
        moment: Moment | None = None
        for figure in sentence.figures:
            date = _parts(figure)
            if date is None:
                continue
            current = date[0] or current
            moment = moment or (current, date[1], date[2], 0)
        found.append(moment)
    return found


def in_time(chosen: Sequence[int], sentences: Sequence[Sentence]) -> list[int]:
    """The chosen sentences by date, then by place in the article; those without a date come last."""
    when = moments(sentences)
    end: Moment = (10_000, 0, 0, 0)
    return sorted(chosen, key=lambda index: (when[index] or end, index))


def _parts(figure: Figure) -> tuple[int, int, int] | None:
    """(year, month, day), 0 for what the figure does not say; None for one that is no date."""
    if figure.kind not in _TIMED:
        return None
    value = figure.value if figure.value is not None else figure.low
    if isinstance(value, Decimal):
        year = int(value)
        return ((year - 1) * 100 + 1 if figure.kind is FigureKind.CENTURY else year, 0, 0)
    text = value or ""
    partial = text.startswith("--")
    numbers = [int(part) for part in text.removeprefix("--").split("-") if part.isdecimal()]
    if not numbers:
        return None
    numbers = ([0] if partial else []) + numbers
    year, month, day = [*numbers, 0, 0][:3]
    return year, month, day
