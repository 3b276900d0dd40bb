"""`models/catalog.lock.toml`: what `tolmach models pull` found, commit and bytes, and refuses to find otherwise after.

It is meant to be committed beside the catalogue: then every machine runs the same bytes.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from service.errors import ModelFileError
from service.translation.files import SHA256, ModelFile, PlainPath, Strict, toml, write

FILE_NAME = "catalog.lock.toml"
_HEADER = (
    "# Written by `tolmach models pull` and `tolmach models build`: the commit of each model, the files as they were\n"
    "# downloaded, and the files as they are installed. Commit it; anything else is refused from then on.\n"
)


class RemoteFile(Strict):
    """A file of a repository: `path` in it, `size` in bytes. None: known only when it is downloaded."""

    path: PlainPath
    size: Annotated[int, Field(ge=0)] | None = None
    sha256: SHA256 | None = None


class Locked(Strict):
    """What is known of one model. `made_with` names the libraries that made `files` out of `downloads`."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9A-Z][a-zA-Z0-9._-]*$")]
    repository: Annotated[str, Field(min_length=1)]
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    made_with: str
    downloads: list[RemoteFile] = Field(default_factory=list)
    files: list[ModelFile] = Field(default_factory=list)


class _Lock(Strict):
    models: Annotated[list[Locked], Field(alias="model", default_factory=list)]


def load(models_dir: Path) -> dict[str, Locked]:
    """All that is locked, by model id; nothing where there is no such file. Raises ModelFileError."""
    path = models_dir / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise ModelFileError(f"{path}: not UTF-8.", field=FILE_NAME) from None
    except OSError as error:
        raise ModelFileError(f"{path}: {error.strerror}.", field=FILE_NAME) from None
    try:
        lock = _Lock.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ModelFileError(f"{FILE_NAME}: not TOML: {error}.", field=FILE_NAME) from None
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise ModelFileError(f"{FILE_NAME}: {where}: {fault['msg']}.", field=FILE_NAME) from None
    found = {locked.id: locked for locked in lock.models}
    if len(found) != len(lock.models):
        raise ModelFileError(f"{FILE_NAME}: a model is locked twice.", field=FILE_NAME)
    return found


def put(models_dir: Path, locked: Locked) -> None:
    """Lock a model, in the place of what was locked of it."""
    _write(models_dir, {**load(models_dir), locked.id: locked})


def drop(models_dir: Path, model_id: str) -> None:
    """Forget what is locked of a model, so that the next pull may find anything."""
    known = load(models_dir)
    if known.pop(model_id, None) is not None:
        _write(models_dir, known)


def _write(models_dir: Path, known: dict[str, Locked]) -> None:
    lines = []
    for _, locked in sorted(known.items()):
        lines += ["", *toml("[[model]]", dict(locked), skip=frozenset({"downloads", "files"}))]
        for name, rows in (("downloads", locked.downloads), ("files", locked.files)):
            for row in rows:
                lines += ["", *toml(f"[[model.{name}]]", dict(row))]
    write(models_dir / FILE_NAME, _HEADER + "\n".join(lines) + "\n")
