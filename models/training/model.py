"""A transformer with Marian's exact shape, made to train fast: post-norm, sinusoidal positions, zero start vector.

Its weights convert one to one into transformers' MarianMTModel (`export.py`). Tokens travel packed (`packing.py`).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, cast

import torch
import torch.nn.functional as F  # noqa: N812 - the name everybody uses
from torch import Tensor, nn

from models.training.packing import MASKED, Layout, from_grid, to_grid

PAD, EOS, UNKNOWN = 0, 1, 2
MAX_POSITIONS = 512


def marian_order(size: int) -> Tensor:
    """For each id in Marian's order (end 0, unknown 1, padding 2) the id in training."""
    return torch.tensor([EOS, UNKNOWN, PAD, *range(3, size)])


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a model: vocabularies, width `d`, feed-forward width `ff`, layers, attention heads, dropout."""

    source_vocabulary: int = 16000
    target_vocabulary: int = 8000
    d: int = 256
    ff: int = 1536
    encoder_layers: int = 6
    decoder_layers: int = 2
    heads: int = 8
    dropout: float = 0.0

    def as_dict(self) -> dict[str, int | float]:
        """For a checkpoint: plain values that load without this code."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentence pairs as packed ids: `source` (N,), `shifted` (M,) that the decoder reads, `target` (M,) to be said."""

    source: Tensor
    shifted: Tensor
    target: Tensor
    source_layout: Layout
    target_layout: Layout
    tokens: int

    def to(self, device: torch.device) -> Batch:
        """The same batch on `device`."""
        source, shifted, target = (t.to(device, non_blocking=True) for t in (self.source, self.shifted, self.target))
        return Batch(source, shifted, target, self.source_layout.to(device), self.target_layout.to(device), self.tokens)

    def pinned(self) -> Batch:
        """The same batch in page-locked memory, from which copies to a CUDA device do not wait."""
        source, shifted, target = (t.pin_memory() for t in (self.source, self.shifted, self.target))
        return Batch(source, shifted, target, self.source_layout.pinned(), self.target_layout.pinned(), self.tokens)


