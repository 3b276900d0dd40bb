"""An engine whose answer reveals what was asked, with handles to hold it, break it and look at what it was given."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence

from service.translation.engine import Decoding
from service.types import Hypothesis, ModelInfo


class Revealing:
    """`open` is an event that a call waits for; sentences with `poison` in them fail the whole call."""

    max_input_tokens = 512
    batches = True

    def __init__(
        self, *, seconds: float = 0.0, poison: str | None = None, sha256: str = "0" * 64, variant: str = ""
    ) -> None:
        self.info = ModelInfo("revealing", "1", sha256, "fake", ("ro", "it", "uk"), variant)
        self.seconds = seconds
        self.poison = poison
        self.error: Exception = RuntimeError("secret of the engine")
        self.open = threading.Event()
        self.open.set()
        self.entered = threading.Semaphore(0)
        self.calls: list[tuple[str, ...]] = []
        self.closed = 0

    @property
    def seen(self) -> Counter[str]:
        """How often each sentence was translated."""
        return Counter(sentence for call in self.calls for sentence in call)

    def count_tokens(self, sentences: Sequence[str], language: str) -> list[int]:
        return [len(sentence.split()) + 1 for sentence in sentences]

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        self.calls.append(tuple(sentences))
        self.entered.release()
        assert self.open.wait(60)
        time.sleep(self.seconds)
        if self.poison and any(self.poison in sentence for sentence in sentences):
            raise self.error
        return [answer(sentence, language, decoding) for sentence in sentences]

    def close(self) -> None:
        self.closed += 1


def answer(sentence: str, language: str, decoding: Decoding) -> tuple[Hypothesis, ...]:
    """What Revealing says."""
    return (
        Hypothesis(f"{language}/{decoding.beam}: {sentence}", -0.25),
        Hypothesis(f"other {language}/{decoding.beam}: {sentence}", -0.5, truncated=True),
    )
