"""Ages without a word for years."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Severity


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("workers aged 45 and 52", [45, 52]),
        ("children, ages 3, 5 and 9,", [3, 5, 9]),
        ("boys aged eight and twelve", [8, 12]),
        ("the over-80s", [80]),
        ("the under-21s", [21]),
        ("people in their late thirties", [30]),
        ("in her mid-50s", [50]),
    ],
)
def test_ages_are_found(text: str, ages: list[int]) -> None:
    found = find(text, "en")
    assert [(figure.kind, figure.value, figure.unit) for figure in found] == [
        (FigureKind.AGE, Decimal(age), "a") for age in ages
    ]


@pytest.mark.parametrize(
    "text",
    ["in the thirties", "over 12 civilians", "over the 1980s", "his 80s hits", "45 and 52", "a man aged, 12 dogs"],
)
def test_decades_and_counts_are_no_ages(text: str) -> None:
    assert all(figure.kind is not FigureKind.AGE for figure in find(text, "en"))


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("it", "Morti due operai di 45 e 52 anni.", "Two workers aged 45 and 52 died.", True),
        ("it", "Morti due operai di 45 e 52 anni.", "Two workers aged 45 and 53 died.", False),
        ("ro", "Doi tineri de 19 și 22 de ani au fugit.", "Two young men aged 19 and 22 fled.", True),
        ("ro", "12 civili și un bărbat de 45 de ani au fugit.", "A man aged 45 and 12 civilians fled.", True),
        ("ro", "12 civili și un bărbat de 45 de ani au fugit.", "A man aged 12 and 45 civilians fled.", False),
        ("ro", "12 civili și un bărbat de 45 de ani au fugit.", "A 12-year-old man and 45 civilians fled.", False),
        ("uk", "Поранені діти 8 і 12 років.", "Children aged 8 and 12 were hurt.", True),
        ("uk", "Поранені троє дітей 3, 5 та 9 років.", "Three children, ages 3, 5 and 9, were hurt.", True),
        ("it", "Vaccini agli over 80.", "Vaccines for the over-80s.", True),
        ("it", "Vaccini agli over 80.", "Vaccines for the over-70s.", False),
        ("it", "Una coppia sulla trentina.", "A couple in their thirties.", True),
    ],
)
def test_ages_are_compared(language: str, source: str, english: str, right: bool) -> None:
    assert all(one.severity is Severity.NONE for one in compare(source, language, english)) is right


@pytest.mark.parametrize(
    ("language", "source", "english", "severity"),
    [
        ("ro", "Pictorul a murit la 79 de ani.", "The painter died at 79.", Severity.NONE),
        ("it", "Le vittime avevano 31, 47 e 58 anni.", "The victims were 31, 47 and 58.", Severity.NONE),
        ("ro", "Conflictul a durat 31 de ani.", "The conflict lasted 31 people.", Severity.NOTICE),
        ("ro", "Conflictul a durat 310 ani.", "The conflict lasted 310.", Severity.NOTICE),
    ],
)
def test_ages_are_told_without_a_noun(language: str, source: str, english: str, severity: Severity) -> None:
    assert {check.severity for check in compare(source, language, english)} == {severity}
