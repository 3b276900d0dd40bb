"""The gold sentences: news in four languages, with the figures that a reader sees in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.languages import served, translated
from service.types import Figure

FOLDER = Path(__file__).parent.parent / "data" / "figures"
LANGUAGES = tuple(language.code for language in served())
TRANSLATED = tuple(language.code for language in translated())
TOLERANCE = Decimal("0.00001")  # for repeating fractions


@dataclass(frozen=True)
class Sentence:
    """`id` is common to the sentences that translate each other."""

    id: str
    topic: str
    text: str
    figures: tuple[dict[str, Any], ...]


@lru_cache
def sentences(language: str) -> tuple[Sentence, ...]:
    path = FOLDER / f"{language}.jsonl"
    # A language that has none yet fails in the tests, which name it, and does not stop all others at collection.
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    rows = [json.loads(line) for line in lines]
    return tuple(Sentence(row["id"], row["topic"], row["text"], tuple(row["figures"])) for row in rows)


def parallel(language: str) -> list[tuple[str, str]]:
    """The pairs of a sentence and its English."""
    english = {one.id: one.text for one in sentences("en")}
    return [(one.text, english[one.id]) for one in sentences(language) if one.id in english]


def same_value(gold: str | None, found: Decimal | str | None) -> bool:
    if gold is None or found is None:
        return gold is None and found is None
    if isinstance(found, str):
        return gold == found
    return abs(Decimal(gold) - found) < TOLERANCE


def agrees(gold: dict[str, Any], found: Figure) -> bool:
    """Whether a found figure is the gold one: span, kind, unit and values."""
    return (
        (gold["start"], gold["end"], gold["kind"], gold.get("unit"))
        == (found.start, found.end, found.kind.value, found.unit)
        and same_value(gold.get("value"), found.value)
        and same_value(gold.get("low"), found.low)
        and same_value(gold.get("high"), found.high)
    )
