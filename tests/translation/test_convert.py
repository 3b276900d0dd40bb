"""One command from a checkpoint to a pinned model; when it fails, nothing has changed."""

import shutil
from pathlib import Path

import pytest

from service.errors import InvalidInput, ModelFileError, UnknownModel
from service.translation import catalog, convert, files
from service.translation.ctranslate2 import CTranslate2Engine
from service.translation.engine import Decoding
from service.translation.transformers import TransformersEngine
from tests.translation.checkpoints import marian
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


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "catalog.toml").write_text(ENTRY)
    return folder


def listing(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): files.digest(path) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("separate", [True, False], ids=["two vocabularies", "one vocabulary"])
def test_a_build_is_pinned_verified_and_says_what_transformers_says(models: Path, separate: bool) -> None:
    origin = marian(models.parent / "checkpoint", separate=separate)
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
    first = convert.build(models, "tiny", marian(models.parent / "first", separate=True))
    (models / "tiny" / "MODEL_CARD.md").write_text("About it.")
    again = convert.build(models, "tiny")
    assert again == first
    second = convert.build(models, "tiny", marian(models.parent / "second", separate=True, seed=1))
    assert second.revision != first.revision
    assert second.sha256 != first.sha256
    assert (models / "tiny" / "MODEL_CARD.md").read_text() == "About it."
    catalog.verify(catalog.load(models).get("tiny"), models)
    float16 = convert.build(models, "tiny", quantization="float16")
    assert float16.revision == second.revision
    assert float16.build == "ctranslate2-float16"
    assert not (models / "tiny" / "ctranslate2-int8").exists()


@pytest.mark.parametrize("name", convert.REQUIRED["marian"])
def test_an_incomplete_checkpoint_is_refused_by_the_file(models: Path, name: str) -> None:
    origin = models.parent / "checkpoint"
    origin.mkdir()
    for required in convert.REQUIRED["marian"]:
        (origin / required).touch()
    (origin / name).unlink()
    (origin / "pytorch_model.bin").touch()  # pickled weights are no substitute
    with pytest.raises(ModelFileError, match=name):
        convert.build(models, "tiny", origin)


def test_a_checkpoint_that_cannot_be_converted_changes_nothing(models: Path) -> None:
    convert.build(models, "tiny", marian(models.parent / "good", separate=True))
    before = listing(models)
    bad = shutil.copytree(models.parent / "good", models.parent / "bad")
    (bad / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelFileError, match="cannot be converted"):
        convert.build(models, "tiny", bad)
    assert listing(models) == before
    assert sorted(path.name for path in models.iterdir()) == ["catalog.toml", "tiny"]


def test_a_catalogue_that_cannot_be_written_changes_nothing(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert.build(models, "tiny", marian(models.parent / "good", separate=True))
    before = listing(models)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(catalog, "write", full)
    with pytest.raises(OSError, match="no space"):
        convert.build(models, "tiny", marian(models.parent / "other", separate=True, seed=1))
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
    entry = convert.build(models, "tiny", marian(models.parent / "good", separate=True))
    next((models / "tiny").rglob(name)).write_bytes(b"rubbish")
    with pytest.raises(ModelFileError, match=name if name.endswith("spm") else "ctranslate2-int8"):
        CTranslate2Engine(entry, models / "tiny")


def test_weights_that_transformers_cannot_read_are_refused(models: Path) -> None:
    entry = convert.build(models, "tiny", marian(models.parent / "good", separate=True))
    (models / "tiny" / "hf" / "model.safetensors").write_bytes(b"rubbish")
    with pytest.raises(ModelFileError, match="tiny/hf"):
        TransformersEngine(entry, models / "tiny")


@pytest.fixture
def shortlisted(models: Path) -> catalog.ModelEntry:
    """A model whose shortlist has little more than the letter a."""
    origin = marian(models.parent / "checkpoint", separate=True)
    (origin / catalog.SHORTLIST).write_text("\t▁a a s\n")
    return convert.build(models, "tiny", origin, "float32")


def test_a_shortlist_goes_along_and_is_pinned(models: Path, shortlisted: catalog.ModelEntry) -> None:
    assert shortlisted.shortlist
    catalog.verify(shortlisted, models)
    (models / "tiny" / "ctranslate2-float32" / catalog.SHORTLIST).write_text("\t▁b\n")
    with pytest.raises(ModelFileError, match=catalog.SHORTLIST):
        catalog.verify(shortlisted, models)


def test_only_what_is_on_the_shortlist_is_said(models: Path, shortlisted: catalog.ModelEntry) -> None:
    engine = CTranslate2Engine(shortlisted, models / "tiny")
    whole = CTranslate2Engine(shortlisted, models / "tiny", shortlist=False)
    decoding = Decoding(beam=2, hypotheses=2, max_tokens=12)
    answers = engine.translate(SENTENCES["ro"], "ro", decoding)
    assert all(set(each.text) <= set("as ") for found in answers for each in found)
    assert any(set(found[0].text) - set("as ") for found in whole.translate(SENTENCES["ro"], "ro", decoding))
    assert not engine.batches
    assert whole.batches


def test_a_shortlist_is_of_each_sentence_and_not_of_its_neighbours(
    models: Path, shortlisted: catalog.ModelEntry
) -> None:
    """Every word its own candidates, which a batch of both would pool."""
    engine = CTranslate2Engine(shortlisted, models / "tiny")
    decoding = Decoding(beam=2, hypotheses=2, max_tokens=12)
    alone = [engine.translate([sentence], "ro", decoding)[0] for sentence in SENTENCES["ro"]]
    assert engine.translate(SENTENCES["ro"], "ro", decoding) == alone
