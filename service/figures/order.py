"""Figures that changed places: the numbers are all there, but not where they belong."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from functools import cached_property
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
_BASIS, _CHANGE, _LEVEL, _MINUTE = "basis", "change", "level", "minute"
_Roles = frozenset[str]  # a preposition may say more than one thing


class Texts(NamedTuple):
    """What a segment says on both sides, and in which language."""

    source: str
    language: str
    english: str


class _Side:
    """What the words of one text say of its figures; read once, and only if something is asked."""

    def __init__(self, text: str, language: str) -> None:
        self._text, self._lexicon = text, compilation.lexicon(language)
        self._known: dict[tuple[int, int, bool], _Roles] = {}

    @cached_property
    def _tokens(self) -> Tokens:
        return Tokens(self._text, self._lexicon.apostrophe)

    def role(self, figure: Figure, former: bool = False) -> _Roles:
        """What the words beside a figure say that it may be to others: the whole of which they are a part or what was
        before them (`of 96`, `after 4.2%`), by how much something changed and to what level, or the minute of a match;
        nothing where they do not say. With `former` only what was before: `from 100`.
        """
        key = (figure.start, figure.end, former)
        if key not in self._known:
            self._known[key] = self._role(figure, former)
        return self._known[key]

    def _role(self, figure: Figure, former: bool) -> _Roles:
        tokens, quantities = self._tokens, self._lexicon.quantities
        start = bisect_left(tokens.starts, figure.start, hi=tokens.count)
        end = bisect_left(tokens.starts, figure.end, hi=tokens.count)
        minute = quantities.match_minute
        if figure.text.endswith("'") or minute.at(tokens, end) or minute.before(tokens, start):
            return frozenset() if former else frozenset({_MINUTE})
        modifier = quantities.modifiers.before(tokens, start)
        start = modifier[1] if modifier else start
        tables = {_BASIS: quantities.basis, _CHANGE: quantities.change, _LEVEL: quantities.level}
        if former:
            tables = {_BASIS: quantities.from_}
        article = tokens.forms[start - 1] in quantities.modifier_articles
        places = (start, start - 1) if article else (start,)
        return frozenset(role for role, table in tables.items() if any(table.before(tokens, place) for place in places))


class _Sides(NamedTuple):
    source: _Side
    english: _Side


def mark_swapped(source: list[Item], texts: Texts) -> None:
    """Find two pairs of one segment that crossed, and make each figure of the source the mate of the other's English.

    Translators turn clauses round, but two figures of one kind and unit hardly ever change their order (once in 264
    sentences of a human translation), unless each keeps its part in the sentence: `Din 96 … 78`, `78 of 96`. Where each
    stands in English as the other's kind, they were exchanged.
    """
    sides = _Sides(_Side(texts.source, texts.language), _Side(texts.english, "en"))
    _turn_spans(source, sides.english)
    pairs = [item for item in source if item.mate is not None and not item.parts and not item.mate.weak]
    if len(pairs) > _MANY:
        return
    pairs = [item for item in pairs if item.mate is not None and item.mate.segment == item.segment]
    pairs.sort(key=lambda item: item.figure.start)
    for first, second in pairwise(pairs):
        if _crossed(first, second, sides):
            _exchange(first, second)
    for rank, first in enumerate(pairs):
        for second in pairs[rank + 2 :]:
            if not first.swapped and not second.swapped and _crossed(first, second, sides):
                _exchange(first, second)


def _turn_spans(source: list[Item], english: _Side) -> None:
    """Tell by their words which bound of a span is which where English has two figures: `to 5,000 from 4,000`."""
    for item in source:
        if len(item.parts) != 2 or item.figure.value is not None:
            continue
        if isinstance(item.figure.low, Decimal) and item.figure.low < 0:
            continue  # `lows of minus 3 to minus 8` are a span
        mates = [part.mate for part in item.parts if part.mate is not None]
        told = [english.role(mate.figure) for mate in mates if mate.segment == item.segment]
        if sorted(told, key=sorted) == [{_BASIS}, {_LEVEL}]:
            item.swapped = told[0] == {_LEVEL}
            item.sure = not item.swapped


def _crossed(first: Item, second: Item, sides: _Sides) -> bool:
    one, other = first.mate, second.mate
    if one is None or other is None or first.swapped or second.swapped:
        return False
    if Likeness.UNIT in (first.likeness, second.likeness) or first.figure.value == second.figure.value:
        return False
    inverted = one.figure.start > other.figure.start
    if _kind(first) == _kind(second) or _aged(first, second):
        if _kind(one) != _kind(other) and not _aged(first, second):
            return False
        return not _keep_roles(first, second, sides) if inverted else _exchange_roles(first, second, sides)
    if not inverted and _share_noun(first, second):
        return False
    before = (_kind(first) != _kind(one)) + (_kind(second) != _kind(other))
    after = (_kind(first) != _kind(other)) + (_kind(second) != _kind(one))
    if inverted:
        return before > 0 and after <= before and not _keep_roles(first, second, sides)
    return before == 2 and after < before


def _aged(first: Item, second: Item) -> bool:
    """Whether two figures and their mates are years on one side at least, and the numbers without a unit may be years
    too, as no noun follows them in English: `Pop, 45, and his 12-year-old son`.
    """
    mates = [item.mate for item in (first, second) if item.mate is not None]
    figures = [item.figure for item in (first, second, *mates)]
    return (
        {figure.kind for figure in figures} <= _AGED
        and {figure.unit for figure in figures} == {None, "a"}
        and all(mate.alone for mate in mates if mate.figure.unit is None)
    )


def _share_noun(first: Item, second: Item) -> bool:
    """Whether the kinds of two figures may differ only because one noun in one of the languages serves both: `45 e 52
    anni` and `aged 45, the other 52`.
    """
    kinds = {item.figure.kind for pair in (first, second) for item in (pair, pair.mate) if item is not None}
    near = second.figure.start - first.figure.end <= _ONE_NOUN
    return not _UNORDERED.isdisjoint(kinds) or (near and kinds <= _AGED)


def _keep_roles(first: Item, second: Item, sides: _Sides) -> bool:
    """Whether words tell two figures apart in both languages, and both tell the same of each; or only the English does,
    by what was before: `Erano 100, sono 120` and `120, up from 100`.
    """
    said, told = _roles(first, second, sides)
    if not any(said):
        assert first.mate is not None
        assert second.mate is not None
        former = [sides.english.role(mate.figure, former=True) for mate in (first.mate, second.mate)]
        return bool(former[0]) and not told[1]
    return _agreeing(said, told) > _agreeing(said, told[::-1])


def _exchange_roles(first: Item, second: Item, sides: _Sides) -> bool:
    """Whether words in both languages tell two figures apart, and the one is told what the other is: `450 of the 230`
    for `Dei 450 … 230`.
    """
    said, told = _roles(first, second, sides)
    sure = all(said) or max(map(len, said)) == 1
    return sure and said[0] != said[1] and all(_same(*pair) for pair in zip(said, told[::-1], strict=True))


def _roles(first: Item, second: Item, sides: _Sides) -> tuple[list[_Roles], list[_Roles]]:
    assert first.mate is not None
    assert second.mate is not None
    said = [sides.source.role(item.figure) for item in (first, second)]
    return said, [sides.english.role(item.figure) for item in (first.mate, second.mate)]


def _same(said: _Roles, told: _Roles) -> bool:
    return bool(said & told) or not (said or told)


def _agreeing(said: list[_Roles], told: list[_Roles]) -> int:
    """How many of the figures are told what is said of them, less those that are told another thing."""
    both = [(one, other) for one, other in zip(said, told, strict=True) if one and other]
    return sum(1 if one & other else -1 for one, other in both)


def _kind(item: Item) -> tuple[str, str | None]:
    return item.figure.kind.value, item.figure.unit


def _exchange(first: Item, second: Item) -> None:
    one, other = first.mate, second.mate
    assert one is not None
    assert other is not None
    sure = _kind(first) != _kind(second) and not _aged(first, second)
    first.join(other, Likeness.UNIT)
    second.join(one, Likeness.UNIT)
    first.swapped = second.swapped = True
    first.sure = second.sure = sure
