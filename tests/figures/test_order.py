"""Figures that changed places, and those that only seem to have."""

from __future__ import annotations

import pytest

from service.figures.match import compare
from service.types import Verdict


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("uk", "Із 96 дронів збито 78.", "78 of 96 drones were shot down."),
        ("ro", "Din 12.000 de cereri au fost aprobate 9.000.", "9,000 out of 12,000 requests were approved."),
        ("ro", "Din cei 350 de deputați, 210 au votat.", "210 out of the 350 deputies voted."),
        ("it", "Su 40 intervistati 25 lo sanno.", "25 of the 40 people asked know it."),
        ("it", "Dopo il 4,2% di marzo il tasso scende al 3,9%.", "The rate falls to 3.9% after 4.2% in March."),
        ("it", "Il tasso sale dal 3,9% al 4,2%.", "The rate rises to 4.2% from 3.9%."),
        ("it", "Morti due operai di 45 e 52 anni.", "Two workers died, one aged 45, the other 52."),
        ("ro", "A înscris al treilea gol în minutul 93.", "In the 93rd minute he scored his third goal."),
        ("uk", "Третій гол забили на 93-й хвилині.", "In the 93rd minute the third goal was scored."),
    ],
)
def test_figures_that_keep_their_part_may_change_their_order(language: str, source: str, english: str) -> None:
    assert {one.verdict for one in compare(source, language, english)} == {Verdict.KEPT}


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("it", "Ha preso 40 voti su 60.", "He got 60 votes out of 40."),
        ("ro", "Au fost uciși 12 soldați și răniți 30 de civili.", "30 soldiers were killed and 12 civilians wounded."),
        ("it", "Il tasso sale dal 3,9% al 4,2%.", "The rate rises from 4.2% to 3.9%."),
        ("it", "Il tasso scende al 3,9% dopo il 4,2% di marzo.", "The rate falls to 4.2% after 3.9% in March."),
        ("uk", "Третій гол забили на 93-й хвилині.", "The 93rd goal was scored in the third minute."),
        ("ro", "12 civili și un copil de 5 ani", "5 civilians and a 12-year-old child"),
    ],
)
def test_figures_that_changed_places_are_seen(language: str, source: str, english: str) -> None:
    assert Verdict.CHANGED in {one.verdict for one in compare(source, language, english)}
