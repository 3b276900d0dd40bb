"""Puts the English of the segments together into one text and says where each segment and block lies in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.types import Block, TranslatedSegment

BLOCK_JOINT = "\n\n"
SEGMENT_JOINT = " "


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class English:
    """`segments[i]` is the span of segment i in `text`, `blocks[i]` that of block i (empty where nothing is said)."""

    text: str
    segments: tuple[Span, ...]
    blocks: tuple[Span, ...]


def assemble(blocks: Sequence[Block], segments: Sequence[TranslatedSegment]) -> English:
    """Join sentences by a space and blocks by an empty line, in article order."""
    parts: list[str] = []
    segment_spans: list[Span] = []
    block_spans: list[Span] = []
    by_block: dict[int, list[TranslatedSegment]] = {}
    for segment in segments:
        by_block.setdefault(segment.source.block, []).append(segment)
    position = 0
    for order, block in enumerate(blocks):
        if order:
            parts.append(BLOCK_JOINT)
            position += len(BLOCK_JOINT)
        block_start = position
        for segment in by_block.get(block.index, ()):
            if segment.english and position > block_start:
                parts.append(SEGMENT_JOINT)
                position += len(SEGMENT_JOINT)
            parts.append(segment.english)
            segment_spans.append(Span(position, position + len(segment.english)))
            position += len(segment.english)
        block_spans.append(Span(block_start, position))
    return English("".join(parts), tuple(segment_spans), tuple(block_spans))
