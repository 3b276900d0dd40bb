"""The whole room: segments in, English out, whatever the engine does."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import EngineFailed, QueueFull
from service.translation.engine import Decoding, Engine
from service.translation.fake import FakeEngine, Fault, reveal
from service.translation.translate import Translator
from service.types import Hypothesis, Segment, TranslatedSegment, WarningKind
from tests.translation.conftest import SENTENCES


def segments(*texts: str, block: int = 0) -> list[Segment]:
    found, start = [], 0
    for index, text in enumerate(texts):
        found.append(Segment(index, block, text, start, start + len(text)))
        start += len(text) + 1
    return found


def one(engine: Engine, text: str, language: str = "ro") -> TranslatedSegment:
    (found,) = Translator(engine).translate(segments(text), language)
    return found


def test_each_segment_gets_its_english_in_order() -> None:
    engine = FakeEngine()
    texts = SENTENCES["ro"]
    found = Translator(engine).translate(segments(*texts), "ro")
    assert [each.source.text for each in found] == list(texts)
    assert [each.english for each in found] == [reveal(text) for text in texts]
    assert all(each.score == -0.1 and not each.warnings and not each.alternatives_tried for each in found)
    assert len(engine.calls) == 1


def test_equal_segments_are_translated_once() -> None:
    engine = FakeEngine()
    found = Translator(engine).translate(segments("Foto: arhivă", "Ceva nou.", "Foto: arhivă"), "ro")
    assert found[0].english == found[2].english
    assert sorted(engine.calls[0].sentences) == ["Ceva nou.", "Foto: arhivă"]


@pytest.mark.parametrize("text", ["102", "1 2 3 4 5 6 7 8 9 10", "€ 3,5", "—", "🙂", "https://example.org/a"])
def test_without_words_no_model_runs(text: str) -> None:
    engine = FakeEngine()
    found = one(engine, text)
    assert (found.english, found.score, found.warnings) == (text, None, ())
    assert not engine.calls


def test_english_passes_through() -> None:
    engine = FakeEngine()
    found = one(engine, "It stays as it is.", "en")
    assert (found.english, found.score, found.warnings) == ("It stays as it is.", None, ())
    assert Translator(engine).hypotheses(segments("It stays."), "en") == ((),)
    assert not engine.calls


def test_a_foreign_block_passes_through_with_a_warning() -> None:
    engine = FakeEngine()
    mixed = [
        Segment(0, 0, "Bună ziua.", 0, 10),
        Segment(1, 1, "Guten Tag.", 12, 22),
        Segment(2, 2, "Guten Tag.", 24, 34),
    ]
    found = Translator(engine).translate(mixed, "ro", {1})
    assert [each.english for each in found] == ["Anub auiz.", "Guten Tag.", "Netug Gat."]
    assert [each.warnings for each in found] == [(), (WarningKind.FOREIGN,), ()]
    assert [each.score for each in found] == [-0.1, None, -0.1]


def test_nothing_in_nothing_out() -> None:
    engine = FakeEngine()
    assert Translator(engine).translate([], "ro") == ()
    assert Translator(engine).hypotheses([], "ro") == ()
    assert not engine.calls


@pytest.mark.parametrize(
    ("fault", "warning"),
    [
        (Fault.ECHO, WarningKind.UNTRANSLATED),
        (Fault.LOOP, WarningKind.LOOP),
        (Fault.EMPTY, WarningKind.EMPTY),
        (Fault.TRUNCATE, WarningKind.TRUNCATED),
    ],
)
def test_every_fault_is_tried_again_once_and_then_reported(fault: Fault, warning: WarningKind) -> None:
    engine = FakeEngine(fault)
    texts = [text for language in ("ro", "it", "uk") for text in SENTENCES[language]]
    found = Translator(engine).translate(segments(*texts), "ro")
    assert all(warning in each.warnings for each in found)
    assert all(each.alternatives_tried for each in found)
    assert len(engine.calls) == 2
    first, second = (call.decoding for call in engine.calls)
    assert first.repetition_penalty == 1
    assert first.no_repeat_ngram == 0
    assert second.repetition_penalty > 1


@pytest.mark.parametrize("fault", [Fault.ECHO, Fault.LOOP, Fault.EMPTY, Fault.TRUNCATE])
def test_only_what_failed_is_tried_again_and_the_better_answer_taken(fault: Fault) -> None:
    engine = FakeEngine(fault, only=lambda sentence: "elevi" in sentence, recovers=True)
    found = Translator(engine).translate(segments(*SENTENCES["ro"]), "ro")
    assert [each.english for each in found] == [reveal(text) for text in SENTENCES["ro"]]
    assert not any(each.warnings for each in found)
    assert [each.alternatives_tried for each in found] == [0, 1, 0, 0]
    assert len(engine.calls[1].sentences) == 1


def test_a_clean_answer_of_the_beam_needs_no_second_try() -> None:
    engine = FakeEngine(answers=lambda sentence, _: [sentence, "He came home late.", "He came home."])
    found = one(engine, "A venit acasă târziu.")
    assert found.english == "He came home late."
    assert not found.warnings
    assert found.alternatives_tried == 2
    assert len(engine.calls) == 1


def test_the_rest_of_the_beam_are_the_alternatives() -> None:
    engine = FakeEngine(answers=lambda *_: ["He came.", "He has come.", "He came."])
    found = one(engine, "A venit.")
    assert [each.text for each in found.alternatives] == ["He has come."]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("GUVERNUL A ADOPTAT BUGETUL", "Guvernul a adoptat bugetul"),
        ("УРЯД УХВАЛИВ БЮДЖЕТ", "Уряд ухвалив бюджет"),
    ],
)
def test_a_headline_in_capitals_gives_english_in_capitals(text: str, read: str) -> None:
    engine = FakeEngine(answers=lambda *_: ["Government adopts budget", "The government adopts a budget"])
    found = one(engine, text, "uk" if "У" in text else "ro")
    assert engine.calls[0].sentences == (read,)
    assert found.english == "GOVERNMENT ADOPTS BUDGET"
    assert [each.text for each in found.alternatives] == ["THE GOVERNMENT ADOPTS A BUDGET"]


class Corrected(FakeEngine):
    """An engine with a memory in front that has persons' words for some of what it is asked."""

    def __init__(self, *corrections: tuple[str, str], max_input_tokens: int = 128) -> None:
        super().__init__(max_input_tokens=max_input_tokens)
        self.corrected = dict(corrections)

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        found = super().translate(sentences, language, decoding)
        return [
            (Hypothesis(self.corrected[sentence], 0.0, human=True),) if sentence in self.corrected else answers
            for sentence, answers in zip(sentences, found, strict=True)
        ]


