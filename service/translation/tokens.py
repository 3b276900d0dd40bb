"""What a model reads and writes, as SentencePiece tokens. Both engines share it, for both architectures.

The tokenizers of transformers are not used: they read `</s>` and `eng_Latn` in an article as control tokens. That ours
says what theirs says of ordinary text is checked whenever a model is built (see `parity`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sentencepiece import SentencePieceProcessor

from service.errors import EngineFailed, ModelFileError

if TYPE_CHECKING:
    from service.translation.catalog import ModelEntry

END = "</s>"
CONTROL = frozenset({"<s>", "<pad>", END, "<unk>", "<mask>"})
_NO_TEXT = re.compile(r"[a-z]{3}_[A-Z][a-z]{3}|madeupword\d+")  # language codes, and rows that no token has
_PIECES = {
    "marian": ("source.spm", "target.spm"),
    "nllb": ("sentencepiece.bpe.model", "sentencepiece.bpe.model"),
}


class Tokenizer:
    """Thread-safe. `folder` holds the SentencePiece models of the architecture; raises ModelFileError.

    A Marian model with several target languages reads a tag such as `>>eng<<` before the sentence; NLLB reads the code
    of the sentence's own language there, and every answer of it begins with that of English: `prefix`.
    """

    def __init__(self, folder: Path, entry: ModelEntry) -> None:
        self._entry = entry
        source, target = _PIECES[entry.architecture]
        self._source = _processor(folder / source)
        self._target = self._source if target == source else _processor(folder / target)
        self.prefix: tuple[str, ...] = ()
        if entry.architecture == "nllb":
            assert entry.target is not None
            self.prefix = (entry.target,)
            self._before = {language: [code] for language, code in entry.languages.items()}
        else:
            self._before = {language: [entry.target] if entry.target else [] for language in entry.languages}

    @property
    def control(self) -> frozenset[str]:
        """Tokens that are no text and must be known to the model: tags and language codes."""
        return frozenset(self.prefix).union(*self._before.values())

    def encode(self, sentence: str, language: str) -> list[str]:
        """The source tokens with the end token, without which a Marian model repeats itself."""
        if language not in self._before:
            raise EngineFailed(f"Model '{self._entry.id}' does not translate '{language}'.")
        return [*self._before[language], *self._source.encode(sentence, out_type=str), END]

    def encode_all(self, sentences: Sequence[str], language: str) -> list[list[str]]:
        """The tokens of each sentence; raises EngineFailed for one that the model cannot read whole."""
        encoded = [self.encode(sentence, language) for sentence in sentences]
        if max(map(len, encoded), default=0) > self._entry.max_input_tokens:
            raise EngineFailed(f"A sentence is longer than {self._entry.max_input_tokens} tokens.")
        return encoded

    def encode_english(self, text: str) -> list[str]:
        """The tokens of an answer that says `text`, from the prefix to the end token."""
        return [*self.prefix, *self._target.encode(text, out_type=str), END]

    def decode(self, tokens: Sequence[str]) -> str:
        """The English of target tokens, with or without prefix and end token."""
        text: str = self._target.decode([token for token in tokens if not self._is_control(token)])
        return text.strip()

    def _is_control(self, token: str) -> bool:
        return token in CONTROL or bool(self.prefix and _NO_TEXT.fullmatch(token))


def require_tokens(tokenizer: Tokenizer, vocabulary: Container[str], entry: ModelEntry) -> None:
    """Refuse a model that does not know its own tags and language codes; it would read them as unknown words."""
    for token in sorted(tokenizer.control):
        if token not in vocabulary:
            raise ModelFileError(f"{entry.id}: the model has no token '{token}'.", field="languages")


def _processor(path: Path) -> SentencePieceProcessor:
    try:
        return SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError):
        raise ModelFileError(f"{path.name}: SentencePiece cannot read it.", field=path.name) from None
