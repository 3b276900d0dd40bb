"""A service for tests with processes: its engine holds some sentences back until a file is there.

Each process leaves a file with its id as the name beside that file.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from fastapi import FastAPI

from service.app import create_app
from service.http import server
from service.serve import options, shared_metrics
from service.settings import Settings
from service.translation.fake import FakeEngine, reveal

GATE = "HELD_UNTIL"
WORD = "așteaptă"
LONGEST = 120.0  # seconds: no test that fails leaves anything behind for longer


def application() -> FastAPI:
    """The application of one process."""
    gate = Path(os.environ[GATE])

    def answers(sentence: str, _: str) -> list[str]:
        until = time.monotonic() + LONGEST
        while WORD in sentence and not gate.exists() and time.monotonic() < until:
            time.sleep(0.02)
        return [reveal(sentence)]

    gate.with_name(str(os.getpid())).touch()
    return create_app(engine=FakeEngine(answers=answers))


if __name__ == "__main__":
    settings = Settings()
    with shared_metrics(settings.workers):
        server.run("tests.http.held:application", port=settings.port, workers=settings.workers, **options(settings))
