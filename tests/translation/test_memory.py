"""The translation memory: nothing twice, people win, and a disk that fails is nobody's problem but the operator's."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import CreateTable

from service.errors import Cancelled, EngineFailed, InvalidInput, MemoryUnavailable, TooLarge, UnsupportedLanguage
from service.translation import tmx
from service.translation.batching import Batching
from service.translation.cancellation import Cancellation, cancellation
from service.translation.engine import Decoding
from service.translation.memory import Remembering, normalised, source_key
from service.translation.store import Store
from service.translation.tables import HUMAN, Row, Tables, segments
from service.types import Hypothesis
from tests.translation.revealing import Revealing, answer

DECODING = Decoding(beam=2, hypotheses=2)
ARTICLE = [f"Propoziția numărul {number} a articolului." for number in range(40)]
PATIENCE = 60.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Callable[..., Remembering]]:
    """Opens memories on one file, as processes would, and closes them in the end."""
    memories: list[Remembering] = []

    def open_one(engine: Revealing | Batching | None = None, **options: object) -> Remembering:
        store = Store(f"sqlite:///{path}", patience=0.5, retry=0.1, **options)  # type: ignore[arg-type]
        memories.append(Remembering(engine or Revealing(), store))
        return memories[-1]

    yield open_one
    for memory in memories:
        memory.close()


def store_of(memory: Remembering) -> Store:
    assert memory._store
    return memory._store


def flushed(memory: Remembering) -> None:
    assert store_of(memory).flush(PATIENCE)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.01)


def expected(*sentences: str, language: str = "ro", decoding: Decoding = DECODING) -> list[tuple[Hypothesis, ...]]:
    return [answer(sentence, language, decoding) for sentence in sentences]


def person(english: str) -> tuple[Hypothesis, ...]:
    return (Hypothesis(english, 0.0, human=True),)


# Nothing twice


def test_republished_article_never_reaches_the_engine() -> None:
    engine = Revealing()
    memory = Remembering(engine)
    assert memory.translate(ARTICLE, "ro", DECODING) == expected(*ARTICLE)
    assert memory.translate(ARTICLE[::-1], "ro", DECODING) == expected(*ARTICLE[::-1])
    assert len(engine.calls) == 1
    state = memory.snapshot()
    assert (state.misses, state.hits, state.store) == (40, 40, None)


def test_memory_outlives_the_process(opened: Callable[..., Remembering]) -> None:
    flushed_by = opened()
    first = flushed_by.translate(ARTICLE, "ro", DECODING)
    flushed(flushed_by)
    engine = Revealing()
    later = opened(engine)
    assert later.translate(ARTICLE, "ro", DECODING) == first
    assert engine.calls == []
    assert later.snapshot().stored_hits == 40
    assert later.translate(ARTICLE, "ro", DECODING) == first
    assert later.snapshot().stored_hits == 40, "the second time from this process's own cache"


def test_closing_writes_what_waits(opened: Callable[..., Remembering], path: Path) -> None:
    memory = opened()
    memory.translate(ARTICLE, "ro", DECODING)
    memory.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchone() == (40,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_only_what_is_missing_is_asked_for_and_each_once() -> None:
    engine = Revealing()
    memory = Remembering(engine)
    memory.translate(["unu", "doi"], "ro", DECODING)
    assert memory.translate(["trei", "unu", "trei"], "ro", DECODING) == expected("trei", "unu", "trei")
    assert engine.calls == [("unu", "doi"), ("trei",)]
    assert memory.translate([], "ro", DECODING) == []


@pytest.mark.parametrize(
    ("decoding", "language", "sha256", "glossary"),
    [
        (Decoding(beam=3, hypotheses=2), "ro", "0" * 64, ""),
        (Decoding(beam=2, hypotheses=2, repetition_penalty=1.2), "ro", "0" * 64, ""),
        (DECODING, "it", "0" * 64, ""),
        (DECODING, "ro", "1" * 64, ""),
        (DECODING, "ro", "0" * 64, "2"),
    ],
)
def test_what_changes_the_answer_changes_the_key(
    path: Path, decoding: Decoding, language: str, sha256: str, glossary: str
) -> None:
    store = Store(f"sqlite:///{path}")
    first, second = Revealing(), Revealing(sha256=sha256)
    Remembering(first, store).translate(["casa"], "ro", DECODING)
    store.flush()
    memory = Remembering(second, store, glossary=glossary)
    assert memory.translate(["casa"], language, decoding) == expected("casa", language=language, decoding=decoding)
    assert len(second.calls) == 1
    memory.close()


def test_spaces_and_composition_do_not_change_the_key() -> None:
    engine = Revealing()
    memory = Remembering(engine)
    memory.translate(["Ședința a  început.\n"], "ro", DECODING)
    memory.translate(["S\u0326edint\u0326a\u00a0a ınceput.".replace("ı", "i\u0302")], "ro", DECODING)
    assert len(engine.calls) == 1


@given(st.text(max_size=40))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
    assert source_key("ro", text) == source_key("ro", f"\t{normalised(text)} ")
    assert source_key("ro", text) != source_key("it", text)


@given(
    st.lists(st.builds(Hypothesis, st.text(st.characters(codec="utf-8")), st.floats(-50, 0), st.booleans()), min_size=1)
)
def test_answers_come_back_exactly(hypotheses: list[Hypothesis]) -> None:
    from service.translation.memory import _decode, _encode

    assert _decode(_encode(tuple(hypotheses)), human=False) == tuple(hypotheses)


def test_failures_are_not_remembered() -> None:
    engine = Revealing(poison="otravă")
    engine.error = EngineFailed("No.")
    memory = Remembering(engine)
    for _ in range(2):
        with pytest.raises(EngineFailed):
            memory.translate(["otravă"], "ro", DECODING)
    engine.poison = None
    assert memory.translate(["otravă"], "ro", DECODING) == expected("otravă")


def test_what_databases_do_not_take_is_remembered_in_memory_only(opened: Callable[..., Remembering]) -> None:
    engine = Revealing()
    memory = opened(engine)
    odd = ["jumătate \ud83d", "nul \0 aici", "bun"]
    assert memory.translate(odd, "ro", DECODING) == memory.translate(odd, "ro", DECODING) == expected(*odd)
    flushed(memory)
    assert len(engine.calls) == 1
    assert not memory.snapshot().degraded
    assert store_of(memory).snapshot().written == 1


def test_is_an_engine_itself() -> None:
    engine = Revealing()
    memory = Remembering(engine)
    assert memory.info is engine.info
    assert memory.max_input_tokens == 512
    assert memory.count_tokens(["a b"], "ro") == [3]
    memory.close()
    assert engine.closed == 1


# In front of the queue


def test_request_sent_again_finds_what_the_one_given_up_had_done(opened: Callable[..., Remembering]) -> None:
    engine = Revealing()
    engine.open.clear()
    memory = opened(Batching(engine))
    token = Cancellation()

    def impatient() -> None:
        with cancellation(token), pytest.raises(Cancelled):
            memory.translate(["o știre lungă"], "ro", DECODING)

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(impatient)
        assert engine.entered.acquire(timeout=PATIENCE)
        token.cancel()
        future.result(PATIENCE)
        engine.open.set()
        until(lambda: store_of(memory).snapshot().written == 1)
        assert memory.translate(["o știre lungă"], "ro", DECODING) == expected("o știre lungă")
    assert len(engine.calls) == 1


def test_many_threads_on_one_memory(opened: Callable[..., Remembering]) -> None:
    engine = Revealing(seconds=0.001)
    memory = opened(Batching(engine))

    def caller(number: int) -> bool:
        asked = [f"propoziția {(number * 7 + index) % 50}" for index in range(30)]
        return all(memory.translate(asked, "ro", DECODING) == expected(*asked) for _ in range(10))

    with ThreadPoolExecutor(32) as pool:
        assert all(pool.map(caller, range(64)))
    # Between a miss and the queue another request's answer may come in: then it is translated once more.
    assert sum(engine.seen.values()) < 200


# People win


def test_correction_wins_for_every_model_and_decoding(opened: Callable[..., Remembering]) -> None:
    memory = opened(Revealing())
    memory.translate(["Casa Albă tace."], "ro", DECODING)
    before = datetime.now(UTC)
    made = memory.put("ro", " Casa  Albă tace.", "The White House is silent.", author="ana")
    assert (made.source, made.english, made.author) == ("Casa Albă tace.", "The White House is silent.", "ana")
    assert abs(made.changed - before) < timedelta(minutes=5)
    other_model = opened(Revealing(sha256="5" * 64))
    for each, decoding in ((memory, DECODING), (memory, Decoding(beam=1)), (other_model, Decoding(beam=8))):
        for _ in range(2):
            asked = ["Casa Albă tace.", "altceva"]
            assert each.translate(asked, "ro", decoding) == [
                person("The White House is silent."),
                answer("altceva", "ro", decoding),
            ]
    assert memory.snapshot().human_hits == 4
    assert memory.get("ro", "Casa Albă tace.") == made
    assert memory.get("it", "Casa Albă tace.") is None


def test_correction_by_another_process_wins_at_once_and_can_be_taken_back(opened: Callable[..., Remembering]) -> None:
    here, there = opened(), opened()
    for english in ("first", "second"):
        here.translate(["casa"], "ro", DECODING)
        there.put("ro", "casa", english)
        assert here.translate(["casa"], "ro", DECODING) == [person(english)]
    assert there.delete("ro", "casa")
    assert not there.delete("ro", "casa")
    assert here.translate(["casa"], "ro", DECODING) == expected("casa")
    assert here.get("ro", "casa") is None


def test_correction_made_while_the_model_is_at_work_is_not_hidden(opened: Callable[..., Remembering]) -> None:
    engine = Revealing()
    engine.open.clear()
    memory = opened(Batching(engine))
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(memory.translate, ["casa"], "ro", DECODING)
        assert engine.entered.acquire(timeout=PATIENCE)
        memory.put("ro", "casa", "the house")
        assert memory.corrections(["casa"], "ro") == list(person("the house"))
        engine.open.set()
        assert slow.result(PATIENCE) == expected("casa")
    flushed(memory)
    assert memory.translate(["casa"], "ro", DECODING) == [person("the house")]


def test_corrections_of_whole_segments(opened: Callable[..., Remembering]) -> None:
    memory = opened()
    memory.put("ro", "DA", "YES")
    for _ in range(2):
        assert memory.corrections(["NU", "DA", "DA"], "ro") == [None, *person("YES"), *person("YES")]
    memory.put("ro", "NU", "NO")
    assert memory.corrections(["NU"], "ro") == list(person("NO"))
    assert Remembering(Revealing()).corrections(["NU"], "ro") == [None]


def test_corrections_are_filed_as_the_intake_spells(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    memory = Remembering(Revealing(), store, spell=lambda text, _: text.replace("ţ", "ț"))
    memory.put("ro", "Preţ", "Price")
    assert memory.translate(["Preț"], "ro", DECODING) == [person("Price")]
    assert memory.get("ro", "Preţ") is not None
    assert memory.delete("ro", "Preţ")
    memory.close()


@pytest.mark.parametrize(
    ("language", "source", "english", "author", "error", "field"),
    [
        ("fr", "maison", "house", None, UnsupportedLanguage, "language"),
        ("ro", " \n", "house", None, InvalidInput, "source"),
        ("ro", "casa", " ", None, InvalidInput, "english"),
        ("ro", "ca\0sa", "house", None, InvalidInput, "source"),
        ("ro", "casa", "ho\ud83duse", None, InvalidInput, "english"),
        ("ro", "casa", "house", "a\x07", InvalidInput, "author"),
        ("ro", "x" * 20_001, "house", None, TooLarge, "source"),
        ("ro", "casa", "house", "a" * 201, TooLarge, "author"),
    ],
)
def test_bad_corrections(
    opened: Callable[..., Remembering],
    language: str,
    source: str,
    english: str,
    author: str | None,
    error: type[Exception],
    field: str,
) -> None:
    with pytest.raises(error) as refused:
        opened().put(language, source, english, author)
    assert getattr(refused.value, "field", None) == field


def test_corrections_need_a_store() -> None:
    memory = Remembering(Revealing())
    for refused in (
        lambda: memory.put("ro", "a", "b"),
        lambda: memory.get("ro", "a"),
        lambda: memory.delete("ro", "a"),
        lambda: memory.export_tmx(io.BytesIO()),
        lambda: memory.import_tmx(io.BytesIO()),
    ):
        with pytest.raises(MemoryUnavailable):
            refused()


def test_export_and_import(opened: Callable[..., Remembering], tmp_path: Path) -> None:
    memory = opened()
    memory.translate(["doar mașina"], "ro", DECODING)
    for number in range(3):
        memory.put("it", f"frase <{number}>", f"sentence & {number}", "ugo" if number else None)
    made = [memory.get("it", f"frase <{number}>") for number in range(3)]
    stream = io.BytesIO()
    assert memory.export_tmx(stream) == 3
    other = Remembering(Revealing(), Store(f"sqlite:///{tmp_path / 'other.db'}"))
    stream.seek(0)
    done = other.import_tmx(stream)
    assert (done.stored, done.skipped) == (3, 0)
    assert [other.get("it", f"frase <{number}>") for number in range(3)] == made
    other.close()


def test_import_of_many_with_some_that_do_not_fit(opened: Callable[..., Remembering]) -> None:
    units = [tmx.Unit("ro", f"propoziția {number}", f"sentence {number}") for number in range(1300)]
    odd = [tmx.Unit("fr", "maison", "house"), tmx.Unit("ro", "x" * 30_000, "long"), tmx.Unit("ro", "propoziția 0", "s")]
    stream = io.BytesIO()
    tmx.write([*odd, *units], stream)
    stream.seek(0)
    memory = opened()
    done = memory.import_tmx(stream)
    assert (done.stored, done.skipped) == (1300, 3)
    assert memory.export_tmx(io.BytesIO()) == 1300
    assert memory.translate(["propoziția 0"], "ro", DECODING) == [person("sentence 0")], "the later one counts"
    with pytest.raises(InvalidInput):
        memory.import_tmx(io.BytesIO(b"nu e TMX"))


# Bounds


def test_cache_is_bounded_in_bytes() -> None:
    engine = Revealing()
    memory = Remembering(engine, cache_bytes=20_000)
    for number in range(500):
        memory.translate([f"propoziția {number}"], "ro", DECODING)
        memory.translate(["mereu aceeași"], "ro", DECODING)
    state = memory.snapshot()
    assert state.cached_bytes <= 20_000
    assert 5 < state.cached < 60
    assert engine.seen["mereu aceeași"] == 1, "what is used stays"
    memory.translate(["uriașă " * 10_000], "ro", DECODING)
    assert memory.snapshot().cached == state.cached, "what is larger than the cache does not empty it"


@pytest.mark.parametrize("limits", [{"max_rows": 100}, {"max_bytes": 40_000}])
def test_store_evicts_what_was_not_used_for_longest_but_no_corrections(
    opened: Callable[..., Remembering], limits: dict[str, int]
) -> None:
    memory = opened(**limits)
    memory.put("ro", "veche corectură", "old correction")
    for number in range(40):
        memory.translate([f"{number} {index}" for index in range(10)], "ro", DECODING)
        flushed(memory)
    state = store_of(memory).snapshot()
    assert 50 <= state.rows <= limits.get("max_rows", 200)
    assert state.bytes <= 40_000
    assert state.evicted >= 200
    engine = Revealing()
    fresh = opened(engine, **limits)
    assert fresh.translate(["veche corectură", "39 9"], "ro", DECODING) == [
        person("old correction"),
        *expected("39 9"),
    ]
    assert engine.calls == []
    fresh.translate(["0 0"], "ro", DECODING)
    assert len(engine.calls) == 1


def test_use_is_noted_at_most_now_and_then(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    memory = Remembering(Revealing(), store)
    old = time.time_ns() // 1000 - 3_600_000_000
    key = source_key("ro", "veche"), memory._variant(DECODING)
    store.keep([Row(*key, "ro", "veche", '[["old",-1.0]]', None, old // 10**6, old)])
    store.flush()
    for _ in range(5):
        assert memory.translate(["veche"], "ro", DECODING)[0][0].text == "old"
    assert list(store._touched) == [key]
    memory.close()
    with closing(sqlite3.connect(path)) as connection:
        [(used,)] = connection.execute("SELECT used FROM segments")
    assert used > old + 3_000_000_000


# Trouble


def works_without_memory(memory: Remembering, engine: Revealing, mark: str) -> None:
    before = len(engine.calls)
    asked = [f"{mark} {index}" for index in range(5)]
    assert memory.translate(asked, "ro", DECODING) == expected(*asked)
    assert len(engine.calls) == before + 1


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]


def test_full_disk(opened: Callable[..., Remembering], path: Path, caplog: pytest.LogCaptureFixture) -> None:
    engine = Revealing()
    memory = opened(engine, pragmas={"max_page_count": 16})
    for number in range(60):
        works_without_memory(memory, engine, f"{number} {'lung ' * 100}")
    until(lambda: memory.snapshot().degraded)
    state = store_of(memory).snapshot()
    assert (state.readable, state.writable) == (True, False)
    with pytest.raises(MemoryUnavailable):
        memory.put("ro", "casa", "house " * 3000)
    time.sleep(0.5)  # several times tried again by now
    assert len(warnings(caplog)) == 1
    assert "full" in warnings(caplog)[0]
    assert "lung" not in caplog.text
    store_of(memory).tables.pragmas.clear()
    until(lambda: not memory.snapshot().degraded)
    flushed(memory)
    assert store_of(memory).snapshot().waiting == 0
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchone() == (300,)
    assert memory.put("ro", "casa", "house")


def test_locked_database(opened: Callable[..., Remembering], path: Path, caplog: pytest.LogCaptureFixture) -> None:
    engine = Revealing()
    memory = opened(engine)
    memory.put("ro", "casa", "house")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        works_without_memory(memory, engine, "lacăt")
        assert memory.translate(["casa"], "ro", DECODING) == [person("house")], "reading goes on"
        until(lambda: memory.snapshot().degraded)
        with pytest.raises(MemoryUnavailable):
            memory.put("ro", "casa", "home")
    until(lambda: not memory.snapshot().degraded)
    flushed(memory)
    assert len(warnings(caplog)) == 1
    assert store_of(memory).snapshot().written == 5


def test_database_locked_for_readers_too(opened: Callable[..., Remembering], path: Path) -> None:
    memory = opened()
    flushed(memory)
    store_of(memory).tables.dispose()
    engine = Revealing()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE meta SET value = value")
        locked_out = opened(engine)
        assert locked_out.snapshot().degraded
        works_without_memory(locked_out, engine, "închis")
        with pytest.raises(MemoryUnavailable):
            locked_out.get("ro", "casa")
        with pytest.raises(MemoryUnavailable):
            locked_out.export_tmx(io.BytesIO())
        other.execute("ROLLBACK")
    until(lambda: not locked_out.snapshot().degraded)
    assert locked_out.put("ro", "casa", "house")


def test_read_only_store_is_still_read(opened: Callable[..., Remembering], caplog: pytest.LogCaptureFixture) -> None:
    memory = opened()
    memory.translate(["scris demult"], "ro", DECODING)
    flushed(memory)
    engine = Revealing()
    reader = opened(engine, pragmas={"query_only": "ON"})
    assert reader.translate(["scris demult"], "ro", DECODING) == expected("scris demult")
    assert engine.calls == []
    works_without_memory(reader, engine, "nou")
    assert reader.snapshot().degraded
    assert len(warnings(caplog)) == 1


def test_file_that_is_no_database(opened: Callable[..., Remembering], path: Path) -> None:
    path.write_bytes(b"nu e SQLite" * 1000)
    engine = Revealing()
    memory = opened(engine)
    assert memory.snapshot().degraded
    works_without_memory(memory, engine, "oricum")
    path.unlink()
    until(lambda: not memory.snapshot().degraded)
    flushed(memory)
    assert store_of(memory).snapshot().written == 5, "what was learnt meanwhile is not lost"


def test_database_damaged_while_in_use(opened: Callable[..., Remembering], path: Path) -> None:
    engine = Revealing()
    memory = opened(engine)
    memory.translate(ARTICLE, "ro", DECODING)
    flushed(memory)
    store_of(memory).tables.dispose()  # the connections' own caches would hide the damage
    with path.open("r+b") as file:
        file.seek(0)
        file.write(b"\xff" * path.stat().st_size)
    works_without_memory(memory, engine, "stricat")
    assert memory.snapshot().degraded
    assert memory.translate(ARTICLE, "ro", DECODING) == expected(*ARTICLE), "from the cache"


def test_damaged_row_is_written_anew(opened: Callable[..., Remembering], path: Path) -> None:
    memory = opened()
    memory.translate(["casa"], "ro", DECODING)
    flushed(memory)
    for damage in ("[[", "[1]", '[["a"]]', "{}", "[]"):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE segments SET answers = ?", [damage])
        fresh = opened()
        assert fresh.translate(["casa"], "ro", DECODING) == expected("casa")
        flushed(fresh)
        again = opened(engine := Revealing())
        assert again.translate(["casa"], "ro", DECODING) == expected("casa")
        assert engine.calls == []


def test_store_of_another_version_is_left_alone(opened: Callable[..., Remembering], path: Path) -> None:
    memory = opened()
    memory.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = 99 WHERE name = 'schema'")
    engine = Revealing()
    newer = opened(engine)
    assert newer.snapshot().degraded
    works_without_memory(newer, engine, "viitor")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchone() == (0,)


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    engine = Revealing()
    folder = tmp_path / "later"
    memory = Remembering(engine, Store(f"sqlite:///{folder / 'memory.db'}", retry=0.05))
    works_without_memory(memory, engine, "fără dosar")
    folder.mkdir()
    until(lambda: not memory.snapshot().degraded)
    memory.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_urls_that_cannot_be_meant(url: str) -> None:
    with pytest.raises(ValueError, match="translation memory"):
        Store(url)


def test_rows_that_wait_for_a_failing_disk_are_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.translation.store._WAITING", 100)
    path.write_bytes(b"not a database" * 500)
    memory = Remembering(Revealing(), Store(f"sqlite:///{path}", retry=60))
    for number in range(30):
        memory.translate([f"{number} {index}" for index in range(10)], "ro", DECODING)
    state = store_of(memory).snapshot()
    assert (state.waiting, state.forgotten) == (100, 200)
    memory.close()


def test_close_leaves_no_thread(path: Path) -> None:
    before = set(threading.enumerate())
    memory = Remembering(Batching(Revealing()), Store(f"sqlite:///{path}"))
    memory.translate(["unu"], "ro", DECODING)
    memory.close()
    assert set(threading.enumerate()) <= before
    with pytest.raises(MemoryUnavailable):
        memory.put("ro", "a", "b")


KILLED = """
import sys
from service.translation.engine import Decoding
from service.translation.memory import Remembering
from service.translation.store import Store
from tests.translation.revealing import Revealing

