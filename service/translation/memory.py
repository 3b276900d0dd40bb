"""A translation memory in front of an engine: nothing is translated twice, and what a person wrote has the say.

`Remembering` is an engine itself. An answer is filed under the model (sha256), how the catalogue says that it is asked,
the engine's kind and what that runs on, the decoding options, the version of the glossary, the language and the source
sentence, so that it is what the engine would say, also where machines of several kinds share the store. A person's
correction is filed under language and source only and wins over every model. Trouble with the store costs speed, never
an answer; only who corrects something is told that it could not be kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import BinaryIO, Protocol, runtime_checkable

from service.errors import InvalidInput, MemoryUnavailable, TooLarge, UnsupportedLanguage
from service.remembering import remembered
from service.translation import tmx
from service.translation.cache import Answer, AnswerCache, Key
from service.translation.engine import Around, Decoding, Engine
from service.translation.store import Store, StoreSnapshot
from service.translation.tables import HUMAN, Row
from service.types import Hypothesis

Listener = Callable[[str, Decoding, Sequence[str], list[Answer]], None]

LONGEST_SEGMENT = 20_000
LONGEST_AUTHOR = 200
_IMPORT_BATCH = 500
_TOUCH_AFTER = 600_000_000  # microseconds: that a row was used is written down at most every ten minutes
NEVER_TOUCHED = 1 << 62  # corrections are not evicted, so that their use is not noted
_TRUNCATED = 1

# White space that a line has no use for; a no-break space is an editor's choice and stays.
_BREAKS = re.compile(r"[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")


@runtime_checkable
class Announcing(Protocol):
    """An engine that tells of everything it has translated, also of what its caller did not wait for."""

    def subscribe(self, listener: Listener) -> None:
        """Call `listener(language, decoding, sentences, answers)` before the callers get the answers."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person wrote for a segment. `changed` is in UTC."""

    language: str
    source: str
    english: str
    author: str | None
    changed: datetime


@dataclass(frozen=True, slots=True)
class Imported:
    """Translation units that were stored, and that were not: other languages, too long, or not text."""

    stored: int
    skipped: int


@dataclass(frozen=True, slots=True)
class MemorySnapshot:
    """Counted in sentences. `degraded`: the store, if there is one, cannot be read or cannot be written."""

    hits: int
    stored_hits: int
    human_hits: int
    misses: int
    cached: int
    cached_bytes: int
    degraded: bool
    store: StoreSnapshot | None


