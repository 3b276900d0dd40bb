"""The statements on the store's tables, and the connections that they go over."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from service.translation.tables import _READERS, HUMAN, Row, Tables, segments

# PostgreSQL, without a server


class Refused(Exception):
    """The driver's own error."""


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a driver of PostgreSQL that never reaches a server is told, by connection."""
    told: list[dict[str, Any]] = []

    def connect(**arguments: Any) -> None:
        told.append(arguments)
        raise Refused

    fake = SimpleNamespace(paramstyle="pyformat", Error=Refused, connect=connect, extras=None, extensions=None)
    monkeypatch.setitem(sys.modules, "psycopg2", fake)
    return told


def test_a_connection_that_was_dropped_without_a_word_is_given_up_soon(driver: list[dict[str, Any]]) -> None:
    tables = Tables("postgresql+psycopg2://db.example/memory", patience=3)
    for asks in (tables.version, tables.prepare):  # a reader, and the only writer
        with pytest.raises(DBAPIError):
            asks()
    assert len(driver) == 2
    for told in driver:
        assert (told["host"], told["dbname"], told["connect_timeout"]) == ("db.example", "memory", 3)
        idle, interval, count = (told[f"keepalives_{name}"] for name in ("idle", "interval", "count"))
        assert told["keepalives"] == 1
        assert idle + interval * count <= 60, "an idle connection is known to be dead within a minute"
        assert told["tcp_user_timeout"] == 10_000, "milliseconds"


@pytest.mark.usefixtures("driver")
def test_connections_that_lay_idle_for_long_are_replaced() -> None:
    tables = Tables("postgresql+psycopg2://db.example/memory", patience=3)
    for engine in (tables._reader, tables._writer):
        assert 0 < engine.pool._recycle <= 350, "what common NATs remember of an idle connection, in seconds"


def test_postgresql_takes_the_tables() -> None:
    dialect = PGDialect()  # type: ignore[no-untyped-call]
    made = str(CreateTable(segments).compile(dialect=dialect))
    assert made.count("BYTEA") == 2
    assert "BIGINT" in made


def test_a_process_takes_few_of_the_connections_of_postgresql() -> None:
    assert sum(_READERS["postgresql"]) + 1 <= 10  # and the writer's


# Statements


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Tables]:
    made = Tables(f"sqlite:///{tmp_path}/memory.db", patience=1)
    made.prepare()
    yield made
    made.dispose()


def row(number: int, variant: bytes = b"model") -> Row:
    return Row(b"%03d" % number, variant, "ro", "casa", "house", None, number, number)


def test_sql_of_one_lookup_is_one_query(tables: Tables) -> None:
    seen: list[object] = []

    def hear(*what: object) -> None:
        seen.append(what)

    event.listen(tables._reader, "before_cursor_execute", hear)
    tables.lookup([bytes([number]) for number in range(200)], [HUMAN, b"x"])
    assert len(seen) == 1


def test_counting_has_the_time_of_a_writer(tables: Tables) -> None:
    with tables._reader.connect(), tables.writing() as connection:
        assert tables.count(connection) == (0, 0)
        tables.add(connection, [row(1), row(2), row(1, variant=HUMAN)])
        assert tables.count(connection) == (2, 2 * row(1).size), "of its own transaction"


@pytest.mark.parametrize(
    ("rows", "size", "left"),
    [
        (0, 0, range(10)),
        (-5, -5000, range(10)),
        (3, 0, range(3, 10)),
        (0, 3 * row(0).size - 1, range(3, 10)),
        (2, 3 * row(0).size, range(3, 10)),
        (3, 1, range(3, 10)),
        (1000, 0, range(0)),
    ],
)
def test_evicting_takes_the_longest_unused_until_enough_is_gone(
    tables: Tables, rows: int, size: int, left: range
) -> None:
    correction = row(0, variant=HUMAN)
    with tables.writing() as connection:
        tables.add(connection, [correction, *map(row, range(10))])
        gone = 10 - len(left)
        assert tables.evict(connection, rows, size) == (gone, gone * row(0).size)
        assert tables.count(connection) == (len(left), len(left) * row(0).size)
    found = tables.lookup([row(number).source_key for number in range(10)], [b"model", HUMAN])
    assert sorted(each.used for each in found if each.variant != HUMAN) == list(left)
    assert sum(each.variant == HUMAN for each in found) == 1


def test_evicting_from_nothing_is_nothing(tables: Tables) -> None:
    with tables.writing() as connection:
        assert tables.evict(connection, 5, 5) == (0, 0)
