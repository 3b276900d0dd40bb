"""Pair the figures of two texts: the surest pairs first, near ones before far ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from service.figures import compilation
from service.figures.equivalence import Atom, Likeness, atoms, converted, likeness
from service.types import Figure, FigureKind

_MANY = 60  # equal figures in one text, from which on they are paired in order
_MOST_PIECES = 4
_NEXT_WORD = re.compile(r"[ -]?([^\W\d_]+)")
_YOUNGEST, _OLDEST = 3, 110  # ages that are told without a word for years
_LAPS = (("h", "min", "s"), ("h", "min"), ("min", "s"))
_YEARS = frozenset({FigureKind.YEAR, FigureKind.DATE, FigureKind.COUNT, FigureKind.DECADE})
_DAYS = frozenset({FigureKind.ORDINAL, FigureKind.DATE})
_LISTED = frozenset({FigureKind.COUNT, FigureKind.PERCENT})
_LASTING = frozenset({FigureKind.AGE, FigureKind.DURATION})
_SINGLE_DIGIT_PARTS = frozenset({FigureKind.SCORE, FigureKind.DATE})


@dataclass(slots=True, eq=False)
class Item:
    """A figure to be paired. `place` is 0..1, how far into its segment it stands; `parts` once it was taken to pieces.

    `weak`: a word that only excuses a figure of the other side; `soft`: a figure that a translator may drop.
    `swapped`: it changed places with another figure; `sure` is False where a turned clause may explain that.
    `direction`: 1 or -1, something rose or fell by it; `listed`: a number that counts nothing beside one with the
    percent sign; `anniversary`: an ordinal that counts years; `alone`: no noun stands behind it in English.
    """

    figure: Figure
    segment: int
    place: float
    weak: bool = False
    soft: bool = False
    mate: Item | None = None
    likeness: Likeness = Likeness.NONE
    parts: list[Item] = field(default_factory=list)
    swapped: bool = False
    sure: bool = True
    direction: int = 0
    listed: bool = False
    anniversary: bool = False
    alone: bool = False

    @property
    def dropped(self) -> bool:
        """Whether nothing is said of it: a soft figure without a mate."""
        return self.soft and self.mate is None and not self.parts

    @property
    def in_digits(self) -> bool:
        """Whether the figure is written with digits."""
        return any(char.isdigit() for char in self.figure.text)

    @property
    def turned(self) -> bool:
        """Whether it rose on one side and fell on the other."""
        return self.mate is not None and self.direction * self.mate.direction < 0

    def leaves(self) -> list[Item]:
        """The item itself, or its parts."""
        return self.parts or [self]

    def join(self, other: Item, how: Likeness) -> None:
        """Make the two a pair."""
        self.mate, other.mate = other, self
        self.likeness = other.likeness = how


def items(figures: list[Figure], text: str, segment: int, weak: bool = False, soft: bool = False) -> list[Item]:
    """The figures of a segment's text as items."""
    length = max(1, len(text))
    return [
        Item(figure, segment, figure.start / length, weak, soft, alone=_stands_alone(text, figure.end))
        for figure in figures
    ]


def _stands_alone(text: str, end: int) -> bool:
    """Whether no noun follows a figure, as far as the words that English has between phrases tell."""
    word = _NEXT_WORD.match(text, end)
    return word is None or word[1].casefold() in compilation.lexicon("en").calendar.noun_stop


def _is_free(item: Item) -> bool:
    return item.mate is None and not item.parts


def _free(listed: list[Item]) -> list[Item]:
    return [item for item in listed if _is_free(item)]


Index = Mapping[Atom, list[Item]]


def _indexed(listed: list[Item]) -> Index:
    """The free items by what they can be compared by: so work stays linear in the number of distinct figures."""
    index: dict[Atom, list[Item]] = defaultdict(list)
    for item in listed:
        if _is_free(item):
            for atom in set(atoms(item.figure)):
                index[atom].append(item)
    return index


def pair_equal(source: list[Item], english: list[Item], least: Likeness = Likeness.UNIT_MISSING) -> None:
    """Pair figures that say the same."""
    source = _free(source)
    if source:
        _pair_from(source, _indexed(english), least)


