"""Roman numerals and years in two digits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Verdict

RIGHT = {Verdict.KEPT, Verdict.CONVERTED}


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ro", "în trimestrul II", 2),
        ("ro", "turul I al alegerilor", 1),
        ("ro", "arsuri de gradul III", 3),
        ("it", "nel II trimestre", 2),
        ("it", "il I semestre", 1),
        ("it", "la V edizione", 5),
        ("uk", "у IV кварталі", 4),
        ("uk", "у І півріччі", 1),
        ("uk", "депутат ІХ скликання", 9),
        ("en", "in Quarter III", 3),
    ],
)
def test_a_roman_numeral_beside_a_word_that_takes_one_is_an_ordinal(language: str, text: str, value: int) -> None:
    (figure,) = find(text, language)
    assert (figure.kind, figure.value) == (FigureKind.ORDINAL, Decimal(value))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ro", "permis de categoria C"),
        ("ro", "locul L. Popescu"),
        ("it", "I turni di notte"),
        ("uk", "у I–III кварталах"),
        ("uk", "І люди прийшли"),
        ("en", "the tier list that I made"),
        ("en", "World War II"),
    ],
)
def test_other_letters_and_spans_of_them_are_no_figures(language: str, text: str) -> None:
    assert find(text, language) == ()


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("uk", "У II кварталі імпорт зріс.", "Imports grew in the second quarter.", True),
        ("uk", "У II кварталі імпорт зріс.", "Imports grew in the first quarter.", False),
        ("uk", "У IV кварталі імпорт зріс.", "Imports grew in the third quarter.", False),
        ("ro", "Importul a crescut în trimestrul II.", "Imports grew in the second quarter.", True),
        ("ro", "Importul a crescut în trimestrul II.", "Imports grew in the first quarter.", False),
        ("ro", "Importul a crescut în semestrul II.", "Imports grew in the first half of the year.", False),
        ("ro", "A pierdut în turul II.", "She lost in the second round.", True),
        ("ro", "A pierdut în turul II.", "She lost the runoff.", True),
        ("ro", "A pierdut în turul II.", "She lost in the first round.", False),
        ("it", "Il Pil cresce nel II trimestre del 2024.", "GDP grows in Q2 2024.", True),
        ("it", "Il Pil cresce nel II trimestre del 2024.", "GDP grows in the first quarter of 2024.", False),
        ("it", "Papa Leone XIV prega.", "Pope Leo XIV prays.", True),
    ],
)
def test_the_wrong_rank_is_seen(language: str, source: str, english: str, right: bool) -> None:
    assert ({one.verdict for one in compare(source, language, english)} <= RIGHT) is right
