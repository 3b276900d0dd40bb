"""What the tests of the translation memory share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.translation.batching import Batching
from service.translation.engine import Decoding
from service.translation.memory import Remembering
from service.translation.store import Store
from service.types import Hypothesis
from tests.translation.revealing import Revealing, answer

DECODING = Decoding(beam=2, hypotheses=2)
ARTICLE = [f"Propoziția numărul {number} a articolului." for number in range(40)]
PATIENCE = 60.0


Opened = Callable[..., Remembering]


def store_of(memory: Remembering) -> Store:
    assert memory._store
    return memory._store


def shut(memory: Remembering) -> None:
    memory.close()
    store_of(memory).close()


def flushed(memory: Remembering) -> None:
    assert store_of(memory).flush(PATIENCE)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.01)


def expected(*sentences: str, language: str = "ro", decoding: Decoding = DECODING) -> list[tuple[Hypothesis, ...]]:
    return [answer(sentence, language, decoding) for sentence in sentences]


def person(english: str) -> tuple[Hypothesis, ...]:
    return (Hypothesis(english, 0.0, human=True),)


@contextmanager
def opening(path: Path) -> Iterator[Opened]:
    """Opens memories on one file, as processes would, and closes them in the end."""
    memories: list[Remembering] = []

    def open_one(engine: Revealing | Batching | None = None, **options: object) -> Remembering:
        store = Store(f"sqlite:///{path}", **{"patience": 0.5, "retry": 0.1, **options})  # type: ignore[arg-type]
        memories.append(Remembering(engine or Revealing(), store))
        return memories[-1]

    yield open_one
    for memory in memories:
        shut(memory)


def works_without_memory(memory: Remembering, engine: Revealing, mark: str) -> None:
    before = len(engine.calls)
    asked = [f"{mark} {index}" for index in range(5)]
    assert memory.translate(asked, "ro", DECODING) == expected(*asked)
    assert len(engine.calls) == before + 1


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
