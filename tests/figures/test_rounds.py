"""Rounds of a cup, on both sides of a translation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Verdict

RIGHT = {Verdict.KEPT, Verdict.CONVERTED}


@pytest.mark.parametrize(
    ("language", "text", "kind", "part", "teams"),
    [
        ("uk", "1/8 фіналу", FigureKind.FRACTION, "0.125", 16),
        ("it", "ottavi di finale", FigureKind.FRACTION, "0.125", 16),
        ("it", "un quarto di finale", FigureKind.FRACTION, "0.25", 8),
        ("it", "sedicesimi", FigureKind.ORDINAL, "16", 32),
        ("it", "trentaduesimi", FigureKind.FRACTION, "0.03125", 64),
        ("ro", "optimile de finală", FigureKind.FRACTION, "0.125", 16),
        ("ro", "șaisprezecimi", FigureKind.FRACTION, "0.0625", 32),
        ("en", "eighth-finals", FigureKind.FRACTION, "0.125", 16),
    ],
)
def test_a_round_has_its_part_and_its_teams(language: str, text: str, kind: FigureKind, part: str, teams: int) -> None:
    (figure,) = find(text, language)
    assert (figure.text, figure.kind) == (text, kind)
    assert (figure.value, figure.readings) == (Decimal(part), (Decimal(teams),))


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("uk", "Вийшли в 1/8 фіналу.", "They reached the round of 16.", True),
        ("uk", "Вийшли в 1/8 фіналу.", "They reached the last 16.", True),
        ("uk", "Вийшли в 1/8 фіналу.", "They reached the 1/8 finals.", True),
        ("uk", "Вийшли в 1/8 фіналу.", "They reached the eighth-finals.", True),
        ("uk", "Вийшли в 1/8 фіналу.", "They reached the round of 32.", False),
        ("uk", "Вийшли в 1/4 фіналу.", "They reached the quarter-finals.", True),
        ("uk", "Вийшли в 1/2 фіналу.", "They reached the semi-finals.", True),
        ("uk", "Пішла 1/8 бюджету.", "An eighth of the budget is gone.", True),
        ("uk", "Пішла 1/8 бюджету.", "16 budgets are gone.", False),
        ("it", "Passano agli ottavi di finale.", "They go through to the round of 16.", True),
        ("it", "Passano agli ottavi di finale.", "They go through to the round of 32.", False),
        ("it", "Passano agli ottavi.", "They go through to the last 16.", True),
        ("it", "Passano ai quarti.", "They go through to the quarterfinals.", True),
        ("it", "Passano ai quarti.", "They go through to the last eight.", True),
        ("it", "Sono arrivati quarti.", "They finished fourth.", True),
        ("it", "Si giocano tre quarti di finale.", "Three quarter-finals are played.", True),
        ("it", "Lo dicono tre quarti dei medici.", "Three quarters of the doctors say so.", True),
        ("ro", "Joacă în optimile de finală.", "They play in the round of 16.", True),
        ("ro", "Joacă în optimi.", "They play in the last 16.", True),
        ("ro", "Joacă în optimi.", "They play in the last 32.", False),
        ("ro", "Joacă în sferturi.", "They play in the quarter-finals.", True),
        ("ro", "Joacă în sferturile de finală.", "They play in the quarter-finals.", True),
        ("ro", "A jucat a patra finală.", "She played her fourth final.", True),
        ("ro", "Au votat trei sferturi din sat.", "Three quarters of the village voted.", True),
    ],
)
def test_a_round_is_kept_under_its_english_name(language: str, source: str, english: str, right: bool) -> None:
    assert ({one.verdict for one in compare(source, language, english)} <= RIGHT) is right