class Remembering(Around):
    """`store` None: answers are remembered by this process only, and corrections are refused.

    `languages` are those that corrections may be of: a correction belongs to no model, and the service may have others
    beside that of `engine`. None: those of `engine`.

    `spell` writes a text of a language as the intake does, so that a correction is found whatever the editor's keyboard
    writes. Thread-safe.
    """

    def __init__(
        self,
        engine: Engine,
        store: Store | None = None,
        *,
        glossary: str = "",
        cache_bytes: int = 64_000_000,
        spell: Callable[[str, str], str] | None = None,
        languages: Collection[str] | None = None,
    ) -> None:
        self._engine = engine
        self._languages = sorted(engine.info.languages if languages is None else languages)
        self._store = store
        self._spell = spell or (lambda text, _: text)
        self._glossary = glossary
        self._variant = lru_cache(256)(self._variant_of)
        self._cache = AnswerCache(cache_bytes)
        self._lock = threading.Lock()
        self._awaited: dict[Key, int | None] = {}
        self._stored_hits = self._human_hits = self._misses = 0
        self._told = isinstance(engine, Announcing)
        if isinstance(engine, Announcing):
            engine.subscribe(self._learn)

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> list[Answer]:
        """As `Engine.translate`; the engine is asked only for what is not remembered, and for each sentence once."""
        variant = self._variant(decoding)
        keys = [(source_key(language, sentence), variant) for sentence in sentences]
        version, known = self._recall(keys)
        missing: dict[Key, str] = {}
        for key, sentence in zip(keys, sentences, strict=True):
            if key not in known:
                missing.setdefault(key, sentence)
        if missing:
            known.update(self._ask(missing, version, language, decoding))
        return [known[key] for key in keys]

    def corrections(self, sentences: Sequence[str], language: str) -> list[Hypothesis | None]:
        """What persons wrote for these whole segments.

        For who cuts or changes a segment before a model sees it: the engine's side would never find it then.
        """
        keys = [(source_key(language, sentence), HUMAN) for sentence in sentences]
        _, known = self._recall(keys)
        return [known[key][0] if known.get(key) else None for key in keys]

    def put(self, language: str, source: str, english: str, author: str | None = None) -> Correction:
        """Store what a person wrote; it wins from now on, in every process on this store.

        Raises InvalidInput, TooLarge, UnsupportedLanguage, MemoryUnavailable.
        """
        row = self._row(language, source, english, author, datetime.now(UTC))
        self._required().put([row])
        return _correction(row)

    def get(self, language: str, source: str) -> Correction | None:
        """What a person wrote. Raises UnsupportedLanguage, MemoryUnavailable."""
        self._require_language(language)
        row = self._required().human(source_key(language, self._spell(source, language)))
        return _correction(row) if row else None

    def delete(self, language: str, source: str) -> bool:
        """Forget what a person wrote, so that the model has the say again; whether there was any. Raises as `get`."""
        self._require_language(language)
        return self._required().remove(source_key(language, self._spell(source, language)))

    def export_tmx(self) -> Iterator[bytes]:
        """All corrections as a file of TMX 1.4b, read as it is asked for. Each part may raise MemoryUnavailable."""
        return tmx.parts(
            tmx.Unit(each.language, each.source, each.english, each.author, each.changed)
            for each in map(_correction, self._required().humans())
        )

    def import_tmx(self, stream: BinaryIO) -> Imported:
        """Store every unit of a TMX file that translates a known language into English, as a correction.

        Raises InvalidInput where it is not TMX: what came before the bad place is stored. MemoryUnavailable.
        """
        store = self._required()
        stored = skipped = 0
        units = tmx.read(stream)
        while page := list(islice(units, _IMPORT_BATCH)):
            rows: dict[bytes, Row] = {}
            for unit in page:
                try:
                    changed = unit.changed or datetime.now(UTC)
                    row = self._row(unit.language, unit.source, unit.english, unit.author, changed)
                except (InvalidInput, TooLarge):
                    skipped += 1
                else:
                    skipped += row.source_key in rows
                    rows[row.source_key] = row
            if rows:
                store.put(list(rows.values()))
            stored += len(rows)
        return Imported(stored, skipped)

    def snapshot(self) -> MemorySnapshot:
        """Counters and state; cheap."""
        state = self._store.snapshot() if self._store else None
        hits, cached, size = self._cache.state()
        with self._lock:
            return MemorySnapshot(
                hits=hits + self._stored_hits,
                stored_hits=self._stored_hits,
                human_hits=self._human_hits,
                misses=self._misses,
                cached=cached,
                cached_bytes=size,
                degraded=bool(state and not (state.readable and state.writable)),
                store=state,
            )

    def close(self) -> None:
        """Close the engine. The store, which others may share, is for its opener to close, after all engines."""
        self._engine.close()

    def _required(self) -> Store:
        if self._store is None:
            raise MemoryUnavailable("This service keeps no translation memory.")
        return self._store

    def _require_language(self, language: str) -> None:
        if language not in self._languages:
            known = ", ".join(self._languages)
            raise UnsupportedLanguage(
                f"Corrections are of {known} into English, not of {language!r}.", field="language"
            )

    def _variant_of(self, decoding: Decoding) -> bytes:
        info = self.info
        what = [info.sha256, info.engine, info.variant, sorted(asdict(decoding).items()), self._glossary]
        return hashlib.sha256(json.dumps(what).encode()).digest()[:16]

    def _recall(self, keys: Sequence[Key]) -> tuple[int | None, dict[Key, Answer]]:
        """What is remembered, a person's word before a model's, and the version of the corrections that it rests on.

        An empty answer says that no person wrote anything.
        """
        version = self._cache.freshen(self._store.version() if self._store else None)
        known = {
            key: answer for key in dict.fromkeys(keys) if (answer := self._cache.get(key, self._touch)) is not None
        }
        unknown = [key for key in dict.fromkeys(keys) if key not in known]
        if unknown and self._store:
            known.update(self._look_up(self._store, unknown, version))
        human = sum(1 for answer in known.values() if answer and answer[0].human)
        with self._lock:
            self._human_hits += human
        return version, known

    def _look_up(self, store: Store, keys: Sequence[Key], version: int | None) -> dict[Key, Answer]:
        variant = keys[0][1]
        found: dict[Key, Answer] = {}
        rows = store.lookup([source for source, _ in keys], list({HUMAN, variant}))
        if rows is None:
            return found
        for row in sorted(rows, key=lambda row: row.variant == HUMAN):  # persons last, so that they win
            key, human = (row.source_key, variant), row.variant == HUMAN
            if answer := _decode(row.answers, human=human):
                found[key] = answer
                self._cache.add(key, answer, version, NEVER_TOUCHED if human else self._touch(key, row.used))
        with self._lock:
            self._stored_hits += len(found)
        if variant == HUMAN:
            for key in keys:
                if key not in found:
                    self._cache.add(key, (), version, NEVER_TOUCHED)
        return found

    def _ask(
        self, missing: Mapping[Key, str], version: int | None, language: str, decoding: Decoding
    ) -> Iterable[tuple[Key, Answer]]:
        with self._lock:
            self._misses += len(missing)
            self._awaited.update(dict.fromkeys(missing, version))
        try:
            sentences = list(missing.values())
            found = self._engine.translate(sentences, language, decoding)
            if not self._told:
                self._learn(language, decoding, sentences, found)
        finally:
            with self._lock:
                for key in missing:
                    self._awaited.pop(key, None)
        return zip(missing, found, strict=True)

    def _learn(self, language: str, decoding: Decoding, sentences: Sequence[str], answers: list[Answer]) -> None:
        variant, now = self._variant(decoding), time.time_ns() // 1000
        rows = []
        for place, (sentence, answer) in enumerate(zip(sentences, answers, strict=True)):
            key = source_key(language, sentence), variant
            # Unless somebody looked and found no correction, there may be one that this must not hide.
            if self._store is None or key in self._awaited:
                self._cache.add(key, answer, self._awaited.get(key), now)
            source, encoded = normalised(sentence), _encode(answer)
            if _storable(source) and _storable(encoded):
                rows.append(Row(*key, language, source, encoded, None, now // 1_000_000, now + place))
        if self._store and rows:
            self._store.keep(rows)

    def _touch(self, key: Key, used: int) -> int:
        """Note that a row was used, if that was last noted long ago; when it was noted last."""
        now = time.time_ns() // 1000
        if self._store is None or now - used < _TOUCH_AFTER:
            return used
        self._store.touch(key, now)
        return now

    def _row(self, language: str, source: str, english: str, author: str | None, changed: datetime) -> Row:
        self._require_language(language)
        source = normalised(self._spell(source, language))
        english = _BREAKS.sub(" ", unicodedata.normalize("NFC", english)).strip()
        for field, text in (("source", source), ("english", english), ("author", author or "-")):
            if not text:
                raise InvalidInput(f"{field}: there is no text.", field=field)
            if not _storable(text) or not tmx.writable(text):
                raise InvalidInput(f"{field}: there are characters that are not text.", field=field)
            most = LONGEST_AUTHOR if field == "author" else LONGEST_SEGMENT
            if len(text) > most:
                raise TooLarge(f"{field}: {len(text)} characters; the limit is {most}.", field=field)
        encoded = json.dumps([[english, 0.0]], ensure_ascii=False, separators=(",", ":"))
        now = int(changed.timestamp())
        return Row(source_key(language, source), HUMAN, language, source, encoded, author, now, now * 1_000_000)


@remembered(8192)
def source_key(language: str, sentence: str) -> bytes:
    """What a sentence is filed under."""
    return hashlib.sha256(f"{language}\0{normalised(sentence)}".encode("utf-8", "surrogatepass")).digest()


def normalised(sentence: str) -> str:
    """NFC, every run of white space as one space: what no tokenizer tells apart."""
    return " ".join(unicodedata.normalize("NFC", sentence).split())


def _correction(row: Row) -> Correction:
    [answer] = _decode(row.answers, human=True) or (Hypothesis("", 0.0, human=True),)
    return Correction(row.language, row.source, answer.text, row.author, datetime.fromtimestamp(row.changed, UTC))


def _encode(answer: Answer) -> str:
    fields = [[each.text, each.score, _TRUNCATED] if each.truncated else [each.text, each.score] for each in answer]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _decode(encoded: str, *, human: bool) -> Answer:
    """Nothing where the row is damaged: then it is a miss, and the row is written anew."""
    try:
        return tuple(
            Hypothesis(str(text), float(score), truncated=bool(flags), human=human)
            for text, score, *flags in json.loads(encoded)
        )
    except (TypeError, ValueError):
        return ()


def _storable(text: str) -> bool:
    """Whether databases take it: PostgreSQL has no NUL, and none has halves of surrogate pairs."""
    return not re.search("[\0\ud800-\udfff]", text)
