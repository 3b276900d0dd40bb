"""The rules of `rubbish/*.toml`, read once: what is not the article, in the words of every language."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from service.types import DropReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FOLDER: Final = Path(__file__).with_name("rubbish")
_NOT_KEY: Final = " \t.:;,!*•|/\\-–—_=~<>[](){}«»\"'“”„…→"
_NOTHING: Final = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything here is for whole texts of any language, except `glued`, which is by language code ("" for all)."""

    lines: Mapping[str, DropReason]
    openings: Mapping[DropReason, re.Pattern[str]]
    related: re.Pattern[str]
    closings: re.Pattern[str]
    agencies: frozenset[str]
    agency_joints: re.Pattern[str]
    byline_labels: re.Pattern[str]
    byline_before: re.Pattern[str]
    credit_suffix: re.Pattern[str]
    date_labels: re.Pattern[str]
    date_words: frozenset[str]
    biography: frozenset[str]
    dated: re.Pattern[str]
    glued: Mapping[str, re.Pattern[str]]
    trailing: re.Pattern[str]
    longest: Mapping[DropReason, int]


def key(text: str) -> str:
    """A line as it is looked up: case folded, without the punctuation at its ends."""
    return text.casefold().strip(_NOT_KEY)


@cache
def rules() -> Rules:
    """All files of the folder, merged."""
    files = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.toml"))}

    def words(table: str, name: str) -> list[str]:
        return [word for content in files.values() for word in content.get(table, {}).get(name, [])]

    reasons = {reason for content in files.values() for reason in content.get("line", {})}
    longest = {DropReason(reason): limit for reason, limit in files["all"]["longest"].items()}
    credit = _any_of(words("credit", "words"))
    markers = _any_of([*words("headline", "glued"), *words("headline", "separated")])
    return Rules(
        lines=MappingProxyType({key(word): DropReason(reason) for reason in reasons for word in words("line", reason)}),
        openings=MappingProxyType(
            {
                reason: re.compile(rf"[(\[]?{_any_of(words('opening', reason))}", re.IGNORECASE)
                for reason in (DropReason.CREDIT, DropReason.ADVERTISEMENT)
            }
        ),
        related=re.compile(rf"[^\w\s]{{0,3}}\s?{_any_of(words('opening', 'related'))}(?!\w)", re.IGNORECASE),
        closings=re.compile(rf"{_any_of(words('closing', 'credit'))}\W*\Z", re.IGNORECASE),
        agencies=frozenset(map(key, words("agencies", "names"))),
        agency_joints=re.compile(
            rf"\s*[/,;|&()\[\]]\s*|\s+(?:[–—-]|{_any_of(words('agencies', 'joints'))})\s+", re.IGNORECASE
        ),
        byline_labels=re.compile(rf"{_any_of(words('byline', 'labels'))}\s?:\s*", re.IGNORECASE),
        byline_before=re.compile(rf"{_any_of(words('byline', 'before'))}\s+", re.IGNORECASE),
        credit_suffix=re.compile(
            rf"(?:\s?[/|]\s?|\s?[(\[]\s?|(?<=[.!?»”\"])\s|\s)(?=©)©.{{1,60}}\Z"
            rf"|(?:\s?[/|]\s?|\s?[(\[]\s?|(?<=[.!?»”\"])\s){credit}\s?[:/–—-].{{1,60}}\Z",
            re.IGNORECASE,
        ),
        date_labels=re.compile(rf"{_any_of(words('dates', 'labels'))}(?!\w)[\s:]*", re.IGNORECASE),
        date_words=frozenset(map(str.casefold, words("dates", "words"))),
        biography=frozenset(map(str.casefold, words("biography", "words"))),
        dated=re.compile(f"(?:{'|'.join(files['all']['headline']['patterns'])})(?=[^\\W\\d_])", re.IGNORECASE),
        glued=MappingProxyType({code: _glued(content.get("headline", {})) for code, content in files.items()}),
        trailing=re.compile(
            rf"(?:\s?[(\[]\s?{markers}(?:\s?[,/+&]\s?{markers})*\s?[)\]]"
            rf"|(?:\s[|/–—-]|(?<=[.!?])\s)\s?{markers}(?:\s?[,/+&]\s?{markers})*)\Z",
            re.IGNORECASE,
        ),
        longest=MappingProxyType(longest),
    )


def _any_of(phrases: Iterable[str]) -> str:
    """An alternation of literal phrases, longest first, so that a phrase is never cut short by its own beginning."""
    return f"(?:{'|'.join(map(re.escape, sorted(set(phrases), key=len, reverse=True))) or _NOTHING.pattern})"


def _glued(headline: dict[str, Any]) -> re.Pattern[str]:
    """Media markers before a headline: some by themselves, where it then begins with a capital; others need a colon."""
    glued, separated = headline.get("glued", []), headline.get("separated", [])
    # The first letter of a scraped text may be cut off.
    cut = _any_of(word[1:] for word in glued if len(word) > 3)
    alone = rf"(?:{_any_of(glued)}|{cut})\s?(?:[:|/–—.-]\s?|\s)(?=[^\W\d_])"
    return re.compile(rf"{alone}|{_any_of([*glued, *separated])}\s?[:|/–—]\s?", re.IGNORECASE)
