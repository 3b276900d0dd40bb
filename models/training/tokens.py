"""Token ids on disk: two SentencePiece models and flat uint16 arrays, small enough to travel to another machine."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from models.training.config import Data
from models.training.corpus import Pair
from models.training.model import EOS, PAD, UNKNOWN

# The biggest language and the dictionaries must not shape the vocabulary.
VOCABULARY_SENTENCES = 350_000
VOCABULARY_WORDS = 4


@dataclass(frozen=True, slots=True)
class Store:
    """Both sides of all pairs. `*_ids` hold the pieces without end marks, row i at `*_starts[i] : *_starts[i + 1]`."""

    source_ids: NDArray[np.uint16]
    source_starts: NDArray[np.int64]
    target_ids: NDArray[np.uint16]
    target_starts: NDArray[np.int64]
    weights: NDArray[np.float32]
    languages: NDArray[np.uint8]

    @property
    def source_lengths(self) -> NDArray[np.int64]:
        """Pieces of each source, the end mark included."""
        return np.diff(self.source_starts) + 1

    @property
    def target_lengths(self) -> NDArray[np.int64]:
        """Pieces of each target, the end mark included."""
        return np.diff(self.target_starts) + 1


def vocabulary(folder: Path, side: str) -> sentencepiece.SentencePieceProcessor:
    """The SentencePiece model of `side` ("source" or "target") in `folder`."""
    return sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.model"))


def pieces(folder: Path, side: str) -> list[str]:
    """The pieces of that model in the order of their ids."""
    model = vocabulary(folder, side)
    return [model.id_to_piece(i) for i in range(model.get_piece_size())]


def _learn(pairs: Sequence[Pair], side: str, size: int, symbols: Sequence[str], folder: Path) -> None:
    """Train and write a SentencePiece model: digits split, bytes for what is unknown."""
    seen: Counter[str] = Counter()
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as text:
        for pair in pairs:
            line = pair.source if side == "source" else pair.english
            if seen[pair.language] < VOCABULARY_SENTENCES and line.count(" ") + 1 >= VOCABULARY_WORDS:
                text.write(line + "\n")
                seen[pair.language] += 1
        text.flush()
        sentencepiece.SentencePieceTrainer.train(
            input=text.name,
            model_prefix=str(folder / side),
            vocab_size=size,
            character_coverage=0.9998,
            split_digits=True,
            byte_fallback=True,
            hard_vocab_limit=False,
            user_defined_symbols=list(symbols),
            pad_id=PAD,
            eos_id=EOS,
            unk_id=UNKNOWN,
            bos_id=-1,
            normalization_rule_name="nmt_nfkc",
            minloglevel=2,
        )
    (folder / f"{side}.vocab").unlink()


def _given(folder: Path, side: str) -> Path:
    for path in (folder / f"{side}.model", folder / f"{side}.spm"):
        if path.exists():
            return path
    raise FileNotFoundError(f"{folder} has neither {side}.model nor {side}.spm")


def require_same(folder: Path, start: Path | None) -> None:
    """Raise ValueError where the published folder `start` gives the ids of `folder` to other pieces."""
    if start is None or not start.is_dir():
        return
    for side in ("source", "target"):
        if (folder / f"{side}.model").read_bytes() != _given(start, side).read_bytes():
            raise ValueError(f"{folder}/{side}.model is not the vocabulary of {start}: set paths.vocabularies to it")


def vocabularies(pairs: Sequence[Pair], data: Data, folder: Path, given: Path | None) -> None:
    """Put `source.model` and `target.model` into `folder`: copies of `given` ones (`.model` or `.spm`), or new ones."""
    folder.mkdir(parents=True, exist_ok=True)
    for side, size in (("source", data.source_vocabulary), ("target", data.target_vocabulary)):
        if given is not None:
            shutil.copyfile(_given(given, side), folder / f"{side}.model")
        elif not (folder / f"{side}.model").exists():
            _learn(pairs, side, size, data.symbols, folder)


def _encode(
    lines: Sequence[str], model: sentencepiece.SentencePieceProcessor
) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    ids, lengths = [], []
    for i in range(0, len(lines), 50_000):
        rows = model.encode(list(lines[i : i + 50_000]))
        lengths += [len(row) for row in rows]
        ids.append(np.fromiter((piece for row in rows for piece in row), np.uint16))
    return np.concatenate(ids), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def encode(pairs: Sequence[Pair], data: Data, folder: Path) -> Store:
    """All pairs as ids; those that are empty or longer than `max_pieces` on a side get weight 0."""
    sides = [
        _encode([p.source for p in pairs], vocabulary(folder, "source")),
        _encode([p.english for p in pairs], vocabulary(folder, "target")),
    ]
    weights = np.array([p.weight for p in pairs], np.float32)
    for _, starts in sides:
        lengths = np.diff(starts)
        weights[(lengths == 0) | (lengths > data.max_pieces)] = 0
    languages = np.array([data.languages.index(p.language) for p in pairs], np.uint8)
    return Store(*sides[0], *sides[1], weights, languages)


def save(store: Store, folder: Path) -> None:
    """Write `tokens.npz`; row lengths instead of offsets, which compress well."""
    np.savez_compressed(
        folder / "tokens.npz",
        source_ids=store.source_ids,
        source_lengths=np.diff(store.source_starts).astype(np.uint16),
        target_ids=store.target_ids,
        target_lengths=np.diff(store.target_starts).astype(np.uint16),
        weights=store.weights.astype(np.float16),
        languages=store.languages,
    )


def load(folder: Path) -> Store:
    """What `save` wrote. Raises FileNotFoundError before it was run."""
    if not (folder / "tokens.npz").exists():
        raise FileNotFoundError(f"{folder} has no tokens.npz: run `prepare` first")
    with np.load(folder / "tokens.npz") as file:
        starts = [
            np.concatenate([[0], np.cumsum(file[f"{side}_lengths"], dtype=np.int64)]) for side in ("source", "target")
        ]
        return Store(
            file["source_ids"],
            starts[0],
            file["target_ids"],
            starts[1],
            file["weights"].astype(np.float32),
            file["languages"],
        )
