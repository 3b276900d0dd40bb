"""Numbers behind labels."""

from __future__ import annotations

import pytest

from service.figures.find import find
from service.types import FigureKind


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
