import random
import re
from dataclasses import replace

import pytest

from models.training import corpus
from models.training.grammar import FIGURES, Grammar
from models.training.names import decline, join
from models.training.numbers import Notation, same_figures

LANGUAGES = sorted(path.stem for path in corpus.DATA.glob("*.toml"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_rule_expands_and_leaves_no_slot(code: str) -> None:
    grammar = corpus.language(code).grammar
    rng = random.Random(5)
    for name in grammar.rules:
        for _ in range(20):
            source, english = grammar.expand(name, rng)
            assert source
            assert english
            assert not re.search(r"[{}]", source + english)


@pytest.mark.parametrize("code", LANGUAGES)
def test_made_up_pairs_have_the_same_figures_on_both_sides(code: str) -> None:
    grammar, rng = corpus.language(code).grammar, random.Random(9)
    for _ in range(500):
        source, english = grammar.sentence(rng)
        if "century" in english:
            continue  # Roman numerals in the source
        digits = [sorted(set(re.findall(r"\d", text)) - {"0"}) for text in (source, english)]
        assert digits[0] == digits[1], (source, english)


@pytest.mark.parametrize("code", LANGUAGES)
def test_both_sides_of_a_rule_have_the_same_slots(code: str) -> None:
    for name, pairs in corpus.language(code).grammar.rules.items():
        for pair in pairs:
            source, english = (set(re.findall(r"\{[^}]+\}", text)) for text in pair)
            assert source == english, (name, pair)


def test_what_stands_before_a_slot_is_mended() -> None:
    grammar = corpus.language("it").grammar
    wrong = "Nel Ottocento, il 8 maggio, i otto membri, al undicesimo posto, la ottava volta, del 0,7%, del 11%"
    right = "Nell'Ottocento, l'8 maggio, gli otto membri, all'undicesimo posto, l'ottava volta, dello 0,7%, dell'11%"
    rule = replace(grammar, rules={"sentence": [(wrong, "A 8% rise")]})
    assert rule.sentence(random.Random(1)) == (right, "An 8% rise")


@pytest.mark.parametrize(
    ("root", "ending", "name"),
    [
        ("Коваль", "енко", "Коваленко"),
        ("Олій", "енко", "Олієнко"),
        ("Ящ", "юк", "Ящук"),
        ("Чорн", "ного", "Чорного"),
        ("Зелен", "не", "Зелене"),
        ("Мороз", "енко", "Морозенко"),
    ],
)
def test_roots_and_endings_join_as_names_are_spelled(root: str, ending: str, name: str) -> None:
    assert join(root, ending) == name


@pytest.mark.parametrize("code", LANGUAGES)
def test_large_figures_follow_the_notation(code: str) -> None:
    grammar, rng = corpus.language(code).grammar, random.Random(2)
    for _ in range(200):
        assert same_figures(*grammar.expand("large", rng))


def test_four_digits_are_grouped_in_english_and_years_never() -> None:
    rng, notation = random.Random(8), Notation((" ",), ",")
    for _ in range(100):
        source, english = FIGURES["thousands"](rng, notation)
        assert (len(source), english) == (4, f"{int(source):,}")
        left, right = FIGURES["year"](rng, notation)
        assert left == right
        assert 1000 <= int(left) <= 2030


def test_an_unknown_slot_is_an_error() -> None:
    grammar = Grammar({"sentence": [("{nothing}", "{nothing}")]}, Notation((".",), ","), {})
    with pytest.raises(KeyError, match="nothing"):
        grammar.sentence(random.Random(1))


def test_a_numbered_slot_is_drawn_anew() -> None:
    grammar = Grammar({"sentence": [("{large}-{large:2}", "{large}-{large:2}")]}, Notation((".",), ","), {})
    pairs = [grammar.sentence(random.Random(seed))[1].split("-") for seed in range(20)]
    assert any(a != b for a, b in pairs)


def test_plural_figures_agree() -> None:
    rng, notation = random.Random(3), Notation((" ",), ",")
    few = {int(FIGURES["few"](rng, notation)[0]) for _ in range(300)}
    assert {number % 10 for number in few} == {2, 3, 4}
    assert not few & {12, 13, 14, 112}


@pytest.mark.parametrize(
    ("name", "case", "declined"),
    [
        ("Сергій", 1, "Сергія"),
        ("Дмитро", 3, "Дмитром"),
        ("Юлія", 2, "Юлії"),
        ("Ольга", 2, "Ользі"),
        ("Іван", 1, "Івана"),
    ],
)
def test_first_names_are_declined(name: str, case: int, declined: str) -> None:
    endings = [
        {"ends": "й", "forms": ["й", "я", "ю", "єм"]},
        {"ends": "о", "forms": ["о", "а", "у", "ом"]},
        {"ends": "ія", "forms": ["ія", "ії", "ії", "ією"]},
        {"ends": "га", "forms": ["га", "ги", "зі", "гою"]},
        {"ends": "", "forms": ["", "а", "у", "ом"]},
    ]
    assert decline(name, case, endings) == declined


def test_a_name_that_no_ending_fits_is_an_error() -> None:
    with pytest.raises(ValueError, match="Анна"):
        decline("Анна", 1, [{"ends": "о", "forms": ["о", "а", "у", "ом"]}])
