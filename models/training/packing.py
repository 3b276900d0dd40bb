"""Sentences without padding: all tokens of a batch in one row, and the way to a padded grid and back.

Four fifths of a step are matrix products over single tokens. They run on the packed row, so that no time is lost on
padding; only attention needs the grid. Both ways are gathers, forward and backward: every token has exactly one place
in the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

# Packed rows are filled up to a multiple of this: few distinct shapes, so that compiled matrix kernels are reused.
ROW_MULTIPLE = 256
GRID_MULTIPLE = 4
MASKED = -1e4


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the N packed tokens of B sentences lie.

    `positions` (N,): place in the sentence; `flat` (N,): place in the grid of B x L seen as one row; `grid` (B x L,):
    the packed token of each place, 0 where there is none; `inside` (B, L): whether there is one.
    """

    positions: Tensor
    flat: Tensor
    grid: Tensor
    inside: Tensor

    def to(self, device: torch.device) -> Layout:
        """The same layout on `device`."""
        return Layout(*(getattr(self, name).to(device, non_blocking=True) for name in self.__slots__))

    def pinned(self) -> Layout:
        """The same layout in page-locked memory."""
        return Layout(*(getattr(self, name).pin_memory() for name in self.__slots__))

    def mask(self, dtype: torch.dtype) -> Tensor:
        """(B, 1, 1, L): what to add to attention scores so that empty places get no weight."""
        return torch.zeros(self.inside.shape, dtype=dtype, device=self.inside.device).masked_fill_(
            ~self.inside, MASKED
        )[:, None, None, :]


def layout(lengths: np.ndarray) -> Layout:
    """The layout of sentences of `lengths` (B,) tokens, packed one after the other and filled up to ROW_MULTIPLE."""
    width = -(-int(lengths.max()) // GRID_MULTIPLE) * GRID_MULTIPLE
    total = int(lengths.sum())
    rows = -(-total // ROW_MULTIPLE) * ROW_MULTIPLE
    starts = np.cumsum(lengths) - lengths
    owner = np.repeat(np.arange(len(lengths)), lengths)
    positions, flat = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    positions[:total] = np.arange(total) - starts[owner]
    flat[:total] = owner * width + positions[:total]
    places = np.arange(width)[None]
    inside = places < lengths[:, None]
    grid = np.where(inside, starts[:, None] + places, 0).reshape(-1)
    return Layout(torch.from_numpy(positions), torch.from_numpy(flat), torch.from_numpy(grid), torch.from_numpy(inside))


class _ToGrid(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, where: Layout) -> Tensor:
        """Gather."""
        ctx.where = where
        return x.index_select(0, where.grid).view(*where.inside.shape, -1)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        """Gather the other way."""
        return gradient.reshape(-1, gradient.shape[-1]).index_select(0, ctx.where.flat), None


class _FromGrid(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, where: Layout) -> Tensor:
        """Gather."""
        ctx.where = where
        return x.reshape(-1, x.shape[-1]).index_select(0, where.flat)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        """Gather the other way."""
        where: Layout = ctx.where
        padded = gradient.index_select(0, where.grid).view(*where.inside.shape, -1)
        return padded.mul_(where.inside[..., None]), None


def to_grid(x: Tensor, where: Layout) -> Tensor:
    """x (N, d) packed -> (B, L, d). Empty places hold some token's values: attention must mask them."""
    return cast("Tensor", _ToGrid.apply(x, where))  # type: ignore[no-untyped-call]


def from_grid(x: Tensor, where: Layout) -> Tensor:
    """x (B, L, d) -> (N, d) packed."""
    return cast("Tensor", _FromGrid.apply(x, where))  # type: ignore[no-untyped-call]
