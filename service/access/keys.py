"""API keys: made, stored and recognised.

A key is `tolmach_<id>_<secret>`. The id finds the row; the secret is 256 random bits, of which only the SHA-256 digest
is stored. A slow hash such as Argon2 makes it dear to guess the passwords of people; 2^256 random values cannot be
guessed at any speed, so that it would only make every request slower.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.access.scopes import WORK, Scope
from service.access.store import Store
from service.access.store import keys as table
from service.errors import InvalidInput

PREFIX = "tolmach"
_KEY = re.compile(rf"{PREFIX}_([0-9a-f]{{8}})_([A-Za-z0-9_-]{{43}})")
_ID = re.compile(r"[0-9a-f]{8}")
_NAME = re.compile(r"[\w.@ -]{1,64}")
_NOBODY = bytes(32)  # compared with where there is no such id, so that the answer takes as long as for a wrong secret


class Period(StrEnum):
    """How long a quota lasts, by UTC."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Quota:
    characters: int
    period: Period


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key; without a quota, its usage is counted by the month. `revoked`: when, if it was."""

    id: str
    name: str
    scopes: frozenset[Scope]
    quota: Quota | None
    created: datetime
    revoked: datetime | None = None

    @property
    def period(self) -> Period:
        """Over what time its usage is summed up."""
        return Period.MONTH if self.quota is None else self.quota.period


class Keys:
    """The keys of a store. Calls block; AccountsUnavailable where the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, name: str, scopes: Collection[Scope] = WORK, quota: Quota | None = None) -> tuple[Key, str]:
        """A new key, and the one and only time that it is seen whole.

        InvalidInput for a name that is taken, or that could be taken for the id of another key.
        """
        if not _NAME.fullmatch(name):
            raise InvalidInput("A name has 1 to 64 letters, digits, spaces, or . _ @ -", field="name")
        if _ID.fullmatch(name):
            raise InvalidInput("A name must not look like an id: 8 digits and letters from a to f.", field="name")
        taken = InvalidInput(f"There is a key of the name {name!r} already; revoke it first.", field="name")
        if any(key.name == name for key in self.list(revoked=False)):
            raise taken
        key = Key(secrets.token_hex(4), name, frozenset(scopes), quota, datetime.now(UTC).replace(microsecond=0))
        secret = secrets.token_urlsafe(32)
        row = insert(table).values(
            id=key.id,
            name=name,
            digest=_digest(secret),
            scopes=" ".join(sorted(key.scopes)),
            quota=None if quota is None else quota.characters,
            period=key.period.value,
            created=key.created.isoformat(),
        )
        with self._store.connection() as connection:
            try:
                connection.execute(row)
            except IntegrityError:  # somebody else has taken it since
                raise taken from None
        return key, f"{PREFIX}_{key.id}_{secret}"

    def list(self, *, revoked: bool = True) -> tuple[Key, ...]:
        """All keys in order of age; without the revoked ones if `revoked` is False."""
        query = select(table).order_by(table.c.created, table.c.name)
        with self._store.connection() as connection:
            rows = connection.execute(query if revoked else query.where(table.c.revoked.is_(None))).all()
        return tuple(map(_key, rows))

    def revoke(self, which: str) -> Key:
        """Make the key of that id, or else of that name, useless from now on. InvalidInput where there is none."""
        living = self.list(revoked=False)
        named = (key for attribute in ("id", "name") for key in living if getattr(key, attribute) == which)
        key = next(named, None)
        if key is None:
            raise InvalidInput(f"There is no key of the name or id {which!r}.", field="name")
        now = datetime.now(UTC).replace(microsecond=0)
        with self._store.connection() as connection:
            connection.execute(update(table).where(table.c.id == key.id).values(revoked=now.isoformat()))
        return replace(key, revoked=now)

    def recognise(self, presented: str) -> Key | None:
        """The key whose secret this is; None for a wrong or revoked one. Takes as long for one as for the other."""
        matched = _KEY.fullmatch(presented)
        identity, secret = matched.groups() if matched else ("", "")
        query = select(table).where(table.c.id == identity, table.c.revoked.is_(None))
        with self._store.connection() as connection:
            row = connection.execute(query).one_or_none()
        same = hmac.compare_digest(_NOBODY if row is None else row.digest, _digest(secret))
        return _key(row) if row is not None and same else None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("ascii")).digest()


def _key(row: Row[tuple[object, ...]]) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        scopes=frozenset(Scope(scope) for scope in row.scopes.split()),
        quota=None if row.quota is None else Quota(row.quota, Period(row.period)),
        created=datetime.fromisoformat(row.created),
        revoked=None if row.revoked is None else datetime.fromisoformat(row.revoked),
    )
