from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.access.keys import Keys, Period, Quota
from service.access.scopes import Scope
from service.access.store import Store
from service.cli import app
from service.errors import BadSetting, InvalidInput

runner = CliRunner()


@pytest.fixture(autouse=True)
def setting(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLMACH_KEYS_FILE", str(file))


def keys(*words: str) -> Result:
    return runner.invoke(app, ["keys", *words])


def test_a_key_that_was_printed_is_good(store: Store) -> None:
    printed = keys("add", "cms", "--quota", "50_000/day", "--scope", "articles", "--scope", "detect")
    assert printed.exit_code == 0
    key = Keys(store).recognise(printed.stdout.strip())
    assert key is not None
    assert (key.name, key.quota) == ("cms", Quota(50_000, Period.DAY))
    assert key.scopes == frozenset({Scope.ARTICLES, Scope.DETECT})
    assert "not shown again" in printed.stderr


@pytest.mark.parametrize(
    ("text", "characters"), [("1", 1), ("9" * 15, 10**15 - 1), ("999_999_999_999_999", 10**15 - 1)]
)
def test_a_quota_is_a_number_that_can_be_kept(store: Store, text: str, characters: int) -> None:
    assert keys("add", "cms", "--quota", f"{text}/month").exit_code == 0
    (key,) = Keys(store).list()
    assert key.quota == Quota(characters, Period.MONTH)
    assert keys("list").exit_code == 0


def test_lists_have_no_secrets(store: Store) -> None:
    secret = keys("add", "cms").stdout.strip()
    keys("add", "desk")
    assert keys("revoke", "desk").exit_code == 0
    listed = keys("list").stdout
    assert "cms" in listed
    assert "desk" not in listed
    assert secret.rpartition("_")[2] not in listed
    assert "desk" in keys("list", "--all").stdout


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("add", "cms", "--quota", "lots"), InvalidInput),
        (("add", "cms", "--quota", "5/year"), InvalidInput),
        (("add", "cms", "--quota", "0/day"), InvalidInput),
        (("add", "cms", "--quota", "007/day"), InvalidInput),
        (("add", "cms", "--quota", "1__0/day"), InvalidInput),
        (("add", "cms", "--quota", "10_/day"), InvalidInput),
        (("add", "cms", "--quota", "1_0/day"), InvalidInput),
        (("add", "cms", "--quota", "٣/day"), InvalidInput),
        (("add", "cms", "--quota", f"1{'0' * 15}/day"), InvalidInput),
        (("add", "cms", "--quota", f"{'9' * 5000}/day"), InvalidInput),
        (("add", "deadbeef"), InvalidInput),
        (("add", "a\nb"), InvalidInput),
        (("revoke", "nobody"), InvalidInput),
    ],
)
def test_what_cannot_be_done_is_an_error(words: tuple[str, ...], error: type[Exception]) -> None:
    result = keys(*words)
    assert isinstance(result.exception, error)


def test_a_scope_that_there_is_not_is_bad_usage() -> None:
    assert keys("add", "cms", "--scope", "everything").exit_code == 2


def test_without_a_file_nobody_knows_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOLMACH_KEYS_FILE")
    assert isinstance(keys("list").exception, BadSetting)
