"""The models that are in memory: loaded when they are first used, and the longest unused gives way to the next."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from service.errors import TolmachError
from service.translation.cancellation import current
from service.types import Hypothesis

if TYPE_CHECKING:
    from service.translation.catalog import ModelEntry
    from service.translation.engine import Decoding, Engine

logger = logging.getLogger(__name__)

_LOOK_AFTER = 1.0  # seconds between looks at whether a request that waits for a model is given up or late


class State(StrEnum):
    """`here`: installed, and loaded when it is asked for."""

    ABSENT = "absent"
    HERE = "here"
    LOADING = "loading"
    LOADED = "loaded"


@dataclass
class _Slot:
    entry: ModelEntry
    engine: Engine
    users: int = 0
    used: float = 0.0
    leaving: bool = False


def _unused(slot: _Slot) -> bool:
    return slot.users == 0


class Pool:
    """Thread-safe. `load` makes an engine, and only one at a time; `budget_mb` 0 is no limit.

    A model that must give way finishes the calls that it is in, and takes no new ones. A model that is larger than the
    budget is loaded alone.
    """

    def __init__(self, load: Callable[[ModelEntry], Engine], budget_mb: int = 0) -> None:
        self._load = load
        self._budget = budget_mb
        self._slots: dict[str, _Slot] = {}
        self._loading: str | None = None
        self._changed = threading.Condition()

    @contextmanager
    def use(self, entry: ModelEntry) -> Iterator[Engine]:
        """The engine of a model, which stays while it is used. Raises what `load` raises, and what the request's token
        raises while another loads or has yet to give way.
        """
        slot = self._enter(entry)
        try:
            yield slot.engine
        finally:
            with self._changed:
                slot.users -= 1
                slot.used = time.monotonic()
                self._changed.notify_all()

    def state(self, model_id: str) -> State:
        """Whether a model that is here is loaded."""
        with self._changed:
            if model_id in self._slots:
                return State.LOADED
            return State.LOADING if self._loading == model_id else State.HERE

    def close(self, timeout: float = 1.0) -> None:
        """Free all models; one that is still in use after `timeout` seconds is left behind, as an engine that hangs."""
        until = time.monotonic() + timeout
        with self._changed:
            for slot in list(self._slots.values()):
                if self._changed.wait_for(partial(_unused, slot), max(until - time.monotonic(), 0.0)):
                    self._dismiss(slot)
                else:
                    logger.warning("model %s is still in use; it is left behind", slot.entry.id)

    def _enter(self, entry: ModelEntry) -> _Slot:
        with self._changed:
            while True:
                slot = self._slots.get(entry.id)
                if slot is not None and not slot.leaving:
                    slot.users += 1
                    return slot
                if slot is None and self._loading is None:
                    self._loading = entry.id
                    break
                self._wait()
        try:
            self._make_room(entry)
            started = time.monotonic()
            slot = _Slot(entry, self._load(entry), users=1, used=time.monotonic())
            logger.info("loaded model %s in %.1f s", entry.id, time.monotonic() - started)
            with self._changed:
                self._slots[entry.id] = slot
            return slot
        finally:
            with self._changed:
                self._loading = None
                self._changed.notify_all()

    def _wait(self) -> None:
        """Wait for a change. Raises what the request's token raises."""
        token = current()
        self._changed.wait(None if token is None else _LOOK_AFTER)
        if token is not None:
            token.check()

    def _make_room(self, entry: ModelEntry) -> None:
        if not self._budget:
            return
        with self._changed:
            while self._slots and self._taken() + entry.memory_mb > self._budget:
                slot = min(self._slots.values(), key=lambda slot: (slot.users > 0, slot.used))
                logger.info("model %s gives way to %s", slot.entry.id, entry.id)
                self._dismiss(slot)

    def _taken(self) -> int:
        return sum(slot.entry.memory_mb for slot in self._slots.values())

    def _dismiss(self, slot: _Slot) -> None:
        slot.leaving = True
        try:
            while not _unused(slot):
                self._wait()
        except TolmachError:  # nobody needs the room any more
            slot.leaving = False
            self._changed.notify_all()
            raise
        if self._slots.pop(slot.entry.id, None) is not None:
            slot.engine.close()
        self._changed.notify_all()


class Lazy:
    """An engine that is in memory only while it is needed; what is known of its model is known without loading it.

    `engine` is its name, and `place` what it will run on: see `ModelEntry.info`.
    """

    def __init__(self, pool: Pool, entry: ModelEntry, engine: str, place: str = "", *, batches: bool = True) -> None:
        self.batches = batches
        self._pool = pool
        self._entry = entry
        self.info = entry.info(engine, place)
        self.max_input_tokens = entry.max_input_tokens

    def count_tokens(self, sentences: Sequence[str], language: str) -> list[int]:
        """As the engine counts."""
        with self._pool.use(self._entry) as engine:
            return engine.count_tokens(sentences, language)

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        """As the engine translates."""
        with self._pool.use(self._entry) as engine:
            return engine.translate(sentences, language, decoding)

    def close(self) -> None:
        """Nothing: the pool frees its engines."""
