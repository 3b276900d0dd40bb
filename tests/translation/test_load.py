"""From settings to an engine, and what must not be imported on the way."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import UnknownModel
from service.languages import translated
from service.settings import Settings
from service.translation.engine import Engine
from service.translation.fake import FakeEngine
from service.translation.load import canaries, canary, load

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


def test_the_settings_name_engine_and_model() -> None:
    assert isinstance(load(Settings(engine="fake")), FakeEngine)
    with pytest.raises(UnknownModel, match="tolmach-mini"):
        load(Settings(model="other"))
