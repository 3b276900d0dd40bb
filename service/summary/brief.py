"""Briefs: what an editor asks of a summary, as data. Shipped ones are `prompts/*.toml`; users add their own folders."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from service.errors import BadBrief, InvalidInput
from service.types import FigureKind

INLINE = "inline"
_NAME = r"^[a-z][a-z0-9_-]{0,39}$"

Question = Annotated[str, StringConstraints(min_length=2, max_length=300)]
Term = Annotated[str, StringConstraints(min_length=2, max_length=100)]
Weight = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Length(_Part):
    """How long the summary may be. Several bounds hold together; at least one is given.

    `words` are what white space parts, `characters` are code points of the sentences joined by single spaces.
    `nearest`: the last sentence may run over `words` where the summary comes nearer to them than without it.
    """

    sentences: int | None = Field(default=None, ge=1, le=200)
    words: int | None = Field(default=None, ge=1, le=20_000)
    characters: int | None = Field(default=None, ge=20, le=100_000)
    nearest: bool = False

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.sentences is None and self.words is None and self.characters is None:
            raise ValueError("one of sentences, words or characters is needed")
        if self.nearest and self.words is None:
            raise ValueError("nearest goes with words")
        return self


class Highlights(_Part):
    """Which figures stand out; no kinds means all.

    `required`: only sentences with such a figure are taken. Where there is none, those are that answer a
    question, else the one that tells what the article is about.
    """

    kinds: tuple[FigureKind, ...] = Field(default=(), max_length=len(FigureKind))
    per_sentence: int = Field(default=2, ge=0, le=50)
    total: int = Field(default=8, ge=0, le=500)
    required: bool = False


class Terms(_Part):
    """`include`: each of these words or phrases gets a sentence if there is one; `avoid`: no sentence with them."""

    include: tuple[Term, ...] = Field(default=(), max_length=50)
    avoid: tuple[Term, ...] = Field(default=(), max_length=50)


class Emphasis(_Part):
    """How much each reason to take a sentence counts, as a multiple of the ranker's own weight."""

    position: Weight = 1.0
    centrality: Weight = 1.0
    title: Weight = 1.0
    figures: Weight = 1.0
    names: Weight = 1.0
    questions: Weight = 1.0


class Brief(_Part):
    """An editorial request. `order` is that of the article or of the dates told; `template` is a page's layout."""

    name: str = Field(default=INLINE, pattern=_NAME)
    title: str = Field(min_length=1, max_length=200)
    audience: str = Field(default="", max_length=500)
    length: Length
    questions: tuple[Question, ...] = Field(default=(), max_length=20)
    highlights: Highlights = Highlights()
    terms: Terms = Terms()
    emphasis: Emphasis = Emphasis()
    order: Literal["article", "dates"] = "article"
    template: Literal["paragraph", "bullets", "dated"] = "paragraph"


def parse(data: Mapping[str, Any]) -> Brief:
    """A brief out of a request. Raises InvalidInput that names the field, such as `brief.length.words`."""
    try:
        return _validated({"title": "Summary", **data})
    except ValidationError as error:
        path, reason = _first(error)
        name = ".".join(["brief", *path])
        raise InvalidInput(f"{name}: {reason}", field=name) from None


def asking(brief: Brief, questions: Sequence[str]) -> Brief:
    """The brief with more questions. Raises InvalidInput for one that is empty or too long, or for too many."""
    if not questions:
        return brief
    try:
        return _validated({**brief.model_dump(mode="json"), "questions": [*brief.questions, *questions]})
    except ValidationError as error:
        path, reason = _first(error)
        raise InvalidInput(f"{'.'.join(path)}: {reason}", field="questions") from None


def lasting(
    brief: Brief,
    *,
    sentences: int | None = None,
    words: int | None = None,
    characters: int | None = None,
    nearest: bool = False,
) -> Brief:
    """The brief with another length, which takes the place of its own; the brief as it is where none is given.

    `nearest` is of the length given, not of the brief's.

    Raises InvalidInput that names the field.
    """
    wanted = {"sentences": sentences, "words": words, "characters": characters}
    given = {name: value for name, value in wanted.items() if value is not None}
    if not given:
        return brief
    try:
        return brief.model_copy(update={"length": Length(**given, nearest=nearest)})
    except ValidationError as error:
        path, reason = _first(error)
        raise InvalidInput(f"{'.'.join(path)}: {reason}", field=path[0] if path else None) from None


def load(directory: Path, *more: Path) -> dict[str, Brief]:
    """The briefs of some folders, by name, which is that of the file; a later folder's replaces an earlier one's.

    Raises BadBrief that names the file and the line.
    """
    briefs: dict[str, Brief] = {}
    for folder in (directory, *more):
        if not folder.is_dir():
            raise BadBrief(f"{folder}: there is no such folder of briefs")
        for path in sorted(folder.glob("*.toml")):
            briefs[path.stem] = read(path)
    return dict(sorted(briefs.items()))


def read(path: Path) -> Brief:
    """The brief of one file. Raises BadBrief that names the file and the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadBrief(f"{path}:{line}: this is not UTF-8") from None
    except OSError as error:
        raise BadBrief(f"{path}: the file cannot be read ({error.strerror})") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadBrief(f"{path}:{_toml_line(str(error), text)}: this is not TOML: {_toml_reason(str(error))}") from None
    if "name" in data:
        raise BadBrief(f"{path}:{_line_of(text, ('name',))}: name: a brief has the name of its file")
    try:
        return _validated({**data, "name": path.stem})
    except ValidationError as error:
        place, reason = _first(error)
        if place[:1] == ["name"]:
            raise BadBrief(f"{path}:1: the file's name must be lower-case letters, digits, - and _") from None
        raise BadBrief(f"{path}:{_line_of(text, place)}: {'.'.join(place) or 'brief'}: {reason}") from None


def _validated(data: Mapping[str, Any]) -> Brief:
    # Through JSON: a strict model takes arrays as tuples and words as kinds from there, and nothing else by mistake.
    return Brief.model_validate_json(json.dumps(data, default=str, ensure_ascii=True))


def _first(error: ValidationError) -> tuple[list[str], str]:
    first = error.errors(include_url=False, include_input=False)[0]
    return [str(part) for part in first["loc"]], first["msg"].removeprefix("Value error, ")


def _toml_line(message: str, text: str) -> int:
    """tomllib names the line only in its words, `(at line 3, column 1)` or `(at end of document)`."""
    _, found, rest = message.rpartition("(at line ")
    digits = rest.partition(",")[0]
    return int(digits) if found and digits.isdecimal() else max(1, len(text.splitlines()))


def _toml_reason(message: str) -> str:
    return message.partition(" (at ")[0]


def _line_of(text: str, path: Sequence[str]) -> int:
    """The line that sets the field at `path`, or the nearest thing above it that stands in the file."""
    table: list[str] = []
    best, depth = 1, 0
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            table = [part.strip(" \"'") for part in stripped.strip("[] ").split(".")]
            here = table
        elif "=" in stripped and not stripped.startswith("#"):
            here = table + [part.strip(" \"'") for part in stripped.partition("=")[0].split(".")]
        else:
            continue
        if list(path[: len(here)]) == here and len(here) > depth:
            best, depth = number, len(here)
    return best
