"""Step 3: a checkpoint as a transformers MarianMTModel folder and as a CTranslate2 build.

Both vocabularies get Marian's order (`</s>` 0, `<unk>` 1, `<pad>` 2; transformers has one padding id for both sides),
while training ids are padding 0, end 1, unknown 2.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from torch import Tensor

from models.training import checkpoint, shortlist, tokens
from models.training.config import Run
from models.training.model import Shape, marian_order
from models.training.records import Records

MARIAN_NAMES = ["</s>", "<unk>", "<pad>"]
MARIAN_PAD = 2
NEVER = -100.0
TOKENIZER = {
    "tokenizer_class": "MarianTokenizer",
    "target_lang": "en",
    "separate_vocabs": True,
    "model_max_length": 512,
    "unk_token": "<unk>",
    "eos_token": "</s>",
    "pad_token": "<pad>",
}


def _attention(out: dict[str, Tensor], to: str, stacked: dict[str, Tensor], names: tuple[str, ...]) -> None:
    """Cut a stacked projection into transformers' separate ones."""
    for kind, tensor in stacked.items():
        for name, part in zip(names, tensor.chunk(len(names)), strict=True):
            out[f"{to}.{name}_proj.{kind}"] = part


def _layer(weights: dict[str, Tensor], old: str, new: str) -> dict[str, Tensor]:
    """The weights of one layer under transformers' names."""

    def both(name: str) -> dict[str, Tensor]:
        return {kind: weights[f"{old}.{name}.{kind}"] for kind in ("weight", "bias")}

    out: dict[str, Tensor] = {}
    _attention(out, f"{new}.self_attn", both("self_attention.qkv"), ("q", "k", "v"))
    plain = {"self_attention.out": "self_attn.out_proj", "self_norm": "self_attn_layer_norm"}
    plain |= {"up": "fc1", "down": "fc2", "final_norm": "final_layer_norm"}
    if f"{old}.cross_attention.q.weight" in weights:
        _attention(out, f"{new}.encoder_attn", both("cross_attention.kv"), ("k", "v"))
        plain |= {"cross_attention.q": "encoder_attn.q_proj", "cross_attention.out": "encoder_attn.out_proj"}
        plain |= {"cross_norm": "encoder_attn_layer_norm"}
    for mine, theirs in plain.items():
        out |= {f"{new}.{theirs}.{kind}": tensor for kind, tensor in both(mine).items()}
    return out


def marian_weights(weights: dict[str, Tensor], shape: dict[str, Any]) -> dict[str, Tensor]:
    """All weights under transformers' names, in Marian's order of ids."""
    source = weights["source_embedding.weight"][marian_order(shape["source_vocabulary"])].clone()
    target_order = marian_order(shape["target_vocabulary"])
    target, bias = (
        weights["target_embedding.weight"][target_order].clone(),
        weights["output_bias"][target_order].clone(),
    )
    source[MARIAN_PAD] = 0
    start = target.clone()
    start[MARIAN_PAD] = 0
    bias[MARIAN_PAD] = NEVER
    out = {
        "model.encoder.embed_tokens.weight": source,
        "model.decoder.embed_tokens.weight": start,
        "lm_head.weight": target,
        "final_logits_bias": bias[None],
    }
    for side in ("encoder", "decoder"):
        for i in range(shape[f"{side}_layers"]):
            out |= _layer(weights, f"{side}.{i}", f"model.{side}.layers.{i}")
    return out


def marian_config(shape: dict[str, Any]) -> dict[str, Any]:
    """transformers' configuration of a model of `shape`."""
    sides = {
        f"{side}_{key}": value
        for side in ("encoder", "decoder")
        for key, value in (
            ("layers", shape[f"{side}_layers"]),
            ("attention_heads", shape["heads"]),
            ("ffn_dim", shape["ff"]),
        )
    }
    return sides | {
        "vocab_size": shape["source_vocabulary"],
        "decoder_vocab_size": shape["target_vocabulary"],
        "d_model": shape["d"],
        "activation_function": "swish",
        "max_position_embeddings": 512,
        "pad_token_id": MARIAN_PAD,
        "eos_token_id": 0,
        "bos_token_id": 0,
        "decoder_start_token_id": MARIAN_PAD,
        "forced_eos_token_id": 0,
        "scale_embedding": True,
        "share_encoder_decoder_embeddings": False,
        "tie_word_embeddings": False,
        "dropout": 0.0,
        "num_beams": 4,
        "bad_words_ids": [[MARIAN_PAD]],
        "max_length": 256,
    }


def to_transformers(state: dict[str, Any], weights: dict[str, Tensor], vocabularies: Path, folder: Path) -> None:
    """Write a MarianMTModel in float16 with its tokenizer into `folder`."""
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True, exist_ok=True)
    for side, name in (("source", "vocab.json"), ("target", "target_vocab.json")):
        shutil.copyfile(vocabularies / f"{side}.model", folder / f"{side}.spm")
        names = MARIAN_NAMES + tokens.pieces(vocabularies, side)[len(MARIAN_NAMES) :]
        ids = {piece: i for i, piece in enumerate(names)}
        (folder / name).write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
    model = MarianMTModel(MarianConfig(**marian_config(state["shape"])))
    left = model.load_state_dict(marian_weights(weights, state["shape"]), strict=False)
    missing = [name for name in left.missing_keys if "embed_positions" not in name]
    if missing or left.unexpected_keys:
        raise checkpoint.CheckpointError(f"weights without a place: {missing + left.unexpected_keys}")
    model.half().save_pretrained(folder)  # type: ignore[no-untyped-call]
    (folder / "tokenizer_config.json").write_text(json.dumps(TOKENIZER), encoding="utf-8")


def export(run: Run, average: bool = False) -> Path:
    """Write `export/hf` and `export/ctranslate2-int8` of the run's checkpoint, with its shortlist; their folder.

    With `export.start`, what the run started from is mixed into the weights. Raises CheckpointError where that has
    another shape.
    """
    from service.translation.convert import to_ctranslate2

    state = checkpoint.load(run.paths.work / "checkpoint.pt")
    folder = run.paths.work / "export"
    shutil.rmtree(folder, ignore_errors=True)
    found = checkpoint.weights(state, average)
    if run.export.start and run.paths.start is not None:
        start = checkpoint.load(run.paths.start, Shape(**state["shape"]))
        found = checkpoint.mix(found, checkpoint.weights(start), run.export.start)
    to_transformers(state, found, run.paths.tokens, folder / "hf")
    if run.shortlist.candidates:
        shortlist.write(run, folder / "hf")
    to_ctranslate2(folder / "hf", folder / "ctranslate2-int8", "int8")
    sizes = {part.name: sum(f.stat().st_size for f in part.iterdir()) for part in folder.iterdir()}
    Records(run).write("export", seen=state["seen"], average=average, start=run.export.start, bytes=sizes)
    return folder
