"""The real client against a hub on this machine: what arrives is what is pinned, or nothing is installed."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from filelock import FileLock

from service.errors import InvalidInput, ModelFileError, PullFailed, UnknownModel
from service.settings import Settings
from service.translation import catalog, hub, lockfile
from service.translation.engine import Decoding
from service.translation.load import load
from tests.translation.checkpoints import marian, nllb
from tests.translation.conftest import SENTENCES
from tests.translation.contract import KINDS, Kind
from tests.translation.localhub import Hub

ROOT = Path(__file__).parents[2]
REPOSITORY = "newsroom/tiny-ro-en"
CHUNK = 20_000
WEIGHTS = "model.safetensors"


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("repositories")
    return {
        "first": marian(folder / "first", separate=False),
        "second": marian(folder / "second", separate=False, seed=1),
        "nllb": nllb(folder / "nllb", pickled=True),
    }


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", CHUNK)
    with Hub().running() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield running


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return listed(tmp_path / "models", KINDS["marian, one vocabulary"])


def listed(folder: Path, kind: Kind, pin: str = 'pin = "on first pull"', downloads: str = "") -> Path:
    """A folder with a catalogue of one public model, which is not here yet."""
    folder.mkdir()
    entry = kind.entry().replace("source =", f'repository = "{REPOSITORY}"\n{pin}\nsource =')
    (folder / "catalog.toml").write_text(entry + downloads)
    return folder


def names(models: Path) -> set[str]:
    return {path.name for path in models.iterdir() if not path.name.endswith(".lock")}


@pytest.mark.parametrize(("kind", "which"), [("marian, one vocabulary", "first"), ("nllb", "nllb")])
def test_a_first_pull_locks_what_it_finds_and_the_model_runs(
    kind: str, which: str, checkpoints: dict[str, Path], local: Hub, tmp_path: Path
) -> None:
    models = listed(tmp_path / "models", KINDS[kind])
    before = (models / "catalog.toml").read_bytes()
    commit = local.commit(REPOSITORY, "one", checkpoints[which])
    entry = hub.pull(models, "tiny", quantization="float32")

    assert (models / "catalog.toml").read_bytes() == before
    assert names(models) == {"catalog.toml", "catalog.lock.toml", "tiny"}
    locked = lockfile.load(models)["tiny"]
    assert (locked.revision, locked.repository) == (commit, REPOSITORY)
    assert "ctranslate2" in locked.made_with
    assert all(remote.size and remote.sha256 for remote in locked.downloads)
    assert catalog.load(models).get("tiny") == entry
    assert entry.pin is None
    catalog.verify(entry, models)
    assert "hf/model.safetensors" in {file.path for file in entry.files}
    assert not any(file.path.endswith(".bin") for file in entry.files if file.path.startswith("hf/"))
    for engine in ("ctranslate2", "transformers"):
        loaded = load(Settings(model="tiny", models_dir=models, engine=engine))
        assert loaded.info.revision == commit
        assert len(loaded.translate(SENTENCES["ro"], "ro", Decoding(beam=1, hypotheses=1, max_tokens=8))) == 4
        loaded.close()

    asked = len(local.requests)
    assert hub.pull(models, "tiny", quantization="float32") == entry
    assert len(local.requests) == asked  # a model that is here is verified, not fetched


def test_another_machine_with_the_lock_gets_the_same_bytes_though_the_repository_went_on(
    checkpoints: dict[str, Path], local: Hub, models: Path, tmp_path: Path
) -> None:
    commit = local.commit(REPOSITORY, "one", checkpoints["first"])
    entry = hub.pull(models, "tiny")
    local.commit(REPOSITORY, "two", checkpoints["second"])
    other = tmp_path / "other"
    other.mkdir()
    for name in ("catalog.toml", "catalog.lock.toml"):
        shutil.copyfile(models / name, other / name)
    assert hub.pull(other, "tiny") == entry
    assert catalog.load(other).get("tiny").revision == commit
    assert (other / "catalog.lock.toml").read_bytes() == (models / "catalog.lock.toml").read_bytes()


@pytest.mark.parametrize("name", ["config.json", WEIGHTS])
def test_bytes_that_are_not_those_of_the_commit_are_refused_by_name(
    name: str, checkpoints: dict[str, Path], local: Hub, models: Path
) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    content = bytearray((checkpoints["first"] / name).read_bytes())
    content[-2] ^= 1
    local.serve[name] = bytes(content)
    with pytest.raises(ModelFileError, match=rf"{name}.*(sha256|blob)") as error:
        hub.pull(models, "tiny")
    assert error.value.field == name
    assert not (models / "tiny").exists()
    assert not (models / "catalog.lock.toml").exists()
    local.serve.clear()
    assert hub.pull(models, "tiny").files


def test_what_the_catalogue_pins_beats_what_the_hub_says(
    checkpoints: dict[str, Path], local: Hub, tmp_path: Path
) -> None:
    commit = local.commit(REPOSITORY, "one", checkpoints["first"])
    other = "0" * 64
    downloads = f'\n[[model.downloads]]\npath = "{WEIGHTS}"\nsha256 = "{other}"\n'
    models = listed(tmp_path / "models", KINDS["marian, one vocabulary"], f'revision = "{commit}"', downloads)
    with pytest.raises(ModelFileError, match=f"{WEIGHTS}.*sha256"):
        hub.pull(models, "tiny")
    assert names(models) == {"catalog.toml", ".pull-tiny"}


def test_a_commit_that_is_gone_or_is_another_one_is_refused(
    checkpoints: dict[str, Path], local: Hub, tmp_path: Path
) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    gone = "1234567890" * 4
    models = listed(tmp_path / "models", KINDS["marian, one vocabulary"], f'revision = "{gone}"')
    with pytest.raises(PullFailed, match="no such commit"):
        hub.pull(models, "tiny")
    local.commits[REPOSITORY][gone] = checkpoints["second"]
    local.claim = "f" * 40
    with pytest.raises(ModelFileError, match="ffffffffffff where 123456789012 is pinned"):
        hub.pull(models, "tiny")
    assert names(models) == {"catalog.toml"}


def test_a_cut_connection_is_taken_up_where_it_broke(checkpoints: dict[str, Path], local: Hub, models: Path) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    local.cut[WEIGHTS] = 3 * CHUNK + 5
    hub.pull(models, "tiny")
    assert f"bytes={3 * CHUNK}-" in local.ranges(WEIGHTS)


PULL = f"""
import sys
from pathlib import Path
import huggingface_hub.constants
huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE = {CHUNK}
from service.errors import TolmachError
from service.translation import hub
LIMIT = int(sys.argv[2])
if LIMIT:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))
try:
    hub.pull(Path(sys.argv[1]), "tiny")
