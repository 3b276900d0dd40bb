"""The way back from a published transformers folder to weights that training can go on from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.training.model import marian_order

_PLAIN = {
    "self_attention.out": "self_attn.out_proj",
    "self_norm": "self_attn_layer_norm",
    "cross_attention.q": "encoder_attn.q_proj",
    "cross_attention.out": "encoder_attn.out_proj",
    "cross_norm": "encoder_attn_layer_norm",
    "up": "fc1",
    "down": "fc2",
    "final_norm": "final_layer_norm",
}
_STACKED = {"self_attention.qkv": ("self_attn", "qkv"), "cross_attention.kv": ("encoder_attn", "kv")}


def _layer(theirs: dict[str, Tensor], new: str, old: str) -> dict[str, Tensor]:
    out = {}
    for kind in ("weight", "bias"):
        for mine, name in _PLAIN.items():
            if f"{new}.{name}.{kind}" in theirs:
                out[f"{old}.{mine}.{kind}"] = theirs[f"{new}.{name}.{kind}"]
        for mine, (name, letters) in _STACKED.items():
            if f"{new}.{name}.{letters[0]}_proj.{kind}" in theirs:
                parts = [theirs[f"{new}.{name}.{letter}_proj.{kind}"] for letter in letters]
                out[f"{old}.{mine}.{kind}"] = torch.cat(parts)
    return out


def from_transformers(folder: Path) -> dict[str, Any]:
    """A checkpoint without moments, in float32, from a folder that `export.to_transformers` wrote."""
    from safetensors.torch import load_file

    theirs = {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    shape = {
        "source_vocabulary": config["vocab_size"],
        "target_vocabulary": config["decoder_vocab_size"],
        "d": config["d_model"],
        "ff": config["encoder_ffn_dim"],
        "encoder_layers": config["encoder_layers"],
        "decoder_layers": config["decoder_layers"],
        "heads": config["encoder_attention_heads"],
        "dropout": 0.0,
    }
    source, target = (torch.argsort(marian_order(shape[f"{side}_vocabulary"])) for side in ("source", "target"))
    weights = {
        "source_embedding.weight": theirs["model.encoder.embed_tokens.weight"][source],
        "target_embedding.weight": theirs["lm_head.weight"][target],
        "output_bias": theirs["final_logits_bias"][0][target],
    }
    for side in ("encoder", "decoder"):
        for i in range(shape[f"{side}_layers"]):
            weights |= _layer(theirs, f"model.{side}.layers.{i}", f"{side}.{i}")
    return {"shape": shape, "optimiser": {"masters": weights}}
