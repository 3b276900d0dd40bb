"""Strings of digits with separators: what they mean, and what else they can mean."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

MAX_DIGITS = 30  # longer strings are no quantities; they are left to the identifiers

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
VULGAR_FRACTIONS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
    "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip


class Digits(NamedTuple):
    """`value` is what the conventions of the language say; `readings` are the other values that the string can mean."""

    value: Decimal
    readings: tuple[Decimal, ...] = ()


def _grouped(pieces: list[str]) -> bool:
    return 1 <= len(pieces[0]) <= 3 and pieces[0][0] != "0" and all(len(piece) == 3 for piece in pieces[1:])


def read(text: str, decimal: str) -> Digits | None:
    """The value of digits that points, commas or apostrophes separate; None where they follow no convention (`1.2.3`).

    `decimal` is the decimal separator of the language. With both separators the last one is the decimal one, whatever
    the language. One separator before exactly three digits is ambiguous: both readings are given, that of the
    language first.
    """
    if len(text) > 2 * MAX_DIGITS:
        return None
    plain = text.replace("'", "")
    points, commas = plain.count("."), plain.count(",")
    if not points and not commas:
        return Digits(Decimal(plain))
    if points and commas:
        return _both(plain)
    separator = "." if points else ","
    pieces = plain.split(separator)
    if len(pieces) > 2:
        return Digits(Decimal("".join(pieces))) if _grouped(pieces) else None
    as_decimal = Decimal(f"{pieces[0]}.{pieces[1]}")
    if not _grouped(pieces):
        return Digits(as_decimal)
    as_group = Decimal("".join(pieces))
    return Digits(as_decimal, (as_group,)) if separator == decimal else Digits(as_group, (as_decimal,))


def _both(text: str) -> Digits | None:
    last = max(text.rfind("."), text.rfind(","))
    whole, part = text[:last], text[last + 1 :]
    if text[last] in whole:  # 1.234,567,890: the last separator groups too
        return None
    pieces = whole.replace(",", ".").split(".")
    if not _grouped(pieces):
        return None
    return Digits(Decimal("".join(pieces) + "." + part))


def superscript(text: str) -> str:
    """Superscript digits as plain ones."""
    return text.translate(_SUPERSCRIPTS)
