"""What the ranker knows of a language's words: one file a language in `words/`, read once."""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

import Stemmer

from service.types import FigureKind

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Cedillas become commas below, and every sign that writers use for an apostrophe becomes one.
_FOLD = str.maketrans("şţŞŢ’ʼ‘`´", "șțșț'''''")
_STEM_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that a question can ask for: `ask` finds it in a question, `terms` finds words of an answer.

    Both search the folded words of a text joined by single spaces; None where the language's file gives none.
    """

    ask: re.Pattern[str] | None
    kinds: frozenset[FigureKind]
    terms: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language. Every word is lower case and folded as `words` folds it; phrases are tuples of words."""

    language: str
    name: str = ""
    stemmer: str | None = None
    suffixes: tuple[str, ...] = ()
    apostrophe_joins: bool = False
    stop: frozenset[str] = frozenset()
    numerals: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    since: frozenset[str] = frozenset()
    attribution: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    phrase_ends: frozenset[str] = frozenset()
    verb_endings: tuple[str, ...] = ()
    links: frozenset[str] = frozenset()
    fillers: frozenset[str] = frozenset()
    connectives: frozenset[tuple[str, ...]] = frozenset()
    sourcing: frozenset[tuple[str, ...]] = frozenset()
    removable: re.Pattern[str] | None = None
    boilerplate: tuple[str, ...] = ()
    topics: Mapping[str, Topic] = field(default_factory=lambda: MappingProxyType({}))

    def words(self, text: str) -> list[str]:
        """The words of a text, in order, lower case; figures count as words."""
        folded = fold(text)
        if self.apostrophe_joins:
            return _WORD.findall(folded)
        return _WORD.findall(folded.replace("'", " "))

    def content(self, words: Sequence[str]) -> list[str]:
        """The stems of those words that carry the story: no stop words, numerals, digits or single letters."""
        kept = [
            word
            for word in words
            if len(word) > 1 and word not in self.stop and word not in self.numerals and not word.isdecimal()
        ]
        return self.stems(kept)

    def stems(self, words: Sequence[str]) -> list[str]:
        """Each word without its endings."""
        if self.stemmer:
            stems: list[str] = _stemmer(self.stemmer).stemWords(list(words))
            return stems
        return [self._strip(word) for word in words] if self.suffixes else list(words)

    def _strip(self, word: str) -> str:
        for suffix in self.suffixes:
            if word.endswith(suffix) and len(word) - len(suffix) >= _STEM_LETTERS:
                return word[: -len(suffix)]
        return word


def fold(text: str) -> str:
    """Lower case, comma-below letters, one kind of apostrophe. The length can change (`İ`): beware of offsets."""
    return text.translate(_FOLD).lower()


@lru_cache(maxsize=32)
def vocabulary(language: str) -> Vocabulary:
    """What is known of a language (ISO 639-1); of one without a file, nothing: its words are taken as they are."""
    path = resources.files(__package__) / "words" / f"{language}.toml"
    if not language.isalpha() or not path.is_file():
        return Vocabulary(language)
    return _read(language, tomllib.loads(path.read_text(encoding="utf-8")))


def _read(language: str, data: Mapping[str, object]) -> Vocabulary:
    base = Vocabulary(language, apostrophe_joins=bool(data.get("apostrophe_joins", False)))

    def listed(key: str) -> tuple[str, ...]:
        value = data.get(key, ())
        return tuple(value.split()) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]

    def words(key: str) -> frozenset[str]:
        return frozenset(word for entry in listed(key) for word in base.words(entry))

    topics = data.get("topics", {})
    assert isinstance(topics, Mapping)
    stemmer = data.get("stemmer")
    return Vocabulary(
        language,
        name=str(data["name"]),
        stemmer=str(stemmer) if stemmer else None,
        suffixes=tuple(sorted(set(listed("suffixes")), key=len, reverse=True)),
        apostrophe_joins=base.apostrophe_joins,
        stop=words("stop"),
        numerals=words("numerals"),
        pronouns=words("pronouns"),
        addresses=words("addresses"),
        references=words("references"),
        since=words("since"),
        attribution=words("attribution"),
        people=words("people"),
        phrase_ends=words("phrase_ends"),
        verb_endings=listed("verb_endings"),
        links=words("links"),
        fillers=words("fillers"),
        connectives=frozenset(tuple(base.words(phrase)) for phrase in listed("connectives")),
        sourcing=frozenset(tuple(base.words(phrase)) for phrase in listed("sourcing")),
        removable=_pattern(listed("removable")),
        boilerplate=tuple(fold(phrase) for phrase in listed("boilerplate")),
        topics=MappingProxyType({name: _topic(table) for name, table in topics.items()}),
    )


def _topic(table: Mapping[str, Sequence[str]]) -> Topic:
    return Topic(
        ask=_pattern(table.get("ask", ())),
        kinds=frozenset(FigureKind(kind) for kind in table.get("kinds", ())),
        terms=_pattern(table.get("terms", ())),
    )


def _pattern(terms: Sequence[str]) -> re.Pattern[str] | None:
    """Any of the terms, as whole words; a term that ends in `*` stands for every word that begins so."""
    branches = "|".join(
        re.escape(fold(term).removesuffix("*")) + (r"\w*" if term.endswith("*") else "") for term in terms
    )
    return re.compile(rf"(?<!\w)(?:{branches})(?!\w)") if terms else None


_local = threading.local()


def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    """A thread's own stemmer: the library's are not re-entrant."""
    stemmers: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = Stemmer.Stemmer(algorithm)
    return stemmers[algorithm]
