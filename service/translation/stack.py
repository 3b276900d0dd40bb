"""What stands around an engine in a service that many call: the queue that batches, and the memory in front of it."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import ArgumentError

from service.article.mapped import Mapped
from service.article.normalize import normalize, spell
from service.errors import BadSetting
from service.languages import registry
from service.translation import catalog
from service.translation.batching import Batching
from service.translation.ctranslate2 import cores
from service.translation.memory import Remembering
from service.translation.scheduling import Limits
from service.translation.store import Store

if TYPE_CHECKING:
    from service.settings import Settings
    from service.translation.engine import Engine

logger = logging.getLogger(__name__)

OFF = "off"
AUTO = "auto"


def stacked(engine: Engine, store: Store | None, settings: Settings) -> tuple[Remembering, Batching]:
    """The memory in front of the queue in front of the engine, and the queue; closing the memory closes all three."""
    limits = Limits(
        workers=settings.threads or cores(),
        spare_workers=1,
        queue_tokens=settings.queue_tokens,
        queue_sentences=settings.queue_sentences,
        timeout=settings.request_timeout,
    )
    queue = Batching(engine, limits if engine.batches else replace(limits, batch_sentences=1))
    memory = Remembering(
        queue,
        store,
        cache_bytes=settings.memory_cache_bytes,
        spell=spelt,
        languages=translated(engine, settings),
    )
    return memory, queue


def translated(engine: Engine, settings: Settings) -> set[str]:
    """The languages of the engine and of every model of the catalogue: of any of them a route or a request may name."""
    models = catalog.load(settings.models_dir).models
    return {*engine.info.languages, *(language for entry in models for language in entry.languages)}


def spelt(text: str, language: str) -> str:
    """A text as the intake would hand it on."""
    known, plain = registry().get(language), normalize(Mapped.placed(text))
    return spell(plain, known).text if known else plain.text


def open_store(settings: Settings) -> Store | None:
    """The store of the memory that the settings name; None where it is off. Raises BadSetting for a bad URL."""
    if settings.memory == OFF:
        return None
    url = f"sqlite:///{default_file()}" if settings.memory == AUTO else settings.memory
    try:
        return Store(url, max_rows=settings.memory_rows, max_bytes=settings.memory_bytes)
    except (ValueError, ArgumentError):
        raise BadSetting("TOLMACH_MEMORY is neither `off`, `auto` nor a database URL.") from None
    except ModuleNotFoundError:
        raise BadSetting("TOLMACH_MEMORY names a database whose driver is not installed.") from None


def default_file() -> Path:
    """Where the memory lies if nothing is said: with the user's other state (XDG base directories), for no other."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    folder = Path(state) / "tolmach"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:  # the store says itself that it cannot write, and goes on without
        logger.warning("the folder of the translation memory cannot be made: %s", folder)
    return folder / "memory.sqlite3"
