"""Put right the figures that a model got wrong: another answer of its beam, another decoding, or the figure itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from service.figures.equivalence import Likeness
from service.figures.match import ENGLISH, Sides, match, match_sentence, wrong_items
from service.figures.pairing import Item
from service.figures.wording import put_in
from service.remembering import remembered
from service.types import FigureKind, Hypothesis, Repair, RepairMethod, Segment, TranslatedSegment

Pair = tuple[Item, Item]
Redecode = Callable[[Sequence[Segment]], Sequence[tuple[Hypothesis, ...]]]

# An answer much shorter or longer than the first one is another sentence, whatever its figures.
_SHORTEST, _LONGEST = 0.6, 1.7
_TOUCHING = re.compile(r"\d|(?<=\d)[^\W\d]|[-–:.,]\d|/\w")
_AND = re.compile(r"\s*(?:or|to|and|[-–])\s*")
# Figures of both sides: with more of them wrong a sentence is lost, and the work would grow with the cube.
_MOST_WRONG = 24
_DATED = frozenset(
    {FigureKind.DATE, FigureKind.YEAR, FigureKind.DECADE, FigureKind.CENTURY, FigureKind.ORDINAL, FigureKind.IDENTIFIER}
)  # `in the 1VIII-lea` for a century
_NUMBERS = frozenset(FigureKind) - _DATED - {FigureKind.TIME, FigureKind.SCORE}
_PLAIN = _NUMBERS | {FigureKind.YEAR}
# Digits of numbers that can be a slip of each other; of shorter ones too many are: 500 and 100, 12 and 1.
_LEAST_CHANGED, _LEAST_LONGER = 4, 3


def repair(
    segments: Sequence[TranslatedSegment], language: str, redecode: Redecode | None
) -> tuple[tuple[TranslatedSegment, ...], dict[int, Repair]]:
    """The segments with their figures put right where that is unambiguous, and what was done, by segment index.

    In order: another hypothesis of the beam whose figures all agree; an answer of `redecode`, called once with all
    segments that are still wrong; the substitution of figures that can only be each other's, in the first answer or,
    where that leaves something wrong, in one of the others. A segment that none of these puts right stays as it was.
    English text (`language` `en`) is never changed.
    """
    result = list(segments)
    repairs: dict[int, Repair] = {}
    if language == ENGLISH:
        return tuple(result), repairs
    wrong = _wrong_places(result, language)
    wrong = [
        place
        for place in wrong
        if not _take(result, repairs, place, language, result[place].alternatives, RepairMethod.ALTERNATIVE)
    ]
    again: dict[int, tuple[Hypothesis, ...]] = {}
    if wrong and redecode is not None:
        again = dict(zip(wrong, redecode([result[place].source for place in wrong]), strict=True))
        wrong = [
            place
            for place in wrong
            if not _take(result, repairs, place, language, again[place], RepairMethod.REDECODED)
        ]
    for place in wrong:
        _substitute(result, repairs, place, language, again.get(place, ()))
    return tuple(result), repairs


def _wrong_places(segments: Sequence[TranslatedSegment], language: str) -> list[int]:
    """The segments with a figure that is changed, missing or added, once the blocks were matched; never a person's."""
    matched = match(segments, language)
    return [place for place, one in enumerate(matched) if not segments[place].human and any(wrong_items(one.sides))]


@remembered(8192)  # a sentence may have a dozen answers
def _errors(source: str, language: str, english: str) -> int:
    """How many figures of one sentence are not right, on both sides."""
    left, right = wrong_items(match_sentence(source, language, english))
    return len(left) + len(right)


def _take(
    segments: list[TranslatedSegment],
    repairs: dict[int, Repair],
    place: int,
    language: str,
    hypotheses: Iterable[Hypothesis],
    method: RepairMethod,
) -> bool:
    """Take the first hypothesis whose figures all agree with the source."""
    segment = segments[place]
    tried = segment.alternatives_tried
    for hypothesis in hypotheses:
        tried += 1
        if _serves(hypothesis, segment) and _errors(segment.source.text, language, hypothesis.text) == 0:
            segments[place] = replace(
                segment, english=hypothesis.text, score=hypothesis.score, alternatives_tried=tried
            )
            repairs[segment.source.index] = Repair(method, segment.english)
            return True
    segments[place] = replace(segment, alternatives_tried=tried)
    return False


def _serves(hypothesis: Hypothesis, segment: TranslatedSegment) -> bool:
    """Whether a hypothesis may stand in for the segment's English."""
    ratio = len(hypothesis.text) / max(1, len(segment.english))
    return not hypothesis.truncated and hypothesis.text != segment.english and _SHORTEST <= ratio <= _LONGEST


