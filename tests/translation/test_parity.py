"""A build that is not what its checkpoint is, is refused, whatever is wrong with it."""

import json
import logging
import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from service.errors import ModelFileError
from service.translation import catalog, convert, parity
from tests.translation.conftest import EMBEDDED, MODELS
from tests.translation.contract import KINDS, installed


def test_the_embedded_build_is_what_its_checkpoint_is() -> None:
    assert parity.check(EMBEDDED, MODELS / EMBEDDED.id) < parity.TOLERANCE_INT8 / 5


@pytest.fixture(params=["marian, one vocabulary", "nllb"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[catalog.ModelEntry, Path]:
    entry = installed(tmp_path / "models", KINDS[request.param])
    return entry, tmp_path / "models" / "tiny"


def test_float32_is_exact(model: tuple[catalog.ModelEntry, Path]) -> None:
    assert parity.check(*model) < 0.005


def test_a_build_of_other_weights_is_refused(model: tuple[catalog.ModelEntry, Path]) -> None:
    entry, folder = model
    path = folder / "hf" / "model.safetensors"
    tensors = load_file(path)
    name = next(name for name in sorted(tensors) if name.endswith("fc1.weight"))
    tensors[name] = -tensors[name]
    save_file(tensors, path, metadata={"format": "pt"})
    with pytest.raises(ModelFileError, match="log-probability") as error:
        parity.check(entry, folder)
    assert error.value.field == entry.build


def test_a_build_with_a_shifted_vocabulary_is_refused(model: tuple[catalog.ModelEntry, Path]) -> None:
    entry, folder = model
    assert entry.build is not None
    path = folder / entry.build / "shared_vocabulary.json"
    tokens = json.loads(path.read_text())
    path.write_text(json.dumps([*tokens[:4], *tokens[5:40], tokens[4], *tokens[40:]]))
    with pytest.raises(ModelFileError):
        parity.check(entry, folder)


def test_a_vocabulary_of_another_checkpoint_is_refused(model: tuple[catalog.ModelEntry, Path]) -> None:
    """As where the SentencePiece model and the vocabulary are not of one checkpoint."""
    entry, folder = model
    path = folder / "hf" / "vocab.json"
    ids = json.loads(path.read_text())
    pieces = [token for token, number in ids.items() if 4 <= number < 200]
    path.write_text(json.dumps(ids | dict(zip(pieces, [ids[piece] for piece in pieces[::-1]], strict=True))))
    with pytest.raises(ModelFileError, match="not what the checkpoint is"):
        parity.check(entry, folder)


def test_a_language_without_a_sentence_is_named(
    model: tuple[catalog.ModelEntry, Path], caplog: pytest.LogCaptureFixture
) -> None:
    entry, folder = model
    more = entry.model_copy(update={"languages": {"fr": "fra_Latn", **entry.languages, "es": "spa_Latn"}})
    with caplog.at_level(logging.WARNING):
        assert parity.check(entry, folder) < 0.005
        assert not caplog.messages
        assert parity.check(more, folder) < 0.005
    assert caplog.messages == ["tiny: not compared for fr, es, of which canaries.toml has no sentence"]


def test_a_model_that_nothing_can_be_compared_of_is_never_installed(tmp_path: Path) -> None:
    """As the one of `Adding a model` in docs/models.md, before its language has a sentence."""
    models = tmp_path / "models"
    models.mkdir()
    kind = KINDS["marian, one vocabulary"]
    text = kind.entry().partition("[model.languages]")[0] + '[model.languages]\nfr = "fra"\n'
    (models / "catalog.toml").write_text(text)
    with pytest.raises(ModelFileError, match=r"no sentence in French in .*canaries\.toml") as error:
        convert.build(models, "tiny", kind.checkpoint(tmp_path / "checkpoint"))
    assert error.value.field == "canaries.toml"
    assert [path.name for path in models.iterdir()] == ["catalog.toml"]
    assert (models / "catalog.toml").read_text() == text


def test_a_build_without_parity_is_never_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "models"
    installed(models, KINDS["nllb"])
    before = (models / "catalog.toml").read_bytes()
    real = convert.to_ctranslate2

    def wrong(checkpoint: Path, output: Path, quantization: str, architecture: str) -> None:
        other = KINDS["nllb"].checkpoint(tmp_path / "other", seed=7)
        real(other, output, quantization, architecture)
        shutil.copyfile(other / "vocab.json", checkpoint / "vocab.json")

    monkeypatch.setattr(convert, "to_ctranslate2", wrong)
    with pytest.raises(ModelFileError, match="not what the checkpoint is"):
        convert.build(models, "tiny", quantization="int8")
    assert (models / "catalog.toml").read_bytes() == before
    catalog.verify(catalog.load(models).get("tiny"), models)
