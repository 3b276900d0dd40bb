from pathlib import Path

import pytest

from models.training.config import ConfigError, load

BASE = 'name = "x"\n[paths]\ncorpus = "c"\nwork = "w"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_left_out_has_defaults_and_paths_expand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMEWHERE", "/there")
    run = load(write(tmp_path, BASE.replace('"w"', '"$SOMEWHERE/run"')))
    assert run.paths.work == Path("/there/run")
    assert run.paths.tokens == Path("/there/run/data")
    assert run.model.d == 256


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("[train]\nspeed = 3\n", "train: unknown speed"),
        ("[train]\nwarmup = 1.5\n", "train.warmup: 1.5 is not int"),
        ("[model]\nd = true\n", "model.d: True is not int"),
        ('[data]\nweights = [{ set = "a", wait = 1 }]\n', "data.weights: unknown wait"),
        ('[data]\nweights = [{ set = "a" }]\n', "data.weights: .*weight"),
        ('[[references]]\nname = "a"\nbleu = { ro = "high" }\n', "references.bleu: 'high' is not float"),
        ("speed = 3\n", "paths: unknown speed"),
        ("start = 3\n", "paths.start: 3 is not a path"),
        ('[data]\nlanguages = "ro"\n', "data.languages: 'ro' is not a list"),
        ("[data]\nweights = { weight = 1 }\n", "data.weights: .* is not a list"),
        ("[train]\ntokens = -1\n", "train.tokens: -1 is less than 0"),
        ("[data]\naugment = 3\n", "data.augment: 3 is not a table"),
        ('[data]\nextra = ["$NOWHERE/ro-back.tsv"]\n', r"data.extra: '\$NOWHERE/ro-back.tsv' names an environment"),
        ('[data]\nextra = ["romanian.tsv"]\n', r"run.toml: data.extra: romanian.tsv does not begin with a language"),
        ("[data\n", r"run.toml: "),
        ("[export]\nstart = 0.5\n", r"run.toml: export.start: a share of 0..1"),
        ('start = "s"\n[export]\nstart = 1.5\n', r"run.toml: export.start: a share of 0..1"),
    ],
)
def test_what_no_run_has_is_refused_with_its_place(
    tmp_path: Path, more: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOWHERE", raising=False)
    with pytest.raises(ConfigError, match=message):
        load(write(tmp_path, BASE + more))


def test_an_unset_variable_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOWHERE", raising=False)
    with pytest.raises(ConfigError, match=r"paths\.work: '\$NOWHERE/run'"):
        load(write(tmp_path, BASE.replace('"w"', '"$NOWHERE/run"')))


def test_a_missing_section_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="paths"):
        load(write(tmp_path, 'name = "x"\n'))


@pytest.mark.parametrize("path", sorted(Path("models/training/configs").glob("*.toml")), ids=lambda path: path.stem)
def test_the_configurations_of_the_project_can_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CORPUS", "WORK", "DEV", "START", "MONO"):
        monkeypatch.setenv(f"TOLMACH_{name}", f"/{name}")
    assert load(path).name
