"""What stands behind a number: times over, adjectives in digits, parts of a unit, and words that only look like one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Verdict

RIGHT = {Verdict.KEPT, Verdict.CONVERTED}


def right(source: str, language: str, english: str) -> bool:
    checks = compare(source, language, english)
    assert checks
    return {one.verdict for one in checks} <= RIGHT


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("a 50-basis-point cut", "bp"),
        ("a cut of 75 bp", "bp"),
        ("a 0.75 percentage-point rise", "pp"),
        ("a 15-per-cent rise", "%"),
        ("a 4-point lead", None),
    ],
)
def test_hyphenated_points_and_percents_are_units(text: str, unit: str | None) -> None:
    (figure,) = find(text, "en")
    assert figure.unit == unit


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("uk", "Обсяг зріс у 1,5 раза.", "1.5"),
        ("ro", "A crescut de 3 ori.", "3"),
        ("it", "Cresce di tre volte, dicono.", "3"),
        ("en", "It grew 1.5 times, he said.", "1.5"),
        ("en", "It grew 20x.", "20"),
    ],
)
def test_times_are_a_multiplier_before_punctuation_too(language: str, text: str, value: str) -> None:
    (figure,) = find(text, language)
    assert (figure.kind, figure.value) == (FigureKind.MULTIPLIER, Decimal(value))


@pytest.mark.parametrize("text", ["a 4x4 car", "the x5 lens", "3 x 4 tiles"])
def test_a_cross_between_numbers_is_no_multiplier_of_them(text: str) -> None:
    assert all(figure.kind is not FigureKind.MULTIPLIER or figure.text.endswith("x") for figure in find(text, "en"))


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("3-денний візит", FigureKind.DURATION, "3", "d"),
        ("10-хвилинна перерва", FigureKind.DURATION, "10", "min"),
        ("2-годинна розмова", FigureKind.DURATION, "2", "h"),
        ("15-кілометрова дистанція", FigureKind.MEASURE, "15", "km"),
        ("2,5-метровий паркан", FigureKind.MEASURE, "2.5", "m"),
        ("10-тонний кран", FigureKind.MEASURE, "10", "t"),
        ("30-градусна спека", FigureKind.MEASURE, "30", "deg"),
        ("5-відсоткова ставка", FigureKind.PERCENT, "5", "%"),
        ("100-гривнева купюра", FigureKind.MONEY, "100", "UAH"),
        ("стогривнева купюра", FigureKind.MONEY, "100", "UAH"),
        ("300-тисячне місто", FigureKind.COUNT, "300000", None),
        ("1,4-мільйонне місто", FigureKind.COUNT, "1400000", None),
        ("10-поверховий будинок", FigureKind.COUNT, "10", None),
        ("20-річний водій", FigureKind.AGE, "20", "a"),
    ],
)
def test_adjectives_behind_digits_have_their_unit(text: str, kind: FigureKind, value: str, unit: str | None) -> None:
    (figure,) = find(text, "uk")
    assert (figure.kind, figure.value, figure.unit) == (kind, Decimal(value), unit)


@given(value=st.integers(2, 999), stem=st.sampled_from([("денний", "d"), ("метрова", "m"), ("тонне", "t")]))
def test_any_number_takes_such_an_adjective(value: int, stem: tuple[str, str]) -> None:
    (figure,) = find(f"Це {value}-{stem[0]} шлях.", "uk")
    assert (figure.value, figure.unit) == (Decimal(value), stem[1])


@pytest.mark.parametrize(
    ("language", "source", "english", "expected"),
    [
        ("uk", "Розпочався 3-денний візит.", "A three-day visit began.", True),
        ("uk", "Розпочався 3-денний візит.", "A three-week visit began.", False),
        ("uk", "Це 1,4-мільйонне місто.", "It is a city of 1.4 million.", True),
        ("it", "Trenta minuti dopo arrivano.", "They come half an hour later.", True),
        ("it", "Quaranta minuti dopo arrivano.", "They come half an hour later.", False),
        ("it", "Tre quarti d'ora dopo.", "Three quarters of an hour later.", True),
        ("ro", "Un sfert de oră mai târziu.", "A quarter of an hour later.", True),
        ("ro", "Au venit în joia de 12 și luni 16.", "They came on Thursday 12 and Monday 16.", True),
        ("ro", "Aduc 220 pe zi.", "They bring 220 a day.", True),
        ("ro", "A redus dobânda cu 0,25 puncte procentuale.", "It cut the rate by 25 basis points.", True),
        ("ro", "A redus dobânda cu 0,25 puncte procentuale.", "It cut the rate by 50 basis points.", False),
        ("it", "Il taglio è di 25 punti base.", "The cut is a quarter of a percentage point.", True),
        ("it", "Il taglio è di 25 punti base.", "It is a quarter-point cut.", True),
        ("it", "Il taglio è di 25 punti base.", "It is a half-point cut.", False),
        ("it", "Una zona di 1.500 chilometri quadrati.", "An area of 1,500 square km.", True),
        ("it", "Una zona di 1.500 ettari.", "An area of 1,500 square km.", False),
        ("uk", "Вночі 5 морозу.", "Minus 5 at night.", True),
        ("uk", "Вночі до 10 морозу.", "Down to minus 10 at night.", True),
        ("uk", "Вночі 5 морозу.", "Plus 5 at night.", False),
        ("ro", "Cinci sub zero.", "Five below zero.", True),
        ("it", "Un italiano su quattro ha paura.", "One Italian in four is afraid.", True),
        ("it", "Un italiano su quattro ha paura.", "One Italian in five is afraid.", False),
        ("it", "Un bosco di 4 ha di querce.", "A wood of 4 hectares of oak.", True),
        ("it", "Un bosco di 4 ha.", "A wood of four acres.", False),
    ],
)
def test_units_are_compared(language: str, source: str, english: str, expected: bool) -> None:
    assert right(source, language, english) is expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("half an hour", "h"),
        ("half of an hour", "h"),
        ("a third of a mile", "[mi_i]"),
        ("half a percentage point", "pp"),
        ("half a point", "pp"),
        ("220 a day", None),
        ("a third a year", None),
        ("12 and minutes later", None),
        ("5 subzero nights", None),
        ("5 below zero", "deg"),
    ],
)
def test_a_unit_behind_an_article_is_that_of_a_part(text: str, unit: str | None) -> None:
    (figure,) = find(text, "en")
    assert figure.unit == unit


@pytest.mark.parametrize("text", ["Il 4 ha vinto.", "Nel 2023 ha vinto.", "Uno su quattro ha paura"])
def test_a_verb_is_no_hectare(text: str) -> None:
    assert all(figure.unit is None for figure in find(text, "it"))
