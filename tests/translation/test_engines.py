"""What holds for every engine, and what the real ones owe each other."""

import threading

import pytest

from service.errors import BadSetting, EngineFailed
from service.settings import Settings
from service.translation import ctranslate2
from service.translation.ctranslate2 import CTranslate2Engine
from service.translation.engine import Decoding, Engine
from service.translation.load import load, runs_on
from service.translation.pool import Lazy, Pool
from tests.translation.conftest import EMBEDDED, SENTENCES

LANGUAGES = tuple(SENTENCES)


def test_an_engine_says_what_it_runs(engine: Engine) -> None:
    assert engine.info.languages == LANGUAGES
    assert engine.info.engine in {"ctranslate2", "transformers", "fake"}
    assert len(engine.info.sha256) == 64
    if engine.info.engine != "fake":
        assert (engine.info.id, engine.info.revision) == (EMBEDDED.id, EMBEDDED.revision)
        assert engine.info.sha256 == EMBEDDED.sha256


def test_what_is_said_of_a_model_before_it_is_loaded_stays_true(engine: Engine) -> None:
    name = engine.info.engine
    if name != "fake":
        settings = Settings(engine=name)
        assert Lazy(Pool(lambda _: engine), EMBEDDED, name, runs_on(settings, EMBEDDED)).info == engine.info


@pytest.mark.parametrize(
    ("kinds", "shortlist", "place"),
    [
        (None, True, "cpu with shortlist"),
        (None, False, "cpu"),
        ({"float16", "int8_float16"}, True, "cuda int8_float16"),
        ({"float32"}, True, "cuda default"),
    ],
)
def test_what_ctranslate2_runs_on_is_told_apart(
    kinds: set[str] | None, shortlist: bool, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0 if kinds is None else 1)
    monkeypatch.setattr("ctranslate2.get_supported_compute_types", lambda _: kinds)
    assert ctranslate2.runs_on(EMBEDDED, "auto", shortlist=shortlist) == place


def test_a_device_that_is_not_there_is_told_of_before_a_model_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)
    with pytest.raises(BadSetting, match="cuda"):
        runs_on(Settings(device="cuda"), EMBEDDED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_gets_its_hypotheses_best_first(engine: Engine, language: str) -> None:
    answers = engine.translate(SENTENCES[language], language, Decoding(beam=4, hypotheses=3))
    assert len(answers) == len(SENTENCES[language])
    for found in answers:
        assert len(found) == 3
        scores = [each.score for each in found]
        assert scores == sorted(scores, reverse=True)
        assert all(-20 < score < 0 for score in scores)
        assert len({each.text for each in found}) == 3
        assert not any(each.truncated for each in found)


def test_no_more_hypotheses_than_the_beam_has(engine: Engine) -> None:
    assert [len(found) for found in engine.translate(["Bună ziua."], "ro", Decoding(beam=2, hypotheses=4))] == [2]
    assert [len(found) for found in engine.translate(["Bună ziua."], "ro", Decoding(beam=1, hypotheses=1))] == [1]


def test_nothing_in_nothing_out(engine: Engine) -> None:
    assert engine.translate([], "ro", Decoding()) == []
    assert engine.count_tokens([], "ro") == []


def test_tokens_are_counted_with_the_end(engine: Engine) -> None:
    short, long = engine.count_tokens(["Da", "Da, primarul a venit la timp"], "ro")
    assert 2 <= short < long


@pytest.mark.parametrize("language", ["de", "", "RO"])
def test_a_language_that_the_model_has_not_is_refused(engine: Engine, language: str) -> None:
    with pytest.raises(EngineFailed):
        engine.translate(["Guten Tag."], language, Decoding())
    with pytest.raises(EngineFailed):
        engine.count_tokens(["Guten Tag."], language)


def test_a_sentence_that_is_too_long_is_refused_and_never_cut(engine: Engine) -> None:
    sentence = "casă " * (engine.max_input_tokens + 1)
    with pytest.raises(EngineFailed, match=str(engine.max_input_tokens)):
        engine.translate(["Bună.", sentence], "ro", Decoding())


def test_callers_at_the_same_time_get_their_own_answers(engine: Engine) -> None:
    decoding = Decoding(beam=1, hypotheses=1)
    alone = {language: engine.translate(SENTENCES[language], language, decoding) for language in LANGUAGES}
    together: dict[str, object] = {}
    threads = [
        threading.Thread(
            target=lambda language=language: together.update(
                {language: engine.translate(SENTENCES[language], language, decoding)}
            )
        )
        for language in LANGUAGES
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


@pytest.mark.parametrize("name", ["ctranslate2", "transformers"])
def test_an_answer_that_reaches_the_limit_is_marked(name: str, request: pytest.FixtureRequest) -> None:
    engine: Engine = request.getfixturevalue(f"{name}_engine")
    for beam in (1, 4):
        (found,) = engine.translate(SENTENCES["ro"][:1], "ro", Decoding(beam=beam, hypotheses=1, max_tokens=4))
        assert found[0].truncated


@pytest.mark.parametrize("name", ["ctranslate2", "transformers"])
def test_control_tokens_in_the_text_are_text(name: str, request: pytest.FixtureRequest) -> None:
    engine: Engine = request.getfixturevalue(f"{name}_engine")
    plain, tagged = engine.count_tokens(["Primarul a venit.", "Primarul </s> a venit. <pad> <unk>"], "ro")
    assert tagged > plain + 8  # spelled out, since no vocabulary entry may be reached from an article
    assert engine.translate(["Primarul </s> a venit. <pad> <unk>"], "ro", Decoding())[0][0].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_greedy_answers_of_both_libraries_agree(
    language: str, float32_engine: Engine, transformers_engine: Engine
) -> None:
    decoding = Decoding(beam=1, hypotheses=1)
    pairs = zip(
        float32_engine.translate(SENTENCES[language], language, decoding),
        transformers_engine.translate(SENTENCES[language], language, decoding),
        strict=True,
    )
    for (ours,), (reference,) in pairs:
        assert ours.text == reference.text
        assert ours.score == pytest.approx(reference.score, abs=1e-3)


def test_quantisation_changes_scores_little(ctranslate2_engine: Engine, float32_engine: Engine) -> None:
    """Of the same English: the best answers of two searches may be different sentences."""
    assert isinstance(ctranslate2_engine, CTranslate2Engine)
    assert isinstance(float32_engine, CTranslate2Engine)
    for language, sentences in SENTENCES.items():
        english = [first.text for first, *_ in float32_engine.translate(sentences, language, Decoding())]
        quantised = ctranslate2_engine.score(sentences, english, language)
        assert quantised == pytest.approx(float32_engine.score(sentences, english, language), abs=0.1)


@pytest.mark.parametrize("threads", [1, 2])
def test_what_else_is_in_the_batch_changes_neither_answer_nor_score(threads: int) -> None:
    engine = load(Settings(threads=threads))
    everything = [
        variant
        for sentence in SENTENCES["ro"]
        for variant in (sentence, sentence.split(" a ")[0], f"{sentence} {sentence}", sentence.removesuffix("."))
    ]
    alone = [engine.translate([sentence], "ro", Decoding())[0] for sentence in everything]
    assert engine.translate(everything, "ro", Decoding()) == alone
    assert engine.translate(everything[::-1] * 3, "ro", Decoding()) == alone[::-1] * 3
    engine.close()
