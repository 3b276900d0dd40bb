"""Times of day: `14:30`, `ora 9`, `2:30 p.m.`, `0230 UTC`, `о 18-й годині`."""

from __future__ import annotations

import re

from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.numbers import read_number
from service.figures.tokens import NUMBER, WORD, Tokens
from service.types import FigureKind

_POINTED = re.compile(r"([01]?\d|2[0-4])\.([0-5]\d)")
_MILITARY = re.compile(r"([01]\d|2[0-4])([0-5]\d)")


def read_time(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """A time of day at token `index`."""
    if tokens.kinds[index] == NUMBER:
        return (
            _with_minutes(tokens, lexicon, index) or _pointed(tokens, lexicon, index) or _hour(tokens, lexicon, index)
        )
    named = lexicon.calendar.named_hours.at(tokens, index)
    if named:
        return Hit(index, named[1], FigureKind.TIME, named[0], weak=True)
    return _hour(tokens, lexicon, index) if tokens.forms[index] in lexicon.starters else None


def _half_of_day(tokens: Tokens, lexicon: Lexicon, hour: int, end: int) -> tuple[int, int, bool]:
    """The hour on the 24-hour clock, where the time ends, and whether a word said which half of the day."""
    for table, shift in ((lexicon.calendar.pm, 12), (lexicon.calendar.am, 0)):
        found = table.at(tokens, end)
        if found and hour <= 12:
            return hour % 12 + shift, found[1], True
    return hour, end, False


def _hit(start: int, end: int, hour: int, minute: int) -> Hit:
    return Hit(start, end, FigureKind.TIME, f"{hour % 24:02d}:{minute:02d}")


def _with_minutes(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`14:30`, `14:30:15`."""
    hour, minute = tokens.forms[index], tokens.forms[index + 2]
    if tokens.forms[index + 1] != ":" or not (tokens.glued[index + 1] and tokens.glued[index + 2]):
        return None
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and len(hour) <= 2):
        return None
    if int(hour) > 24 or int(minute) > 59:
        return None
    end = index + 3
    if tokens.forms[end] == ":" and tokens.glued[end] and tokens.kinds[end + 1] == NUMBER and tokens.glued[end + 1]:
        end += 2
    value, end, _ = _half_of_day(tokens, lexicon, int(hour), end)
    return _hit(index, end, value, int(minute))


def _pointed(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`alle 8.45`, `9.30 a.m.`, `1200 GMT`."""
    form = tokens.forms[index]
    found = _POINTED.fullmatch(form) or _MILITARY.fullmatch(form)
    if found is None:
        return None
    end = index + 1
    hour, minute = int(found[1]), int(found[2])
    value, after_half, said = _half_of_day(tokens, lexicon, hour, end)
    if said:
        return _hit(index, after_half, value, minute)
    zone = lexicon.calendar.clock_after.at(tokens, end)
    pointed = "." in form
    if zone and (_sure(tokens, lexicon, zone[1]) if pointed else form[0] in "012"):
        return _hit(index, end, hour, minute)
    before = lexicon.calendar.clock_before_bare.before(tokens, index)
    if pointed and before and tokens.forms[end] in lexicon.quantities.connectors:
        return _hit(index, end, hour, minute)
    if not pointed or _is_quantity(tokens, lexicon, end):
        return None
    if before is None and "." in lexicon.calendar.clock_separators:
        before = lexicon.calendar.clock_before.before(tokens, index) if lexicon.decimal != "." else None
    return _hit(index, end, hour, minute) if before else None


def _is_quantity(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether what follows makes the number before it a quantity."""
    if tokens.forms[index] in lexicon.quantities.connectors:
        return True
    quantities = lexicon.quantities
    tables = (quantities.percent, quantities.currencies, quantities.currency_signs, quantities.units)
    return any(table.at(tokens, index) for table in tables) or lexicon.numerals.scales.at(tokens, index) is not None


def _hour(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """A bare hour: only behind or before the words of the clock."""
    form = tokens.forms[index]
    calendar = lexicon.calendar
    if tokens.kinds[index] == NUMBER:
        if not (form.isdecimal() and len(form) <= 2):
            return None
        hour, end = int(form), index + 1
        suffix = lexicon.numerals.ordinal_suffixes.at(tokens, end)
        if suffix and tokens.glued[end]:
            end = suffix[1]
    else:
        number = read_number(tokens, lexicon, index)
        if number is None or number.fraction or number.scale or number.value % 1 or number.value < 0:
            return None
        hour, end = min(int(number.value), 99), number.end
    if hour > 24:
        return None
    value, after, said = _half_of_day(tokens, lexicon, hour, end)
    zone = calendar.clock_after.at(tokens, end)
    led = calendar.clock_before.before(tokens, index) is not None
    if said and (led or tokens.kinds[index] == NUMBER):
        return _hit(index, after, value, 0)
    if zone and (led or tokens.kinds[index] == NUMBER or _sure(tokens, lexicon, zone[1])):
        value, after, _ = _half_of_day(tokens, lexicon, hour, zone[1])
        return _hit(index, after, value, 0) if led or _sure(tokens, lexicon, zone[1]) else None
    if calendar.clock_before_bare.before(tokens, index) and not _counts(tokens, lexicon, end):
        return _hit(index, end, hour, 0)
    return None


def _counts(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether a noun or a unit behind an hour makes it something else: `alle 8 vittime`, `о 5 годин`."""
    noun = tokens.kinds[index] == WORD and tokens.forms[index] not in lexicon.calendar.noun_stop
    return noun or tokens.forms[index] in ("-", "–", "/", "'", "°") or _is_quantity(tokens, lexicon, index)


def _sure(tokens: Tokens, lexicon: Lexicon, end: int) -> bool:
    """Whether the word that ends before token `end` is said of the clock alone (a time zone, `o'clock`)."""
    return tokens.forms[end - 1] not in lexicon.calendar.clock_units
