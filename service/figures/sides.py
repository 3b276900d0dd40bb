"""What the words beside the figures say of them, and words that claim no figure but contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from service.figures import pairing
from service.figures.equivalence import Likeness, opposed
from service.figures.pairing import Item
from service.figures.weak import Found
from service.types import FigureKind

# Round plurals differ by taste up to here: `zeci` are tens, or dozens.
_NEAR = 5
_PARTS = frozenset({FigureKind.PERCENT, FigureKind.FRACTION})
_CLOSE = Decimal("0.005")  # 67% are two thirds
_MANY = 20


def items_of(found: Found, text: str, index: int) -> list[Item]:
    """The figures of a text, firm and soft ones, as items in order; `index` is its segment's place in the block."""
    figures = pairing.items(found.firm, text, index) + pairing.items(found.soft, text, index, soft=True)
    figures.sort(key=lambda item: item.figure.start)
    for item in figures:
        item.direction = found.directions.get(item.figure.start, 0)
        item.anniversary = item.figure.start in found.anniversaries
    if any(item.figure.kind is FigureKind.PERCENT for item in figures):  # `35% to one list, 30 to the other`
        for item in figures:
            item.listed = item.figure.start in found.bare and item.figure.unit is None
    return figures


def pair_unsigned(source: list[Item], english: list[Item], lacking: bool) -> None:
    """Pair what differs by its sign alone, where some word of the sentence says that something fell or was wanting
    (`lacking`): `-12.4%` and `sales fell (by 12.4%)`. Time that is left has no sign: `Meno 10 giorni`.
    """
    free: dict[tuple[FigureKind, str | None, Decimal], list[Item]] = {}
    for item in english:
        if item.mate is None and not item.parts and isinstance(item.figure.value, Decimal):
            free.setdefault((item.figure.kind, item.figure.unit, item.figure.value), []).append(item)
    for item in source:
        figure = item.figure
        if item.mate is None and not item.parts and isinstance(figure.value, Decimal) and figure.value:
            mates = free.get((figure.kind, figure.unit, -figure.value))
            if mates and (lacking or figure.kind is FigureKind.DURATION):
                item.join(mates.pop(0), Likeness.UNIT_MISSING)


def pair_changes(source: list[Item], english: list[Item]) -> None:
    """Pair how many times something rose or fell with the part by which it did: `скоротився втричі` and `dropped by two
    thirds`, `+200%` and `tripled`.
    """
    for ones, others in ((source, english), (english, source)):
        times = [item for item in ones if item.figure.kind is FigureKind.MULTIPLIER and item.mate is None]
        parts = [item for item in others if item.figure.kind in _PARTS and item.mate is None and not item.parts]
        for item in times[:_MANY]:
            for mate in parts[:_MANY]:
                if mate.mate is None and _is_change(item, mate):
                    item.join(mate, Likeness.VALUE)
                    break


def _is_change(times: Item, part: Item) -> bool:
    """Whether what rose or fell so many times did so by that part of what it was."""
    value, share = times.figure.value, part.figure.value
    way = times.direction + part.direction
    if not isinstance(value, Decimal) or not isinstance(share, Decimal) or value <= 1 or not way:
        return False
    share = share / 100 if part.figure.kind is FigureKind.PERCENT else share
    return abs(share - (value - 1 if way > 0 else 1 - 1 / value)) < _CLOSE


def contradict(
    source: list[Item], weak_source: list[Item], english: list[Item], weak_english: list[Item]
) -> Iterator[tuple[Item, Item]]:
    """Join words that contradict each other: `s-a dublat` and `tripled`, `сотні` and `dozens`, `meno di un'ora` and
    `over an hour`. Only where each side has a single one of its kind, beside the `weak_…` that excuse a figure.
    """
    left, right = _idle(source, weak_source), _idle(english, weak_english)
    for kind in sorted({_kind(item) for item in left}, key=str):
        here = [item for item in left if _kind(item) == kind]
        there = [item for item in right if _kind(item) == kind]
        if len(here) == len(there) == 1 and _contradicts(here[0], there[0]):
            here[0].join(there[0], Likeness.SAME if here[0].figure.unit else Likeness.UNIT)
            here[0].sure = False
            yield here[0], there[0]


def _kind(item: Item) -> tuple[FigureKind, str | None]:
    return item.figure.kind, item.figure.unit


def _idle(told: list[Item], weak: list[Item]) -> list[Item]:
    """The words where no weak word excuses a figure."""
    used = [item.figure for item in weak if item.mate is not None]
    return [
        item
        for item in told
        if all(item.figure.end <= figure.start or figure.end <= item.figure.start for figure in used)
    ]


def _contradicts(source: Item, english: Item) -> bool:
    one, other = source.figure.value, english.figure.value
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return False
    if source.figure.unit:
        return one == other and opposed(source.figure, english.figure)
    if source.figure.kind is FigureKind.MULTIPLIER:
        return one != other
    return max(one, other) >= _NEAR * min(one, other)
