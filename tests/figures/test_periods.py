"""Roman numerals, decades and years in two digits."""

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
        ("en", "after World War I", 1),
        ("it", "Papa Leone XIV", 14),
        ("uk", "королева Єлизавета ІІ", 2),
        ("en", "Charles III’s coronation", 3),
        ("ro", "regele Mihai I a abdicat", 1),
        ("it", "Papa Giovanni Paolo I morì", 1),
        ("uk", "цар Микола І зрікся", 1),
        ("it", "l'imperatore Carlo V", 5),
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
        ("en", "Model XL"),
        ("en", "the XIV legion"),
        ("en", "When Maria I knew"),
        ("ro", "premierul Ion I. Brătianu"),
        ("uk", "Ткаченко І Шевчук"),
        ("it", "ROMA I TIFOSI"),
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
        ("it", "Papa Leone XIV prega.", "Pope Leo XIII prays.", False),
        ("it", "Papa Leone XIV prega.", "The Pope prays.", True),
        ("ro", "Regele Mihai I a abdicat.", "King Michael I abdicated.", True),
        ("ro", "Regele Mihai I a abdicat.", "King Michael abdicated.", True),
        ("ro", "Regele Mihai I a abdicat.", "King Michael II abdicated.", False),
        ("uk", "Цар Микола І зрікся.", "Tsar Nicholas II abdicated.", False),
        ("ro", "Papa Leon al XIV-lea se roagă.", "Pope Leo XIV prays.", True),
        ("ro", "A luptat în Primul Război Mondial.", "He fought in World War I.", True),
        ("ro", "A luptat în Primul Război Mondial.", "He fought in World War II.", False),
        ("uk", "Він народився після війни.", "He was born after World War II.", True),
    ],
)
def test_the_wrong_rank_is_seen(language: str, source: str, english: str, right: bool) -> None:
    assert ({one.verdict for one in compare(source, language, english)} <= RIGHT) is right


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("it", "nel '92", "1992"),
        ("it", "l'estate del '43", "1943"),
        ("it", "Il '68 parigino", "1968"),
        ("it", "nel '06 in Germania", "2006"),
        ("it", "nell’inverno del ’90", "1990"),
        ("ro", "în '96 partidul pierduse", "1996"),
        ("ro", "revoluția din '89", "1989"),
        ("en", "back in '92", "1992"),
    ],
)
def test_two_digits_behind_an_apostrophe_are_a_year(language: str, text: str, value: str) -> None:
    (figure,) = find(text, language)
    assert (figure.kind, figure.value) == (FigureKind.YEAR, value)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Gol di Rossi ('12)"),
        ("it", "nel '15%"),
        ("en", "a crowd of '50 people'"),
        ("en", "a crowd of '50' people"),
        ("en", "loved '90s music"),
        ("it", "gli anni '70"),
    ],
)
def test_minutes_quotations_and_decades_are_no_such_year(language: str, text: str) -> None:
    assert FigureKind.YEAR not in {figure.kind for figure in find(text, language)}


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("it", "Fu eletto nel '92.", "He was elected in 1992.", True),
        ("it", "Fu eletto nel '92.", "He was elected in 1993.", False),
        ("ro", "A fugit din țară în '89.", "He fled the country in '89.", True),
        ("ro", "A fugit din țară în '89.", "He fled the country in 1998.", False),
        ("it", "Negli anni '70 e '80 si viveva così.", "That was life in the 1970s and 1980s.", True),
        ("it", "Segna al '12.", "He scores in the 12th minute.", True),
    ],
)
def test_the_wrong_short_year_is_seen(language: str, source: str, english: str, right: bool) -> None:
    assert ({one.verdict for one in compare(source, language, english)} <= RIGHT) is right


def test_a_decade_with_the_ending_of_an_ordinal_is_no_year() -> None:
    assert [figure.kind for figure in find("у 1920-их", "uk")] == [FigureKind.DECADE]


def test_two_decades_may_share_their_ending() -> None:
    (figure,) = find("музика 1960–1970-х років", "uk")
    assert (figure.kind, figure.low, figure.high) == (FigureKind.DECADE, Decimal(1960), Decimal(1970))


@pytest.mark.parametrize(
    ("english", "right"),
    [
        ("The music of the 1960s and 1970s.", True),
        ("The music of the 1960s–1970s.", True),
        ("The music of the 1960s and 1980s.", False),
    ],
)
def test_decades_are_compared(english: str, right: bool) -> None:
    assert ({one.verdict for one in compare("Музика 1960–1970-х років.", "uk", english)} <= RIGHT) is right
