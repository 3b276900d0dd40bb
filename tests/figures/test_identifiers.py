"""Numbers behind labels, codes, and ratios that are names."""

from __future__ import annotations

import pytest

from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Severity


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("it", "La legge 5 febbraio 1992 resta in vigore.", "1992-02-05"),
        ("it", "Il decreto 4 maggio 2020 scade.", "2020-05-04"),
        ("it", "La sentenza 12 marzo 2024 è definitiva.", "2024-03-12"),
        ("ro", "Dosarul 10 august a fost redeschis.", "--08-10"),
    ],
)
def test_a_date_behind_a_label_is_no_number_of_it(language: str, text: str, value: str) -> None:
    (figure,) = find(text, language)
    assert (figure.kind, figure.value) == (FigureKind.DATE, value)


def test_a_law_has_its_date_and_its_number() -> None:
    date, number = find("La legge 5 febbraio 1992, n. 104", "it")
    assert (date.kind, date.value) == (FigureKind.DATE, "1992-02-05")
    assert (number.kind, number.value) == (FigureKind.IDENTIFIER, "104")


@pytest.mark.parametrize(
    ("language", "text"), [("it", "articolo 5"), ("ro", "art. 12"), ("uk", "№ 7"), ("en", "page 3")]
)
def test_the_number_behind_a_label_is_an_identifier(language: str, text: str) -> None:
    (figure,) = find(text, language)
    assert figure.kind is FigureKind.IDENTIFIER


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("it", "sull'A4", "A4"),
        ("it", "il tratto dell’A14", "A14"),
        ("it", "l'F-35", "F-35"),
        ("uk", "саміт COP29", "COP29"),
        ("it", "la COP 29 a Baku", "COP 29"),
        ("en", "COP29 and COP", "COP29"),
    ],
)
def test_letters_with_digits_are_an_identifier(language: str, text: str, value: str) -> None:
    (figure,) = find(text, language)
    assert (figure.kind, figure.value) == (FigureKind.IDENTIFIER, value)


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("it", "l'80% dei voti", FigureKind.PERCENT),
        ("it", "dell'11 settembre", FigureKind.DATE),
        ("en", "COP5,000", FigureKind.MONEY),
        ("en", "COP 500 million", FigureKind.MONEY),
        ("en", "EUR50", FigureKind.MONEY),
    ],
)
def test_amounts_behind_an_elision_or_a_code_are_none(language: str, text: str, kind: FigureKind) -> None:
    (figure,) = find(text, language)
    assert figure.kind is kind


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("it", "Coda sull'A4.", "There is a queue on the A4.", True),
        ("it", "Coda sull'A4.", "There is a queue on the A5.", False),
        ("uk", "Пункт працює 24/7.", "The centre works round the clock.", True),
        ("uk", "Пункт працює цілодобово.", "The centre works 24/7.", True),
        ("uk", "Пункт працює 24/7.", "The centre works 24 hours a day, seven days a week.", True),
        ("uk", "Пункт працює 24/7.", "The centre works.", False),
        ("uk", "Пункт працює 24/7.", "The centre works 20 hours a day.", False),
    ],
)
def test_identifiers_are_compared(language: str, source: str, english: str, right: bool) -> None:
    assert all(one.severity is Severity.NONE for one in compare(source, language, english)) is right
