"""Which model translates what: the one that is asked for, else the one of the language, else the default."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from service.errors import (
    BadSetting,
    InvalidInput,
    ModelFileError,
    ModelUnavailable,
    NotReady,
    UnknownModel,
    UnsupportedLanguage,
)
from service.languages import english_name, translated
from service.settings import variable
from service.translation import catalog
from service.translation.engine import Decoding, Engine
from service.translation.load import canary, gains_from_batches, load_entry, runs_on
from service.translation.pool import Lazy, Pool, State
from service.translation.translate import ENGLISH, Translator

if TYPE_CHECKING:
    from service.settings import Settings
    from service.translation.batching import BatchingSnapshot
    from service.translation.catalog import Catalog, ModelEntry
    from service.types import ModelInfo

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stack:
    """What stands around an engine: `front` is asked; `queue` tells of the queue behind it, if there is one."""

    front: Engine
    queue: Callable[[], BatchingSnapshot] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A translator, and the id of the model that it stands in for because that one is not here."""

    translator: Translator
    instead_of: str | None = None

    @property
    def info(self) -> ModelInfo:
        """Which model translates, and instead of which."""
        return replace(self.translator.info, instead_of=self.instead_of)


@dataclass(frozen=True, slots=True)
class ModelState:
    """A model of the catalogue now. `routed`: the languages that it is set for; `stack`: there once it was used."""

    entry: ModelEntry
    state: State
    routed: tuple[str, ...]
    stack: Stack | None


