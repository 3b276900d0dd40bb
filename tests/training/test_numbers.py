import os
import random
import re
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.numbers import (
    ENGLISH,
    Notation,
    another,
    articles,
    plural_class,
    respell,
    same_figures,
    substitute,
)

DOTTED = Notation((".",), ",")
SPACED = Notation((" ", "\u00a0"), ",")


def test_reads_groups_and_fractions_of_its_own_notation_only() -> None:
    assert DOTTED.read("1.234.567,8") == ("1234567", "8")
    assert DOTTED.read("12 500") == ("12500", "")
    assert DOTTED.read("14.30") is None
    assert DOTTED.read("2.0.1") is None
    assert DOTTED.read("1,2,3") is None
    assert ENGLISH.read("1,234.5") == ("1234", "5")


@given(st.integers(0, 10**12), st.from_regex(r"[0-9]{0,3}", fullmatch=True), st.sampled_from([DOTTED, SPACED, ENGLISH]))
def test_what_is_written_is_read_back(number: int, fraction: str, notation: Notation) -> None:
    for group in (*notation.groups, ""):
        assert notation.read(notation.write(str(number), fraction, group)) == (str(number), fraction)


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Au venit 1.234 de oameni, 3,5% mai mult.", "1,234 people came, 3.5% more."),
        ("Pe 27 martie 2011 erau 640 de case.", "On 27 March 2011 there were 640 houses."),
        ("Бюджет зріс на 12 500 гривень у 1998 році.", "The budget grew by 12,500 hryvnias in 1998."),
    ],
)
def test_figures_are_exchanged_on_both_sides_alike(source: str, english: str) -> None:
    notation = SPACED if "гривень" in source else DOTTED
    for seed in range(30):
        made = substitute(source, english, notation, random.Random(seed))
        assert made is not None
        left, right = made
        assert (left, right) != (source, english)
        assert same_figures(left, right)


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Versiunea 2.0.1 a apărut la 14.30.", "Version 2.0.1 came out at 14:30."),
        ("Avionul Boeing-737 are 5 ani.", "The Boeing-737 is five years old."),
        ("De la 3 la 3 puncte.", "From 3 to 3 points."),
        ("Fără cifre.", "No figures."),
    ],
)
def test_what_is_no_plain_figure_on_both_sides_stays(source: str, english: str) -> None:
    assert substitute(source, english, DOTTED, random.Random(1)) is None


@given(st.integers(2, 10**6), st.integers(0, 10**6))
def test_another_figure_keeps_plural_and_size(number: int, seed: int) -> None:
    made = another(str(number), "", False, random.Random(seed))
    if made is not None:
        new = int(made[0])
        assert new != number
        assert plural_class(new) == plural_class(number)
        assert (new <= 31) == (number <= 31)


def test_another_year_is_a_year_and_a_fraction_keeps_its_places() -> None:
    for seed in range(50):
        year, price = another("1987", "", True, random.Random(seed)), another("12", "75", False, random.Random(seed))
        assert year is not None
        assert price is not None
        assert 1000 <= int(year[0]) <= 2029
        assert len(price[1]) == 2
        assert 0 <= Decimal(".".join(price)) < 100


def test_same_figures_lets_small_numbers_be_words_and_nothing_else() -> None:
    assert same_figures("Are 3 copii.", "She has three children.")
    assert same_figures("1.500 de lei", "1,500 lei")
    assert not same_figures("Are 45 de ani.", "She is 54.")
    assert not same_figures("În 2014.", "In the past.")


