"""One line for a person on why a figure got its verdict."""

from __future__ import annotations

from decimal import Decimal

from service.figures.equivalence import Likeness, opposed, read_otherwise
from service.figures.pairing import Item
from service.types import Figure, FigureKind, Modifier, Repair, RepairMethod, Verdict

_METHODS = {
    RepairMethod.ALTERNATIVE: "another answer of the model had it right",
    RepairMethod.REDECODED: "the sentence was translated again",
    RepairMethod.SUBSTITUTED: "it was put in place of the wrong one",
}
_UNIT_LOST = "its unit is on one side only"


def amount(figure: Figure) -> str:
    """The value of a figure as a person reads it: `6000 EUR`, `10–15`."""
    spanned = f"{_plain(figure.low)}–{_plain(figure.high)}"
    text = spanned if figure.value is None else _plain(figure.value)
    return f"{text} {figure.unit.strip('{}[]')}" if figure.unit else text


def _plain(value: Decimal | str | None) -> str:
    if isinstance(value, Decimal):
        short = f"{value:f}"
        return short.rstrip("0").rstrip(".") if "." in short else short
    return str(value)


def reason(verdict: Verdict, source: Item | None, english: Item | None, repair: Repair | None = None) -> str:
    """Why the verdict: what the source says and what the English makes of it."""
    if source is None:
        assert english is not None
        return f"The English has “{english.figure.text}”, which the source does not."
    said = f"“{source.figure.text}”"
    if english is None:
        return f"{said} ({amount(source.figure)}) is not in the English."
    told = f"“{english.figure.text}”"
    if repair is not None:
        return f"{said} is {told}; the model had it wrong, and {_METHODS[repair.method]}."
    if verdict is Verdict.CONVERTED:
        return f"{said} is {told}, the same quantity in another unit."
    if source.swapped:
        return f"{said} stands where another figure belongs: the English has {told} there."
    if verdict is Verdict.CHANGED and source.turned and source.likeness > Likeness.UNIT:
        ways = ("rises", "falls") if source.direction > 0 else ("falls", "rises")
        return f"By {said} it {ways[0]} in the source and {ways[1]} in the English."
    if verdict is Verdict.CHANGED:
        return _change(source.figure, english.figure)
    if source.likeness is Likeness.UNIT_MISSING:
        lost = "its sign has to be told in words" if _sign_told(source.figure, english.figure) else _UNIT_LOST
        return f"{said} is {told}: the number is right, {lost}."
    if read_otherwise(source.figure, english.figure):
        return f"{said} is {told} if its separator is a decimal one; by the convention it is {amount(source.figure)}."
    return f"{said} is {told}."


def _change(source: Figure, english: Figure) -> str:
    said, told = f"“{source.text}”", f"“{english.text}”"
    if opposed(source, english) and source.modifier and english.modifier:
        return f"{said} is “{_spoken(source.modifier)}” in the source and “{_spoken(english.modifier)}” in the English."
    if source.kind is english.kind and source.unit != english.unit and source.value == english.value:
        return f"{said} became {told}: the unit changed from {source.unit or 'none'} to {english.unit or 'none'}."
    factor = _factor(source, english)
    if factor is not None:
        return f"{said} became {told}, {factor}."
    if source.kind is FigureKind.IDENTIFIER:
        return f"{said} became {told}."
    return f"{said} ({amount(source)}) became {told} ({amount(english)})."


def _sign_told(source: Figure, english: Figure) -> bool:
    if not isinstance(source.value, Decimal) or not isinstance(english.value, Decimal):
        return False
    return source.value == -english.value != 0


def _spoken(modifier: Modifier) -> str:
    return modifier.value.replace("_", " ")


def _factor(source: Figure, english: Figure) -> str | None:
    """A slip by a power of ten, in words."""
    if (
        not isinstance(source.value, Decimal)
        or not isinstance(english.value, Decimal)
        or not source.value * english.value
    ):
        return None
    for power in (1, 2, 3, 6, 9):
        times = Decimal(10) ** power
        if english.value == source.value * times:
            return f"{times:,.0f} times too large"
        if english.value * times == source.value:
            return f"{times:,.0f} times too small"
    return None
