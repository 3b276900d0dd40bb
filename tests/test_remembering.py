"""What is remembered of pure functions: the last texts, never long ones, and nothing once it is to be forgotten."""

import gc
import weakref

import pytest

from service.desk import summed_up
from service.remembering import characters, forget, remembered
from service.summary.brief import Brief, Length
from service.types import Block, BlockKind, Hypothesis, Segment, TranslatedSegment


class Counted:
    """Counts how often the function behind it really ran."""

    def __init__(self, entries: int = 2, longest: int = 10) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.call = remembered(entries, longest)(self._call)

    def _call(self, text: object, language: str = "ro") -> tuple[object, str]:
        self.calls.append((text, language))
        return text, language


def test_the_same_text_is_asked_once() -> None:
    counted = Counted()
    assert [counted.call("unu"), counted.call("unu")] == [("unu", "ro")] * 2
    assert counted.calls == [("unu", "ro")]


def test_everything_that_the_answer_hangs_on_tells_two_apart() -> None:
    counted = Counted()
    assert counted.call("unu", language="it") != counted.call("unu", language="uk")


def test_the_least_recently_used_gives_way() -> None:
    counted = Counted(entries=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        counted.call(text)
    assert [text for text, _ in counted.calls] == ["a", "b", "c", "b"]


@pytest.mark.parametrize("text", ["x" * 11, ("x" * 6, "y" * 5), (("x" * 11, 1), None)])
def test_long_texts_are_not_kept(text: object) -> None:
    counted = Counted(longest=10)
    counted.call(text)
    counted.call(text)
    assert len(counted.calls) == 2


def test_a_size_of_one_s_own_decides() -> None:
    calls: list[tuple[int, ...]] = []
    counts = remembered(4, longest=2, size=lambda items, **_: len(items))(lambda items, **_: calls.append(items))
    for items in ((1, 2), (1, 2), (1, 2, 3), (1, 2, 3)):
        counts(items, unit="a long text that is not counted")
    assert calls == [(1, 2), (1, 2, 3), (1, 2, 3)]


def test_who_is_gone_is_not_kept_alive() -> None:
    counted = Counted()
    counted.call("unu")
    gone = weakref.ref(counted)
    del counted
    gc.collect()
    assert gone() is None


def test_errors_are_not_kept() -> None:
    answers = iter([ValueError("no"), "yes"])

    @remembered(1)
    def fails(_: str) -> str:
        answer = next(answers)
        if isinstance(answer, ValueError):
            raise answer
        return str(answer)

    with pytest.raises(ValueError, match="no"):
        fails("a")
    assert fails("a") == "yes"


def test_forgotten_is_as_if_never_seen() -> None:
    counted = Counted()
    counted.call("unu")
    forget()
    counted.call("unu")
    assert len(counted.calls) == 2


@pytest.mark.parametrize(("argument", "size"), [("žir", 3), (("a", ("bc", 7)), 3), (7, 0), (None, 0), ((), 0)])
def test_characters_are_counted_in_tuples_too(argument: object, size: int) -> None:
    assert characters(argument) == size


@pytest.mark.parametrize(("words", "kept"), [(10, True), (12_000, False)])
def test_a_summary_of_few_but_long_sentences_is_not_kept(words: int, kept: bool) -> None:
    text = "rain " * words
    segments = (TranslatedSegment(Segment(0, 0, text, 0, len(text)), "Rain.", alternatives=(Hypothesis(text, -1.0),)),)
    blocks = (Block(0, BlockKind.PARAGRAPH, text, 0, len(text)),)
    brief = Brief(title="Summary", length=Length(sentences=1))
    first, second = (summed_up(segments, (), blocks, brief, source_language="ro", year=2024) for _ in range(2))
    assert (first is second) == kept
    assert first == second
