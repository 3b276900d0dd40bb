"""What a number counts: money, percent, measures, ages, durations, times over; and spans of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from service.figures.compounds import compound, glued_age, half_of_unit
from service.figures.dates import read_year
from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.numbers import read_number
from service.figures.signs import DEGREES, below_zero, falls
from service.figures.tokens import NUMBER, WORD, Tokens
from service.figures.words import ambiguity_allows
from service.figures.written import Number
from service.types import FigureKind, Modifier

TIME_UNITS = frozenset({"a", "mo", "wk", "d", "h", "min", "s", "ms"})
QUOTE = '"'
QUOTATION_REACH = 300  # characters; a quotation that opened further back is another sentence's
_CAPITAL_SYMBOLS = frozenset("WVTL")
_SPACED_SYMBOLS = frozenset("mgtlh")
_OLDEST = 130
_AGE_UNITS = frozenset({"a", "mo", "wk", "d"})
_THIRD, _TEN, _HUNDRED = Decimal(3), Decimal(10), Decimal(100)


@dataclass(slots=True)
class Unit:
    """What stands beside a number: `factor` is 0.01 for the hundredths of a currency and -1 for degrees below zero,
    `added` half a unit behind the unit.
    """

    kind: FigureKind
    code: str | None
    end: int
    factor: Decimal = Decimal(1)
    added: Decimal = Decimal(0)


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
    place, currency = _currency_before(tokens, lexicon, index)
    number = read_number(tokens, lexicon, place, money=currency is not None)
    if number is None:
        return None
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
    cents = _money_at(tokens, lexicon, number.end) or _money_at(tokens, lexicon, number.end + 1)
    if cents is not None and cents.factor != 1 and cents.code == unit.code:
        unit.added, unit.end = number.value * cents.factor, cents.end


def _currency_before(tokens: Tokens, lexicon: Lexicon, index: int) -> tuple[int, str | None]:
    """Where the number begins, and the currency whose sign or code stands before it. `-$5` keeps its minus on the
    sign.
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


# --- what follows a number ------------------------------------------------------------------------------------------


def read_unit(tokens: Tokens, lexicon: Lexicon, number: Number) -> Unit | None:
    """What follows a number: its unit, or None. Looks past a hyphen and past the words that join numbers to nouns."""
    index = number.end
    unit = _unit_at(tokens, lexicon, number, index)
    if unit is None and tokens.forms[index] == "-" and tokens.glued[index] and tokens.glued[index + 1]:
        unit = _unit_at(tokens, lexicon, number, index + 1)
    if unit is None and tokens.forms[index] in lexicon.quantities.connectors:
        unit = _unit_at(tokens, lexicon, number, index + 1)
    if unit is None:
        return None
    added = lexicon.numerals.added.at(tokens, unit.end)
    if (
        added
        and not number.decimal
        and not number.fraction
        and unit.kind in (FigureKind.DURATION, FigureKind.MEASURE, FigureKind.AGE)
    ):
        unit.added, unit.end = added[0], added[1]
    if unit.code in DEGREES and (end := below_zero(tokens, lexicon, unit.end)) > unit.end:
        unit.end = end
        if number.value > 0:
            unit.factor, unit.added = Decimal(-1), -unit.added
    return unit


def _unit_at(tokens: Tokens, lexicon: Lexicon, number: Number, index: int) -> Unit | None:
    quantities = lexicon.quantities
    found = quantities.age_suffixes.at(tokens, index)
    if found:
        return Unit(FigureKind.AGE, found[0], found[1])
    found = quantities.percent.at(tokens, index)
    if found is None and number.decimal:
        found = quantities.percent_weak.at(tokens, index)
    if found:
        return Unit(FigureKind.PERCENT, found[0], found[1])
    repeated = quantities.multiplier_words.at(tokens, index)
    if repeated and not tokens.glued[repeated[1]]:
        return Unit(FigureKind.MULTIPLIER, None, repeated[1])
    return _money_at(tokens, lexicon, index) or _measure_at(tokens, lexicon, index)


def _money_at(tokens: Tokens, lexicon: Lexicon, index: int) -> Unit | None:
    quantities = lexicon.quantities
    cents, name = quantities.cents.at(tokens, index), quantities.currencies.at(tokens, index)
    if cents and (name is None or cents[1] >= name[1]):
        return Unit(FigureKind.MONEY, cents[0], cents[1], factor=1 / _HUNDRED)
    if name:
        return Unit(FigureKind.MONEY, name[0], name[1])
    sign = quantities.currency_signs.at(tokens, index)
    if sign and not (tokens.kinds[sign[1]] == NUMBER and tokens.glued[sign[1]]):
        return Unit(FigureKind.MONEY, sign[0], sign[1])
    code = quantities.currency_codes.get(tokens.surface(index))
    if code and not (tokens.kinds[index + 1] == NUMBER and tokens.glued[index + 1]):
        return Unit(FigureKind.MONEY, code, index + 1)
    return None


