from __future__ import annotations

from decimal import Decimal

from service.summary.dates import Moment, in_time, moments
from service.summary.features import Sentence
from service.summary.vocabulary import vocabulary
from service.types import Figure, FigureKind


def told(sentences: list[Sentence]) -> list[Moment | None]:
    return moments(sentences, vocabulary("en"), 2030)


def dated(*values: str | int | None, kind: FigureKind = FigureKind.DATE) -> Sentence:
    figures = [
        Figure(
            "x",
            0,
            1,
            kind if isinstance(value, str) else FigureKind.YEAR,
            Decimal(value) if isinstance(value, int) else value,
        )
        for value in values
    ]
    return Sentence("A sentence.", figures=tuple(figures))


def test_dates_of_all_shapes_are_moments() -> None:
    sentences = [dated("2018-08-10"), dated("2018-08"), dated(1974), dated(), dated("1990", kind=FigureKind.DECADE)]
    assert told(sentences) == [(2018, 8, 10), (2018, 8, 0), (1974, 0, 0), None, (1990, 0, 0)]


def test_a_century_is_the_year_it_begins() -> None:
    figure = Figure("19th century", 0, 12, FigureKind.CENTURY, Decimal(19))
    assert told([Sentence("x", figures=(figure,))]) == [(1801, 0, 0)]


def test_a_date_without_a_year_is_of_the_latest_past_year_with_a_day_or_of_the_year_given() -> None:
    sentences = [dated("--03-03"), dated(2019), dated("2023-01-01"), dated("2024-02"), dated("2031-05-01")]
    assert told(sentences) == [(2023, 3, 3), (2019, 0, 0), (2023, 1, 1), (2024, 2, 0), (2031, 5, 1)]
    assert told([dated("--03-03"), dated(1974)]) == [(2030, 3, 3), (1974, 0, 0)]


def test_a_month_with_its_year_looks_back_from_dates_without_one() -> None:
    assert in_time([0, 1], [dated("--04-28"), dated("2024-08")], vocabulary("en")) == [1, 0]


def test_the_order_is_that_of_the_calendar_and_the_undated_come_last() -> None:
    sentences = [dated(), dated("2024-05-02"), dated("2023-01-01"), dated("2024-05-01"), dated()]
    assert in_time([0, 1, 2, 3, 4], sentences, vocabulary("en")) == [2, 3, 1, 0, 4]


def test_other_figures_are_no_dates() -> None:
    assert told([Sentence("x", figures=(Figure("5", 0, 1, FigureKind.COUNT, Decimal(5)),))]) == [None]
    assert told([Sentence("x", figures=(Figure("?", 0, 1, FigureKind.DATE, "soon"),))]) == [None]


def test_a_year_since_which_something_holds_is_not_when_it_happened() -> None:
    text = "The port opened a terminal on 3 March 2025, its first since 1974."
    year = Figure("1974", text.index("1974"), text.index("1974") + 4, FigureKind.YEAR, "1974")
    assert told([Sentence(text, figures=(year,))]) == [None]
    date = Figure("3 March 2025", text.index("3 March"), text.index(", its"), FigureKind.DATE, "2025-03-03")
    assert told([Sentence(text, figures=(year, date))]) == [(2025, 3, 3)]
