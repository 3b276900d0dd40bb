"""Greedy decoding and sampling in torch with a key-value cache: for machines that have nothing but torch."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from models.training.model import EOS, PAD, UNKNOWN, DecoderLayer, Transformer, attend, split
from models.training.packing import Layout, layout, to_grid


class _Cache:
    """Keys and values of one decoder layer: those of the source, and those of the `width` target places so far."""

    def __init__(self, layer: DecoderLayer, memory: Tensor, where: Layout, width: int) -> None:
        heads, sentences = layer.self_attention.heads, where.inside.shape[0]
        both = to_grid(layer.cross_attention.kv(memory), where)
        self.source_keys, self.source_values = split(both, 2, heads)
        empty = memory.new_zeros(sentences, heads, width, memory.shape[1] // heads)
        self.keys, self.values = empty, empty.clone()


def _layer_step(layer: DecoderLayer, x: Tensor, cache: _Cache, place: int, hidden: Tensor) -> Tensor:
    """One place of all sentences: x (B, d) -> (B, d)."""
    heads = layer.self_attention.heads
    q, k, v = layer.self_attention.qkv(x).unflatten(-1, (3, heads, -1)).unbind(1)
    cache.keys[:, :, place], cache.values[:, :, place] = k, v
    seen = slice(0, place + 1)
    nothing = torch.zeros((), dtype=x.dtype, device=x.device)
    y = attend(q[:, :, None], cache.keys[:, :, seen], cache.values[:, :, seen], nothing)[:, 0]
    x = layer.self_norm(x + layer.self_attention.out(y))
    q = layer.cross_attention.q(x).unflatten(-1, (heads, -1))[:, :, None]
    y = attend(q, cache.source_keys, cache.source_values, hidden)[:, 0]
    return layer.feed_forward(layer.cross_norm(x + layer.cross_attention.out(y)))


def _choose(logits: Tensor, temperature: float, generator: torch.Generator | None) -> Tensor:
    """Logits (B, V) -> ids (B,): the best (temperature 0), or drawn."""
    logits[:, [PAD, UNKNOWN]] = -math.inf
    if not temperature:
        return logits.argmax(1)
    return torch.multinomial(torch.softmax(logits / temperature, 1), 1, generator=generator)[:, 0]


@torch.inference_mode()
def generate(
    model: Transformer,
    sources: Sequence[Sequence[int]],
    max_tokens: int,
    temperature: float = 0.0,
    generator: torch.Generator | None = None,
) -> list[list[int]]:
    """Target ids of each source (ids without the end mark), without the end mark, at most `max_tokens`."""
    device, dtype = model.output_bias.device, model.output_bias.dtype
    where = layout(np.array([len(ids) + 1 for ids in sources])).to(device)
    flat = [piece for ids in sources for piece in (*ids, EOS)]
    packed = torch.full((len(where.positions),), PAD, device=device)
    packed[: len(flat)] = torch.tensor(flat, device=device)
    memory, hidden = model.encode(packed, where)
    layers = [layer for layer in model.decoder if isinstance(layer, DecoderLayer)]
    caches = [_Cache(layer, memory, where, max_tokens) for layer in layers]
    last = torch.full((len(sources),), PAD, device=device)
    done = torch.zeros(len(sources), dtype=torch.bool, device=device)
    out = []
    for place in range(max_tokens):
        x = model.embed(model.target_embedding, last, torch.full_like(last, place)).to(dtype)
        for layer, cache in zip(layers, caches, strict=True):
            x = _layer_step(layer, x, cache, place, hidden)
        logits = (x @ model.target_embedding.weight.t() + model.output_bias).float()
        last = _choose(logits, temperature, generator).masked_fill_(done, EOS)
        done |= last == EOS
        out.append(last)
        if place % 8 == 7 and bool(done.all()):
            break
    rows: list[list[int]] = torch.stack(out, 1).tolist()
    return [row[: row.index(EOS)] if EOS in row else row for row in rows]
