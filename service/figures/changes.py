"""Pair figures that differ but must be each other's: what the translation changed."""

from __future__ import annotations

from decimal import Decimal

from service.figures.equivalence import Likeness
from service.figures.pairing import Item, pair_equal, pair_partly
from service.types import Figure, FigureKind

_MANY = 60
_FAMILIES = (
    frozenset({FigureKind.DATE, FigureKind.YEAR, FigureKind.DECADE, FigureKind.CENTURY}),
    frozenset({FigureKind.TIME}),
    frozenset({FigureKind.SCORE, FigureKind.RANGE}),
)
_NUMBERS = frozenset(FigureKind) - frozenset().union(*_FAMILIES[:2])
_FARTHEST = 3.0


def pair_changed(source: list[Item], english: list[Item]) -> None:
    """Pair the figures that are left over on both sides of a segment, the likeliest first."""
    pair_equal(source, english, Likeness.UNIT)
    right = [item for item in english if item.mate is None and not item.parts]
    if len(right) <= _MANY:
        for item in source:
            if item.mate is None and not item.parts:
                pair_partly(item, right)
    left = [leaf for item in source for leaf in item.leaves() if leaf.mate is None]
    right = [item for item in right if item.mate is None]
    if len(left) > _MANY or len(right) > _MANY:
        return
    candidates = []
    for rank, item in enumerate(left):
        for order, mate in enumerate(right):
            cost = _cost(item, mate)
            if cost < _FARTHEST:
                candidates.append((cost, rank, order, item, mate))
    for _, _, _, item, mate in sorted(candidates, key=lambda candidate: candidate[:3]):
        if item.mate is None and mate.mate is None:
            item.join(mate, Likeness.UNIT)


def _cost(source: Item, english: Item) -> float:
    """How unlikely the English figure is to be the source figure gone wrong: kinds, distance, size."""
    first, second = source.figure, english.figure
    if (source.soft or english.soft) and first.kind is not second.kind:
        return _FARTHEST
    cost = abs(source.place - english.place)
    if first.kind is not second.kind:
        cost += 0.5
        if not _one_family(first, second):
            cost += _FARTHEST
    if first.unit != second.unit:
        cost += 0.5
    if not _alike(first, second):
        cost += 0.7
    return cost


def _one_family(first: Figure, second: Figure) -> bool:
    if first.kind in _NUMBERS and second.kind in _NUMBERS:
        return True
    if any(first.kind in family and second.kind in family for family in _FAMILIES):
        return True
    return FigureKind.YEAR in (first.kind, second.kind) and FigureKind.COUNT in (first.kind, second.kind)


def _alike(first: Figure, second: Figure) -> bool:
    """Whether one may be a slip of the other: common digits, or a power of ten between them."""
    if not isinstance(first.value, Decimal) or not isinstance(second.value, Decimal):
        return False
    one, other = _digits(first.value), _digits(second.value)
    return bool(one and other) and (
        one.startswith(other[:2]) or other.startswith(one[:2]) or sorted(one) == sorted(other)
    )


def _digits(value: Decimal) -> str:
    return format(abs(value), "f").replace(".", "").strip("0")
