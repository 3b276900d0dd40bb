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


def read(path: Path, event: str) -> list[dict[str, Any]]:
    """All records of one kind, oldest first; none where there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [record for record in map(json.loads, lines) if record["event"] == event]
