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
        (
            "ro",
            "Dan Rus (51 de ani) și fiica lui de 14 ani sunt bine.",
            "Dan Rus, 51, and his 14-year-old daughter are well.",
        ),
        (
            "it",
            "Il padre di 61 anni, la madre di 58 e il figlio di 27.",
            "The father, 61, the mother, 58, and the 27-year-old son.",
        ),
        ("uk", "Кількість поранених зросла на 4 — до 31.", "The number of wounded rose to 31, up four."),
        ("ro", "Prețul a crescut cu 200 de lei, la 1.700 de lei.", "The price rose to 1,700 lei, up 200 lei."),
        ("it", "Erano 200 i casi lo scorso anno, sono 240.", "There are 240 cases, up from 200 last year."),
        ("uk", "На 100 тисяч населення припадає 14 випадків.", "There are 14 cases per 100,000 people."),
        ("it", "Ogni 100mila abitanti ci sono 14 casi.", "There are 14 cases per 100,000 inhabitants."),
        ("ro", "În loc de 30 de milioane vor fi 11 milioane.", "There will be 11 million instead of 30 million."),
        ("ro", "Numărul a crescut de la 3.000 la 7.000.", "The number rose to 7,000 from 3,000."),
        ("it", "Dei 320 delegati hanno votato 210.", "Of the 320 delegates, 210 voted."),
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
        ("ro", "Dan Rus (51 de ani) și fiica lui de 14 ani", "Dan Rus, 14, and his 51-year-old daughter"),
        ("ro", "Numărul a crescut de la 3.000 la 7.000.", "The number rose to 3,000 from 7,000."),
        ("it", "Dei 320 delegati hanno votato 210.", "320 of the 210 delegates voted."),
        ("uk", "Із 52 ракет збили 41.", "They shot down 52 of the 41 missiles."),
        ("ro", "12 civili și un copil de 5 ani", "5 civilians and a 12-year-old child"),
    ],
)
def test_figures_that_changed_places_are_seen(language: str, source: str, english: str) -> None:
    assert Verdict.CHANGED in {one.verdict for one in compare(source, language, english)}
