"""Closes up quotation marks that stand apart from what they quote: `" Così ", ha detto` is `"Così", ha detto`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from service.article.mapped import Mapped

_STRAIGHT: Final = '"'
_LOW: Final = "„"
_SPACES: Final = re.compile(" +")
_CURLY: Final = re.compile(r"(?<=[«„“]) +(?=\S)|(?<=\S) +(?=[»”](?!\w))")
# “ opens a quotation, but closes one that „ has opened.
_CURLY_LOW: Final = re.compile(r"(?<=[«„]) +(?=\S)|(?<=\S) +(?=[»”](?!\w))")
_SPACED: Final = re.compile('(?P<before> *)"(?P<after> *)')
_BEFORE_OPENING: Final = " ([{«„“–—-/"
_AFTER_CLOSING: Final = ")]}»”–—-/.,;:!?…"


def closed_up(piece: Mapped) -> Mapped:
    """A line without the spaces inside its quotations. Straight marks are only touched where they come in pairs."""
    piece = piece.replace(_CURLY_LOW if _LOW in piece.text else _CURLY, lambda _: "")
    inner = _inside(piece.text) if piece.text.count(_STRAIGHT) % 2 == 0 else set()
    return piece.replace(_SPACES, lambda match: "" if match.start() in inner else match.group()) if inner else piece


def _inside(text: str) -> set[int]:
    """Where the runs of spaces begin that stand inside the straight quotation marks of a text."""
    inner: set[int] = set()
    if f" {_STRAIGHT}" not in text and f"{_STRAIGHT} " not in text:
        return inner
    opened = False
    for number, mark in enumerate(_SPACED.finditer(text)):
        left, right = text[max(0, mark.start() - 1) : mark.start()], text[mark.end() : mark.end() + 1]
        if number % 2 == 0:
            # After a figure the mark stands for inches.
            opened = not left or left in _BEFORE_OPENING or (bool(mark["before"]) and not left.isdigit())
            if opened and right and mark["after"]:
                inner.add(mark.start("after"))
        elif opened and left and mark["before"] and (not right or mark["after"] or right in _AFTER_CLOSING):
            inner.add(mark.start("before"))
    return inner
