"""A service for tests with processes: its engine holds some sentences back until a file is there.

Each process leaves a file with its id as the name beside that file, and one for each request for work that comes in.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from service.app import create_app
from service.http import server
from service.http.protocol import Patience, PatientProtocol
from service.serve import options, shared_metrics
from service.settings import Settings
from service.translation.fake import FakeEngine, reveal

GATE = "HELD_UNTIL"
TAKEN = "taken-"
WORD = "așteaptă"
LONGEST = 120.0  # seconds: no test that fails leaves anything behind for longer


def application() -> ASGIApp:
    """The application of one process."""
    gate = Path(os.environ[GATE])

    def answers(sentence: str, _: str) -> list[str]:
        until = time.monotonic() + LONGEST
        while WORD in sentence and not gate.exists() and time.monotonic() < until:
            time.sleep(0.02)
        return [reveal(sentence)]

    # Forty callers that start at once on busy cores may be long in sending what they connected for.
    PatientProtocol.patience = Patience(header=LONGEST)
    gate.with_name(str(os.getpid())).touch()
    app = create_app(engine=FakeEngine(answers=answers))

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            gate.with_name(f"{TAKEN}{uuid.uuid4().hex}").touch()
        await app(scope, receive, send)

    return watched


if __name__ == "__main__":
    settings = Settings()
    with shared_metrics(settings.workers):
        server.run("tests.http.held:application", port=settings.port, workers=settings.workers, **options(settings))
