"""Step 2: training, resumable, with a record every `report_every` steps.

A run whose length is given in tokens goes on to the bit as if it had never stopped, on one machine; where minutes end
it, the rate follows the clock. A file named STOP in the work folder ends it after the current step, with a checkpoint,
and is removed. On a CPU, preload tcmalloc and
set OMP_WAIT_POLICY=PASSIVE and ONEDNN_PRIMITIVE_CACHE_CAPACITY=8192 (README.md).
"""

from __future__ import annotations

import math
import time
import timeit
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from models.training import checkpoint, tokens
from models.training.batches import Feed, Position, walk
from models.training.config import Run, Train
from models.training.model import Shape, Transformer
from models.training.optimiser import Optimiser
from models.training.records import Records


@dataclass(slots=True)
class Progress:
    """Where a run is: `seen` target tokens, the next batch, the seconds spent on it over all its sittings."""

    seen: int = 0
    position: Position = field(default_factory=Position)
    seconds: float = 0.0


@dataclass(slots=True)
class Window:
    """What has been summed since the last report."""

    tokens: int = 0
    nll: float = 0.0
    started: float = field(default_factory=time.monotonic)


def done(train: Train, progress: Progress) -> float:
    """The share of the stage that is behind: of its tokens or of its minutes, whichever is more."""
    minutes = progress.seconds / 60 / train.minutes if train.minutes else 0.0
    return min(1.0, max(progress.seen / train.tokens if train.tokens else 0.0, minutes))


def rate(train: Train, step: int, share: float) -> float:
    """The learning rate: a linear warm-up in steps, a plateau, a linear fall to zero over the last `decay` share."""
    return train.rate * min(1.0, step / max(1, train.warmup), (1 - share) / train.decay if train.decay else 1.0)


def precision(device: torch.device) -> str:
    """The type that weights compute in: bfloat16 on CUDA, on a CPU what its products are faster in.

    Either can be nearly twice as fast as the other: some cores have bfloat16 products in name only.
    """
    if device.type == "cuda":
        return "bfloat16"
    took = {}
    for name in ("float32", "bfloat16"):
        dtype = getattr(torch, name)
        x, w = torch.zeros(4096, 256, dtype=dtype), torch.zeros(1536, 256, dtype=dtype)
        torch.nn.functional.linear(x, w)  # the first call compiles
        took[name] = min(timeit.repeat(lambda x=x, w=w: torch.nn.functional.linear(x, w), repeat=5, number=2))  # type: ignore[misc]
    return min(took, key=lambda name: took[name])


