import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.access.keys import Keys, Period, Quota
from service.access.scopes import WORK, Scope
from service.access.store import VERSION, Store
from service.errors import AccountsUnavailable, InvalidInput


def test_a_key_is_recognised_until_it_is_revoked(store: Store) -> None:
    keys = Keys(store)
    key, secret = keys.add("cms", {Scope.ARTICLES}, Quota(1000, Period.DAY))
    assert keys.recognise(secret) == key
    assert key.scopes == frozenset({Scope.ARTICLES})
    assert (key.period, key.revoked) == (Period.DAY, None)
    revoked = keys.revoke("cms")
    assert revoked.revoked is not None
    assert keys.recognise(secret) is None
    assert keys.list(revoked=False) == ()
    assert keys.list() == (revoked,)


def test_a_key_is_good_for_work_only_unless_asked_otherwise(store: Store) -> None:
    key, _ = Keys(store).add("cms")
    assert key.scopes == WORK
    assert not key.scopes & {Scope.MEMORY, Scope.METRICS}
    assert (key.quota, key.period) == (None, Period.MONTH)


def test_the_file_holds_no_secret_and_is_its_owner_s_alone(store: Store, file: Path) -> None:
    _, secret = Keys(store).add("cms")
    store.close()
    assert secret.rpartition("_")[2].encode() not in b"".join(part.read_bytes() for part in file.parent.iterdir())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_secrets_differ_and_have_256_bits(store: Store) -> None:
    secrets = {Keys(store).add(f"key {number}")[1].split("_", 2)[2] for number in range(20)}
    assert len(secrets) == 20
    assert all(len(secret) == 43 for secret in secrets)  # 43 characters of 6 bits hold 256


def test_a_secret_is_no_good_with_another_id(store: Store) -> None:
    keys = Keys(store)
    first, one = keys.add("one")
    second, other = keys.add("two")
    assert keys.recognise(one.replace(first.id, second.id)) is None
    assert keys.recognise(other) == second


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(presented=st.one_of(st.text(), st.from_regex(r"tolmach_[0-9a-f]{8}_[\w-]{43}", fullmatch=True)))
def test_nothing_else_is_recognised(store: Store, presented: str) -> None:
    assert Keys(store).recognise(presented) is None


@pytest.mark.parametrize("name", ["", "a" * 65, "new\nline", "semi;colon", "<b>"])
def test_a_name_that_lists_could_not_show_is_refused(store: Store, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Keys(store).add(name)
    assert caught.value.field == "name"


def test_names_are_taken_by_living_keys_only(store: Store) -> None:
    keys = Keys(store)
    first, _ = keys.add("cms")
    with pytest.raises(InvalidInput, match="already"):
        keys.add("cms")
    keys.revoke(first.id)
    assert keys.add("cms")[0].id != first.id


def test_of_two_that_take_a_name_at_once_one_gets_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = Keys(store)
    key, _ = keys.add("cms")
    with monkeypatch.context() as patched:
        patched.setattr(Keys, "list", lambda *_, **__: ())  # it looked before the other wrote
        with pytest.raises(InvalidInput, match="already") as caught:
            keys.add("cms")
    assert caught.value.field == "name"
    assert keys.list() == (key,)


@pytest.mark.parametrize("twice", [False, True])
def test_a_file_of_before_names_were_kept_apart_is_brought_up_to_date(
    store: Store, file: Path, caplog: pytest.LogCaptureFixture, twice: bool
) -> None:
    first, _ = Keys(store).add("cms")
    second, _ = Keys(store).add("desk")
    store.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP INDEX keys_living_names")
        if twice:
            connection.execute("UPDATE keys SET name = 'cms'")
    later = Store(file)
    assert ("have the same name" in caplog.text) == twice
    assert {key.id for key in Keys(later).list()} == {first.id, second.id}
    if twice:
        Keys(later).revoke(second.id)
        later.close()
        later = Store(file)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'keys_living_names'").fetchone() == (
            1,
        )
    later.close()


def test_a_name_that_could_be_an_id_is_refused_and_an_id_goes_before_a_name(store: Store, file: Path) -> None:
    keys = Keys(store)
    with pytest.raises(InvalidInput, match="look like an id"):
        keys.add("0123abcd")
    first, _ = keys.add("cms")
    second, _ = keys.add("desk")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE keys SET name = ? WHERE id = ?", (second.id, first.id))  # as once was allowed
    assert keys.revoke(second.id).id == second.id
    assert keys.revoke(second.id).id == first.id


def test_revoking_what_is_not_there_says_so(store: Store) -> None:
    with pytest.raises(InvalidInput, match="no key"):
        Keys(store).revoke("nobody")


def test_keys_outlive_the_process(store: Store, file: Path) -> None:
    key, secret = Keys(store).add("cms")
    store.close()
    assert Keys(Store(file)).recognise(secret) == key


def test_a_file_of_a_later_version_is_left_alone(store: Store, file: Path) -> None:
    store.close()
    with sqlite3.connect(file) as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()
    with pytest.raises(AccountsUnavailable, match="later version"):
        Store(file)


def test_what_is_no_database_is_not_taken_for_one(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("these are not the keys that you are looking for" * 100)
    with pytest.raises(AccountsUnavailable):
        Store(file)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AccountsUnavailable, match="file"):
        Store(tmp_path / "file" / "keys.db")
