from hypothesis import given
from hypothesis import strategies as st

from service.assembly import assemble
from service.types import Block, BlockKind, Segment, TranslatedSegment

SENTENCES = st.lists(st.lists(st.text(alphabet="ab ☃", max_size=8), max_size=4), min_size=1, max_size=5)


def article(sentences: list[list[str]]) -> tuple[list[Block], list[TranslatedSegment]]:
    blocks = [Block(number, BlockKind.PARAGRAPH, "", 0, 0) for number in range(len(sentences))]
    flat = [(number, english) for number, block in enumerate(sentences) for english in block]
    segments = [TranslatedSegment(Segment(i, block, "", 0, 0), english) for i, (block, english) in enumerate(flat)]
    return blocks, segments


@given(SENTENCES)
def test_every_span_holds_the_english_of_its_segment(sentences: list[list[str]]) -> None:
    blocks, segments = article(sentences)
    english = assemble(blocks, segments)
    assert [english.text[s.start : s.end] for s in english.segments] == [segment.english for segment in segments]


@given(SENTENCES)
def test_blocks_are_joined_by_an_empty_line_and_cover_their_segments(sentences: list[list[str]]) -> None:
    blocks, segments = article(sentences)
    english = assemble(blocks, segments)
    assert "\n\n".join(english.text[b.start : b.end] for b in english.blocks) == english.text
    for segment, span in zip(segments, english.segments, strict=True):
        block = english.blocks[segment.source.block]
        assert block.start <= span.start <= span.end <= block.end


def test_a_report_of_two_paragraphs() -> None:
    blocks, segments = article([["One.", "Two."], ["Three."]])
    assert assemble(blocks, segments).text == "One. Two.\n\nThree."
