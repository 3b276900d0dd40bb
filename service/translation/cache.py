"""The answers used last, in memory: what a republished article needs is here."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable

from service.types import Hypothesis

Answer = tuple[Hypothesis, ...]
Key = tuple[bytes, bytes]  # of the source, and of what answered


class AnswerCache:
    """The least recently used answers, bounded in bytes. Emptied when the version of the corrections changes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._entries: OrderedDict[Key, tuple[Answer, int, int]] = OrderedDict()  # answer, bytes, used
        self._bytes = 0
        self._hits = 0
        self._version: int | None = None

    def freshen(self, version: int | None) -> int | None:
        """Forget everything if the corrections are not at the known version any more; the version. None: not known."""
        with self._lock:
            if version is not None and version != self._version:
                self._entries.clear()
                self._bytes = 0
                self._version = version
            return self._version

    def get(self, key: Key, touch: Callable[[Key, int], int]) -> Answer | None:
        """The answer, if it is there; `touch(key, used)` says what its time of use is now."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            self._hits += 1
            answer, size, used = entry
            self._entries[key] = answer, size, touch(key, used)
            return answer

    def add(self, key: Key, answer: Answer, version: int | None, used: int) -> None:
        """Keep an answer that was right at that version of the corrections; later ones may overrule it."""
        size = 300 + sum(120 + sys.getsizeof(each.text) for each in answer)
        with self._lock:
            if version != self._version or size > self._most:
                return
            self._bytes += size - self._entries.pop(key, (answer, 0, 0))[1]
            self._entries[key] = answer, size, used
            while self._bytes > self._most:
                self._bytes -= self._entries.popitem(last=False)[1][1]

    def state(self) -> tuple[int, int, int]:
        """Hits, entries, bytes."""
        with self._lock:
            return self._hits, len(self._entries), self._bytes
