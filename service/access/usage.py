"""How many characters each key has sent, period by period, and whether its quota has room for more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert

from service.access.keys import Key, Period
from service.access.store import Store
from service.access.store import usage as table
from service.errors import QuotaExceeded


@dataclass(frozen=True, slots=True)
class Usage:
    """What a key has used from `start` to `end`, half open. `limit` and `remaining` are None without a quota."""

    characters: int
    requests: int
    limit: int | None
    start: datetime
    end: datetime

    @property
    def remaining(self) -> int | None:
        """Characters that are left in the period."""
        return None if self.limit is None else max(self.limit - self.characters, 0)


class Ledger:
    """The usage of all keys of a store. Calls block; AccountsUnavailable where the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def charge(self, key: Key, characters: int, now: datetime | None = None) -> datetime:
        """Count a request, or raise QuotaExceeded and count nothing. One statement: two requests cannot both have the
        last characters. Returns the moment that it was booked at, which `refund` wants.
        """
        now = now or datetime.now(UTC)
        start, end = bounds(key.period, now)
        new = insert(table).values(key=key.id, period=_label(key.period, start), characters=characters, requests=1)
        total = table.c.characters + new.excluded.characters
        limit = None if key.quota is None else key.quota.characters
        booking = new.on_conflict_do_update(
            index_elements=[table.c.key, table.c.period],
            set_={"characters": total, "requests": table.c.requests + 1},
            where=None if limit is None else total <= limit,
        ).returning(table.c.characters)
        if limit is None or characters <= limit:
            with self._store.connection() as connection:
                if connection.execute(booking).one_or_none() is not None:
                    return now
        raise QuotaExceeded(
            f"The quota of {limit} characters a {key.period} has no room for these {characters}; "
            f"a new {key.period} begins at {end:%Y-%m-%d %H:%M} UTC.",
            retry_after=math.ceil((end - now).total_seconds()),
        )

    def refund(self, key: Key, characters: int, booked: datetime) -> None:
        """Take back a charge of a request that came to nothing."""
        start, _ = bounds(key.period, booked)
        with self._store.connection() as connection:
            connection.execute(
                update(table)
                .where(table.c.key == key.id, table.c.period == _label(key.period, start))
                .values(
                    characters=func.max(table.c.characters - characters, 0), requests=func.max(table.c.requests - 1, 0)
                )
            )

    def usage(self, key: Key, now: datetime | None = None) -> Usage:
        """What the key has used of the period that `now` is in."""
        start, end = bounds(key.period, now or datetime.now(UTC))
        query = select(table.c.characters, table.c.requests).where(
            table.c.key == key.id, table.c.period == _label(key.period, start)
        )
        with self._store.connection() as connection:
            row = connection.execute(query).one_or_none()
        characters, requests = (0, 0) if row is None else row
        return Usage(characters, requests, None if key.quota is None else key.quota.characters, start, end)


def bounds(period: Period, now: datetime) -> tuple[datetime, datetime]:
    """The day or month, by UTC, that a moment lies in."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if period is Period.DAY:
        return midnight, midnight + timedelta(days=1)
    first = midnight.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _label(period: Period, start: datetime) -> str:
    return f"{start:%Y-%m-%d}" if period is Period.DAY else f"{start:%Y-%m}"
