"""Times of day: `14:30`, `ora 9`, `2:30 p.m.`, `0230 UTC`, `о 18-й годині`, `half past six`."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from service.figures import compilation
from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.numbers import read_number
from service.figures.tokens import NUMBER, WORD, Tokens
from service.types import FigureKind

_POINTED = re.compile(r"([01]?\d|2[0-4])[.,]([0-5]\d)")
_MILITARY = re.compile(r"([01]\d|2[0-4])([0-5]\d)")
_DASHES = ("-", "–", "—")
_QUARTERS = frozenset({Decimal("0.25"), Decimal("0.5"), Decimal("0.75")})
_NIGHTFALL = 6  # the first hour that, said of the night, is one of the evening
_QUARTER, _LAST_HOUR = 15, 24
_FEW = 4  # Slavic languages count two to four of something in a case of their own


def read_time(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """A time of day at token `index`."""
    if tokens.kinds[index] == NUMBER:
        return (
            _first_of_two(tokens, lexicon, index)
            or _with_minutes(tokens, lexicon, index)
            or _pointed(tokens, lexicon, index)
            or _hour(tokens, lexicon, index)
        )
    named = lexicon.calendar.named_hours.at(tokens, index)
    if named:
        return Hit(index, named[1], FigureKind.TIME, named[0], weak=True)
    past = _past(tokens, lexicon, index)
    if past:
        return past
    return _hour(tokens, lexicon, index) if tokens.forms[index] in lexicon.starters else None


@lru_cache(maxsize=1024)
def says_half(text: str) -> bool:
    """Whether a time of day, in any of the languages, has a word for its half of the day (`5 ранку`, `8:30 p.m.`)."""
    for lexicon in map(compilation.lexicon, compilation.languages()):
        tokens, calendar = Tokens(text, lexicon.apostrophe), lexicon.calendar
        tables = (calendar.am, calendar.pm, calendar.am_led, calendar.pm_led, calendar.night, calendar.named_hours)
        if any(table.at(tokens, index) for index in range(tokens.count) for table in tables):
            return True
    return False


def _half_of_day(tokens: Tokens, lexicon: Lexicon, hour: int, end: int, led: bool = False) -> tuple[int, int, bool]:
    """The hour on the 24-hour clock, where the time ends, and whether a word said which half of the day. `led`: another
    word says that it is an hour.
    """
    calendar = lexicon.calendar
    evening = _NIGHTFALL <= hour < 12
    named = calendar.named_hours.at(tokens, end)
    if hour == 12 and named:  # `12 noon`
        return int(named[0][:2]), named[1], True
    tables = [(calendar.pm, 12), (calendar.am, 0), (calendar.night, 12 if evening else 0)]
    if led:
        tables += [(calendar.pm_led, 12), (calendar.am_led, 0)]
    for table, shift in tables:
        found = table.at(tokens, end)
        if found and hour <= 12:
            return hour % 12 + shift, found[1], True
    return hour, end, False


def _hit(start: int, end: int, hour: int, minute: int) -> Hit:
    hour, minute = divmod(hour * 60 + minute, 60)
    return Hit(start, end, FigureKind.TIME, f"{hour % 24:02d}:{minute:02d}")


# --- two times ------------------------------------------------------------------------------------------------------


def _first_of_two(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """The first of two hours of which only the second tells its half of the day, or its minutes: `from 6 to 10 p.m.`,
    `9–11am`, `la 10-11:45`.

    Where the second is the earlier on the dial (`from 11 to 2 p.m.`), the half of the first stays open.
    """
    form, place = tokens.forms[index], _past_joint(tokens, lexicon, index)
    if not (form.isdecimal() and len(form) <= 2 and 1 <= int(form) <= _LAST_HOUR) or place is None:
        return None
    second, end = tokens.forms[place], place + 1
    minutes = tokens.forms[end] == ":" and tokens.glued[end] and tokens.kinds[end + 1] == NUMBER
    if not (second.isdecimal() and len(second) <= 2) and not _POINTED.fullmatch(second):
        return None
    first, last = int(form), int(re.split("[.,]", second)[0])
    value, _, said = _half_of_day(tokens, lexicon, last, end + 2 if minutes else end)
    if said and first <= 12:
        shift = value - last % 12 if first % 12 <= last % 12 else None
        return _hit(index, index + 1, first if shift is None else first % 12 + shift, 0)
    led = minutes and not said and first < last and lexicon.calendar.clock_before.before(tokens, index)
    return _hit(index, index + 1, first, 0) if led else None


def _past_joint(tokens: Tokens, lexicon: Lexicon, index: int) -> int | None:
    """Where the second of two numbers begins that are joined as times are, the first one at token `index`."""
    quantities, end = lexicon.quantities, index + 1
    if tokens.forms[end] in _DASHES and tokens.glued[end] == tokens.glued[end + 1]:
        return end + 1
    joint = quantities.from_joint.at(tokens, end)
    if joint is None and (
        quantities.between.before(tokens, index) or lexicon.calendar.clock_before.before(tokens, index)
    ):
        joint = quantities.between_joint.at(tokens, end) or quantities.joint.at(tokens, end)
    return joint[1] if joint else None


def _second_of_two(tokens: Tokens, lexicon: Lexicon, index: int) -> tuple[bool, int] | None:
    """The word of the clock that a number with a point shares with the one before it: `între orele 18.00 și 22.00`."""
    quantities = lexicon.quantities
    joint = quantities.between_joint.before(tokens, index) or quantities.from_joint.before(tokens, index)
    first = joint[1] - 1 if joint else index - 2
    if joint is None and tokens.forms[index - 1] not in _DASHES:
        return None
    led = tokens.kinds[first] == NUMBER and _POINTED.fullmatch(tokens.forms[first]) is not None
    return lexicon.calendar.clock_before_bare.before(tokens, first) if led else None


# --- minutes in digits ----------------------------------------------------------------------------------------------


def _with_minutes(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`14:30`, `14:30:15`."""
    hour, minute = tokens.forms[index], tokens.forms[index + 2]
    if tokens.forms[index + 1] != ":" or not (tokens.glued[index + 1] and tokens.glued[index + 2]):
        return None
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and len(hour) <= 2):
        return None
    if int(hour) > _LAST_HOUR or int(minute) > 59:
        return None
    end = index + 3
    if tokens.forms[end] == ":" and tokens.glued[end] and tokens.kinds[end + 1] == NUMBER and tokens.glued[end + 1]:
        end += 2
    value, end, _ = _half_of_day(tokens, lexicon, int(hour), end, led=True)
    return _hit(index, end, value, int(minute))


