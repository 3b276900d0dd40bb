"""What a key may be good for, and which endpoint needs what."""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum


class Scope(StrEnum):
    ARTICLES = "articles"
    TRANSLATE = "translate"
    SUMMARIZE = "summarize"
    FIGURES = "figures"
    DETECT = "detect"
    MEMORY = "memory"
    METRICS = "metrics"


WORK = frozenset({Scope.ARTICLES, Scope.TRANSLATE, Scope.SUMMARIZE, Scope.FIGURES, Scope.DETECT})
"""What a key is good for unless it was asked otherwise: a correction in the memory outranks the model for everybody,
and the metrics tell of all callers, so that these two are given on purpose."""

NEEDED = {
    "/v1/articles": Scope.ARTICLES,
    "/v1/translate": Scope.TRANSLATE,
    "/v1/summarize": Scope.SUMMARIZE,
    "/v1/figures": Scope.FIGURES,
    "/v1/detect": Scope.DETECT,
    "/v1/memory": Scope.MEMORY,
    "/metrics": Scope.METRICS,
}
"""The scope of each path and of all below it."""

OPEN = frozenset({"/", "/docs", "/openapi.json", "/health", "/static"})
"""Paths that nobody needs a key for, with all below them: they tell nothing of articles and cost no work."""


def is_open(path: str) -> bool:
    """Whether a path needs no key. What is not known to be open needs one."""
    return path in OPEN or _family(path, OPEN) is not None


def needed(path: str) -> Scope | None:
    """The scope that a path needs; None where any good key will do."""
    family = _family(path, NEEDED.keys())
    return None if family is None else NEEDED[family]


def _family(path: str, families: Container[str]) -> str | None:
    """The longest of the families that the path lies in; the root is no family."""
    parent = path.rstrip("/")
    while parent:
        if parent in families:
            return parent
        parent = parent.rpartition("/")[0]
    return None
