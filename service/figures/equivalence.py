"""When two figures say the same: across notations, kinds and units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

from service.figures import compilation
from service.figures.clock import says_half
from service.types import Figure, FigureKind, Modifier

Atom = tuple[str, Decimal | str]

_QUANTUM = Decimal("1E-9")
_TOLERANCE = Decimal("0.06")  # how far a conversion by hand may round: 100 miles are "160 km"
_EXACT_TOLERANCE = Decimal("0.000001")
_NAMED_BY_DIGITS = frozenset({FigureKind.IDENTIFIER, FigureKind.SCORE, FigureKind.DATE, FigureKind.TIME})
_PLAIN = frozenset(
    {
        FigureKind.COUNT,
        FigureKind.RANGE,
        FigureKind.ORDINAL,
        FigureKind.IDENTIFIER,
        FigureKind.FRACTION,
        FigureKind.MULTIPLIER,
    }
)
_NEVER_RANKED = frozenset({FigureKind.MEASURE, FigureKind.MONEY, FigureKind.PERCENT})
_HOLDS_DECADES = frozenset({FigureKind.AGE, FigureKind.COUNT, FigureKind.DURATION, FigureKind.MEASURE})
_BY_CHARACTERS = frozenset({FigureKind.IDENTIFIER, FigureKind.TIME})
_DEGREES = frozenset({"Cel", "[degF]", "deg"})
# Cents of a currency that is not said.
_BARE_CENTS = re.compile(r"^[^$¢]*(?<!us )(?<!u\.s\. )(?<!american )\bcents?$", re.IGNORECASE)
# A weight and a currency of one name in English: `26 pounds of hashish`.
_NAMESAKES = {"GBP": "[lb_av]"}
# Atoms that say the same only across kinds: `у 17-му` and 2017, `the 90s` and 90 degrees.
_ACROSS_KINDS = frozenset({"short", "decade", "part"})
# What may differ in an identifier: letters (another script), and whatever is no point inside a number.
_BETWEEN_DIGITS = re.compile(r"(?<!\d)[^\d]+|[^\d]+(?!\d)|[^\d.,]+")
_FOREIGN = re.compile(r"\d,(?:\d{1,2}|\d{4,})(?!\d|,\d)|\d\.\d{3}\.\d{3}|^0\d+$")
_PADDED = re.compile(r"(?<![\d.,])\d+\.\d*0(?!\d)")
_SECONDS = re.compile("''|’’|[\"″”]")  # before hundredths: `9''80`
_CALENDAR = frozenset({FigureKind.YEAR, FigureKind.DECADE, FigureKind.CENTURY})


class Likeness(IntEnum):
    """How two figures agree, the better the higher. `UNIT` is a fault: one number with different
    units, or the right number as no English text writes it (`1,2 million`).
    """

    NONE = 0
    UNIT = 1
    CONVERTED = 2
    UNIT_MISSING = 3
    VALUE = 4
    SAME = 5


def digits_of(text: str) -> str:
    """The digits of an identifier."""
    return "".join(char for char in text if char.isdecimal())


def _number(value: Decimal) -> Decimal:
    """A value as compared: repeating fractions rounded, trailing zeros gone."""
    if value == value.to_integral_value():
        return value.to_integral_value()
    return value.quantize(_QUANTUM).normalize() if abs(value) < 1_000_000 else value.normalize()


def atoms(figure: Figure) -> Iterator[Atom]:
    """What a figure can be compared by, the surest first. Two figures with a common atom may say the same."""
    value = figure.value
    if value is None:
        yield "span", f"{_bound(figure.low)}..{_bound(figure.high)}"
        return
    if figure.kind in _NAMED_BY_DIGITS:
        yield from _named(figure, str(value))
        return
    number = Decimal(value) if isinstance(value, str) else value
    yield "number", _number(number)
    for reading in figure.readings:
        yield "number", _number(reading)
    yield from _related(figure, number)


def _bound(value: Decimal | str | None) -> str:
    return f"{_number(value):f}" if isinstance(value, Decimal) else str(value)


def _named(figure: Figure, value: str) -> Iterator[Atom]:
    yield figure.kind.value, value
    if figure.kind is FigureKind.IDENTIFIER:
        yield FigureKind.SCORE.value, value.replace(":", "-")
        for reading in figure.readings:
            yield "number", reading
        found = digits_of(value)
        yield "digits", found
        if found and len(found) <= 15:
            yield "number", Decimal(found)
        plain = value.replace(",", ".")
        if plain.count(".") == 1 and plain.replace(".", "").isdecimal():
            yield "number", _number(Decimal(plain))
    elif figure.kind is FigureKind.TIME:
        hour, _, minute = value.partition(":")
        yield "clock", f"{int(hour) % 12}:{minute}"
        yield "hour", _number(Decimal(f"{int(hour)}.{minute}"))  # `at 8`, `at 8.30`
    elif figure.kind is FigureKind.DATE:
        yield "day", "-".join(sorted(value[-5:].split("-")))  # 08/10 on the other side of the Atlantic


def _related(figure: Figure, number: Decimal) -> Iterator[Atom]:
    """The same amount said in another way: half and 50 %, 1.5 times and 150 %, the 1900s and the 20th century."""
    kind = figure.kind
    if kind is FigureKind.PERCENT and figure.unit == "%":
        yield "part", _number(number / 100)
    elif kind in (FigureKind.FRACTION, FigureKind.MULTIPLIER):
        yield "part", _number(number)
    elif kind in _CALENDAR:
        yield from _calendar(kind, number)
    if kind in (FigureKind.COUNT, FigureKind.ORDINAL):
        yield "hour", _number(number)
    if number < 100 and kind is FigureKind.ORDINAL:
        yield "short", number
    elif number < 100 and kind in _HOLDS_DECADES:
        yield "decade", number


def _calendar(kind: FigureKind, number: Decimal) -> Iterator[Atom]:
    if kind is FigureKind.CENTURY:
        yield "number", _number((abs(number) - 1) * 100)
    elif kind is FigureKind.DECADE:
        yield "decade", number % 100
    else:
        yield "number", abs(number)
        yield "short", number % 100


@lru_cache(maxsize=256)
def base(unit: str | None) -> tuple[str, Decimal] | None:
    """The quantity that a unit measures and its factor to the base unit."""
    if unit is None:
        return None
    for quantity, factors in compilation.shared()["conversion"].items():
        if unit in factors:
            return quantity, Decimal(str(factors[unit]))
    return None


def _bounds(figure: Figure) -> list[Decimal]:
    values = [figure.value] if figure.value is not None else [figure.low, figure.high]
    return [value for value in values if isinstance(value, Decimal)]


def converted(source: Figure, english: Figure) -> bool:
    """Whether the English gives the same quantity in another unit, allowing for the rounding of a conversion by
    hand.
    """
    first, second = _bounds(source), _bounds(english)
    units = _unit(source), _unit(english)
    if source.unit == english.unit or units[0] == units[1] or not first or len(first) != len(second):
        return False
    temperature = compilation.shared()["temperature"]
    one_scale, other_scale = temperature.get(source.unit), temperature.get(english.unit)
    if one_scale and other_scale:
        return all(
            abs(_celsius(a, one_scale) - _celsius(b, other_scale)) <= 1 for a, b in zip(first, second, strict=True)
        )
    one, other = map(base, units)
    if one is None or other is None or one[0] != other[0]:
        return False
    tolerance = _EXACT_TOLERANCE if one[0] in ("time", "data", "energy", "power", "points") else _TOLERANCE
    if one[0] == "time" and {source.unit, english.unit} & {"mo", "a"}:
        tolerance = Decimal("0.002")
    return all(
        abs(a * one[1] - b * other[1]) <= tolerance * abs(a * one[1]) for a, b in zip(first, second, strict=True)
    )


def _unit(figure: Figure) -> str | None:
    """The unit of a figure; of pounds without a sign that of weight, as far as a conversion goes."""
    unit = figure.unit
    if unit is None or unit in figure.text or not (figure.text[0].isalnum() and figure.text[-1].isalpha()):
        return unit
    return _NAMESAKES.get(unit, unit)


def _celsius(value: Decimal, scale: list[float]) -> Decimal:
    factor, offset = scale
    return value * Decimal(str(factor)) + Decimal(str(offset))


def likeness(source: Figure, english: Figure) -> Likeness:
    """How well two figures agree. Assumes nothing of where they stand."""
    if not _values_agree(source, english):
        return Likeness.CONVERTED if converted(source, english) else Likeness.NONE
    if misspelled(source, english):
        return Likeness.UNIT
    if source.unit == english.unit:
        return Likeness.SAME if source.kind is english.kind else Likeness.VALUE
    if source.unit and english.unit:
        if {source.unit, english.unit} == {"EUR", "USD"} and _BARE_CENTS.search(english.text):
            return Likeness.VALUE
        if {source.unit, english.unit} in ({"Cel", "deg"}, {"[degF]", "deg"}, {"[bbl_us]", "L"}, {"[lb_av]", "GBP"}):
            return Likeness.VALUE
        return Likeness.UNIT
    return _unit_missing(source, english)


_MORE = frozenset({Modifier.OVER, Modifier.AT_LEAST})
_LESS = frozenset({Modifier.UNDER, Modifier.AT_MOST, Modifier.ALMOST})


def opposed(source: Figure, english: Figure) -> bool:
    """Whether one side says that it is more, the other that it is less: `peste 50` and `fewer than 50`."""
    sides = {source.modifier, english.modifier}
    return bool(sides & _MORE) and bool(sides & _LESS)


def read_otherwise(source: Figure, english: Figure) -> bool:
    """Whether the English took for decimal the separator that groups in the source: `12.500 грн` and 12.5 hryvnias."""
    value = source.value
    if not isinstance(value, Decimal) or not isinstance(english.value, Decimal) or value == english.value:
        return False
    return english.value in source.readings and value == english.value * 1000


def misspelled(source: Figure, english: Figure) -> bool:
    """Whether the English has the right number in a wrong notation: a decimal comma, grouping points, zeros that
    claim precision.

    `€2.50` for 2,5 euros is good English; `1.20 million` for 1,2 is not what was said.
    """
    if not isinstance(english.value, Decimal) or english.kind is FigureKind.IDENTIFIER:
        return False
    if _FOREIGN.search(english.text):
        return True
    padded = _PADDED.search(english.text)
    if padded is None or (english.kind is FigureKind.MONEY and english.value == abs(Decimal(padded[0]))):
        return False
    return _PADDED.search(_SECONDS.sub(".", source.text).replace(",", ".")) is None


def _unit_missing(source: Figure, english: Figure) -> Likeness:
    """One side has a unit and the other has none: right for calendar, ages and parts, a fault for percent."""
    bare = english if english.unit is None else source
    other = source if bare is english else english
    if other.kind is FigureKind.PERCENT:
        return _percent_missing(bare, other)
    if bare.kind is FigureKind.COUNT and other.unit in _DEGREES and isinstance(bare.value, Decimal) and bare.value < 0:
        return Likeness.VALUE  # `down to minus 5`
    if bare.kind in _CALENDAR and other.kind in (FigureKind.DURATION, FigureKind.AGE):
        return Likeness.VALUE
    if bare.kind is FigureKind.IDENTIFIER and bare.readings and other.kind is FigureKind.DURATION:
        return Likeness.VALUE  # `24/7` says of itself that it is hours
    if bare.kind is FigureKind.COUNT and other.kind is FigureKind.AGE:
        return Likeness.VALUE  # `Rossi, 47, died`
    if bare.kind is FigureKind.ORDINAL and other.kind in _NEVER_RANKED and other.unit != "deg":
        return Likeness.UNIT  # `the 17th` is not 17 pounds with the unit lost
    if bare.kind in _PLAIN or bare.kind is FigureKind.SCORE:
        return Likeness.UNIT_MISSING
    return Likeness.VALUE


def _percent_missing(bare: Figure, percent: Figure) -> Likeness:
    """50 % is a half and 150 % are 1.5 times; 20 % are not 20 seats, nor 20 times."""
    numbers = {value for name, value in atoms(bare) if name == "number"}
    if numbers.isdisjoint(value for name, value in atoms(percent) if name == "number"):
        return Likeness.VALUE
    in_digits = any(char.isdecimal() for char in bare.text)
    lost = bare.kind is FigureKind.COUNT and percent.unit == "%" and in_digits
    return Likeness.UNIT if lost or bare.kind is FigureKind.MULTIPLIER else Likeness.UNIT_MISSING


def _values_agree(source: Figure, english: Figure) -> bool:
    if FigureKind.DATE in (source.kind, english.kind) and source.kind is english.kind:
        return _dates_agree(source, english)
    if source.kind is english.kind and source.kind in _BY_CHARACTERS:
        return _characters_agree(source, english)
    common = set(atoms(source)) & set(atoms(english))
    if source.kind is english.kind:
        return any(name not in _ACROSS_KINDS for name, _ in common)
    return bool(common)


def _characters_agree(source: Figure, english: Figure) -> bool:
    """Identifiers by their digits and the points between them; times by the 12-hour clock where one side does not say
    its half of the day, in words or by an hour that only a 24-hour clock has.
    """
    first, second = str(source.value), str(english.value)
    if source.kind is FigureKind.IDENTIFIER:
        return _code(first) == _code(second)
    if first == second:
        return True
    hour, other = int(first[:2]), int(second[:2])
    told = [says_half(source.text) or not 1 <= hour <= 12, says_half(english.text) or other > 12]
    return hour % 12 == other % 12 and first[2:] == second[2:] and not all(told)


def _code(text: str) -> str:
    return _BETWEEN_DIGITS.sub("", text)


def _dates_agree(source: Figure, english: Figure) -> bool:
    if source.value is None or english.value is None:
        return source.low == english.low and source.high == english.high
    first, second = str(source.value), str(english.value)
    if first == second:
        return True
    whole = len(first) == len(second) == 10
    if whole and not first.startswith("-") and not second.startswith("-"):
        swapped = f"{second[:4]}-{second[8:]}-{second[5:7]}"  # 08/10/2018 on the other side of the Atlantic
        return first == swapped and "/" in english.text
    if first.startswith("--") and second.startswith("--") and "/" in english.text:
        return first == f"--{second[5:]}-{second[2:4]}"
    return False