@pytest.mark.parametrize("english", ["6000 lei", "Guvernul a dat 6000 de lei"])  # the second would pass for a copy
def test_a_correction_of_a_line_in_capitals_is_a_person_s(english: str) -> None:
    engine = Corrected(("Guvernul a dat 6000 de lei", english))
    found = one(engine, "GUVERNUL A DAT 6000 DE LEI")
    assert found == TranslatedSegment(found.source, english.upper(), human=True)
    assert len(engine.calls) == 1


def test_a_sentence_of_which_a_person_wrote_a_part_is_no_person_s() -> None:
    first = "primarul a venit devreme acasă;"
    engine = Corrected((first, "the mayor came home early;"), max_input_tokens=8)
    found = one(engine, f"{first} viceprimarul a plecat mult mai târziu")
    assert "the mayor came home early;" in found.english
    assert not found.human
    assert found.score is not None


def test_a_copied_title_in_title_case_is_tried_in_small_letters() -> None:
    def answers(sentence: str, _: str) -> Sequence[str]:
        return ["Government adopts the budget."] if sentence.endswith("bugetul.") else [sentence]

    engine = FakeEngine(answers=answers)
    found = one(engine, "Guvernul A Adoptat Bugetul")
    assert (found.english, found.warnings) == ("Government adopts the budget", ())


def test_a_long_sentence_keeps_its_last_figure() -> None:
    clause = "consiliul a discutat despre drumuri, școli și spitale"
    text = f"{', iar '.join([clause] * 100)}, iar la urmă a aprobat 7.431 de lei."
    assert len(text.split()) > 900
    engine = FakeEngine(max_input_tokens=40)
    found = one(engine, text)
    assert found.english.endswith(f"7.431 {reveal('de lei')}.")
    assert found.english.count(reveal("consiliul")) + found.english.count(reveal("consiliul").capitalize()) == 100
    assert WarningKind.TRUNCATED not in found.warnings
    assert len(engine.calls) == 1
    assert max(engine.count_tokens(engine.calls[0].sentences, "ro")) <= 40


def test_a_fault_in_one_piece_of_a_long_sentence_is_seen() -> None:
    text = ", iar ".join(f"consiliul a aprobat proiectul numărul {number}" for number in range(20))
    engine = FakeEngine(Fault.LOOP, only=lambda piece: "numărul 13" in piece, max_input_tokens=12)
    found = one(engine, text)
    assert WarningKind.LOOP in found.warnings
    assert len(engine.calls[1].sentences) == 1


