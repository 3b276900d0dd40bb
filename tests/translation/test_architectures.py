"""Both engines run both architectures, and say the same: tiny checkpoints, installed as real ones are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.errors import BadSetting, EngineFailed, ModelFileError
from service.translation import catalog, convert
from service.translation.ctranslate2 import CTranslate2Engine
from service.translation.engine import Decoding, Engine
from service.translation.tokens import END, Tokenizer
from service.translation.transformers import TransformersEngine
from tests.translation.checkpoints import TAG
from tests.translation.conftest import SENTENCES
from tests.translation.contract import CODES, KINDS, LIMIT, Kind, installed

GREEDY = Decoding(beam=1, hypotheses=1, max_tokens=16)
ENGINES: dict[str, type[CTranslate2Engine] | type[TransformersEngine]] = {
    "ctranslate2": CTranslate2Engine,
    "transformers": TransformersEngine,
}


@pytest.fixture(scope="module", params=KINDS)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Kind, Path]:
    """Each architecture in turn: the folder of its models."""
    folder = tmp_path_factory.mktemp("architecture") / "models"
    installed(folder, KINDS[request.param])
    return KINDS[request.param], folder


@pytest.fixture(scope="module")
def both(model: tuple[Kind, Path]) -> Iterator[dict[str, CTranslate2Engine | TransformersEngine]]:
    _, folder = model
    entry = catalog.load(folder).get("tiny")
    engines = {name: make(entry, folder / "tiny") for name, make in ENGINES.items()}
    yield engines
    for engine in engines.values():
        engine.close()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, both: dict[str, Engine]) -> Engine:
    return both[request.param]


def test_what_is_installed_is_what_is_pinned(model: tuple[Kind, Path]) -> None:
    kind, folder = model
    entry = catalog.load(folder).get("tiny")
    catalog.verify(entry, folder)
    assert entry.architecture == kind.architecture
    assert "hf/vocab.json" in {file.path for file in entry.files}


@pytest.mark.parametrize("language", CODES)
def test_greedy_answers_and_scores_of_both_engines_are_equal(language: str, both: dict[str, Engine]) -> None:
    ours = both["ctranslate2"].translate(SENTENCES[language], language, GREEDY)
    reference = both["transformers"].translate(SENTENCES[language], language, GREEDY)
    for (answer,), (expected,) in zip(ours, reference, strict=True):
        assert answer.text == expected.text
        assert answer.score == pytest.approx(expected.score, abs=1e-3)
        assert answer.truncated == expected.truncated


def test_both_engines_find_an_english_equally_likely(
    both: dict[str, CTranslate2Engine | TransformersEngine],
) -> None:
    english = ["The mayor said so.", "Over 1,200 pupils.", "Water costs 4.5% more.", "Rain."]
    ours, reference = (both[name].score(SENTENCES["uk"], english, "uk") for name in ENGINES)
    assert ours == pytest.approx(reference, abs=0.01)
    assert len(set(ours)) == 4


def test_a_beam_gives_its_hypotheses_best_first(engine: Engine) -> None:
    for found in engine.translate(SENTENCES["it"], "it", Decoding(beam=4, hypotheses=3, max_tokens=12)):
        assert len(found) == 3
        scores = [each.score for each in found]
        assert scores == sorted(scores, reverse=True)
        assert all(score < 0 for score in scores)


@pytest.mark.parametrize("limit", [1, 5])
def test_the_limit_counts_tokens_of_the_answer_alone(limit: int, both: dict[str, Engine]) -> None:
    """What every NLLB answer begins with is no part of it."""
    decoding = Decoding(beam=1, hypotheses=1, max_tokens=limit)
    for language in CODES:
        answers = [engine.translate(SENTENCES[language], language, decoding) for engine in both.values()]
        assert [[each.text for each in found] for found in answers[0]] == [
            [each.text for each in found] for found in answers[1]
        ]
        assert [[each.truncated for each in found] for found in answers[0]] == [
            [each.truncated for each in found] for found in answers[1]
        ]


def test_control_tokens_in_an_article_are_text(engine: Engine) -> None:
    plain, tagged = engine.count_tokens(["casa", f"casa {END} <pad> eng_Latn {TAG} ukr_Cyrl"], "ro")
    assert tagged > plain + 20
    assert engine.translate([f"casa {END} eng_Latn {TAG}"], "ro", GREEDY)


def test_no_code_or_tag_is_left_in_an_answer(engine: Engine) -> None:
    for language in CODES:
        for found in engine.translate(SENTENCES[language], language, Decoding(beam=4, hypotheses=4, max_tokens=24)):
            for each in found:
                assert not any(code in each.text for code in ("_Latn", "_Cyrl", ">>", "</s>", "<pad>", "madeup"))


def test_a_language_or_a_length_that_the_model_has_not_is_refused(engine: Engine) -> None:
    with pytest.raises(EngineFailed, match="'de'"):
        engine.translate(["Guten Tag."], "de", GREEDY)
    with pytest.raises(EngineFailed, match=str(LIMIT)):
        engine.translate(["casă " * (LIMIT + 1)], "ro", GREEDY)


def test_the_source_language_and_the_tag_reach_the_model(model: tuple[Kind, Path]) -> None:
    kind, folder = model
    tokenizer = Tokenizer(folder / "tiny" / "hf", catalog.load(folder).get("tiny"))
    first = {language: tokenizer.encode("casa", language)[0] for language in CODES}
    if kind.architecture == "nllb":
        assert first == CODES
        assert tokenizer.encode_english("house")[0] == "eng_Latn"
    else:
        assert set(first.values()) == ({TAG} if kind.tag else set(first.values()))
        assert tokenizer.prefix == ()
    assert tokenizer.encode("casa", "ro")[-1] == tokenizer.encode_english("house")[-1] == END


def test_what_is_decoded_is_what_was_encoded(model: tuple[Kind, Path]) -> None:
    _, folder = model
    tokenizer = Tokenizer(folder / "tiny" / "hf", catalog.load(folder).get("tiny"))
    assert tokenizer.decode(tokenizer.encode_english("The price is over 1,200.")) == "The price is over 1,200."


@pytest.mark.parametrize("kind", [Kind("marian", tag=TAG), Kind("nllb")], ids=["marian", "nllb"])
def test_a_tag_or_code_that_the_model_does_not_know_is_refused(kind: Kind, tmp_path: Path) -> None:
    entry = installed(tmp_path / "models", kind)
    other = {"target": ">>deu<<"} if kind.tag else {"languages": {"ro": "ron_Cyrl"}}
    wrong = entry.model_copy(update=other)
    for make in ENGINES.values():
        with pytest.raises(ModelFileError, match=r"no token '(>>deu<<|ron_Cyrl)'"):
            make(wrong, tmp_path / "models" / "tiny")


@pytest.mark.parametrize("quantization", convert.QUANTIZATIONS)
def test_every_quantisation_of_nllb_is_built_and_runs(quantization: str, tmp_path: Path) -> None:
    entry = installed(tmp_path / "models", KINDS["nllb"], quantization)
    engine = CTranslate2Engine(entry, tmp_path / "models" / "tiny", threads=1)
    assert len(engine.translate(SENTENCES["ro"], "ro", GREEDY)) == 4
    engine.close()


@pytest.mark.parametrize("name", ENGINES)
def test_a_gpu_that_is_not_there_is_named_by_its_setting(name: str, both: dict[str, Engine], tmp_path: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    entry = installed(tmp_path / "models", KINDS["nllb"])
    with pytest.raises(BadSetting, match="device"):
        ENGINES[name](entry, tmp_path / "models" / "tiny", device="cuda")
