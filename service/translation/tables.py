"""The tables of the translation memory, and every statement on them, for SQLite and PostgreSQL alike."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url

SCHEMA = 1
HUMAN = b""  # the variant of what a person wrote: it answers for every model and decoding

# Connections that read: how many are kept open, and how many more there may be. PostgreSQL runs a process for each, 100
# in all by default, so that one of our processes takes ten with the writer's; a lookup takes milliseconds, and dozens
# of threads can take turns. To SQLite one is no more than an open file.
_READERS = {"postgresql": (9, 0), "sqlite": (5, 40)}

# What libpq does about a peer that went away without a word, as behind a NAT that forgot an idle connection. With the
# system's own settings whoever uses that connection next waits for a quarter of an hour. An idle one is probed after 30
# seconds, which also keeps it in the NAT's memory; what is sent and not acknowledged within 10,000 ms ends it.
_GONE = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# Seconds after which a connection is replaced before its next use: after a quiet night, or a server's restart in it,
# the first request finds a connection that works. A ping before each use would cost each read a second round trip.
_RECYCLE = 300

_LOOKUP_KEYS = 500  # older SQLite allows 999 parameters
_PAGE = 1000  # rows that are fetched at a time where their number has no bound
_LOCK = 0x746F6C6D  # an arbitrary number: PostgreSQL names advisory locks by one

metadata = MetaData()

segments = Table(
    "segments",
    metadata,
    Column("source_key", LargeBinary(32), primary_key=True),
    Column("variant", LargeBinary(16), primary_key=True),
    Column("language", String(8), nullable=False),
    Column("source", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("author", Text),
    Column("changed", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Index("segments_used", "used", "size", "variant"),  # all that counting and evicting have to read
)
meta = Table(
    "meta", metadata, Column("name", String(32), primary_key=True), Column("value", BigInteger, nullable=False)
)


# Every request asks this several times, and making the statement takes as long as running it.
_VERSION = select(meta.c.value).where(meta.c.name == "corrections")


class WrongSchemaError(Exception):
    """The tables were made by another version of the service."""


@dataclass(frozen=True, slots=True)
class Row:
    """One remembered answer. `changed` is a Unix time in seconds, `used` one in microseconds."""

    source_key: bytes
    variant: bytes
    language: str
    source: str
    answers: str
    author: str | None
    changed: int
    used: int

    @property
    def size(self) -> int:
        """About the bytes that the row takes on disk, its share of the indexes included."""
        return 200 + len(self.source.encode()) + len(self.answers.encode()) + len(self.author or "")

    def values(self) -> dict[str, Any]:
        """By column."""
        return {name: getattr(self, name) for name in segments.columns.keys()}  # noqa: SIM118


@dataclass(frozen=True, slots=True)
class Found:
    """What a lookup found."""

    source_key: bytes
    variant: bytes
    answers: str
    used: int


class Tables:
    """Methods without a connection read; those that take one write or count, inside the transaction of `writing()`.

    `patience` is the time in seconds that a writer waits for a lock, and a reader for a connection while others have
    them all (sqlalchemy.exc.TimeoutError); for a lock a reader waits a tenth of it. `pragmas` are for SQLite and stand
    after those that are always set.
    """

    def __init__(self, url: str, *, patience: float, pragmas: Mapping[str, str | int] | None = None) -> None:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend not in {"sqlite", "postgresql"}:
            raise ValueError(f"The translation memory knows SQLite and PostgreSQL, not {backend}.")
        if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
            raise ValueError("The translation memory needs the name of a file: sqlite:////var/lib/tolmach/memory.db.")
        self.pragmas = dict(pragmas or {})
        self.file = parsed.database if backend == "sqlite" and "uri" not in parsed.query else None
        self._postgresql = backend == "postgresql"
        self._insert: Any = postgresql.insert if self._postgresql else sqlite.insert
        kept, more = _READERS[backend]
        readers = {"isolation_level": "AUTOCOMMIT", "pool_size": kept, "max_overflow": more, "pool_timeout": patience}
        self._reader = self._engine(url, patience / 10, **readers)
        self._writer = self._engine(url, patience, pool_size=1, max_overflow=0)
        if not self._postgresql:
            event.listen(self._reader, "connect", self._open_reader)
            event.listen(self._writer, "connect", self._open_writer)
            event.listen(self._writer, "begin", _begin)

    def _engine(self, url: str, patience: float, **options: Any) -> Engine:
        if self._postgresql:
            lock, statement = round(1000 * patience), round(10_000 * patience)
            session = f"-c lock_timeout={lock} -c statement_timeout={statement}"
            arguments: dict[str, Any] = {"connect_timeout": 3, "options": session, **_GONE}
            options["pool_recycle"] = _RECYCLE
        else:
            arguments = {"timeout": patience, "check_same_thread": False}
        # Parameters are texts of articles: they must not come up in messages.
        return create_engine(url, connect_args=arguments, hide_parameters=True, **options)

    def _open_reader(self, connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA query_only=ON")
        self._set_pragmas(connection)

    def _open_writer(self, connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions begin as `_begin` says, not where the driver guesses
        connection.execute("PRAGMA journal_mode=WAL")
        # One commit has many rows, so that it may as well be safe from a loss of power.
        connection.execute("PRAGMA synchronous=FULL")
        self._set_pragmas(connection)

    def _set_pragmas(self, connection: sqlite3.Connection) -> None:
        for name, value in self.pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")

    def prepare(self) -> None:
        """Make the tables where there are none. Raises WrongSchemaError, OSError."""
        if self.file:
            # SQLite would let everybody read what it makes, and here are sentences of articles. A file that is there is
            # not opened: closing it would undo the locks that other connections of this process have on it.
            with suppress(FileExistsError):
                os.close(os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with self.writing() as connection:
            if self._postgresql:  # which lets two sessions that create one table collide
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            metadata.create_all(connection)
            first = [{"name": "schema", "value": SCHEMA}, {"name": "corrections", "value": 0}]
            connection.execute(self._insert(meta).on_conflict_do_nothing(), first)
        self.check()

    def check(self) -> None:
        """Whether the tables can be read. Raises WrongSchemaError."""
        with self._reader.connect() as connection:
            found = connection.scalar(select(meta.c.value).where(meta.c.name == "schema"))
        if found != SCHEMA:
            raise WrongSchemaError(f"The translation memory has schema {found}; this version reads {SCHEMA}.")

    def version(self) -> int:
        """A number that changes whenever a correction is stored or deleted, by whichever process."""
        with self._reader.connect() as connection:
            return int(connection.scalar(_VERSION) or 0)

    def lookup(self, source_keys: Sequence[bytes], variants: Sequence[bytes]) -> list[Found]:
        """What is there for these sources, in one query up to 500 of them."""
        columns = segments.c.source_key, segments.c.variant, segments.c.answers, segments.c.used
        found = []
        with self._reader.connect() as connection:
            for start in range(0, len(source_keys), _LOOKUP_KEYS):
                some = segments.c.source_key.in_(source_keys[start : start + _LOOKUP_KEYS])
                rows = connection.execute(select(*columns).where(some, segments.c.variant.in_(variants)))
                found += [Found(*row) for row in rows]
        return found

    def human(self, source_key: bytes) -> Row | None:
        """What a person wrote."""
        return next(self._rows(segments.c.source_key == source_key, 1), None)

    def humans(self) -> Iterator[Row]:
        """All that persons wrote, in the order of their keys; read by the page, so that no reader holds up a writer."""
        last = b""
        while page := list(self._rows(segments.c.source_key > last, 500)):
            yield from page
            last = page[-1].source_key

    def _rows(self, condition: Any, limit: int) -> Iterator[Row]:
        columns = [segments.c[name] for name in Row.__dataclass_fields__]
        wanted = select(*columns).where(segments.c.variant == HUMAN, condition)
        with self._reader.connect() as connection:
            for row in connection.execute(wanted.order_by(segments.c.source_key).limit(limit)).all():
                yield Row(*row)

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that holds the lock from its start: one that reads first cannot be refused when it writes."""
        return self._writer.begin()

    def add(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert or replace, in the order of the keys: so processes never wait for each other's rows in a ring."""
        new = self._insert(segments)
        replaced = {name: new.excluded[name] for name in ("source", "answers", "author", "changed", "used", "size")}
        statement = new.on_conflict_do_update(index_elements=["source_key", "variant"], set_=replaced)
        ordered = sorted(rows, key=lambda row: (row.source_key, row.variant))
        connection.execute(statement, [row.values() for row in ordered])

    def touch(self, connection: Connection, used: Mapping[tuple[bytes, bytes], int]) -> None:
        """Note when rows were last used."""
        mine = segments.c.source_key == bindparam("b_key"), segments.c.variant == bindparam("b_variant")
        statement = update(segments).where(*mine)
        values = [{"b_key": each[0], "b_variant": each[1], "used": moment} for each, moment in sorted(used.items())]
        connection.execute(statement, values)

    def remove(self, connection: Connection, source_key: bytes) -> bool:
        """Delete what a person wrote; whether there was any."""
        mine = (segments.c.source_key == source_key) & (segments.c.variant == HUMAN)
        return connection.execute(delete(segments).where(mine)).rowcount > 0

    def corrected(self, connection: Connection) -> None:
        """Change what `version` says."""
        connection.execute(update(meta).where(meta.c.name == "corrections").values(value=meta.c.value + 1))

    def count(self, connection: Connection) -> tuple[int, int]:
        """Rows and bytes of what models said; corrections do not count, since they are never evicted.

        It reads all of an index, for which a large memory takes longer than a reader is given.
        """
        machine = select(func.count(), func.coalesce(func.sum(segments.c.size), 0)).where(segments.c.variant != HUMAN)
        rows, size = connection.execute(machine).one()
        return int(rows), int(size)

    def evict(self, connection: Connection, rows: int, size: int) -> tuple[int, int]:
        """Delete the longest unused of what models said, until so many rows and so many bytes are gone; what went."""
        machine = segments.c.variant != HUMAN
        oldest = select(segments.c.used, segments.c.size).where(machine).order_by(segments.c.used)
        last, gone, freed = None, 0, 0
        with connection.execute(oldest, execution_options={"yield_per": _PAGE}) as found:
            for used, each in found:
                if gone >= rows and freed >= size:
                    break
                last, gone, freed = used, gone + 1, freed + each
        if last is None:
            return 0, 0
        return connection.execute(delete(segments).where(machine, segments.c.used <= last)).rowcount, freed

    def dispose(self) -> None:
        """Close all connections; the next use opens new ones, to a file that may have been replaced."""
        self._reader.dispose()
        self._writer.dispose()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
