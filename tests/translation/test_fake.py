"""The engine that others test with: what it promises must hold."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import EngineFailed, NotReady
from service.translation import guard
from service.translation.engine import Decoding
from service.translation.fake import FakeEngine, Fault, reveal
from service.translation.load import canary
from service.types import Hypothesis
from tests.translation.conftest import SENTENCES


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("Guvernul a dat 6.000 de lei.", "Lunrevug a tad 6.000 ed iel."),
        ("NATO și SUA", "OTAN is AUS"),
        ("Уряд ухвалив бюджет", "Dyeu vieavhu tizdyb"),
        ("", ""),
    ],
)
def test_an_answer_reveals_its_input(sentence: str, answer: str) -> None:
    assert reveal(sentence) == answer


@given(st.text())
def test_answers_are_latin_and_keep_what_is_no_letter(sentence: str) -> None:
    answer = reveal(sentence)
    assert [char for char in answer if not char.isalpha()] == [char for char in sentence if not char.isalpha()]
    assert all(char.isascii() for char in answer if char.isalpha())


@pytest.mark.parametrize("language", SENTENCES)
def test_the_guard_has_nothing_against_an_honest_answer(language: str) -> None:
    for sentence, (answer,) in zip(
        SENTENCES[language], FakeEngine().translate(SENTENCES[language], language, Decoding()), strict=True
    ):
        assert guard.inspect(sentence, answer) == ()


def test_it_passes_the_canary() -> None:
    canary(FakeEngine())


@pytest.mark.parametrize("fault", [Fault.ECHO, Fault.EMPTY, Fault.LOOP, Fault.TRUNCATE, Fault.RAISING])
def test_a_faulty_engine_fails_the_canary(fault: Fault) -> None:
    with pytest.raises(NotReady, match="'ro'"):
        canary(FakeEngine(fault))


def test_an_engine_that_answers_in_cyrillic_fails_the_canary() -> None:
    with pytest.raises(NotReady, match="Latin"):
        canary(FakeEngine(answers=lambda *_: ["Добре, дякую за все"]))


def test_an_engine_that_refuses_fails_the_canary_with_its_reason() -> None:
    with pytest.raises(NotReady, match="longer than 3 tokens"):
        canary(FakeEngine(max_input_tokens=3))


def test_a_fault_befalls_only_whom_it_shall_and_can_recover() -> None:
    engine = FakeEngine(Fault.EMPTY, only=lambda sentence: "rău" in sentence, recovers=True)
    first = engine.translate(["bine", "rău"], "ro", Decoding())
    second = engine.translate(["rău"], "ro", Decoding(repetition_penalty=1.2))
    assert [found[0].text for found in first + second] == ["enib", "", "uar"]


def test_figures_can_be_damaged() -> None:
    engine = FakeEngine(damage=lambda text: text.replace("6", "9"))
    assert engine.translate(["6 lei"], "ro", Decoding()) == [(Hypothesis("9 iel", -0.1),)]


def test_it_can_be_slow_and_keeps_its_calls() -> None:
    engine = FakeEngine(Fault.SLOW, delay=0.05)
    begun = time.monotonic()
    engine.translate(["unu"], "ro", Decoding())
    assert time.monotonic() - begun >= 0.05
    assert [(call.sentences, call.language) for call in engine.calls] == [(("unu",), "ro")]


def test_it_counts_words_and_refuses_what_is_too_long() -> None:
    engine = FakeEngine(max_input_tokens=3)
    assert engine.count_tokens(["unu doi", "unu"], "ro") == [3, 2]
    with pytest.raises(EngineFailed):
        engine.translate(["unu doi trei"], "ro", Decoding())


def test_it_says_that_it_was_closed() -> None:
    engine = FakeEngine()
    assert not engine.closed
    engine.close()
    assert engine.closed
