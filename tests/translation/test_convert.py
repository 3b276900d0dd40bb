"""One command from a checkpoint to a pinned model; when it fails, nothing has changed."""

import json
import shutil
from pathlib import Path

import pytest
import sentencepiece
import torch
from transformers import MarianConfig, MarianMTModel

from service.errors import InvalidInput, ModelFileError, UnknownModel
from service.translation import catalog, convert
from service.translation.ctranslate2 import CTranslate2Engine
from service.translation.engine import Decoding
from service.translation.transformers import TransformersEngine
from tests.translation.conftest import EMBEDDED, MODELS, SENTENCES

ENTRY = """# A catalogue for a test.
[[model]]
id = "tiny"
architecture = "marian"
summary = "Random weights."
source = "this test"
revision = ""
licence = "CC0-1.0"
max_input_tokens = 64
[model.languages]
ro = "ro"
[[model.scores]]
test = "none"
language = "ro"
metric = "BLEU"
value = 99.0
source = "a dream"

# The next one.
[[model]]
id = "other"
architecture = "marian"
summary = "Not here."
source = "nowhere"
revision = ""
licence = "CC0-1.0"
max_input_tokens = 64
[model.languages]
it = "it"
"""


def vocabulary(folder: Path, side: str, *, pad: int) -> dict[str, int]:
    """A small SentencePiece model and its pieces as Marian numbers them, the padding at 2 or (`pad` -1) last."""
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([text for texts in SENTENCES.values() for text in texts]),
        model_prefix=str(folder / side),
        vocab_size=400,
        byte_fallback=True,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (folder / f"{side}.model").rename(folder / f"{side}.spm")
    (folder / f"{side}.vocab").unlink()
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.spm"))
    names = [pieces.id_to_piece(number) for number in range(3, pieces.get_piece_size())]
    tokens = ["</s>", "<unk>", "<pad>", *names] if pad == 2 else ["</s>", "<unk>", *names, "<pad>"]
    return {token: number for number, token in enumerate(tokens)}


def checkpoint(folder: Path, *, separate: bool, seed: int = 0) -> Path:
    """A Marian checkpoint of random weights, with one vocabulary (as OPUS-MT has) or with two."""
    folder.mkdir(parents=True)
    source = vocabulary(folder, "source", pad=2 if separate else -1)
    target = source
    if separate:
        target = vocabulary(folder, "target", pad=2)
        (folder / "target_vocab.json").write_text(json.dumps(target))
    else:
        shutil.copyfile(folder / "source.spm", folder / "target.spm")
    (folder / "vocab.json").write_text(json.dumps(source))
    names = {"unk_token": "<unk>", "eos_token": "</s>", "pad_token": "<pad>"}
    tokenizer = {
        "source_lang": "ro",
        "target_lang": "en",
        "separate_vocabs": separate,
        "model_max_length": 512,
        **names,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "MarianTokenizer", **tokenizer}))
    torch.manual_seed(seed)
    config = MarianConfig(
        vocab_size=len(source), decoder_vocab_size=len(target), d_model=32, encoder_layers=2, decoder_layers=2,
        encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64,
        activation_function="swish", max_position_embeddings=128, pad_token_id=source["<pad>"], eos_token_id=0,
        bos_token_id=0, decoder_start_token_id=source["<pad>"], forced_eos_token_id=0, scale_embedding=True,
        share_encoder_decoder_embeddings=not separate, tie_word_embeddings=not separate, init_std=0.4, dropout=0.0,
    )  # fmt: skip
    model = MarianMTModel(config)
    with torch.no_grad():  # the decoder starts from a zero vector, in Marian and in CTranslate2
        model.model.decoder.embed_tokens.weight[source["<pad>"]] = 0
        model.final_logits_bias[0, source["<pad>"]] = -100
    model.save_pretrained(folder)
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "catalog.toml").write_text(ENTRY)
    return folder


def listing(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): catalog.digest(path) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("separate", [True, False], ids=["two vocabularies", "one vocabulary"])
def test_a_build_is_pinned_verified_and_says_what_transformers_says(models: Path, separate: bool) -> None:
    origin = checkpoint(models.parent / "checkpoint", separate=separate)
    entry = convert.build(models, "tiny", origin, "float32")
    assert catalog.load(models).get("tiny") == entry
    catalog.verify(entry, models)
    assert entry.build == "ctranslate2-float32"
    assert len(entry.revision) == 16
    assert entry.scores == []
    assert sorted(path.name for path in models.iterdir()) == ["catalog.toml", "tiny"]
    assert "# The next one." in (models / "catalog.toml").read_text()

    ours, reference = CTranslate2Engine(entry, models / "tiny"), TransformersEngine(entry, models / "tiny")
    decoding = Decoding(beam=1, hypotheses=1, max_tokens=12)
    for (answer,), (expected,) in zip(
        ours.translate(SENTENCES["ro"], "ro", decoding),
        reference.translate(SENTENCES["ro"], "ro", decoding),
        strict=True,
    ):
        assert answer.text == expected.text
        assert answer.score == pytest.approx(expected.score, abs=1e-3)
        assert answer.truncated == expected.truncated


