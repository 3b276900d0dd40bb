"""Plain text to lines: list markers off, nothing taken for markup."""

from __future__ import annotations

import re
from typing import Final

from service.article.lines import Line, Reading, dropped
from service.article.mapped import Mapped
from service.article.normalize import normalize
from service.types import BlockKind, Dropped, DropReason

_LIST_MARKER: Final = re.compile(r"(?:[-*+][ ]|[•‣◦▪●■►▶➤✓✔·∙][ ]?)(?=\S)")


def read_text(text: str, *, keep_markers: bool = False) -> Reading:
    """The lines of `text`, with list items and empty lines told apart; the markers of the items are set aside."""
    clean = normalize(Mapped.received(text))
    lines: list[Line] = []
    gone: list[Dropped] = []
    gap = False
    start = 0
    for row in clean.text.split("\n"):
        piece = clean.cut(start, start + len(row)).strip()
        start += len(row) + 1
        if not piece:
            gap = True
            continue
        marker = _LIST_MARKER.match(piece.text)
        if marker and keep_markers:
            lines.append(Line(piece, BlockKind.LIST_ITEM, gap))
        elif marker:
            gone += dropped(piece.cut(0, marker.end()), DropReason.MARKER, text)
            lines.append(Line(piece.cut(marker.end()).strip(), BlockKind.LIST_ITEM, gap))
        else:
            lines.append(Line(piece, BlockKind.PARAGRAPH, gap))
        gap = False
    return Reading(text, lines, gone)
