"""The catalogue of models: `models/catalog.toml` names every model, what it is and what exactly its files are.

A model is these bytes or it is refused: nothing is loaded from a folder that `verify` has not passed. Our own models
are pinned in the catalogue itself; those of public repositories in the lock file beside it (see `lockfile`).
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from service.errors import ModelFileError, UnknownModel
from service.translation import files, lockfile
from service.translation.files import ModelFile, Strict, digest
from service.translation.lockfile import RemoteFile
from service.types import ModelInfo

FILE_NAME = "catalog.toml"
SHORTLIST = "vmap.txt"  # the name that CTranslate2 looks for in a build
ON_FIRST_PULL = "on first pull"
_COMMENTS_AT_END = re.compile(r"(?:\n(?:#[^\n]*)?)*\Z")

_Text = Annotated[str, Field(min_length=1)]
_Code = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


class Score(Strict):
    """A published score: `metric` is BLEU or chrF of `test` for one source language; `source` says who measured it."""

    test: _Text
    language: _Code
    metric: Literal["BLEU", "chrF"]
    value: float
    source: _Text


class ModelEntry(Strict):
    """One model of the catalogue.

    `revision` is a commit for a model from a public `repository`, where `revision_source` says who names it, and the
    first 16 digits of the digest of `hf/` for one of our own. A repository whose commit is not known says
    `pin = "on first pull"` instead. `target` asks the model for English: a tag before the sentence for a Marian model
    that has several target languages (`>>eng<<`), the first token of the answer for NLLB (`eng_Latn`). `languages` maps
    ISO 639-1 codes to the model's own. `max_input_tokens` is the longest sentence, in the model's tokens with the end
    token, that it reads without loss. `parameters` is in millions, `memory_mb` what an int8 build takes on a CPU, in
    MiB. `downloads` are the files of the repository that are known beforehand; `files` those of an installed model,
    and the ones in a folder that starts with `ctranslate2-` are a build of those in `hf/`.
    """

    id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]*$")]
    architecture: Literal["marian", "nllb"]
    summary: _Text
    source: _Text
    repository: Annotated[str | None, Field(pattern=r"^[\w.-]+/[\w.-]+$")] = None
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{16,64}$|^$")] = ""
    revision_source: str | None = None
    pin: Literal["on first pull"] | None = None
    licence: _Text
    commercial_use: bool = True
    parameters: Annotated[int | None, Field(ge=1)] = None
    memory_mb: Annotated[int, Field(ge=1)] = 512
    max_input_tokens: Annotated[int, Field(ge=8)]
    target: str | None = None
    languages: Annotated[dict[_Code, str], Field(min_length=1)]
    scores: list[Score] = Field(default_factory=list)
    downloads: list[RemoteFile] = Field(default_factory=list)
    files: list[ModelFile] = Field(default_factory=list)

    @model_validator(mode="after")
    def pinned(self) -> Self:
        """A repository has a full commit or says that it has none yet; an NLLB model is told its target language."""
        if self.architecture == "nllb" and not self.target:
            raise ValueError("an nllb model needs a target such as 'eng_Latn'")
        if self.repository is None:
            if self.pin or self.downloads:
                raise ValueError("pin and downloads are for a model with a repository")
        elif bool(self.revision) == bool(self.pin) and not self.files:
            raise ValueError(f"a repository needs a revision, or pin = '{ON_FIRST_PULL}'")
        elif self.revision and len(self.revision) != 40:
            raise ValueError("the revision of a repository is a full commit of 40 digits")
        return self

    @property
    def sha256(self) -> str:
        """The digest of all digests: sha256 of what `sha256sum` prints for the files in the order of their paths."""
        lines = sorted((file.path, file.sha256) for file in self.files)
        return hashlib.sha256("".join(f"{digest}  {path}\n" for path, digest in lines).encode()).hexdigest()

    @property
    def build(self) -> str | None:
        """The folder of the CTranslate2 build, such as `ctranslate2-int8`, or None where there is none."""
        folders = (PurePosixPath(file.path).parts[0] for file in self.files)
        return next((folder for folder in folders if folder.startswith("ctranslate2-")), None)

    @property
    def shortlist(self) -> bool:
        """Whether the build has a lexical shortlist: the English tokens that may come of each source token."""
        return any(file.path == f"{self.build}/{SHORTLIST}" for file in self.files)

    def info(self, engine: str, place: str) -> ModelInfo:
        """What an engine of that name says of the model. `place` is what it runs on, as far as that changes answers."""
        asked = [self.target, sorted(self.languages.items()), self.max_input_tokens, place]
        variant = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]
        return ModelInfo(self.id, self.revision, self.sha256, engine, tuple(self.languages), variant)


class Catalog(Strict):
    """All models, in the order of the file."""

    models: Annotated[list[ModelEntry], Field(alias="model", default_factory=list)]

    def get(self, model_id: str) -> ModelEntry:
        """The entry of `model_id`; raises UnknownModel."""
        for entry in self.models:
            if entry.id == model_id:
                return entry
        known = ", ".join(entry.id for entry in self.models) or "none"
        raise UnknownModel(f"There is no model '{model_id}' in the catalogue. Known: {known}.", field="model")


def load(models_dir: Path) -> Catalog:
    """Read `catalog.toml` with what the lock file adds; raises ModelFileError that names the entry and the field."""
    locked = lockfile.load(models_dir)
    catalogue = read(models_dir)
    return catalogue.model_copy(
        update={"models": [_with_lock(entry, locked.get(entry.id)) for entry in catalogue.models]}
    )


def _with_lock(entry: ModelEntry, locked: lockfile.Locked | None) -> ModelEntry:
    if locked is None or entry.repository is None:
        return entry
    if locked.repository != entry.repository or entry.revision not in ("", locked.revision):
        raise ModelFileError(
            f"{lockfile.FILE_NAME}: '{entry.id}' is locked as {locked.repository} at {locked.revision[:12]}, "
            f"but the catalogue says {entry.repository} at {entry.revision[:12] or 'any commit'}.",
            field=lockfile.FILE_NAME,
        )
    return entry.model_copy(
        update={"revision": locked.revision, "pin": None, "downloads": locked.downloads, "files": locked.files}
    )


def read(models_dir: Path) -> Catalog:
    """Read `catalog.toml` alone; raises ModelFileError that names the model's entry and the field."""
    path = models_dir / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ModelFileError(f"{path}: not UTF-8.", field=FILE_NAME) from None
    except OSError as error:
        raise ModelFileError(
            f"TOLMACH_MODELS_DIR is no folder of models: {path}: {error.strerror}.", field=FILE_NAME
        ) from None
    return parse(text)


