"""The notation of the lexicon files, and that every file holds what the readers count on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.figures import digits
from service.figures.compilation import languages, lexicon
from service.figures.find import find
from service.figures.patterns import PhraseTable, expand, phrases
from service.figures.style import write
from service.figures.tokens import Tokens, fold
from service.types import Figure, FigureKind


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
        assert unit in meanings(words.quantities.units), unit
    for currency in ("EUR", "USD", "GBP", "RON", "UAH", "CHF", "RUB", "PLN"):
        forms = [forms for forms, code in words.quantities.currencies.words().items() if code == currency]
        assert forms or currency in ("CHF", "GBP"), currency


def meanings(table: PhraseTable[str]) -> set[str]:
    return {*table.words().values(), *(meaning for rest in table._by_first.values() for _, meaning in rest)}


def every_unit() -> set[str]:
    found: set[str] = set()
    for quantities in (lexicon(code).quantities for code in languages()):
        for table in (quantities.units, quantities.currencies, quantities.currency_signs):
            found |= meanings(table)
    return found


@pytest.mark.parametrize("unit", sorted(every_unit()))
@pytest.mark.parametrize("value", ["1", "2", "2.5", "3500"])
def test_every_unit_is_written_as_english_reads_it(unit: str, value: str) -> None:
    written = write(Figure("", 0, 0, FigureKind.MEASURE, Decimal(value), unit=unit))
    (found,) = find(f"It was {written} here.", "en")
    assert found.value == Decimal(value)
    # "2 centuries" may be the first two, and is read as a century in every language.
    assert found.unit == unit or (unit == "100.a" and found.kind is FigureKind.CENTURY)


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
