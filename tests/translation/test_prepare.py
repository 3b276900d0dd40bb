"""What a model reads of a segment, and how its answer becomes the segment's English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.translation import prepare


def always(_: str) -> bool:
    return True


def words(limit: int) -> prepare.Fits:
    return lambda piece: len(piece.split()) <= limit


@pytest.mark.parametrize(
    "text",
    [
        "102",
        "1 2 3 4 5 6 7 8 9 10",
        "€ 3,5",
        "—",
        "🙂",
        "+4,5 %",
        "14.30",
        "* * *",
        "https://example.org/știri?id=7",
        "www.example.org",
        "redactia@example.org",
        "@redactia",
        "(https://example.org/a), 3/4",
        "",
    ],
)
def test_what_has_no_word_stays_as_it_is(text: str) -> None:
    plan = prepare.plan(text, always)
    assert plan.pieces == ()
    assert prepare.finish(plan, ()) == text


@pytest.mark.parametrize("text", ["30.4 C, noros", "Da", "Vezi https://example.org", "Етап 2", "5 km"])
def test_what_has_a_word_is_translated_as_it_is(text: str) -> None:
    assert prepare.plan(text, always).pieces == (text,)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("GUVERNUL A ADOPTAT BUGETUL", "Guvernul a adoptat bugetul"),
        ("PREȘEDINTELE SUA, LA SEDIUL NATO", "Președintele SUA, la sediul NATO"),
        ("PNRR: 2,5 MILIARDE DE EURO", "PNRR: 2,5 miliarde de euro"),
        ("«L'ITALIA VINCE 3-1»", "«L'italia vince 3-1»"),
        ("УРЯД УХВАЛИВ БЮДЖЕТ США НА 2025 РІК", "Уряд ухвалив бюджет США на 2025 рік"),
        ("ДСНС: ПОЖЕЖУ ЛОКАЛІЗОВАНО", "ДСНС: пожежу локалізовано"),
        ("RACHETA M142 A LOVIT CORPUL B2", "Racheta M142 a lovit corpul B2"),
        ("URMĂREȘTE WWW.EXEMPLU.RO ACUM", "Urmărește WWW.EXEMPLU.RO acum"),
        ("VIDEO", "Video"),
    ],
)
def test_a_headline_in_capitals_is_read_as_a_sentence_and_answered_in_capitals(text: str, folded: str) -> None:
    plan = prepare.plan(text, always)
    assert plan.shouted
    assert plan.pieces == (folded,)
    assert prepare.finish(plan, ["The government adopted it"]) == "THE GOVERNMENT ADOPTED IT"


@pytest.mark.parametrize(
    "text", ["NATO", "NATO și SUA", "SUA, ONU", "Guvernul A Adoptat", "НАТО", "A", "МВФ та ЄС", "DJ A"]
)
def test_acronyms_and_title_case_are_not_capitals(text: str) -> None:
    plan = prepare.plan(text, always)
    assert not plan.shouted
    assert plan.pieces == (text,)


def test_units_and_inner_capitals_keep_their_case() -> None:
    english = "speed of 10 KBps, 5mg, Ca2+, iPhone, McDonald's, pH, kWh and https://example.org/a"
    expected = "SPEED OF 10 KBps, 5mg, Ca2+, iPhone, McDonald's, pH, kWh AND https://example.org/a"
    assert prepare.shout(english) == expected


def test_a_long_sentence_is_cut_and_joined_as_one() -> None:
    slices = (
        "Consiliul a votat bugetul, ",
        "iar primarul a promis 1.200 de ",
        "locuri – ",
        "opoziția a plecat din sală.",
    )
    plan = prepare.Plan(slices, tuple(piece.strip() for piece in slices), shouted=False)
    english = ["The council voted the budget.", "And the mayor promised 1,200.", "Places –", "The opposition left."]
    joined = prepare.finish(plan, english)
    assert joined == "The council voted the budget, and the mayor promised 1,200 Places – the opposition left."


def test_a_long_sentence_is_cut_into_pieces_that_fit() -> None:
    text = "Consiliul a votat bugetul, iar primarul a promis 1.200 de locuri noi; opoziția a plecat din sală."
    plan = prepare.plan(text, words(7))
    assert "".join(plan.slices) == text
    assert len(plan.pieces) > 1
    assert all(len(piece.split()) <= 7 for piece in plan.pieces)


def test_names_at_the_start_of_a_piece_keep_their_capital() -> None:
    plan = prepare.Plan(
        ("după ploaie, ", "trupele Moscovei au plecat"), ("după ploaie,", "trupele Moscovei au plecat"), False
    )
    assert prepare.finish(plan, ["After the rain", "Moscow's troops left"]) == "After the rain, Moscow's troops left"
    assert prepare.finish(plan, ["After the rain", ""]) == "After the rain,"


def test_a_piece_without_words_is_kept_and_not_translated() -> None:
    text = "Numerele sunt " + "1 2 3 4 5 6 7 8 9 " * 3
    plan = prepare.plan(text.strip(), words(6))
    assert all(any(map(str.isalpha, piece)) for piece in plan.pieces)
    joined = prepare.finish(plan, ["EN"] * len(plan.pieces))
    assert [char for char in joined if char.isdigit()] == [char for char in text if char.isdigit()]


def test_a_word_without_end_is_joined_without_spaces() -> None:
    plan = prepare.plan("a" * 50, lambda piece: len(piece) <= 20)
    assert len(plan.pieces) == 3
    assert prepare.finish(plan, plan.pieces) == "a" * 50


@given(st.text(max_size=200), st.integers(3, 30))
def test_no_character_is_lost_and_every_piece_fits(text: str, limit: int) -> None:
    plan = prepare.plan(text, lambda piece: len(piece) <= limit)
    assert "".join(plan.slices) == text
    assert len(plan.inputs) == len(plan.slices)
    assert all(len(piece) <= limit for piece in plan.pieces)


@given(st.text(max_size=200))
def test_any_answer_is_put_together(english: str) -> None:
    plan = prepare.plan("Unu doi trei patru cinci, șase șapte opt.", words(3))
    assert isinstance(prepare.finish(plan, [english] * len(plan.pieces)), str)


@pytest.mark.parametrize(
    ("piece", "variant"),
    [
        ("Primarul a venit.", "Primarul a venit"),
        ("Primarul a venit", "Primarul a venit."),
        ("Primarul A Venit Acasă", "Primarul a venit acasă."),
        ("A venit?", "A venit?"),
        (".", "."),
    ],
)
def test_a_second_try_puts_the_sentence_another_way(piece: str, variant: str) -> None:
    assert prepare.variant(piece) == variant


@pytest.mark.parametrize(
    ("piece", "english", "undone"),
    [
        ("A venit.", "He came", "He came."),
        ("A venit", "He came.", "He came"),
        ("A venit", "He came...", "He came..."),
        ("A venit?", "He came?", "He came?"),
    ],
)
def test_the_stop_of_a_second_try_is_undone(piece: str, english: str, undone: str) -> None:
    assert prepare.undo_variant(piece, english) == undone
