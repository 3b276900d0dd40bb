"""Numbers that are ages without a word for years: `aged 45 and 52`, `the over-80s`, `in their thirties`."""

from __future__ import annotations

from decimal import Decimal

from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.tokens import NUMBER, WORD, Tokens
from service.types import FigureKind

_LONGEST_LIST = 12  # numbers


def bare_age(tokens: Tokens, lexicon: Lexicon, start: int, end: int) -> bool:
    """Whether the number at tokens `start` to `end` stands behind a word for age, or in a list whose first number does
    and counts nothing: not in `aged 45 and 12 civilians`.
    """
    if lexicon.quantities.age_bare.before(tokens, start):
        return True
    form = tokens.forms[end]
    verb = form in lexicon.calendar.noun_stop or form.endswith(lexicon.quantities.age_verbs)
    return (tokens.kinds[end] != WORD or verb) and _listed(tokens, lexicon, start)


def _listed(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    quantities = lexicon.quantities
    for _ in range(_LONGEST_LIST):
        if quantities.age_bare.before(tokens, index):
            return True
        place = index
        joint = quantities.between_joint.before(tokens, place) or quantities.joint.before(tokens, place)
        if joint:
            place = joint[1]
        if tokens.forms[place - 1] == ",":
            place -= 1
        number = tokens.kinds[place - 1] == NUMBER or tokens.forms[place - 1] in lexicon.numerals.additive
        if place == index or not number:
            return False
        index = place - 1
    return False


def read_people(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """People by the decade of their age or by a limit of it: `in her late 40s`, `over-80s`, `under-21s`."""
    calendar = lexicon.calendar
    if not calendar.decade_aged.before(tokens, index):
        return None
    named = calendar.decade_names.at(tokens, index)
    if named:
        return Hit(index, named[1], FigureKind.AGE, named[0], unit="a")
    form, suffix = tokens.forms[index], calendar.decade_suffixes.at(tokens, index + 1)
    if tokens.kinds[index] != NUMBER or not form.isdecimal() or len(form) != 2:
        return None
    if suffix is None or not tokens.glued[index + 1]:
        return None
    return Hit(index, suffix[1], FigureKind.AGE, Decimal(form), unit="a")
