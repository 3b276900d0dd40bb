"""What a process that serves sets up beside the application."""

import os
import subprocess
import sys
from pathlib import Path

START = """
import asyncio, gc
from service.serve import application
app = application()
async def start():
    before = gc.get_freeze_count()
    async with app.router.lifespan_context(app):
        print(before, gc.get_freeze_count())
asyncio.run(start())
"""


def test_what_lasts_is_out_of_the_garbage_collectors_rounds() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "TOLMACH_ENGINE": "fake"},
    )
    before, after = map(int, done.stdout.split())
    assert before == 0
    assert after > 10_000
