"""Step 1: corpus to token ids, with a record of what was kept, dropped and made."""

from __future__ import annotations

from collections import Counter

import numpy as np

from models.training import corpus, tokens
from models.training.config import Run
from models.training.records import Records


def prepare(run: Run) -> tokens.Store:
    """Write `data/source.model`, `data/target.model` and `data/tokens.npz` into the work folder."""
    folder = run.paths.work / "data"
    folder.mkdir(parents=True, exist_ok=True)
    pairs, counts = corpus.pairs_of(run.data, run.paths.corpus)
    tokens.vocabularies(pairs, run.data, folder, run.paths.vocabularies)
    store = tokens.encode(pairs, run.data, folder)
    tokens.save(store, folder)
    seen = store.weights * store.target_lengths
    by_language = {
        code: {
            "pairs": int((store.languages == i).sum()),
            "target_tokens": int(store.target_lengths[store.languages == i].sum()),
            "epoch_target_tokens": int(seen[store.languages == i].sum()),
        }
        for i, code in enumerate(run.data.languages)
    }
    per_set: Counter[str] = Counter()
    for pair, amount in zip(pairs, seen, strict=True):
        per_set[f"{pair.language}/{pair.name}"] += int(np.ceil(amount))
    Records(run).write(
        "prepare",
        languages=by_language,
        kept=dict(counts.kept.most_common()),
        dropped=dict(counts.dropped.most_common()),
        epoch_target_tokens=dict(per_set.most_common()),
    )
    return store
