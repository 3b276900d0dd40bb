from hypothesis import given

from service.article.plain import read_text
from service.types import BlockKind
from tests.article.texts import messy_texts


def test_lines_with_their_gaps() -> None:
    reading = read_text("Unu\nDoi\n\n \nTrei\n")
    assert [(line.text, line.gap) for line in reading.lines] == [("Unu", False), ("Doi", False), ("Trei", True)]


def test_list_markers_are_set_aside() -> None:
    reading = read_text("- unu\n• doi\n* trei\n▪patru\n-5 grade\n– dialog\n-")
    kinds = [(line.text, line.kind is BlockKind.LIST_ITEM) for line in reading.lines]
    assert kinds == [
        *[("unu", True), ("doi", True), ("trei", True), ("patru", True)],
        *[("-5 grade", False), ("– dialog", False), ("-", False)],
    ]
    assert [(piece.text, piece.start) for piece in reading.dropped] == [("-", 0), ("•", 6), ("*", 12), ("▪", 19)]


def test_list_markers_can_stay() -> None:
    reading = read_text("- unu\n- doi", keep_markers=True)
    assert [line.text for line in reading.lines] == ["- unu", "- doi"]
    assert reading.dropped == []


def test_markup_in_text_is_text() -> None:
    assert [line.text for line in read_text("a < b și <b>c</b> &amp; d").lines] == ["a < b și <b>c</b> &amp; d"]


@given(messy_texts)
def test_lines_are_where_they_say(text: str) -> None:
    for line in read_text(text).lines:
        assert line.text == line.text.strip() != ""
        span = line.piece.span()
        assert span is not None
        assert text[span[0]] == line.text[0] or line.text[0] not in text
