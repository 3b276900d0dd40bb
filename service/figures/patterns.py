"""The notation of the lexicon files: how one line of data stands for all the inflected forms of a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Generic, TypeVar

from service.figures.tokens import Tokens

T = TypeVar("T")

_VARIABLE = re.compile(r"\{([^{}]*)\}|<(\w+)>")


def expand(pattern: str, endings: Mapping[str, list[str]]) -> Iterator[str]:
    """Every form of a pattern: `dolar{,i,ilor}` lists its endings, `долар<noun>` takes them from the class `noun`.

    Raises KeyError for a class that the file does not define.
    """
    pieces: list[list[str]] = []
    position = 0
    for found in _VARIABLE.finditer(pattern):
        pieces.append([pattern[position : found.start()]])
        pieces.append(endings[found[2]] if found[2] else found[1].split(","))
        position = found.end()
    pieces.append([pattern[position:]])
    for choice in product(*pieces):
        yield "".join(choice)


class PhraseTable(Generic[T]):
    """Phrases of one or more tokens, each with what it stands for; the longest phrase at a place wins."""

    __slots__ = ("_by_first", "_single", "heads", "tails")

    def __init__(self) -> None:
        self.heads: set[str] = set()  # the first tokens of all phrases
        self.tails: set[str] = set()  # and the last ones
        self._single: dict[str, T] = {}
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}

    def add(self, forms: tuple[str, ...], meaning: T) -> None:
        """The first meaning given to a phrase stays."""
        self.heads.add(forms[0])
        self.tails.add(forms[-1])
        if len(forms) == 1:
            self._single.setdefault(forms[0], meaning)
            return
        rest = self._by_first.setdefault(forms[0], [])
        if all(known != forms[1:] for known, _ in rest):
            rest.append((forms[1:], meaning))
            rest.sort(key=lambda entry: -len(entry[0]))

    def words(self) -> dict[str, T]:
        """The phrases of one token."""
        return self._single

    def at(self, tokens: Tokens, index: int) -> tuple[T, int] | None:
        """The meaning of the longest phrase at token `index`, and the index of the token after it."""
        form = tokens.forms[index]
        if form not in self.heads:
            return None
        for rest, meaning in self._by_first.get(form, ()):
            end = index + 1 + len(rest)
            if tuple(tokens.forms[index + 1 : end]) == rest and _joined(tokens, index, end, rest):
                return meaning, end
        if form in self._single:
            return self._single[form], index + 1
        return None

    def before(self, tokens: Tokens, end: int, longest: int = 4) -> tuple[T, int] | None:
        """The meaning of the longest phrase that ends just before token `end`, and the index of its first token."""
        if tokens.forms[end - 1] not in self.tails or end == 0:
            return None
        for start in range(max(0, end - longest), end):
            found = self.at(tokens, start)
            if found and found[1] == end:
                return found[0], start
        return None


def _joined(tokens: Tokens, index: int, end: int, rest: tuple[str, ...]) -> bool:
    """A full stop belongs to the word that it touches; nothing else of a phrase needs to touch."""
    return all(tokens.glued[place] for place, form in zip(range(index + 1, end), rest, strict=True) if form == ".")


def phrases(patterns: Iterable[str], endings: Mapping[str, list[str]], apostrophe: str) -> Iterator[tuple[str, ...]]:
    """The token sequences of all forms of all patterns. A form that ends in a full stop is given without it as well."""
    for pattern in patterns:
        for form in expand(pattern, endings):
            tokens = Tokens(form, apostrophe)
            sequence = tuple(tokens.forms[: tokens.count])
            yield sequence
            if len(sequence) > 1 and sequence[-1] == "." and "." not in sequence[:-1]:
                yield sequence[:-1]
