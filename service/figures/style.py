"""Figures in English style: `6,000`, `2.5 billion`, `40%`, `21st`, `10 August 2018`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from service.figures import compilation
from service.figures.find import find
from service.figures.periods import roman
from service.figures.quantities import read_amount
from service.figures.tokens import Tokens
from service.types import Figure, FigureKind

ENGLISH = "en"
_PARTS = {
    (1, 2): "half", (1, 3): "a third", (2, 3): "two-thirds", (1, 4): "a quarter", (3, 4): "three-quarters",
    (1, 5): "a fifth", (2, 5): "two-fifths", (3, 5): "three-fifths", (4, 5): "four-fifths",
}  # fmt: skip
_RESTYLED = frozenset({FigureKind.COUNT, FigureKind.MONEY, FigureKind.PERCENT})
_DIGIT = re.compile(r"\d")
_ROMAN_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_MOST_ROMAN = 40  # monarchs, popes, wars and quarters are fewer


def number(value: Decimal) -> str:
    """A plain number: groups of three with commas, and a multiplier word where the rest is short (`2.5 billion`)."""
    scales = sorted(((Decimal(scale), word) for scale, word in compilation.style()["scales"].items()), reverse=True)
    for scale, word in scales:
        if abs(value) >= scale:
            mantissa = value / scale
            if len(mantissa.normalize().as_tuple().digits) <= 4 and mantissa == mantissa.quantize(Decimal("0.001")):
                return f"{_grouped(mantissa)} {word}"
    return _grouped(value)


def _grouped(value: Decimal) -> str:
    if value == value.to_integral_value():
        return f"{value:,.0f}"
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent >= -6 else 3
    return f"{value:,.{places}f}"


def ordinal(value: Decimal) -> str:
    """`1st`, `22nd`, `113th`."""
    rank = int(value)
    suffix = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank:,}{suffix}"


def write(figure: Figure, language: str = ENGLISH) -> str:
    """The figure as an English text has it. `language` is that of the text it was found in: identifiers are
    romanised.
    """
    if figure.value is None:
        return _span(figure)
    writer = _WRITERS.get(figure.kind)
    if writer is not None:
        return writer(figure)
    if figure.kind is FigureKind.IDENTIFIER:
        return romanised(str(figure.value), language)
    if isinstance(figure.value, str):
        return figure.value
    return _with_unit(figure, number(figure.value), figure.value == 1)


def romanised(text: str, language: str) -> str:
    """Text in another script in Latin letters, by the table of its language."""
    latin = compilation.lexicon(language).latin
    return "".join(_latin(char, latin) for char in text) if latin else text


def _latin(char: str, latin: dict[str, str]) -> str:
    letters = latin.get(char.lower())
    if letters is None:
        return char
    return (
        letters.upper() if char.isupper() and len(letters) == 1 else letters.capitalize() if char.isupper() else letters
    )


def _with_unit(figure: Figure, text: str, single: bool) -> str:
    unit = figure.unit
    if unit is None:
        return text
    if unit in ("%", "‰"):
        return text + unit
    style = compilation.style()
    sign = style["signs"].get(unit)
    if sign:
        return f"-{sign}{text[1:]}" if text.startswith("-") else sign + text
    names = style["names"].get(unit)
    name = names[0 if single else 1] if names else unit.strip("{}[]")
    return text + name if name.startswith("°") else f"{name} {text}" if unit == "{magnitude}" else f"{text} {name}"


def _span(figure: Figure) -> str:
    low, high = figure.low, figure.high
    if not isinstance(low, Decimal) or not isinstance(high, Decimal):
        if figure.kind is FigureKind.DATE and low and high:
            return f"{int(str(low)[-2:])}-{_date(replace(figure, value=high))}"
        return f"{low}-{high}"
    first, last = number(low), number(high)
    if low < 0:  # `-5-7` would be read as a span whose bounds are both below zero
        return _with_unit(figure, f"{first} to {last}", single=False)
    head, _, scale = last.partition(" ")
    if scale and first.endswith(scale):
        return _with_unit(figure, f"{first.removesuffix(scale).strip()}-{head} {scale}", single=False)
    return _with_unit(figure, f"{first}-{last}", single=False)


def write_ends(figure: Figure, joint: str) -> str:
    """A span with a word between its ends, as after `between`: `€3 million and €6 million`, `3 and 6 months`."""
    low, high = figure.low, figure.high
    if not isinstance(low, Decimal) or not isinstance(high, Decimal):
        return _span(figure).replace("-", f" {joint} ", 1)
    signed = figure.unit in compilation.style()["signs"] or figure.unit in ("%", "‰")
    first = _with_unit(figure, number(low), single=False) if signed else number(low)
    return f"{first} {joint} {_with_unit(figure, number(high), single=False)}"


def _fraction(figure: Figure) -> str:
    value = figure.value
    assert isinstance(value, Decimal)
    for (above, below), words in _PARTS.items():
        if abs(value * below - above) < Decimal("0.000001"):
            return _with_unit(figure, words, single=False)
    for below in range(2, 101):
        above = int((value * below).to_integral_value())
        if abs(value * below - above) < Decimal("0.000001"):
            return f"{above}/{below}"
    return _grouped(value)


def _date(figure: Figure) -> str:
    months = compilation.style()["months"]
    value = str(figure.value)
    if value.startswith("--"):
        month, day = value[2:].split("-")
        return f"{int(day)} {months[int(month) - 1]}"
    year, month, *rest = value.split("-")
    text = f"{months[int(month) - 1]} {year}"
    return f"{int(rest[0])} {text}" if rest else text


def _multiplier(figure: Figure) -> str:
    assert isinstance(figure.value, Decimal)
    spelled = compilation.style()["spelled"]
    if figure.value == 2:
        return "twice"
    integral = figure.value == figure.value.to_integral_value()
    count = spelled[int(figure.value)] if integral and 0 <= figure.value < len(spelled) else number(figure.value)
    return f"{count} {compilation.style()['times']}"


def _clock(figure: Figure) -> str:
    hour, minute = str(figure.value).split(":")
    half = "a.m." if int(hour) < 12 else "p.m."
    return f"{(int(hour) - 1) % 12 + 1}{'' if minute == '00' else ':' + minute} {half}"


def _year(figure: Figure) -> str:
    value = str(figure.value)
    return f"{int(value[1:])} BC" if value.startswith("-") else str(int(value))


_WRITERS: dict[FigureKind, Callable[[Figure], str]] = {
    FigureKind.CENTURY: lambda figure: f"{ordinal(Decimal(figure.value or 0))} {compilation.style()['century']}",
    FigureKind.DATE: _date,
    FigureKind.DECADE: lambda figure: f"{int(figure.value or 0)}s",
    FigureKind.FRACTION: _fraction,
    FigureKind.MULTIPLIER: _multiplier,
    FigureKind.ORDINAL: lambda figure: ordinal(Decimal(figure.value or 0)),
    FigureKind.TIME: _clock,
    FigureKind.YEAR: _year,
}


def write_in_place_of(figure: Figure, wrong: Figure, language: str) -> str:
    """The figure in English, in the dress of the wrong one: its unit as the English has it, words for words, digits
    for digits.
    """
    if figure.kind is not wrong.kind or figure.unit != wrong.unit or not isinstance(figure.value, Decimal):
        return write(figure, language)
    value = figure.value
    if value < 0 and isinstance(wrong.value, Decimal) and -wrong.value in wrong.readings:
        value = -value  # `down 1.2%`
    if figure.kind is FigureKind.ORDINAL and roman(wrong.text) is not None and 0 < value < _MOST_ROMAN:
        tens, ones = divmod(int(value), 10)
        return "X" * tens + _ROMAN_ONES[ones] + wrong.text.lstrip("IVX")
    if figure.kind in _WRITERS:
        return write(figure, language)
    place = _number_place(wrong.text)
    if place is None:
        return write(figure, language)
    start, end, factor = place
    return wrong.text[:start] + _dressed(value / factor, wrong.text[start:end]) + wrong.text[end:]


def _dressed(value: Decimal, before: str) -> str:
    spelled = compilation.style()["spelled"]
    if not any(char.isdigit() for char in before) and value == value.to_integral_value() and 0 <= value < len(spelled):
        word: str = spelled[int(value)]
        return word.capitalize() if before[:1].isupper() else word
    return number(value)


def _number_place(text: str) -> tuple[int, int, Decimal] | None:
    """Where, in the text of an English figure, the number itself stands, and what its unit multiplies it by (cents:
    0.01).
    """
    tokens = Tokens(text)
    amount = read_amount(tokens, compilation.lexicon(ENGLISH), 0)
    if amount is None:
        return None
    inner = amount.number
    factor = amount.unit.factor if amount.unit else Decimal(1)
    return tokens.starts[inner.start], tokens.ends[inner.end - 1], factor


def normalise(english: str) -> str:
    """An English text whose counts, sums and percentages in digits follow English conventions; no value changes.

    `6000 people` becomes `6,000 people`, `40 percent` `40%`, `2.5 bln euros` `€2.5 billion`. Years, identifiers and
    numbers in words stay as they are, and so does whatever would be read differently afterwards.
    """
    pieces: list[str] = []
    position = 0
    for figure in find(english, ENGLISH):
        if figure.kind in _RESTYLED and isinstance(figure.value, Decimal) and _DIGIT.search(figure.text):
            written = _restyled(figure, figure.value)
            again = find(written, ENGLISH)
            if len(again) == 1 and (again[0].value, again[0].unit) == (figure.value, figure.unit):
                pieces.extend((english[position : figure.start], written))
                position = figure.end
    return "".join((*pieces, english[position:]))


def _restyled(figure: Figure, value: Decimal) -> str:
    """Signs before the number where English has them; elsewhere the number alone is written anew."""
    place = _number_place(figure.text)
    if figure.unit == "%" or figure.unit in compilation.style()["signs"] or place is None:
        return write(figure)
    return figure.text[: place[0]] + number(value / place[2]) + figure.text[place[1] :]
