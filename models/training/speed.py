"""Decoding speed beside OPUS-MT's architecture with random weights: same sentences, output lengths and search."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import ctranslate2

from models.training.config import Run
from models.training.evaluate import Exported, dev_lines
from models.training.records import Records

OPUS_MT = {"d_model": 512, "layers": 6, "ffn_dim": 2048, "attention_heads": 8, "vocabulary": 65001}
SENTENCES, OUTPUT_TOKENS, ROUNDS = 64, 30, 3


def opus_mt_build(vocabularies: Path, folder: Path) -> Path:
    """A CTranslate2 int8 build of OPUS-MT's shape with random weights, at `folder / "opus-mt"`."""
    from transformers import MarianConfig, MarianMTModel

    from service.translation.convert import to_ctranslate2

    size = OPUS_MT["vocabulary"]
    sides: dict[str, Any] = {
        f"{side}_{key}": OPUS_MT[key]
        for side in ("encoder", "decoder")
        for key in ("layers", "ffn_dim", "attention_heads")
    }
    special: dict[str, Any] = {
        "pad_token_id": size - 1,
        "eos_token_id": 0,
        "decoder_start_token_id": size - 1,
        "scale_embedding": True,
    }
    config = MarianConfig(vocab_size=size, d_model=512, activation_function="swish", **sides, **special)
    MarianMTModel(config).half().save_pretrained(folder / "hf")  # type: ignore[no-untyped-call]
    for side in ("source", "target"):
        shutil.copyfile(vocabularies / f"{side}.spm", folder / "hf" / f"{side}.spm")
    pieces = {"</s>": 0, "<unk>": 1, **{f"piece{i}": i for i in range(2, size - 1)}, "<pad>": size - 1}
    (folder / "hf" / "vocab.json").write_text(json.dumps(pieces), encoding="utf-8")
    tokenizer = {"tokenizer_class": "MarianTokenizer", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    (folder / "hf" / "tokenizer_config.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    to_ctranslate2(folder / "hf", folder / "opus-mt", "int8")
    return folder / "opus-mt"


def seconds(model: Any, pieces: list[list[str]], beam: int, batch: int, shortlist: bool = False) -> float:
    """CPU-bound time of one pass in which every sentence gets exactly OUTPUT_TOKENS tokens."""
    began = time.perf_counter()
    for start in range(0, len(pieces), batch):
        model.translate_batch(
            pieces[start : start + batch],
            use_vmap=shortlist,
            beam_size=beam,
            min_decoding_length=OUTPUT_TOKENS,
            max_decoding_length=OUTPUT_TOKENS,
        )
    return time.perf_counter() - began


def compare(run: Run) -> dict[str, float]:
    """How many times as fast as OPUS-MT's shape our export is, by search; best of ROUNDS interleaved rounds."""
    lines, folder = dev_lines(run, run.data.languages[0], SENTENCES), run.paths.work / "speed"
    shutil.rmtree(folder, ignore_errors=True)
    ours = Exported(run.paths.work / "export", threads=1)
    pieces = [[*row, "</s>"] for row in ours.source.encode(lines, out_type=str)]
    build = opus_mt_build(run.paths.work / "export" / "hf", folder)
    theirs = ctranslate2.Translator(str(build), inter_threads=1, intra_threads=1)
    # Their tokenizer cuts news into about as many pieces; unknown pieces cost the same as known ones.
    other = [[f"piece{2 + i}" for i in range(len(row) - 1)] + ["</s>"] for row in pieces]
    found = {}
    for name, beam, batch in (("greedy", 1, 32), ("beam 4", 4, 32), ("beam 4, one by one", 4, 1)):
        listed = ours.shortlist and batch == 1  # as the service uses it
        rounds = [
            (seconds(ours.model, pieces, beam, batch, listed), seconds(theirs, other, beam, batch))
            for _ in range(ROUNDS)
        ]
        best = [min(times) for times in zip(*rounds, strict=True)]
        found[name] = round(best[1] / best[0], 2)
        found[f"{name}: tokens a second"] = round(len(pieces) * OUTPUT_TOKENS / best[0])
    shutil.rmtree(folder)
    Records(run).write("speed", output_tokens=OUTPUT_TOKENS, sentences=SENTENCES, times_as_fast=found)
    print(found)
    return found
