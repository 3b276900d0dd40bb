"""What a reader finds at a place of the tokens, before it becomes a figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from service.types import FigureKind, Modifier


@dataclass(slots=True)
class Hit:
    """A figure at tokens `start` to `end`.

    `weak`: the words may mean something else, or translators drop them (`one`, `first`, `a couple`), so that nothing is
    missing where the other side has no such figure. `hidden`: so weak that it is no figure by itself (an article, a
    Roman letter). `before` is the token from which a modifier is looked for, leftwards, if it is not `start`.
    `direction` is 1 where something rose by so much, -1 where it fell, 0 where nothing is told, or both.
    """

    start: int
    end: int
    kind: FigureKind
    value: Decimal | str | None = None
    low: Decimal | str | None = None
    high: Decimal | str | None = None
    unit: str | None = None
    modifier: Modifier | None = None
    readings: tuple[Decimal, ...] = ()
    weak: bool = False
    hidden: bool = False
    before: int | None = None
    direction: int = 0
