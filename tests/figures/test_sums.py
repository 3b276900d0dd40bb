"""Quantities that one side tells in two units."""

from __future__ import annotations

import pytest

from service.figures.match import compare
from service.types import Verdict


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Condamnat la 12 ani și 6 luni.", "Sentenced to 12 and a half years."),
        ("ro", "Condamnat la un an și 6 luni.", "Sentenced to 18 months."),
        ("it", "Condannato a 4 anni e 6 mesi.", "Sentenced to four and a half years."),
        ("uk", "Засуджений до 4 років і 6 місяців.", "Sentenced to 4.5 years."),
        ("it", "È alto 1,80 metri.", "He is 5 ft 11 in tall."),
        ("it", "È alto 1,80 metri.", "He is 5'11\"."),
        ("it", "Dura 1h30.", "It lasts an hour and a half."),
    ],
)
def test_two_figures_are_the_sum_of_one(language: str, source: str, english: str) -> None:
    assert {one.verdict for one in compare(source, language, english)} == {Verdict.CONVERTED}


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Condamnat la 12 ani și 6 luni.", "Sentenced to 12 and a quarter years."),
        ("ro", "Condamnat la 12 ani și 6 luni.", "Sentenced to 12 years."),
        ("it", "Condannato a 4 anni e 6 mesi.", "Sentenced to 4 years and a half and 6 months."),
        ("it", "Condannato a 4 anni, dopo altri 6 mesi.", "Sentenced to 4.5 years."),
        ("it", "È alto 1,80 metri.", "He is 6 ft 11 in tall."),
    ],
)
def test_other_sums_are_no_conversion(language: str, source: str, english: str) -> None:
    assert not {one.verdict for one in compare(source, language, english)} <= {Verdict.KEPT, Verdict.CONVERTED}


@pytest.mark.parametrize(
    ("english", "right"), [("He won in 2:15:30.", True), ("He won in 2:15:31.", False), ("He won in 2:15.", False)]
)
def test_a_sum_of_times_may_look_like_the_clock(english: str, right: bool) -> None:
    checks = compare("A câștigat în 2 ore, 15 minute și 30 de secunde.", "ro", english)
    assert all(one.verdict is Verdict.KEPT for one in checks) is right


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("ro", "Unul din cinci elevi lipsește.", "A fifth of pupils are absent.", True),
        ("it", "Quasi tre italiani su quattro sono d'accordo.", "Almost three quarters of Italians agree.", True),
        ("it", "Sei su dieci dicono di no.", "60% say no.", True),
        ("uk", "Третина школярів відсутня.", "One in three pupils is absent.", True),
        ("it", "Il 60% dice di no.", "Six in ten say no.", True),
        ("it", "Sei su dieci dicono di no.", "70% say no.", False),
        ("uk", "Третина школярів відсутня.", "One in four pupils is absent.", False),
        ("ro", "Unul din cinci elevi lipsește.", "A quarter of pupils are absent.", False),
    ],
)
def test_a_part_and_its_whole_are_one_share(language: str, source: str, english: str, right: bool) -> None:
    assert ({one.verdict for one in compare(source, language, english)} == {Verdict.KEPT}) is right
