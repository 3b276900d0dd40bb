"""What the finder promises on whole sentences; the broad gold sets are in test_gold.py."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.figures.compilation import languages
from service.figures.find import find
from service.languages import served
from service.types import FigureKind, Modifier


def test_every_language_has_its_lexicon() -> None:
    assert set(languages()) == {language.code for language in served()}


def test_unknown_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        find("5", "xx")


@pytest.mark.parametrize("text", ["", " ", "…", "-", "$", ",", "'", "a", "%%%", "\U0001f600", "\n\n", "(", "№"])
def test_nothing_to_find(text: str) -> None:
    assert find(text, "en") == ()


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ro", "Au venit 40 de mii de oameni", 40000),
        ("ro", "o sută douăzeci de mii de euro", 120000),
        ("ro", "două milioane trei sute de mii", 2300000),
        ("ro", "un milion și jumătate de lei", 1500000),
        ("it", "duecentocinquantamila firme", 250000),
        ("it", "un milione e mezzo di euro", 1500000),
        ("it", "40mila in piazza", 40000),
        ("uk", "двадцяти трьох тисяч гривень", 23000),
        ("uk", "пів мільйона людей", 500000),
        ("uk", "1 млн 200 тис. грн", 1200000),
        ("en", "twenty-three thousand students", 23000),
        ("en", "half a million refugees", 500000),
        ("en", "$1.2bn of losses", 1200000000),
    ],
)
def test_numbers_in_words_and_digits(language: str, text: str, value: int) -> None:
    (figure,) = find(text, language)
    assert figure.value == Decimal(value)
    assert text[figure.start : figure.end] == figure.text


def test_a_span_is_one_figure_and_shares_its_multiplier() -> None:
    (figure,) = find("tra 10 e 15 milioni di euro", "it")
    assert (figure.low, figure.high, figure.value) == (Decimal(10_000_000), Decimal(15_000_000), None)
    assert (figure.kind, figure.unit) == (FigureKind.MONEY, "EUR")


@pytest.mark.parametrize("text", ["у 2,5 раза", "у півтора раза", "у 5 разів"])
def test_the_ukrainian_word_for_times_makes_a_multiplier(text: str) -> None:
    (figure,) = find(text, "uk")
    assert figure.kind is FigureKind.MULTIPLIER


def test_modifier_and_unit() -> None:
    (figure,) = find("peste 300 de hectare", "ro")
    assert (figure.value, figure.unit, figure.modifier) == (Decimal(300), "har", Modifier.OVER)


def test_one_separator_before_three_digits_keeps_both_readings() -> None:
    (figure,) = find("завдовжки 6,387 км", "uk")
    assert figure.value == Decimal("6.387")
    assert figure.readings == (Decimal(6387),)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ('un televisore da 55" costa meno', "[in_i]"),
        ('la cifra sarà di 250", ha detto', None),
        ('"Sono 250" ha detto il sindaco', None),
        ('ne restano 12".', None),
    ],
)
def test_a_quotation_mark_behind_a_number_is_rarely_the_sign_for_inches(text: str, unit: str | None) -> None:
    [figure] = find(text, "it")
    assert figure.unit == unit
    assert figure.text.endswith('"') == (unit is not None)
