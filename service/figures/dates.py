"""Dates, months of a year, and years."""

from __future__ import annotations

import re

from service.figures.clock import is_quantity
from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.numbers import read_number
from service.figures.tokens import NUMBER, WORD, Tokens
from service.figures.written import Number
from service.types import FigureKind

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")
_DAY_AND_MONTH = re.compile(r"(\d\d)[./](\d\d)")
_DASHES = ("-", "–", "—")
_FIRST_YEAR, _LAST_YEAR = 1000, 2199
_SURE_YEARS = range(1900, 2100)


def read_date(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """A date at token `index`: in digits, or with the name of its month."""
    if tokens.kinds[index] == NUMBER:
        return (
            _numeric(tokens, lexicon, index)
            or _without_year(tokens, lexicon, index)
            or _ordinal_year(tokens, lexicon, index)
            or _day_first(tokens, lexicon, index)
        )
    return _month_first(tokens, lexicon, index) or _day_first(tokens, lexicon, index)


# --- in digits ------------------------------------------------------------------------------------------------------


def _numeric(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    form = tokens.forms[index]
    dotted = _DOTTED.fullmatch(form)
    if dotted:
        end = _year_word(tokens, lexicon, index + 1)
        return _date_hit(index, end, int(dotted[3]), int(dotted[2]), int(dotted[1]), len(dotted[3]))
    separator = tokens.forms[index + 1]
    if separator not in ("/", "-", "–") or tokens.forms[index + 3] != separator:
        return None
    parts = (form, tokens.forms[index + 2], tokens.forms[index + 4])
    if not all(part.isdecimal() for part in parts) or not all(tokens.glued[index + 1 : index + 5]):
        return None
    if tokens.glued[index + 5] and tokens.forms[index + 5] in ("/", "-", "–"):
        return None
    if len(parts[0]) == 4 and len(parts[1]) == len(parts[2]) == 2:
        return _date_hit(index, index + 5, int(parts[0]), int(parts[1]), int(parts[2]), 4)
    if len(parts[2]) not in (2, 4) or len(parts[0]) > 2 or len(parts[1]) > 2:
        return None
    day, month = _day_and_month(lexicon, parts[0], parts[1], separator)
    return _date_hit(index, index + 5, int(parts[2]), month, day, len(parts[2]))


def _without_year(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`станом на 24.02`, `lunedì 24/02`: two digits each, and only behind a word that leads to a date or a day of the
    week, or before a time.
    """
    separator = "." if "." in tokens.forms[index] else tokens.forms[index + 1]
    end = index + 1 if separator == "." else index + 3
    if separator == lexicon.decimal or not all(tokens.glued[index + 1 : end]):
        return None
    parts = _DAY_AND_MONTH.fullmatch("".join(tokens.forms[index:end]))
    if parts is None or is_quantity(tokens, lexicon, end) or not _leads_to_date(tokens, lexicon, index, end):
        return None
    if tokens.glued[end] and (tokens.kinds[end] in (NUMBER, WORD) or tokens.forms[end] in ("/", *_DASHES)):
        return None
    calendar = lexicon.calendar
    clock = (calendar.clock_after, calendar.am, calendar.pm, calendar.night)
    if any(table.at(tokens, end) for table in clock):
        return None
    day, month = int(parts[1]), int(parts[2])
    if separator == "/":
        day, month = _day_and_month(lexicon, parts[1], parts[2], separator)
    return _month_hit(index, end, "", month, day, None) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _leads_to_date(tokens: Tokens, lexicon: Lexicon, index: int, end: int) -> bool:
    """Whether the words beside tokens `index` to `end` make two numbers with a point or a slash a date."""
    calendar = lexicon.calendar
    if _behind_weekday(tokens, lexicon, index):
        return True
    time = calendar.clock_before_bare.at(tokens, end)
    if time and tokens.kinds[time[1]] == NUMBER:
        return True
    return calendar.date_before.before(tokens, index) is not None and _dated(tokens, (index - 2, end + 1))


def _behind_weekday(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    place = index - (tokens.forms[index - 1] == ",")
    weekday = lexicon.calendar.weekdays.before(tokens, place)
    return weekday is not None and tokens.kinds[weekday[1] - 1] != NUMBER  # `6 luni` are months


def _dated(tokens: Tokens, places: tuple[int, ...]) -> bool:
    """Whether numbers with a point at the other end of a span may be dates too: `з 08.10 до 09.30` are times."""
    pointed = [tokens.forms[place] for place in places if tokens.kinds[place] == NUMBER and "." in tokens.forms[place]]
    parts = [_DAY_AND_MONTH.fullmatch(form) for form in pointed]
    return all(one and 1 <= int(one[2]) <= 12 for one in parts)


def _day_and_month(lexicon: Lexicon, first: str, second: str, separator: str) -> tuple[int, int]:
    """Which of two numbers is the day: in English the one behind the slash, unless only the first can be."""
    day, month = int(first), int(second)
    if (lexicon.calendar.month_first and separator == "/" and day <= 12) or month > 12:
        return month, day
    return day, month


def _date_hit(start: int, end: int, year: int, month: int, day: int, digits: int) -> Hit | None:
    if digits == 2:
        year += 2000 if year < 70 else 1900
    if not (1 <= month <= 12 and 1 <= day <= 31 and _FIRST_YEAR <= year <= _LAST_YEAR):
        return None
    return Hit(start, end, FigureKind.DATE, f"{year:04d}-{month:02d}-{day:02d}")


# --- with the name of a month ---------------------------------------------------------------------------------------


def _day_first(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`10 august 2018`, `1° gennaio`, `перше січня`, `15-17 martie`, `the 3rd of May`."""
    day = _day(tokens, lexicon, index)
    if day is None:
        return None
    first, end = day
    last = _day_range(tokens, lexicon, index, day)
    place = last[1] if last else end
    for _ in range(2):
        if tokens.forms[place] in lexicon.calendar.day_month_words:
            place += 1
    month = lexicon.calendar.months.at(tokens, place)
    if month is None or _is_no_month(tokens, lexicon, index, (place, month[1])):
        return None
    year, end = _year(tokens, lexicon, month[1])
    if not year and tokens.forms[place] in lexicon.calendar.month_capitals and tokens.surface(place)[0].islower():
        return None  # `at least 20 may have died`
    return _month_hit(index, end, year, month[0], first, last[0] if last else None)


def _is_no_month(tokens: Tokens, lexicon: Lexicon, index: int, month: tuple[int, int]) -> bool:
    """Whether the name of a month at tokens `month` is another word, the number before it at `index`: `5 mai mulți`,
    `20 mai sunt internați`, but `pe 20 mai sunt alegeri`.
    """
    calendar, quantities, following = lexicon.calendar, lexicon.quantities, tokens.forms[month[1]]
    if following in calendar.month_not_before:
        return True
    if following not in calendar.month_verbs or tokens.forms[month[0]] not in calendar.month_homographs:
        return False
    tables = (calendar.date_before, calendar.clock_before, quantities.from_, quantities.between)
    led = any(table.before(tokens, index) for table in tables)
    return not (led or _behind_weekday(tokens, lexicon, index))


def _month_hit(start: int, end: int, year: str, month: int, first: int, last: int | None) -> Hit:
    head = year or "-"
    value = f"{head}-{month:02d}-{first:02d}"
    if last is None:
        return Hit(start, end, FigureKind.DATE, value)
    return Hit(start, end, FigureKind.DATE, None, low=value, high=f"{head}-{month:02d}-{last:02d}")


def _day(tokens: Tokens, lexicon: Lexicon, index: int) -> tuple[int, int] | None:
    """A day of a month at token `index`, and where it ends."""
    form = tokens.forms[index]
    if tokens.kinds[index] == NUMBER:
        if not (form.isdecimal() and len(form) <= 2 and 1 <= int(form) <= 31):
            return None
        end = index + 1
        suffix = lexicon.numerals.ordinal_suffixes.at(tokens, end) or lexicon.numerals.cardinal_suffixes.at(tokens, end)
        if suffix and tokens.glued[end]:
            end = suffix[1]
        return int(form), end
    if form not in lexicon.starters or form in lexicon.numerals.articles | lexicon.calendar.no_days:
        return None
    number = read_number(tokens, lexicon, index)
    if number is None or number.fraction or number.scale or not 1 <= number.value <= 31 or number.value % 1:
        return None
    return int(number.value), number.end


def _day_range(tokens: Tokens, lexicon: Lexicon, start: int, first: tuple[int, int]) -> tuple[int, int] | None:
    """The second day of a span of days, and where it ends; `first` is the first day, at token `start`, and its end."""
    index = first[1]
    if tokens.forms[index] in _DASHES:
        return _later_day(tokens, lexicon, index + 1, first[0])
    joints = (lexicon.quantities.from_joint, lexicon.quantities.between_joint, lexicon.calendar.day_joint)
    for table in joints:
        joint = table.at(tokens, index)
        if joint and tokens.kinds[start] == NUMBER:
            place = joint[1] + (tokens.forms[joint[1]] in lexicon.calendar.day_month_words)
            return _later_day(tokens, lexicon, place, first[0])
    return None


def _later_day(tokens: Tokens, lexicon: Lexicon, index: int, first: int) -> tuple[int, int] | None:
    day = _day(tokens, lexicon, index) if tokens.kinds[index] == NUMBER else None
    return day if day and day[0] > first else None


def _month_first(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`June 24, 2023`, `august 2024`, `May 3-5`. A month alone is no figure."""
    month = lexicon.calendar.months.at(tokens, index)
    if month is None:
        return None
    place = month[1]
    year, end = _year(tokens, lexicon, place)
    if year:
        return Hit(index, end, FigureKind.DATE, f"{year}-{month[0]:02d}")
    if not lexicon.calendar.month_first:
        return None
    if tokens.kinds[place] != NUMBER:
        return None
    day = _day(tokens, lexicon, place)
    if day is None or tokens.forms[day[1]] in (":", "%"):
        return None
    last = _day_range(tokens, lexicon, place, day)
    place = last[1] if last else day[1]
    year, end = _year(tokens, lexicon, place)
    if not year:
        end = place
    return _month_hit(index, end, year, month[0], day[0], last[0] if last else None)


def _year(tokens: Tokens, lexicon: Lexicon, index: int) -> tuple[str, int]:
    """The year behind a month, and where the date ends: at `index` where there is none."""
    place = index
    while (
        tokens.forms[place] in (",", ".")
        or tokens.forms[place] in lexicon.calendar.day_month_words | lexicon.calendar.year_words
    ):
        place += 1
        if place > index + 2:
            break
    form = tokens.forms[place]
    if tokens.kinds[place] == NUMBER and len(form) == 4 and form.isdecimal() and _FIRST_YEAR <= int(form) <= _LAST_YEAR:
        if tokens.glued[place + 1] and tokens.kinds[place + 1] == WORD:
            return "", index
        return form, _year_word(tokens, lexicon, place + 1)
    return "", index


def _year_word(tokens: Tokens, lexicon: Lexicon, index: int) -> int:
    after = lexicon.calendar.year_after.at(tokens, index)
    return after[1] if after else index


# --- years ----------------------------------------------------------------------------------------------------------


def is_season(tokens: Tokens, index: int) -> bool:
    """Whether two years that follow each other begin at token `index`, the second perhaps short: `2023/24`."""
    first, joint, second = tokens.forms[index : index + 3]
    if not (len(first) == 4 and first.isdecimal() and _FIRST_YEAR <= int(first) < _LAST_YEAR):
        return False
    following = str(int(first) + 1)
    joined = joint in ("/", *_DASHES) and tokens.glued[index + 1] and tokens.glued[index + 2]
    return joined and second in (following, following[2:])


def _ordinal_year(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`навесні 2024-го`, `у 2024-му році`: a year with the ending of an ordinal, and nothing that it counts."""
    form, end = tokens.forms[index], index + 1
    if len(form) != 4 or not form.isdecimal() or int(form) not in _SURE_YEARS or not tokens.glued[end]:
        return None
    suffix = lexicon.numerals.ordinal_suffixes.at(tokens, end)
    if suffix is None or (tokens.glued[suffix[1]] and tokens.kinds[suffix[1]] in (NUMBER, WORD)):
        return None
    decades = lexicon.calendar.decade_suffixes.at(tokens, end)
    if decades and decades[1] == suffix[1] and form[-1] == "0":
        return None  # `у 1920-их`
    after = lexicon.calendar.year_after.at(tokens, suffix[1])
    if after:
        return Hit(index, after[1], FigureKind.YEAR, form)
    noun = tokens.kinds[suffix[1]] == WORD and tokens.forms[suffix[1]] not in lexicon.calendar.noun_stop
    led = lexicon.calendar.before_year.before(tokens, index, 3) is not None
    return Hit(index, suffix[1], FigureKind.YEAR, form) if led and not noun else None


def year_word_after(tokens: Tokens, lexicon: Lexicon, number: Number) -> int | None:
    """Where the word that makes four digits a year ends: `2023 року`, and the second of `1985 та 1990 років`."""
    after = lexicon.calendar.year_after.at(tokens, number.end)
    if after:
        return after[1]
    joint = lexicon.quantities.between_joint.before(tokens, number.start)
    unit = lexicon.quantities.units.at(tokens, number.end) if joint else None
    if joint is None or unit is None or unit[0] != "a" or int(number.bare) not in _SURE_YEARS:
        return None
    first = tokens.forms[joint[1] - 1]
    return unit[1] if len(first) == 4 and first.isdecimal() and int(first) in _SURE_YEARS else None


def read_year(tokens: Tokens, lexicon: Lexicon, number: Number) -> Hit | None:
    """The year that four plain digits are, judged by the words around them; None for a count such as `1250
    families`.
    """
    calendar = lexicon.calendar
    end = number.end
    era = calendar.bc.at(tokens, end)
    if era and number.bare:
        return Hit(number.start, era[1], FigureKind.YEAR, f"-{int(number.bare):04d}")
    era = calendar.ad.at(tokens, end)
    if era and number.bare and len(number.bare) >= 2:
        return Hit(number.start, era[1], FigureKind.YEAR, f"{int(number.bare):04d}")
    if len(number.bare) != 4 or not _FIRST_YEAR <= int(number.bare) <= _LAST_YEAR:
        return None
    after = year_word_after(tokens, lexicon, number)
    if after is not None:
        return Hit(number.start, after, FigureKind.YEAR, number.bare)
    if not _looks_like_year(tokens, lexicon, number):
        return None
    return Hit(number.start, end, FigureKind.YEAR, number.bare)


def _looks_like_year(tokens: Tokens, lexicon: Lexicon, number: Number) -> bool:
    calendar, year = lexicon.calendar, int(number.bare)
    following = tokens.forms[number.end]
    noun = (
        tokens.kinds[number.end] == WORD
        and following not in calendar.noun_stop
        and tokens.surface(number.end)[:1].islower()
    )
    if following in lexicon.quantities.connectors and year not in _SURE_YEARS:
        return False
    named = tokens.forms[number.start - 1] in calendar.year_words
    led = named or calendar.before_year.before(tokens, number.start, 3) is not None
    if named:
        return True
    if year in _SURE_YEARS:
        return led or not noun
    return led and not noun and year >= 1400
