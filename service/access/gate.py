"""Decides about each request: who calls, whether that is allowed, how much it may cost. Async face of the store.

An `Account` is one caller during one request. What knows how long the text is charges it; what learns that the request
came to nothing refunds it.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from service.access.keys import Key, Keys
from service.access.limits import RateLimiter, Standing, site
from service.access.scopes import Scope
from service.access.store import Store
from service.access.usage import Ledger, Usage
from service.errors import AccountsUnavailable, Forbidden, Unauthenticated
from service.settings import Settings

logger = logging.getLogger(__name__)

T = TypeVar("T")

REMEMBERED = 1024  # keys
FRESH = 5.0  # seconds in which a key is not looked up again: so long may a revoked one still be good
STALE = 600.0  # seconds in which a key that was good stays so if the store cannot be read
STORE_THREADS = 4  # apart from those that translate, which may all be busy for long


class Account:
    """One caller during one request; `key` is None where the service is open."""

    def __init__(self, ledger: Ledger | None, key: Key | None, caller: str, standings: tuple[Standing, ...]) -> None:
        self.key = key
        self.caller = caller
        self.standings = standings
        self.charged = 0
        self._ledger = ledger
        self._booked: datetime | None = None

    async def charge(self, characters: int) -> None:
        """Take characters off the quota. Raises QuotaExceeded; AccountsUnavailable where there is a quota to keep."""
        self.charged += characters
        if self._ledger is None or self.key is None:
            return
        ledger, key = self._ledger, self.key
        try:
            self._booked = await _in_thread(lambda: ledger.charge(key, characters))
        except AccountsUnavailable:
            if key.quota is not None:
                raise
            logger.warning("the usage of key %s could not be counted", key.id)

    async def refund(self) -> None:
        """Give back what was charged: the request came to nothing. Never raises."""
        characters, booked, self.charged, self._booked = self.charged, self._booked, 0, None
        if self._ledger is None or self.key is None or booked is None:
            return
        ledger, key = self._ledger, self.key
        try:
            await _in_thread(lambda: ledger.refund(key, characters, booked))
        except AccountsUnavailable:
            logger.warning("%d characters of key %s could not be refunded", characters, key.id)


class Gate:
    """Keys, scopes, quotas and rate limits as the settings want them. BadSetting for settings that cannot be read."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = RateLimiter(settings.rate_limit) if settings.rate_limit.strip() else None
        self._keys: Keys | None = None
        self._ledger: Ledger | None = None
        self._store: Store | None = None
        if settings.keys_file is not None:
            self._store = Store(settings.keys_file)
            self._keys, self._ledger = Keys(self._store), Ledger(self._store)
        self._known: OrderedDict[bytes, tuple[Key, float]] = OrderedDict()  # by digest: no secret stays in memory

    async def identify(self, presented: str | None, address: str, scope: Scope | None) -> Account:
        """Who calls, if that is known here and good for `scope`.

        Raises Unauthenticated, Forbidden, AccountsUnavailable.
        """
        key = await self._key_of(presented, address)
        if key is not None and scope is not None and scope not in key.scopes:
            raise Forbidden(f"The key {key.name!r} lacks the scope {scope.value!r}.")
        caller = f"address:{site(address)}" if key is None else f"key:{key.id}"
        return Account(self._ledger, key, caller, self.standings(caller))

    def count(self, account: Account) -> None:
        """Count one request for work. Raises RateLimited if it is one too many."""
        if self._limiter is not None:
            account.standings = self._limiter.hit(account.caller)

    def standings(self, caller: str) -> tuple[Standing, ...]:
        """Where a caller stands with the rate limits."""
        return () if self._limiter is None else self._limiter.standings(caller)

    async def usage(self, account: Account) -> Usage | None:
        """What the caller's key has used; None without a key. Raises AccountsUnavailable."""
        if self._ledger is None or account.key is None:
            return None
        ledger, key = self._ledger, account.key
        return await _in_thread(lambda: ledger.usage(key))

    def close(self) -> None:
        """Let go of the file of the keys."""
        if self._store is not None:
            self._store.close()

    async def _key_of(self, presented: str | None, address: str) -> Key | None:
        keys = self._keys
        if keys is None:
            return None
        if presented is None:
            raise Unauthenticated("A key is needed: Authorization: Bearer KEY, or X-API-Key: KEY.")
        digest = hashlib.sha256(presented.encode("utf-8", "replace")).digest()
        known = self._known.get(digest)
        if known is not None and time.monotonic() - known[1] < FRESH:
            return known[0]
        try:
            key = await _in_thread(lambda: keys.recognise(presented))
        except AccountsUnavailable:
            if known is not None and time.monotonic() - known[1] < STALE:
                logger.warning("the keys cannot be read; key %s is believed for now", known[0].id)
                return known[0]
            raise
        if key is None:
            self._known.pop(digest, None)
            self._count_failure(address)
            raise Unauthenticated("The key is not known here, or was revoked.")
        self._known[digest] = key, time.monotonic()
        self._known.move_to_end(digest)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return key

    def _count_failure(self, address: str) -> None:
        """Wrong keys are looked up in the file each time: whoever sends many is told to wait, as any other caller."""
        if self._limiter is not None:
            self._limiter.hit(f"address:{site(address)}")


async def _in_thread(job: Callable[[], T]) -> T:
    return await to_thread.run_sync(job, limiter=_store_threads)


_store_threads = CapacityLimiter(STORE_THREADS)
