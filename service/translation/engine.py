"""What an engine is: something that turns sentences into English hypotheses. Engines know nothing of articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from service.types import Hypothesis, ModelInfo


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to search. `hypotheses` is how many answers of the beam come back, best first (at most `beam`).

    `max_tokens` bounds the output of one sentence; an answer that reaches it is marked `truncated`.
    """

    beam: int = 4
    hypotheses: int = 4
    max_tokens: int = 256
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0
    length_penalty: float = 1.0


DEFAULT = Decoding()


@runtime_checkable
class Corrected(Protocol):
    """An engine that knows what persons wrote for whole segments."""

    def corrections(self, sentences: Sequence[str], language: str) -> list[Hypothesis | None]:
        """For each sentence what a person wrote, if somebody did."""
        ...


class Engine(Protocol):
    """Thread-safe: `translate` may be called from several threads at once, and blocks."""

    @property
    def info(self) -> ModelInfo:
        """Which model runs, and on what."""
        ...

    @property
    def max_input_tokens(self) -> int:
        """The longest input, in tokens, that the model reads without loss."""
        ...

    @property
    def batches(self) -> bool:
        """Whether several sentences in one call are faster than one by one."""
        ...

    def count_tokens(self, sentences: Sequence[str], language: str) -> list[int]:
        """The number of model tokens of each sentence, the end token included."""
        ...

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        """For each sentence its hypotheses, best first, at least one. `language` is the ISO 639-1 code of the source.

        What else is in the call does not change a sentence's answers. Raises EngineFailed for a language that the model
        does not have and for a sentence longer than `max_input_tokens`.
        """
        ...

    def close(self) -> None:
        """Free the model; the engine cannot be used after."""
        ...


class Around:
    """What an engine that stands in front of another, `_engine`, says of itself: what the other says."""

    _engine: Engine

    @property
    def info(self) -> ModelInfo:
        """That of the engine behind."""
        return self._engine.info

    @property
    def max_input_tokens(self) -> int:
        """That of the engine behind."""
        return self._engine.max_input_tokens

    @property
    def batches(self) -> bool:
        """That of the engine behind."""
        return self._engine.batches

    def count_tokens(self, sentences: Sequence[str], language: str) -> list[int]:
        """That of the engine behind."""
        return self._engine.count_tokens(sentences, language)
