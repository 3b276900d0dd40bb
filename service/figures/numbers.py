"""Numbers as people write them, without what they count: digits, words, both together, fractions, ordinals."""

from __future__ import annotations

from decimal import Decimal
from math import gcd

from service.figures import digits
from service.figures.lexicon import Lexicon
from service.figures.tokens import NUMBER, SIGN, WORD, Tokens
from service.figures.words import Composer
from service.figures.written import Number, mixed, power, slash, space_groups, vulgar

_ONE, _HUNDRED = Decimal(1), Decimal(100)
_MOST_PARTS = 1000
_PERIODS = (2, 4)
# What may touch a sign that belongs to the number behind it; elsewhere a hyphen joins: `A-5`, `3-5`.
_BEFORE_SIGN = ("(", "«", '"', "“", "€", "$", "£", "…")


def read_number(tokens: Tokens, lexicon: Lexicon, index: int, money: bool = False) -> Number | None:
    """The number that begins at token `index`, the longest one, or None. `money`: a currency sign stands before it."""
    key = ("number", index, money)
    if key not in tokens.memo:
        tokens.memo[key] = _read_number(tokens, lexicon, index, money)
    number: Number | None = tokens.memo[key]
    return number


def before_hyphen(tokens: Tokens, index: int) -> int:
    """`index`, or that of the hyphen which joins token `index` to the word before it: `first-half`."""
    return index - 1 if tokens.forms[index - 1] == "-" and tokens.glued[index - 1] and tokens.glued[index] else index


def _past_hyphen(tokens: Tokens, index: int) -> int:
    """Behind the hyphen at token `index` if it joins two words, or `index`."""
    return index + 1 if tokens.forms[index] == "-" and tokens.glued[index] and tokens.glued[index + 1] else index


def _read_number(tokens: Tokens, lexicon: Lexicon, index: int, money: bool) -> Number | None:
    sign, start = _sign(tokens, lexicon, index)
    if start != index and tokens.kinds[start] not in (NUMBER, WORD, SIGN):
        return None
    number = _head(tokens, lexicon, start, money)
    if number is None:
        return None
    number.start = index
    if sign < 0:
        number.value = -number.value
        number.readings = tuple(-reading for reading in number.readings)
        number.bare = ""
    return number


def _sign(tokens: Tokens, lexicon: Lexicon, index: int) -> tuple[int, int]:
    """-1 or 1, and where the number itself begins."""
    form = tokens.forms[index]
    if form in ("-", "–", "+") and tokens.kinds[index + 1] == NUMBER and tokens.glued[index + 1]:
        return (1 if form == "+" else -1, index + 1) if is_minus(tokens, index) else (1, index)
    if form in lexicon.numerals.negative:
        return -1, index + 1
    return 1, index


def is_minus(tokens: Tokens, index: int) -> bool:
    """Whether the dash, or the plus, at token `index` is the sign of what touches it from behind and joins nothing."""
    dots = tokens.forms[index - 2 : index] == [".", "."]
    return tokens.glued[index + 1] and (not tokens.glued[index] or tokens.forms[index - 1] in _BEFORE_SIGN or dots)


def _head(tokens: Tokens, lexicon: Lexicon, index: int, money: bool) -> Number | None:
    kind = tokens.kinds[index]
    if kind == NUMBER:
        number = _digits(tokens, lexicon, index, money)
    elif kind == SIGN:
        number = _leading_separator(tokens, index)
    elif kind == WORD:
        number = vulgar(tokens, index) or _words(tokens, lexicon, index)
    else:
        return None
    if number is None:
        return None
    if number.digits:
        number = _after_digits(tokens, lexicon, number)
    if not number.ordinal:
        _added(tokens, lexicon, number)
    return number


# --- digits ---------------------------------------------------------------------------------------------------------


def _leading_separator(tokens: Tokens, index: int) -> Number | None:
    """`,77` and `.5`."""
    if tokens.forms[index] not in (".", ",") or tokens.glued[index] or not tokens.glued[index + 1]:
        return None
    form = tokens.forms[index + 1]
    if tokens.kinds[index + 1] != NUMBER or not form.isdecimal() or len(form) > digits.MAX_DIGITS:
        return None
    return Number(index, index + 2, Decimal(f"0.{form}"), digits=True, decimal=True)


def _digits(tokens: Tokens, lexicon: Lexicon, index: int, money: bool) -> Number | None:
    form = tokens.forms[index]
    end = space_groups(tokens, index)
    if end > index + 1:
        form = "".join(tokens.forms[index:end])
        whole, separator, part = form.replace(",", ".").partition(".")
        if len(whole) > digits.MAX_DIGITS:
            return None
        return Number(index, end, Decimal(whole + separator + part), digits=True, decimal=bool(separator))
    found = digits.read(form, lexicon.decimal)
    if found is None or len(form) > digits.MAX_DIGITS:
        return None
    integral = found.value == found.value.to_integral_value()
    bare = form if len(form) <= 4 and form.isdecimal() else ""
    number = Number(index, end, found.value, found.readings, digits=True, bare=bare, decimal=not integral)
    return _compact(tokens, lexicon, number, money) or number