def parse(text: str) -> Catalog:
    """The catalogue that `text` (TOML) says; raises ModelFileError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ModelFileError(f"{FILE_NAME}: not TOML: {error}.", field=FILE_NAME) from None
    try:
        catalog = Catalog.model_validate(data)
    except ValidationError as error:
        raise ModelFileError(f"{FILE_NAME}: {_explain(data, error)}.", field=FILE_NAME) from None
    _require_unique([entry.id for entry in catalog.models], "two models have the id")
    for entry in catalog.models:
        _require_unique([file.path for file in entry.files], f"model '{entry.id}': files: listed twice:")
    return catalog


def _require_unique(names: list[str], message: str) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise ModelFileError(f"{FILE_NAME}: {message} '{name}'.", field=FILE_NAME)


def _explain(data: dict[str, object], error: ValidationError) -> str:
    """The first fault, as entry, field and reason: `model 'x': files.2.sha256: …`."""
    fault = error.errors(include_url=False, include_input=False)[0]
    where = [str(part) for part in fault["loc"]]
    prefix = ""
    models = data.get("model")
    if len(where) > 2 and where[0] == "model" and isinstance(models, list):
        entry = models[int(where[1])]
        name = entry.get("id", f"number {int(where[1]) + 1}") if isinstance(entry, dict) else where[1]
        prefix, where = f"model '{name}': ", where[2:]
    return f"{prefix}{'.'.join(where)}: {fault['msg']}"


def folder(entry: ModelEntry, models_dir: Path) -> Path:
    """Where the files of `entry` lie."""
    return models_dir / entry.id


def is_present(entry: ModelEntry, models_dir: Path) -> bool:
    """Whether all files of `entry` are here, whatever is in them."""
    return bool(entry.files) and all((folder(entry, models_dir) / file.path).is_file() for file in entry.files)


def require(entry: ModelEntry, models_dir: Path) -> None:
    """Refuse a model that is not here; raises ModelFileError that names what is missing of it."""
    if not is_present(entry, models_dir):
        verify(entry, models_dir)


def verify(entry: ModelEntry, models_dir: Path) -> None:
    """Compare every file with the catalogue; raises ModelFileError that names the file.

    A file that the catalogue does not name, in a folder that it does, is refused too: inference libraries load files
    by their names.
    """
    if not entry.files:
        todo = "pull" if entry.repository else "build"
        raise ModelFileError(
            f"Model '{entry.id}' is not here: no file of it is listed. Get it with `tolmach models {todo} {entry.id}`.",
            field="model",
        )
    root = folder(entry, models_dir)
    for file in entry.files:
        _verify_file(entry, file, root / file.path)
    listed = {file.path for file in entry.files}
    for top in sorted({PurePosixPath(path).parts[0] for path in listed}):
        for found in sorted((root / top).rglob("*")):
            name = found.relative_to(root).as_posix()
            if found.is_file() and not found.name.startswith(".") and name not in listed:
                raise ModelFileError(f"{entry.id}/{name}: the catalogue does not list this file.", field=name)


def _verify_file(entry: ModelEntry, file: ModelFile, path: Path) -> None:
    name = f"{entry.id}/{file.path}"
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ModelFileError(f"{name}: not a file.", field=file.path)
        if size != file.size:
            raise ModelFileError(f"{name}: {size} bytes, but the catalogue says {file.size}.", field=file.path)
        if digest(path) != file.sha256:
            raise ModelFileError(f"{name}: sha256 differs from the catalogue's.", field=file.path)
    except FileNotFoundError:
        raise ModelFileError(f"{name}: missing.", field=file.path) from None
    except OSError:
        raise ModelFileError(f"{name}: cannot be read.", field=file.path) from None


def replace_entry(text: str, entry: ModelEntry) -> str:
    """`text` (a whole catalogue) with the entry of the same id written anew; everything else stays byte for byte."""
    parts = re.split(r"(?m)^(?=\[\[model\]\])", text)
    for number, part in enumerate(parts):
        if part.startswith("[[model]]") and tomllib.loads(part)["model"][0].get("id") == entry.id:
            tail = _COMMENTS_AT_END.search(part)  # what stands before the next entry belongs to that one
            parts[number] = _toml(entry) + (tail.group() if tail and number + 1 < len(parts) else "\n")
            return "".join(parts)
    raise UnknownModel(f"There is no model '{entry.id}' in the catalogue.", field="model")


def _toml(entry: ModelEntry) -> str:
    tables = {"languages", "scores", "downloads", "files"}
    unset = {name for name, field in ModelEntry.model_fields.items() if getattr(entry, name) == field.default}
    lines = files.toml("[[model]]", dict(entry), skip=frozenset(tables | unset))
    lines += ["", *files.toml("[model.languages]", entry.languages)]
    for name, rows in (("scores", entry.scores), ("downloads", entry.downloads), ("files", entry.files)):
        for row in rows:
            lines += ["", *files.toml(f"[[model.{name}]]", dict(row))]
    return "\n".join(lines)


def write(models_dir: Path, text: str) -> None:
    """Put `text` in the place of the catalogue in one step, once it has been read back without a fault."""
    parse(text)
    files.write(models_dir / FILE_NAME, text)