class Trainer:
    """One run: model, optimiser, batches, files."""

    def __init__(self, run: Run) -> None:
        self.run, self.device = run, torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(run.train.seed)
        tokens.require_same(run.paths.tokens, run.paths.start)
        self.store = tokens.load(run.paths.tokens)
        sizes = [tokens.vocabulary(run.paths.tokens, side).get_piece_size() for side in ("source", "target")]
        self.model = Transformer(Shape(*sizes, **asdict(run.model)))
        self.progress, self.first_step = Progress(), 0
        self.records = Records(run)
        self.path = run.paths.work / "checkpoint.pt"
        state = self._start()
        self.model.to(self.device)
        settings = run.train
        self.precision = settings.precision
        self.optimiser = Optimiser(self.model, settings.muon, settings.average, settings.average_floor)
        if state is not None:
            self._restore(state)
        self.precision = self.precision or precision(self.device)
        self.model.to(getattr(torch, self.precision))
        self.optimiser.parameters = dict(self.model.named_parameters())

    def _start(self) -> dict[str, Any] | None:
        """The run's own checkpoint, else the one that it starts from, else none."""
        path = self.path if self.path.exists() else self.run.paths.start
        return checkpoint.load(path, self.model.shape) if path else None

    def _restore(self, state: dict[str, Any]) -> None:
        """Everything from the run's own checkpoint; weights, and moments if wanted, from one that it starts from."""
        fresh = not self.path.exists()
        moments = not fresh or (self.run.train.optimiser and "first" in state["optimiser"])
        self.optimiser.restore(state["optimiser"], moments=moments)
        self.first_step = self.optimiser.step_count
        if not fresh:
            self.progress = Progress(state["seen"], Position(*state["position"]), state["seconds"])
            self.first_step = state["first_step"]
            self.precision = self.precision or state.get("precision", "")
            torch.set_rng_state(state["random"])
            if self.device.type == "cuda" and "random_cuda" in state:
                torch.cuda.set_rng_state(state["random_cuda"])

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        checkpoint.save(
            self.path,
            self.model.shape,
            self.optimiser.state(),
            seen=self.progress.seen,
            position=[self.progress.position.epoch, self.progress.position.index],
            seconds=self.progress.seconds,
            precision=self.precision,
            first_step=self.first_step,
            random=torch.get_rng_state(),
            **({"random_cuda": torch.cuda.get_rng_state()} if self.device.type == "cuda" else {}),
        )

    def step(self, feed: Feed) -> tuple[int, float, float, float]:
        """One batch: (its target tokens, their summed negative log-likelihood, the gradient's norm, the rate)."""
        batch, position = feed.next()
        batch = batch.to(self.device)
        loss, nll = self.model.loss(batch, self.run.train.smoothing)
        (loss / batch.tokens).backward()  # type: ignore[no-untyped-call]
        settings = self.run.train
        now = rate(settings, self.optimiser.step_count + 1 - self.first_step, done(settings, self.progress))
        norm = self.optimiser.step(now)
        self.progress.seen += batch.tokens
        self.progress.position = position
        return batch.tokens, float(nll.detach()), norm, now

    def report(self, window: Window, norm: float, now: float) -> None:
        """A line for people and a record for the card."""
        elapsed = time.monotonic() - window.started
        loss, speed = window.nll / window.tokens, window.tokens / elapsed
        share = max(1e-9, done(self.run.train, self.progress))
        left = self.progress.seconds * (1 - share) / share / 60
        step, seen = self.optimiser.step_count, self.progress.seen
        values = {"step": step, "seen": seen, "loss": round(loss, 4), "rate": now, "norm": round(norm, 3)}
        self.records.write("train", **values, speed=round(speed), seconds=round(self.progress.seconds, 1))
        print(
            f"step {step}  {seen / 1e6:.2f}M tokens  loss {loss:.3f}  ppl {math.exp(min(loss, 20)):.2f}  "
            f"rate {now:.1e}  norm {norm:.2f}  {speed:.0f} tok/s  {left:.0f} min left",
            flush=True,
        )

    def finished(self) -> bool:
        """The stage is over, or somebody asked for an end."""
        return done(self.run.train, self.progress) >= 1 or (self.run.paths.work / "STOP").exists()

    def train(self) -> None:
        """Go on until `finished`, with a checkpoint every `checkpoint_minutes` and at the end."""
        settings = self.run.train
        feed = Feed(
            walk(self.store, settings.seed, settings.batch_tokens, self.progress.position),
            pin=self.device.type == "cuda",
        )
        window, saved = Window(), time.monotonic()
        while not self.finished():
            began = time.monotonic()
            count, nll, norm, now = self.step(feed)
            self.progress.seconds += time.monotonic() - began
            window.tokens, window.nll = window.tokens + count, window.nll + nll
            if self.optimiser.step_count % settings.report_every == 0:
                self.report(window, norm, now)
                window = Window()
            if time.monotonic() - saved > settings.checkpoint_minutes * 60:
                self.save()
                saved = time.monotonic()
        feed.close()
        self.save()
        (self.run.paths.work / "STOP").unlink(missing_ok=True)


def train(run: Run) -> Path:
    """Train `run` from where it is; the path of its checkpoint."""
    # Trained attention is full of numbers below float32's normal range, on which some cores are slow. The threads that
    # share a product inherit this if they start after it.
    torch.set_flush_denormal(True)
    trainer = Trainer(run)
    count = sum(p.numel() for p in trainer.model.parameters()) / 1e6
    kind, seen = f"{trainer.device}, {trainer.precision}", trainer.progress.seen / 1e6
    print(f"{count:.1f}M parameters, {kind}, from {seen:.2f}M tokens", flush=True)
    trainer.records.write(
        "start",
        parameters=round(count, 2),
        device=trainer.device.type,
        precision=trainer.precision,
        seen=trainer.progress.seen,
    )
    trainer.train()
    trainer.records.write("stop", seen=trainer.progress.seen, seconds=round(trainer.progress.seconds, 1))
    return trainer.path
