"""Figures in training pairs: read them in both notations, exchange them for others on both sides at once.

A model that has seen few figures copies them badly and keeps foreign separators. Exchanging the figures of real pairs
shows it that any digits may stand there and how the notation changes: `1.234,5` becomes `1,234.5`, `12 500` becomes
`12,500`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

SPACES = " \u00a0\u202f\u2009"
# A figure that stands alone: not part of a word, a code, a clock time, a version, a year without its century ('90) or a
# longer chain of digits.
FIGURE = re.compile(
    rf"(?<![\w.,:/\-–+])(?<!\B['’])\d+(?:[.,{SPACES}]\d{{3}})*(?:[.,]\d+)?(?![\w°]|[.,:/\-–]\w|[{SPACES}]\d{{3}}\b)"
)


# Where a number is the time of day: another would not be.
_BEFORE_HOUR = re.compile(r"(?:\b(?:alle|ore|ora|orele)|\s[Оо]б?|^[Оо]б?) $", re.IGNORECASE)
_AFTER_HOUR = re.compile(r"\s?(?:[ap]\.?m\b|o[’']clock)", re.IGNORECASE)
# What makes a number word part of a longer number or name.
_JOINED = {"one", "hundred", "thousand", "million", "billion", "dozen", "half", "quarters", "thirds", "fifths", "world"}
_VOWELS = "aeiouаеєиіїоуюя"
_AN = re.compile(
    r"(?P<article>(?:^|(?<=[.!?\"“] ))A|\ba)n? (?=(?:(?P<vowel>8[\d,.]*|(?:11|18)(?!\d)|18\d\d\b|eight|eleven)|\d|"
    r"(?:two|three|four|five|six|seven|nine|ten|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|nineteen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|ninety|second|third|fourth|fifth|sixth|seventh|ninth|tenth|twelfth)\b))"
)

# The share of made-up years that are of the last century or so: the rest teaches that any digits may stand there.
RECENT = 0.8


@dataclass(frozen=True, slots=True)
class Notation:
    """How a language writes figures: `groups` are signs between thousands, `decimal` is the sign before fractions."""

    groups: tuple[str, ...]
    decimal: str

    def read(self, text: str) -> tuple[str, str] | None:
        """`text` as (whole digits, fraction digits), or None where it is no figure of this notation."""
        whole, _, fraction = text.partition(self.decimal)
        parts = re.split("[" + re.escape("".join(self.groups) + SPACES) + "]", whole)
        grouped = len(parts) > 1
        sound = (
            all(p.isdigit() for p in parts) and (not fraction or fraction.isdigit()) and self.decimal not in fraction
        )
        if not sound or (grouped and (len(parts[0]) > 3 or any(len(p) != 3 for p in parts[1:]))):
            return None
        return "".join(parts), fraction

    def write(self, whole: str, fraction: str, group: str) -> str:
        """The figure with `group` between its thousands (`group` may be empty)."""
        head = len(whole) % 3
        parts = ([whole[:head]] if head else []) + [whole[i : i + 3] for i in range(head, len(whole), 3)]
        return group.join(parts) + (self.decimal + fraction if fraction else "")


ENGLISH = Notation((",",), ".")


def plural_class(number: int) -> tuple[bool, bool, bool]:
    """What decides the form of the counted noun in our languages; two numbers of one class can stand for each other."""
    ends, teens = number % 10, 0 < number % 100 < 20
    return (ends == 1 and number % 100 != 11, 2 <= ends <= 4 and not 12 <= number % 100 <= 14, teens)


def onset(whole: str) -> str:
    """How the number begins when it is said, as far as articles before it depend on that: vowel, nought, or other."""
    if whole[0] == "0":
        return "nought"
    head = whole[: len(whole) % 3 or 3]
    return "vowel" if whole[0] == "8" or head in {"11", "18"} else "other"


def articles(english: str) -> str:
    """`english` with "a" and "an" as the numbers behind them demand."""
    return _AN.sub(lambda m: m["article"] + ("n " if m["vowel"] else " "), english)


def is_year(whole: str, fraction: str, text: str) -> bool:
    """A bare number of four digits that reads as a year."""
    return not fraction and len(text) == 4 and "1000" <= whole <= "2100"


def another(whole: str, fraction: str, year: bool, rng: random.Random) -> tuple[str, str] | None:
    """Another figure that fits the same place in a sentence: same plural, same articles, still a year, still a day."""
    old = int(whole)
    if not fraction and (old < 2 or len(whole) > 12):
        return None
    for _ in range(50):
        if year:
            low, high = (1900, 2029) if rng.random() < RECENT else (1000, 1899)
        elif fraction:
            low, high = 0, 10 ** len(whole) - 1
        else:
            low, high = (2, 31) if old <= 31 else (32, 999) if old < 1000 else (1000, 10 ** rng.randint(4, 7))
        new = rng.randint(low, high)
        fits = bool(fraction) or (new != old and plural_class(new) == plural_class(old))
        if fits and onset(str(new)) == onset(whole):
            return str(new), "".join(rng.choice("0123456789") for _ in fraction)
    return None


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    value: tuple[str, str]
    text: str


def _find(text: str, notation: Notation) -> dict[tuple[str, str], _Found]:
    """Figures that occur once, by value."""
    found: dict[tuple[str, str], _Found | None] = {}
    for match in FIGURE.finditer(text):
        value = notation.read(match.group())
        if value is not None:
            found[value] = None if value in found else _Found(match.start(), match.end(), value, match.group())
    return {value: item for value, item in found.items() if item is not None}


def substitute(source: str, english: str, notation: Notation, rng: random.Random) -> tuple[str, str] | None:
    """The pair with every figure that stands once on both sides exchanged; None where there is nothing to exchange."""
    left, right = _find(source, notation), _find(english, ENGLISH)
    edits: list[tuple[_Found, str, _Found, str]] = []
    for value in left:  # in the order of the text: a set would make the draws differ from one process to the next
        if value not in right:
            continue
        a, b = left[value], right[value]
        if _BEFORE_HOUR.search(source[: a.start]) or _AFTER_HOUR.match(english[b.end :]):
            continue
        year = is_year(*value, a.text) and is_year(*value, b.text)
        new = another(*value, year, rng)
        if new is None:
            continue
        large = len(new[0]) > 4 or (len(new[0]) == 4 and not year)
        group = rng.choice(notation.groups) if large and (len(new[0]) > 4 or rng.random() < 0.6) else ""
        edits.append((a, notation.write(*new, group), b, ENGLISH.write(*new, "," if large else "")))
    if not edits:
        return None
    for a, left_text, _, _ in sorted(edits, key=lambda e: -e[0].start):
        source = source[: a.start] + left_text + source[a.end :]
    for _, _, b, right_text in sorted(edits, key=lambda e: -e[2].start):
        english = english[: b.start] + right_text + english[b.end :]
    return source, articles(english)


def respell(
    source: str, english: str, words: Sequence[Mapping[str, str]], rng: random.Random
) -> tuple[str, str] | None:
    """The pair with one number word exchanged for another of its class; None where there is none to exchange.

    `words`: classes of number words and their English. A word counts where both sides have it once, on its own: not as
    a part of "twenty-five" or "două sute".
    """
    numbers = _JOINED | {
        part for each in words for pair in each.items() for side in pair for part in side.split() if len(part) > 1
    }
    found = []
    for known in words:
        for word, said in known.items():
            left, right = _alone(word, source, numbers), _alone(said, english, numbers)
            if (
                left
                and right
                and not _BEFORE_HOUR.search(source[: left.start()])
                and not _AFTER_HOUR.match(english[right.end() :])
            ):
                found.append((known, word, left, right))
    if not found:
        return None
    known, word, left, right = rng.choice(found)
    # Articles before a vowel are others, in the source too.
    others = [other for other in known if other != word and (other[0] in _VOWELS) == (word[0] in _VOWELS)]
    if not others:
        return None
    new = rng.choice(others)
    return _put(source, left, new), articles(_put(english, right, known[new]))


def _alone(word: str, text: str, numbers: Collection[str]) -> re.Match[str] | None:
    """The place of `word` in `text` where it is there once and no other number word or hyphen touches it."""
    spelled = re.escape(word).replace("'", "['’ʼ]")
    places = list(re.finditer(rf"(?<![\w'’-]){spelled}(?![\w'’-])", text, re.IGNORECASE))
    if len(places) != 1:
        return None
    before, after = text[: places[0].start()].split(), text[places[0].end() :].split()
    beside = [*before[-1:], *after[:1]]
    return None if any(each.strip(".,;:!?").casefold() in numbers for each in beside) else places[0]


def _put(text: str, place: re.Match[str], word: str) -> str:
    """`word` at `place`, with a capital where there was one."""
    new = word[0].upper() + word[1:] if place.group()[0].isupper() else word
    return text[: place.start()] + new + text[place.end() :]


def same_figures(source: str, english: str) -> bool:
    """Whether both sides have the same digits, separators aside; small numbers may be words on one side."""
    joined = (re.sub(rf"(?<=\d)[.,:{SPACES}](?=\d)", "", text) for text in (source, english))
    a, b = (set(re.findall(r"\d+", text)) for text in joined)
    odd = [n for n in a ^ b if not (len(n) <= 2 and int(n) <= 12)]
    return not odd
