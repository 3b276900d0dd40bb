"""Declined Ukrainian names with their romanised nominative, from the lists and endings of a language file."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from models.training.grammar import Draw, Sides
from models.training.numbers import Notation
from models.training.romanise import romanise

CASES = {"person": 0, "person_of": 1, "person_to": 2, "person_with": 3}
# How a root and an ending are written together where their letters alone would be something that nobody writes.
_JOINTS = [
    ("ьенк", "енк"),
    ("ьинськ", "инськ"),
    ("ь[ую]к", "юк"),
    ("ьак", "як"),
    ("йенк", "єнк"),
    ("й[ую]к", "юк"),
    ("йак", "як"),
    ("йинськ", "їнськ"),
    ("(?<=[чшщж])юк", "ук"),
    ("нн", "н"),
]


def decline(name: str, case: int, endings: list[dict[str, Any]]) -> str:
    """A first name in `case` (0 nominative, 1 genitive, 2 dative, 3 instrumental), by the first ending that fits."""
    for ending in endings:
        if name.endswith(ending["ends"]):
            return name[: len(name) - len(ending["ends"])] + str(ending["forms"][case])
    raise ValueError(f"no ending fits {name!r}")


def join(root: str, ending: str) -> str:
    """Both as one name, spelled as names are."""
    name = root + ending
    for pattern, spelled in _JOINTS:
        name = re.sub(pattern, spelled, name)
    return name


def person(case: int, lists: Mapping[str, Any], women: float = 0.35) -> Draw:
    """A draw of a person in `case`, a share of `women`, English always in the nominative; a fifth only a surname."""

    def draw(rng: random.Random, _: Notation) -> Sides:
        woman = rng.random() < women
        kind, root = rng.choice(lists["surname"]), rng.choice(lists["roots"])
        forms = kind.get("female", [kind["forms"][0]] * 4) if woman else kind["forms"]
        first = rng.choice(lists["female" if woman else "male"])
        surname, plain = join(root, forms[case]), romanise(join(root, forms[0]))
        if rng.random() < 0.2:
            return surname, plain
        return f"{decline(first, case, lists['first'])} {surname}", f"{romanise(first)} {plain}"

    return draw


def village(lists: Mapping[str, Any], accusative: bool = False) -> Draw:
    """A draw of a made-up place name, English always in the nominative."""

    def draw(rng: random.Random, _: Notation) -> Sides:
        name = join(rng.choice(lists["village"]["roots"]), rng.choice(lists["village"]["ends"]))
        changed = re.sub("а$", "у", re.sub("я$", "ю", name)) if accusative else name
        return changed, romanise(name)

    return draw


def draws(lists: Mapping[str, Any] | None) -> dict[str, Draw]:
    """All slots that the lists of a language file allow; none where it has no lists."""
    if lists is None:
        return {}
    cases = {slot: person(case, lists) for slot, case in CASES.items()}
    sexes = {"man": person(0, lists, women=0), "woman": person(0, lists, women=1)}
    return cases | sexes | {"village": village(lists), "village_acc": village(lists, accusative=True)}
