"""The Argos packages that are made of our model."""

import json
import subprocess
from pathlib import Path

import pytest

from benchmarks import libretranslate


def test_a_package_has_what_argos_looks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[object]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: calls.append(command))
    model = tmp_path / "model"
    for name, text in (("ctranslate2-int8/config.json", '{"add_source_eos": false, "x": 1}'), ("hf/source.spm", "spm")):
        (model / name).parent.mkdir(parents=True)
        (model / name).write_text(text, encoding="utf-8")
    libretranslate.install(model, tmp_path / "home", Path("python"))
    packages = tmp_path / "home/data/argos-translate/packages"
    assert {path.name for path in packages.iterdir()} == {"ro_en", "it_en", "uk_en"}
    metadata = json.loads((packages / "uk_en/metadata.json").read_text(encoding="utf-8"))
    assert (metadata["from_code"], metadata["to_code"]) == ("uk", "en")
    assert json.loads((packages / "ro_en/model/config.json").read_text(encoding="utf-8")) == {
        "add_source_eos": True,
        "x": 1,
    }
    assert (packages / "it_en/sentencepiece.model").read_text(encoding="utf-8") == "spm"
    assert [command[-2] for command in calls] == ["ro", "it", "uk"]
    assert json.loads((model / "ctranslate2-int8/config.json").read_text(encoding="utf-8"))["add_source_eos"] is False
