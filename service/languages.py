"""The registry of languages: which are served, which are only recognised, and how people call them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from service.errors import UnsupportedLanguage

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """What the service does with a text in a language."""

    TRANSLATED = "translated"
    PASSED = "passed"
    RECOGNISED = "recognised"


@dataclass(frozen=True, slots=True)
class LanguageInfo:
    """One entry of `languages.toml`, which says what the fields mean. `code` is ISO 639-1."""

    code: str
    english: str
    native: str
    script: str
    role: Role
    never: str = ""
    letters: dict[str, str] = field(default_factory=dict)
    apostrophes: str = ""
    stress: str = ""
    common: frozenset[str] = frozenset()

    @property
    def served(self) -> bool:
        """Whether an article may be in it."""
        return self.role is not Role.RECOGNISED


@cache
def registry() -> Mapping[str, LanguageInfo]:
    """All known languages by code, in the order of the file."""
    entries = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            code: LanguageInfo(
                code=code,
                **{**entry, "role": Role(entry["role"]), "common": frozenset(entry.get("common", "").split())},
            )
            for code, entry in entries.items()
        }
    )


def served() -> tuple[LanguageInfo, ...]:
    """The languages that an article may be in."""
    return tuple(language for language in registry().values() if language.served)


def translated() -> tuple[LanguageInfo, ...]:
    """The languages that are translated into English."""
    return tuple(language for language in registry().values() if language.role is Role.TRANSLATED)


def english_name(code: str) -> str:
    """The English name of a language, or the code itself where it is not known."""
    known = registry().get(code)
    return known.english if known else code


def served_names() -> str:
    """For messages: `Romanian, Italian, Ukrainian and English`."""
    names = [language.english for language in served()]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def require_served(code: str, confidence: float | None = None, *, field: str = "source") -> None:
    """Raise UnsupportedLanguage, naming the language, where `code` is not served.

    `confidence`: it was detected. `field` is the one in which the caller names, or may name, a language.
    """
    known = registry().get(code)
    if known is None:
        codes = ", ".join(repr(language.code) for language in served())
        raise UnsupportedLanguage(
            f"{field} {code!r} is not a known language; use 'auto' or one of {codes}", field=field
        )
    if not known.served and confidence is not None:
        looks = f"the text looks {known.english} ({code}, confidence {confidence:.2f})"
        raise UnsupportedLanguage(
            f"{looks}, which is not served; served are {served_names()}. If that is wrong, name it in '{field}'",
            field=field,
        )
    if not known.served:
        raise UnsupportedLanguage(f"{known.english} ({code}) is not served; served are {served_names()}", field=field)
