"""Quantities that one side tells in two units and the other in one: `12 ani și 6 luni`, `12 and a half years`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from service.figures.equivalence import Likeness, base, likeness
from service.figures.pairing import Item
from service.types import Figure

_MANY = 60
_ADJACENT = 6  # characters, as many as a word for "and" with its spaces and a comma take
_SAME = frozenset({Likeness.CONVERTED, Likeness.VALUE, Likeness.SAME})


def pair_sums(parts: list[Item], weak: list[Item], whole: list[Item]) -> None:
    """Pair two adjacent figures of one side with the one of the other that is their sum.

    `weak` are words of the side with the parts that are figures only here: the `un an` of `un an și 6 luni`.
    """
    wholes = [item for item in whole if _is_free(item) and item.figure.unit]
    addends = sorted((item for item in (*parts, *weak) if item.figure.unit), key=lambda item: item.figure.start)
    if not wholes or len(wholes) > _MANY or len(addends) > _MANY:
        return
    for first, second in pairwise(addends):
        total = _sum(first.figure, second.figure) if _is_free(first) and _is_free(second) else None
        if total is None:
            continue
        for item in wholes:
            if _is_free(item) and likeness(total, item.figure) in _SAME:
                item.parts = [_piece(item, first), _piece(item, second)]
                break


def _is_free(item: Item) -> bool:
    return item.mate is None and not item.parts


def _piece(item: Item, addend: Item) -> Item:
    """The part of a whole that an addend is, joined to it."""
    figure = replace(item.figure, value=addend.figure.value, unit=addend.figure.unit, readings=())
    piece = Item(figure, item.segment, item.place)
    piece.join(addend, Likeness.CONVERTED)
    return piece


def _sum(first: Figure, second: Figure) -> Figure | None:
    """Two amounts beside each other as one, in the unit of the first, which is the greater."""
    one, other = base(first.unit), base(second.unit)
    if one is None or other is None or one[0] != other[0] or other[1] >= one[1]:
        return None
    if not isinstance(first.value, Decimal) or not isinstance(second.value, Decimal):
        return None
    if not 0 <= second.start - first.end <= _ADJACENT:
        return None
    return replace(first, value=first.value + second.value * other[1] / one[1], readings=())