def _compact(tokens: Tokens, lexicon: Lexicon, number: Number, money: bool) -> Number | None:
    """`100K`, `3M`, `1.2bn`: a suffix that touches the digits; and `1e10`, `10^6`."""
    end = number.end
    if not tokens.glued[end]:
        return None
    surface = tokens.surface(end)
    scale = lexicon.numerals.compact.get(surface)
    if scale is None and money:
        scale = lexicon.numerals.compact_money.get(surface) or lexicon.numerals.compact.get(surface.lower())
    if scale is not None:
        return _scaled(number, scale, end + 1)
    return power(tokens, number)


def _scaled(number: Number, scale: Decimal, end: int) -> Number:
    readings = tuple(reading * scale for reading in number.readings)
    return Number(number.start, end, number.value * scale, readings, digits=True, scale=scale)


def _after_digits(tokens: Tokens, lexicon: Lexicon, number: Number) -> Number:
    """What may follow digits: a fraction, multipliers, the rest of a mixed number (`1 млн 200 тис.`)."""
    fraction = slash(tokens, number) or mixed(tokens, lexicon, number)
    if fraction is not None:
        number = fraction
    if tokens.glued[number.end] and tokens.kinds[number.end] == WORD and not number.scale:
        found = lexicon.numerals.scales.at(tokens, number.end)
        if found is None:
            return number
    suffix = lexicon.numerals.cardinal_suffixes.at(tokens, number.end)
    if suffix and tokens.glued[number.end] and tokens.glued[number.end + 1]:
        number.end, number.bare = suffix[1], ""
    composer = Composer(tokens, lexicon)
    composer.begin(number.value, number.scale)
    end = composer.run(number.end)
    if end > number.end:
        readings = tuple(reading * composer.value / number.value for reading in number.readings if number.value)
        return Number(
            number.start, end, composer.value, readings, digits=True, scale=composer.scale, decimal=number.decimal
        )
    spelled = _counted_fraction(tokens, lexicon, number)
    return _point(tokens, lexicon, spelled or number)


# --- words ----------------------------------------------------------------------------------------------------------


def _words(tokens: Tokens, lexicon: Lexicon, index: int) -> Number | None:
    numerals = lexicon.numerals
    form = tokens.forms[index]
    lone = _prefixed(tokens, lexicon, index)
    if lone is not None:
        return lone
    composer = Composer(tokens, lexicon)
    end = composer.run(index)
    if end == index:
        return None
    number = Number(index, end, composer.value, ordinal=composer.ordinal, scale=composer.scale)
    number.article = number.value == _ONE and end == index + 1 and form in (numerals.articles | numerals.ones)
    number.collection = composer.collection
    if number.ordinal:
        return number
    spelled = _counted_fraction(tokens, lexicon, number)
    return spelled or _point(tokens, lexicon, number)


def _prefixed(tokens: Tokens, lexicon: Lexicon, index: int) -> Number | None:
    """Halves and other parts that lead: `mezzo milione`, `half a million`, `o jumătate de miliard`, `півтора
    мільйона`.
    """
    numerals = lexicon.numerals
    start = index
    if tokens.forms[index] in numerals.articles and tokens.forms[index + 1] in (
        numerals.fractions_alone.keys() | numerals.fractions_prefix.keys() | numerals.fractions_counted.keys()
    ):
        index += 1
    form = tokens.forms[index]
    part = numerals.fractions_alone.get(form) or numerals.fractions_prefix.get(form)
    value = None
    if part is not None:
        value = 1 / part
    elif start != index:
        if form in numerals.ordinals and _noun_follows(tokens, lexicon, index + 1):
            return None
        value = 1 / numerals.fractions_counted[form]
    elif form in numerals.one_and_half:
        value = Decimal("1.5")
    if value is None:
        return _glued_half(tokens, lexicon, index)
    place = before_hyphen(tokens, start)
    if numerals.fraction_after.before(tokens, place) or tokens.forms[place - 1] in numerals.ordinals:
        return None
    part_alone = Number(start, index + 1, value, fraction=True)
    number = _scale_of_part(tokens, lexicon, part_alone)
    return None if number is part_alone and _opens_compound(tokens, lexicon, number.end) else number


def _scale_of_part(tokens: Tokens, lexicon: Lexicon, number: Number) -> Number:
    """A part of a multiplier, with or without a word between."""
    numerals = lexicon.numerals
    start = _past_hyphen(tokens, number.end)
    ends = [start]
    for connector in numerals.connectors:
        stop = start + len(connector.forms)
        if connector.after in ("half", "fraction") and tuple(tokens.forms[start:stop]) == connector.forms:
            ends.append(_past_hyphen(tokens, stop))
    for end in ends:
        collection = numerals.collections.get(tokens.forms[end])
        if collection is not None:
            return Number(number.start, end + 1, number.value * collection, collection=True)
        scale = numerals.scales.at(tokens, end)
        if scale is not None:
            return Number(number.start, scale[1], number.value * scale[0], scale=scale[0])
    return number


