"""Remembers what pure functions said of the texts they saw last: wire copy comes again all day, whole or with changes.

What hangs on anything but its arguments must not be remembered here: a correction has to show at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar
from weakref import WeakSet

P = ParamSpec("P")
R = TypeVar("R")

_caches: WeakSet[Any] = WeakSet()


class _TooLong(Exception):
    pass


def remembered(
    entries: int, longest: int = 2000, *, size: Callable[..., int] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator that keeps the last `entries` results of a function whose arguments can be hashed.

    Not those of more than `longest` characters, in all texts among the arguments or as `size` counts: only entries of a
    bounded size bound memory.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        def bounded(*args: P.args, **kwargs: P.kwargs) -> R:
            """Runs only for what is not remembered: what is, is not measured again."""
            if (size(*args, **kwargs) if size else characters((args, *kwargs.values()))) > longest:
                raise _TooLong  # what raises is not remembered
            return function(*args, **kwargs)

        cached: Any = lru_cache(maxsize=entries)(bounded)
        _caches.add(cached)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                result: R = cached(*args, **kwargs)
            except _TooLong:
                return function(*args, **kwargs)
            return result

        return call

    return decorate


def characters(argument: object) -> int:
    """How many characters of text there are in an argument, tuples looked into."""
    if isinstance(argument, str):
        return len(argument)
    return sum(map(characters, argument)) if isinstance(argument, tuple) else 0


def forget() -> None:
    """Forget everything, as if nothing had been seen yet: for measurements of a first time."""
    for cache in _caches:
        cache.cache_clear()
