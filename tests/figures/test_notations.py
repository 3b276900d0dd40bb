"""Times that sport measures, feet with inches, and hours and days out of as many."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Severity


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        ("it", "1h23'45\"", ["1 h", "23 min", "45 s"]),
        ("it", "1h30", ["1 h", "30 min"]),
        ("it", "3’26”12", ["3 min", "26.12 s"]),
        ("it", "9''80", ["9.80 s"]),
        ("en", "3:26.12", ["3 min", "26.12 s"]),
        ("en", "5 ft 11 in", ["5 [ft_i]", "11 [in_i]"]),
        ("en", "5'11\" tall", ["5 [ft_i]", "11 [in_i]"]),
        ("it", "24 ore su 24", ["24 h"]),
        ("it", "sette giorni su sette", ["7 d"]),
        ("ro", "24 de ore din 24", ["24 h"]),
    ],
)
def test_a_notation_is_read(language: str, text: str, parts: list[str]) -> None:
    assert [f"{figure.value} {figure.unit}" for figure in find(text, language)] == parts


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        ("it", "al 45'", [FigureKind.ORDINAL]),
        ("it", 'un televisore da 55" nuovo', [FigureKind.MEASURE]),
        ("it", 'disse: "Siamo in 20"', [FigureKind.COUNT]),
        ("en", "6 ft in 2020", [FigureKind.MEASURE, FigureKind.YEAR]),
        ("ro", "7 zile din 7 mai", [FigureKind.DURATION, FigureKind.DATE]),
        ("it", "7 giorni su 10", [FigureKind.DURATION, FigureKind.COUNT]),
        ("it", "24 euro su 24", [FigureKind.MONEY, FigureKind.COUNT]),
    ],
)
def test_other_signs_and_pairs_are_not(language: str, text: str, kinds: list[FigureKind]) -> None:
    assert [figure.kind for figure in find(text, language)] == kinds


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("it", "Ha vinto in 1h23'45\".", "He won in 1 hour 23 minutes 45 seconds.", True),
        ("it", "Ha vinto in 1h23'45\".", "He won in 1:23:45.", True),
        ("it", "Ha vinto in 1h23'45\".", "He won in 1:23:54.", False),
        ("it", "Ha corso in 9''80.", "He ran it in 9.80 seconds.", True),
        ("it", "Ha corso in 9''80.", "He ran it in 9.08 seconds.", False),
        ("it", "Ha corso in 3'26\"12.", "She ran it in 3:26.12.", True),
        ("uk", "Шлях займає 2 год 15 хв.", "The trip takes 2 hours 15 minutes.", True),
        ("uk", "Шлях займає 2 год 15 хв.", "The trip takes 2 hours 51 minutes.", False),
        ("it", "Aperto 24 ore su 24.", "Open 24 hours a day.", True),
        ("it", "Aperto 24 ore su 24.", "Open 20 hours a day.", False),
        ("it", "Aperto 24 ore su 24.", "Open.", False),
        ("it", "Aperto h24.", "Open 24 hours a day.", True),
        ("it", "Aperto h24.", "Open round the clock.", True),
        ("it", "Aperto h24.", "Open 20 hours a day.", False),
        ("it", "Aperto 24 ore su 24, 7 giorni su 7.", "Open around the clock, seven days a week.", True),
        ("it", "Aperto 24 ore su 24, 7 giorni su 7.", "Open 24/7.", True),
        ("it", "Aperto 7 giorni su 7.", "Open six days a week.", False),
        ("ro", "Deschis 24 de ore din 24.", "Open around the clock.", True),
        ("it", "Promossi 24 studenti su 30.", "Of the 24 students all passed.", False),
    ],
)
def test_notations_are_compared(language: str, source: str, english: str, right: bool) -> None:
    assert all(one.severity is Severity.NONE for one in compare(source, language, english)) is right


@given(hours=st.integers(1, 9), minutes=st.integers(0, 59), seconds=st.integers(0, 59))
def test_every_lap_is_read_in_its_parts(hours: int, minutes: int, seconds: int) -> None:
    found = find(f"in {hours}h{minutes:02d}'{seconds:02d}\"", "it")
    assert [figure.value for figure in found] == [Decimal(hours), Decimal(minutes), Decimal(seconds)]