except TolmachError as error:
    print(error.code, error.message)
"""


def test_a_killed_pull_leaves_no_model_and_the_next_one_goes_on(
    checkpoints: dict[str, Path], local: Hub, models: Path
) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    local.stall[WEIGHTS] = 4 * CHUNK
    process = subprocess.Popen([sys.executable, "-c", PULL, str(models), "0"], cwd=ROOT)
    deadline = time.monotonic() + 120
    while not list(models.glob(f".pull-tiny/*/{WEIGHTS}.part")) or not _written(models):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    local.stalled.set()
    assert not (models / "tiny").exists()
    assert not (models / "catalog.lock.toml").exists()
    entry = catalog.load(models).get("tiny")
    assert not catalog.is_present(entry, models)
    done = _written(models)
    hub.pull(models, "tiny")
    assert f"bytes={done}-" in local.ranges(WEIGHTS)
    assert names(models) == {"catalog.toml", "catalog.lock.toml", "tiny"}


def _written(models: Path) -> int:
    return sum(path.stat().st_size for path in models.glob(f".pull-tiny/*/{WEIGHTS}.part"))


def test_a_disk_that_is_too_small_is_found_before_anything_is_fetched(
    checkpoints: dict[str, Path], local: Hub, models: Path
) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    local.size[WEIGHTS] = 1 << 60
    with pytest.raises(PullFailed, match="MiB free"):
        hub.pull(models, "tiny")
    assert local.ranges(WEIGHTS) == []
    assert not (models / "tiny").exists()


def test_a_disk_that_fills_up_is_an_error_and_the_rest_follows_when_there_is_room(
    checkpoints: dict[str, Path], local: Hub, models: Path
) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    command = [sys.executable, "-c", PULL, str(models), str(2 * CHUNK)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.startswith("pull_failed")
    assert "File too large" in said
    assert names(models) == {"catalog.toml", ".pull-tiny"}
    assert hub.pull(models, "tiny").files


class Harmful:
    """Unpickled, it would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("shape", ["torch", "pickle", "no weights", "mixed"])
