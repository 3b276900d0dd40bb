"""The statements on the store's tables, and the connections that they go over."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from service.translation.tables import _READERS, HUMAN, Tables, segments

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


def test_sql_of_one_lookup_is_one_query(tmp_path: Path) -> None:
    tables = Tables(f"sqlite:///{tmp_path}/memory.db", patience=1)
    tables.prepare()
    seen: list[object] = []

    def hear(*what: object) -> None:
        seen.append(what)

    event.listen(tables._reader, "before_cursor_execute", hear)
    tables.lookup([bytes([number]) for number in range(200)], [HUMAN, b"x"])
    assert len(seen) == 1
    tables.dispose()
