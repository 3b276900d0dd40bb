"""Words that may stand for a number: articles, `both`, `decade`, `doubled`. They excuse a figure on the other side;
they claim none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from service.figures import compilation
from service.figures.find import figure_of, scan
from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.numbers import before_hyphen, read_number
from service.figures.tokens import WORD, Tokens
from service.remembering import remembered
from service.types import Figure, FigureKind

_LONGEST_PREFIX = 8
_HOURS, _DAYS = Decimal(24), Decimal(7)
_READ_TWICE = frozenset(
    {FigureKind.ORDINAL, FigureKind.FRACTION, FigureKind.IDENTIFIER}
)  # by what they mean, not by their separators


class Found(NamedTuple):
    """The figures of a text: `firm` ones, `soft` ones that a translator may drop (`first`, `a couple`), and `weak`
    words.

    `told` are weak words that nobody would choose for another amount: `tens of thousands`, `doubled`, `over an hour`.
    `directions` has 1 or -1 for the amounts by which something rose or fell, `anniversaries` the ordinals that
    count years, `bare` the numbers that count nothing (`35%, the others 30.`); all by where the figure starts.
    `lacking`: some word says that something fell or was wanting.
    """

    firm: list[Figure]
    soft: list[Figure]
    weak: list[Figure]
    told: list[Figure]
    directions: dict[int, int]
    anniversaries: frozenset[int]
    bare: frozenset[int]
    lacking: bool


@remembered(4096, longest=1000)  # repair and check read the same sentences, and answers differ little
def find_all(text: str, language: str) -> Found:
    """The figures of a text as `find` gives them, the soft ones apart, and the weak ones."""
    lexicon = compilation.lexicon(language)
    tokens = Tokens(text, lexicon.apostrophe)
    hits = scan(tokens, lexicon)
    firm = [_surely(figure_of(tokens, hit), lexicon) for hit in hits if not hit.weak]
    soft = [figure_of(tokens, hit) for hit in hits if hit.weak and not hit.hidden]
    weak = [figure_of(tokens, hit) for hit in hits if hit.hidden]
    taken = [False] * (tokens.count + 1)
    for hit in hits:
        for place in range(hit.start, hit.end):
            taken[place] = True
    weak.extend(figure_of(tokens, hit) for hit in _words(tokens, lexicon, taken))
    weak.extend(figure_of(tokens, hit) for hit in _round_the_clock(tokens, lexicon, hits, taken))
    told = [figure_of(tokens, hit) for hit in hits if hit.hidden and hit.unit and hit.modifier]
    told.extend(figure_of(tokens, hit) for hit in _told(tokens, lexicon, taken))
    directions = {tokens.starts[hit.start]: hit.direction for hit in hits if hit.direction}
    marked = (tokens.starts[hit.start] for hit in hits if tokens.forms[hit.end] in lexicon.numerals.anniversary)
    bare = (tokens.starts[hit.start] for hit in hits if _counts_nothing(tokens, lexicon, hit.end))
    lacking = not lexicon.quantities.lacking.isdisjoint(tokens.forms)
    return Found(firm, soft, weak, told, directions, frozenset(marked), frozenset(bare), lacking)


def _counts_nothing(tokens: Tokens, lexicon: Lexicon, end: int) -> bool:
    """Whether no noun follows a number that ends before token `end`: `the others 30.`, `30 in May`."""
    form = tokens.forms[end]
    if tokens.kinds[end] != WORD:
        return not (tokens.glued[end] and form == "-" and tokens.glued[end + 1])
    return form in lexicon.calendar.noun_stop and form not in lexicon.quantities.connectors


def _surely(figure: Figure, lexicon: Lexicon) -> Figure:
    """Without the readings that the conventions of the language rule out: `6.000` in a Romanian text is not 6."""
    if not figure.readings or lexicon.loose or figure.kind in _READ_TWICE:
        return figure
    if not isinstance(figure.value, Decimal):
        return replace(figure, readings=())
    meant = {-figure.value}  # `fell 5%`
    if figure.unit == "m":
        meant.add(figure.value * 1_000_000)  # `100m`: metres, or millions
    if figure.kind is FigureKind.MULTIPLIER and figure.value:
        meant.add(1 / figure.value)  # `three times less`
    return replace(figure, readings=tuple(one for one in figure.readings if one in meant))


def _words(tokens: Tokens, lexicon: Lexicon, taken: list[bool]) -> list[Hit]:
    hits: list[Hit] = []
    for index in range(tokens.count):
        if _is_period(tokens, lexicon, index):
            continue
        times = lexicon.quantities.multipliers_weak.at(tokens, index)
        if times and not taken[index]:
            hits.append(Hit(index, times[1], FigureKind.MULTIPLIER, times[0]))
        word = lexicon.numerals.collections_weak.at(tokens, index)
        vague = lexicon.numerals.vague.get(tokens.forms[index])
        if word and not taken[index]:
            hits.append(Hit(index, word[1], FigureKind.COUNT, word[0]))
        elif vague and not taken[index]:
            hits.append(Hit(index, index + 1, FigureKind.COUNT, vague))
        elif not taken[index] and (scale := lexicon.numerals.scales.at(tokens, index)):
            again = lexicon.numerals.scales.at(tokens, scale[1])
            hits.append(Hit(index, scale[1], FigureKind.COUNT, scale[0] * (again[0] if again else 1)))
        elif not taken[index] and (part := _prefix(tokens.forms[index], lexicon)):
            hits.append(Hit(index, index + 1, FigureKind.COUNT, part))
        elif not taken[index] and (tokens.forms[index] in lexicon.starters or lexicon.glued):
            number = read_number(tokens, lexicon, index)
            if number is not None:
                hits.append(Hit(index, number.end, FigureKind.COUNT, number.value))
    return hits


def _told(tokens: Tokens, lexicon: Lexicon, taken: list[bool]) -> Iterator[Hit]:
    """Words that say how many times, and round plurals with those they multiply: `tripled`, `zeci de mii`."""
    index = 0
    while index < tokens.count:
        verb = lexicon.quantities.multiplying.at(tokens, index)
        hit = Hit(index, verb[1], FigureKind.MULTIPLIER, verb[0]) if verb else _vague(tokens, lexicon, index)
        if hit is not None and not any(taken[hit.start : hit.end]):
            yield hit
        index = index + 1 if hit is None else hit.end


def _vague(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    vague = lexicon.numerals.vague
    value, end = vague.get(tokens.forms[index]), index + 1
    if value is None:
        return None
    place = end + (tokens.forms[end] in lexicon.quantities.connectors)
    while (scale := vague.get(tokens.forms[place])) is not None:
        value, end = value * scale, place + 1
        place = end + (tokens.forms[end] in lexicon.quantities.connectors)
    return Hit(index, end, FigureKind.COUNT, value)


def _round_the_clock(tokens: Tokens, lexicon: Lexicon, hits: list[Hit], taken: list[bool]) -> Iterator[Hit]:
    """Words for the 24 hours of a day, and the days of the week in `24/7`."""
    for index in range(tokens.count):
        if not taken[index] and (words := lexicon.numerals.round_the_clock.at(tokens, index)):
            yield Hit(index, words[1], FigureKind.DURATION, _HOURS, unit="h")
    for hit in hits:
        if hit.kind is FigureKind.IDENTIFIER and hit.readings:
            yield Hit(hit.start, hit.end, FigureKind.DURATION, _DAYS, unit="d")


def _is_period(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether a word for a part is a period that an ordinal counts: the third quarter is neither 4 nor a fourth."""
    numerals = lexicon.numerals
    form = tokens.forms[index]
    if form not in numerals.fractions_alone and form not in numerals.fractions_counted:
        return False
    place = before_hyphen(tokens, index)
    return tokens.forms[place - 1] in numerals.ordinals or numerals.ordinal_suffixes.before(tokens, place) is not None


def _prefix(form: str, lexicon: Lexicon) -> Decimal | None:
    """The number with which a longer word begins: `триколісний`, `bilateral`."""
    for length in range(min(_LONGEST_PREFIX, len(form) - 1), 1, -1):
        value = lexicon.numerals.weak_prefixes.get(form[:length])
        if value is not None:
            return value
    return None
