"""Amounts: money below zero, one per cent, and half of what an idiom seems to end in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Verdict

RIGHT = {Verdict.KEPT, Verdict.CONVERTED}


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("a balance of -$5 billion", "-5000000000", "USD"),
        ("a balance of –€1.2bn", "-1200000000", "EUR"),
        ("a balance of minus $40", "-40", "USD"),
        ("a balance of negative €5", "-5", "EUR"),
        ("a balance of -US$5", "-5", "USD"),
        ("a balance of -EUR 5", "-5", "EUR"),
        ("a balance of $-5", "-5", "USD"),
        ("(-$5 million)", "-5000000", "USD"),
        ("the cost –$5 million– is known", "5000000", "USD"),
        ("the cost - $5 million - is known", "5000000", "USD"),
        ("the pre-$5 tax", "5", "USD"),
    ],
)
def test_a_minus_may_stand_before_the_sign_of_a_currency(text: str, value: str, unit: str) -> None:
    (figure,) = find(text, "en")
    assert (figure.kind, figure.value, figure.unit) == (FigureKind.MONEY, Decimal(value), unit)


@given(low=st.integers(1, 400), step=st.integers(1, 400), dash=st.sampled_from(["-", "–"]))
def test_a_dash_between_two_sums_is_no_minus(low: int, step: int, dash: str) -> None:
    (figure,) = find(f"It costs ${low}{dash}${low + step} a piece.", "en")
    assert (figure.low, figure.high) == (Decimal(low), Decimal(low + step))


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("uk", "Сальдо становило –1,2 млрд доларів.", "The balance was minus $1.2 billion.", True),
        ("uk", "Сальдо становило 1,2 млрд доларів.", "The balance was minus $1.2 billion.", False),
        ("uk", "Сальдо було від'ємне: -3 млн грн.", "There was a negative balance of 3 million hryvnias.", True),
        ("it", "Il saldo segna -63mila unità.", "Employment fell by 63,000.", True),
        ("it", "Il saldo segna -63mila unità.", "Employment rose by 63,000.", False),
        ("ro", "Soldul a fost de -2,5 miliarde de euro.", "There was a deficit of 2.5 billion euros.", True),
        ("ro", "Soldul a fost de -2,5 miliarde de euro.", "There was a surplus of 2.5 billion euros.", False),
        ("it", "I conti sono in rosso di 3 milioni di euro.", "The balance is -€3 million.", True),
        ("it", "Vale circa l'uno per cento del totale.", "It is about 1% of the total.", True),
        ("it", "Vale circa l'uno per cento del totale.", "It is about 5% of the total.", False),
        ("it", "Un calo dell'uno per cento.", "A drop of one percent.", True),
        ("ro", "Un procent mai mare de oameni.", "A higher percentage of people.", True),
        ("it", "Una somma pari a mezzo milione di euro.", "A sum of half a million euros.", True),
        ("it", "Una somma pari a mezzo milione di euro.", "A sum of a million euros.", False),
    ],
)
def test_amounts_are_compared(language: str, source: str, english: str, right: bool) -> None:
    assert ({one.verdict for one in compare(source, language, english)} <= RIGHT) is right


def test_an_idiom_without_a_multiplier_counts_nothing() -> None:
    assert find("Lo ha detto a mezzo stampa.", "it") == ()
