"""The translation memory: nothing twice, people win, and a disk that fails is nobody's problem but the operator's."""

from __future__ import annotations

import io
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Cancelled, EngineFailed, InvalidInput, MemoryUnavailable, TooLarge, UnsupportedLanguage
from service.translation import tmx
from service.translation.batching import Batching
from service.translation.cancellation import Cancellation, cancellation
from service.translation.engine import Decoding
from service.translation.memory import Remembering, normalised, source_key
from service.translation.store import Store
from service.types import Hypothesis
from tests.translation.remembered import (
    ARTICLE,
    DECODING,
    PATIENCE,
    Opened,
    expected,
    flushed,
    person,
    shut,
    store_of,
    until,
)
from tests.translation.revealing import Revealing, answer

# Nothing twice


def test_republished_article_never_reaches_the_engine() -> None:
    engine = Revealing()
    memory = Remembering(engine)
    assert memory.translate(ARTICLE, "ro", DECODING) == expected(*ARTICLE)
    assert memory.translate(ARTICLE[::-1], "ro", DECODING) == expected(*ARTICLE[::-1])
    assert len(engine.calls) == 1
    state = memory.snapshot()
    assert (state.misses, state.hits, state.store) == (40, 40, None)


def test_memory_outlives_the_process(opened: Opened) -> None:
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


def test_closing_one_memory_leaves_the_store_to_the_others(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    first, second = (Remembering(Revealing(sha256=name * 64), store) for name in "ab")
    first.close()
    second.translate(ARTICLE, "ro", DECODING)
    second.close()
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchone() == (len(ARTICLE),)


def test_closing_the_store_writes_what_waits(opened: Opened, path: Path) -> None:
    memory = opened()
    memory.translate(ARTICLE, "ro", DECODING)
    shut(memory)
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
    ("decoding", "language", "sha256", "variant", "glossary"),
    [
        (Decoding(beam=3, hypotheses=2), "ro", "0" * 64, "", ""),
        (Decoding(beam=2, hypotheses=2, repetition_penalty=1.2), "ro", "0" * 64, "", ""),
        (DECODING, "it", "0" * 64, "", ""),
        (DECODING, "ro", "1" * 64, "", ""),
        (DECODING, "ro", "0" * 64, "cuda", ""),
        (DECODING, "ro", "0" * 64, "", "2"),
    ],
)
def test_what_changes_the_answer_changes_the_key(
    path: Path, decoding: Decoding, language: str, sha256: str, variant: str, glossary: str
) -> None:
    store = Store(f"sqlite:///{path}")
    first, second = Revealing(), Revealing(sha256=sha256, variant=variant)
    Remembering(first, store).translate(["casa"], "ro", DECODING)
    store.flush()
    memory = Remembering(second, store, glossary=glossary)
    assert memory.translate(["casa"], language, decoding) == expected("casa", language=language, decoding=decoding)
    assert len(second.calls) == 1
    shut(memory)


