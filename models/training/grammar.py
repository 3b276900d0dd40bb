"""Made-up pairs from a grammar that writes both sides at once (`data/*.toml`).

A rule is a list of pairs; `{name}` in a pair stands for another rule or for a built-in figure, expanded once and put on
both sides. `{name:2}` is a second, independent expansion of the same rule.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from models.training.numbers import ENGLISH, Notation, articles

_SLOT = re.compile(r"\{([a-z_]+)(?::\d)?\}")
Sides = tuple[str, str]
Draw = Callable[[random.Random, Notation], Sides]


def _whole(test: Callable[[int], bool]) -> Draw:
    def draw(rng: random.Random, _: Notation) -> Sides:
        while True:
            number = rng.randint(2, rng.choice((20, 99, 999)))
            if test(number):
                return str(number), str(number)

    return draw


def _decimal(rng: random.Random, notation: Notation) -> Sides:
    whole, fraction = (
        str(rng.randint(0, rng.choice((9, 99)))),
        "".join(rng.choices("0123456789", k=rng.choice((1, 1, 2)))),
    )
    return notation.write(whole, fraction, ""), ENGLISH.write(whole, fraction, "")


def _large(rng: random.Random, notation: Notation) -> Sides:
    whole = str(rng.randint(1, 9)) + "".join(rng.choices("0123456789", k=rng.choice((3, 4, 5, 6, 8))))
    if rng.random() < 0.5:
        whole = whole[: -(len(whole) // 2)] + "0" * (len(whole) // 2)
    fraction = "".join(rng.choices("0123456789", k=2)) if rng.random() < 0.15 else ""
    group = "" if len(whole) == 4 and rng.random() < 0.4 else rng.choice(notation.groups)
    return notation.write(whole, fraction, group), ENGLISH.write(whole, fraction, ",")


def _thousands(rng: random.Random, _: Notation) -> Sides:
    number = (
        10 * rng.randint(100, 999) + rng.choice((0, 5, 6, 7, 8, 9)) if rng.random() < 0.5 else 100 * rng.randint(10, 99)
    )
    return str(number), f"{number:,}"


def _year(rng: random.Random, _: Notation) -> Sides:
    text = str(rng.randint(1900, 2030) if rng.random() < 0.7 else rng.randint(1000, 1899))
    return text, text


def _same(low: int, high: int, width: int = 1) -> Draw:
    def draw(rng: random.Random, _: Notation) -> Sides:
        text = str(rng.randint(low, high)).zfill(width)
        return text, text

    return draw


def _code(rng: random.Random, _: Notation) -> Sides:
    letters = "".join(rng.choices("ABCDEFHIKLMNOPRSTVX", k=rng.choice((1, 2, 3))))
    text = letters + rng.choice(("-", "", " ")) + str(rng.randint(1, rng.choice((99, 9999, 99999))))
    return text, text


def _few(number: int) -> bool:
    return 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14


# thousands: four digits that the source leaves ungrouped; few: 2-4, 22-24; many: 5-20, 25-30; teens: 2-19, 102-119;
# round: the numbers that Romanian joins with "de".
FIGURES: Mapping[str, Draw] = {
    "any": _whole(lambda n: n % 10 != 1 or n % 100 == 11),
    "few": _whole(_few),
    "many": _whole(lambda n: not _few(n) and (n % 10 != 1 or n % 100 == 11)),
    "teens": _whole(lambda n: 0 < n % 100 < 20),
    "round": _whole(lambda n: not 0 < n % 100 < 20),
    "decimal": _decimal,
    "large": _large,
    "thousands": _thousands,
    "year": _year,
    "day": _same(1, 31),
    "age": _same(20, 98),
    "hour": _same(0, 23, 2),
    "minute": _same(0, 59, 2),
    "point": _same(0, 5),
    "code": _code,
}


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules of one language; `extra` are further slots that need code, such as declined names.

    `mend`: patterns and what is written in their place, for words that change before what was put behind them.
    """

    rules: Mapping[str, Sequence[Sequence[str]]]
    notation: Notation
    extra: Mapping[str, Draw]
    mend: Sequence[tuple[re.Pattern[str], str]] = ()

    def expand(self, name: str, rng: random.Random) -> Sides:
        """One pair of rule `name`. Raises KeyError for a slot that nothing defines."""
        if name not in self.rules:
            return (self.extra.get(name) or FIGURES[name])(rng, self.notation)
        source, english = rng.choice(self.rules[name])
        drawn: dict[str, Sides] = {}
        for slot in _SLOT.finditer(source + english):
            if slot.group() not in drawn:
                drawn[slot.group()] = self.expand(slot.group(1), rng)
        return (
            _SLOT.sub(lambda m: drawn[m.group()][0], source),
            _SLOT.sub(lambda m: drawn[m.group()][1], english),
        )

    def sentence(self, rng: random.Random) -> Sides:
        """One pair of the rule `sentence`, capitalised."""
        source, english = self.expand("sentence", rng)
        for pattern, written in self.mend:
            source = pattern.sub(written, source)
        source, english = source.replace("..", "."), articles(english)
        return source[:1].upper() + source[1:], english[:1].upper() + english[1:]
