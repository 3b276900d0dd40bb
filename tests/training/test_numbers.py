import os
import random
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.numbers import ENGLISH, Notation, another, plural_class, respell, same_figures, substitute

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
