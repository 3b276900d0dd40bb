"""When what a sentence tells took place, as far as its figures say so: for briefs that follow the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from service.summary.features import Sentence
from service.summary.vocabulary import Vocabulary
from service.types import Figure, FigureKind

Moment = tuple[int, int, int]

_TIMED = frozenset({FigureKind.DATE, FigureKind.YEAR, FigureKind.DECADE, FigureKind.CENTURY})
# News without a date is about now, which comes after the dates that it looks back to.
_NOW: Moment = (9_999, 0, 0)


def moments(sentences: Sequence[Sentence], known: Vocabulary, year: int | None = None) -> list[Moment | None]:
    """For each sentence the date it tells of, as (year, month, day) with 0 for what it does not say, or None.

    That is its first full date, else its first year, unless the year is one since which something holds. A date without
    a year is of `year`, by default the present one, or of the latest year before it that the article gives a day of:
    what is told with a month and a year alone looks back or ahead.
    """
    year = year or date.today().year
    dated = [[(figure, moment) for figure in sentence.figures if (moment := _parts(figure))] for sentence in sentences]
    days = [moment[0] for dates in dated for _, moment in dates if moment[0] and moment[2]]
    current = max((each for each in days if each <= year), default=year)
    found: list[Moment | None] = []
    for sentence, dates in zip(sentences, dated, strict=True):
        told: list[Moment] = []
        for figure, (own_year, month, day) in dates:
            if month or not _since(sentence.text[: figure.start], known):
                told.append((own_year or current, month, day))
        found.append(next((moment for moment in told if moment[1]), told[0] if told else None))
    return found


def in_time(
    chosen: Sequence[int], sentences: Sequence[Sentence], known: Vocabulary, year: int | None = None
) -> list[int]:
    """The chosen sentences by date, then by place in the article; those without a date come last."""
    when = moments(sentences, known, year)
    return sorted(chosen, key=lambda index: (when[index] or _NOW, index))


def _since(before: str, known: Vocabulary) -> bool:
    words = known.words(before[-30:])
    return bool(words) and words[-1] in known.since


def _parts(figure: Figure) -> Moment | None:
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
    year, month, day = [*([0] if partial else []), *numbers, 0, 0][:3]
    return year, month, day
