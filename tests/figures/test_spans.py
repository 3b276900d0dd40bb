"""Spans whose multiplier is glued to the last bound, and words that are no bound."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.figures.find import find
from service.figures.match import compare
from service.types import Verdict

DIGITS = ("due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Due o tremila persone", 2000, 3000),
        ("Cinque-seimila persone", 5000, 6000),
        ("Da due a tremila euro", 2000, 3000),
        ("Dieci o quindicimila persone", 10000, 15000),
        ("Da mille a duemila persone", 1000, 2000),
        ("Da venti a trenta persone", 20, 30),
        ("Venti o trenta persone", 20, 30),
    ],
)
def test_a_glued_multiplier_serves_both_bounds(text: str, low: int, high: int) -> None:
    (figure,) = find(text, "it")
    assert (figure.low, figure.high) == (Decimal(low), Decimal(high))


@given(place=st.integers(0, len(DIGITS) - 2))
def test_any_two_neighbours_share_it(place: int) -> None:
    (figure,) = find(f"Da {DIGITS[place]} a {DIGITS[place + 1]}mila euro", "it")
    assert (figure.low, figure.high) == (Decimal(1000 * (place + 2)), Decimal(1000 * (place + 3)))


@pytest.mark.parametrize(
    ("source", "english", "right"),
    [
        ("Raffiche e venti fino a 90 km/h.", "Gusts and winds of up to 90 km/h.", True),
        ("Sono attesi venti fino a 120 km/h.", "Winds of up to 120 km/h are expected.", True),
        ("Sono attesi venti fino a 120 km/h.", "Winds of up to 20 km/h are expected.", False),
        ("Due o tremila persone.", "Two or three thousand people.", True),
        ("Due o tremila persone.", "Two or three hundred people.", False),
    ],
)
def test_winds_are_no_bound(source: str, english: str, right: bool) -> None:
    assert all(one.verdict is Verdict.KEPT for one in compare(source, "it", english)) is right
