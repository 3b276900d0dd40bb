"""What the words beside the figures say of them, and words that claim no figure but contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from service.figures import pairing
from service.figures.equivalence import Likeness, opposed
from service.figures.pairing import Item
from service.figures.weak import Found
from service.types import FigureKind

# Between two numbers of a list or a span: `51.3% to 48.7`, `20, 30 and 40%`.
_IN_LIST = re.compile(r"[^\w.;:!?]*(?:[^\W\d_]+[^\w.;:!?]+){0,2}")
# Round plurals differ by taste up to here: `zeci` are tens, or dozens.
_NEAR = 5


def items_of(found: Found, text: str, index: int) -> list[Item]:
    """The figures of a text, firm and soft ones, as items in order; `index` is its segment's place in the block."""
    figures = pairing.items(found.firm, text, index) + pairing.items(found.soft, text, index, soft=True)
    figures.sort(key=lambda item: item.figure.start)
    for item in figures:
        item.direction = found.directions.get(item.figure.start, 0)
        item.anniversary = item.figure.start in found.anniversaries
    for run in (figures, figures[::-1]):
        _mark_listed(run, text)
    return figures


def _mark_listed(run: list[Item], text: str) -> None:
    """Mark the bare numbers that stand in a list behind a percentage, in the order of `run`."""
    led = False
    for before, item in pairwise(run):
        first, second = sorted((before.figure, item.figure), key=lambda figure: figure.start)
        led = (led or before.figure.kind is FigureKind.PERCENT) and item.figure.unit is None
        led = led and _IN_LIST.fullmatch(text, first.end, second.start) is not None
        item.listed = item.listed or led


def contradict(
    source: list[Item], weak_source: list[Item], english: list[Item], weak_english: list[Item]
) -> Iterator[tuple[Item, Item]]:
    """Join words that contradict each other: `s-a dublat` and `tripled`, `сотні` and `dozens`, `meno di un'ora` and
    `over an hour`. Only where each side has a single one of its kind, beside the `weak_…` that excuse a figure.
    """
    left, right = _idle(source, weak_source), _idle(english, weak_english)
    for kind in sorted({_kind(item) for item in left}, key=str):
        here = [item for item in left if _kind(item) == kind]
        there = [item for item in right if _kind(item) == kind]
        if len(here) == len(there) == 1 and _contradicts(here[0], there[0]):
            here[0].join(there[0], Likeness.SAME if here[0].figure.unit else Likeness.UNIT)
            here[0].sure = False
            yield here[0], there[0]


def _kind(item: Item) -> tuple[FigureKind, str | None]:
    return item.figure.kind, item.figure.unit


def _idle(told: list[Item], weak: list[Item]) -> list[Item]:
    """The words where no weak word excuses a figure."""
    used = [item.figure for item in weak if item.mate is not None]
    return [
        item
        for item in told
        if all(item.figure.end <= figure.start or figure.end <= item.figure.start for figure in used)
    ]


def _contradicts(source: Item, english: Item) -> bool:
    one, other = source.figure.value, english.figure.value
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return False
    if source.figure.unit:
        return one == other and opposed(source.figure, english.figure)
    if source.figure.kind is FigureKind.MULTIPLIER:
        return one != other
    return max(one, other) >= _NEAR * min(one, other)
