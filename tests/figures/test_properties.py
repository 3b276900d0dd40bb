"""Properties: what is written by a convention is read back, offsets hold, and hostile text costs linear time."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.figures import style
from service.figures.compilation import lexicon
from service.figures.compilation import style as english_style
from service.figures.find import find
from service.figures.match import compare
from service.figures.repair import repair
from service.types import Figure, FigureKind, Segment, TranslatedSegment, Verdict
from tests.figures.gold import LANGUAGES

SPACES = (" ", "\u00a0", "\u202f", "\u2009")
MEGABYTE = 1_000_000
languages = st.sampled_from(LANGUAGES)
counts = st.integers(min_value=0, max_value=10**12)
unhurried = settings(deadline=None)  # the first example of a language loads its lexicon


def grouped(value: int, separator: str) -> str:
    return f"{value:,}".replace(",", separator)


@unhurried
@given(language=languages, value=counts, data=st.data())
def test_grouped_integers_are_read_back(language: str, value: int, data: st.DataObject) -> None:
    separators = [group for group in lexicon(language).groups if group != " "] + list(SPACES)
    text = grouped(value, data.draw(st.sampled_from(separators)))
    (figure,) = find(text, language)
    assert value in (figure.value, *figure.readings) or figure.value == str(value)


@unhurried
@given(language=languages, value=counts, part=st.integers(0, 99), data=st.data())
def test_decimals_are_read_back(language: str, value: int, part: int, data: st.DataObject) -> None:
    words = lexicon(language)
    group = data.draw(st.sampled_from(["", *(one for one in words.groups)]))
    text = f"{grouped(value, group)}{words.decimal}{part:02d} %"
    (figure,) = find(text, language)
    assert (figure.value, figure.kind, figure.unit) == (Decimal(f"{value}.{part:02d}"), FigureKind.PERCENT, "%")


@unhurried
@given(
    value=st.decimals(min_value=0, max_value=10**13, places=2, allow_nan=False, allow_infinity=False),
    unit=st.sampled_from([None, *english_style()["signs"], *english_style()["names"], "%", "km", "kg", "MW"]),
)
def test_english_style_is_read_back(value: Decimal, unit: str | None) -> None:
    kind = FigureKind.COUNT if unit is None else FigureKind.MEASURE
    figure = Figure("", 0, 0, kind, value.normalize(), unit=unit)
    (found,) = find(style.write(figure), "en")
    assert found.value == value
    assert found.unit == unit


@unhurried
@given(year=st.integers(1900, 2099), month=st.integers(1, 12), day=st.integers(1, 28), language=languages)
def test_dates_are_read_back(year: int, month: int, day: int, language: str) -> None:
    names = lexicon(language).calendar.months
    name = next(form for form, number in names.words().items() if number == month and len(form) > 2)
    (figure,) = find(f"{day} {name} {year}", language)
    assert (figure.kind, figure.value) == (FigureKind.DATE, f"{year}-{month:02d}-{day:02d}")


@unhurried
@given(text=st.text(max_size=200), language=languages)
def test_offsets_hold_and_figures_do_not_overlap(text: str, language: str) -> None:
    end = 0
    for figure in find(text, language):
        assert end <= figure.start < figure.end
        assert text[figure.start : figure.end] == figure.text
        end = figure.end


ALPHABET = st.sampled_from(
    [
        "1",
        "20",
        "2.500",
        "3,5",
        " ",
        ".",
        ",",
        "-",
        "–",
        "%",
        "€",
        "$",
        "de",
        "mii",
        "e",
        "mezzo",
        "третина",
        "п'ять",
        "тис.",
        "and",
        "a",
        "half",
        "million",
        "o",
        "al",
        "XIV",
        "secolul",
        "'",
        "/",
        ":",
        "ani",
        "anni",
        "років",
        "млн",
        "+",
        "№",
        "BTR",
    ]
)


@given(pieces=st.lists(ALPHABET, max_size=25), gap=st.sampled_from(["", " "]), language=languages)
@settings(unhurried, max_examples=300)
def test_any_mixture_is_survived_and_matches_itself(pieces: list[str], gap: str, language: str) -> None:
    text = gap.join(pieces)
    assert all(figure.text for figure in find(text, language))
    assert {one.verdict for one in compare(text, "en", text)} <= {Verdict.KEPT}


@unhurried
@given(text=st.lists(ALPHABET, max_size=20).map(" ".join))
def test_normalising_changes_no_value(text: str) -> None:
    before = [(one.kind, one.value, one.unit) for one in find(text, "en")]
    after = [(one.kind, one.value, one.unit) for one in find(style.normalise(text), "en")]
    assert len(before) == len(after)


@pytest.mark.parametrize("unit", ["7", ".", "1.", "1,", "1.1.", "12", "-", "…", "$"])
def test_a_megabyte_of_one_pattern_takes_under_a_second(unit: str) -> None:
    text = (unit * MEGABYTE)[:MEGABYTE]
    find("warm up 1", "en")
    begun = time.process_time()
    find(text, "en")
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize(
    "unit", ["1 1 ", " 000", "1-", "one ", "twenty-", "a1", "1/2/", "a@", "5 mai ", "1:1:", "(1) "]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_time_is_linear_in_the_length(unit: str, language: str) -> None:
    def cost(length: int) -> float:
        begun = time.process_time()
        find((unit * length)[:length], language)
        return time.process_time() - begun

    cost(2_000)
    # The least of three: a collection of the whole suite's garbage may fall into one of them.
    short, long = (min(cost(length) for _ in range(3)) for length in (5_000, 40_000))
    assert long < max(0.2, 24 * short)


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("{day} martie {n}.", "{n}{n} people."),
        ("{n}-{n}5 mere,", "{n}{n} apples,"),
        ("{n}{n} oameni,", "9{n}{n} people,"),
        ("{n} km,", "9{n} miles,"),
        ("5 oameni,", "5 people, 6 men,"),
        ("5 martie 2020.", "6 March 2020."),
    ],
)
def test_matching_and_repair_of_many_wrong_figures_take_linear_time(source: str, english: str) -> None:
    def cost(count: int) -> float:
        texts = [" ".join(side.format(n=1000 + n, day=n % 28 + 1) for n in range(count)) for side in (source, english)]
        begun = time.process_time()
        repair([TranslatedSegment(Segment(0, 0, texts[0], 0, len(texts[0])), texts[1])], "ro", None)
        return time.process_time() - begun

    cost(5)
    short, long = cost(60), cost(480)
    assert long < max(0.4, 24 * short)
