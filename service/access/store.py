"""The SQLite file of keys and usage: its tables, and how it is opened."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex

from service.errors import AccountsUnavailable

logger = logging.getLogger(__name__)

VERSION = 1
WAIT_MS = 2000  # for another process's write, which takes less than a millisecond; longer means that it hangs

metadata = MetaData()

keys = Table(
    "keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("scopes", String, nullable=False),
    Column("quota", Integer),
    Column("period", String, nullable=False),
    Column("created", String, nullable=False),
    Column("revoked", String),
)

# Two that look whether a name is free at the same moment must not both take it.
living_names = Index("keys_living_names", keys.c.name, unique=True, sqlite_where=keys.c.revoked.is_(None))

usage = Table(
    "usage",
    metadata,
    Column("key", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("characters", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
)


class Store:
    """One file, several processes: WAL, so that reading never waits for writing. Thread-safe; calls block.

    Raises AccountsUnavailable where the file cannot be opened, read or written.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._engine = _engine(file)
        with self.connection() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if found > VERSION:
                raise AccountsUnavailable(f"{file} was written by a later version of the service.")
            metadata.create_all(connection)
            _require_unique_names(connection)
            connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A transaction, committed at the end and rolled back on an error."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise AccountsUnavailable("The file of the keys cannot be read or written now.") from error

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def _require_unique_names(connection: Connection) -> None:
    """Let no name be of two living keys, in files too that were made before this was seen to."""
    try:
        connection.execute(CreateIndex(living_names, if_not_exists=True))
    except IntegrityError:
        logger.warning("two keys that are not revoked have the same name; revoke one of them by its id")


def _engine(file: Path) -> Engine:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Digests are no secrets, but who calls how much is nobody else's business.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise AccountsUnavailable(f"{file}: {error.strerror}.") from None
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": WAIT_MS / 1000})

    @event.listens_for(engine, "connect")
    def _tune(connection: Any, _: Any) -> None:
        # A crash of the machine may cost the last moments of usage; it never damages the file.
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine
