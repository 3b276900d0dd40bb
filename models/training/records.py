"""What happened in a run, as JSON lines: the model card and the learning curve are made from nothing else."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from models.training.config import Run


class Records:
    """`records.jsonl` of a run: one object a line, with `event`, `time` (UTC), `stage` and the event's values."""

    def __init__(self, run: Run) -> None:
        self.path = run.paths.history
        self.stage = run.stage or run.name

    def write(self, event: str, **values: Any) -> None:
        """Append one event."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        with self.path.open("a", encoding="utf-8") as file:
            file.write(
                json.dumps({"event": event, "time": now, "stage": self.stage, **values}, ensure_ascii=False) + "\n"
            )


class MissingRecord(LookupError):
    """A step that another needs has not been run on the present export."""


def measured(path: Path, event: str) -> dict[str, Any]:
    """The last record of a step that measures an export, made after the last export.

    Raises MissingRecord where that step has not been run since: an older record tells of another model.
    """
    exported = [record["time"] for record in read(path, "export")]
    found = read(path, event)
    if not found or not exported or found[-1]["time"] < exported[-1]:
        raise MissingRecord(f"{path} has no measurement of the last export: run `{event}` first")
    return found[-1]


def read(path: Path, event: str) -> list[dict[str, Any]]:
    """All records of one kind, oldest first; none where there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [record for record in map(json.loads, lines) if record["event"] == event]
