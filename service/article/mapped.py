"""Text that remembers where each of its characters came from: cleaning never loses the place in what was received."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PLACED: Final = -1
"""Origin of a character that the intake put there."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """`origin[i]` is the offset, in the text as received, of the character that became `text[i]`, or `PLACED`."""

    text: str
    origin: array[int]

    @staticmethod
    def received(text: str, start: int = 0) -> Mapped:
        """Text as it came, the first character at offset `start`."""
        return Mapped(text, array("l", range(start, start + len(text))))

    @staticmethod
    def placed(text: str) -> Mapped:
        """Text that was not in what was received."""
        return Mapped(text, array("l", [PLACED]) * len(text))

    def __bool__(self) -> bool:
        return bool(self.text)

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, start: int, end: int | None = None) -> Mapped:
        """`text[start:end]` with its origins."""
        return Mapped(self.text[start:end], self.origin[start:end])

    def strip(self) -> Mapped:
        """Without the white space at both ends."""
        stripped = self.text.strip()
        if len(stripped) == len(self.text):
            return self
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, start + len(stripped))

    def span(self) -> tuple[int, int] | None:
        """First and last+1 offset in the text as received; None where all of it was placed."""
        known = [offset for offset in self.origin if offset != PLACED]
        return (min(known), max(known) + 1) if known else None

    def replace(self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]) -> Mapped:
        """Every match replaced. The k-th new character comes from the k-th old one, surplus ones from the last."""
        texts: list[str] = []
        origin: array[int] = array("l")
        done = 0
        for match in pattern.finditer(self.text):
            new = replacement(match)
            start, end = match.span()
            texts += (self.text[done:start], new)
            origin += self.origin[done:start]
            kept = min(len(new), end - start)
            origin += self.origin[start : start + kept]
            origin += array("l", [self.origin[end - 1] if end > start else PLACED]) * (len(new) - kept)
            done = end
        if not texts:
            return self
        texts.append(self.text[done:])
        origin += self.origin[done:]
        return Mapped("".join(texts), origin)


def joined(pieces: Iterable[Mapped], separator: str) -> Mapped:
    """The pieces in one, with `separator`, which was not received, between them."""
    texts: list[str] = []
    origin: array[int] = array("l")
    gap = array("l", [PLACED]) * len(separator)
    for number, piece in enumerate(pieces):
        if number:
            origin += gap
        texts.append(piece.text)
        origin += piece.origin
    return Mapped(separator.join(texts), origin)
