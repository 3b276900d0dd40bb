"""A store that is full, locked, read-only, damaged or killed: nobody's problem but the operator's."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from service.errors import MemoryUnavailable
from service.translation.batching import Batching
from service.translation.engine import Decoding
from service.translation.memory import Remembering
from service.translation.store import Store
from service.translation.tables import _READERS, HUMAN, Row
from tests.translation.remembered import (
    ARTICLE,
    DECODING,
    Opened,
    expected,
    flushed,
    person,
    shut,
    store_of,
    until,
    warnings,
    works_without_memory,
)
from tests.translation.revealing import Revealing


def test_full_disk(opened: Opened, path: Path, caplog: pytest.LogCaptureFixture) -> None:
    engine = Revealing()
    memory = opened(engine, pragmas={"max_page_count": 16})
    for number in range(60):
        works_without_memory(memory, engine, f"{number} {'lung ' * 100}")
    until(lambda: memory.snapshot().degraded)
    state = store_of(memory).snapshot()
    assert (state.readable, state.writable) == (True, False)
    with pytest.raises(MemoryUnavailable):
        memory.put("ro", "casa", "🏠" * 20_000)  # more than the whole disk
    time.sleep(0.5)  # several times tried again by now
    assert len(warnings(caplog)) == 1
    assert "full" in warnings(caplog)[0]
    assert "lung" not in caplog.text
    store_of(memory).tables.pragmas.clear()
    until(lambda: not memory.snapshot().degraded)
    flushed(memory)
    assert store_of(memory).snapshot().waiting == 0
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchone() == (300,)
    assert memory.put("ro", "casa", "house")


def test_locked_database(opened: Opened, path: Path, caplog: pytest.LogCaptureFixture) -> None:
    engine = Revealing()
    memory = opened(engine)
    memory.put("ro", "casa", "house")
    flushed(memory)  # the first write counts, too
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        works_without_memory(memory, engine, "lacăt")
        assert memory.translate(["casa"], "ro", DECODING) == [person("house")], "reading goes on"
        until(lambda: memory.snapshot().degraded)
        with pytest.raises(MemoryUnavailable):
            memory.put("ro", "casa", "home")
    until(lambda: not memory.snapshot().degraded)
    flushed(memory)
    assert len(warnings(caplog)) == 1
    assert store_of(memory).snapshot().written == 5


def test_correction_that_was_refused_is_not_made_later(
    opened: Opened, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = opened()
    writing = threading.Event()
    go_on = threading.Event()

    def slow(_: Connection) -> None:
        writing.set()
        assert go_on.wait(60)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(store_of(memory)._do, slow)
        assert writing.wait(60)
        monkeypatch.setattr("service.translation.store._HUMAN_TIMEOUT", 0.05)
        with pytest.raises(MemoryUnavailable):
            memory.put("ro", "casa", "house")
        go_on.set()
        first.result(60)
    flushed(memory)
    assert memory.get("ro", "casa") is None


def test_database_locked_for_readers_too(opened: Opened, path: Path) -> None:
    memory = opened()
    flushed(memory)
    store_of(memory).tables.dispose()
    engine = Revealing()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE meta SET value = value")
        locked_out = opened(engine)
        assert locked_out.snapshot().degraded
        works_without_memory(locked_out, engine, "închis")
        with pytest.raises(MemoryUnavailable):
            locked_out.get("ro", "casa")
        with pytest.raises(MemoryUnavailable):
            next(locked_out.export_tmx())
        other.execute("ROLLBACK")
    until(lambda: not locked_out.snapshot().degraded)
    assert locked_out.put("ro", "casa", "house")


def test_read_only_store_is_still_read(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    memory = opened()
    memory.translate(["scris demult"], "ro", DECODING)
    flushed(memory)
    engine = Revealing()
    reader = opened(engine, pragmas={"query_only": "ON"})
    assert reader.translate(["scris demult"], "ro", DECODING) == expected("scris demult")
    assert engine.calls == []
    works_without_memory(reader, engine, "nou")
    assert reader.snapshot().degraded
    assert len(warnings(caplog)) == 1


def test_file_that_is_no_database(opened: Opened, path: Path) -> None:
    path.write_bytes(b"nu e SQLite" * 1000)
    engine = Revealing()
    memory = opened(engine)
    assert memory.snapshot().degraded
    works_without_memory(memory, engine, "oricum")
    path.unlink()
    until(lambda: not memory.snapshot().degraded)
    flushed(memory)
    assert store_of(memory).snapshot().written == 5, "what was learnt meanwhile is not lost"


def test_what_cannot_be_read_is_not_said_to_be_empty(opened: Opened, path: Path) -> None:
    path.write_bytes(b"nu e SQLite" * 1000)
    store = store_of(opened())
    assert (store.lookup([b"casa"], [HUMAN]), store.version()) == (None, None)
    path.unlink()
    until(lambda: store.snapshot().readable)
    assert store.lookup([b"casa"], [HUMAN]) == []
    assert store.version() is not None


def test_database_damaged_while_in_use(opened: Opened, path: Path) -> None:
    engine = Revealing()
    memory = opened(engine)
    memory.translate(ARTICLE, "ro", DECODING)
    flushed(memory)
    store_of(memory).tables.dispose()  # the connections' own caches would hide the damage
    with path.open("r+b") as file:
        file.seek(0)
        file.write(b"\xff" * path.stat().st_size)
    works_without_memory(memory, engine, "stricat")
    assert memory.snapshot().degraded
    assert memory.translate(ARTICLE, "ro", DECODING) == expected(*ARTICLE), "from the cache"


def test_damaged_row_is_written_anew(opened: Opened, path: Path) -> None:
    memory = opened()
    memory.translate(["casa"], "ro", DECODING)
    flushed(memory)
    for damage in ("[[", "[1]", '[["a"]]', "{}", "[]"):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE segments SET answers = ?", [damage])
        fresh = opened()
        assert fresh.translate(["casa"], "ro", DECODING) == expected("casa")
        flushed(fresh)
        again = opened(engine := Revealing())
        assert again.translate(["casa"], "ro", DECODING) == expected("casa")
        assert engine.calls == []


def test_store_of_another_version_is_left_alone(opened: Opened, path: Path) -> None:
    memory = opened()
    shut(memory)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = 99 WHERE name = 'schema'")
    engine = Revealing()
    newer = opened(engine)
    assert newer.snapshot().degraded
    works_without_memory(newer, engine, "viitor")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchone() == (0,)


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    engine = Revealing()
    folder = tmp_path / "later"
    memory = Remembering(engine, Store(f"sqlite:///{folder / 'memory.db'}", retry=0.05))
    works_without_memory(memory, engine, "fără dosar")
    folder.mkdir()
    until(lambda: not memory.snapshot().degraded)
    shut(memory)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_urls_that_cannot_be_meant(url: str) -> None:
    with pytest.raises(ValueError, match="translation memory"):
        Store(url)


def test_rows_that_wait_for_a_failing_disk_are_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.translation.store._WAITING", 100)
    path.write_bytes(b"not a database" * 500)
    memory = Remembering(Revealing(), Store(f"sqlite:///{path}", retry=60))
    for number in range(30):
        memory.translate([f"{number} {index}" for index in range(10)], "ro", DECODING)
    state = store_of(memory).snapshot()
    assert (state.waiting, state.forgotten) == (100, 200)
    for number in range(300):
        store_of(memory).touch((bytes([number % 256, number // 256]), b""), number)
    assert len(store_of(memory)._touched) == 100
    shut(memory)


def test_close_leaves_no_thread(path: Path) -> None:
    before = set(threading.enumerate())
    memory = Remembering(Batching(Revealing()), Store(f"sqlite:///{path}"))
    memory.translate(["unu"], "ro", DECODING)
    shut(memory)
    assert set(threading.enumerate()) <= before
    with pytest.raises(MemoryUnavailable):
        memory.put("ro", "a", "b")


KILLED = """
import sys
from service.translation.engine import Decoding
from service.translation.memory import Remembering
from service.translation.store import Store
from tests.translation.revealing import Revealing

