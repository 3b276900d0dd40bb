"""The translation memory on disk, and what happens when the disk fails: nothing, for a caller who wants a translation.

Lookups read on the caller's thread and give up soon; everything is written by one thread, many rows a transaction. What
fails is tried again every few seconds; until then there is no memory, the snapshot says so, and one warning is logged.
Only who stores a person's correction, which would be lost, is told: MemoryUnavailable.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection

from service.errors import MemoryUnavailable
from service.translation.tables import Found, Row, Tables

T = TypeVar("T")
Key = tuple[bytes, bytes]

logger = logging.getLogger(__name__)

_BATCH = 500  # rows of one transaction
_WAITING = 20_000  # rows, and notes of their use, that wait for a disk that fails; beyond it the oldest are forgotten
_COUNT_EVERY = 1000  # rows written between two looks at how many there are, counting other processes' too
_FULL = 0.9  # what is left of the limits after an eviction, so that the next is not due at once
_HUMAN_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class StoreSnapshot:
    """`rows` and `bytes` are of models' answers: the last count and what this process has done since.

    `waiting` rows are not on the disk yet.
    """

    readable: bool
    writable: bool
    rows: int
    bytes: int
    waiting: int
    written: int
    evicted: int
    forgotten: int


class Store:
    """Thread-safe. Raises ValueError where `url` cannot be meant, ModuleNotFoundError where its driver is not there.

    `max_rows` and `max_bytes` bound what models said; it is evicted by last use. `patience` and `retry` are seconds:
    how long a writer waits for another process's lock, and how long a store that fails is left alone.
    """

    def __init__(
        self,
        url: str,
        *,
        max_rows: int = 1_000_000,
        max_bytes: int = 2_000_000_000,
        patience: float = 3.0,
        retry: float = 5.0,
        pragmas: Mapping[str, str | int] | None = None,
    ) -> None:
        self.tables = Tables(url, patience=patience, pragmas=pragmas)
        self._max_rows, self._max_bytes, self._retry = max_rows, max_bytes, retry
        self._changed = threading.Condition()
        self._rows: dict[Key, Row] = {}
        self._touched: dict[Key, int] = {}
        self._tasks: list[tuple[Callable[[Connection], Any], Future[Any]]] = []
        self._busy = self._closing = False
        self._readable = self._writable = True
        self._recovered = 0
        self._count, self._uncounted = (0, 0), _COUNT_EVERY  # the first write counts what is there
        self._countable = True
        self._written = self._evicted = self._forgotten = 0
        self._open()
        self._thread = threading.Thread(target=self._run, name="memory-writer", daemon=True)
        self._thread.start()

    def version(self) -> int | None:
        """A number that changes as Tables.version does, and whenever the store can be read again; None while it cannot.

        What was learnt in between was not compared with the corrections, which may be at the same version still.
        """
        recovered = self._recovered
        version = self._read(self.tables.version)
        return None if version is None else (recovered << 64) + version

    def lookup(self, source_keys: Sequence[bytes], variants: Sequence[bytes]) -> list[Found] | None:
        """What is there; None where it cannot be read, which does not say that nothing is there."""
        return self._read(lambda: self.tables.lookup(source_keys, variants))

    def keep(self, rows: Sequence[Row]) -> None:
        """Write these when there is time. Never waits."""
        with self._changed:
            self._rows.update({(row.source_key, row.variant): row for row in rows})
            while len(self._rows) > _WAITING:
                del self._rows[next(iter(self._rows))]
                self._forgotten += 1
            self._changed.notify_all()

    def touch(self, key: Key, used: int) -> None:
        """The row was used at `used`, a Unix time in microseconds. Never waits; forgotten as rows are."""
        with self._changed:
            self._touched[key] = used
            if len(self._touched) > _WAITING:
                del self._touched[next(iter(self._touched))]
            if len(self._touched) >= _BATCH:
                self._changed.notify_all()

    def human(self, source_key: bytes) -> Row | None:
        """What a person wrote. Raises MemoryUnavailable."""
        return self._surely(lambda: self.tables.human(source_key))

    def humans(self) -> Iterator[Row]:
        """All that persons wrote. Raises MemoryUnavailable."""
        rows = self.tables.humans()
        while (row := self._surely(lambda: next(rows, None))) is not None:
            yield row

    def put(self, rows: Sequence[Row]) -> None:
        """Store what persons wrote; on return it is on the disk. Raises MemoryUnavailable."""

        def task(connection: Connection) -> None:
            self.tables.add(connection, rows)
            self.tables.corrected(connection)

        self._do(task)

    def remove(self, source_key: bytes) -> bool:
        """Delete what a person wrote; whether there was any. Raises MemoryUnavailable."""

        def task(connection: Connection) -> bool:
            removed = self.tables.remove(connection, source_key)
            self.tables.corrected(connection)  # last, as in `put`: processes must not wait for each other in a ring
            return removed

        return self._do(task)

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until nothing waits to be written; False where that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._busy or self._rows or self._tasks), timeout)

    def close(self, timeout: float = 10.0) -> None:
        """Write what waits, if it can be written, and close the connections."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout)
        self.tables.dispose()

    def snapshot(self) -> StoreSnapshot:
        """State and counters; cheap."""
        with self._changed:
            rows, size = self._count
            return StoreSnapshot(
                self._readable,
                self._writable,
                rows,
                size,
                len(self._rows),
                self._written,
                self._evicted,
                self._forgotten,
            )

    def _read(self, query: Callable[[], T]) -> T | None:
        if not self._readable:
            return None
        try:
            return query()
        except Exception as error:
            self._fails("read", error)
            return None

    def _surely(self, query: Callable[[], T]) -> T:
        try:
            return query()
        except Exception as error:
            self._fails("read", error)
            raise MemoryUnavailable("The translation memory cannot be read now.") from error

    def _do(self, task: Callable[[Connection], T]) -> T:
        future: Future[T] = Future()
        with self._changed:
            if self._closing:
                raise MemoryUnavailable("The translation memory is closed.")
            self._tasks.append((task, future))
            self._changed.notify_all()
        try:
            return future.result(_HUMAN_TIMEOUT)
        except Exception as error:
            future.cancel()  # who was told that it failed must not find it done later
            raise MemoryUnavailable("The translation memory cannot be written now.") from error

    def _run(self) -> None:
        """The writer's thread."""
        closing = False
        while not closing:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                failing = not (self._readable and self._writable)
                if failing:
                    self._changed.wait_for(lambda: self._closing or self._tasks, self._retry)
                else:
                    self._changed.wait_for(self._due)
                self._busy = True
                tasks, self._tasks = self._tasks, []
                closing = self._closing
            usable = self._open() if failing else True
            for task, future in tasks:
                self._settle(task, future)
            if usable:
                self._write(closing)

    def _due(self) -> bool:
        return bool(self._closing or self._tasks or self._rows or len(self._touched) >= _BATCH or not self._readable)

    def _open(self) -> bool:
        """Find out what can be done with the store, making it where it is not there; whether writing may work."""
        try:
            self.tables.dispose()
            self.tables.prepare()
        except Exception as error:
            self._fails("written", error)
            try:
                self.tables.check()
            except Exception as worse:
                self._fails("read", worse)
            else:
                self._works("read")
            return False
        self._works("read")
        return True

    def _settle(self, task: Callable[[Connection], Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            with self.tables.writing() as connection:
                result = task(connection)
        except Exception as error:
            self._fails("written", error)
            future.set_exception(error)
        else:
            self._works("written")
            future.set_result(result)

    def _write(self, closing: bool) -> None:
        """Write what waits, until nothing does or the disk fails. Only then is it known whether the disk works."""
        while True:
            touched: dict[Key, int] = {}
            with self._changed:
                rows = list(islice(self._rows.values(), _BATCH))
                if closing or len(self._touched) >= _BATCH:
                    touched, self._touched = self._touched, {}
            try:
                self._write_some(rows, touched)
                self._bound(rows)
            except Exception as error:
                self._fails("written", error)
                return
            self._works("written")
            if not rows:
                return

    def _write_some(self, rows: Sequence[Row], touched: Mapping[Key, int]) -> None:
        # Each goes by the order of the keys, both in one transaction would not: see Tables.add.
        if touched:
            with self.tables.writing() as connection:
                self.tables.touch(connection, touched)
        if rows:
            with self.tables.writing() as connection:
                self.tables.add(connection, rows)
        with self._changed:  # on the disk, whatever comes of what follows
            self._written += len(rows)
            for row in rows:
                if self._rows.get((row.source_key, row.variant)) is row:
                    del self._rows[row.source_key, row.variant]

    def _bound(self, written: Sequence[Row]) -> None:
        """Evict what is too much, by what was counted last where counting fails: a memory may be too large for that."""
        self._count = self._count[0] + len(written), self._count[1] + sum(row.size for row in written)
        self._uncounted += len(written)
        if self._uncounted < _COUNT_EVERY and not self._overfull():
            return
        self._uncounted = 0
        try:
            with self.tables.writing() as connection:
                self._count = self.tables.count(connection)
            self._countable = True
        except Exception as error:
            if self._countable:
                logger.warning("the translation memory cannot be counted (%s); the last count stands", _reason(error))
            self._countable = False
        if self._overfull():
            rows, size = self._count
            with self.tables.writing() as connection:
                more = rows - int(_FULL * self._max_rows), size - int(_FULL * self._max_bytes)
                gone, freed = self.tables.evict(connection, *more)
            self._count = rows - gone, size - freed
            self._evicted += gone

    def _overfull(self) -> bool:
        rows, size = self._count
        return rows > self._max_rows or size > self._max_bytes

    def _fails(self, what: str, error: Exception) -> None:
        with self._changed:
            before = self._readable if what == "read" else self._writable
            if what == "read":
                self._readable = False
            else:
                self._writable = False
            self._changed.notify_all()
        if before:
            logger.warning("the translation memory cannot be %s (%s); going on without", what, _reason(error))

    def _works(self, what: str) -> None:
        with self._changed:
            before = self._readable if what == "read" else self._writable
            if what == "read":
                self._readable = True
                self._recovered += not before
            else:
                self._writable = True
        if not before:
            logger.info("the translation memory can be %s again", what)


def _reason(error: Exception) -> str:
    """What the driver said, without the statement, and without the details: PostgreSQL quotes rows there."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]