def _pointed(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`alle 8.45`, `ore 20,30`, `9.30 a.m.`, `1200 GMT`."""
    form, calendar = tokens.forms[index], lexicon.calendar
    found = _POINTED.fullmatch(form) or _MILITARY.fullmatch(form)
    if found is None or (int(found[1]) == _LAST_HOUR and int(found[2])):
        return None
    end = index + 1
    hour, minute = int(found[1]), int(found[2])
    before = calendar.clock_before_bare.before(tokens, index) or _second_of_two(tokens, lexicon, index)
    if "," in form and (before is None or is_quantity(tokens, lexicon, end)):
        return None
    value, after_half, said = _half_of_day(tokens, lexicon, hour, end)
    if said:
        return _hit(index, after_half, value, minute)
    zone = calendar.clock_after.at(tokens, end)
    pointed = not form.isdecimal()
    if zone and (_sure(tokens, lexicon, zone[1]) if pointed else form[0] in "012"):
        return _hit(index, end, hour, minute)
    connected = tokens.forms[end] in lexicon.quantities.connectors
    if pointed and before and connected:
        return _hit(index, end, hour, minute)
    if not pointed or connected or is_quantity(tokens, lexicon, end):
        return None
    if before is None and "." in calendar.clock_separators:
        before = calendar.clock_before.before(tokens, index) if lexicon.decimal != "." else None
    return _hit(index, end, hour, minute) if before or _opens_entry(tokens, index) else None


def _opens_entry(tokens: Tokens, index: int) -> bool:
    """Whether the number at token `index` is the time of an entry of a live blog: `14.32 - The minister …`."""
    dash = index + 1
    apart = tokens.forms[dash] in _DASHES and not tokens.glued[dash] and not tokens.glued[dash + 1]
    return index == 0 and apart and tokens.kinds[dash + 1] == WORD


def is_quantity(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether what follows, past a word that joins numbers to nouns, makes the number before it a quantity."""
    quantities = lexicon.quantities
    if tokens.forms[index] in quantities.connectors:
        index += 1
    tables = (quantities.percent, quantities.currencies, quantities.currency_signs, quantities.units)
    return any(table.at(tokens, index) for table in tables) or lexicon.numerals.scales.at(tokens, index) is not None


# --- hours ----------------------------------------------------------------------------------------------------------


def _hour(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """An hour without minutes in digits: only behind or before the words of the clock."""
    read = _spoken(tokens, lexicon, index)
    if read is None or read[0] > _LAST_HOUR:
        return None
    hour, minute, end = read
    calendar = lexicon.calendar
    led = calendar.clock_before.before(tokens, index) is not None
    value, after, said = _half_of_day(tokens, lexicon, hour, end, led)
    zone = calendar.clock_after.at(tokens, end)
    bare = calendar.clock_before_bare.before(tokens, index) is not None
    if said and (led or tokens.kinds[index] == NUMBER):
        return _hit(index, after, value, minute)
    if minute and not (bare or calendar.clock_before_part.before(tokens, index)):
        return None  # `due e mezzo` of anything
    if zone and (led or tokens.kinds[index] == NUMBER or _sure(tokens, lexicon, zone[1])):
        value, after, said = _half_of_day(tokens, lexicon, hour, zone[1], led=True)
        sure = said or _sure(tokens, lexicon, zone[1])
        if not sure and (minute or not led or _lasts(tokens, lexicon, index, (hour, end))):
            return None
        minute, after = _minutes(tokens, lexicon, after) or (minute, after)
        return _hit(index, after, value, minute)
    if led and not bare and _opens_hours(tokens, lexicon, end):
        return _hit(index, end, hour, minute)
    if not (bare or minute):
        return None
    if (joint := calendar.clock_minutes_joint.at(tokens, end)) and not minute:
        minute, end = _minutes(tokens, lexicon, joint[1], joined=True) or (minute, end)
    return None if _counts(tokens, lexicon, end) else _hit(index, end, hour, minute)


def _spoken(tokens: Tokens, lexicon: Lexicon, index: int) -> tuple[int, int, int] | None:
    """The hour at token `index`, the minutes that quarters add or take, and where it ends: `18-ї`, `otto e mezza`."""
    part = Decimal(0)
    if tokens.kinds[index] == NUMBER:
        form, end = tokens.forms[index], index + 1
        if not (form.isdecimal() and len(form) <= 2):
            return None
        hour = int(form)
        suffix = lexicon.numerals.ordinal_suffixes.at(tokens, end)
        if suffix and tokens.glued[end]:
            end = suffix[1]
        elif added := lexicon.numerals.added.at(tokens, end):
            part, end = added
    else:
        number = read_number(tokens, lexicon, index)
        if number is None or number.fraction or number.scale or number.value < 0:
            return None
        hour, end = min(int(number.value), 99), number.end
        part = number.value % 1
    if part and part not in _QUARTERS:
        return None
    taken = lexicon.calendar.clock_trailing.at(tokens, end)
    if taken and not part:
        return hour, int(taken[0]), taken[1]
    return hour, int(part * 60), end


def _past(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`half past six`, `quarter to nine`, `пів на сьому`: minutes counted from the hour behind them."""
    leading = lexicon.calendar.clock_leading.at(tokens, index)
    named = lexicon.calendar.named_hours.at(tokens, leading[1]) if leading else None
    if leading and named:  # `half past midnight`
        return _hit(index, named[1], int(named[0][:2]), int(leading[0]))
    read = _spoken(tokens, lexicon, leading[1]) if leading else None
    if leading is None or read is None or read[1] or not 1 <= read[0] <= 12:
        return None
    hour, end, _ = _half_of_day(tokens, lexicon, read[0], read[2])
    if lexicon.numerals.fraction_after.before(tokens, index) or is_quantity(tokens, lexicon, end):
        return None  # `rose in the third quarter to 12 per cent`
    return _hit(index, end, hour, int(leading[0]))


def _minutes(tokens: Tokens, lexicon: Lexicon, index: int, joined: bool = False) -> tuple[int, int] | None:
    """Minutes behind an hour, and where they end: `20 e 30`, `7 și 20 de minute`, `7 годині 20 хвилин`.

    `joined`: a word for "and" stands between, so that without the unit the number may be a second hour.
    """
    form = tokens.forms[index]
    if tokens.kinds[index] != NUMBER or not form.isdecimal() or len(form) > 2 or int(form) > 59:
        return None
    place = index + 1
    unit = lexicon.quantities.units.at(tokens, place + (tokens.forms[place] in lexicon.quantities.connectors))
    if unit and unit[0] == "min":
        return int(form), unit[1]
    alone = joined and len(form) == 2 and (int(form) > _LAST_HOUR or int(form) == _QUARTER)
    return (int(form), place) if alone else None


def _opens_hours(tokens: Tokens, lexicon: Lexicon, end: int) -> bool:
    """Whether an hour that ends before token `end` is the first of two: `з 8 до 20 години`, not `8 годин`."""
    joint = lexicon.quantities.from_joint.at(tokens, end)
    if joint is None or tokens.kinds[joint[1]] != NUMBER:
        return False
    form = tokens.forms[joint[1]]
    last = form.isdecimal() and len(form) <= 2 and 1 < int(form) <= _LAST_HOUR
    return last and tokens.forms[joint[1] + 1] in lexicon.calendar.clock_hour_of


def _counts(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether a noun or a unit behind an hour makes it something else: `alle 8 vittime`, `о 5 годин`."""
    form = tokens.forms[index]
    if form in lexicon.quantities.connectors:
        return is_quantity(tokens, lexicon, index)
    noun = tokens.kinds[index] == WORD and form not in lexicon.calendar.noun_stop
    return noun or form in ("-", "–", "/", "'", "°") or is_quantity(tokens, lexicon, index)


def _sure(tokens: Tokens, lexicon: Lexicon, end: int) -> bool:
    """Whether the word that ends before token `end` is said of the clock alone (a time zone, `o'clock`)."""
    word = end - 2 if tokens.forms[end - 1] == "." else end - 1
    return tokens.forms[word] not in lexicon.calendar.clock_units


def _lasts(tokens: Tokens, lexicon: Lexicon, index: int, hours: tuple[int, int]) -> bool:
    """Whether the hours at token `index` are how long something takes: `by 24 hours`, `after three hours`, `на 3
    години`. `hours` is how many, and where their unit stands.
    """
    calendar, (hour, unit) = lexicon.calendar, hours
    if tokens.kinds[index] != NUMBER:
        number = read_number(tokens, lexicon, index)
        return number is None or not number.ordinal
    if calendar.clock_before_units.before(tokens, index) is None:
        return True
    counted = hour == 1 or (hour <= _FEW and tokens.forms[unit] in calendar.clock_hour_of)
    return counted and unit == index + 1 and calendar.clock_lasting.before(tokens, index) is not None
