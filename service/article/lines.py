"""What the readers of text and of HTML hand on: the lines, in order, before anything is joined or dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from service.article.mapped import Mapped
from service.errors import TooLarge
from service.types import BlockKind, Dropped, DropReason

MAX_LINES: Final = 20_000
"""A long article has a few hundred; so many take a second, and a megabyte of one-letter lines would take twenty."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text or a block of HTML, stripped.

    `gap`: an empty line or the start of an HTML block stands before it. `whole`: its kind is marked up, so that it is
    never joined with its neighbours.
    """

    piece: Mapped
    kind: BlockKind = BlockKind.PARAGRAPH
    gap: bool = False
    whole: bool = False

    @property
    def text(self) -> str:
        """The characters of the line."""
        return self.piece.text

    def keep(self, start: int, end: int | None = None) -> Line:
        """This line with only a part of its text, stripped."""
        return replace(self, piece=self.piece.cut(start, end).strip())


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found. `received` is the text that all origins and dropped pieces point into."""

    received: str
    lines: list[Line]
    dropped: list[Dropped]


def check_lines(count: int, field: str) -> None:
    """Raise TooLarge for more lines than an article can have."""
    if count > MAX_LINES:
        raise TooLarge(f"{field} has more than {MAX_LINES} lines", field=field)


def dropped(piece: Mapped, reason: DropReason, received: str) -> list[Dropped]:
    """The record of a piece set aside; none for an empty one or one that was not received."""
    span = piece.strip().span()
    if span is None:
        return []
    return [Dropped(text=received[span[0] : span[1]], reason=reason, start=span[0], end=span[1])]
