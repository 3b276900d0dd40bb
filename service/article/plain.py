"""Plain text to lines: list markers off, nothing taken for markup."""

from __future__ import annotations

import re
from typing import Final

from service.article.lines import Line, Reading, check_lines, dropped
from service.article.mapped import Mapped
from service.article.normalize import normalize
from service.types import BlockKind, Dropped, DropReason

_LIST_MARKER: Final = re.compile(r"(?:[-*+][ ]|[•‣◦▪●■►▶➤✓✔·∙][ ]?)(?=\S)")
_ROW: Final = re.compile(r"[^\n]+")


def read_text(text: str, *, keep_markers: bool = False) -> Reading:
    """The lines of `text`, with list items and empty lines told apart; the markers of the items are set aside.

    Raises TooLarge for a text with more than 20,000 lines that are not empty.
    """
    clean = normalize(Mapped.received(text))
    lines: list[Line] = []
    gone: list[Dropped] = []
    end = -1
    for row in _ROW.finditer(clean.text):
        if row.group().isspace():
            continue
        check_lines(len(lines) + 1, "text")
        piece = clean.cut(*row.span()).strip()
        gap = row.start() > end + 1
        end = row.end()
        marker = _LIST_MARKER.match(piece.text)
        if marker and keep_markers:
            lines.append(Line(piece, BlockKind.LIST_ITEM, gap))
        elif marker:
            gone += dropped(piece.cut(0, marker.end()), DropReason.MARKER, text)
            lines.append(Line(piece.cut(marker.end()).strip(), BlockKind.LIST_ITEM, gap))
        else:
            lines.append(Line(piece, BlockKind.PARAGRAPH, gap))
    return Reading(text, lines, gone)
