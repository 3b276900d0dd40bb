"""Numbers in digits as they are written: groups of three, powers, fractions; and what a number is to its readers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import gcd

from service.figures import digits
from service.figures.lexicon import Lexicon
from service.figures.tokens import NUMBER, WORD, Tokens

_TEN = Decimal(10)
_MAX_GROUPS = 8  # space-separated groups of three digits
_LARGEST_EXPONENT = 30


@dataclass(slots=True)
class Number:
    """A number at tokens `start` to `end`. `bare` are its digits where it is four plain digits: it may be a year.

    `article`: it is only a word for one; `single`: it is one word that the lexicon calls ambiguous or not;
    `scale` is the last multiplier in it, `plural_scale` says that a multiplier is its last word.
    """

    start: int
    end: int
    value: Decimal
    readings: tuple[Decimal, ...] = ()
    digits: bool = False
    bare: str = ""
    ordinal: bool = False
    fraction: bool = False
    article: bool = False
    collection: bool = False
    scale: Decimal | None = None
    decimal: bool = False


def vulgar(tokens: Tokens, index: int) -> Number | None:
    """`½`."""
    fraction = digits.VULGAR_FRACTIONS.get(tokens.forms[index])
    if fraction is None:
        return None
    return Number(index, index + 1, Decimal(fraction[0]) / Decimal(fraction[1]), digits=True, fraction=True)


def space_groups(tokens: Tokens, index: int) -> int:
    """The end of `1 234 567,8`: groups of three digits, one space between."""
    first = tokens.forms[index]
    if not (1 <= len(first) <= 3 and first.isdecimal() and first[0] != "0"):
        return index + 1
    end = index + 1
    while end - index < _MAX_GROUPS and tokens.kinds[end] == NUMBER and tokens.spaced(end):
        group = tokens.forms[end]
        if len(group) == 3 and group.isdecimal():
            end += 1
            continue
        if group[:3].isdecimal() and group[3:4] in (".", ",") and group[4:].isdecimal():
            end += 1
        break
    if tokens.kinds[end] == WORD and tokens.glued[end] and end - index > 1 and len(tokens.forms[end]) > 4:
        return index + 1
    return end


def power(tokens: Tokens, number: Number) -> Number | None:
    """`1e10` and `10^6`, as far as the exponent is sane."""
    end = number.end
    form = tokens.forms[end]
    raised_text = digits.superscript(form)
    if raised_text != form and raised_text.isdecimal() and number.value == _TEN and len(form) <= 2:
        return Number(number.start, end + 1, _TEN ** int(raised_text), digits=True)
    if form not in ("e", "^") or not tokens.glued[end]:
        return None
    place, sign = end + 1, 1
    if tokens.forms[place] in ("-", "+", "–") and tokens.glued[place]:
        sign = 1 if tokens.forms[place] == "+" else -1
        place += 1
    exponent = tokens.forms[place].replace(",", ".")
    if tokens.kinds[place] != NUMBER or not tokens.glued[place] or exponent.count(".") > 1 or len(exponent) > 5:
        return None
    raised = sign * Decimal(exponent)
    if abs(raised) > _LARGEST_EXPONENT or (form == "^" and number.value == 0):
        return None
    value = number.value * _TEN**raised if form == "e" else number.value**raised
    return Number(number.start, place + 1, +value, digits=True, decimal=True)


def slash(tokens: Tokens, number: Number) -> Number | None:
    """`3/4`, and `1 3/4` by `mixed`."""
    end = number.end
    if not (number.bare and tokens.forms[end] in ("/", "⁄") and tokens.glued[end] and tokens.glued[end + 1]):
        return None
    below = tokens.forms[end + 1]
    if not (tokens.kinds[end + 1] == NUMBER and below.isdecimal() and len(below) <= 3) or number.value == 0:
        return None
    if (tokens.forms[end + 2] == "/" and tokens.glued[end + 2]) or not 2 <= int(below) <= 100 or number.value > 99:
        return None
    if gcd(int(number.bare), int(below)) != 1 and int(number.bare) >= int(below):
        return None
    return Number(number.start, end + 2, number.value / Decimal(below), digits=True, fraction=True)


def mixed(tokens: Tokens, lexicon: Lexicon, number: Number) -> Number | None:
    """`1 3/4`, `2½`."""
    end = number.end
    vulgar = digits.VULGAR_FRACTIONS.get(tokens.forms[end])
    if vulgar and number.bare:
        value = number.value + Decimal(vulgar[0]) / Decimal(vulgar[1])
        return Number(number.start, end + 1, value, digits=True, decimal=True)
    joints = {connector.forms[0] for connector in lexicon.numerals.connectors if connector.before == "less"}
    if tokens.forms[end] in joints and tokens.forms[end + 2] == "/":
        end += 1
    if not (number.bare and tokens.kinds[end] == NUMBER and tokens.spaced(end) and tokens.forms[end].isdecimal()):
        return None
    if len(tokens.forms[end]) > 2 or tokens.forms[end + 1] != "/":
        return None
    part = slash(tokens, Number(end, end + 1, Decimal(tokens.forms[end]), bare=tokens.forms[end]))
    if part is None or part.value >= 1:
        return None
    return Number(number.start, part.end, number.value + part.value, digits=True, decimal=True)
