"""The notation of the lexicon files, and that every file holds what the readers count on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.figures import digits
from service.figures.compilation import languages, lexicon, shared, style
from service.figures.patterns import PhraseTable, expand, phrases
from service.figures.tokens import Tokens, fold


def test_a_pattern_stands_for_all_its_forms() -> None:
    assert list(expand("dolar{,i}", {})) == ["dolar", "dolari"]
    assert list(expand("долар<m> {а,б}", {"m": ["", "и"]})) == ["долар а", "долар б", "долари а", "долари б"]


def test_an_unknown_class_of_endings_is_an_error() -> None:
    with pytest.raises(KeyError, match="nope"):
        list(expand("долар<nope>", {}))


def test_an_abbreviation_may_lose_its_stop() -> None:
    assert list(phrases(["mld."], {}, "inside")) == [("mld", "."), ("mld",)]


def test_the_longest_phrase_wins_and_a_stop_must_touch() -> None:
    table: PhraseTable[str] = PhraseTable()
    table.add(("km",), "km")
    table.add(("km", "pe", "oră"), "km/h")
    table.add(("art", "."), "label")
    assert table.at(Tokens("km pe oră"), 0) == ("km/h", 3)
    assert table.at(Tokens("km pe jos"), 0) == ("km", 1)
    assert table.at(Tokens("art ."), 0) is None
    assert table.before(Tokens("la km"), 2) == ("km", 1)


@pytest.mark.parametrize("language", languages())
def test_every_language_knows_the_same_units_and_the_months(language: str) -> None:
    words = lexicon(language)
    assert set(words.calendar.months.words().values()) == set(range(1, 13))
    for unit in ("a", "mo", "wk", "d", "h", "min", "km", "m", "kg", "t", "L", "har", "km2", "Cel", "[mi_i]"):
        assert unit in words.quantities.units.words().values() or any(
            unit in {meaning for _, meaning in rest} for rest in words.quantities.units._by_first.values()
        ), unit
    for currency in ("EUR", "USD", "GBP", "RON", "UAH", "CHF", "RUB", "PLN"):
        forms = [forms for forms, code in words.quantities.currencies.words().items() if code == currency]
        assert forms or currency in ("CHF", "GBP"), currency


def test_style_names_every_unit_that_has_no_symbol_of_its_own() -> None:
    shown = style()["names"]
    converted = {unit for factors in shared()["conversion"].values() for unit in factors if unit.startswith("[")}
    assert converted - {"[sft_i]", "[cft_i]"} <= set(shown)


@pytest.mark.parametrize("text", ["ŞŢ’–\u00a0İ", "ﬁ²½", "Ǆ", "\u0130\u0130"])
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "decimal", "value", "readings"),
    [
        ("6.000", ",", "6000", ["6.000"]),
        ("6,387", ",", "6.387", ["6387"]),
        ("1.234.567,89", ",", "1234567.89", []),
        ("1,234,567.89", ",", "1234567.89", []),
        ("0.500", ",", "0.500", []),
        ("2.5", ",", "2.5", []),
        ("1'234", ".", "1234", []),
    ],
)
def test_digits_are_read_by_their_convention(text: str, decimal: str, value: str, readings: list[str]) -> None:
    found = digits.read(text, decimal)
    assert found is not None
    assert found.value == Decimal(value)
    assert list(found.readings) == [Decimal(one) for one in readings]


@pytest.mark.parametrize("text", ["1.2.3", "1.23.456", "1.234,567,890", "12.34,5", "7" * 100])
def test_digits_of_no_convention_are_no_number(text: str) -> None:
    assert digits.read(text, ",") is None
