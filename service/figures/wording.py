"""Put a figure into an English sentence in place of another, with what stands around it to match."""

from __future__ import annotations

import re
from decimal import Decimal

from service.figures import style
from service.types import Figure, FigureKind

_OPENING = re.compile(r"\b(between|from)\s+$", re.IGNORECASE)
_JOINTS = {"between": "and", "from": "to"}
_ARTICLE = re.compile(r"\b(?:the|(an?))\s+$", re.IGNORECASE)
_NUMBER = re.compile(r"[^\w\s]?(\d+)")
_VOWELS = ("a", "e", "i", "o")


def put_in(english: str, start: int, wrong: Figure, source: Figure, language: str) -> str:
    """The English with `source` over what stands from `start` to the end of `wrong`.

    `language` is that of the text in which `source` was found.
    """
    before, after = english[:start], english[wrong.end :]
    opening = _OPENING.search(before)
    if opening and source.value is None:
        text = style.write_ends(source, _JOINTS[opening[1].lower()])
    elif source.unit == "a" and wrong.unit is None and source.value is not None:
        text = style.number(Decimal(source.value))  # the age or the years that the English gives as a bare number
    else:
        text = style.write_in_place_of(source, wrong, language)
    before, text = _with_article(before, text, source)
    if wrong.text[:1].isupper() and (not before.strip() or before.rstrip()[-1:] in ".!?"):
        text = text[:1].upper() + text[1:]
    if again := re.match(rf"\s+{re.escape(text.split()[-1])}\b", after):  # `18th century century`
        after = after[again.end() :]
    if text.endswith(".") and after.startswith("."):  # `9:45 p.m..`
        after = after[1:]
    return before + text + after


def _with_article(before: str, text: str, source: Figure) -> tuple[str, str]:
    """What stands before the figure, and the figure, with an article that fits: `an 18-year-old`, `the quarter`."""
    article = _ARTICLE.search(before)
    if article is None:
        return before, text
    if source.kind is FigureKind.DATE:
        return before[: article.start()], text  # `on the 5th of September` gives way to `on 3 September`
    text = text.removeprefix("a ")
    if article[1]:
        number = _NUMBER.match(text)
        vowel = number[1][0] == "8" or number[1] in ("11", "18") if number else text.lower().startswith(_VOWELS)
        written = article[1][0] + ("n" if vowel else "")
        before = before[: article.start(1)] + written + before[article.end(1) :]
    return before, text
