"""How much is kept: by the cache, and by the store, which counts and evicts as well as its database lets it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from service.translation.memory import Remembering, source_key
from service.translation.store import Store
from service.translation.tables import Row
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


def test_cache_is_bounded_in_bytes() -> None:
    engine = Revealing()
    memory = Remembering(engine, cache_bytes=20_000)
    for number in range(500):
        memory.translate([f"propoziția {number}"], "ro", DECODING)
        memory.translate(["mereu aceeași"], "ro", DECODING)
    state = memory.snapshot()
    assert state.cached_bytes <= 20_000
    assert 5 < state.cached < 60
    assert engine.seen["mereu aceeași"] == 1, "what is used stays"
    memory.translate(["uriașă " * 10_000], "ro", DECODING)
    assert memory.snapshot().cached == state.cached, "what is larger than the cache does not empty it"


@pytest.mark.parametrize("limits", [{"max_rows": 100}, {"max_bytes": 40_000}])
def test_store_evicts_what_was_not_used_for_longest_but_no_corrections(opened: Opened, limits: dict[str, int]) -> None:
    memory = opened(**limits)
    memory.put("ro", "veche corectură", "old correction")
    for number in range(40):
        memory.translate([f"{number} {index}" for index in range(10)], "ro", DECODING)
        flushed(memory)
    state = store_of(memory).snapshot()
    assert 50 <= state.rows <= limits.get("max_rows", 200)
    assert state.bytes <= 40_000
    assert state.evicted >= 200
    engine = Revealing()
    fresh = opened(engine, **limits)
    assert fresh.translate(["veche corectură", "39 9"], "ro", DECODING) == [
        person("old correction"),
        *expected("39 9"),
    ]
    assert engine.calls == []
    fresh.translate(["0 0"], "ro", DECODING)
    assert len(engine.calls) == 1


def too_slow(*_: object) -> NoReturn:
    raise OperationalError("SELECT", {}, Exception("canceling statement due to statement timeout"))


def on_disk(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        [(rows,)] = connection.execute("SELECT count(*) FROM segments")
    return int(rows)


def test_memory_too_large_to_be_counted_is_written_once_and_goes_on(
    opened: Opened, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("service.translation.store._COUNT_EVERY", 10)
    engine = Revealing()
    memory = opened(engine)
    tables = store_of(memory).tables
    with monkeypatch.context() as slow:
        slow.setattr(tables, "count", too_slow)
        for number in range(6):
            works_without_memory(memory, engine, str(number))
            flushed(memory)
        state = store_of(memory).snapshot()
        assert (state.written, state.waiting, state.writable, state.rows) == (30, 0, True, 30)
        assert len(warnings(caplog)) == 1, "not at each attempt"
        assert "cannot be counted (canceling statement" in warnings(caplog)[0]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM segments WHERE rowid <= 20")  # as another process evicts
    for number in range(6, 8):
        works_without_memory(memory, engine, str(number))
        flushed(memory)
    assert store_of(memory).snapshot().rows == on_disk(path) == 20


def test_what_cannot_be_counted_is_evicted_by_the_last_count(
    opened: Opened, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = opened(max_rows=100)
    memory.translate(["prima"], "ro", DECODING)
    flushed(memory)
    monkeypatch.setattr(store_of(memory).tables, "count", too_slow)
    for number in range(40):
        memory.translate([f"{number} {index}" for index in range(10)], "ro", DECODING)
        flushed(memory)
    state = store_of(memory).snapshot()
    assert state.rows == on_disk(path) == 401 - state.evicted
    assert 80 <= state.rows <= 100
    assert not memory.snapshot().degraded


def test_rows_are_written_once_though_none_can_be_evicted(
    opened: Opened, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    memory = opened(max_rows=30)
    tables = store_of(memory).tables
    written: list[int] = []
    tried: list[object] = []
    add = tables.add

    def counting(connection: Connection, rows: Sequence[Row]) -> None:
        written.append(len(rows))
        add(connection, rows)

    def evict(*wanted: object) -> NoReturn:
        tried.append(wanted)
        too_slow()

    monkeypatch.setattr(tables, "add", counting)
    with monkeypatch.context() as slow:
        slow.setattr(tables, "evict", evict)
        memory.translate(ARTICLE, "ro", DECODING)
        until(lambda: memory.snapshot().degraded)
        until(lambda: not store_of(memory).snapshot().waiting)
        until(lambda: len(tried) > 3)
        assert (sum(written), on_disk(path)) == (40, 40)
        assert len(warnings(caplog)) == 1
    until(lambda: not memory.snapshot().degraded)
    assert store_of(memory).snapshot().rows == on_disk(path) == 27
    assert sum(written) == 40


def test_use_is_noted_at_most_now_and_then(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    memory = Remembering(Revealing(), store)
    old = time.time_ns() // 1000 - 3_600_000_000
    key = source_key("ro", "veche"), memory._variant(DECODING)
    store.keep([Row(*key, "ro", "veche", '[["old",-1.0]]', None, old // 10**6, old)])
    store.flush()
    for _ in range(5):
        assert memory.translate(["veche"], "ro", DECODING)[0][0].text == "old"
    assert list(store._touched) == [key]
    shut(memory)
    with closing(sqlite3.connect(path)) as connection:
        [(used,)] = connection.execute("SELECT used FROM segments")
    assert used > old + 3_000_000_000
