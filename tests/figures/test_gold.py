"""The finder and the matcher on the gold sentences, whole and with faults seeded into the English."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from service.figures.find import find
from service.figures.match import compare
from service.figures.repair import repair
from service.types import Segment, TranslatedSegment, Verdict
from tests.figures.gold import LANGUAGES, TRANSLATED, Sentence, agrees, parallel, sentences

RIGHT = {Verdict.KEPT, Verdict.CONVERTED}
NUMBER = re.compile(r"(?<![\w.,:-])\d[\d.,]*\d(?![\w:-])|(?<![\w.,:-])\d(?![\w:.,-])")
OTHER_SCALE = {"million": "billion", "billion": "million"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gold_is_large_and_its_spans_are_right(language: str) -> None:
    assert len(sentences(language)) >= 150
    for sentence in sentences(language):
        for figure in sentence.figures:
            assert sentence.text[figure["start"] : figure["end"]] == figure["text"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [pytest.param(code, one, id=f"{code}-{one.id}") for code in LANGUAGES for one in sentences(code)],
)
def test_every_figure_is_found_and_nothing_else(language: str, sentence: Sentence) -> None:
    found = find(sentence.text, language)
    assert len(found) == len(sentence.figures), found
    for gold, figure in zip(sentence.figures, found, strict=True):
        assert agrees(gold, figure), (gold, figure)


@pytest.mark.parametrize("language", TRANSLATED)
def test_right_translations_raise_no_alarm(language: str) -> None:
    for source, english in parallel(language):
        checks = compare(source, language, english)
        assert checks
        assert {one.verdict for one in checks} <= RIGHT, (source, english, [one.reason for one in checks])


def faults(english: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """The English with one fault: its name and the text."""
    numbers = list(NUMBER.finditer(english))
    if numbers:
        number = chance.choice(numbers)
        text = number.group()
        place = chance.choice([rank for rank, char in enumerate(text) if char.isdigit()])
        digit = chance.choice([char for char in "123456789" if char != text[place]])
        head, tail = english[: number.start()], english[number.end() :]
        yield "digit", head + text[:place] + digit + text[place + 1 :] + tail
        yield "deleted", head + tail.lstrip()
        if "." not in text:
            yield "zero", head + text + "0" + tail
        if "." in text or "," in text:
            yield "separators", head + text.translate(str.maketrans(".,", ",.")) + tail
    scale = re.search(r"\b(million|billion)\b", english)
    if scale:
        yield "scale", english[: scale.start()] + OTHER_SCALE[scale.group()] + english[scale.end() :]


@pytest.mark.parametrize("language", TRANSLATED)
def test_seeded_faults_are_caught_and_repaired(language: str) -> None:
    chance = random.Random(11)
    seeded = caught = repairable = repaired = 0
    for source, english in parallel(language):
        for name, faulty in faults(english, chance):
            seeded += 1
            caught += any(one.verdict not in RIGHT for one in compare(source, language, faulty))
            if name != "deleted":
                repairable += 1
                segment = TranslatedSegment(Segment(0, 0, source, 0, len(source)), faulty)
                (fixed,), _ = repair([segment], language, None)
                repaired += all(one.verdict in RIGHT for one in compare(source, language, fixed.english))
    assert seeded > 200
    assert caught / seeded >= 0.995
    assert repaired / repairable >= 0.95
