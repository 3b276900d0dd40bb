"""The words that the preparation and the guard know: `data/words.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Words:
    """All in small letters; the file says what each list is for."""

    vowels: frozenset[str]
    acronyms: frozenset[str]
    function_words: frozenset[str]


@cache
def known_words() -> Words:
    """Read once."""
    data = tomllib.loads((Path(__file__).parent / "data" / "words.toml").read_text(encoding="utf-8"))
    return Words(**{name: frozenset(word.casefold() for word in words) for name, words in data.items()})