def _substitute(
    segments: list[TranslatedSegment],
    repairs: dict[int, Repair],
    place: int,
    language: str,
    again: Sequence[Hypothesis],
) -> None:
    """Write source figures over the English ones that stand in their place."""
    segment = segments[place]
    source = segment.source.text
    english, score = _substituted(source, language, segment.english), segment.score
    if _errors(source, language, english):
        for hypothesis in (*segment.alternatives, *again):
            if not _serves(hypothesis, segment):
                continue
            other = _substituted(source, language, hypothesis.text)
            if _errors(source, language, other) == 0:
                english, score = other, hypothesis.score
                break
    if english != segment.english:
        segments[place] = replace(segment, english=english, score=score)
        repairs[segment.source.index] = Repair(RepairMethod.SUBSTITUTED, segment.english)


@remembered(1024)
def _substituted(source: str, language: str, english: str) -> str:
    """The English with one figure written over after the other, as long as each makes fewer of them wrong."""
    errors = _errors(source, language, english)
    while 0 < errors <= _MOST_WRONG:
        sides = match_sentence(source, language, english)
        wrong = wrong_items(sides)
        written = next(
            (
                text
                for pair in _pairs(sides, *wrong)
                if _errors(source, language, text := _written(pair, wrong[1], english, language)) < errors
            ),
            None,
        )
        if written is None:
            break
        english, errors = written, _errors(source, language, written)
    return english


def _pairs(sides: Sides, source: list[Item], english: list[Item]) -> Iterator[Pair]:
    """Figures that can only be each other's, the surest first; `source` and `english` are those that are wrong."""
    yield from ((item, item.mate) for item in source if item.mate is not None and _one_number(item, item.mate))
    yield from _slips(source, english)
    yield from _alone(source, english)
    if not english:
        yield from _told_in_part(sides)


def _one_number(item: Item, mate: Item) -> bool:
    """Whether only the unit is wrong: `35 miles` for 35 mm."""
    one, other = item.figure, mate.figure
    return (one.value, one.low, one.high) == (other.value, other.low, other.high)


def _slips(source: list[Item], english: list[Item]) -> Iterator[Pair]:
    """Numbers in digits of which one is the other with a digit changed, lost or added, and no third is."""
    for item in source:
        mates = [mate for mate in english if _slipped(item, mate)]
        if len(mates) == 1 and sum(_slipped(other, mates[0]) for other in source) == 1:
            yield item, mates[0]


def _slipped(item: Item, mate: Item) -> bool:
    if not (item.in_digits and mate.in_digits) or {item.figure.kind, mate.figure.kind} - _PLAIN:
        return False
    one, other = _digits(item), _digits(mate)
    shorter, longer = sorted((len(one), len(other)))
    if one == other or longer < (_LEAST_CHANGED if shorter == longer else _LEAST_LONGER):
        return False
    same = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    behind = one[same + 1 :], other[same + 1 :]
    return behind[0] in (behind[1], other[same:]) or one[same:] == behind[1]


def _digits(item: Item) -> str:
    value = item.figure.value
    return "" if value is None else "".join(filter(str.isdecimal, f"{Decimal(value):f}"))


def _alone(source: list[Item], english: list[Item]) -> list[Pair]:
    """Figures alone of their kind on both sides. Where there are none, and nothing is missing or added, those alone of
    their family, or else alone altogether.
    """
    found = [pair for kind in FigureKind for pair in _only(frozenset({kind}), source, english)]
    if not found and len(source) == len(english):
        found = [pair for family in (_NUMBERS, _DATED) for pair in _only(family, source, english)]
    if found or not len(source) == len(english) == 1:
        return found
    # A rank and an amount do not fit into each other's place: `the twelfth of` and `two decades`.
    kinds = {source[0].figure.kind, english[0].figure.kind}
    return [] if FigureKind.ORDINAL in kinds and kinds & _NUMBERS else _only(frozenset(kinds), source, english)


def _only(kinds: frozenset[FigureKind], source: list[Item], english: list[Item]) -> list[Pair]:
    left, right = ([item for item in side if item.figure.kind in kinds] for side in (source, english))
    return [(left[0], right[0])] if len(left) == len(right) == 1 and left[0].mate in (None, right[0]) else []


def _told_in_part(sides: Sides) -> Iterator[Pair]:
    """Spans and dates of which the English has all but one part, and nothing in its place: `three months` for 3-6."""
    for item in sides.source:
        told = [part.mate for part in item.parts if part.mate is not None and part.likeness > Likeness.UNIT]
        if len(told) == 1 and len(item.parts) == 2:
            yield item, told[0]


def _written(pair: Pair, others: list[Item], english: str, language: str) -> str:
    """The English with the source's figure in place of the wrong one; unchanged where that would touch another."""
    source, wrong = pair[0].figure, pair[1].figure
    if source.unit is None and wrong.kind is FigureKind.PERCENT and source.value == wrong.value:
        return english  # the sign may stand with another number of the source's list: none is better than a wrong one
    if _TOUCHING.match(english, wrong.end):
        return english  # half of a span or of a code: what is written there would run into the other half
    start = wrong.start
    if source.value is None:  # in place of both numbers of a span that the English tells in two
        ends = (other.figure for other in others if _AND.fullmatch(english, other.figure.end, start))
        start = next((other.start for other in ends), start)
    return put_in(english, start, wrong, source, language)
