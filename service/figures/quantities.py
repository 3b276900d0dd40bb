"""What a number counts: money, percent, measures, ages, durations, times over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from service.figures.ages import bare_age
from service.figures.compounds import compound, glued_age, half_of_unit
from service.figures.dates import read_year, year_word_after
from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.numbers import is_minus, read_number
from service.figures.signs import direction, falls, lessens
from service.figures.tokens import NUMBER, WORD, Tokens
from service.figures.units import TIME_UNITS, Unit, kind_of, money_at, read_unit
from service.figures.words import ambiguity_allows
from service.figures.written import Number
from service.types import FigureKind, Modifier

_OLDEST = 130
_AGE_UNITS = frozenset({"a", "mo", "wk", "d"})
_ONE, _THIRD, _TEN, _HUNDRED = Decimal(1), Decimal(3), Decimal(10), Decimal(100)
_MAY_FALL = frozenset({FigureKind.COUNT, FigureKind.MONEY, FigureKind.PERCENT})
_MOVES = _MAY_FALL | {FigureKind.MEASURE, FigureKind.MULTIPLIER}


@dataclass(slots=True)
class Amount:
    """A number with its unit at tokens `start` to `end`."""

    start: int
    end: int
    number: Number
    unit: Unit | None


def read_amount(tokens: Tokens, lexicon: Lexicon, index: int) -> Amount | None:
    """A number at token `index`, a currency sign or code before it included, and what it counts."""
    key = ("amount", index, False)
    if key not in tokens.memo:
        tokens.memo[key] = _read_amount(tokens, lexicon, index)
    amount: Amount | None = tokens.memo[key]
    return amount


def _read_amount(tokens: Tokens, lexicon: Lexicon, index: int) -> Amount | None:
    behind = _past_minus(tokens, lexicon, index)
    place, currency = _currency_before(tokens, lexicon, behind)
    if currency is None and behind > index:  # the minus belongs to the number
        behind = place = index
    number = read_number(tokens, lexicon, place, money=currency is not None)
    if number is None:
        return None
    if behind > index:
        if _dashes_around(tokens, index, number.end):
            return None
        readings = tuple(-reading for reading in number.readings)
        number = replace(number, value=-number.value, readings=readings, bare="")
    unit = None if number.ordinal else read_unit(tokens, lexicon, number)
    if currency is not None and (unit is None or unit.kind is not FigureKind.MONEY):
        unit = Unit(FigureKind.MONEY, currency, number.end)
    if unit is not None and unit.kind is FigureKind.MONEY and unit.factor == 1:
        _add_cents(tokens, lexicon, unit)
    return Amount(index, unit.end if unit else number.end, number, unit)


def _add_cents(tokens: Tokens, lexicon: Lexicon, unit: Unit) -> None:
    """`five dollars and ten cents` is one sum."""
    joined = any(tokens.forms[unit.end] == connector.forms[0] for connector in lexicon.numerals.connectors)
    number = read_number(tokens, lexicon, unit.end + joined)
    if number is None or number.ordinal or number.scale or not 0 < number.value < _HUNDRED:
        return
    cents = money_at(tokens, lexicon, number.end) or money_at(tokens, lexicon, number.end + 1)
    if cents is not None and cents.factor != 1 and cents.code == unit.code:
        unit.added, unit.end = number.value * cents.factor, cents.end


def _past_minus(tokens: Tokens, lexicon: Lexicon, index: int) -> int:
    """Behind the minus, a sign or a word, at token `index`; `index` where there is none, or a dash."""
    if tokens.forms[index] in lexicon.numerals.negative:
        return index + 1
    return index + 1 if tokens.forms[index] in ("-", "–") and is_minus(tokens, index) else index


def _dashes_around(tokens: Tokens, index: int, end: int) -> bool:
    """Whether two dashes hold what stands between them, so that the first is no minus: `the cost –$5 million– rose`."""
    return tokens.forms[index] == tokens.forms[end] == "–" and tokens.glued[end]


def _currency_before(tokens: Tokens, lexicon: Lexicon, index: int) -> tuple[int, str | None]:
    """Where the number begins, and the currency whose sign or code stands before it. Its minus may stand before the
    sign (`-$5`) or behind it (`$-5`).
    """
    quantities = lexicon.quantities
    place = index
    sign = quantities.currency_signs.at(tokens, place)
    if (
        sign
        and (tokens.kinds[sign[1]] == NUMBER or tokens.forms[sign[1]] in (".", ",", "-"))
        and _near(tokens, sign[1])
    ):
        return sign[1], sign[0]
    code = quantities.currency_codes.get(tokens.surface(index)) if tokens.kinds[index] == WORD else None
    if code and tokens.kinds[index + 1] == NUMBER and _near(tokens, index + 1):
        return index + 1, code
    name = quantities.currencies.at(tokens, index) if tokens.kinds[index] == WORD else None
    if name and tokens.kinds[name[1]] == NUMBER and tokens.spaced(name[1]) and tokens.kinds[index - 1] != NUMBER:
        number = read_number(tokens, lexicon, name[1])
        if number and (number.decimal or number.scale) and read_unit(tokens, lexicon, number) is None:
            return name[1], name[0]
    return index, None


def _near(tokens: Tokens, index: int) -> bool:
    return tokens.glued[index] or tokens.spaced(index)


# --- one amount as a figure -----------------------------------------------------------------------------------------


def read_quantity(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """A span, or a single amount, at token `index`."""
    compounded = _compound(tokens, lexicon, index)
    if compounded is not None:
        return compounded
    fixed = lexicon.quantities.multipliers.at(tokens, index)
    if fixed:
        readings = _times_less(tokens, lexicon, index, fixed[1], fixed[0])
        way = direction(tokens, lexicon, index, fixed[1])
        return Hit(index, fixed[1], FigureKind.MULTIPLIER, fixed[0], readings=readings, direction=way)
    prefixed = lexicon.quantities.prefix_units.at(tokens, index)
    if prefixed:
        return _prefixed(tokens, lexicon, index, prefixed)
    amount = read_amount(tokens, lexicon, index)
    if amount is None:
        return None
    number = amount.number
    if number.ordinal:
        return _ordinal(tokens, lexicon, number)
    if amount.unit is None or amount.unit.code == "deg" or _year_follows(tokens, lexicon, number):
        digits = _ordinal_digits(tokens, lexicon, number)
        if digits is not None:
            return digits
        year = read_year(tokens, lexicon, number) if number.bare else None
        if year is not None:
            return year
    return to_hit(tokens, lexicon, amount)


def _year_follows(tokens: Tokens, lexicon: Lexicon, number: Number) -> bool:
    """Whether four digits and a word for year name the year: `2023 року`."""
    return len(number.bare) == 4 and year_word_after(tokens, lexicon, number) is not None


def _compound(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    if tokens.kinds[index] != WORD:
        return None
    found = compound(tokens.forms[index], lexicon)
    if found is not None:
        value, unit = found
        kind = FigureKind.AGE if unit == "a" else kind_of(unit, lexicon)
        return Hit(index, index + 1, kind, value, unit=unit, weak=value == 1)
    half = half_of_unit(tokens.forms[index], lexicon)
    if half is not None:
        kind = FigureKind.DURATION if half in TIME_UNITS else FigureKind.MEASURE
        return Hit(index, index + 1, kind, Decimal("0.5"), unit=half)
    age = glued_age(tokens.forms[index], lexicon)
    return Hit(index, index + 1, FigureKind.AGE, age, unit="a") if age is not None else None


def _prefixed(tokens: Tokens, lexicon: Lexicon, index: int, prefixed: tuple[str, int]) -> Hit | None:
    number = read_number(tokens, lexicon, prefixed[1])
    if number is None or number.article or number.ordinal or read_unit(tokens, lexicon, number):
        return None
    return Hit(number.start, number.end, FigureKind.MEASURE, number.value, unit=prefixed[0], before=index)


def _ordinal(tokens: Tokens, lexicon: Lexicon, number: Number) -> Hit | None:
    numerals = lexicon.numerals
    first = tokens.forms[number.start]
    particle = tokens.forms[number.start - 1] in numerals.particles
    single = number.end == number.start + 1
    if single and first in numerals.particles_needed and not particle:
        return None
    rule = numerals.ambiguous.get(first) if single else None
    if rule and not ambiguity_allows(rule, tokens, number.start, number.end):
        return None
    start = number.start - 1 if particle else number.start
    if tokens.forms[start - 1] in numerals.each and number.value > _ONE:  # `every third`: one in three, a third
        return Hit(start, number.end, FigureKind.ORDINAL, number.value, readings=(1 / number.value,))
    if tokens.forms[number.end] in numerals.fraction_part and number.value > 2:
        return Hit(start, number.end + 1, FigureKind.FRACTION, 1 / number.value)
    part = tokens.forms[number.start - 1] in numerals.articles and first in numerals.fractions_counted
    readings = (1 / number.value,) if part else ()  # `a fifth work in farming`: a part after all
    return Hit(start, number.end, FigureKind.ORDINAL, number.value, readings=readings, weak=number.value <= _THIRD)


def _ordinal_digits(tokens: Tokens, lexicon: Lexicon, number: Number) -> Hit | None:
    """`21st`, `3°`, `al 3-lea`, `5-й`; and the minute of a match, `90'`."""
    end = number.end
    if number.decimal or number.scale or not tokens.glued[end]:
        return None
    touched = tokens.glued[end + 1] and tokens.kinds[end + 1] in (NUMBER, WORD)
    if tokens.forms[end] == "'" and not touched and number.value <= 130:
        return Hit(number.start, end + 1, FigureKind.ORDINAL, number.value)
    suffix = lexicon.numerals.ordinal_suffixes.at(tokens, end)
    if suffix is None or (tokens.glued[suffix[1]] and tokens.kinds[suffix[1]] in (WORD, NUMBER)):
        return None
    if tokens.forms[end] == "°" and not _noun_after(tokens, lexicon, suffix[1]):
        return None
    start = number.start - 1 if tokens.forms[number.start - 1] in lexicon.numerals.particles else number.start
    return Hit(start, suffix[1], FigureKind.ORDINAL, number.value)


def _noun_after(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    return tokens.kinds[index] == WORD and tokens.forms[index] not in lexicon.calendar.noun_stop


def to_hit(tokens: Tokens, lexicon: Lexicon, amount: Amount) -> Hit | None:
    """A single amount as a figure, or None where its words are no number here."""
    number, unit = amount.number, amount.unit
    if number.end == number.start + 1 and unit is None:
        rule = lexicon.numerals.ambiguous.get(tokens.forms[number.start])
        if rule and not ambiguity_allows(rule, tokens, number.start, number.end):
            return None
    weak, hidden = _weakness(tokens, lexicon, number, unit)
    last = tokens.forms[number.end - 1]
    if number.fraction and not number.digits and unit is None and last in lexicon.numerals.fractions_prefix:
        return None
    modifier = Modifier.ABOUT if number.collection and number.value >= _TEN else None
    if unit is None and amount.end == number.end and bare_age(tokens, lexicon, amount.start, amount.end):
        return Hit(amount.start, amount.end, FigureKind.AGE, number.value, unit="a")
    if unit is None:
        kind = FigureKind.FRACTION if number.fraction else FigureKind.COUNT
        # `1.250 осіб` are no people and a quarter.
        readings = tuple(one for one in number.readings if number.scale or one == one.to_integral_value())
        readings += _fall(tokens, lexicon, amount, kind, number.value)
        return Hit(
            amount.start,
            amount.end,
            kind,
            number.value,
            modifier=modifier,
            readings=readings,
            weak=weak,
            hidden=hidden,
            direction=direction(tokens, lexicon, amount.start, amount.end),
        )
    kind = unit.kind
    if (
        kind is FigureKind.DURATION
        and unit.code in _AGE_UNITS
        and is_age(tokens, lexicon, amount.start, amount.end, number.value)
    ):
        kind = FigureKind.AGE
    value = number.value * unit.factor + unit.added
    readings = tuple(reading * unit.factor + unit.added for reading in number.readings)
    million = lexicon.numerals.compact_money.get(tokens.forms[unit.end - 1])
    if million and unit.code == "m":  # `100m`: metres, or millions
        readings = (*readings, value * million)
    readings += _fall(tokens, lexicon, amount, kind, value)
    if kind is FigureKind.MULTIPLIER:
        readings += _times_less(tokens, lexicon, amount.start, amount.end, value)
    return Hit(
        amount.start,
        amount.end,
        kind,
        value,
        unit=unit.code,
        modifier=modifier,
        readings=readings,
        weak=weak,
        hidden=hidden,
        direction=direction(tokens, lexicon, amount.start, amount.end) if kind in _MOVES else 0,
    )


def _weakness(tokens: Tokens, lexicon: Lexicon, number: Number, unit: Unit | None) -> tuple[bool, bool]:
    """Whether a number is one that translators drop, and whether it is so weak that it is no figure by itself."""
    weak, hidden = number.collection and number.value < _TEN, False
    if number.end > number.start + 1:
        return weak, hidden
    if number.value <= 1 and not number.digits and not number.fraction and not (unit and unit.added):
        weak = unit is None or unit.kind not in (FigureKind.MONEY, FigureKind.PERCENT) or number.article
        article = tokens.forms[number.start] in lexicon.numerals.articles
        # `l'uno per cento` is a figure; `un procent` may be any percentage.
        percent = unit is not None and unit.kind is FigureKind.PERCENT and unit.end > number.end + 1
        hidden = number.article and not percent and (unit is None or article)
    return (True, True) if _is_name(tokens, number) else (weak, hidden)


def _fall(tokens: Tokens, lexicon: Lexicon, amount: Amount, kind: FigureKind, value: Decimal) -> tuple[Decimal, ...]:
    """The negative of that by which something fell, or of a deficit: `fell 1.2%` is what a table gives as -1.2%."""
    may_fall = kind in _MAY_FALL and value > 0
    return (-value,) if may_fall and falls(tokens, lexicon, amount.start, amount.end) else ()


def _times_less(tokens: Tokens, lexicon: Lexicon, start: int, end: int, value: Decimal) -> tuple[Decimal, ...]:
    """The part that is left where something is so many times less: three times less is a third."""
    return (1 / value,) if value > 1 and lessens(tokens, lexicon, start, end) else ()


def _is_name(tokens: Tokens, number: Number) -> bool:
    """Whether a spelled number inside a sentence is the beginning of a proper name: `the Six Flags park`."""
    if number.digits or number.start == 0 or tokens.kinds[number.start - 1] != WORD:
        return False
    if not tokens.surface(number.start)[0].isupper():
        return False
    return tokens.surface(number.end)[:1].isupper() or (
        number.start > 1 and tokens.surface(number.start - 1)[0].isupper()
    )


def is_age(tokens: Tokens, lexicon: Lexicon, start: int, end: int, value: Decimal) -> bool:
    """Whether years at tokens `start` to `end` are somebody's age, judged by the words before them and by brackets."""
    quantities = lexicon.quantities
    place = start
    modifier = quantities.modifiers.before(tokens, place)
    if modifier:
        place = modifier[1]
    if value > _OLDEST:
        return False
    if any(tokens.forms[near] in quantities.age_cues for near in range(place, start)):
        return True  # `старші 60 років`
    cued = any(tokens.forms[near] in quantities.age_cues for near in range(max(0, place - 4), place))
    if quantities.age_before.before(tokens, place) or quantities.age_before.before(tokens, start):
        return cued or lexicon.quantities.units.words().get(tokens.forms[end - 1]) == "a"
    if (
        tokens.forms[start - 1] in ("(", ",")
        and tokens.forms[end] in (")", ",")
        and tokens.surface(start - 2)[:1].isupper()
    ):
        return True
    return cued and place > 0 and tokens.forms[place - 1] in quantities.age_joint