def test_the_draws_follow_the_text_and_not_the_process() -> None:
    source, english = "Între 45 și 67 de ani, 89 de case, 1.250 lei.", "Between 45 and 67 years, 89 houses, 1,250 lei."
    made = substitute(source, english, DOTTED, random.Random(5))
    assert made == substitute(source, english, DOTTED, random.Random(5))
    code = (
        "import random; from models.training.numbers import Notation, substitute; "
        f"print(substitute({source!r}, {english!r}, Notation(('.',), ','), random.Random(5)))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
        assert answer.stdout.decode().strip() == str(made)


def test_a_long_row_of_digits_and_signs_takes_no_time() -> None:
    row = "1.234." * 20_000
    assert substitute(row, row, DOTTED, random.Random(1)) is None


WORDS = ({"trei": "three", "patru": "four", "cinci": "five"}, {"douăzeci": "twenty", "treizeci": "thirty"})


def test_a_number_word_is_exchanged_on_both_sides() -> None:
    made = {respell("Trei bănci au falit.", "Three banks failed.", WORDS, random.Random(seed)) for seed in range(20)}
    assert made == {("Patru bănci au falit.", "Four banks failed."), ("Cinci bănci au falit.", "Five banks failed.")}


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Doar bănci.", "Banks only."),
        ("Trei bănci.", "Four banks."),
        ("Trei bănci și trei case.", "Three banks and three houses."),
        ("Trei cinci trei.", "Three five three."),
        ("Douăzeci cinci de case.", "Twenty five houses."),
        ("Cincisprezece case.", "Five-year plan."),
    ],
)
def test_number_words_that_do_not_stand_alone_are_left(source: str, english: str) -> None:
    assert respell(source, english, WORDS, random.Random(1)) is None


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("A 81-year-old and an 13-year-old", "An 81-year-old and a 13-year-old"),
        ("a eight-storey house, an sixth of it, a 11,000 fee", "an eight-storey house, a sixth of it, an 11,000 fee"),
        ("a 110-metre tower and an 1848 map", "a 110-metre tower and an 1848 map"),
        ("Serie A 8 teams. A 18% rise.", "Serie A 8 teams. An 18% rise."),
    ],
)
def test_articles_fit_the_number_behind_them(wrong: str, right: str) -> None:
    assert articles(wrong) == right


def test_an_exchanged_figure_begins_with_the_same_sound() -> None:
    for seed in range(40):
        made = substitute("L'8 marzo lo 0,7% di 47 case.", "On 8 March 0.7% of 47 houses.", DOTTED, random.Random(seed))
        assert made is not None
        assert re.fullmatch(r"L'(8|11|18) marzo lo 0,\d% di [1-79]\d\d? case\.", made[0]), made


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Alle 20 è finita.", "It ended at 20."),
        ("La ora 9 a început.", "It began at 9."),
        ("Почали о 9 ранку.", "They began at 9."),
        ("A început pe la 9.", "It began at about 9 a.m."),
        ("Nel '900 si viveva.", "In the 900 people lived."),
    ],
)
def test_hours_and_short_years_stay(source: str, english: str) -> None:
    assert substitute(source, english, DOTTED, random.Random(1)) is None


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Trei sute de case.", "Three hundred houses."),
        ("Trei sferturi.", "Three quarters."),
        ("La ora trei.", "At three o'clock."),
        ("Al treilea război mondial", "Third World War"),
    ],
)
def test_number_words_in_longer_numbers_hours_and_names_are_left(source: str, english: str) -> None:
    words = (*WORDS, {"al treilea": "third", "al patrulea": "fourth"})
    assert respell(source, english, words, random.Random(1)) is None


def test_a_number_word_keeps_its_onset_and_its_article() -> None:
    words = ({"otto": "eight", "undici": "eleven", "tre": "three", "sei": "six"}, {"terza": "third", "sesta": "sixth"})
    made = {respell("gli otto uomini", "the eight men", words, random.Random(seed)) for seed in range(9)}
    assert made == {("gli undici uomini", "the eleven men")}
    eighth = ({"a treia": "third", "a opta": "eighth"},)
    assert respell("a treia casă", "a third house", eighth, random.Random(1)) == ("a opta casă", "an eighth house")


def test_any_apostrophe_may_stand_in_a_number_word() -> None:
    words = ({"п'ять": "five", "дев'ять": "nine"},)
    assert respell("Дев’ять людей", "Nine people", words, random.Random(1)) == ("П'ять людей", "Five people")