def test_a_correction_answers_for_every_variant_of_a_model(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    Remembering(Revealing(variant="cpu"), store).put("ro", "casa", "the house")
    memory = Remembering(Revealing(variant="cuda"), store)
    assert memory.translate(["casa"], "ro", DECODING) == [person("the house")]
    shut(memory)


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


def test_what_databases_do_not_take_is_remembered_in_memory_only(opened: Opened) -> None:
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


def test_request_sent_again_finds_what_the_one_given_up_had_done(opened: Opened) -> None:
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


def test_many_threads_on_one_memory(opened: Opened) -> None:
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


def test_correction_wins_for_every_model_and_decoding(opened: Opened) -> None:
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


def test_correction_by_another_process_wins_at_once_and_can_be_taken_back(opened: Opened) -> None:
    here, there = opened(), opened()
    for english in ("first", "second"):
        here.translate(["casa"], "ro", DECODING)
        there.put("ro", "casa", english)
        assert here.translate(["casa"], "ro", DECODING) == [person(english)]
    assert there.delete("ro", "casa")
    assert not there.delete("ro", "casa")
    assert here.translate(["casa"], "ro", DECODING) == expected("casa")
    assert here.get("ro", "casa") is None


def test_correction_made_while_the_model_is_at_work_is_not_hidden(opened: Opened) -> None:
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


def fail_once(memory: Remembering, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next lookup fails, and before the caller goes on the store's own thread finds that it can be read again."""
    store = store_of(memory)
    lookup = store.lookup

    def broken(*_: object) -> NoReturn:
        raise OSError("no disk")

    def recovering(*wanted: list[bytes]) -> object:
        with monkeypatch.context() as context:
            context.setattr(store.tables, "lookup", broken)
            found = lookup(*wanted)
        until(lambda: store.snapshot().readable)
        monkeypatch.setattr(store, "lookup", lookup)
        return found

    monkeypatch.setattr(store, "lookup", recovering)


def test_who_looked_in_vain_does_not_remember_that_nobody_corrected(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = opened()
    memory.put("ro", "NU", "NO")
    assert memory.corrections(["DA"], "ro") == [None]
    fail_once(memory, monkeypatch)
    cached = memory.snapshot().cached
    assert memory.corrections(["NU"], "ro") == [None]
    assert memory.snapshot().cached == cached
    assert memory.corrections(["NU"], "ro") == list(person("NO"))


def test_what_a_model_said_while_nobody_could_look_hides_no_correction(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = opened()
    memory.put("ro", "casa", "the house")
    memory.translate(["altceva"], "ro", DECODING)
    fail_once(memory, monkeypatch)
    assert memory.translate(["casa"], "ro", DECODING) == expected("casa")
    assert memory.translate(["casa"], "ro", DECODING) == [person("the house")]


def test_corrections_of_whole_segments(opened: Opened) -> None:
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
    shut(memory)


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
    opened: Opened,
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


def test_corrections_are_of_every_language_that_is_translated_by_whatever_model(path: Path) -> None:
    memory = Remembering(Revealing(), Store(f"sqlite:///{path}"), languages={"fr", "ro"})
    memory.put("fr", "maison", "house")
    assert memory.get("fr", "maison") is not None
    with pytest.raises(UnsupportedLanguage, match="fr, ro into English, not of 'it'"):
        memory.put("it", "casa", "house")
    shut(memory)


def test_corrections_need_a_store() -> None:
    memory = Remembering(Revealing())
    for refused in (
        lambda: memory.put("ro", "a", "b"),
        lambda: memory.get("ro", "a"),
        lambda: memory.delete("ro", "a"),
        memory.export_tmx,
        lambda: memory.import_tmx(io.BytesIO()),
    ):
        with pytest.raises(MemoryUnavailable):
            refused()


def test_export_and_import(opened: Opened, tmp_path: Path) -> None:
    memory = opened()
    memory.translate(["doar mașina"], "ro", DECODING)
    for number in range(3):
        memory.put("it", f"frase <{number}>", f"sentence & {number}", "ugo" if number else None)
    made = [memory.get("it", f"frase <{number}>") for number in range(3)]
    file = b"".join(memory.export_tmx())
    other = Remembering(Revealing(), Store(f"sqlite:///{tmp_path / 'other.db'}"))
    done = other.import_tmx(io.BytesIO(file))
    assert (done.stored, done.skipped) == (3, 0)
    assert [other.get("it", f"frase <{number}>") for number in range(3)] == made
    shut(other)


def test_import_of_many_with_some_that_do_not_fit(opened: Opened) -> None:
    units = [tmx.Unit("ro", f"propoziția {number}", f"sentence {number}") for number in range(1300)]
    odd = [tmx.Unit("fr", "maison", "house"), tmx.Unit("ro", "x" * 30_000, "long"), tmx.Unit("ro", "propoziția 0", "s")]
    memory = opened()
    done = memory.import_tmx(io.BytesIO(b"".join(tmx.parts([*odd, *units]))))
    assert (done.stored, done.skipped) == (1300, 3)
    assert b"".join(memory.export_tmx()).count(b"<tu ") == 1300
    assert memory.translate(["propoziția 0"], "ro", DECODING) == [person("sentence 0")], "the later one counts"
    with pytest.raises(InvalidInput):
        memory.import_tmx(io.BytesIO(b"nu e TMX"))