def test_a_pickle_that_is_not_weights_alone_is_never_run(
    shape: str, checkpoints: dict[str, Path], local: Hub, tmp_path: Path
) -> None:
    models = listed(tmp_path / "models", KINDS["nllb"])
    repository = shutil.copytree(checkpoints["nllb"], tmp_path / "repository")
    harm = Harmful(tmp_path / "harm")
    match shape:
        case "torch":
            torch.save({"model.shared.weight": harm}, repository / "pytorch_model.bin")
        case "pickle":
            (repository / "pytorch_model.bin").write_bytes(pickle.dumps(harm))
        case "mixed":
            torch.save({"model.shared.weight": torch.zeros(2), "epoch": 3}, repository / "pytorch_model.bin")
        case _:
            torch.save([1, 2], repository / "pytorch_model.bin")
    local.commit(REPOSITORY, "one", repository)
    with pytest.raises(ModelFileError, match=r"pytorch_model\.bin"):
        hub.pull(models, "tiny")
    assert not (tmp_path / "harm").exists()
    assert not (models / "tiny").exists()


def test_a_repository_without_a_needed_file_is_refused_by_its_name(
    checkpoints: dict[str, Path], local: Hub, models: Path, tmp_path: Path
) -> None:
    repository = shutil.copytree(checkpoints["first"], tmp_path / "repository")
    (repository / "source.spm").unlink()
    local.commit(REPOSITORY, "one", repository)
    with pytest.raises(ModelFileError, match=r"no file source\.spm"):
        hub.pull(models, "tiny")


def test_an_air_gapped_machine_runs_a_copy_and_refuses_a_changed_one(
    checkpoints: dict[str, Path], local: Hub, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    hub.pull(models, "tiny")
    copy = shutil.copytree(models, tmp_path / "air-gapped")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    settings = Settings(model="tiny", models_dir=copy)
    catalog.verify(catalog.load(copy).get("tiny"), copy)
    assert hub.pull(copy, "tiny").id == "tiny"
    load(settings).close()
    build = next((copy / "tiny").glob("ctranslate2-*/model.bin"))
    content = bytearray(build.read_bytes())
    content[len(content) // 2] ^= 1
    build.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"model\.bin: sha256"):
        load(settings)


def test_offline_is_offline(local: Hub, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(PullFailed, match="HF_HUB_OFFLINE"):
        hub.pull(models, "tiny")
    assert local.requests == []


def test_a_token_opens_a_gated_repository_and_goes_nowhere_else(
    checkpoints: dict[str, Path], local: Hub, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    local.token = "hf_" + "t" * 20
    with pytest.raises(PullFailed, match="HF_TOKEN"):
        hub.pull(models, "tiny")
    monkeypatch.setenv("HF_TOKEN", local.token)
    assert hub.pull(models, "tiny").files
    assert local.leaked == []


def test_a_hub_that_is_not_there_is_said_so(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(PullFailed, match="cannot be reached"):
        hub.pull(models, "tiny")


def test_a_repository_that_is_not_there_is_said_so(local: Hub, models: Path) -> None:
    with pytest.raises(PullFailed, match="no such repository"):
        hub.pull(models, "tiny")


def test_only_one_works_on_a_model_at_a_time(local: Hub, models: Path) -> None:
    with FileLock(models / ".tiny.lock"), pytest.raises(PullFailed, match="Another process"):
        hub.pull(models, "tiny")


def test_a_build_that_is_not_the_locked_one_needs_a_word(
    checkpoints: dict[str, Path], local: Hub, models: Path
) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    entry = hub.pull(models, "tiny")
    digest = next(file.sha256 for file in entry.files if file.path == "ctranslate2-int8/model.bin")
    lock = models / "catalog.lock.toml"
    lock.write_text(lock.read_text().replace(digest, "0" * 64))
    shutil.rmtree(models / "tiny")
    with pytest.raises(ModelFileError, match=r"model\.bin.*--rebuild"):
        hub.pull(models, "tiny")
    assert not (models / "tiny").exists()
    assert hub.pull(models, "tiny", rebuild=True) == entry


def test_a_model_is_removed_and_its_pin_stays_until_it_is_forgotten(
    checkpoints: dict[str, Path], local: Hub, models: Path
) -> None:
    local.commit(REPOSITORY, "one", checkpoints["first"])
    hub.pull(models, "tiny")
    assert hub.remove(models, "tiny")
    assert names(models) == {"catalog.toml", "catalog.lock.toml"}
    assert "tiny" in lockfile.load(models)
    assert not hub.remove(models, "tiny", forget=True)
    assert lockfile.load(models) == {}


def test_our_own_models_are_neither_pulled_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "catalog.toml").write_text(KINDS["marian, two vocabularies"].entry())
    with pytest.raises(InvalidInput, match="comes with"):
        hub.pull(tmp_path, "tiny")
    with pytest.raises(InvalidInput, match="comes with"):
        hub.remove(tmp_path, "tiny")
    with pytest.raises(UnknownModel):
        hub.pull(tmp_path, "other")
