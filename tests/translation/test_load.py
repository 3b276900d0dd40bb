"""From settings to an engine, and what must not be imported on the way."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import UnknownModel
from service.languages import translated
from service.settings import Settings
from service.translation import catalog
from service.translation.engine import Engine
from service.translation.fake import FakeEngine
from service.translation.load import canaries, canary, gains_from_batches, load
from tests.translation.conftest import EMBEDDED

ROOT = Path(__file__).parents[2]


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout


def test_the_default_engine_translates_without_torch() -> None:
    code = """
import sys
import service.app, service.cli, service.translation.convert, service.translation.hub, service.translation.routing
import service.translation.transformers, service.translation.translate, service.translation.weights
from service.settings import Settings
from service.translation.load import canary, load
canary(load(Settings()))
print(sorted({"torch", "transformers", "safetensors", "huggingface_hub"} & set(sys.modules)))
"""
    assert run(code) == "[]\n"


def test_the_fake_engine_imports_no_inference_library() -> None:
    code = """
import sys
from service.settings import Settings
from service.translation.load import load
load(Settings(engine="fake"))
print(sorted({"torch", "transformers", "ctranslate2", "sentencepiece"} & set(sys.modules)))
"""
    assert run(code) == "[]\n"


def test_the_embedded_model_passes_its_canaries(ctranslate2_engine: Engine) -> None:
    canary(ctranslate2_engine)


def test_every_language_that_is_translated_has_a_canary() -> None:
    assert set(canaries()) == {language.code for language in translated()}


@pytest.mark.parametrize(
    ("engine", "shortlist", "device", "batches"),
    [
        ("ctranslate2", True, "cpu", False),
        ("ctranslate2", True, "cuda", True),  # a GPU is for batches
        ("ctranslate2", False, "cpu", True),
        ("transformers", True, "cpu", True),  # which knows no shortlist
    ],
)
def test_batches_are_for_engines_that_gain_from_them(engine: str, shortlist: bool, device: str, batches: bool) -> None:
    kept = [file for file in EMBEDDED.files if catalog.SHORTLIST not in file.path]
    added = [file.model_copy(update={"path": f"{EMBEDDED.build}/{catalog.SHORTLIST}"}) for file in kept[:1]]
    entry = EMBEDDED.model_copy(update={"files": kept + added if shortlist else kept})
    settings = Settings.model_validate({"engine": engine, "device": device})
    assert gains_from_batches(settings, entry) is batches


def test_what_is_said_before_loading_is_what_the_engine_says(
    ctranslate2_engine: Engine, transformers_engine: Engine
) -> None:
    for engine in (ctranslate2_engine, transformers_engine):
        settings = Settings.model_validate({"engine": engine.info.engine})
        assert gains_from_batches(settings, EMBEDDED) is engine.batches


def test_the_settings_name_engine_and_model() -> None:
    assert isinstance(load(Settings(engine="fake")), FakeEngine)
    with pytest.raises(UnknownModel, match="tolmach-mini"):
        load(Settings(model="other"))