def _measure_at(tokens: Tokens, lexicon: Lexicon, index: int) -> Unit | None:
    quantities = lexicon.quantities
    special = quantities.suffix_units.at(tokens, index)
    plain = quantities.units.at(tokens, index)
    if plain is None and _symbol_counts(tokens, index):
        plain = quantities.glued_units.at(tokens, index)
    found = special if special and (plain is None or special[1] >= plain[1]) else plain
    if found is None:
        return None
    code, end = found
    if tokens.glued[end] and tokens.kinds[end] == NUMBER:
        return None
    return Unit(FigureKind.DURATION if code in TIME_UNITS else FigureKind.MEASURE, code, end)


def _symbol_counts(tokens: Tokens, index: int) -> bool:
    """Whether a symbol that is a letter or a sign stands for a unit: `5g` but not `5G`, `2 m` but not `2 s`."""
    surface = tokens.surface(index)
    if tokens.glued[index]:
        if surface == QUOTE:
            return tokens.kinds[index - 1] == NUMBER and not _closes_quotation(tokens, index)
        return not surface.isupper() or surface in _CAPITAL_SYMBOLS
    return surface in _SPACED_SYMBOLS and tokens.spaced(index) and tokens.kinds[index - 1] == NUMBER


def _closes_quotation(tokens: Tokens, index: int) -> bool:
    """Whether a quotation mark is one, and not the sign for inches: `sono 250", ha detto`, but `un 55" costa`."""
    start, after = tokens.starts[index], tokens.text[tokens.ends[index] : tokens.ends[index] + 2]
    opened = tokens.text[max(0, start - QUOTATION_REACH) : start].count(QUOTE) % 2
    return bool(opened) or not (after[:1] == " " and after[1:].isalpha())


# --- one amount as a figure -----------------------------------------------------------------------------------------


def read_quantity(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """A span, or a single amount, at token `index`."""
    compounded = _compound(tokens, lexicon, index)
    if compounded is not None:
        return compounded
    fixed = lexicon.quantities.multipliers.at(tokens, index)
    if fixed:
        return Hit(index, fixed[1], FigureKind.MULTIPLIER, fixed[0])
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
    return len(number.bare) == 4 and lexicon.calendar.year_after.at(tokens, number.end) is not None


def _compound(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    if tokens.kinds[index] != WORD:
        return None
    found = compound(tokens.forms[index], lexicon)
    if found is not None:
        value, unit = found
        kind = FigureKind.COUNT if unit is None else FigureKind.PERCENT if unit == "%" else FigureKind.MEASURE
        if unit in TIME_UNITS:
            kind = FigureKind.AGE if unit == "a" else FigureKind.DURATION
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
    form = tokens.forms[number.start]
    weak = number.collection and number.value < _TEN
    hidden = False
    if number.end == number.start + 1:
        rule = lexicon.numerals.ambiguous.get(form)
        if rule and unit is None and not ambiguity_allows(rule, tokens, number.start, number.end):
            return None
        if number.value <= 1 and not number.digits and not number.fraction and not (unit and unit.added):
            weak = unit is None or unit.kind not in (FigureKind.MONEY, FigureKind.PERCENT) or number.article
            hidden = number.article and (unit is None or form in lexicon.numerals.articles)
        if _is_name(tokens, number):
            weak = hidden = True
    last = tokens.forms[number.end - 1]
    if number.fraction and not number.digits and unit is None and last in lexicon.numerals.fractions_prefix:
        return None
    modifier = Modifier.ABOUT if number.collection and number.value >= _TEN else None
    if unit is None and amount.end == number.end and lexicon.quantities.age_bare.before(tokens, number.start):
        return Hit(amount.start, amount.end, FigureKind.AGE, number.value, unit="a")
    if unit is None:
        kind = FigureKind.FRACTION if number.fraction else FigureKind.COUNT
        return Hit(
            amount.start,
            amount.end,
            kind,
            number.value,
            modifier=modifier,
            readings=number.readings,
            weak=weak,
            hidden=hidden,
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
    readings += _fall(tokens, lexicon, amount, value)
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
    )


def _fall(tokens: Tokens, lexicon: Lexicon, amount: Amount, value: Decimal) -> tuple[Decimal, ...]:
    """The negative of a percentage by which something fell: `fell 1.2%` is what a table gives as -1.2%."""
    percent = amount.unit is not None and amount.unit.kind is FigureKind.PERCENT and value > 0
    return (-value,) if percent and falls(tokens, lexicon, amount.start, amount.end) else ()


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