def test_a_better_checkpoint_replaces_a_model_and_the_card_stays(models: Path) -> None:
    first = convert.build(models, "tiny", checkpoint(models.parent / "first", separate=True))
    (models / "tiny" / "MODEL_CARD.md").write_text("About it.")
    again = convert.build(models, "tiny")
    assert again == first
    second = convert.build(models, "tiny", checkpoint(models.parent / "second", separate=True, seed=1))
    assert second.revision != first.revision
    assert second.sha256 != first.sha256
    assert (models / "tiny" / "MODEL_CARD.md").read_text() == "About it."
    catalog.verify(catalog.load(models).get("tiny"), models)
    float16 = convert.build(models, "tiny", quantization="float16")
    assert float16.revision == second.revision
    assert float16.build == "ctranslate2-float16"
    assert not (models / "tiny" / "ctranslate2-int8").exists()


@pytest.mark.parametrize("name", convert.REQUIRED)
def test_an_incomplete_checkpoint_is_refused_by_the_file(models: Path, name: str) -> None:
    origin = models.parent / "checkpoint"
    origin.mkdir()
    for required in convert.REQUIRED:
        (origin / required).touch()
    (origin / name).unlink()
    (origin / "pytorch_model.bin").touch()  # pickled weights are no substitute
    with pytest.raises(ModelFileError, match=name):
        convert.build(models, "tiny", origin)


def test_a_checkpoint_that_cannot_be_converted_changes_nothing(models: Path) -> None:
    convert.build(models, "tiny", checkpoint(models.parent / "good", separate=True))
    before = listing(models)
    bad = shutil.copytree(models.parent / "good", models.parent / "bad")
    (bad / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelFileError, match="cannot be converted"):
        convert.build(models, "tiny", bad)
    assert listing(models) == before
    assert sorted(path.name for path in models.iterdir()) == ["catalog.toml", "tiny"]


def test_a_catalogue_that_cannot_be_written_changes_nothing(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert.build(models, "tiny", checkpoint(models.parent / "good", separate=True))
    before = listing(models)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(catalog, "write", full)
    with pytest.raises(OSError, match="no space"):
        convert.build(models, "tiny", checkpoint(models.parent / "other", separate=True, seed=1))
    assert listing(models) == before
    assert sorted(path.name for path in models.iterdir()) == ["catalog.toml", "tiny"]


def test_what_is_asked_for_must_exist(models: Path) -> None:
    with pytest.raises(UnknownModel):
        convert.build(models, "huge")
    with pytest.raises(InvalidInput, match="int8"):
        convert.build(models, "tiny", quantization="int3")
    with pytest.raises(ModelFileError, match=r"config\.json"):
        convert.build(models, "tiny")


def test_the_embedded_build_is_what_the_command_makes(tmp_path: Path) -> None:
    assert EMBEDDED.build is not None
    convert.to_ctranslate2(MODELS / EMBEDDED.id / "hf", tmp_path / EMBEDDED.build)
    assert listing(tmp_path) == {
        file.path: file.sha256 for file in EMBEDDED.files if file.path.startswith(EMBEDDED.build)
    }


def test_a_model_without_a_build_is_refused_by_the_engine(models: Path) -> None:
    with pytest.raises(ModelFileError, match="no CTranslate2 build"):
        CTranslate2Engine(catalog.load(models).get("tiny"), models / "tiny")


@pytest.mark.parametrize("name", ["source.spm", "model.bin"])
def test_a_file_that_no_library_can_read_is_named(models: Path, name: str) -> None:
    entry = convert.build(models, "tiny", checkpoint(models.parent / "good", separate=True))
    next((models / "tiny").rglob(name)).write_bytes(b"rubbish")
    with pytest.raises(ModelFileError, match=name if name.endswith("spm") else "ctranslate2-int8"):
        CTranslate2Engine(entry, models / "tiny")


def test_weights_that_transformers_cannot_read_are_refused(models: Path) -> None:
    entry = convert.build(models, "tiny", checkpoint(models.parent / "good", separate=True))
    (models / "tiny" / "hf" / "model.safetensors").write_bytes(b"rubbish")
    with pytest.raises(ModelFileError, match="tiny/hf"):
        TransformersEngine(entry, models / "tiny")
