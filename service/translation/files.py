"""Files that are what somebody said they are: listed with size and sha256, written and put in place in one step."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_CHUNK = 1 << 20


def _plain(path: str) -> str:
    """A path that stays below its folder, with forward slashes."""
    pure = PurePosixPath(path)
    if "\\" in path or pure.is_absolute() or ".." in pure.parts or pure.as_posix() != path or not pure.parts:
        raise ValueError("must be a plain path such as 'hf/config.json', relative to the model's folder")
    return path


def _in_folder(path: str) -> str:
    if len(PurePosixPath(path).parts) < 2:
        raise ValueError("must be a plain path such as 'hf/config.json', relative to the model's folder")
    return path


SHA256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PlainPath = Annotated[str, AfterValidator(_plain)]


class Strict(BaseModel):
    """Base of what is read from TOML: no conversions, no unknown keys."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ModelFile(Strict):
    """One file of a model. `path` is relative to the model's folder; `size` is in bytes."""

    path: Annotated[PlainPath, AfterValidator(_in_folder)]
    size: Annotated[int, Field(ge=0)]
    sha256: SHA256


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


def sync(root: Path) -> None:
    """Have the disk hold every file below `root`, and their names, before anything refers to them."""
    for path in [*root.rglob("*"), root]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write(path: Path, text: str) -> None:
    """Put `text` in the place of the file in one step, safe against a power cut."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def toml(table: str, scalars: Mapping[str, object], *, skip: frozenset[str] = frozenset()) -> list[str]:
    """Lines of a TOML table with a header: what is None, or is named in `skip`, is left out."""
    return [
        table,
        *(f"{key} = {toml_value(value)}" for key, value in scalars.items() if value is not None and key not in skip),
    ]


def toml_value(value: object) -> str:
    """A number, a truth value or a string as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # a JSON string is a TOML one, but for DEL
