"""Numbers below zero: by their sign, by a word, and as bounds of a span."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.figures.find import find
from service.figures.match import compare
from service.figures.repair import repair
from service.types import Segment, Severity, TranslatedSegment, Verdict


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("it", "5 gradi sotto zero", -5),
        ("ro", "12 grade sub zero", -12),
        ("uk", "10 градусів морозу", -10),
        ("en", "5 degrees below zero", -5),
        ("en", "-5 degrees below zero", -5),
        ("it", "5 gradi sopra lo zero", 5),
    ],
)
def test_words_behind_degrees_turn_the_sign(language: str, text: str, value: int) -> None:
    assert find(text, language)[0].value == Decimal(value)


@pytest.mark.parametrize(
    ("language", "text", "low", "high"),
    [
        ("ro", "de -5...-10 grade", -10, -5),
        ("ro", "de -10...-5 grade", -10, -5),
        ("ro", "de -5...+5 grade", -5, 5),
        ("ro", "de 5...10 grade", 5, 10),
        ("uk", "-5…-7°", -7, -5),
        ("uk", "-5–7°", -7, -5),
        ("uk", "мінус 5–7 градусів", -7, -5),
        ("uk", "0…-3°", -3, 0),
        ("uk", "5-10° морозу", -10, -5),
        ("it", "tra -5 e 7 gradi", -5, 7),
        ("en", "from -5 to 7 degrees", -5, 7),
        ("en", "-5 to -10 degrees", -10, -5),
        ("en", "5 to 10 degrees below zero", -10, -5),
        ("en", "-20–8 °C", -20, 8),
    ],
)
def test_bounds_below_zero_are_in_order(language: str, text: str, low: int, high: int) -> None:
    (figure,) = find(text, language)
    assert (figure.low, figure.high) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize("text", ["wait... -5 or 5", "the U.S.-15 list", "5... 10"])
def test_dots_that_end_a_phrase_join_no_numbers(text: str) -> None:
    assert all(figure.low is None for figure in find(text, "en"))


@pytest.mark.parametrize(
    ("language", "text", "reading"),
    [
        ("en", "fell by 1.2%", True),
        ("en", "a 1.2% drop", True),
        ("en", "lost more than 1.2 percent", True),
        ("en", "fell from 1.2%", False),
        ("en", "fell to 1.2%", False),
        ("en", "fell, then 1.2%", False),
        ("en", "rose by 1.2%", False),
        ("it", "in calo dell'1,2%", True),
        ("it", "è scesa al 1,2%", False),
        ("ro", "a scăzut cu 1,2%", True),
        ("uk", "знизився на 1,2%", True),
        ("uk", "знизився до 1,2%", False),
    ],
)
def test_a_percentage_by_which_something_fell_may_be_negative(language: str, text: str, reading: bool) -> None:
    (figure,) = find(text, language)
    assert figure.value == Decimal("1.2")
    assert (Decimal("-1.2") in figure.readings) is reading


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("it", "Piazza Affari -1,2%.", "Piazza Affari down 1.2%.", True),
        ("it", "Piazza Affari -1,2%.", "Piazza Affari up 1.2%.", False),
        ("ro", "Producția a scăzut cu 1,2%.", "Production: -1.2%.", True),
        ("ro", "Producția a crescut cu 1,2%.", "Production: -1.2%.", False),
        ("it", "Dow Jones -0,35%, Nasdaq +1,02%.", "The Dow fell 0.35% and the Nasdaq rose 1.02%.", True),
        ("ro", "Minime de -5...-10 grade.", "Lows of -5 to -10 degrees.", True),
        ("ro", "Minime de -5...-10 grade.", "Lows of 5 to 10 degrees.", False),
        ("it", "Erano 5 gradi sotto zero.", "It was -5 degrees.", True),
        ("it", "Erano 5 gradi sotto zero.", "It was 5 degrees.", False),
        ("uk", "Вночі 3–8° морозу.", "Lows of minus 3 to minus 8.", True),
        ("ro", "Minus 12 grade.", "12 degrees below freezing.", True),
        ("uk", "Удень 5-10° морозу.", "-5 to -10 degrees in the daytime.", True),
    ],
)
def test_signs_are_compared(language: str, source: str, english: str, right: bool) -> None:
    assert all(one.verdict is Verdict.KEPT for one in compare(source, language, english)) is right


@pytest.mark.parametrize(
    ("language", "source", "english", "severity"),
    [
        ("it", "Indice A -0,35%, indice B -1,02%.", "Index A fell 0.35% and index B 1.02%.", Severity.NOTICE),
        ("it", "Vendite: -12,4%.", "Sales fell (by 12.4%).", Severity.NOTICE),
        ("it", "Vendite: -12,4%.", "Sales went down sharply, by 12.4%.", Severity.NOTICE),
        ("it", "Vendite: -12,4%.", "A 12.4% year-on-year slump in sales.", Severity.NOTICE),
        ("ro", "Rezultat net: -3,2 milioane de euro.", "Net loss: €3.2 million.", Severity.NOTICE),
        ("it", "Sconti fino al -50%.", "Discounts of up to 50%.", Severity.NOTICE),
        ("it", "Meno 10 giorni al voto.", "Ten days to go before the vote.", Severity.NOTICE),
        ("it", "Siamo a -3 dalla vetta.", "We are 3 points behind the leaders.", Severity.NOTICE),
        ("it", "Vendite: -12,4%.", "Sales: 12.4%.", Severity.ERROR),
    ],
)
def test_a_sign_that_words_may_tell_is_no_error(language: str, source: str, english: str, severity: Severity) -> None:
    (*_, one) = compare(source, language, english)
    assert one.severity is severity
    assert (one.verdict is Verdict.KEPT) is (severity is Severity.NOTICE)
    assert ("its sign" in one.reason) is (severity is Severity.NOTICE)


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_zero_has_no_sign(language: str) -> None:
    assert all("sign" not in one.reason for one in compare("0%, 0", language, "0%, 0%"))


def test_no_repair_writes_a_minus_where_words_tell_it() -> None:
    source, english = "Vendite: -12,4%.", "Sales fell (by 12.4%)."
    (fixed,), _ = repair([TranslatedSegment(Segment(0, 0, source, 0, len(source)), english)], "it", None)
    assert fixed.english == english


@pytest.mark.parametrize(
    ("language", "source", "english", "expected"),
    [
        ("it", "Piazza Affari -1,2%.", "Piazza Affari down 2.1%.", "Piazza Affari down 1.2%."),
        ("it", "Erano 5 gradi sotto zero.", "It was 6 degrees below zero.", "It was 5 degrees below zero."),
        ("ro", "Minime de -5...-10 grade.", "Lows of 5 to 10 degrees.", "Lows of -10 to -5 degrees."),
    ],
)
def test_a_repair_keeps_the_words_for_the_sign(language: str, source: str, english: str, expected: str) -> None:
    (fixed,), _ = repair([TranslatedSegment(Segment(0, 0, source, 0, len(source)), english)], language, None)
    assert fixed.english == expected


@given(near=st.integers(1, 60), step=st.integers(1, 30), joint=st.sampled_from(["...", "…", "–"]))
def test_every_span_below_zero_is_read(near: int, step: int, joint: str) -> None:
    far = near + step
    for text in (f"-{near}{joint}-{far} grade", f"-{far}{joint}-{near} grade", f"{near}{joint}{far} grade sub zero"):
        if joint == "–" and text.startswith("-"):
            continue  # a second minus behind a dash is written with spaces
        (figure,) = find(text, "ro")
        assert (figure.low, figure.high, figure.unit) == (Decimal(-far), Decimal(-near), "deg")
