"""Durations, times and lengths in notations of their own: `1h23'45"`, `3:26.12`, `5 ft 11 in`, `24 ore su 24`."""

from __future__ import annotations

import re
from decimal import Decimal

from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.numbers import read_number
from service.figures.tokens import NUMBER, WORD, Tokens
from service.types import FigureKind

_SECONDS = ('"', "″", "”")
_SHARES = re.compile(r"[0-5]\d[.,]\d{1,3}")  # seconds with their hundredths
_LAST_HOUR, _LAST_MINUTE = 23, 59
_ALL_DAY, _DAYS_OF_WEEK = (Decimal(24), "h"), (Decimal(7), "d")


def read_part(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """One part of a time that sport has measured, or the inches behind feet, at the number at token `index`.

    Each part is a figure of its own, so that English may tell them in words.
    """
    form = tokens.forms[index]
    if tokens.kinds[index] != NUMBER:
        return None
    if _SHARES.fullmatch(form) and tokens.forms[index - 1] == ":" and _touches(tokens, index, tokens.kinds[index - 2]):
        return _lap(index, index + 1, Decimal(form.replace(",", ".")), "s")
    if not form.isdecimal() or len(form) > 2:
        return None
    value = Decimal(form)
    if tokens.forms[index + 1] == ":" and _SHARES.fullmatch(tokens.forms[index + 2]):
        apart = tokens.glued[index] or not all(tokens.glued[index + 1 : index + 3])
        return None if apart else _lap(index, index + 1, value, "min")
    if tokens.forms[index + 1] == "in" and (feet := lexicon.quantities.units.before(tokens, index)):
        behind_feet = feet[0] == "[ft_i]" and tokens.kinds[feet[1] - 1] == NUMBER
        return Hit(index, index + 2, FigureKind.MEASURE, value, unit="[in_i]") if behind_feet else None
    return _time_of_day(tokens, lexicon, index) or _with_signs(tokens, lexicon, index, value)


def _time_of_day(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`dalle 20h30`: behind a word of the clock."""
    hour, sign, minute = tokens.forms[index : index + 3]
    if sign != "h" or not all(tokens.glued[index + 1 : index + 3]) or len(minute) != 2 or not minute.isdecimal():
        return None
    if int(hour) > _LAST_HOUR or int(minute) > _LAST_MINUTE or not lexicon.calendar.clock_before.before(tokens, index):
        return None
    return Hit(index, index + 3, FigureKind.TIME, f"{int(hour):02d}:{minute}")


def _with_signs(tokens: Tokens, lexicon: Lexicon, index: int, value: Decimal) -> Hit | None:
    """A number with the sign of hours, minutes or seconds, or behind the sign of the greater part."""
    sign = _sign(tokens, index + 1)
    unit, following = sign or ("", index + 1)
    joined = tokens.kinds[following] == NUMBER and tokens.glued[following] and tokens.forms[following].isdecimal()
    before = _greater(tokens, index)
    if unit == "s" and joined:
        return _lap(index, following + 1, Decimal(f"{value}.{tokens.forms[following]}"), "s")
    if unit == "s" and before == "'":
        return _marked(lexicon, _lap(index, following, value, unit))
    after = _sign(tokens, following + 1) if joined else None
    if unit == "min" and before == "h":
        return _lap(index, following, value, unit)
    if unit == "min" and after and after[0] == "s":
        return _marked(lexicon, _lap(index, following, value, unit))
    if unit == "h" and joined and len(tokens.forms[following]) == 2 and not _letters_touch(tokens, following + 1):
        return _lap(index, following, value, unit)
    minutes = before == "h" and not sign and len(tokens.forms[index]) == 2 and not _letters_touch(tokens, index + 1)
    return _lap(index, index + 1, value, "min") if minutes else None


def _lap(start: int, end: int, value: Decimal, unit: str) -> Hit:
    return Hit(start, end, FigureKind.DURATION, value, unit=unit)


def _marked(lexicon: Lexicon, hit: Hit) -> Hit:
    """The part of a time, or of a length where the language writes feet and inches with the same signs: `5'11"`."""
    length = lexicon.quantities.marks.get(hit.unit or "")
    if length:
        hit.kind, hit.unit = FigureKind.MEASURE, length
    return hit


def _letters_touch(tokens: Tokens, index: int) -> bool:
    return tokens.glued[index] and tokens.kinds[index] == WORD


def _touches(tokens: Tokens, index: int, kind: str) -> bool:
    return kind == NUMBER and tokens.glued[index] and tokens.glued[index - 1]


def _sign(tokens: Tokens, index: int) -> tuple[str, int] | None:
    """The unit whose sign touches the number before token `index`, and where the sign ends."""
    form = tokens.forms[index]
    if not tokens.glued[index]:
        return None
    if form == "h":
        return "h", index + 1
    if form in _SECONDS:
        return "s", index + 1
    if form != "'":
        return None
    doubled = tokens.forms[index + 1] == "'" and tokens.glued[index + 1]
    return ("s", index + 2) if doubled else ("min", index + 1)


def _greater(tokens: Tokens, index: int) -> str:
    """The sign between the number at token `index` and one that touches it from the left."""
    form = tokens.forms[index - 1]
    return form if form in ("h", "'") and _touches(tokens, index, tokens.kinds[index - 2]) else ""


def read_whole(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`24 ore su 24`, `7 giorni su 7`: one figure. The days are weak, for `around the clock` implies them."""
    first = read_number(tokens, lexicon, index)
    if first is None or first.ordinal or (first.value != _ALL_DAY[0] and first.value != _DAYS_OF_WEEK[0]):
        return None
    quantities = lexicon.quantities
    unit = quantities.units.at(tokens, first.end + (tokens.forms[first.end] in quantities.connectors))
    if unit is None or (first.value, unit[0]) not in (_ALL_DAY, _DAYS_OF_WEEK):
        return None
    joint = quantities.basis.at(tokens, unit[1])
    second = read_number(tokens, lexicon, joint[1]) if joint else None
    if second is None or second.value != first.value or lexicon.calendar.months.at(tokens, second.end):
        return None
    days = unit[0] == _DAYS_OF_WEEK[1]
    return Hit(index, second.end, FigureKind.DURATION, first.value, unit=unit[0], weak=days)
