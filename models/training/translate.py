"""Synthetic pairs from a trained checkpoint, for back-translation (`data.reverse` runs) and distillation.

Each line of `translate.input` gives one line `set<TAB>source<TAB>English` of `translate.output`, which another run
reads as `data.extra`.
"""

from __future__ import annotations

import lzma
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

from models.training import checkpoint, tokens
from models.training.config import Run
from models.training.decode import generate
from models.training.records import Records

BUFFER = 20_000


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a text file, packed by xz or not, without empty ones."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        yield from (" ".join(line.split()) for line in lines if line.strip())


def batches(rows: Sequence[Sequence[int]], batch_tokens: int) -> Iterator[list[int]]:
    """Row numbers, by length, so that width times height stays under `batch_tokens`."""
    batch: list[int] = []
    for number in sorted(range(len(rows)), key=lambda i: len(rows[i])):
        if batch and (len(rows[number]) + 1) * (len(batch) + 1) > batch_tokens:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def translate(run: Run) -> Path:
    """Write the output file; lines longer than `max_pieces`, and answers that do not end, are left out."""
    if not (run.translate.input.name and run.translate.output.name):
        raise ValueError("the configuration names no translate.input or no translate.output")
    settings, device = run.translate, torch.device("cuda" if torch.cuda.is_available() else "cpu")
    state = checkpoint.load(run.paths.work / "checkpoint.pt")
    model = checkpoint.model(state, checkpoint.weights(state)).to(device)
    if device.type == "cuda":
        model = model.to(torch.bfloat16)
    source, target = (tokens.vocabulary(run.paths.tokens, side) for side in ("source", "target"))
    generator = torch.Generator(device).manual_seed(run.train.seed)
    output = settings.output
    began, written, limit = time.monotonic(), 0, settings.max_pieces * 3 // 2
    lines = list(read_lines(settings.input))
    with output.open("w", encoding="utf-8") as file:
        for start in range(0, len(lines), BUFFER):
            part = lines[start : start + BUFFER]
            ids = source.encode([settings.prompt + line for line in part])
            short = [(row, line) for row, line in zip(ids, part, strict=True) if len(row) <= settings.max_pieces]
            for batch in batches([row for row, _ in short], settings.batch_tokens):
                made = generate(model, [short[i][0] for i in batch], limit, settings.temperature, generator)
                for i, row in zip(batch, made, strict=True):
                    text = " ".join(target.decode(row).split())  # bytes may spell a tab or a line's end
                    if text and len(row) < limit:
                        sides = (short[i][1], text)
                        left, right = reversed(sides) if run.data.reverse else sides
                        file.write(f"{settings.name}\t{settings.tag}{left}\t{right}\n")
                        written += 1
            print(f"{start + len(part)} of {len(lines)} lines, {time.monotonic() - began:.0f} s", flush=True)
    Records(run).write("translate", lines=len(lines), written=written, seconds=round(time.monotonic() - began, 1))
    return output
