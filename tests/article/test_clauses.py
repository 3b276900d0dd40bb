import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article.segments import clauses


def upto(limit: int):  # type: ignore[no-untyped-def]
    return lambda text: len(text) <= limit


@pytest.mark.parametrize(
    ("text", "limit", "wanted"),
    [
        ("Scurt.", 10, ["Scurt."]),
        ("Prima parte; a doua parte, și restul.", 30, ["Prima parte; ", "a doua parte, și restul."]),
        ("Unu doi trei, patru cinci, și șase șapte.", 36, ["Unu doi trei, patru cinci, ", "și șase șapte."]),
        ("Unu doi trei patru – cinci șase șapte.", 30, ["Unu doi trei patru – ", "cinci șase șapte."]),
        ("Unu doi trei patru cinci.", 20, ["Unu doi trei patru ", "cinci."]),
        ("Costă 100 000 de lei pe an.", 12, ["Costă ", "100 000 de ", "lei pe an."]),
        ("Costă 1.234.567,89 lei", 21, ["Costă ", "1.234.567,89 lei"]),
    ],
)
def test_cuts_where_one_breathes(text: str, limit: int, wanted: list[str]) -> None:
    assert clauses(text, upto(limit)) == wanted


def test_a_number_is_whole_where_there_is_another_place() -> None:
    text = "Orașul a cheltuit pentru drumuri și poduri 12 345 678,90 lei în ultimii ani potrivit raportului " * 20
    for piece in clauses(text, upto(80)):
        assert piece.count("12 345 678,90") == piece.count("678,90") == piece.count("12 345")


def test_a_decimal_comma_is_no_clause() -> None:
    pieces = clauses("valoarea este 2,5 " * 50, upto(40))
    assert not any(piece.endswith("2,") for piece in pieces)


def test_a_hundred_kilobytes_without_a_stop() -> None:
    words = (
        "premierul zice că prețul, care a crescut cu 2,5 la sută, va scădea și 100 000 de oameni vor plăti mai mult, "
    )
    text = words * (100_000 // len(words) + 1)
    calls = 0

    def fits(piece: str) -> bool:
        nonlocal calls
        calls += len(piece)
        return len(piece.split()) <= 60

    pieces = clauses(text, fits)
    assert "".join(pieces) == text
    assert all(len(piece.split()) <= 60 for piece in pieces)
    assert calls < 60 * len(text)
    assert not any(piece.rstrip().endswith(("100", "cu")) for piece in pieces)


@given(st.text(max_size=300), st.integers(1, 40))
def test_slices_fit_and_are_the_text(text: str, limit: int) -> None:
    pieces = clauses(text, upto(limit))
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


@given(
    st.lists(st.sampled_from(["ab", "1 000", "2,5", ";", ",", "și", "ж" * 9]), max_size=60).map(" ".join),
    st.integers(8, 30),
)
def test_fits_that_does_not_grow_evenly(text: str, limit: int) -> None:
    def fits(piece: str) -> bool:
        return len(piece.encode()) + piece.count("ж") * (len(piece) % 2) <= limit

    pieces = clauses(text, fits)
    assert "".join(pieces) == text
    assert all(fits(piece) for piece in pieces)


def test_says_so_where_nothing_fits() -> None:
    with pytest.raises(ValueError, match="not even one character"):
        clauses("abc", lambda _: False)


def test_nothing_has_no_slices() -> None:
    assert clauses("", upto(1)) == []
