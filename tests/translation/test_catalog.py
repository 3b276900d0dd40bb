"""The catalogue says what a model is, and a model that is anything else is refused by name."""

import hashlib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ModelFileError, UnknownModel
from service.settings import Settings
from service.translation import catalog
from service.translation.load import load
from tests.translation.conftest import EMBEDDED, MODELS

ENTRY = """
[[model]]
id = "small"
architecture = "marian"
summary = "A model for the test."
source = "written by hand"
revision = "0123456789abcdef"
licence = "CC0-1.0"
max_input_tokens = 64
[model.languages]
ro = "ro"
[[model.files]]
path = "hf/a.txt"
size = 3
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / "catalog.toml").write_text(ENTRY)
    (tmp_path / "small" / "hf").mkdir(parents=True)
    (tmp_path / "small" / "hf" / "a.txt").write_text("abc")
    return tmp_path


def test_a_model_as_pinned_is_accepted(models: Path) -> None:
    entry = catalog.load(models).get("small")
    catalog.verify(entry, models)
    assert catalog.is_present(entry, models)
    assert entry.build is None


def test_the_digest_of_a_model_is_that_of_the_checksum_list() -> None:
    line = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  hf/a.txt\n"
    assert catalog.parse(ENTRY).get("small").sha256 == hashlib.sha256(line.encode()).hexdigest()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("size = 3", 'size = "3"', "model 'small': files.0.size"),
        ("size = 3", "size = -1", "model 'small': files.0.size"),
        ('sha256 = "ba', 'sha256 = "BA', "model 'small': files.0.sha256"),
        ("hf/a.txt", "../a.txt", "model 'small': files.0.path"),
        ("hf/a.txt", "/etc/passwd", "model 'small': files.0.path"),
        ("hf/a.txt", "a.txt", "model 'small': files.0.path"),
        ('licence = "CC0-1.0"', "", "model 'small': licence"),
        ('licence = "CC0-1.0"', 'licence = "CC0-1.0"\nlicense = "x"', "model 'small': license"),
        ('architecture = "marian"', 'architecture = "magic"', "model 'small': architecture"),
        ("max_input_tokens = 64", "max_input_tokens = 0", "model 'small': max_input_tokens"),
        ('ro = "ro"', "", "model 'small': languages"),
        ('id = "small"', "", "model 'number 1': id"),
        ('id = "small"', 'id = "../small"', "model '../small': id"),
        ('id = "small"', "id = small", "not TOML"),
    ],
)
def test_a_fault_in_the_catalogue_is_named_by_entry_and_field(old: str, new: str, named: str) -> None:
    assert old in ENTRY
    with pytest.raises(ModelFileError) as error:
        catalog.parse(ENTRY.replace(old, new))
    assert named in error.value.message


def test_two_models_of_one_id_are_refused() -> None:
    with pytest.raises(ModelFileError, match="two models have the id 'small'"):
        catalog.parse(ENTRY + ENTRY)


def test_a_file_listed_twice_is_refused() -> None:
    with pytest.raises(ModelFileError, match=r"listed twice: 'hf/a\.txt'"):
        catalog.parse(ENTRY + ENTRY[ENTRY.index("[[model.files]]") :])


def test_a_missing_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"TOLMACH_MODELS_DIR .*/catalog\.toml: No such file"):
        catalog.load(tmp_path)
    (tmp_path / catalog.FILE_NAME).write_bytes(b"\xff")
    with pytest.raises(ModelFileError, match=r"/catalog\.toml: not UTF-8"):
        catalog.load(tmp_path)


def test_an_unknown_model_is_answered_with_the_known_ones(models: Path) -> None:
    with pytest.raises(UnknownModel, match=r"'big'.*small"):
        catalog.load(models).get("big")


@pytest.mark.parametrize(
    ("content", "reason"), [("abd", "sha256"), ("abcd", "4 bytes"), (None, "missing"), ("", "0 bytes")]
)
def test_a_file_that_differs_is_named_with_the_reason(models: Path, content: str | None, reason: str) -> None:
    path = models / "small" / "hf" / "a.txt"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(ModelFileError, match=rf"small/hf/a\.txt: .*{reason}") as error:
        catalog.verify(catalog.load(models).get("small"), models)
    assert error.value.field == "hf/a.txt"


def test_a_folder_in_the_place_of_a_file_is_refused(models: Path) -> None:
    path = models / "small" / "hf" / "a.txt"
    path.unlink()
    path.mkdir()
    with pytest.raises(ModelFileError, match="not a file"):
        catalog.verify(catalog.load(models).get("small"), models)


def test_a_file_beside_the_listed_ones_is_refused(models: Path) -> None:
    (models / "small" / "hf" / "pytorch_model.bin").write_text("code")
    with pytest.raises(ModelFileError, match=r"pytorch_model\.bin: the catalogue does not list"):
        catalog.verify(catalog.load(models).get("small"), models)


def test_a_model_without_files_is_not_here(models: Path) -> None:
    entry = catalog.load(models).get("small").model_copy(update={"files": []})
    assert not catalog.is_present(entry, models)
    with pytest.raises(ModelFileError, match="not here"):
        catalog.verify(entry, models)


def test_replacing_an_entry_leaves_the_rest_as_it_is() -> None:
    other = ENTRY.replace('"small"', '"other"')
    text = f"# All models.\n{ENTRY}\n# About the other.\n# It is old.\n{other}"
    entry = catalog.parse(text).get("small").model_copy(update={"revision": "fedcba9876543210"})
    replaced = catalog.replace_entry(text, entry)
    assert catalog.parse(replaced).get("small") == entry
    assert replaced.startswith("# All models.\n")
    assert replaced.endswith(f"\n# About the other.\n# It is old.\n{other}")
    assert catalog.replace_entry(replaced, entry) == replaced


def test_replacing_an_entry_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownModel):
        catalog.replace_entry("# nothing\n", catalog.parse(ENTRY).get("small"))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives_being_written(summary: str) -> None:
    entry = catalog.parse(ENTRY).get("small").model_copy(update={"summary": summary})
    assert catalog.parse(catalog.replace_entry(ENTRY, entry)).get("small") == entry


def test_a_catalogue_with_a_fault_is_not_written(models: Path) -> None:
    before = (models / "catalog.toml").read_text()
    with pytest.raises(ModelFileError):
        catalog.write(models, before.replace("size", "length"))
    assert (models / "catalog.toml").read_text() == before
    assert sorted(path.name for path in models.iterdir()) == ["catalog.toml", "small"]


def test_the_catalogue_of_the_project_is_written_as_the_build_writes_it() -> None:
    text = (MODELS / "catalog.toml").read_text(encoding="utf-8")
    assert catalog.replace_entry(text, EMBEDDED) == text
    assert tomllib.loads(text)["model"][0]["id"] == EMBEDDED.id


def test_the_embedded_model_is_as_pinned_and_described() -> None:
    catalog.verify(EMBEDDED, MODELS)
    card = (MODELS / EMBEDDED.id / "MODEL_CARD.md").read_text(encoding="utf-8")
    for score in EMBEDDED.scores:
        assert str(score.value) in card


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The embedded model, linked, so that a test can put another file in the place of one."""
    (tmp_path / "catalog.toml").write_bytes((MODELS / "catalog.toml").read_bytes())
    for file in EMBEDDED.files:
        path = tmp_path / EMBEDDED.id / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(MODELS / EMBEDDED.id / file.path)
    return tmp_path


