import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article.intake import read
from service.article.segments import segment, split
from service.languages import served
from service.types import Article, Block, BlockKind, Language
from tests.article.texts import ARTICLES, DATA

LANGUAGES = [language.code for language in served()]


def cases() -> list[tuple[str, str]]:
    files = {language: DATA / "segments" / f"{language}.txt" for language in LANGUAGES}
    return [
        (language, line)
        for language, path in files.items()
        if path.is_file()  # the next test names a language that has none
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]


def test_there_are_a_hundred_cases_a_language() -> None:
    counted = [language for language, _ in cases()]
    assert all(counted.count(language) >= 100 for language in LANGUAGES)


@pytest.mark.parametrize(("language", "marked"), cases())
def test_marked_cases(language: str, marked: str) -> None:
    sentences = marked.split("|")
    assert split("".join(sentences), language) == sentences


texts = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Da. ",
                "тис. грн. ",
                "art. 5 ",
                "J. K. ",
                "„Nu!” ",
                "a.m. ",
                "... ",
                "? ",
                '" ',
                "\n",
                "2014 р. ",
                "etc. ",
                ",,",
                "Ș",
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=30,
).map("".join)


@given(texts, st.sampled_from(LANGUAGES))
def test_slices_are_the_text(text: str, language: str) -> None:
    slices = split(text, language)
    assert "".join(slices) == text
    assert all(slices)


@given(texts)
def test_only_cuts_behind_white_space(text: str) -> None:
    assert all(piece[-1].isspace() for piece in split(text, "ro")[:-1])


@pytest.mark.parametrize("block", [".", ". ", "a. ", 'a." ', '. " ', "1. ", "!? ", "тис. ", "a", " ", '"', "A. "])
def test_a_megabyte_takes_linear_time(block: str) -> None:
    def seconds(size: int) -> float:
        text = block * (size // len(block))
        begun = time.perf_counter()
        assert "".join(split(text, "uk")) == text
        return time.perf_counter() - begun

    assert seconds(1_000_000) < 30  # a quadratic splitter takes an hour


def test_a_megabyte_of_full_stops_is_one_sentence() -> None:
    text = "." * 1_000_000
    begun = time.perf_counter()
    assert split(text, "ro") == [text]
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_segments_lie_where_they_say(path) -> None:  # type: ignore[no-untyped-def]
    article = read(text=path.read_text(encoding="utf-8"))
    segments = segment(article)
    assert [each.index for each in segments] == list(range(len(segments)))
    for each in segments:
        block = article.blocks[each.block]
        assert article.text[each.start : each.end] == each.text == each.text.strip() != ""
        assert block.start <= each.start < each.end <= block.end
    for block in article.blocks:
        inside = [each for each in segments if each.block == block.index]
        covered = "".join(each.text for each in inside)
        assert covered.replace(" ", "") == block.text.replace(" ", "")
    assert segments[0].block == 0
    assert article.blocks[0].kind is BlockKind.TITLE


def test_a_foreign_block_is_cut_by_its_own_rules() -> None:
    text = "Costă 100 тис. грн. |Це дорого."
    block = Block(0, BlockKind.PARAGRAPH, text, 0, len(text), foreign="uk")
    article = Article(text=text, blocks=(block,), language=Language("ro", 1.0, detected=True))
    assert [each.text for each in segment(article)] == ["Costă 100 тис. грн. |Це дорого."]


def test_a_language_without_rules_is_cut_too() -> None:
    assert split("Das ist ein Satz. Das ist noch einer.", "de") == ["Das ist ein Satz. ", "Das ist noch einer."]
