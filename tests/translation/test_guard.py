"""What the guard must see in an answer, and what it must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.translation import guard
from service.types import Hypothesis, WarningKind


def warnings(source: str, english: str, score: float = -0.3, *, truncated: bool = False) -> set[WarningKind]:
    return set(guard.inspect(source, Hypothesis(english, score, truncated)))


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Salată de vinete, porția", "salad salad salad salad salad"),
        ("Un orchestre de înaltă clasă a cântat.", "A high-class orchestra played pre-pre-pre-pre-concert."),
        ("Îmi pare rău pentru zgomot.", "I'm sorry. I'm sorry. I'm sorry. I'm sorry."),
        ("Президент відвідав місто.", "The Office of the Office of the Office of the Office of the city."),
        ("Il presidente è arrivato in città.", "The head of the city of Rome, the head of the city of Rome, arrived."),
        ("Râsul a umplut sala.", "Hahahahahahahahahahaha filled the hall."),
        ("Scorul a fost 2-2.", "The score was 2-2, 2-2, 2-2, 2-2, 2-2."),
    ],
)
def test_loops_are_found(source: str, english: str) -> None:
    assert WarningKind.LOOP in warnings(source, english)


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Pe seturi: 2-2, 2-2, 2-2.", "By sets: 2-2, 2-2, 2-2."),
        ("Gol, gol, gol, gol! a strigat comentatorul.", "Goal, goal, goal, goal! the commentator shouted."),
        ("Mai mult, mai mult, mai mult.", "More and more, more and more, more and more."),
        ("A spus că nu, nu și iar nu.", "He said no, no and again no."),
        ("Contul 1000000000000000 a fost închis.", "Account 1000000000000000 was closed."),
        (
            "Scrisă în limba sanscrită. Limba sanscrită a dispărut.",
            "In the Sanskrit language. The Sanskrit language is gone.",
        ),
    ],
)
def test_repeats_that_are_meant_are_let_through(source: str, english: str) -> None:
    assert not warnings(source, english)


@pytest.mark.parametrize(
    "text",
    [
        "Guvernul a adoptat bugetul pentru anul viitor.",
        "Guvernul A Adoptat Bugetul",
        "Via libera",
        "Il governo ha approvato la legge di bilancio.",
        "Уряд ухвалив бюджет на наступний рік.",
        "УРЯД УХВАЛИВ БЮДЖЕТ",
    ],
)
def test_a_copy_is_untranslated(text: str) -> None:
    assert WarningKind.UNTRANSLATED in warnings(text, text)
    assert WarningKind.UNTRANSLATED in warnings(text, text.removesuffix("."))


@pytest.mark.parametrize(
    ("source", "english"),
    [
        (
            "Turnul rus de control la sol a activat avioanele de dimineață.",
            "The turnul rus de control la sol a activat the planes this morning.",
        ),
        ("Міністр заявив, що бюджет ухвалено.", "The minister said that the бюджет was adopted."),
        ("Голова Ради приїхав до Києва.", "Голова Ради arrived."),
    ],
)
def test_a_part_left_in_the_source_language_is_untranslated(source: str, english: str) -> None:
    assert WarningKind.UNTRANSLATED in warnings(source, english)


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Kim Jong Un", "Kim Jong Un"),
        ("Reuters", "Reuters"),
        ("Lucia Berti, project manager di Alba Srl, ha parlato.", "Lucia Berti, project manager at Alba Srl, spoke."),
        ("Il premier e lo staff del club di tennis", "The premier and the staff of the tennis club"),
        ("Vânturi de 480 km/h (133 m/s; 300 mph).", "Winds of 480 km/h (133 m/s; 300 mph)."),
        ("Завод «Азовсталь» знову працює.", "The «Азовсталь» plant works again."),
        ("Il Teatro de las Artes ha aperto", "The Teatro de las Artes has opened"),
    ],
)
def test_names_loanwords_and_units_are_no_copy(source: str, english: str) -> None:
    assert not warnings(source, english)


def test_an_empty_answer_is_only_that() -> None:
    assert warnings("Ceva s-a întâmplat.", "  ", -9.0, truncated=True) == {WarningKind.EMPTY}


def test_a_cut_answer_is_truncated() -> None:
    assert warnings("Ceva s-a întâmplat ieri.", "Something happened", truncated=True) == {WarningKind.TRUNCATED}


@pytest.mark.parametrize(
    ("source", "english", "doubted"),
    [
        ("Da.", "Yes, of course.", False),
        (
            "30.4 C, parțial noros",
            "The weather of the day is one of those that nobody can tell before it has come.",
            True,
        ),
        ("Consiliul a votat aseară bugetul pe anul viitor, după patru ore de dezbateri aprinse.", "The vote.", True),
    ],
)
def test_an_odd_length_is_doubted(source: str, english: str, doubted: bool) -> None:
    assert (warnings(source, english) == {WarningKind.LOW_CONFIDENCE}) is doubted


def test_a_low_score_is_doubted_but_is_no_fault() -> None:
    found = warnings("Ceva s-a întâmplat.", "Something happened.", -2.5)
    assert found == {WarningKind.LOW_CONFIDENCE}
    assert guard.FAULTS.isdisjoint(found)


def test_worse_answers_cost_more() -> None:
    order = [(), ("low_confidence",), ("truncated",), ("untranslated",), ("loop",), ("empty",)]
    costs = [guard.cost([WarningKind(name) for name in names]) for names in order]
    assert costs == sorted(set(costs))


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_pair_of_texts_is_judged(source: str, english: str) -> None:
    found = guard.inspect(source, Hypothesis(english, -0.5))
    assert list(found) == sorted(found)


@given(st.text(st.characters(categories=["L", "Nd", "Zs", "Po"]), max_size=200))
def test_the_source_itself_never_loops_more_than_itself(text: str) -> None:
    assert not guard.loops(text, text)


def test_a_long_answer_is_judged_in_linear_time() -> None:
    long = "unu doi trei patru " * 20_000
    assert guard.loops("unu", long)
    assert not guard.loops(long, long)
