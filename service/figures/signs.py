"""Signs that are words: `5 degrees below zero`, `fell by 1.2%`; and the dots between two bounds."""

from __future__ import annotations

from service.figures.lexicon import Lexicon
from service.figures.tokens import WORD, Tokens

DEGREES = frozenset({"Cel", "[degF]", "deg"})
_REACH = 5  # tokens between a word of falling and its percentage


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


def falls(tokens: Tokens, lexicon: Lexicon, start: int, end: int) -> bool:
    """Whether a word beside tokens `start` to `end` says that something fell by them: `lost 3%`, `a 3% drop`.

    Not where it fell from or to them: `fell from 8% to 7%`.
    """
    quantities = lexicon.quantities
    if tokens.forms[end] in quantities.falling:
        return True
    for place in range(start - 1, max(-1, start - 1 - _REACH), -1):
        form = tokens.forms[place]
        if form in quantities.falling:
            return True
        if tokens.kinds[place] != WORD or form in quantities.from_.tails or form in quantities.from_joint.tails:
            return False
    return False
