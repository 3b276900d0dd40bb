"""Looks at an answer and its source and says what is wrong with it. Knows no model and no language.

The bounds were set on human translations of news, 997 sentences each from Romanian, Italian and Ukrainian: none is
flagged as a loop, a copy or of an odd length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.remembering import remembered
from service.translation.words import known_words
from service.types import Hypothesis, WarningKind

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*|[.!?]")  # stops too: the end of a sentence may be the start of the next
_LETTERS = re.compile(r"[^\W\d_]+")

# How often a phrase of so many words may come in a row; longer ones not even twice, unless the source repeats itself.
_RUNS = {1: 3, 2: 2, 3: 2}
_LONGEST_PERIOD = 24
_CHARACTER_RUN = 12
_PHRASES = ((4, 3), (5, 2))

# What counts against an answer when the best of several is taken.
_COST = {
    WarningKind.EMPTY: 16,
    WarningKind.LOOP: 8,
    WarningKind.UNTRANSLATED: 6,
    WarningKind.TRUNCATED: 4,
    WarningKind.LOW_CONFIDENCE: 1,
}

FAULTS = frozenset({WarningKind.EMPTY, WarningKind.LOOP, WarningKind.UNTRANSLATED, WarningKind.TRUNCATED})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is still believed. Lengths are in characters.

    `score` is the lowest mean log-probability of a token that is trusted: below it lie the worst 3 % of the embedded
    model's sentences, at chrF 34 against 48 for all. Without its shortlist, which takes the share of what cannot be
    meant away, its scores are lower by about 0.2.
    An answer shorter than `shortest` or longer than `longest` times the source, `slack` characters off, is doubted.
    """

    score: float = -0.8
    shortest: float = 0.4
    longest: float = 2.2
    slack: int = 20


DEFAULT = Bounds()


@remembered(8192, size=lambda source, answer, *_, **__: len(source) + len(answer.text))
def inspect(source: str, answer: Hypothesis, bounds: Bounds = DEFAULT) -> tuple[WarningKind, ...]:
    """The warnings that `answer` to `source` earns, in alphabetical order."""
    if not answer.text.strip():
        return (WarningKind.EMPTY,)
    found = {WarningKind.TRUNCATED} if answer.truncated else set()
    if loops(source, answer.text):
        found.add(WarningKind.LOOP)
    if untranslated(source, answer.text):
        found.add(WarningKind.UNTRANSLATED)
    if answer.score < bounds.score or odd_length(source, answer.text, bounds):
        found.add(WarningKind.LOW_CONFIDENCE)
    return tuple(sorted(found))


def cost(warnings: Collection[WarningKind]) -> int:
    """How bad an answer with these warnings is; 0 for none."""
    return sum(_COST.get(warning, 0) for warning in warnings)


def odd_length(source: str, english: str, bounds: Bounds = DEFAULT) -> bool:
    """Whether the English is too short or too long to say what the source says."""
    said, given = len(english), len(source)
    return said + bounds.slack < bounds.shortest * given or said - bounds.slack > bounds.longest * given


def loops(source: str, english: str) -> bool:
    """Whether the English repeats itself more than people do and more than the source does: `2-2, 2-2` may."""
    words = _WORD.findall(english.casefold())
    periods = range(1, min(_LONGEST_PERIOD, len(words) // 2) + 1)
    runs = [times for period in periods if (times := _repeats(words, period)) > _RUNS.get(period, 1)]
    if runs:  # seldom: only then does the source have to be read
        given = _WORD.findall(source.casefold())
        if max(runs) > max(_repeats(given, period) for period in range(1, _LONGEST_PERIOD + 1)):
            return True
    return _stutters(english) and not _stutters(source)


def _repeats(words: Sequence[str], period: int) -> int:
    """How often a phrase of `period` words comes in a row, at most; 1 for one that does not repeat."""
    longest = run = 0
    for place in range(len(words) - period):
        run = run + 1 if words[place] == words[place + period] else 0
        longest = max(longest, run)
    return longest // period + 1


def _stutters(text: str) -> bool:
    """Whether a word is the same few letters over and over: `hahahahahaha`."""
    for match in _LETTERS.finditer(text.casefold()):
        word = match.group()
        if len(word) >= _CHARACTER_RUN and any(
            _repeats(word, period) * period >= _CHARACTER_RUN for period in (1, 2, 3)
        ):
            return True
    return False


def untranslated(source: str, english: str) -> bool:
    """Whether the English is the source again, as a whole or in good part, or keeps words in a foreign script."""
    return _keeps_script(source, english) or _copies(source, english)


def _keeps_script(source: str, english: str) -> bool:
    """Words in a script of the source that is not Latin; names, which have a capital, may stay if they are few."""
    scripts = {_script(char) for char in source if char.isalpha()} - {"LATIN"}
    if not scripts:
        return False
    words = _LETTERS.findall(english)
    foreign = [word for word in words if len(word) > 1 and any(_script(char) in scripts for char in word)]
    return any(word[0].islower() for word in foreign) or len(foreign) * 2 > len(words)


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "").split(" ", 1)[0]


def _copies(source: str, english: str) -> bool:
    """Words with a small first letter are no names: if most of them or a phrase stand in the source, it is a copy."""
    given, words = _LETTERS.findall(source), _LETTERS.findall(english)
    if [word.casefold() for word in words] == [word.casefold() for word in given]:
        # A longer line of nothing but capitals is a headline, not a name.
        return len(words) > 3 or any(map(_tells, words))
    small = [word for word in words if word[0].islower() and len(word) > 1]
    copied = set(filter(_tells, small)).intersection(given)
    if len(copied) > 1 and sum(word in copied for word in small) * 2 > len(small):
        return True
    return any(_shares_phrase(given, words, length, tells) for length, tells in _PHRASES)


def _shares_phrase(given: Sequence[str], words: Sequence[str], length: int, tells: int) -> bool:
    """Whether `length` words in a row stand on both sides, `tells` different ones of them no names."""
    phrases = set(_phrases(given, length))
    return any(phrase in phrases and len(set(filter(_tells, phrase))) >= tells for phrase in _phrases(words, length))


def _phrases(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _tells(word: str) -> bool:
    """Whether a word seen on both sides speaks for a copy: no name, no unit, no word that English has as well."""
    return word[0].islower() and len(word) > 2 and word not in known_words().function_words