class Router:
    """Thread-safe. `around` puts a queue and a memory around an engine; a given `engine` takes everything.

    Models are loaded when they are first used. A model that is not here is replaced by the one of the setting
    `fallback`, and the choice says so; without that setting ModelUnavailable says it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        engine: Engine | None = None,
        around: Callable[[Engine], Stack] = Stack,
    ) -> None:
        self._settings = settings
        self._around = around
        self._given = engine if engine is not None else _without_model(settings)
        self.catalogue: Catalog = catalog.load(settings.models_dir)
        self._pool = Pool(lambda entry: _fit(load_entry(settings, entry)), settings.models_memory)
        self._stacks: dict[str, Stack] = {}
        self._translators: dict[str, Translator] = {}
        self._lock = threading.Lock()
        self._require_routes()

    @property
    def default(self) -> str:
        """The id of the model for languages that have no route."""
        return self._given.info.id if self._given is not None else self._settings.model

    def choose(self, language: str, model: str | None = None) -> Choice:
        """The translator for a text of a language.

        `model` overrules the routes. Raises UnknownModel, ModelUnavailable, InvalidInput for a `model` that does not
        translate the language, and UnsupportedLanguage where none was asked for.
        """
        wanted = model or self._settled(language)
        chosen = self._able(wanted)
        if not chosen:
            raise ModelUnavailable(f"Model '{wanted}' is not installed here.", field="model" if model else None)
        translator = self._translator(chosen)
        if language != ENGLISH and language not in translator.info.languages:
            known = ", ".join(translator.info.languages)
            if model:
                raise InvalidInput(f"Model '{chosen}' does not translate '{language}'; it has {known}.", field="model")
            raise UnsupportedLanguage(
                f"{english_name(language)} ({language}) is not translated here: the settings give it to model "
                f"'{chosen}', which has {known}.",
                field="source",
            )
        return Choice(translator, instead_of=None if chosen == wanted else wanted)

    def translates(self, language: str) -> bool:
        """Whether a text of a language is translated when no model is asked for."""
        chosen = self._able(self._settled(language))
        return bool(chosen) and language in (self._given.info if self._given else self._entry(chosen)).languages

    def start(self) -> str | None:
        """Load the default model, or the fallback where that is not installed, and have it translate a sentence of each
        language; says why it cannot be trusted.

        A served language that no model of the settings translates is worth a warning.
        """
        for language in translated():
            if not self.translates(language.code):
                model = self._able(self._settled(language.code))
                logger.warning("texts in %s will be refused: model %s does not translate it", language.english, model)
        try:
            if self._given is not None:
                canary(self._given)
            else:
                with self._pool.use(self._entry(self._able(self.default) or self.default)):
                    pass
        except NotReady as error:
            logger.error("the model failed its canary sentences: %s", error.message)
            return error.message
        return None

    def stack(self, model_id: str) -> Stack:
        """What stands around a model's engine."""
        with self._lock:
            if model_id not in self._stacks:
                self._stacks[model_id] = self._around(self._given or self._lazy(self._entry(model_id)))
            return self._stacks[model_id]

    def states(self) -> list[ModelState]:
        """Every model of the catalogue, in its order."""
        served = self._settings.routes if self._given is None else {}
        return [
            ModelState(
                entry,
                self._state(entry),
                tuple(language for language in entry.languages if served.get(language, self.default) == entry.id),
                self._stacks.get(entry.id),
            )
            for entry in self.catalogue.models
        ]

    def stuck_for(self) -> float:
        """The age in seconds of the oldest call that an engine is at."""
        with self._lock:
            stacks = list(self._stacks.values())
        return max((stack.queue().stuck_for for stack in stacks if stack.queue), default=0.0)

    def close(self) -> None:
        """Close what stands around the engines, then free them."""
        for stack in self._stacks.values():
            stack.front.close()
        if self._given is not None and not self._stacks:
            self._given.close()
        self._pool.close()

    def _lazy(self, entry: ModelEntry) -> Lazy:
        settings = self._settings
        place, batches = runs_on(settings, entry), gains_from_batches(settings, entry)
        return Lazy(self._pool, entry, settings.engine, place, batches=batches)

    def _translator(self, model_id: str) -> Translator:
        if model_id not in self._translators:
            decoding = Decoding(beam=self._settings.beam)
            self._translators[model_id] = Translator(self.stack(model_id).front, decoding=decoding)
        return self._translators[model_id]

    def _settled(self, language: str) -> str:
        """The model that the settings have for a language."""
        return (self._settings.routes.get(language) if self._given is None else None) or self.default

    def _able(self, model_id: str) -> str:
        """That model, or the one that does its work where it is not here; empty where there is none."""
        return model_id if self._here(model_id) else self._settings.fallback

    def _here(self, model_id: str) -> bool:
        if self._given is not None:
            if model_id != self.default:
                raise UnknownModel(f"There is no model '{model_id}' here, only '{self.default}'.", field="model")
            return True
        entry = self._entry(model_id)
        return self._pool.state(model_id) is State.LOADED or catalog.is_present(entry, self._settings.models_dir)

    def _state(self, entry: ModelEntry) -> State:
        if not catalog.is_present(entry, self._settings.models_dir):
            return State.ABSENT
        return self._pool.state(entry.id)

    def _entry(self, model_id: str) -> ModelEntry:
        return self.catalogue.get(model_id)

    def _require_routes(self) -> None:
        """A service that cannot do what its settings say must not start, unless a fallback is set."""
        if self._given is not None:
            return
        settings = self._settings
        wanted: list[tuple[str, str | None, str]] = [("routes", *route) for route in settings.routes.items()]
        wanted += [("fallback", None, settings.fallback), ("model", None, settings.model)]
        for setting, language, model_id in wanted:
            if not model_id:
                continue
            try:
                entry = self._entry(model_id)
                if settings.fallback in ("", model_id):
                    catalog.require(entry, settings.models_dir)
            except (UnknownModel, ModelFileError) as error:
                raise type(error)(f"{variable(setting)}: {error.message}", field=error.field) from None
            if language is not None and language not in entry.languages:
                raise BadSetting(
                    f"{variable(setting)} gives '{language}' to '{model_id}', which does not translate it."
                )
            if not catalog.is_present(entry, settings.models_dir):
                logger.warning("model %s is not installed; %s takes its work", model_id, settings.fallback)


def _fit(engine: Engine) -> Engine:
    """An engine that has passed its canary sentences."""
    try:
        canary(engine)
    except NotReady:
        engine.close()
        raise
    return engine


def _without_model(settings: Settings) -> Engine | None:
    if settings.engine != "fake":
        return None
    from service.translation.fake import FakeEngine

    return FakeEngine()
