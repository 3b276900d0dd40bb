"""`python -m models.training STEP CONFIG.toml`: one step of one run.

prepare: corpus to token ids; train: until the tokens of the configuration are seen or a file STOP is there; export:
transformers and CTranslate2 folders; evaluate, parity, speed: measurements on the development set; dev: export and
score a few sentences while a training runs; translate: synthetic pairs; card: MODEL_CARD.md and its charts; publish:
all of it into models/.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from models.training.config import ConfigError, load

# A step loads only what it needs: preparing needs no torch, training no transformers.
STEPS = {
    "prepare": ("prepare", "prepare"),
    "train": ("train", "train"),
    "export": ("export", "export"),
    "evaluate": ("evaluate", "evaluate"),
    "dev": ("evaluate", "dev"),
    "parity": ("parity", "compare"),
    "speed": ("speed", "compare"),
    "translate": ("translate", "translate"),
    "card": ("card", "card"),
    "publish": ("publish", "publish"),
}


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and run one step."""
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("config", type=Path)
    parser.add_argument(
        "--average", action="store_true", help="export, dev: the moving average instead of the last weights"
    )
    given = parser.parse_args(arguments)
    try:
        run = load(given.config)
    except (ConfigError, OSError) as error:
        parser.error(str(error))
    if given.average and given.step not in {"export", "dev"}:
        parser.error(f"--average: {given.step} reads no weights, or has no choice of them")
    module, name = STEPS[given.step]
    step = getattr(importlib.import_module(f"models.training.{module}"), name)
    if given.step in {"export", "dev"}:
        step(run, average=given.average)
    else:
        step(run)


if __name__ == "__main__":
    main()
