"""Tracebacks for the log that quote no text: libraries put what they choke on into the messages of their exceptions.

Of an exception there are its type and the places that it came through; its message only where it is ours, which says
what is wrong and never with which words. What the operating system says has no text in it either.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator

from service.errors import TolmachError

_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"


def formatted(error: BaseException) -> str:
    """The traceback of an exception and of all that led to it, first things first, without a line feed at the end."""
    return "".join(_lines(error, set())).rstrip("\n")


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    """`seen` has the ids of the exceptions that stand above: one may lead to itself."""
    chain = list(_chain(error, seen))
    for place, (each, link) in enumerate(reversed(chain)):
        yield link if place else ""
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(each.__traceback__)
        yield f"{_named(each)}\n"
        if isinstance(each, BaseExceptionGroup):
            for number, member in enumerate(each.exceptions, start=1):
                if id(member) not in seen:
                    yield f"  ---- {number} of {len(each.exceptions)} ----\n"
                    yield from (f"  {line}\n" for part in _lines(member, seen) for line in part.splitlines())


def _chain(error: BaseException | None, seen: set[int]) -> Iterator[tuple[BaseException, str]]:
    """An exception and what led to it, last things first, each with how it followed from the next of these."""
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if error.__cause__ is not None:
            yield error, _CAUSE
            error = error.__cause__
        else:
            yield error, _CONTEXT
            error = None if error.__suppress_context__ else error.__context__


def _named(error: BaseException) -> str:
    kind = type(error)
    home = "" if kind.__module__ in {"builtins", "__main__"} else f"{kind.__module__}."
    name = f"{home}{kind.__qualname__}"
    if isinstance(error, TolmachError):
        return f"{name}: {error.message}"
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return f"{name}: {os.strerror(error.errno)}"
    return name
