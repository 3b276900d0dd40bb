import re

from hypothesis import given
from hypothesis import strategies as st

from service.article.mapped import PLACED, Mapped, joined


@given(st.text(), st.integers(0, 1000))
def test_received_text_is_where_it_was(text: str, start: int) -> None:
    mapped = Mapped.received(text, start)
    assert [mapped.text[at - start] for at in mapped.origin] == list(text)


@given(st.text(alphabet="ab c"), st.sampled_from(["", "x", "xyz"]))
def test_replace_keeps_the_place_of_everything_else(text: str, new: str) -> None:
    result = Mapped.received(text).replace(re.compile("a+"), lambda _: new)
    assert result.text == re.sub("a+", new, text)
    assert len(result.origin) == len(result.text)
    assert all(text[at] == letter for letter, at in zip(result.text, result.origin, strict=True) if letter in "bc ")


def test_replacement_takes_the_origins_of_what_it_replaced() -> None:
    result = Mapped.received("abcd").replace(re.compile("bc"), lambda _: "XYZ")
    assert (result.text, list(result.origin)) == ("aXYZd", [0, 1, 2, 2, 3])


def test_nothing_replaced_is_the_same() -> None:
    mapped = Mapped.received("abc")
    assert mapped.replace(re.compile("x"), lambda _: "y") is mapped


@given(st.text())
def test_strip_is_that_of_the_text(text: str) -> None:
    stripped = Mapped.received(text).strip()
    assert stripped.text == text.strip()
    assert [text[at] for at in stripped.origin] == list(stripped.text)


def test_span_leaves_out_what_was_placed() -> None:
    whole = joined([Mapped.placed("x"), Mapped.received("ab", 7)], " ")
    assert whole.text == "x ab"
    assert list(whole.origin) == [PLACED, PLACED, 7, 8]
    assert whole.span() == (7, 9)
    assert Mapped.placed("x").span() is None