def _agreement(item: Item, mate: Item) -> Likeness:
    """How well two figures agree where they stand."""
    how = likeness(item.figure, mate.figure)
    kinds = {item.figure.kind, mate.figure.kind}
    if how is Likeness.UNIT and kinds == _LISTED and (item.listed or mate.listed):
        return Likeness.UNIT_MISSING
    if how is Likeness.UNIT_MISSING and (item.anniversary or mate.anniversary) and kinds & _LASTING:
        return Likeness.VALUE
    if how is Likeness.UNIT_MISSING and _is_bare_age(item, mate):
        return Likeness.VALUE
    return how


def _is_bare_age(item: Item, mate: Item) -> bool:
    """Whether English may tell whole years as an age without their unit: `died at 82`."""
    years = item.figure.value if item.figure.kind in _LASTING and item.figure.unit == "a" else None
    bare = mate.figure.kind is FigureKind.COUNT and mate.figure.unit is None and mate.alone
    return bare and isinstance(years, Decimal) and years % 1 == 0 and _YOUNGEST <= years <= _OLDEST


def _is_any(_: Item) -> bool:
    return True


def _pair_from(source: list[Item], index: Index, least: Likeness, fits: Callable[[Item], bool] = _is_any) -> None:
    candidates: list[tuple[int, float, int, int, Item, Item]] = []
    for rank, item in enumerate(source):
        seen: set[int] = set()
        for atom in atoms(item.figure):
            mates = index.get(atom, [])
            while mates and not _is_free(mates[0]):
                del mates[0]
            for order, mate in enumerate(mates if len(mates) <= _MANY else mates[rank : rank + 1]):
                if id(mate) in seen or not _is_free(mate) or not fits(mate):
                    continue
                seen.add(id(mate))
                how = _agreement(item, mate)
                if how >= least:
                    distance = abs(item.place - mate.place) + (item.direction * mate.direction < 0)
                    candidates.append((-how, distance, rank, order, item, mate))
    _take(candidates)


def pair_converted(source: list[Item], english: list[Item]) -> None:
    """Pair quantities that the English gives in another unit."""
    source = [item for item in _free(source) if item.figure.unit]
    english = [item for item in _free(english) if item.figure.unit]
    if len(source) > _MANY or len(english) > _MANY:
        return
    candidates = [
        (-Likeness.CONVERTED, abs(item.place - mate.place), rank, order, item, mate)
        for rank, item in enumerate(source)
        for order, mate in enumerate(english)
        if converted(item.figure, mate.figure)
    ]
    _take(candidates)


def _take(candidates: list[tuple[int, float, int, int, Item, Item]]) -> None:
    for how, _, _, _, item, mate in sorted(candidates, key=lambda candidate: candidate[:4]):
        if item.mate is None and mate.mate is None:
            item.join(mate, Likeness(-how))


# --- in pieces ------------------------------------------------------------------------------------------------------


def pieces(item: Item) -> list[Item]:
    """The numbers inside a span, a score, a date or an identifier, as figures of their own."""
    figure = item.figure
    if figure.value is None:
        values = [value for value in (figure.low, figure.high) if value is not None]
    elif figure.kind is FigureKind.SCORE:
        values = [Decimal(goals) for goals in str(figure.value).split("-")]
    elif figure.kind is FigureKind.DATE:
        values = _date_values(str(figure.value))
    elif figure.kind is FigureKind.IDENTIFIER:
        values = _runs(str(figure.value))
    else:
        return []
    return [_piece(item, value) for value in values]


def _date_values(value: str) -> list[Decimal | str]:
    year, _, rest = value.lstrip("-").rpartition("-") if value.startswith("--") else value.partition("-")
    values: list[Decimal | str] = []
    if value.startswith("--"):
        return [Decimal(value[-2:])]
    if len(value) == 10:
        values.append(Decimal(rest[-2:]))
    values.append(year)
    return values


def _runs(value: str) -> list[Decimal | str]:
    runs = "".join(char if char.isdecimal() else " " for char in value).split()
    return [Decimal(run) for run in runs if len(run) <= 15] if len(runs) > 1 else []


def _piece(item: Item, value: Decimal | str) -> Item:
    figure = item.figure
    kind = figure.kind if figure.kind not in _SINGLE_DIGIT_PARTS | {FigureKind.RANGE} else FigureKind.COUNT
    if isinstance(value, str):
        kind = FigureKind.DATE if "-" in value.strip("-") or value.startswith("--") else FigureKind.YEAR
    part = Figure(figure.text, figure.start, figure.end, kind, value, unit=figure.unit)
    return Item(part, item.segment, item.place)


