"""Where the translation memory lies, and who may read it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from service.errors import BadSetting
from service.settings import Settings
from service.translation.memory import Remembering
from service.translation.stack import open_store
from service.translation.store import _reason
from tests.translation.remembered import PATIENCE
from tests.translation.revealing import Revealing


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """New files may be read by all, as on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def written(settings: Settings) -> None:
    store = open_store(settings)
    assert store is not None
    Remembering(Revealing(), store).put("ro", "casa", "house")
    assert store.flush(PATIENCE)
    files = [file for file in Path(store.tables.file or "").parent.iterdir() if file.is_file()]
    assert len(files) >= 2  # what is not in the database yet, too
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    store.close()


def test_a_memory_is_its_owner_s_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    written(Settings(memory="auto"))
    folder = tmp_path / "state" / "tolmach"
    assert (folder / "memory.sqlite3").is_file()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_a_setting_names_is_its_owner_s_alone_and_one_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "memory.db"
    settings = Settings(memory=f"sqlite:///{file}")
    written(settings)
    file.chmod(0o640)
    store = open_store(settings)
    assert store is not None
    assert Remembering(Revealing(), store).get("ro", "casa") is not None
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    store.close()


def test_without_a_home_the_memory_lies_with_the_user_s_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    store = open_store(Settings(memory="auto"))
    assert store is not None
    store.close()
    assert (tmp_path / ".local" / "state" / "tolmach" / "memory.sqlite3").is_file()


def test_a_folder_that_cannot_be_made_costs_the_memory_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    store = open_store(Settings(memory="auto"))
    assert store is not None
    assert not store.snapshot().readable
    assert "cannot be made" in caplog.text
    store.close()


@pytest.mark.parametrize("memory", ["nonsense", "mysql://host/name", "sqlite://"])
def test_what_is_no_memory_is_refused_by_the_name_of_the_setting(memory: str) -> None:
    with pytest.raises(BadSetting, match="TOLMACH_MEMORY"):
        open_store(Settings(memory=memory))


def test_a_driver_s_details_are_not_repeated() -> None:
    said = Exception('null value in column "used"\nDETAIL:  Failing row contains (casa, the house).')
    assert _reason(DBAPIError("INSERT …", None, said)) == 'null value in column "used"'
    assert _reason(OSError(28, "No space left on device")) == "[Errno 28] No space left on device"


def test_no_memory_is_none() -> None:
    assert open_store(Settings(memory="off")) is None
