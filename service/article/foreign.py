"""Marks the blocks that are not in the article's language, so that they are passed on rather than mangled."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from service.article.language import rank
from service.languages import registry
from service.types import Block, Language

_MIN_LETTERS: Final = 40
_MIN_CONFIDENCE: Final = 0.98
_COMMON_WORDS: Final = 3
_SAMPLE_CHARS: Final = 300
_MOST_FOREIGN: Final = 0.5


def mark_foreign(blocks: tuple[Block, ...], language: Language) -> tuple[Block, ...]:
    """The blocks, with `foreign` set on those that are surely in another known language.

    Where the caller named the language, and most of the text seems to be in others, the caller is believed.
    """
    marked = tuple(replace(block, foreign=_foreign(block.text, language.code)) for block in blocks)
    foreign = sum(len(block.text) for block in marked if block.foreign)
    if not language.detected and foreign > _MOST_FOREIGN * sum(len(block.text) for block in blocks):
        return blocks
    return marked


def _foreign(text: str, language: str) -> str | None:
    sample = text[:_SAMPLE_CHARS]
    if len(sample) < _MIN_LETTERS or sum(map(str.isalpha, sample)) < _MIN_LETTERS:
        return None
    if len(registry()[language].common.intersection(sample.casefold().split())) >= _COMMON_WORDS:
        return None
    ranking = rank(sample)
    if not ranking or ranking[0][0] == language or ranking[0][1] < _MIN_CONFIDENCE:
        return None
    return ranking[0][0]
