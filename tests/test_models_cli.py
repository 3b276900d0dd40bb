"""`tolmach models`, as people call it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.errors import ModelFileError, UnknownModel
from service.settings import data_directory
from service.translation import catalog
from tests.translation.checkpoints import marian
from tests.translation.contract import KINDS
from tests.translation.localhub import Hub

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
CATALOGUE = catalog.load(data_directory("models"))
run = CliRunner().invoke


def tolmach(models: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from service.cli import main; main()", "models", *arguments],
        env={**os.environ, "TOLMACH_MODELS_DIR": str(models), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_list_has_every_model_on_a_line_of_its_own() -> None:
    lines = run(app, ["models", "list"]).output.splitlines()
    for entry in CATALOGUE.models:
        (line,) = [line for line in lines if line.split()[:1] == [entry.id]]
        assert entry.licence in line
        assert ("no commercial use" in line) is not entry.commercial_use


def test_verify_names_what_it_verified() -> None:
    assert run(app, ["models", "verify"]).output == f"tolmach-mini: {len(CATALOGUE.models[0].files)} files as pinned\n"
    assert isinstance(run(app, ["models", "verify", "nothing"]).exception, UnknownModel)
    absent = run(app, ["models", "verify", "opus-mt-it-en"]).exception
    assert isinstance(absent, ModelFileError)
    assert "tolmach models pull opus-mt-it-en" in absent.message


def test_a_model_is_pulled_verified_rebuilt_and_removed(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    entry = KINDS["marian, one vocabulary"].entry()
    (models / "catalog.toml").write_text(
        entry.replace("source =", 'repository = "a/b"\npin = "on first pull"\ncommercial_use = false\nsource =')
    )
    with Hub().running() as hub:
        commit = hub.commit("a/b", "one", marian(tmp_path / "repository", separate=False))
        pulled = tolmach(models, "pull", "tiny", HF_ENDPOINT=hub.url)
    assert pulled.returncode == 0, pulled.stderr
    assert f"tiny: revision {commit}" in pulled.stdout
    assert "does not allow commercial use" in pulled.stderr
    assert tolmach(models, "verify").stdout == f"tiny: {len(catalog.load(models).get('tiny').files)} files as pinned\n"
    assert tolmach(models, "build", "tiny", "--quantization", "float16").returncode == 0
    assert catalog.load(models).get("tiny").build == "ctranslate2-float16"
    refused = tolmach(models, "build", "tiny", "--from", str(tmp_path / "repository"))
    assert refused.returncode == 1
    assert "tolmach models pull tiny" in refused.stderr
    shutil.rmtree(models / "tiny" / "hf")
    assert tolmach(models, "verify", "tiny").returncode == 1
    assert tolmach(models, "remove", "tiny", "--forget").stdout == "tiny: removed\n"
    assert not (models / "tiny").exists()
    failed = tolmach(models, "pull", "tiny", HF_ENDPOINT="http://127.0.0.1:9")
    assert failed.returncode == 1
    assert failed.stderr.startswith("tolmach: a/b at main: the hub cannot be reached")


def test_nothing_is_fetched_of_a_model_that_could_not_be_compared(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_text(DOCS.partition("## Adding a model")[2].split("```")[1].removeprefix("toml"))
    failed = tolmach(tmp_path, "pull", "opus-mt-fr-en", HF_ENDPOINT="http://127.0.0.1:9")
    assert failed.returncode == 1
    assert "no sentence in French in service/translation/data/canaries.toml" in failed.stderr


@pytest.mark.parametrize("entry", CATALOGUE.models, ids=lambda entry: entry.id)
def test_every_model_is_in_the_docs_with_its_licence(entry: catalog.ModelEntry) -> None:
    (line,) = [line for line in DOCS.splitlines() if line.startswith(f"| `{entry.id}`")]
    assert entry.licence in line
    assert ("no commercial use" in line) is not entry.commercial_use
    assert f"| {entry.memory_mb} |" in line
    for language in entry.languages:
        assert language in line


@pytest.mark.parametrize("entry", CATALOGUE.models[1:], ids=lambda entry: entry.id)
def test_a_public_model_says_who_names_its_commit_or_that_nobody_does(entry: catalog.ModelEntry) -> None:
    assert entry.repository
    assert bool(entry.revision_source) == bool(entry.revision)
    assert bool(entry.pin) != bool(entry.revision)
