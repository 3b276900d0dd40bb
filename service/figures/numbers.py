"""Numbers as people write them, without what they count: digits, words, both together, fractions, ordinals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import gcd

from service.figures import digits
from service.figures.lexicon import Lexicon
from service.figures.tokens import NUMBER, SIGN, WORD, Tokens
from service.figures.words import Composer

_ONE, _HUNDRED = Decimal(1), Decimal(100)
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


def read_number(tokens: Tokens, lexicon: Lexicon, index: int, money: bool = False) -> Number | None:
    """The number that begins at token `index`, the longest one, or None. `money`: a currency sign stands before it."""
    key = ("number", index, money)
    if key not in tokens.memo:
        tokens.memo[key] = _read_number(tokens, lexicon, index, money)
    number: Number | None = tokens.memo[key]
    return number


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
    if form in ("-", "–", "+") and tokens.glued[index + 1] and tokens.kinds[index + 1] == NUMBER:
        if not tokens.glued[index] or tokens.forms[index - 1] in ("(", "«", '"', "“", "€", "$", "£"):
            return (1 if form == "+" else -1), index + 1
        return 1, index
    if form in lexicon.numerals.negative:
        return -1, index + 1
    return 1, index


def _head(tokens: Tokens, lexicon: Lexicon, index: int, money: bool) -> Number | None:
    kind = tokens.kinds[index]
    if kind == NUMBER:
        number = _digits(tokens, lexicon, index, money)
    elif kind == SIGN:
        number = _leading_separator(tokens, index)
    elif kind == WORD:
        number = _vulgar(tokens, index) or _words(tokens, lexicon, index)
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


def _vulgar(tokens: Tokens, index: int) -> Number | None:
    fraction = digits.VULGAR_FRACTIONS.get(tokens.forms[index])
    if fraction is None:
        return None
    return Number(index, index + 1, Decimal(fraction[0]) / Decimal(fraction[1]), digits=True, fraction=True)


def _digits(tokens: Tokens, lexicon: Lexicon, index: int, money: bool) -> Number | None:
    form = tokens.forms[index]
    end = _space_groups(tokens, index)
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


def _space_groups(tokens: Tokens, index: int) -> int:
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
    return _power(tokens, number)


def _power(tokens: Tokens, number: Number) -> Number | None:
    end = number.end
    form = tokens.forms[end]
    if form not in ("e", "^") or not tokens.glued[end]:
        return None
    place, sign = end + 1, 1
    if tokens.forms[place] in ("-", "+", "–") and tokens.glued[place]:
        sign = 1 if tokens.forms[place] == "+" else -1
        place += 1
    exponent = tokens.forms[place].replace(",", ".")
    if tokens.kinds[place] != NUMBER or not tokens.glued[place] or exponent.count(".") > 1 or len(exponent) > 5:
        return None
    power = sign * Decimal(exponent)
    if abs(power) > _LARGEST_EXPONENT or (form == "^" and number.value == 0):
        return None
    value = number.value * Decimal(10) ** power if form == "e" else number.value**power
    return Number(number.start, place + 1, +value, digits=True, decimal=True)


def _scaled(number: Number, scale: Decimal, end: int) -> Number:
    readings = tuple(reading * scale for reading in number.readings)
    return Number(number.start, end, number.value * scale, readings, digits=True, scale=scale)


def _after_digits(tokens: Tokens, lexicon: Lexicon, number: Number) -> Number:
    """What may follow digits: a fraction, multipliers, the rest of a mixed number (`1 млн 200 тис.`)."""
    fraction = _slash(tokens, number) or _mixed(tokens, number)
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


def _slash(tokens: Tokens, number: Number) -> Number | None:
    """`3/4`, and `1 3/4` by `_mixed`."""
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


def _mixed(tokens: Tokens, number: Number) -> Number | None:
    """`1 3/4`, `2½`."""
    end = number.end
    vulgar = digits.VULGAR_FRACTIONS.get(tokens.forms[end])
    if vulgar and number.bare:
        value = number.value + Decimal(vulgar[0]) / Decimal(vulgar[1])
        return Number(number.start, end + 1, value, digits=True, decimal=True)
    if not (number.bare and tokens.kinds[end] == NUMBER and tokens.spaced(end) and tokens.forms[end].isdecimal()):
        return None
    if len(tokens.forms[end]) > 2 or tokens.forms[end + 1] != "/":
        return None
    part = _slash(tokens, Number(end, end + 1, Decimal(tokens.forms[end]), bare=tokens.forms[end]))
    if part is None or part.value >= 1:
        return None
    return Number(number.start, part.end, number.value + part.value, digits=True, decimal=True)


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
    if numerals.fraction_after.before(tokens, start) or tokens.forms[start - 1] in numerals.ordinals:
        return None
    number = Number(start, index + 1, value, fraction=True)
    return _scale_of_part(tokens, lexicon, number)


def _scale_of_part(tokens: Tokens, lexicon: Lexicon, number: Number) -> Number:
    """A part of a multiplier, with or without a word between."""
    numerals = lexicon.numerals
    ends = [number.end]
    for connector in numerals.connectors:
        stop = number.end + len(connector.forms)
        if connector.after in ("half", "fraction") and tuple(tokens.forms[number.end : stop]) == connector.forms:
            ends.append(stop)
    for end in ends:
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
    if tokens.forms[end] == "-" and tokens.glued[end] and tokens.glued[end + 1]:
        end += 1
    form = tokens.forms[end]
    part = numerals.fractions_alone.get(form) or numerals.fractions_counted.get(form)
    if part == _HUNDRED and number.digits and lexicon.quantities.cents.at(tokens, end):
        return None  # cents of a currency
    if part is None or number.value <= 0 or gcd(int(number.value), int(part)) != 1 or number.value > 1000:
        return None
    if number.article and form in numerals.ordinals and _noun_follows(tokens, lexicon, end + 1):
        return None
    fraction = Number(number.start, end + 1, number.value / part, digits=number.digits, fraction=True)
    return _scale_of_part(tokens, lexicon, fraction)


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
