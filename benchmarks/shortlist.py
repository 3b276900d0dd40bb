"""A vocabulary map for CTranslate2: for each source token the English tokens that may come of it.

The decoder then scores those few instead of its whole vocabulary (`use_vmap`). A map is a text file, `vmap.txt` in the
build's folder: source token, tab, its candidates; the line without a source token has those that are always there. The
candidates are the likeliest translations by IBM's Model 1, trained on sentence pairs.
"""

from __future__ import annotations

import lzma
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from service.translation.tokens import Tokenizer

ITERATIONS = 3
ALWAYS = 300  # the most frequent English tokens
LONGEST = 100  # tokens a side; longer pairs are left out

Pair = tuple[list[str], list[str]]


def read_pairs(paths: Sequence[Path], many: int, tokenizer: Tokenizer) -> Iterator[Pair]:
    """Tokens of the first `many` pairs of each file: the last two columns, split by tabs; packed by xz or not.

    A file's name begins with its language.
    """
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
            for line in islice(lines, many):
                *_, source, english = line.rstrip("\n").split("\t")
                pair = tokenizer.encode(source, path.name[:2]), tokenizer.encode_english(english)
                if english and max(map(len, pair)) <= LONGEST:
                    yield pair


def model_1(pairs: Sequence[Pair], sources: dict[str, int], targets: dict[str, int]) -> np.ndarray:
    """How likely each target token (column) is of each source token (row): float32."""
    places = [
        (np.unique([sources[t] for t in source if t in sources]), np.unique([targets[t] for t in english]))
        for source, english in pairs
    ]
    likely = np.full((len(sources), len(targets)), 1 / len(targets), dtype=np.float32)
    for _ in range(ITERATIONS):
        counts = np.zeros_like(likely)
        for rows, columns in places:
            block = likely[np.ix_(rows, columns)]
            counts[np.ix_(rows, columns)] += block / block.sum(axis=0)
        likely = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-9)
    return likely


def write(path: Path, pairs: Iterable[Pair], candidates: Sequence[int]) -> None:
    """Write a map for each number of candidates, `vmap-<number>.txt` in the folder `path`."""
    known = list(pairs)
    seen = Counter(token for _, english in known for token in english)
    sources = {token: place for place, token in enumerate(sorted({t for source, _ in known for t in source}))}
    names = sorted(seen)
    likely = model_1(known, sources, {token: place for place, token in enumerate(names)})
    always = [token for token, _ in seen.most_common(ALWAYS)]
    always += [token for token in names if token not in always and (len(token) <= 2 or token.startswith("<0x"))]
    for many in candidates:
        lines = ["\t" + " ".join(always)]
        for token, row in sources.items():
            best = np.argsort(-likely[row])[:many]
            lines.append(f"{token}\t" + " ".join(names[place] for place in best if likely[row, place] > 0))
        (path / f"vmap-{many}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
