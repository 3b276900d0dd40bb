"""What a language's abbreviations say about a full stop: the files of `abbreviations/`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).with_name("abbreviations")
_FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """`abbreviations/ro.toml` says what the tables mean."""

    before: frozenset[str]
    before_number: frozenset[str]
    after_number: frozenset[str]
    final: frozenset[str]
    unsure: frozenset[str]
    currencies: frozenset[str]
    starters: frozenset[str]
    conjunctions: frozenset[str]
    time_openers: frozenset[str] = frozenset()


@cache
def abbreviations(language: str) -> Abbreviations:
    """The tables of a language; English ones for a language that has none, since a block in it is only passed on."""
    path = _FOLDER / f"{language}.toml"
    if not path.is_file():
        path = _FOLDER / f"{_FALLBACK}.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Abbreviations(**{name: frozenset(words.casefold().split()) for name, words in tables.items()})


@cache
def all_conjunctions() -> frozenset[str]:
    """The conjunctions of all languages, for cutting a sentence whose language does not matter."""
    return frozenset().union(*(abbreviations(path.stem).conjunctions for path in _FOLDER.glob("*.toml")))
