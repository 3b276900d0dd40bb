"""Figures that changed places: the numbers are all there, but not where they belong."""

from __future__ import annotations

from itertools import pairwise

from service.figures.equivalence import Likeness
from service.figures.pairing import Item
from service.types import FigureKind

_MANY = 60
# Two of these share a noun in one language and not in the other: `nineteenth and twentieth centuries`.
_UNORDERED = frozenset({FigureKind.CENTURY, FigureKind.ORDINAL, FigureKind.DECADE, FigureKind.RANGE})


def mark_swapped(source: list[Item]) -> None:
    """Find two pairs of one segment that crossed, and make each figure of the source the mate of the other's English.

    Translators turn clauses round, but two figures of one kind and unit hardly ever change their order (once in 264
    sentences of a human translation); and where each stands in English as the other's kind, they were exchanged.
    """
    pairs = [item for item in source if item.mate is not None and not item.parts and not item.mate.weak]
    if len(pairs) > _MANY:
        return
    pairs = [item for item in pairs if item.mate is not None and item.mate.segment == item.segment]
    pairs.sort(key=lambda item: item.figure.start)
    for first, second in pairwise(pairs):
        if _crossed(first, second):
            _exchange(first, second)
    for rank, first in enumerate(pairs):
        for second in pairs[rank + 2 :]:
            if not first.swapped and not second.swapped and _crossed(first, second):
                _exchange(first, second)


def _crossed(first: Item, second: Item) -> bool:
    one, other = first.mate, second.mate
    if one is None or other is None or first.swapped or second.swapped:
        return False
    if Likeness.UNIT in (first.likeness, second.likeness) or first.figure.value == second.figure.value:
        return False
    inverted = one.figure.start > other.figure.start
    if _kind(first) == _kind(second):
        return inverted and _kind(one) == _kind(other)
    if not inverted and not _UNORDERED.isdisjoint(item.figure.kind for item in (first, second, one, other)):
        return False
    before = (_kind(first) != _kind(one)) + (_kind(second) != _kind(other))
    after = (_kind(first) != _kind(other)) + (_kind(second) != _kind(one))
    return before > 0 and after <= before if inverted else before == 2 and after < before


def _kind(item: Item) -> tuple[str, str | None]:
    return item.figure.kind.value, item.figure.unit


def _exchange(first: Item, second: Item) -> None:
    one, other = first.mate, second.mate
    assert one is not None
    assert other is not None
    sure = _kind(first) != _kind(second)
    first.join(other, Likeness.UNIT)
    second.join(one, Likeness.UNIT)
    first.swapped = second.swapped = True
    first.sure = second.sure = sure
