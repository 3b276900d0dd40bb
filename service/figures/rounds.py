"""Rounds of a cup, which many languages name after the part of the final that a match is: `1/8 фіналу`, `ottavi di
finale`.
"""

from __future__ import annotations

from decimal import Decimal

from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.numbers import read_number
from service.figures.tokens import Tokens
from service.types import FigureKind

_PARTS = frozenset(map(Decimal, (2, 4, 8, 16, 32, 64)))


def read_round(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """The round whose name begins at token `index`.

    English counts the teams (`the round of 16`, the second reading) or has a name without a number (`semi-finals`), so
    that the figure is weak.
    """
    numerals = lexicon.numerals
    named = numerals.rounds.at(tokens, index)
    found = named or _part(tokens, lexicon, index)
    if found is None:
        return None
    part, end = found
    teams = (2 * part,)
    final = numerals.finals.at(tokens, end)
    if final:
        return Hit(index, final[1], FigureKind.FRACTION, 1 / part, readings=teams, weak=True)
    if named is None:
        return None
    if tokens.forms[index] in numerals.ordinals:  # `ai quarti`, but also `sono arrivati quarti`
        return Hit(index, end, FigureKind.ORDINAL, part, readings=teams, weak=True)
    return Hit(index, end, FigureKind.FRACTION, 1 / part, readings=teams, weak=True)


def _part(tokens: Tokens, lexicon: Lexicon, index: int) -> tuple[Decimal, int] | None:
    """Into how many parts a number at token `index` divides the final, and where the number ends."""
    number = read_number(tokens, lexicon, index)
    if number is None or not number.value:
        return None
    ordinal = number.ordinal and tokens.forms[index] in lexicon.numerals.fractions_counted
    part = number.value if ordinal else 1 / number.value
    return (part, number.end) if (ordinal or number.fraction) and part in _PARTS else None
