"""Weights of a checkpoint: safetensors, or made into that out of a pickle of which nothing but tensors is read."""

from __future__ import annotations

from pathlib import Path

from service.errors import ModelFileError

SAFE = "model.safetensors"
PICKLED = "pytorch_model.bin"
_FIRST = "model.shared.weight"  # of tensors that are one, transformers wants this name


def to_safetensors(pickled: Path, target: Path) -> None:
    """Write the tensors of `pickled` to `target`, each once; raises ModelFileError where there is anything else.

    Nothing of the pickle is run: torch unpickles tensors and containers only.
    """
    import pickle

    import torch
    from safetensors.torch import save_file

    try:
        state = torch.load(pickled, map_location="cpu", weights_only=True, mmap=True)
        tensors = {str(name): tensor for name, tensor in state.items() if isinstance(tensor, torch.Tensor)}
        complete = bool(tensors) and len(tensors) == len(state)
    except (pickle.UnpicklingError, RuntimeError, ValueError, EOFError, AttributeError, KeyError, OSError):
        complete, tensors = False, {}
    if not complete:
        raise ModelFileError(f"{pickled.name}: holds something else than weights, and is not read.", field=pickled.name)
    seen: set[tuple[int, torch.Size]] = set()
    once = {}
    for name in sorted(tensors, key=lambda name: (name != _FIRST, name)):
        key = (tensors[name].data_ptr(), tensors[name].shape)
        if key not in seen:
            seen.add(key)
            once[name] = tensors[name].contiguous()
    part = target.with_suffix(".part")
    save_file(once, part, metadata={"format": "pt"})
    part.replace(target)
