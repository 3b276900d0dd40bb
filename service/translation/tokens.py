"""Marian's tokens: SentencePiece, one model for the source side and one for English. Both engines share it.

The tokenizer of transformers is not used: it reads `</s>` in an article as the end of the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sentencepiece import SentencePieceProcessor

from service.errors import EngineFailed, ModelFileError

if TYPE_CHECKING:
    from service.translation.catalog import ModelEntry

END = "</s>"


class MarianTokenizer:
    """Thread-safe. `folder` holds `source.spm` and `target.spm`; raises ModelFileError."""

    def __init__(self, folder: Path, entry: ModelEntry) -> None:
        self._entry = entry
        self._source = _processor(folder / "source.spm")
        self._target = _processor(folder / "target.spm")

    def encode(self, sentence: str, language: str) -> list[str]:
        """The source tokens with the end token, without which a Marian model repeats itself."""
        if language not in self._entry.languages:
            raise EngineFailed(f"Model '{self._entry.id}' does not translate '{language}'.")
        return [*self._source.encode(sentence, out_type=str), END]

    def encode_all(self, sentences: Sequence[str], language: str) -> list[list[str]]:
        """The tokens of each sentence; raises EngineFailed for one that the model cannot read whole."""
        encoded = [self.encode(sentence, language) for sentence in sentences]
        if max(map(len, encoded), default=0) > self._entry.max_input_tokens:
            raise EngineFailed(f"A sentence is longer than {self._entry.max_input_tokens} tokens.")
        return encoded

    def decode(self, tokens: Sequence[str]) -> str:
        """The English of target tokens, with or without the end token."""
        text: str = self._target.decode([token for token in tokens if token != END])
        return text.strip()


def _processor(path: Path) -> SentencePieceProcessor:
    try:
        return SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError):
        raise ModelFileError(f"{path.name}: SentencePiece cannot read it.", field=path.name) from None
