"""The catalogue of models: `models/catalog.toml` names every model, and every file of it with its size and sha256.

A model is these bytes or it is refused: nothing is loaded from a folder that `verify` has not passed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import tomllib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from service.errors import ModelFileError, UnknownModel

FILE_NAME = "catalog.toml"
_CHUNK = 1 << 20
_COMMENTS_AT_END = re.compile(r"(?:\n(?:#[^\n]*)?)*\Z")


def _relative(path: str) -> str:
    """A path below the model's folder, with forward slashes."""
    pure = PurePosixPath(path)
    if "\\" in path or pure.is_absolute() or ".." in pure.parts or pure.as_posix() != path or len(pure.parts) < 2:
        raise ValueError("must be a plain path such as 'hf/config.json', relative to the model's folder")
    return path


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ModelFile(_Strict):
    """One file of a model. `path` is relative to the model's folder; `size` is in bytes."""

    path: Annotated[str, AfterValidator(_relative)]
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Score(_Strict):
    """A published score: `metric` is BLEU or chrF of `test` for one source language; `source` says who measured it."""

    test: Annotated[str, Field(min_length=1)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    metric: Literal["BLEU", "chrF"]
    value: float
    source: Annotated[str, Field(min_length=1)]


class ModelEntry(_Strict):
    """One model of the catalogue.

    `revision` is a commit for a model from a repository, and the first 16 digits of the digest of `hf/` for one of our
    own. `languages` maps ISO 639-1 codes to the model's own. `max_input_tokens` is the longest sentence, in the model's
    tokens with the end token, that it reads without loss. Files whose folder starts with `ctranslate2-` are a build of
    those in `hf/`.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    architecture: Literal["marian"]
    summary: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{16,64}$|^$")]
    licence: Annotated[str, Field(min_length=1)]
    max_input_tokens: Annotated[int, Field(ge=8)]
    languages: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], str], Field(min_length=1)]
    scores: list[Score] = []
    files: list[ModelFile] = []

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


class Catalog(_Strict):
    """All models, in the order of the file."""

    models: Annotated[list[ModelEntry], Field(alias="model")] = []

    def get(self, model_id: str) -> ModelEntry:
        """The entry of `model_id`; raises UnknownModel."""
        for entry in self.models:
            if entry.id == model_id:
                return entry
        known = ", ".join(entry.id for entry in self.models) or "none"
        raise UnknownModel(f"There is no model '{model_id}' in the catalogue. Known: {known}.", field="model")


def load(models_dir: Path) -> Catalog:
    """Read `catalog.toml`; raises ModelFileError that names the model's entry and the field."""
    path = models_dir / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ModelFileError(f"{FILE_NAME}: cannot be read in the models folder.", field=FILE_NAME) from None
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


def verify(entry: ModelEntry, models_dir: Path) -> None:
    """Compare every file with the catalogue; raises ModelFileError that names the file.

    A file that the catalogue does not name, in a folder that it does, is refused too: inference libraries load files
    by their names.
    """
    if not entry.files:
        raise ModelFileError(f"Model '{entry.id}' is not built: the catalogue lists no file of it.", field="model")
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


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    sha256 = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            sha256.update(chunk)
    return sha256.hexdigest()


def list_files(root: Path) -> list[ModelFile]:
    """The files below the folders of `root`, as a catalogue lists them; files beside the folders are documentation."""
    paths = sorted(path for path in root.glob("*/**/*") if path.is_file() and not path.name.startswith("."))
    return [
        ModelFile(path=path.relative_to(root).as_posix(), size=path.stat().st_size, sha256=digest(path))
        for path in paths
    ]


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
    lines = ["[[model]]"]
    lines += [f"{key} = {_value(value)}" for key, value in entry if not isinstance(value, dict | list)]
    lines += ["", "[model.languages]"]
    lines += [f"{code} = {_value(own)}" for code, own in entry.languages.items()]
    for name, rows in (("scores", entry.scores), ("files", entry.files)):
        for row in rows:
            lines += ["", f"[[model.{name}]]", *(f"{key} = {_value(value)}" for key, value in row)]
    return "\n".join(lines)


def _value(value: object) -> str:
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # a JSON string is a TOML one, but for DEL


def write(models_dir: Path, text: str) -> None:
    """Put `text` in the place of the catalogue in one step, once it has been read back without a fault."""
    parse(text)
    handle, name = tempfile.mkstemp(dir=models_dir, prefix=".catalog-", suffix=".toml")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        temporary.chmod(0o644)
        temporary.replace(models_dir / FILE_NAME)
    finally:
        temporary.unlink(missing_ok=True)
