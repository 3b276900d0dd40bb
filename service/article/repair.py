"""Puts lines that were cut in the middle of a sentence back together."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from service.article.mapped import Mapped, joined
from service.types import BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.article.lines import Line

_STOPS: Final = ".!?…:;"
_CLOSERS: Final = "»”\"')]’"
_INNER: Final = ",;.)%"
_HEADING_CHARS: Final = 120
"""A line of this length without a full stop is the beginning of a sentence, not a heading."""
_WRAP_COLUMNS: Final = range(40, 121)
_WRAP_LINES: Final = 4
_WRAPPED_SHARE: Final = 0.7
_FIRST_WORD: Final = re.compile(r"\S+")


def join_broken(lines: Sequence[Line]) -> list[Line]:
    """Lines of one sentence become one line: after an empty line only where the sentence plainly goes on."""
    width = _wrap_width(lines)
    parts: list[list[Line]] = []
    for line in lines:
        before = parts[-1][-1] if parts else None
        if before is not None and (_goes_on(before, line) or _wrapped(before, line, width)):
            parts[-1].append(line)
            if line.text[0] in _INNER:
                _join_before(parts)
        else:
            parts.append([line])
    return [_one(part) for part in parts]


def _join_before(parts: list[list[Line]]) -> None:
    """A link that was torn out of a sentence also belongs to the line before it."""
    if len(parts) < 3:
        return  # the line before is the headline
    link, before = parts[-1][0], parts[-2][-1]
    if not (link.gap or link.whole or before.whole) and before.kind is link.kind and _is_open(before.text):
        link_part = parts.pop()
        parts[-1] += link_part


def _one(part: list[Line]) -> Line:
    if len(part) == 1:
        return part[0]
    pieces = [part[0].piece]
    for line in part[1:]:
        hyphen = pieces[-1].text[-2:-1].isalpha() and pieces[-1].text[-1:] == "-"
        pieces += [
            Mapped.placed("" if (hyphen and line.text[0].islower()) or line.text[:1] in _INNER else " "),
            line.piece,
        ]
    return replace(part[0], piece=joined(pieces, ""))


def _goes_on(before: Line, line: Line) -> bool:
    """Whether the sentence of `before` goes on in `line`: the one has no end and the other no beginning."""
    if (
        before.whole
        or line.whole
        or line.kind not in {before.kind, BlockKind.PARAGRAPH}
        or line.kind is BlockKind.LIST_ITEM
    ):
        return False
    if not _is_open(before.text):
        return False
    start = line.text[:2]
    lower = start[0].islower() and not start[1:].isupper()  # eMAG, iPhone begin sentences
    if lower or (before.text[-1] == "," and start[0].isalnum()):
        return True
    # Links torn out of a sentence leave a line that begins with the comma after the link.
    return not line.gap and ((start[0] in _INNER and start[1:] in {"", " "}) or _is_long_paragraph(before, start))


def _is_long_paragraph(before: Line, start: str) -> bool:
    return before.kind is BlockKind.PARAGRAPH and len(before.text) >= _HEADING_CHARS and start[0].isalnum()


def _is_open(text: str) -> bool:
    bare = text.rstrip(_CLOSERS)
    return bool(bare) and bare[-1] not in _STOPS


def _wrap_width(lines: Sequence[Line]) -> int | None:
    """The column at which the text was wrapped: most lines that another follows nearly reach it."""
    followed = [len(line.text) for line, after in pairwise(lines) if not after.gap and not after.whole]
    if len(followed) < _WRAP_LINES:
        return None
    width = max(len(line.text) for line in lines)
    reaching = sum(length >= 0.75 * width for length in followed)
    return width if width in _WRAP_COLUMNS and reaching >= _WRAPPED_SHARE * len(followed) else None


def _wrapped(before: Line, line: Line, width: int | None) -> bool:
    """Whether `line` begins where it does only because its first word did not fit any more."""
    if width is None or line.gap or before.whole or line.whole or line.kind is BlockKind.LIST_ITEM:
        return False
    word = _FIRST_WORD.match(line.text)
    return word is not None and len(before.text) + 1 + len(word.group()) > width
