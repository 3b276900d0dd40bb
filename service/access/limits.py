"""How many requests in how much time, over a moving window. Counted in each process for itself."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from service.errors import BadSetting, RateLimited
from service.settings import variable

IPV6_SITE = 64  # bits that a provider gives to one customer, who has all the addresses below
SWEEP_EVERY = 1000  # hits


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands with one limit: `quota` requests in `window` seconds, the oldest of which is forgotten in
    `reset` seconds.
    """

    quota: int
    window: int
    remaining: int
    reset: int


class RateLimiter:
    """The limits of a setting such as `60/minute;1000/hour`. Not thread-safe in that a caller may slip through twice
    between two threads; it is meant for an event loop. BadSetting for a setting that cannot be read.
    """

    def __init__(self, setting: str) -> None:
        try:
            self._items: Sequence[RateLimitItem] = parse_many(setting)
        except ValueError:
            name = variable("rate_limit")
            raise BadSetting(f"{name} is {setting!r}; it is written like 60/minute;1000/hour.") from None
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._hits = 0

    def hit(self, caller: str) -> tuple[Standing, ...]:
        """Count a request of that caller; RateLimited, and nothing is counted, if it is one too many."""
        for item in self._items:
            if not self._limiter.test(item, caller):
                standing = self._standing(item, caller)
                raise RateLimited(
                    f"More than {item.amount} requests in {standing.window} seconds.",
                    retry_after=max(standing.reset, 1),
                )
        for item in self._items:
            self._limiter.hit(item, caller)
        self._hits += 1
        if self._hits % SWEEP_EVERY == 0:
            self._sweep()
        return self.standings(caller)

    def standings(self, caller: str) -> tuple[Standing, ...]:
        """Where that caller stands with each limit."""
        return tuple(self._standing(item, caller) for item in self._items)

    def _sweep(self) -> None:
        """The storage forgets what a caller did, but never the caller: it would grow with every address ever seen."""
        for caller in [caller for caller, events in self._storage.events.items() if not events]:
            del self._storage.events[caller]

    def _standing(self, item: RateLimitItem, caller: str) -> Standing:
        reset, remaining = self._limiter.get_window_stats(item, caller)
        return Standing(item.amount, item.get_expiry(), max(remaining, 0), max(math.ceil(reset - time.time()), 0))


def headers(standings: Sequence[Standing]) -> dict[str, str]:
    """`RateLimit-Policy` and `RateLimit` as in draft-ietf-httpapi-ratelimit-headers-10."""
    if not standings:
        return {}
    return {
        "RateLimit-Policy": ", ".join(f'"{_name(each)}";q={each.quota};w={each.window}' for each in standings),
        "RateLimit": ", ".join(f'"{_name(each)}";r={each.remaining};t={each.reset}' for each in standings),
    }


def site(address: str) -> str:
    """Whom an address belongs to, as far as it tells: an IPv6 network of a customer counts as one caller."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, IPV6_SITE), strict=False))


def _name(standing: Standing) -> str:
    return f"{standing.quota}-in-{standing.window}s"
