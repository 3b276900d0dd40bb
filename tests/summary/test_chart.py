from __future__ import annotations

from decimal import Decimal

import pytest
from selectolax.lexbor import LexborHTMLParser

from service.summary.chart import comparable, svg
from service.summary.highlight import KeyFigure
from service.types import FigureKind, Verdict
from tests.summary.making import check, figure


def row(
    surface: str,
    value: Decimal | int,
    counts: str = "",
    kind: FigureKind = FigureKind.COUNT,
    unit: str | None = None,
    verdict: Verdict = Verdict.KEPT,
) -> KeyFigure:
    own = figure(surface, surface, value, kind, unit)
    return KeyFigure(check("f1", own, own, verdict=verdict), surface, counts, surface)


PEOPLE = [row("6,000", 6000, "North Korean soldiers"), row("25,000", 25000, "workers"), row("600", 600, "soldiers")]


def test_counts_of_people_are_comparable_whoever_they_are() -> None:
    chart = comparable(PEOPLE)
    assert chart is not None
    assert chart.unit == "people"
    assert [bar.text for bar in chart.bars] == ["6,000", "25,000", "600"]


def test_money_is_comparable_within_a_currency() -> None:
    euros = [row(f"€{n}m", n * 10**6, "for repairs", FigureKind.MONEY, "EUR") for n in (2, 3, 9)]
    pounds = [row(f"£{n}m", n * 10**6, "", FigureKind.MONEY, "GBP") for n in (5, 6)]
    chart = comparable(euros + pounds)
    assert chart is not None
    assert chart.unit == "EUR"
    assert comparable(euros[:2] + pounds) is None


@pytest.mark.parametrize(
    "figures",
    [
        [],
        PEOPLE[:2],
        [row("6", 6, "ships"), row("7", 7, "hills"), row("8", 8, "")],
        [row("5", 5, "ships"), row("5", 5, "old ships"), row("6", 6, "ships")],
        [*PEOPLE[:2], row("600", 600, "soldiers", verdict=Verdict.CHANGED)],
        [row("1", 1, "soldier"), row("2", 2, "soldiers"), row("9 million", 9_000_000, "people")],
        [row(str(year), year, "", FigureKind.YEAR) for year in (2001, 2002, 2003)],
        [row(f"{n}%", n, "interest", FigureKind.PERCENT, "%") for n in (4, 15, 73)],
    ],
)
def test_what_cannot_be_compared_is_not_drawn(figures: list[KeyFigure]) -> None:
    assert comparable(figures) is None


def test_bars_are_as_long_as_their_values() -> None:
    chart = comparable(PEOPLE)
    assert chart is not None
    widths = [rect.attributes["width"] for rect in LexborHTMLParser(svg(chart)).css("svg rect")]
    assert widths == ["72", "300", "7"]


def test_the_drawing_names_itself_and_lets_no_markup_through() -> None:
    chart = comparable([row(f"{n}<b>", n, "soldiers & <script>") for n in (4, 5, 6)])
    assert chart is not None
    drawing = svg(chart)
    assert "<script>" not in drawing
    (root,) = LexborHTMLParser(drawing).css("svg")
    assert root.attributes["role"] == "img"
    assert root.css("title")[0].text() == "Figures compared, in people"
    assert "soldiers & <script>" in root.css("desc")[0].text()


def test_a_long_story_draws_no_more_bars_than_can_be_read() -> None:
    chart = comparable([row(str(n), n, "soldiers") for n in range(10, 40)])
    assert chart is not None
    assert len(chart.bars) == 8
