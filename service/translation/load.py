"""From the settings to an engine that may be trusted: files verified, canary sentences translated."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.errors import NotReady, TolmachError
from service.translation import catalog, guard
from service.translation.engine import Decoding, Engine

if TYPE_CHECKING:
    from service.settings import Settings


def load(settings: Settings) -> Engine:
    """The engine that the settings ask for, with the model that they name.

    Raises UnknownModel, and ModelFileError that names the file that is missing, changed or not in the catalogue.
    """
    if settings.engine == "fake":
        from service.translation.fake import FakeEngine

        return FakeEngine()
    return load_entry(settings, catalog.load(settings.models_dir).get(settings.model))


def load_entry(settings: Settings, entry: catalog.ModelEntry) -> Engine:
    """The engine of the settings with that model, every file of which is verified; raises ModelFileError."""
    catalog.verify(entry, settings.models_dir)
    folder = catalog.folder(entry, settings.models_dir)
    if settings.engine == "transformers":
        from service.translation.transformers import TransformersEngine

        return TransformersEngine(entry, folder, threads=settings.threads, device=settings.device)
    from service.translation.ctranslate2 import CTranslate2Engine

    return CTranslate2Engine(entry, folder, threads=settings.threads, device=settings.device)


def gains_from_batches(settings: Settings, entry: catalog.ModelEntry) -> bool:
    """What `Engine.batches` of that model will be, without loading it."""
    if settings.engine != "ctranslate2":
        return True
    from service.translation.ctranslate2 import uses_shortlist

    return not uses_shortlist(entry, settings.device)


def runs_on(settings: Settings, entry: catalog.ModelEntry) -> str:
    """What that model will run on, without loading it; raises BadSetting where there is no such device."""
    if settings.engine == "transformers":
        from service.translation import transformers

        return transformers.runs_on(settings.device)
    from service.translation import ctranslate2

    return ctranslate2.runs_on(entry, settings.device)


@cache
def canaries() -> dict[str, str]:
    """A simple sentence for each language, by ISO 639-1 code."""
    sentences: dict[str, str] = tomllib.loads(
        (Path(__file__).parent / "data" / "canaries.toml").read_text(encoding="utf-8")
    )
    return sentences


def canary(engine: Engine) -> None:
    """Translate the sentence of each language of the model that has one; raises NotReady where the answer is not sane.

    Sane is: not empty, in Latin letters, whole, no copy and no loop. It need not be right.
    """
    for language in engine.info.languages:
        sentence = canaries().get(language)
        if sentence is None:
            continue
        try:
            answer = engine.translate([sentence], language, Decoding())[0][0]
        except TolmachError as error:
            raise NotReady(f"The model failed on its canary sentence for '{language}': {error.message}") from error
        except Exception as error:
            raise NotReady(f"The model failed on its canary sentence for '{language}'.") from error
        faults = [str(fault) for fault in guard.inspect(sentence, answer) if fault in guard.FAULTS]
        if not all(unicodedata.name(char, "").startswith("LATIN") for char in answer.text if char.isalpha()):
            faults.append("not in Latin letters")
        if faults:
            raise NotReady(
                f"The model's English of its canary sentence for '{language}' is unfit: {', '.join(faults)}."
            )