store = Store("sqlite:///" + sys.argv[1])
memory = Remembering(Revealing(), store)
for number in range(1_000_000):
    memory.translate([f"{number} {index}" for index in range(20)], "ro", Decoding())
    memory.put("ro", f"corectura {number}", f"correction {number}")
    if number % 10 == 9:
        store.flush()
        print(number, flush=True)
"""


def test_memory_is_intact_after_sigkill(opened: Opened, path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True
    ) as process:
        assert process.stdout
        last = [int(process.stdout.readline()) for _ in range(4)][-1]
        time.sleep(0.05)  # into the middle of the next round
        process.kill()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    engine = Revealing()
    memory = opened(engine)
    for number in range(last + 1):
        asked = [f"{number} {index}" for index in range(20)]
        assert memory.translate(asked, "ro", Decoding()) == expected(*asked, decoding=Decoding())
        assert memory.translate([f"corectura {number}"], "ro", Decoding()) == [person(f"correction {number}")]
    assert engine.calls == []
    assert memory.put("ro", "după", "after")


# PostgreSQL


# On PostgreSQL as well where TOLMACH_TEST_POSTGRESQL names a database.
DATABASES = ["sqlite", *filter(None, [os.environ.get("TOLMACH_TEST_POSTGRESQL")])]


@pytest.mark.parametrize("database", DATABASES)
def test_two_services_on_one_store(database: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/memory.sqlite3" if database == "sqlite" else database
    silent = Revealing()
    first, second = (Remembering(engine, Store(url, max_rows=1000)) for engine in (Revealing(), silent))
    assert not first.snapshot().degraded
    for _ in range(2):
        assert first.translate(ARTICLE, "ro", DECODING) == expected(*ARTICLE)
        flushed(first)
    assert second.translate(ARTICLE, "ro", DECODING) == expected(*ARTICLE)
    assert silent.calls == []
    first.put("ro", ARTICLE[0], "The first.", "ana")
    assert second.translate(ARTICLE[:1], "ro", DECODING) == [person("The first.")]
    assert b"".join(second.export_tmx()).count(b"<tu ") == 1
    assert first.delete("ro", ARTICLE[0])
    assert second.translate(ARTICLE[:1], "ro", DECODING) == expected(ARTICLE[0])
    for number in range(30):
        first.translate([f"{number} {index}" for index in range(50)], "ro", DECODING)
    flushed(first)
    assert store_of(first).snapshot().rows <= 1000
    assert not first.snapshot().degraded
    shut(first)
    shut(second)


# Locks: PostgreSQL has one for each row, and ends one of two transactions that wait for each other's


@pytest.fixture
def writes(opened: Opened) -> tuple[Store, list[str]]:
    """A store, and what it does to which table: `INSERT segments`, `BEGIN`."""
    store = store_of(opened())
    seen: list[str] = []

    def hear(_: Connection, __: object, statement: str, *___: object) -> None:
        words = statement.split()
        table = next((f" {word}" for word in words if word in {"segments", "meta"}), "")
        seen.append(words[0] + table)

    store.keep([Row(b"first", b"model", "ro", "prima", "[]", None, 1, 1)])
    assert store.flush()  # the first write counts, too
    event.listen(store.tables._writer, "before_cursor_execute", hear)
    return store, seen


def test_correcting_and_deleting_lock_in_one_order(writes: tuple[Store, list[str]]) -> None:
    store, seen = writes
    store.put([Row(b"casa", HUMAN, "ro", "casa", '[["house",0.0]]', None, 1, 1)])
    assert store.remove(b"casa")
    assert not store.remove(b"casa")
    deleting = ["BEGIN", "DELETE segments", "UPDATE meta"]
    assert seen == ["BEGIN", "INSERT segments", "UPDATE meta", *deleting, *deleting]


def test_writing_and_noting_use_lock_one_after_the_other(
    writes: tuple[Store, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, seen = writes
    monkeypatch.setattr("service.translation.store._BATCH", 1)
    with store._changed:  # the writer finds both at once
        store.touch((b"first", b"model"), 2)
        store.keep([Row(b"a", b"model", "ro", "casa", "[]", None, 1, 1)])
    assert store.flush()
    assert seen == ["BEGIN", "UPDATE segments", "BEGIN", "INSERT segments"]


# Connections


@pytest.fixture
def one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_READERS, "sqlite", (1, 0))


@pytest.mark.usefixtures("one_reader")
def test_threads_take_turns_where_connections_are_few(opened: Opened) -> None:
    opened().put("ro", "casa", "house")
    memory = opened(patience=60)
    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda number: memory.translate(["casa", f"{number}"], "ro", DECODING), range(64)))
    assert found == [[person("house"), *expected(f"{number}")] for number in range(64)]
    assert not memory.snapshot().degraded


@pytest.mark.usefixtures("one_reader")
def test_nobody_waits_for_ever_for_a_connection(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    engine = Revealing()
    memory = opened(engine, patience=0.05, retry=60)
    flushed(memory)
    with store_of(memory).tables._reader.connect():
        works_without_memory(memory, engine, "ocupat")
        with pytest.raises(MemoryUnavailable):
            memory.get("ro", "casa")
    assert "cannot be read" in warnings(caplog)[0]
