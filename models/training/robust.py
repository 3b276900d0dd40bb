"""Text as newsrooms send it: without diacritics, in capitals, with other quotation marks, without the final stop."""

from __future__ import annotations

import random
import re

_QUOTED = re.compile(r"[\"“„«”»]([^\"“„«”»]{1,80})[\"”»“]")
_MARK = re.compile('["“„«”»]')
_ENDS = re.compile(r"(?<![.!?…])\.$")


def plain(text: str, table: dict[str, str]) -> str:
    """`text` typed on a keyboard without the language's own letters."""
    return "".join(table.get(character, character) for character in text)


def shout(source: str, english: str) -> tuple[str, str]:
    """Both sides in capitals, as headlines are."""
    return source.upper(), english.upper()


def requote(source: str, english: str, quotes: list[str], rng: random.Random) -> tuple[str, str] | None:
    """Other quotation marks in the source and plain ones in the English, where both quote equally often.

    None also where a mark is left over, which may be inches.
    """
    if not (n := len(_QUOTED.findall(source))) or n != len(_QUOTED.findall(english)):
        return None
    if any(_MARK.search(_QUOTED.sub("", text)) for text in (source, english)):
        return None
    opening, closing = rng.choice(quotes).split("…")
    return _QUOTED.sub(rf"{opening}\1{closing}", source), _QUOTED.sub(r'"\1"', english)


def unstopped(source: str, english: str) -> tuple[str, str] | None:
    """Both sides without their final full stop, where both have one."""
    if not (_ENDS.search(source) and _ENDS.search(english)):
        return None
    return _ENDS.sub("", source), _ENDS.sub("", english)