@pytest.mark.parametrize("path", [file.path for file in EMBEDDED.files])
def test_start_refuses_each_file_of_the_embedded_model_that_is_missing_or_changed(copy: Path, path: str) -> None:
    settings = Settings(models_dir=copy)
    file = copy / EMBEDDED.id / path
    content = bytearray(file.read_bytes())
    file.unlink()
    with pytest.raises(ModelFileError) as missing:
        load(settings)
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelFileError) as changed:
        load(settings)
    assert missing.value.message == f"{EMBEDDED.id}/{path}: missing."
    assert changed.value.message == f"{EMBEDDED.id}/{path}: sha256 differs from the catalogue's."


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"target": ">>eng<<"}, "cpu"),
        ({"languages": {"ro": "ron"}}, "cpu"),
        ({"max_input_tokens": 99}, "cpu"),
        ({}, "cuda float16"),
    ],
)
def test_what_changes_an_answer_makes_another_variant(change: dict[str, object], place: str) -> None:
    usual = EMBEDDED.info("ctranslate2", "cpu")
    other = EMBEDDED.model_copy(update=change).info("ctranslate2", place)
    assert usual == EMBEDDED.model_copy(update={"summary": "Other words."}).info("ctranslate2", "cpu")
    assert other.variant != usual.variant
    assert other.sha256 == usual.sha256