store = Store("sqlite:///" + sys.argv[1])
memory = Remembering(Revealing(), store)
for number in range(1_000_000):
    memory.translate([f"{number} {index}" for index in range(20)], "ro", Decoding())
    memory.put("ro", f"corectura {number}", f"correction {number}")
    if number % 10 == 9:
        store.flush()
        print(number, flush=True)
"""


def test_memory_is_intact_after_sigkill(opened: Callable[..., Remembering], path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True
    ) as process:
        assert process.stdout
        last = [int(process.stdout.readline()) for _ in range(4)][-1]
        time.sleep(0.05)  # into the middle of the next round
        process.kill()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    engine = Revealing()
    memory = opened(engine)
    for number in range(last + 1):
        asked = [f"{number} {index}" for index in range(20)]
        assert memory.translate(asked, "ro", Decoding()) == expected(*asked, decoding=Decoding())
        assert memory.translate([f"corectura {number}"], "ro", Decoding()) == [person(f"correction {number}")]
    assert engine.calls == []
    assert memory.put("ro", "după", "after")


# PostgreSQL


def test_postgresql_takes_the_tables() -> None:
    dialect = PGDialect()  # type: ignore[no-untyped-call]
    made = str(CreateTable(segments).compile(dialect=dialect))
    assert made.count("BYTEA") == 2
    assert "BIGINT" in made


@pytest.mark.skipif("TOLMACH_TEST_POSTGRESQL" not in os.environ, reason="TOLMACH_TEST_POSTGRESQL names no database")
def test_on_postgresql() -> None:
    url = os.environ["TOLMACH_TEST_POSTGRESQL"]
    silent = Revealing()
    first, second = (Remembering(engine, Store(url, max_rows=1000)) for engine in (Revealing(), silent))
    assert not first.snapshot().degraded
    for _ in range(2):
        assert first.translate(ARTICLE, "ro", DECODING) == expected(*ARTICLE)
        flushed(first)
    assert second.translate(ARTICLE, "ro", DECODING) == expected(*ARTICLE)
    assert silent.calls == []
    first.put("ro", ARTICLE[0], "The first.", "ana")
    assert second.translate(ARTICLE[:1], "ro", DECODING) == [person("The first.")]
    assert second.export_tmx(io.BytesIO()) == 1
    assert first.delete("ro", ARTICLE[0])
    assert second.translate(ARTICLE[:1], "ro", DECODING) == expected(ARTICLE[0])
    for number in range(30):
        first.translate([f"{number} {index}" for index in range(50)], "ro", DECODING)
    flushed(first)
    assert store_of(first).snapshot().rows <= 1000
    assert not first.snapshot().degraded
    first.close()
    second.close()


# What it costs


def test_sql_of_one_lookup_is_one_query(path: Path) -> None:
    tables = Tables(f"sqlite:///{path}", patience=1)
    tables.prepare()
    seen: list[object] = []

    def hear(*what: object) -> None:
        seen.append(what)

    event.listen(tables._reader, "before_cursor_execute", hear)
    tables.lookup([bytes([number]) for number in range(200)], [HUMAN, b"x"])
    assert len(seen) == 1
    tables.dispose()
