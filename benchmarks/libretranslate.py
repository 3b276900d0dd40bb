"""LibreTranslate, installed beside this project, with one of our models as its Argos packages; nothing is downloaded.

    python -m venv libre && libre/bin/pip install libretranslate==1.9.6 spacy==3.8.18

An Argos package is a folder: `metadata.json`, a CTranslate2 build in `model/`, and one `sentencepiece.model` for both
sides. Three things need care, and none slows LibreTranslate down:

- Its tokenizer adds no end token, without which a Marian model repeats itself: the build's own configuration adds it.
- It decodes with the SentencePiece model of the source. English pieces that this one does not have come out as they
  are, which is right; only normalisation could differ.
- Its sentence splitter, MiniSBD, wants neural models from GitHub. Its other one is spaCy: a package may hold a pipeline
  of its own, and an empty one gets spaCy's rule-based `sentencizer`, which costs next to nothing. The folder that marks
  the usual spaCy model as downloaded is made too, for it is looked for at the start whether it is needed or not.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import Server, free_port, running

NAMES = {"ro": "Romanian", "it": "Italian", "uk": "Ukrainian"}
EMPTY_PIPELINE = "import spacy, sys; spacy.blank(sys.argv[1]).to_disk(sys.argv[2])"
VERSION = "from importlib.metadata import version as v; print(v('libretranslate'), 'on CTranslate2', v('ctranslate2'))"


def pack(model: Path, folder: Path, code: str, python: Path) -> None:
    """Make the package of a language in `folder` out of a model's folder (`ctranslate2-int8/`, `hf/source.spm`)."""
    metadata = {
        "package_version": "1.0",
        "argos_version": "1.12",
        "from_code": code,
        "from_name": NAMES[code],
        "to_code": "en",
        "to_name": "English",
    }
    shutil.copytree(model / "ctranslate2-int8", folder / "model")
    shutil.copyfile(model / "hf/source.spm", folder / "sentencepiece.model")
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    config = folder / "model/config.json"
    changed = {**json.loads(config.read_text(encoding="utf-8")), "add_source_eos": True}
    config.write_text(json.dumps(changed), encoding="utf-8")
    subprocess.run([python, "-c", EMPTY_PIPELINE, code, folder / "spacy"], check=True, capture_output=True)


def install(model: Path, home: Path, python: Path) -> None:
    """Everything that LibreTranslate looks for, under `home`."""
    for code in NAMES:
        pack(model, home / "data/argos-translate/packages" / f"{code}_en", code, python)
    (home / "cache/argos-translate/spacy/senter/model").mkdir(parents=True)


def version(venv: Path) -> str:
    return subprocess.run([venv / "bin/python", "-c", VERSION], check=True, capture_output=True, text=True).stdout


@contextmanager
def serving(venv: Path, home: Path, **environment: str) -> Iterator[Server]:
    """The server on packages that are installed under `home`; `environment` has settings of Argos Translate."""
    port = free_port()
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "CACHE")}
    settings = {**places, "ARGOS_CHUNK_TYPE": "SPACY", **environment}
    command: list[str | Path] = [
        venv / "bin/libretranslate",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--disable-web-ui",
    ]
    with running(command, port, "/languages", settings, home) as server:
        yield server
