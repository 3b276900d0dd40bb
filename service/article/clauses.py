"""Cuts a sentence that is too long for a model where a reader would breathe, and not inside a figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from service.article.splitting import all_conjunctions

if TYPE_CHECKING:
    from collections.abc import Callable

_BREATH: Final = re.compile(r"(?P<mark>[;:,]|\s[–—-])\s+(?P<next>[\w'’-]*)|\s+")
_STRENGTH: Final = {";": 5, ":": 4, "–": 4, "—": 4, "-": 4}
_CONJUNCTION: Final = 3
_COMMA: Final = 2
_SPACE: Final = 1
_NEAR_FIGURE: Final = 0.5
_EARLY: Final = 0.3
_BY_FIGURE: Final = 0.2
_IN_FIGURE: Final = 0.01
_EARLIEST: Final = 0.4
"""A strong mark earlier than this share of what fits leaves too many pieces."""
_FIRST_GUESS: Final = 400
_WORD: Final = re.compile(r"\S+")


def clauses(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Slices of `text`, each of which `fits`; together they are the text exactly.

    Cut at `;`, `:` and dashes, then at commas before a conjunction, at other commas, at spaces away from figures, and
    only then anywhere. Calls `fits` some dozen times a slice, never with much more text than fits.

    Raises ValueError where not even one character fits.
    """
    slices: list[str] = []
    start = 0
    guess = _FIRST_GUESS
    while start < len(text):
        room = _longest(text, start, guess, fits)
        end = start + room
        if end < len(text):
            end = _cut(text, start, end)
            while not fits(text[start:end]):  # token counts do not grow evenly
                end = _cut(text, start, start + (end - start) * 3 // 4) if end - start > 4 else start + 1
                if end == start + 1 and not fits(text[start:end]):
                    raise ValueError("not even one character fits")
        slices.append(text[start:end])
        start = end
        guess = max(room, 1)
    return slices


def _longest(text: str, start: int, guess: int, fits: Callable[[str], bool]) -> int:
    """The length of the longest prefix of the rest that fits, found from a guess; at least 1."""
    rest = len(text) - start
    low, high = 0, min(guess, rest)
    while fits(text[start : start + high]):
        if high == rest:
            return rest
        low, high = high, min(2 * high, rest)
    while high - low > 1:
        middle = (low + high) // 2
        if fits(text[start : start + middle]):
            low = middle
        else:
            high = middle
    return max(low, 1)


def _cut(text: str, start: int, limit: int) -> int:
    """The best place to cut in (start, limit]: the strongest breath in the later part, the last of equals."""
    best: tuple[float, int] | None = None
    earliest = start + int((limit - start) * _EARLIEST)
    for match in _BREATH.finditer(text, start, min(len(text), limit + 1)):
        end = match.start("next") if match["mark"] else match.end()
        if not start < end <= limit:
            continue
        strength = _strength(text, match, end)
        if end < earliest:
            strength = min(strength, _EARLY + strength / 100)
        if best is None or (strength, end) >= best:
            best = (strength, end)
    return best[1] if best else _inside_word(text, start, limit)


def _strength(text: str, match: re.Match[str], end: int) -> float:
    mark = (match["mark"] or "").strip()
    if mark in _STRENGTH:
        return _STRENGTH[mark]
    if mark == ",":
        word = _WORD.match(text, end)
        following = word.group().casefold().strip(".,;:") if word else ""
        return _CONJUNCTION if following in all_conjunctions() else _COMMA
    around = text[max(0, match.start() - 25) : match.start()].split()
    after = any(map(str.isdigit, "".join(around[-1:])))
    before = text[end : end + 1].isdigit()
    if after:
        return _IN_FIGURE if before else _BY_FIGURE
    return _NEAR_FIGURE if before or any(map(str.isdigit, "".join(around[-3:]))) else _SPACE


def _inside_word(text: str, start: int, limit: int) -> int:
    """A cut where there is no space: not between figures and their separators, if there is another place."""
    for end in range(limit, start, -1):
        before, after = text[end - 1], text[end : end + 1]
        if not (after.isdigit() and (before.isdigit() or before in ".,")) and not (
            before.isdigit() and after in {".", ",", "%"}
        ):
            return end
    return limit