def _glued_half(tokens: Tokens, lexicon: Lexicon, index: int) -> Number | None:
    """`півмільйона`."""
    form = tokens.forms[index]
    for half in lexicon.numerals.half_glued:
        rest = form.removeprefix(half).lstrip("'")
        if rest != form and (scale := lexicon.numerals.scales.words().get(rest)):
            return Number(index, index + 1, scale / 2, scale=scale)
    return None


def _counted_fraction(tokens: Tokens, lexicon: Lexicon, number: Number) -> Number | None:
    """`two thirds`, `due terzi`, `дві цілих п'ять десятих`: a count and the noun of a part."""
    numerals = lexicon.numerals
    if number.value != number.value.to_integral_value() or (number.scale is not None and number.scale < number.value):
        return None
    end = number.end
    whole = numerals.whole.at(tokens, end)
    if whole:
        return _decimal_part(tokens, lexicon, number, whole[1])
    end = _past_hyphen(tokens, number.end)
    form = tokens.forms[end]
    part = numerals.fractions_alone.get(form) or numerals.fractions_counted.get(form)
    if part == _HUNDRED and number.digits and lexicon.quantities.cents.at(tokens, end):
        return None  # cents of a currency
    if part is None or not 0 < number.value <= _MOST_PARTS:
        return None
    led = numerals.fraction_after.before(tokens, number.start) is not None
    if part in _PERIODS and (led or gcd(int(number.value), int(part)) != 1):
        return None  # the first three quarters; two quarters are half a year, no fraction
    if end == number.end and _opens_compound(tokens, lexicon, end + 1):
        return None  # `three quarter-finals`
    if number.value != _ONE and numerals.finals.at(tokens, end + 1):
        return None  # `tre quarti di finale`
    if number.article and form in numerals.ordinals and _noun_follows(tokens, lexicon, end + 1):
        return None
    fraction = Number(number.start, end + 1, number.value / part, digits=number.digits, fraction=True)
    return _scale_of_part(tokens, lexicon, fraction)


def _opens_compound(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether the word for a part that ends before token `index` only begins another word: `half-brother`, `half
    time`, `a quarter-final`; but not `half-hour`, `half-a-day`.
    """
    numerals, quantities = lexicon.numerals, lexicon.quantities
    if numerals.fraction_before.at(tokens, index):
        return True
    place = _past_hyphen(tokens, index)
    if place == index or tokens.kinds[place] != WORD or tokens.forms[place] in numerals.articles:
        return False
    tables = (quantities.units, quantities.percent, quantities.percent_weak, quantities.currencies)
    return not (lexicon.calendar.century.at(tokens, place) or any(table.at(tokens, place) for table in tables))


def _decimal_part(tokens: Tokens, lexicon: Lexicon, number: Number, index: int) -> Number | None:
    """The tenths or hundredths behind the word for "whole"."""
    composer = Composer(tokens, lexicon)
    end = composer.run(index)
    part = lexicon.numerals.fractions_counted.get(tokens.forms[end])
    if end == index or part is None:
        return None
    value = number.value + composer.value / part
    return Number(number.start, end + 1, value, digits=number.digits, decimal=True)


def _noun_follows(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether a noun seems to follow: `a third man` is no fraction."""
    form = tokens.forms[index]
    return (
        tokens.kinds[index] == WORD
        and form not in lexicon.calendar.noun_stop
        and form not in lexicon.quantities.connectors
    )


def _point(tokens: Tokens, lexicon: Lexicon, number: Number) -> Number:
    """`two point five million`, `doi virgulă cinci`."""
    if tokens.forms[number.end] not in lexicon.numerals.point or number.fraction or number.decimal:
        return number
    additive = lexicon.numerals.additive
    place, text = number.end + 1, ""
    while len(text) < 10:
        form = tokens.forms[place]
        if tokens.kinds[place] == NUMBER and form.isdecimal() and not text:
            text, place = form[:10], place + 1
            break
        value = additive.get(form)
        if value is None or (
            text and (value > 9 or not (text[-1] == "0" or number.digits or len(text) == 1 or value < 10))
        ):
            break
        text, place = text + str(value), place + 1
    if not text:
        return number
    composer = Composer(tokens, lexicon)
    composer.begin(number.value + Decimal(f"0.{text}"), None)
    end = composer.run(place)
    return Number(number.start, end, composer.value, digits=number.digits, decimal=True, scale=composer.scale)


def _added(tokens: Tokens, lexicon: Lexicon, number: Number) -> None:
    """`two and a half`, `un milione e mezzo`: half of the last multiplier, or half of one. Multipliers may follow."""
    found = lexicon.numerals.added.at(tokens, number.end)
    if found is None or number.fraction or number.value < 0:
        return
    part, end = found
    number.value += part * (number.scale or 1)
    number.end, number.bare, number.article, number.decimal = end, "", False, True
    if number.scale is None:
        composer = Composer(tokens, lexicon)
        composer.begin(number.value, None)
        number.end = composer.run(end)
        number.value, number.scale = composer.value, composer.scale