def _laps(item: Item) -> list[list[Item]]:
    """What looks like a time of day as the hours, minutes and seconds that something took."""
    figure = item.figure
    numbers = figure.text.split(":")
    if figure.kind is not FigureKind.TIME or not all(number.isdecimal() for number in numbers):
        return []
    readings = [units for units in _LAPS if len(units) == len(numbers)]
    return [
        [_lap(item, Decimal(n), unit) for n, unit in zip(numbers, units, strict=True) if int(n)] for units in readings
    ]


def _lap(item: Item, value: Decimal, unit: str) -> Item:
    figure = replace(item.figure, kind=FigureKind.DURATION, value=value, unit=unit)
    return Item(figure, item.segment, item.place)


def _date_halves(item: Item) -> list[list[Item]]:
    """A full date as the day of a month and the year, and as the month of a year and the day; a span of dates with
    the year or the month told once.
    """
    figure = item.figure
    if figure.kind is not FigureKind.DATE:
        return []
    value, low, high = str(figure.value), str(figure.low), str(figure.high)
    if figure.value is None:
        last = _piece(item, high)
        told_once = [[_piece(item, Decimal(low[-2:])), last]]
        if len(low) == len(high) == 10:
            told_once += [[_piece(item, f"-{low[4:]}"), last], [_piece(item, low), _piece(item, f"-{high[4:]}")]]
        return told_once
    if len(value) != 10:
        return []
    day = Decimal(value[8:])
    return [[_piece(item, f"-{value[4:]}"), _piece(item, value[:4])], [_piece(item, value[:7]), _piece(item, day)]]


def pair_pieces(whole: list[Item], single: list[Item]) -> None:
    """Pair a span with two single figures, a date with a day and a year that stand apart, `2:15:30` with hours, minutes
    and seconds. All pieces must find a mate.
    """
    index = _indexed(single)
    for item in _free(whole):
        dated = item.figure.kind is FigureKind.DATE and item.figure.value is not None
        if not _pair_parts(item, pieces(item), index, _is_no_date if dated else _is_any):
            any(_pair_parts(item, halves, index) for halves in _date_halves(item))
            any(_pair_parts(item, laps, index, _is_duration) for laps in _laps(item) if len(laps) > 1)


def _is_duration(item: Item) -> bool:
    return item.figure.kind is FigureKind.DURATION


def _is_no_date(item: Item) -> bool:
    return item.figure.kind is not FigureKind.DATE


def pair_partly(item: Item, others: list[Item]) -> None:
    """Take a span or a date to pieces if all of them but one are right: the wrong bound, the wrong day."""
    for parts in (pieces(item), *_date_halves(item)):
        if not 2 <= len(parts) <= _MOST_PIECES:
            continue
        pair_equal(parts, others, Likeness.UNIT_MISSING)
        if sum(part.mate is None for part in parts) == 1:
            item.parts = parts
            return
        _release(parts)


def _release(parts: list[Item]) -> None:
    for part in parts:
        if part.mate:
            part.mate.mate = None
            part.mate = None


def _fits_date(part: Item) -> bool:
    """Whether a part of a date found what can be one: a day stands alone as an ordinal, a year has no unit."""
    if part.mate is None or part.figure.kind is FigureKind.DATE:
        return True
    return part.mate.figure.kind in (_YEARS if part.figure.kind is FigureKind.YEAR else _DAYS)


def _turned(parts: list[Item]) -> bool:
    low, high = parts[0].mate, parts[1].mate
    if low is None or high is None:
        return False
    below = all(isinstance(part.figure.value, Decimal) and part.figure.value < 0 for part in parts)
    return low.figure.start > high.figure.start and not below  # `minus 3 to minus 8`


def _pair_parts(item: Item, parts: list[Item], index: Index, fits: Callable[[Item], bool] = _is_any) -> bool:
    if not parts or len(parts) > _MOST_PIECES:
        return False
    _pair_from(parts, index, Likeness.UNIT_MISSING, fits)
    if item.figure.kind is FigureKind.DATE and not all(_fits_date(part) for part in parts):
        _release(parts)
    if all(part.mate for part in parts):
        item.parts = parts
        if item.figure.value is None and len(parts) == 2 and _turned(parts):
            item.swapped, item.sure = True, False
        return True
    _release(parts)
    return False
