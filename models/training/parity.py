"""Do both engines say the same? Greedy tokens in transformers and CTranslate2, both in float32; and what int8 costs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.training.config import Run
from models.training.evaluate import MAX_TOKENS, Exported, dev_lines, scores
from models.training.records import Records

SENTENCES = 67
BATCH = 16


def transformers_greedy(folder: Path, pieces: Sequence[Sequence[str]]) -> list[list[str]]:
    """Greedy target tokens of each row of source pieces, by MarianMTModel in float32 on the CPU."""
    import json

    import torch
    from transformers import MarianMTModel

    model = MarianMTModel.from_pretrained(folder, dtype=torch.float32).eval()  # type: ignore[no-untyped-call]
    source, target = (
        json.loads((folder / name).read_text(encoding="utf-8")) for name in ("vocab.json", "target_vocab.json")
    )
    names = {number: piece for piece, number in target.items()}
    pad, end = model.config.pad_token_id, model.config.eos_token_id
    out = []
    for start in range(0, len(pieces), BATCH):
        rows = [[source.get(piece, 1) for piece in row] for row in pieces[start : start + BATCH]]
        width = max(map(len, rows))
        ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
        made = model.generate(
            ids,
            attention_mask=(ids != pad).long(),
            num_beams=1,
            do_sample=False,
            max_new_tokens=MAX_TOKENS,
            bad_words_ids=[[pad], [1]],
        )
        out += [[names[i] for i in row if i not in {pad, end}] for row in made.tolist()]
    return out


def compare(run: Run) -> dict[str, Any]:
    """How many sentences have identical greedy tokens, and what int8 costs in BLEU over all languages."""
    from service.translation.convert import to_ctranslate2

    references, folder = dev_lines(run, "en", SENTENCES), run.paths.work / "export"
    shutil.rmtree(folder / "float32", ignore_errors=True)
    to_ctranslate2(folder / "hf", folder / "float32", "float32")
    whole, small = Exported(folder, "float32"), Exported(folder)
    same, total = 0, 0
    english: tuple[list[str], list[str]] = ([], [])
    for code in run.data.languages:
        lines = dev_lines(run, code, SENTENCES)
        pieces = [[*row, "</s>"] for row in whole.source.encode(lines, out_type=str)]
        results = whole.model.translate_batch(pieces, beam_size=1, max_decoding_length=MAX_TOKENS, disable_unk=True)
        ours = [result.hypotheses[0] for result in results]
        same += sum(a == b for a, b in zip(ours, transformers_greedy(folder / "hf", pieces), strict=True))
        total += len(lines)
        for made, engine in zip(english, (whole, small), strict=True):
            made.extend(engine.translate(lines, run.evaluate.beam, whole=True).english)
    float32, int8 = (scores(made, references * len(run.data.languages))["bleu"] for made in english)
    shutil.rmtree(folder / "float32")
    found = {"identical": same, "sentences": total, "bleu_lost_by_int8": round(float32 - int8, 2)}
    Records(run).write("parity", **found)
    print(found)
    return found
