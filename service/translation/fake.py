"""An engine without a model, for tests and for those who write against the service: its answers reveal their input."""

from __future__ import annotations

import threading
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import starmap

from service.errors import EngineFailed
from service.languages import translated
from service.translation.engine import Decoding
from service.types import Hypothesis, ModelInfo

LANGUAGES = tuple(language.code for language in translated())
_CALLS_KEPT = 1000


class Fault(StrEnum):
    """What goes wrong. `slow` is the answer after `delay` seconds; `raising` is an error that no caller may see."""

    ECHO = "echo"
    EMPTY = "empty"
    LOOP = "loop"
    RAISING = "raising"
    SLOW = "slow"
    TRUNCATE = "truncate"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of `translate`."""

    sentences: tuple[str, ...]
    language: str
    decoding: Decoding


def reveal(sentence: str) -> str:
    """Every word backwards, in Latin letters and in its own letter case; figures and signs stay.

    `Guvernul a dat 6.000 de lei.` becomes `Lunrevug a tad 6.000 ed iel.`: hardly two sentences have one answer, it
    is as long as the input, and it is no copy.
    """
    return "".join(starmap(_backwards, _runs(sentence)))


def _runs(sentence: str) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    for char in sentence:
        letter = char.isalpha()
        if runs and runs[-1][1] == letter:
            runs[-1] = (runs[-1][0] + char, letter)
        else:
            runs.append((char, letter))
    return runs


def _backwards(run: str, letters: bool) -> str:
    if not letters:
        return run
    latin = "".join(map(_latin, reversed(run.lower())))
    if run.isupper() and len(run) > 1:
        return latin.upper()
    return latin.capitalize() if run[0].isupper() else latin


def _latin(char: str) -> str:
    """A Latin letter for any letter: without its mark, or the first of its Unicode name (`ж`, ZHE, is z)."""
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else unicodedata.name(base, "x").split(" ")[-1][0].lower()


class FakeEngine:
    """Answers `reveal(sentence)`, or the worst.

    `fault` befalls the sentences for which `only` is true (all by default), and not the second try if `recovers`.
    `damage` changes every answer, as a model that gets figures wrong would. `answers`, if given, says all hypotheses of
    a sentence, best first. A token is a word. The last thousand calls are kept in `calls`.
    """

    def __init__(
        self,
        fault: Fault | None = None,
        *,
        damage: Callable[[str], str] | None = None,
        answers: Callable[[str, str], Sequence[str]] | None = None,
        only: Callable[[str], bool] = lambda _: True,
        recovers: bool = False,
        delay: float = 0.0,
        max_input_tokens: int = 128,
    ) -> None:
        self.info = ModelInfo("fake", "0" * 16, "0" * 64, "fake", LANGUAGES)
        self.max_input_tokens = max_input_tokens
        self.batches = True
        self.calls: deque[Call] = deque(maxlen=_CALLS_KEPT)
        self._fault = fault
        self._damage = damage or str
        self._answers = answers or (lambda sentence, _: [reveal(sentence)])
        self._only = only
        self._recovers = recovers
        self._delay = delay
        self._closed = threading.Event()

    def count_tokens(self, sentences: Sequence[str], language: str) -> list[int]:
        """Words, and one for the end."""
        self._require(language)
        return [len(sentence.split()) + 1 for sentence in sentences]

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        """The answers, after the delay; raises EngineFailed as a real engine does, RuntimeError for `raising`."""
        if max(self.count_tokens(sentences, language), default=0) > self.max_input_tokens:
            raise EngineFailed(f"A sentence is longer than {self.max_input_tokens} tokens.")
        self.calls.append(Call(tuple(sentences), language, decoding))
        if self._delay:
            time.sleep(self._delay)
        return [self._answer(sentence, language, decoding) for sentence in sentences]

    def _answer(self, sentence: str, language: str, decoding: Decoding) -> tuple[Hypothesis, ...]:
        second_try = decoding.repetition_penalty != 1.0
        if self._fault and self._only(sentence) and not (self._recovers and second_try):
            return (_faulty(self._fault, sentence),)
        texts = list(self._answers(sentence, language))[: min(decoding.hypotheses, decoding.beam)]
        return tuple(Hypothesis(self._damage(text), -0.1 * (rank + 1)) for rank, text in enumerate(texts))

    def _require(self, language: str) -> None:
        if language not in self.info.languages:
            raise EngineFailed(f"Model '{self.info.id}' does not translate '{language}'.")

    def close(self) -> None:
        """Nothing to free."""
        self._closed.set()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed.is_set()


def _faulty(fault: Fault, sentence: str) -> Hypothesis:
    text = reveal(sentence)
    match fault:
        case Fault.ECHO:
            return Hypothesis(sentence, -0.2)
        case Fault.EMPTY:
            return Hypothesis("", -3.0)
        case Fault.LOOP:
            return Hypothesis(" ".join([*text.split()[:2], *["salad"] * 20]), -0.5, truncated=True)
        case Fault.RAISING:
            raise RuntimeError("the fake engine was asked to fail")
        case Fault.TRUNCATE:
            return Hypothesis(text[: len(text) // 2], -0.5, truncated=True)
        case Fault.SLOW:
            return Hypothesis(text, -0.1)
