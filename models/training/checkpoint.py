"""Checkpoints: plain dictionaries of tensors and numbers, loaded without running any pickled code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.training.model import Shape, Transformer
from models.training.restart import from_transformers


class CheckpointError(ValueError):
    """A checkpoint that does not fit the run."""


def save(path: Path, shape: Shape, optimiser: dict[str, Any], **rest: Any) -> None:
    """Write `path` at once, so that an interrupted write leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save({"shape": shape.as_dict(), "optimiser": optimiser, **rest}, part)
    part.replace(path)


def _read(path: Path) -> dict[str, Any]:
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def load(path: Path, shape: Shape | None = None) -> dict[str, Any]:
    """The checkpoint in `path`, a file of ours or a published transformers folder.

    Raises CheckpointError where its shape (dropout aside) is not `shape`.
    """
    read = from_transformers if path.is_dir() else _read
    state = read(path)
    if shape is not None and {**state["shape"], "dropout": 0} != {**shape.as_dict(), "dropout": 0}:
        raise CheckpointError(f"{path} holds {state['shape']}, the run asks for {shape.as_dict()}")
    return state


def weights(state: dict[str, Any], average: bool = False) -> dict[str, Tensor]:
    """The float32 weights by name, or their moving average."""
    found: dict[str, Tensor] = state["optimiser"]["average" if average else "masters"]
    return found


def mix(found: dict[str, Tensor], start: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """The weights `found` with a `share` of those that their training began with."""
    return {name: tensor.lerp(start[name], share) for name, tensor in found.items()}


def model(state: dict[str, Any], found: dict[str, Tensor]) -> Transformer:
    """A model of the checkpoint's shape with the weights `found`, for inference."""
    made = Transformer(Shape(**{**state["shape"], "dropout": 0.0}))
    made.load_state_dict(found)
    return made.eval()
