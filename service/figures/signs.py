"""Signs that are words: `5 degrees below zero`, `fell by 1.2%`, `three times less`; and the dots between two bounds."""

from __future__ import annotations

from collections.abc import Iterator

from service.figures.lexicon import Lexicon
from service.figures.tokens import WORD, Tokens

DEGREES = frozenset({"Cel", "[degF]", "deg"})
_REACH = 5  # tokens between a word of falling and its percentage
_CLAUSE = 8  # and between it and the two currencies that it compares


def ellipsis_end(tokens: Tokens, index: int) -> int:
    """Behind the dots that join token `index` to the one before it, as in `-5...-10`; `index` where there are none."""
    if not tokens.glued[index]:
        return index
    if tokens.forms[index] == "…":
        return index + 1
    dots = tokens.forms[index : index + 3] == [".", ".", "."] and all(tokens.glued[index + 1 : index + 3])
    return index + 3 if dots else index


def below_zero(tokens: Tokens, lexicon: Lexicon, end: int) -> int:
    """Behind the words for "below zero" at token `end`; `end` where there are none."""
    found = lexicon.quantities.below_zero.at(tokens, end)
    return found[1] if found else end


def _led_by(tokens: Tokens, lexicon: Lexicon, start: int) -> frozenset[str]:
    """The words that lead to token `start`."""
    key = ("led", start, False)
    if key not in tokens.memo:
        tokens.memo[key] = frozenset(_leading(tokens, lexicon, start))
    words: frozenset[str] = tokens.memo[key]
    return words


def _leading(tokens: Tokens, lexicon: Lexicon, start: int) -> Iterator[str]:
    """The words that lead to token `start`, the nearest first: past a modifier (`lost more than 3%`), and not beyond
    where something fell from or to (`fell from 8% to 7%`).
    """
    quantities = lexicon.quantities
    modifier = quantities.modifiers.before(tokens, start)
    last = modifier[1] if modifier else start
    idle = _idle(tokens, lexicon, last - 1 - _REACH, last + 1)
    for place in range(start - 1, max(-1, last - 1 - _REACH), -1):
        form = tokens.forms[place]
        if tokens.kinds[place] != WORD or form in quantities.from_.tails or form in quantities.from_joint.tails:
            return
        if place < last and place not in idle:
            yield form


def _idle(tokens: Tokens, lexicon: Lexicon, start: int, end: int) -> set[int]:
    """The tokens from `start` to `end` that are part of a phrase that tells no way: `a down payment of $500`."""
    table = lexicon.quantities.no_direction
    found = ((place, table.at(tokens, place)) for place in range(max(0, start), end))
    return {index for place, phrase in found if phrase for index in range(place, phrase[1])}


def falls(tokens: Tokens, lexicon: Lexicon, start: int, end: int) -> bool:
    """Whether a word beside tokens `start` to `end` says that something fell by them, or that so much was wanting:
    `lost 3%`, `a 3% drop`, `a deficit of 3 million`. Not where it fell from or to them.
    """
    words = lexicon.quantities.lacking
    return tokens.forms[end] in words or not _led_by(tokens, lexicon, start).isdisjoint(words)


def lessens(tokens: Tokens, lexicon: Lexicon, start: int, end: int) -> bool:
    """Whether something is less, or fell, as many times as tokens `start` to `end` say."""
    return direction(tokens, lexicon, start, end) < 0


def direction(tokens: Tokens, lexicon: Lexicon, start: int, end: int) -> int:
    """1 where something rose by tokens `start` to `end`, -1 where it fell; 0 where nothing beside them says so, or both
    are said: `losses grew 5%`.
    """
    quantities = lexicon.quantities
    if tokens.forms[start] in ("+", "-", "–"):
        return 1 if tokens.forms[start] == "+" else -1
    if _compares_currencies(tokens, lexicon, start, end):
        return 0
    beside = {tokens.forms[end], *_led_by(tokens, lexicon, start)}
    up = not beside.isdisjoint(quantities.rising) or _is_greater(tokens, lexicon, end)
    down = not beside.isdisjoint(quantities.falling) or quantities.lesser.at(tokens, end) is not None
    return up - down


def _compares_currencies(tokens: Tokens, lexicon: Lexicon, start: int, end: int) -> bool:
    """Whether one currency stands before the figure and another behind it: where one falls, the other rises."""
    table = lexicon.quantities.currencies
    first = {found[0] for place in range(max(0, start - _CLAUSE), start) if (found := table.at(tokens, place))}
    if not first:
        return False
    last = min(tokens.count, end + _CLAUSE)
    return any(found[0] not in first for place in range(end, last) if (found := table.at(tokens, place)))


def _is_greater(tokens: Tokens, lexicon: Lexicon, end: int) -> bool:
    """Whether a word for more stands at token `end` and compares; it only adds before what is counted (`300 more jobs
    were lost`), and grades a quality (`20% more slowly`).
    """
    found = lexicon.quantities.greater.at(tokens, end)
    if found is None:
        return False
    return tokens.kinds[found[1]] != WORD or tokens.forms[found[1]] in lexicon.calendar.noun_stop