def test_alternatives_of_a_long_sentence_change_one_piece_each() -> None:
    engine = FakeEngine(answers=lambda piece, _: [f"{reveal(piece)} one", f"{reveal(piece)} two"], max_input_tokens=8)
    text = "primarul a venit devreme acasă; viceprimarul a plecat mult mai târziu"
    found = one(engine, text)
    pieces = len(engine.calls[0].sentences)
    assert pieces > 1
    assert found.english.count("one") == pieces
    assert [(each.text.count("one"), each.text.count("two")) for each in found.alternatives] == [
        (pieces - 1, 1)
    ] * pieces


def test_two_greetings_are_both_translated() -> None:
    """The sentence whose first part another service loses."""
    texts = ("Bună, George.", "Roy, nu te-am mai văzut de mult.")
    found = Translator(FakeEngine()).translate(segments(*texts), "ro")
    assert [each.english for each in found] == [reveal(text) for text in texts]


def test_an_engine_that_raises_is_reported_without_its_words() -> None:
    with pytest.raises(EngineFailed) as error:
        one(FakeEngine(Fault.RAISING), "Bună ziua.")
    assert "fake" not in error.value.message
    with pytest.raises(EngineFailed):
        Translator(FakeEngine(Fault.RAISING)).hypotheses(segments("Bună ziua."), "ro")


def test_an_error_for_the_caller_is_passed_on() -> None:
    def full(*_: str) -> Sequence[str]:
        raise QueueFull("Too much waits.")

    with pytest.raises(QueueFull):
        one(FakeEngine(answers=full), "Bună ziua.")


@pytest.mark.parametrize("count", [0, 2])
def test_an_engine_that_answers_too_few_or_too_many_is_refused(count: int) -> None:
    class Miscounting(FakeEngine):
        def translate(
            self, sentences: Sequence[str], language: str, decoding: Decoding
        ) -> list[tuple[Hypothesis, ...]]:
            return super().translate(sentences, language, decoding) * count

    with pytest.raises(EngineFailed, match="every sentence"):
        one(Miscounting(), "Bună ziua.")
    with pytest.raises(EngineFailed, match="every sentence"):
        one(FakeEngine(answers=lambda *_: []), "Bună ziua.")


def test_hypotheses_come_from_a_wider_search_without_the_faulty_ones() -> None:
    engine = FakeEngine(
        answers=lambda sentence, _: ["salad salad salad salad salad", "He came.", "", sentence, "He has come."]
    )
    found = Translator(engine, decoding=Decoding(beam=4)).hypotheses(segments("A venit.", "102"), "ro")
    assert [each.text for each in found[0]] == ["He came.", "He has come."]
    assert found[1] == ()
    assert engine.calls[0].decoding.beam == 8
    assert engine.calls[0].decoding.hypotheses == 8


@given(st.lists(st.text(max_size=60), max_size=8), st.sampled_from(["ro", "it", "uk", "en"]))
def test_any_segments_come_back_one_for_one(texts: list[str], language: str) -> None:
    found = Translator(FakeEngine(max_input_tokens=8)).translate(segments(*texts), language)
    assert [each.source.text for each in found] == texts


def test_the_embedded_model_says_the_same_alone_and_in_an_article(ctranslate2_engine: Engine) -> None:
    translator = Translator(ctranslate2_engine)
    texts = (*SENTENCES["ro"], "PODUL VA FI ÎNCHIS", "Primarul, " * 60 + "a plecat.", "Foto: arhivă", "12.500")
    together = translator.translate(segments(*texts), "ro")
    for each in together:
        (alone,) = translator.translate([each.source], "ro")
        assert alone == each


def test_the_embedded_model_translates_a_very_long_sentence_whole(ctranslate2_engine: Engine) -> None:
    text = "Consiliul a votat pentru drumuri, școli și spitale, iar primarul a promis 250 de locuri noi, " * 30
    (found,) = Translator(ctranslate2_engine).translate(segments(f"{text}plus încă 40 de școli."), "ro")
    assert WarningKind.TRUNCATED not in found.warnings
    assert found.english.count("250") >= 20
    assert "40" in found.english[-40:]


@pytest.mark.parametrize("language", SENTENCES)
def test_a_loop_of_the_embedded_model_is_ended_or_reported(ctranslate2_engine: Engine, language: str) -> None:
    nonsense = ("zz " * 30).strip()
    (found,) = Translator(ctranslate2_engine).translate(segments(f"Ла {nonsense} ла {nonsense}."), language)
    assert found.english or WarningKind.EMPTY in found.warnings