def sinusoids(count: int, d: int) -> Tensor:
    """(count, d) positions as Marian has them: the sine half, then the cosine half."""
    angles = torch.arange(count)[:, None].float() / torch.pow(10000.0, 2 * torch.arange(d // 2)[None].float() / d)
    return torch.cat([angles.sin(), angles.cos()], 1)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    """q (B, h, T, e), k and v (B, h, S, e), mask added to the scores -> (B, T, h * e)."""
    if q.is_cuda:
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    else:  # for sentences the plain product is far faster on a CPU than the fused kernel
        y = torch.softmax(q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + mask, -1) @ v
    return y.transpose(1, 2).flatten(2)


def split(x: Tensor, parts: int, heads: int) -> Tensor:
    """x (B, L, parts * d) -> (parts, B, heads, L, d / heads)."""
    return x.view(*x.shape[:2], parts, heads, -1).permute(2, 0, 3, 1, 4)


class SelfAttention(nn.Module):
    """Queries, keys and values in one product over the packed tokens."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)

    def forward(self, x: Tensor, where: Layout, mask: Tensor) -> Tensor:
        """X (N, d) -> (N, d)."""
        grid = to_grid(self.qkv(x), where)
        q, k, v = split(grid, 3, self.heads)
        return cast("Tensor", self.out(from_grid(attend(q, k, v, mask), where)))


class CrossAttention(nn.Module):
    """Queries from the target, keys and values from the encoded source."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(d, d)
        self.kv = nn.Linear(d, 2 * d)
        self.out = nn.Linear(d, d)

    def forward(self, x: Tensor, where: Layout, memory: Tensor, there: Layout, mask: Tensor) -> Tensor:
        """X (M, d) at `where`, memory (N, d) at `there` -> (M, d)."""
        queries = to_grid(self.q(x), where)
        both = to_grid(self.kv(memory), there)
        k, v = split(both, 2, self.heads)
        y = attend(split(queries, 1, self.heads)[0], k, v, mask)
        return cast("Tensor", self.out(from_grid(y, where)))


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward, each with a residual and a norm behind it."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        d = shape.d
        self.dropout = shape.dropout
        self.self_attention, self.self_norm = SelfAttention(d, shape.heads), nn.LayerNorm(d)
        self.up, self.down, self.final_norm = nn.Linear(d, shape.ff), nn.Linear(shape.ff, d), nn.LayerNorm(d)

    def drop(self, x: Tensor) -> Tensor:
        """Dropout, skipped where it is off: its random numbers are slow on a CPU."""
        return F.dropout(x, self.dropout, self.training) if self.dropout else x

    def feed_forward(self, x: Tensor) -> Tensor:
        """X (N, d) -> (N, d)."""
        return cast("Tensor", self.final_norm(x + self.drop(self.down(self.drop(F.silu(self.up(x)))))))

    def forward(self, x: Tensor, where: Layout, mask: Tensor) -> Tensor:
        """X (N, d) -> (N, d)."""
        return self.feed_forward(self.self_norm(x + self.drop(self.self_attention(x, where, mask))))


class DecoderLayer(EncoderLayer):
    """An encoder layer that looks at the source in between."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self.cross_attention, self.cross_norm = CrossAttention(shape.d, shape.heads), nn.LayerNorm(shape.d)

    def decode(self, x: Tensor, where: Layout, mask: Tensor, memory: Tensor, there: Layout, hidden: Tensor) -> Tensor:
        """X (M, d) with the causal `mask`, memory (N, d) with the padding mask `hidden` -> (M, d)."""
        x = self.self_norm(x + self.drop(self.self_attention(x, where, mask)))
        x = self.cross_norm(x + self.drop(self.cross_attention(x, where, memory, there, hidden)))
        return self.feed_forward(x)


class SmoothedCrossEntropy(torch.autograd.Function):
    """Label-smoothed cross-entropy of `h @ W.T + b`, summed; gradients are made by chunks, logits are never kept."""

    @staticmethod
    def forward(
        ctx: Any, h: Tensor, weight: Tensor, bias: Tensor, target: Tensor, smoothing: float
    ) -> tuple[Tensor, Tensor]:
        """H (M, d), W (V, d), b (V,), target (M,) -> (smoothed loss, plain negative log-likelihood), both sums."""
        size = weight.shape[0]
        chunk = 8192 if h.is_cuda else 1024
        dh, dw = torch.empty_like(h), torch.zeros(weight.shape, device=h.device)
        db, loss, nll = (torch.zeros(n, device=h.device) for n in ((size,), (), ()))
        for i in range(0, h.shape[0], chunk):
            hc, yc = h[i : i + chunk], target[i : i + chunk]
            z = torch.addmm(bias, hc, weight.t()).float()
            keep = (yc != PAD).float()
            top, said, mean = z.amax(1, keepdim=True), z.gather(1, yc[:, None])[:, 0], z.mean(1)
            z.sub_(top).exp_()
            norm = z.sum(1)
            log_norm = norm.log() + top[:, 0]
            nll += ((log_norm - said) * keep).sum()
            loss += ((log_norm - (1 - smoothing) * said - smoothing * mean) * keep).sum()
            z.mul_((keep / norm)[:, None]).sub_((keep * smoothing / size)[:, None])
            z.scatter_add_(1, yc[:, None], (-(1 - smoothing) * keep)[:, None])
            g = z.to(h.dtype)
            dh[i : i + chunk] = g @ weight
            dw += (g.t() @ hc).float()
            db += z.sum(0)
        ctx.save_for_backward(dh, dw.to(weight.dtype), db.to(bias.dtype))
        return loss, nll

    @staticmethod
    def backward(ctx: Any, gradient: Tensor, _: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        """Only scale what `forward` has made."""
        dh, dw, db = ctx.saved_tensors
        return dh * gradient.to(dh.dtype), dw * gradient.to(dw.dtype), db * gradient.to(db.dtype), None, None


class Transformer(nn.Module):
    """Encoder and decoder with separate vocabularies; the output product shares the target embedding."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.source_embedding = nn.Embedding(shape.source_vocabulary, shape.d)
        self.target_embedding = nn.Embedding(shape.target_vocabulary, shape.d)
        self.output_bias = nn.Parameter(torch.zeros(shape.target_vocabulary))
        self.encoder = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layers))
        self.decoder = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layers))
        self.positions: Tensor
        self.register_buffer("positions", sinusoids(MAX_POSITIONS, shape.d), persistent=False)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
        for embedding in (self.source_embedding, self.target_embedding):
            nn.init.normal_(embedding.weight, 0, shape.d**-0.5)

    def embed(self, embedding: nn.Embedding, ids: Tensor, places: Tensor) -> Tensor:
        """Ids (N,) at `places` (N,) -> (N, d). The start and the padding are zero vectors, as in Marian."""
        dtype = embedding.weight.dtype
        x = embedding(ids) * (ids != PAD).to(dtype)[:, None] * math.sqrt(self.shape.d) + self.positions[places].to(
            dtype
        )
        return F.dropout(x, self.shape.dropout, self.training) if self.shape.dropout else x

    def encode(self, source: Tensor, where: Layout) -> tuple[Tensor, Tensor]:
        """Source (N,) -> (memory (N, d), its padding mask (B, 1, 1, L))."""
        x, mask = self.embed(self.source_embedding, source, where.positions), where.mask(self.output_bias.dtype)
        for layer in self.encoder:
            x = layer(x, where, mask)
        return x, mask

    def decode(self, shifted: Tensor, where: Layout, memory: Tensor, there: Layout, hidden: Tensor) -> Tensor:
        """Shifted target (M,) and an encoded source -> hidden states (M, d)."""
        x = self.embed(self.target_embedding, shifted, where.positions)
        width = where.inside.shape[1]
        causal = torch.full((width, width), MASKED, dtype=x.dtype, device=x.device).triu_(1)
        for layer in self.decoder:
            assert isinstance(layer, DecoderLayer)
            x = layer.decode(x, where, causal, memory, there, hidden)
        return x

    def loss(self, batch: Batch, smoothing: float) -> tuple[Tensor, Tensor]:
        """(Smoothed loss, plain negative log-likelihood), summed over the target tokens."""
        memory, hidden = self.encode(batch.source, batch.source_layout)
        x = self.decode(batch.shifted, batch.target_layout, memory, batch.source_layout, hidden)
        weight = self.target_embedding.weight
        made = SmoothedCrossEntropy.apply(x, weight, self.output_bias, batch.target, smoothing)  # type: ignore[no-untyped-call]
        return cast("tuple[Tensor, Tensor]", made)
