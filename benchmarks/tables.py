"""Markdown tables on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as its rows come; a float has as many places as it needs to tell neighbours apart."""
    _line(head)
    _line(["---", *["---:"] * (len(head) - 1)])
    for row in rows:
        _line([_shown(cell) for cell in row])
    print(flush=True)


def _line(cells: Iterable[str]) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}" if abs(cell) < 10 else f"{cell:.1f}" if abs(cell) < 100 else f"{cell:.0f}"
    return str(cell)
