"""Put right the figures that a model got wrong: another answer of its beam, another decoding, or the figure itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from service.figures import style
from service.figures.match import ENGLISH, match, match_sentence, wrong_items
from service.figures.pairing import Item
from service.remembering import remembered
from service.types import FigureKind, Hypothesis, Repair, RepairMethod, Segment, TranslatedSegment

Redecode = Callable[[Sequence[Segment]], Sequence[tuple[Hypothesis, ...]]]

# An answer much shorter or longer than the first one is another sentence, whatever its figures.
_SHORTEST, _LONGEST = 0.6, 1.7
_TOUCHING = re.compile(r"\d|[-–/:.,]\d")
_NUMBERS = frozenset(
    {FigureKind.COUNT, FigureKind.MONEY, FigureKind.PERCENT, FigureKind.MEASURE, FigureKind.DURATION, FigureKind.AGE}
)


def repair(
    segments: Sequence[TranslatedSegment], language: str, redecode: Redecode | None
) -> tuple[tuple[TranslatedSegment, ...], dict[int, Repair]]:
    """The segments with their figures put right where that is unambiguous, and what was done, by segment index.

    In order: another hypothesis of the beam whose figures all agree; an answer of `redecode`, called once with all
    segments that are still wrong; the substitution of a figure where exactly one of its kind is left unmatched on
    either side. A segment that none of these puts right stays as it was. English text (`language` `en`) is never
    changed.
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
    if wrong and redecode is not None:
        answers = redecode([result[place].source for place in wrong])
        wrong = [
            place
            for place, hypotheses in zip(wrong, answers, strict=True)
            if not _take(result, repairs, place, language, hypotheses, RepairMethod.REDECODED)
        ]
    for place in wrong:
        _substitute(result, repairs, place, language)
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
        ratio = len(hypothesis.text) / max(1, len(segment.english))
        if hypothesis.truncated or hypothesis.text == segment.english or not _SHORTEST <= ratio <= _LONGEST:
            continue
        if _errors(segment.source.text, language, hypothesis.text) == 0:
            segments[place] = replace(
                segment, english=hypothesis.text, score=hypothesis.score, alternatives_tried=tried
            )
            repairs[segment.source.index] = Repair(method, segment.english)
            return True
    segments[place] = replace(segment, alternatives_tried=tried)
    return False


def _substitute(segments: list[TranslatedSegment], repairs: dict[int, Repair], place: int, language: str) -> None:
    """Write source figures over the English ones that stand in their place."""
    segment = segments[place]
    english = _substituted(segment.source.text, language, segment.english)
    if english != segment.english:
        segments[place] = replace(segment, english=english)
        repairs[segment.source.index] = Repair(RepairMethod.SUBSTITUTED, segment.english)


@remembered(1024)
def _substituted(source: str, language: str, english: str) -> str:
    """The English with one figure written over after the other, as long as each makes fewer of them wrong."""
    errors = _errors(source, language, english)
    while errors:
        wrong = wrong_items(match_sentence(source, language, english))
        written = next(
            (
                text
                for pair in _pairs(*wrong)
                if _errors(source, language, text := _written(pair, english, language)) < errors
            ),
            None,
        )
        if written is None:
            break
        english, errors = written, _errors(source, language, written)
    return english


def _pairs(source: list[Item], english: list[Item]) -> list[tuple[Item, Item]]:
    """The figures that can only be each other's: alone of their kind on both sides, or alone altogether."""
    found: list[tuple[Item, Item]] = []
    for item in source:
        kind = item.figure.kind
        same = [mate for mate in english if mate.figure.kind is kind]
        if len(same) == 1 and sum(other.figure.kind is kind for other in source) == 1:
            found.append((item, same[0]))
    numbers = (
        [item for item in source if item.figure.kind in _NUMBERS],
        [item for item in english if item.figure.kind in _NUMBERS],
    )
    if (not found and len(source) == len(english) == 1) or (len(numbers[0]) == len(numbers[1]) == 1 and not found):
        left, right = (numbers[0][0], numbers[1][0]) if numbers[0] and numbers[1] else (source[0], english[0])
        if left.mate is right or left.mate is None:
            found.append((left, right))
    return found


def _written(pair: tuple[Item, Item], english: str, language: str) -> str:
    source, wrong = pair[0].figure, pair[1].figure
    if _TOUCHING.match(english, wrong.end):
        return english  # half of a span or of a code: what is written there would run into the other half
    text = style.write_in_place_of(source, wrong, language)
    return english[: wrong.start] + text + english[wrong.end :]
