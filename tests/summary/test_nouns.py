from __future__ import annotations

from decimal import Decimal

import pytest

from service.summary.nouns import counted
from service.types import Figure, FigureKind


@pytest.mark.parametrize(
    ("text", "surface", "kind", "counts"),
    [
        (
            "It will send 6,000 more North Korean soldiers to Russia.",
            "6,000",
            FigureKind.COUNT,
            "North Korean soldiers",
        ),
        ("The plan won 29 votes to 14.", "29", FigureKind.COUNT, "votes"),
        ("The plan won 29 votes to 14.", "14", FigureKind.COUNT, ""),
        ("At least 12 people died in the flood.", "12", FigureKind.COUNT, "people"),
        ("Some 340 injured passengers were flown out.", "340", FigureKind.COUNT, "injured passengers"),
        ("It handles 1.6 million containers a year.", "1.6 million", FigureKind.COUNT, "containers"),
        (
            "They supply 40% of Moscow's artillery shells, he said.",
            "40%",
            FigureKind.PERCENT,
            "of Moscow's artillery shells",
        ),
        ("They spend £186m on a new container terminal.", "£186m", FigureKind.MONEY, "on container terminal"),
        ("Prices rose by 3.8% compared with 2024.", "3.8%", FigureKind.PERCENT, ""),
        ("The chief, Helen Marsh, 51, agreed.", "51", FigureKind.AGE, "Helen Marsh"),
        ("said Helen Marsh, 51, yesterday", "51", FigureKind.AGE, "Helen Marsh"),
        ("Since 1974 ships have called here.", "1974", FigureKind.YEAR, ""),
        ("It came to 500", "500", FigureKind.COUNT, ""),
    ],
)
def test_the_noun_that_a_figure_modifies(text: str, surface: str, kind: FigureKind, counts: str) -> None:
    start = text.index(surface)
    figure = Figure(surface, start, start + len(surface), kind, Decimal(1))
    assert counted(text, figure) == counts
