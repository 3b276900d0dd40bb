"""Dates without a year, spans of days, and seasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Verdict


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("uk", "станом на 24.02", "--02-24"),
        ("uk", "до 01.09 включно", "--09-01"),
        ("ro", "până la 15.09", "--09-15"),
        ("it", "fino al 24/02", "--02-24"),
        ("it", "dal 05/09", "--09-05"),
        ("en", "until 24/02", "--02-24"),
        ("en", "on 09/05", "--09-05"),
        ("en", "on Monday 24/02", "--02-24"),
        ("ro", "joi, 12.06, la Cluj", "--06-12"),
        ("it", "lunedì 24/02", "--02-24"),
        ("uk", "у четвер, 24.02", "--02-24"),
    ],
)
def test_a_day_and_a_month_in_digits_are_a_date_behind_a_word_for_it(language: str, text: str, value: str) -> None:
    (figure,) = find(text, language)
    assert (figure.kind, figure.value) == (FigureKind.DATE, value)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "курс 24.02"),
        ("uk", "до 18.30"),
        ("uk", "до 09.30"),
        ("uk", "до 10.05 години"),
        ("uk", "до 10.05%"),
        ("uk", "з 08.10 до 09.30"),
        ("uk", "з 09.00 до 18.10"),
        ("ro", "din 10.12 milioane"),
        ("it", "dal 24/13"),
        ("it", "dal 1/3"),
        ("it", "circa 24/02"),
        ("en", "until 24.02"),
        ("it", "venerdì 12.30"),
        ("ro", "în 6 luni, 12.06"),
        ("ro", "joi 12.06 milioane"),
        ("it", "ai primi di maggio"),
        ("ro", "20 mai sunt internați"),
        ("ro", "doar 12 mai trăiesc"),
    ],
)
def test_other_numbers_with_a_separator_are_no_dates(language: str, text: str) -> None:
    assert all(figure.kind is not FigureKind.DATE for figure in find(text, language))


@pytest.mark.parametrize(
    ("language", "text", "low", "high"),
    [
        ("uk", "у ніч з 4 на 5 травня", "--05-04", "--05-05"),
        ("ro", "în noaptea de 4 spre 5 mai 2024", "2024-05-04", "2024-05-05"),
        ("it", "tra il 3 e il 4 maggio", "--05-03", "--05-04"),
        ("en", "from the 3rd to the 4th of May", "--05-03", "--05-04"),
    ],
)
def test_two_days_of_one_month_are_a_span(language: str, text: str, low: str, high: str) -> None:
    (figure,) = find(text, language)
    assert (figure.kind, figure.low, figure.high) == (FigureKind.DATE, low, high)


def test_a_day_and_a_month_before_a_time_are_a_date() -> None:
    assert [figure.value for figure in find("Сесія відбудеться 24.02 о 10.30.", "uk")] == ["--02-24", "10:30"]


def test_other_months_before_a_verb_are_months() -> None:
    (figure,) = find("1 – 18 aprilie vor fi zile de doliu", "ro")
    assert (figure.kind, figure.low, figure.high) == (FigureKind.DATE, "--04-01", "--04-18")


@pytest.mark.parametrize(
    "text",
    ["pe 20 mai sunt alegeri", "duminică, 20 mai sunt alegeri", "20 mai este zi liberă", "începând cu 20 mai vor vota"],
)
def test_a_day_of_may_stays_one_behind_a_word_that_leads_to_it(text: str) -> None:
    (figure,) = find(text, "ro")
    assert figure.value == "--05-20"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("навесні 2024-го він виїхав", "2024"),
        ("у 2024-му", "2024"),
        ("2024-й рік", "2024"),
        ("у 1985 та 1990 років", "1990"),
    ],
)
def test_a_year_with_an_ending_or_in_a_list_is_a_year(text: str, value: str) -> None:
    figure = find(text, "uk")[-1]
    assert (figure.kind, figure.value) == (FigureKind.YEAR, value)


@pytest.mark.parametrize("text", ["2000-й рейс", "у 2000-й раз", "10 та 1990 років", "1500-й"])
def test_other_ordinals_and_durations_are_no_years(text: str) -> None:
    assert find(text, "uk")[-1].kind is not FigureKind.YEAR


def test_a_span_of_days_runs_forward() -> None:
    assert [figure.text for figure in find("від 30 до 21 грудня", "uk")] == ["30", "21 грудня"]


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("uk", "У ніч з 4 на 5 травня було тихо.", "The night of May 4-5 was quiet.", True),
        ("uk", "У ніч з 4 на 5 травня було тихо.", "The night of May 4-6 was quiet.", False),
        ("ro", "Târgul are loc pe 1-15 iunie.", "The fair runs from June 1 to June 15.", True),
        ("ro", "Târgul are loc pe 1-15 iunie.", "The fair runs from June 1st to 15th.", True),
        ("ro", "Târgul are loc pe 1-15 iunie.", "The fair runs from June 1 to June 16.", False),
        ("ro", "Târgul are loc pe 1-15 iunie 2024.", "The fair runs from June 1 to June 15, 2024.", True),
        ("ro", "Târgul are loc pe 1-15 iunie 2024.", "The fair runs from June 1 to June 15, 2023.", False),
        ("it", "Si vota fino al 24/02.", "Voting runs until 24 February.", True),
        ("it", "Si vota fino al 24/02.", "Voting runs until 25 February.", False),
        ("it", "Si vota fino al 05/09.", "Voting runs until 05/09.", True),
        ("it", "Si vota fino al 05/09.", "Voting runs until May 9.", False),
        ("it", "Si vota fino al 05/09/2024.", "Voting runs until 05/09/2024.", True),
        ("it", "Si vota fino al 05/09/2024.", "Voting runs until May 9, 2024.", False),
        ("it", "La stagione 2023/24 è finita.", "The 2023-24 season is over.", True),
        ("it", "La stagione 2023/24 è finita.", "The 2024-25 season is over.", False),
        ("ro", "Sezonul 2023/2024 s-a încheiat.", "The 2023-24 season is over.", True),
        ("uk", "Сезон 1999/00 завершився.", "Season 1999-2000 is over.", True),
        ("ro", "Se vede joi, 12.06, la Cluj.", "It can be seen in Cluj on Thursday, 12 June.", True),
        ("ro", "Se vede joi, 12.06, la Cluj.", "It can be seen in Cluj on Thursday, 13 June.", False),
        ("ro", "Doar 12 mai trăiesc.", "Only 12 are still alive.", True),
        ("ro", "Doar 12 mai trăiesc.", "Only 21 are still alive.", False),
        ("it", "Si vota ai primi di maggio.", "The vote is in early May.", True),
        ("it", "Si vota il primo maggio.", "The vote is on 2 May.", False),
        ("uk", "Виїхав навесні 2024-го.", "He left in the spring of 2024.", True),
        ("uk", "Виїхав навесні 2024-го.", "He left in the spring of 2023.", False),
    ],
)
def test_dates_are_compared(language: str, source: str, english: str, right: bool) -> None:
    assert all(one.verdict is Verdict.KEPT for one in compare(source, language, english)) is right


def test_only_years_in_a_row_are_a_season() -> None:
    (figure,) = find("stagione 2023/24", "it")
    assert (figure.kind, figure.low, figure.high) == (FigureKind.YEAR, "2023", "2024")
    assert [figure.kind for figure in find("stagione 2023/27", "it")] == [FigureKind.IDENTIFIER]


@given(year=st.integers(1900, 2098), joint=st.sampled_from("/-–"), short=st.booleans())
def test_every_season_is_read(year: int, joint: str, short: bool) -> None:
    second = str(year + 1)[2:] if short else str(year + 1)
    (figure,) = find(f"sezonul {year}{joint}{second}", "ro")
    assert (figure.low, figure.high) == (str(year), str(year + 1))
