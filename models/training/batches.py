"""Batches in an order that depends on seed, epoch and position alone: a resumed run goes on with the very next one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.training.model import EOS, PAD, Batch
from models.training.packing import layout
from models.training.tokens import Store

# Pairs are sorted by length inside windows of this many, so that a batch is even and an epoch still random.
WINDOW = 60_000
AHEAD = 16


@dataclass(frozen=True, slots=True)
class Position:
    """The next batch: its epoch and its place in the epoch."""

    epoch: int = 0
    index: int = 0


def plan(store: Store, seed: int, epoch: int, batch_tokens: int) -> list[NDArray[np.int64]]:
    """The rows of every batch of an epoch. A pair of weight 1.3 is there once, and twice in three epochs of ten."""
    rng = np.random.default_rng([seed, epoch])
    repeats = np.floor(store.weights + rng.random(len(store.weights))).astype(np.int64)
    repeats[store.weights <= 0] = 0
    order = rng.permutation(np.repeat(np.arange(len(repeats)), repeats))
    source, target = store.source_lengths, store.target_lengths
    out: list[NDArray[np.int64]] = []
    for start in range(0, len(order), WINDOW):
        rows = order[start : start + WINDOW]
        rows = rows[np.lexsort((rng.random(len(rows)), source[rows] // 4, target[rows] // 4))]
        filled = np.cumsum(np.maximum(source[rows], target[rows]))
        batches = np.split(rows, np.flatnonzero(np.diff(filled // batch_tokens)) + 1)
        out += [batches[i] for i in rng.permutation(len(batches))]
    return out


def _gather(
    ids: NDArray[np.uint16], starts: NDArray[np.int64], rows: NDArray[np.int64], fill: int
) -> NDArray[np.int64]:
    """The rows' ids packed one after the other, each with its end mark, filled up with padding to `fill`."""
    lengths = starts[rows + 1] - starts[rows]
    ends = np.cumsum(lengths + 1)
    out = np.full(fill, PAD, np.int64)
    out[ends - 1] = EOS
    inside = np.ones(ends[-1], bool)
    inside[ends - 1] = False
    picked = np.repeat(starts[rows] - (ends - lengths - 1), lengths) + np.flatnonzero(inside)
    out[np.flatnonzero(inside)] = ids[picked]
    return out


def assemble(store: Store, rows: NDArray[np.int64]) -> Batch:
    """The batch of `rows`. The decoder reads the target moved by one; its first token is the padding, a zero vector."""
    source_layout, target_layout = layout(store.source_lengths[rows]), layout(store.target_lengths[rows])
    source = _gather(store.source_ids, store.source_starts, rows, len(source_layout.positions))
    target = _gather(store.target_ids, store.target_starts, rows, len(target_layout.positions))
    shifted = np.concatenate([[PAD], target[:-1]])
    shifted[shifted == EOS] = PAD
    x, y, z = (torch.from_numpy(part) for part in (source, shifted, target))
    return Batch(x, y, z, source_layout, target_layout, int(store.target_lengths[rows].sum()))


def walk(store: Store, seed: int, batch_tokens: int, at: Position) -> Iterator[tuple[Batch, Position]]:
    """Batches without end from position `at`, each with the position behind it."""
    epoch, index = at.epoch, at.index
    while True:
        batches = plan(store, seed, epoch, batch_tokens)
        if not batches:
            raise ValueError("no pair has a weight: there is nothing to train on")
        for place in range(index, len(batches)):
            yield assemble(store, batches[place]), Position(epoch, place + 1)
        epoch, index = epoch + 1, 0


class Feed:
    """`walk` in a thread of its own, a few batches ahead; pinned for CUDA. An error there is raised in `next`."""

    def __init__(self, batches: Iterator[tuple[Batch, Position]], pin: bool) -> None:
        self._queue: queue.Queue[tuple[Batch, Position] | BaseException] = queue.Queue(AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(batches, pin), daemon=True)
        self._thread.start()

    def _run(self, batches: Iterator[tuple[Batch, Position]], pin: bool) -> None:
        try:
            for batch, position in batches:
                if self._stop.is_set():
                    return
                self._put((batch.pinned() if pin else batch, position))
        except BaseException as error:
            self._put(error)

    def _put(self, item: tuple[Batch, Position] | BaseException) -> None:
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=0.5)
            except queue.Full:
                continue
            return

    def next(self) -> tuple[Batch, Position]:
        """The next batch and the position behind it."""
        item = self._queue.get()
        if isinstance(item, BaseException):
            raise item
        return item

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()
