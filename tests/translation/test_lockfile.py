"""The lock file: what a pull found, and what no later one may find otherwise."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ModelFileError
from service.translation import catalog, lockfile
from service.translation.files import ModelFile, write
from service.translation.lockfile import Locked, RemoteFile

COMMIT = "0123456789" * 4
ENTRY = """
[[model]]
id = "public"
architecture = "nllb"
summary = "A model for the test."
source = "https://hub.example/a/b"
repository = "a/b"
pin = "on first pull"
licence = "CC0-1.0"
max_input_tokens = 64
target = "eng_Latn"
[model.languages]
ro = "ron_Latn"
"""
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
NAMES = st.text("abcdefgh-_.", min_size=1, max_size=12).filter(lambda name: name.strip("."))
FILES = st.builds(ModelFile, path=NAMES.map(lambda name: f"hf/{name}"), size=st.integers(0, 1 << 40), sha256=DIGESTS)
REMOTE = st.builds(RemoteFile, path=NAMES, size=st.none() | st.integers(0, 1 << 40), sha256=st.none() | DIGESTS)
LOCKED = st.builds(
    Locked,
    id=st.just("public"),
    repository=st.just("a/b"),
    revision=st.just(COMMIT),
    made_with=st.text(max_size=40),
    downloads=st.lists(REMOTE, max_size=3),
    files=st.lists(FILES, max_size=3),
)


def some(**more: object) -> Locked:
    return Locked(
        id="public",
        repository="a/b",
        revision=COMMIT,
        made_with="nothing 1.0",
        downloads=[RemoteFile(path="config.json", size=2, sha256="a" * 64)],
        files=[ModelFile(path="hf/config.json", size=2, sha256="a" * 64)],
    ).model_copy(update=more)


@given(LOCKED)
def test_what_is_locked_is_read_back(tmp_path_factory: pytest.TempPathFactory, locked: Locked) -> None:
    folder = tmp_path_factory.mktemp("lock")
    lockfile.put(folder, locked)
    assert lockfile.load(folder) == {"public": locked}


def test_models_are_locked_and_forgotten_one_by_one(tmp_path: Path) -> None:
    assert lockfile.load(tmp_path) == {}
    for name in ("b", "a"):
        lockfile.put(tmp_path, some(id=name))
    assert list(lockfile.load(tmp_path)) == ["a", "b"]  # in one order, so that a commit shows what changed
    lockfile.drop(tmp_path, "a")
    lockfile.drop(tmp_path, "never there")
    assert list(lockfile.load(tmp_path)) == ["b"]


def test_the_catalogue_says_what_is_locked(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_text(ENTRY)
    assert catalog.load(tmp_path).get("public").pin == catalog.ON_FIRST_PULL
    lockfile.put(tmp_path, some())
    entry = catalog.load(tmp_path).get("public")
    assert (entry.revision, entry.pin, entry.files) == (COMMIT, None, some().files)
    assert catalog.read(tmp_path).get("public").files == []


@pytest.mark.parametrize("other", [{"repository": "c/d"}, {"revision": "f" * 40}])
def test_a_lock_of_another_repository_or_commit_is_refused(tmp_path: Path, other: dict[str, str]) -> None:
    (tmp_path / "catalog.toml").write_text(ENTRY.replace('pin = "on first pull"', f'revision = "{COMMIT}"'))
    lockfile.put(tmp_path, some(**other))
    with pytest.raises(ModelFileError, match="'public' is locked as"):
        catalog.load(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (f'revision = "{COMMIT}"', 'revision = "main"', "revision"),
        ('path = "config.json"', 'path = "../config.json"', "path"),
        ('sha256 = "a', 'sha256 = "z', "sha256"),
        ("[[model]]", "[[model", "not TOML"),
        ("made_with", "made_how", "made_how|made_with"),
    ],
)
def test_a_fault_in_the_lock_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    lockfile.put(tmp_path, some())
    path = tmp_path / lockfile.FILE_NAME
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ModelFileError, match=rf"catalog\.lock\.toml: .*({named})"):
        lockfile.load(tmp_path)


def test_a_lock_that_cannot_be_read_is_named_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / lockfile.FILE_NAME
    path.write_bytes(b"\xff")
    with pytest.raises(ModelFileError) as caught:
        lockfile.load(tmp_path)
    assert caught.value.message == f"{path}: not UTF-8."
    path.unlink()
    path.mkdir()
    with pytest.raises(ModelFileError) as caught:
        lockfile.load(tmp_path)
    assert caught.value.message == f"{path}: Is a directory."


def test_a_model_locked_twice_is_refused(tmp_path: Path) -> None:
    lockfile.put(tmp_path, some())
    path = tmp_path / lockfile.FILE_NAME
    path.write_text(path.read_text() + path.read_text())
    with pytest.raises(ModelFileError, match="twice"):
        lockfile.load(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('pin = "on first pull"', "", "revision, or pin"),
        ('pin = "on first pull"', f'pin = "on first pull"\nrevision = "{COMMIT}"', "revision, or pin"),
        ('pin = "on first pull"', 'revision = "0123456789abcdef"', "full commit of 40"),
        ('pin = "on first pull"', 'pin = "never"', "pin"),
        ('repository = "a/b"', "", "with a repository"),
        ('repository = "a/b"', 'repository = "../b/c"', "repository"),
        ('target = "eng_Latn"', "", "target"),
    ],
)
def test_what_a_public_model_must_say_is_named(old: str, new: str, named: str) -> None:
    assert old in ENTRY
    with pytest.raises(ModelFileError, match=named):
        catalog.parse(ENTRY.replace(old, new, 1))


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    write(path, "first")
    with pytest.raises(UnicodeEncodeError):
        write(path, "second \ud800")
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]
