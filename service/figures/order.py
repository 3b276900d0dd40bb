"""Figures that changed places: the numbers are all there, but not where they belong."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import NamedTuple

from service.figures import compilation
from service.figures.equivalence import Likeness
from service.figures.pairing import Item
from service.figures.tokens import Tokens
from service.types import Figure, FigureKind

_MANY = 60
# Two of these share a noun in one language and not in the other: `nineteenth and twentieth centuries`.
_UNORDERED = frozenset({FigureKind.CENTURY, FigureKind.ORDINAL, FigureKind.DECADE, FigureKind.RANGE})
_AGED = frozenset({FigureKind.COUNT, FigureKind.AGE, FigureKind.DURATION})
_ONE_NOUN = 6  # characters between two numbers that share their noun: `45 e 52 anni`
_BASIS, _MINUTE = "basis", "minute"


class Texts(NamedTuple):
    """What a segment says on both sides, and in which language."""

    source: str
    language: str
    english: str


def mark_swapped(source: list[Item], texts: Texts) -> None:
    """Find two pairs of one segment that crossed, and make each figure of the source the mate of the other's English.

    Translators turn clauses round, but two figures of one kind and unit hardly ever change their order (once in 264
    sentences of a human translation), unless each keeps its part in the sentence: `Din 96 … 78`, `78 of 96`. Where each
    stands in English as the other's kind, they were exchanged.
    """
    pairs = [item for item in source if item.mate is not None and not item.parts and not item.mate.weak]
    if len(pairs) > _MANY:
        return
    pairs = [item for item in pairs if item.mate is not None and item.mate.segment == item.segment]
    pairs.sort(key=lambda item: item.figure.start)
    for first, second in pairwise(pairs):
        if _crossed(first, second, texts):
            _exchange(first, second)
    for rank, first in enumerate(pairs):
        for second in pairs[rank + 2 :]:
            if not first.swapped and not second.swapped and _crossed(first, second, texts):
                _exchange(first, second)


def _crossed(first: Item, second: Item, texts: Texts) -> bool:
    one, other = first.mate, second.mate
    if one is None or other is None or first.swapped or second.swapped:
        return False
    if Likeness.UNIT in (first.likeness, second.likeness) or first.figure.value == second.figure.value:
        return False
    inverted = one.figure.start > other.figure.start
    if _kind(first) == _kind(second):
        return inverted and _kind(one) == _kind(other) and not _keep_roles(first, second, texts)
    if not inverted and _share_noun(first, second):
        return False
    before = (_kind(first) != _kind(one)) + (_kind(second) != _kind(other))
    after = (_kind(first) != _kind(other)) + (_kind(second) != _kind(one))
    if inverted:
        return before > 0 and after <= before and not _keep_roles(first, second, texts)
    return before == 2 and after < before


def _share_noun(first: Item, second: Item) -> bool:
    """Whether the kinds of two figures may differ only because one noun in one of the languages serves both: `45 e 52
    anni` and `aged 45, the other 52`.
    """
    kinds = {item.figure.kind for pair in (first, second) for item in (pair, pair.mate) if item is not None}
    near = second.figure.start - first.figure.end <= _ONE_NOUN
    return not _UNORDERED.isdisjoint(kinds) or (near and kinds <= _AGED)


def _keep_roles(first: Item, second: Item, texts: Texts) -> bool:
    """Whether words tell two figures apart in both languages, and both tell the same of each."""
    assert first.mate is not None
    assert second.mate is not None
    said = [_role(item.figure, texts.source, texts.language) for item in (first, second)]
    told = [_role(item.figure, texts.english, "en") for item in (first.mate, second.mate)]
    return said == told and said[0] != said[1]


def _role(figure: Figure, text: str, language: str) -> str:
    """What the words beside a figure say that it is to others: the whole of which they are a part or what was before
    them (`of 96`, `after 4.2%`), or the minute of a match; nothing where they do not say.
    """
    lexicon = compilation.lexicon(language)
    tokens, quantities = Tokens(text, lexicon.apostrophe), lexicon.quantities
    start = bisect_left(tokens.starts, figure.start, hi=tokens.count)
    end = bisect_left(tokens.starts, figure.end, hi=tokens.count)
    minute = quantities.match_minute
    if figure.text.endswith("'") or minute.at(tokens, end) or minute.before(tokens, start):
        return _MINUTE
    modifier = quantities.modifiers.before(tokens, start)
    start = modifier[1] if modifier else start
    if quantities.basis.before(tokens, start):
        return _BASIS
    article = tokens.forms[start - 1] in quantities.modifier_articles
    return _BASIS if article and quantities.basis.before(tokens, start - 1) else ""


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
