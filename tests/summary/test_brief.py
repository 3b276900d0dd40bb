"""Briefs: what a file or a request may say, and how the one that errs is told where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import BadBrief, InvalidInput
from service.settings import data_directory
from service.summary import brief
from service.summary.brief import Brief, Length
from service.types import FigureKind

SHIPPED = ("casualties", "figures", "money", "short", "social", "standfirst", "timeline", "wire")
GOOD = 'title = "Test"\n\n[length]\nsentences = 2\n'


def write(folder: Path, text: str, name: str = "test.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_briefs_load_under_the_names_of_their_files() -> None:
    loaded = brief.load(data_directory("prompts"))
    assert tuple(loaded) == SHIPPED
    assert all(name == each.name and each.audience for name, each in loaded.items())


def test_a_file_says_everything_that_a_brief_can_hold(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'title = "All"\naudience = "Us"\nquestions = ["What next?"]\norder = "dates"\ntemplate = "dated"\n'
        "[length]\nwords = 50\n"
        '[highlights]\nkinds = ["money", "count"]\nper_sentence = 1\ntotal = 3\nrequired = true\n'
        '[terms]\ninclude = ["Mantua"]\navoid = ["lottery"]\n[emphasis]\nfigures = 2.5\n',
    )
    read = brief.read(path)
    assert read.highlights.kinds == (FigureKind.MONEY, FigureKind.COUNT)
    assert (read.length.words, read.length.sentences) == (50, None)
    assert (read.terms.include, read.terms.avoid) == (("Mantua",), ("lottery",))
    assert (read.order, read.template, read.emphasis.figures) == ("dates", "dated", 2.5)


def test_a_later_folder_adds_and_replaces(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "wire.toml")
    write(tmp_path, GOOD, "own-desk.toml")
    loaded = brief.load(data_directory("prompts"), tmp_path)
    assert loaded["wire"].title == "Test"
    assert set(loaded) == {*SHIPPED, "own-desk"}


def test_a_length_to_come_nearest_to_is_one_of_words() -> None:
    wire = brief.load(data_directory("prompts"))["wire"]
    assert brief.lasting(wire, words=40, nearest=True).length == Length(words=40, nearest=True)
    with pytest.raises(InvalidInput, match="nearest goes with words"):
        brief.lasting(wire, sentences=2, nearest=True)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('title = "T"\n[length]\nsentences = "3"\n', 3, "length.sentences"),
        ('title = "T"\n[length]\nsentences = 0\n', 3, "greater than or equal to 1"),
        ('title = "T"\n[length]\n', 2, "one of sentences, words or characters"),
        ('title = "T"\nlength = {sentences = 3, pages = 1}\n', 2, "length.pages"),
        ("[length]\nsentences = 3\n", 1, "title"),
        ('title = "T"\n\nlenght = 3\n[length]\nwords = 9\n', 3, "lenght"),
        ('title = "T"\n[length]\nwords = 9\n[highlights]\nkinds = ["moeny"]\n', 5, "highlights.kinds.0"),
        ('title = "T"\nquestions = ["Why?", ""]\n[length]\nwords = 9\n', 2, "questions.1"),
        ('title = "T"\n[length]\nwords = 9\n[emphasis]\nfigures = nan\n', 5, "emphasis.figures"),
        ('title = "T"\n[length]\nwords = 9\n[emphasis]\nfigures = -1\n', 5, "emphasis.figures"),
        ('title = "T"\n[length]\nwords = 1979-05-27\n', 3, "length.words"),
        ('title = "T"\nname = "other"\n[length]\nwords = 9\n', 2, "name"),
        ('title = "T"\n[length\nwords = 9\n', 2, "not TOML"),
        ('title = "T\n', 1, "not TOML"),
        ('title = "T"\n[length]\nwords =', 3, "not TOML"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(BadBrief) as caught:
        brief.load(tmp_path)
    assert caught.value.message.startswith(f"{path}:{line}: ")
    assert words in caught.value.message


def test_a_file_that_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(b'title = "T"\naudience = "\xff"\n')
    with pytest.raises(BadBrief, match=r"bad\.toml:2: this is not UTF-8"):
        brief.load(tmp_path)


def test_a_name_that_no_request_could_write_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "Not a name.toml")
    with pytest.raises(BadBrief, match="lower-case"):
        brief.load(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBrief, match="no such folder"):
        brief.load(data_directory("prompts"), tmp_path / "nowhere")


def test_an_inline_brief_needs_only_a_length() -> None:
    parsed = brief.parse({"length": {"words": 40}})
    assert (parsed.name, parsed.length) == (brief.INLINE, Length(words=40))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "brief.length"),
        ({"length": {"words": "40"}}, "brief.length.words"),
        ({"length": {"words": 40}, "questions": "Why?"}, "brief.questions"),
        ({"length": {"words": 40}, "order": "random"}, "brief.order"),
        ({"length": {"words": 40}, "terms": {"include": ["x" * 101]}}, "brief.terms.include.0"),
        ({"length": {"words": 40}, "mood": object()}, "brief.mood"),
        ({"length": {"words": 40}, "highlights": {"kinds": ["money"] * 18}}, "brief.highlights.kinds"),
    ],
)
def test_an_inline_brief_that_errs_names_the_field(data: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        brief.parse(data)
    assert caught.value.field == field
    assert field in caught.value.message


def test_more_kinds_than_there_are_is_told_with_the_limit() -> None:
    most = len(FigureKind)
    highlights = {"kinds": ["money"] * most}
    assert len(brief.parse({"length": {"words": 40}, "highlights": highlights}).highlights.kinds) == most
    with pytest.raises(InvalidInput, match=f"at most {most} items"):
        brief.parse({"length": {"words": 40}, "highlights": {"kinds": ["money"] * (most + 1)}})


def test_questions_of_a_request_join_those_of_the_brief() -> None:
    base = Brief(title="T", length=Length(words=9), questions=("Why?",))
    assert brief.asking(base, ["Who pays?"]).questions == ("Why?", "Who pays?")
    assert brief.asking(base, []) is base


@pytest.mark.parametrize("questions", [[""], ["x" * 301], ["Why?"] * 21])
def test_questions_that_are_no_questions_are_refused(questions: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        brief.asking(Brief(title="T", length=Length(words=9)), questions)
    assert caught.value.field == "questions"


def test_a_length_of_a_request_takes_the_place_of_the_briefs() -> None:
    base = Brief(title="T", length=Length(sentences=9))
    assert brief.lasting(base, words=5).length == Length(words=5)
    assert brief.lasting(base, words=5, sentences=2).length == Length(words=5, sentences=2)
    assert brief.lasting(base) is base
    with pytest.raises(InvalidInput) as caught:
        brief.lasting(base, sentences=0)
    assert caught.value.field == "sentences"


@given(
    st.dictionaries(st.text(max_size=12), st.none() | st.booleans() | st.integers() | st.text(max_size=20), max_size=6)
)
def test_whatever_a_request_sends_the_answer_is_a_brief_or_a_named_field(data: dict[str, object]) -> None:
    parsed: Brief | None = None
    field: str | None = None
    try:
        parsed = brief.parse(data)
    except InvalidInput as error:
        field = error.field
    assert parsed is not None or (field or "").startswith("brief")
