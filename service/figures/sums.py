"""What one side tells in two figures and the other in one: `12 ani și 6 luni` and 12.5 years, `one in three`."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from service.figures import compilation
from service.figures.equivalence import Likeness, base, likeness
from service.figures.lexicon import Lexicon
from service.figures.pairing import Item
from service.figures.tokens import WORD, Tokens
from service.types import Figure, FigureKind

_MANY = 60
_LARGEST_WHOLE = 100
_SHARES = frozenset({FigureKind.FRACTION, FigureKind.PERCENT})
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


def pair_shares(parts: list[Item], text: str, language: str, whole: list[Item]) -> None:
    """Pair two counts of one side that are a part and its whole (`uno su quattro`, `7 in 10`) with the fraction or the
    percentage of the other. `parts` may hold weak words, and stand in `text`.
    """
    wholes = [item for item in whole if _is_free(item) and item.figure.kind in _SHARES]
    counts = [item for item in parts if item.figure.kind is FigureKind.COUNT and item.figure.unit is None]
    if not wholes or len(wholes) > _MANY or len(counts) > _MANY:
        return
    lexicon = compilation.lexicon(language)
    tokens = Tokens(text, lexicon.apostrophe)
    for first, second in pairwise(sorted(counts, key=lambda item: item.figure.start)):
        if not (_is_free(first) and _is_free(second) and _shared(tokens, lexicon, first.figure, second.figure)):
            continue
        assert isinstance(first.figure.value, Decimal)
        assert isinstance(second.figure.value, Decimal)
        share = replace(
            first.figure, kind=FigureKind.FRACTION, value=first.figure.value / second.figure.value, readings=()
        )
        found = next((item for item in wholes if _is_free(item) and likeness(share, item.figure) in _SAME), None)
        if found:
            found.parts = [_piece(found, item, Likeness.VALUE) for item in (first, second)]


def _shared(tokens: Tokens, lexicon: Lexicon, first: Figure, second: Figure) -> bool:
    """Whether the second number is the whole of which the first is a part, at most two words before it."""
    if not isinstance(first.value, Decimal) or not isinstance(second.value, Decimal):
        return False
    if not 0 < first.value < second.value <= _LARGEST_WHOLE:
        return False
    end = bisect_left(tokens.starts, first.end, hi=tokens.count)
    joint = lexicon.quantities.share.before(tokens, bisect_left(tokens.starts, second.start, hi=tokens.count))
    return joint is not None and 0 <= joint[1] - end <= 2 and all(kind == WORD for kind in tokens.kinds[end : joint[1]])


def _is_free(item: Item) -> bool:
    return item.mate is None and not item.parts


def _piece(item: Item, addend: Item, how: Likeness = Likeness.CONVERTED) -> Item:
    """The part of a whole that an addend is, joined to it."""
    figure = replace(item.figure, value=addend.figure.value, unit=addend.figure.unit, readings=())
    piece = Item(figure, item.segment, item.place)
    piece.join(addend, how)
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
