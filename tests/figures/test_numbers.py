"""Halves and other parts, and the words that only begin with one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.figures.find import find
from service.figures.match import compare
from service.types import Verdict

RIGHT = {Verdict.KEPT, Verdict.CONVERTED}


@pytest.mark.parametrize(
    "text",
    [
        "the half-time score",
        "level at half time",
        "his half-brother",
        "the half-marathon",
        "a quarter-final in Naples",
        "a quarter final in Naples",
        "half-hearted talks",
    ],
)
def test_a_part_that_begins_another_word_is_no_figure(text: str) -> None:
    assert find(text, "en") == ()


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("half-a-million people", "500000", None),
        ("a half-million people", "500000", None),
        ("a half-dozen eggs", "6", None),
        ("a half-hour show", "0.5", "h"),
        ("a quarter-mile track", "0.25", "[mi_i]"),
        ("half the time", "0.5", None),
        ("two-thirds full", "0.6666666666666666666666666667", None),
        ("three quarter-finals", "3", None),
        ("the first three quarters", "3", None),
        ("three quarters of it", "0.75", None),
    ],
)
def test_parts_and_counts_are_told_apart(text: str, value: str, unit: str | None) -> None:
    figure = find(text, "en")[-1]
    assert (figure.value, figure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Scorul la pauză a fost alb.", "The half-time score was blank."),
        ("ro", "Profitul din primul semestru a crescut.", "First-half profit rose."),
        ("it", "Decide la doppietta nel secondo tempo.", "A second-half brace decides it."),
        ("ro", "Fratele vitreg al victimei a fugit.", "The victim's half-brother fled."),
        ("uk", "На нас чекає чвертьфінал.", "A quarter-final awaits us."),
        ("uk", "Зіграли три чвертьфінали.", "Three quarter-finals were played."),
        ("uk", "За перші три квартали ціни зросли.", "Prices rose in the first three quarters."),
        ("it", "Si vende a metà prezzo.", "It is sold half-price."),
        ("ro", "Sala era pe jumătate goală.", "The hall was half-empty."),
        ("ro", "Au ars un sfert de secol de arhive.", "A quarter-century of records burnt."),
    ],
)
def test_they_raise_no_alarm(language: str, source: str, english: str) -> None:
    assert {one.verdict for one in compare(source, language, english)} <= RIGHT


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Au venit jumătate dintre elevi.", "A third of the pupils came."),
        ("uk", "Зіграли три чвертьфінали.", "Two quarter-finals were played."),
        ("it", "Lo dicono tre quarti dei medici.", "Half of the doctors say so."),
        ("it", "Decide la doppietta nel secondo tempo.", "A first-half brace decides it."),
    ],
)
def test_a_wrong_part_is_seen(language: str, source: str, english: str) -> None:
    assert not {one.verdict for one in compare(source, language, english)} <= RIGHT
