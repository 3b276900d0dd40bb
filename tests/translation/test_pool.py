"""Which models are in memory, and which give way."""

import threading
import time

import pytest

from service.errors import Cancelled, DeadlineExceeded, EngineFailed, ModelFileError
from service.translation import catalog
from service.translation.cancellation import Cancellation, cancellation
from service.translation.engine import Decoding, Engine
from service.translation.fake import FakeEngine
from service.translation.pool import Lazy, Pool, State
from tests.translation.conftest import EMBEDDED


class Loading:
    """Loads fake engines, and remembers which were loaded, and which are open."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.engines: dict[str, FakeEngine] = {}
        self.fails: set[str] = set()

    def __call__(self, entry: catalog.ModelEntry) -> Engine:
        if entry.id in self.fails:
            raise ModelFileError(f"{entry.id}: changed")
        self.loaded.append(entry.id)
        self.engines[entry.id] = FakeEngine(delay=0.01)
        return self.engines[entry.id]

    @property
    def open(self) -> set[str]:
        return {name for name, engine in self.engines.items() if not engine.closed}


@pytest.fixture
def loading() -> Loading:
    return Loading()


def entries(**sizes: int) -> dict[str, catalog.ModelEntry]:
    return {name: EMBEDDED.model_copy(update={"id": name, "memory_mb": size}) for name, size in sizes.items()}


def test_the_longest_unused_gives_way(loading: Loading) -> None:
    known = entries(a=100, b=100, c=150)
    pool = Pool(loading, 300)
    lazy = {name: Lazy(pool, entry, "fake") for name, entry in known.items()}
    for name in ("a", "b", "a"):
        assert lazy[name].translate(["casa"], "ro", Decoding())
    assert loading.loaded == ["a", "b"]
    lazy["c"].translate(["casa"], "ro", Decoding())
    assert loading.open == {"a", "c"}
    assert [pool.state(name) for name in "abc"] == [State.LOADED, State.HERE, State.LOADED]
    lazy["b"].count_tokens(["casa"], "ro")
    assert loading.open == {"b", "c"}
    pool.close()
    assert loading.open == set()


def test_without_a_bound_nothing_gives_way(loading: Loading) -> None:
    pool = Pool(loading)
    for entry in entries(a=1000, b=1000, c=1000).values():
        with pool.use(entry):
            pass
    assert loading.open == {"a", "b", "c"}


def test_a_model_larger_than_the_bound_is_loaded_alone(loading: Loading) -> None:
    pool = Pool(loading, 100)
    for entry in entries(a=50, b=500).values():
        with pool.use(entry):
            pass
    assert loading.open == {"b"}


def test_a_model_in_use_finishes_before_it_gives_way(loading: Loading) -> None:
    known = entries(a=100, b=100)
    pool = Pool(loading, 100)
    with pool.use(known["a"]) as engine:
        thread = threading.Thread(target=lambda: Lazy(pool, known["b"], "fake").count_tokens(["casa"], "ro"))
        thread.start()
        time.sleep(0.1)
        assert loading.loaded == ["a"]
        assert not loading.engines["a"].closed
        assert engine.translate(["casa"], "ro", Decoding())
    thread.join(30)
    assert loading.open == {"b"}


def test_a_model_that_hangs_does_not_hold_up_the_end(loading: Loading, caplog: pytest.LogCaptureFixture) -> None:
    known = entries(a=100, b=100)
    pool = Pool(loading)
    with pool.use(known["b"]):
        pass
    with pool.use(known["a"]) as engine:
        pool.close(timeout=0.05)
        assert loading.open == {"a"}, "an engine in use must not be torn down"
        assert engine.translate(["casa"], "ro", Decoding())
    assert "model a is still in use" in caplog.text
    pool.close()
    assert loading.open == set()


def test_many_callers_of_more_models_than_fit_are_all_answered(loading: Loading) -> None:
    known = entries(a=100, b=100, c=100)
    pool = Pool(loading, 200)
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(5):
                ((answer,),) = Lazy(pool, known[name], "fake").translate([f"casa {number}"], "ro", Decoding())
                assert answer.text.endswith(str(number))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcabcabc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert failures == []
    assert len(loading.open) <= 2


def test_a_model_is_loaded_once_however_many_ask(loading: Loading) -> None:
    entry = entries(a=100)["a"]
    pool = Pool(loading)
    threads = [
        threading.Thread(target=lambda: Lazy(pool, entry, "fake").count_tokens(["casa"], "ro")) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert loading.loaded == ["a"]


def test_a_model_that_cannot_be_loaded_is_an_error_of_its_callers_alone(loading: Loading) -> None:
    known = entries(a=100, b=100)
    pool = Pool(loading)
    loading.fails.add("a")
    for _ in range(2):
        with pytest.raises(ModelFileError, match="changed"):
            Lazy(pool, known["a"], "fake").count_tokens(["casa"], "ro")
    assert pool.state("a") is State.HERE
    assert Lazy(pool, known["b"], "fake").count_tokens(["casa"], "ro")
    loading.fails.clear()
    assert Lazy(pool, known["a"], "fake").count_tokens(["casa"], "ro")


def test_an_error_of_the_engine_lets_go_of_it(loading: Loading) -> None:
    known = entries(a=100, b=100)
    pool = Pool(loading, 100)
    with pytest.raises(EngineFailed):
        Lazy(pool, known["a"], "fake").translate(["Haus"], "de", Decoding())
    assert Lazy(pool, known["b"], "fake").count_tokens(["casa"], "ro")
    assert loading.open == {"b"}


def test_a_request_that_waits_for_a_model_is_late_in_time(loading: Loading) -> None:
    entry = entries(a=100)["a"]
    begun, gate = threading.Event(), threading.Event()

    def slowly(entry: catalog.ModelEntry) -> Engine:
        begun.set()
        assert gate.wait(30)
        return loading(entry)

    pool = Pool(slowly)
    thread = threading.Thread(target=lambda: Lazy(pool, entry, "fake").count_tokens(["casa"], "ro"))
    thread.start()
    assert begun.wait(30)
    with cancellation(Cancellation(0.05)), pytest.raises(DeadlineExceeded):
        Lazy(pool, entry, "fake").count_tokens(["casa"], "ro")
    gate.set()
    thread.join(30)
    assert Lazy(pool, entry, "fake").count_tokens(["casa"], "ro")


def test_a_request_that_waits_for_another_model_to_give_way_is_late_in_time(loading: Loading) -> None:
    known = entries(a=100, b=100)
    pool = Pool(loading, 100)
    with pool.use(known["a"]):
        with cancellation(Cancellation(0.05)), pytest.raises(DeadlineExceeded):
            Lazy(pool, known["b"], "fake").count_tokens(["casa"], "ro")
        given_up = Cancellation()
        given_up.cancel()
        with cancellation(given_up), pytest.raises(Cancelled):
            Lazy(pool, known["b"], "fake").count_tokens(["casa"], "ro")
        assert (pool.state("a"), pool.state("b")) == (State.LOADED, State.HERE)
        assert Lazy(pool, known["a"], "fake").count_tokens(["casa"], "ro"), "it stays, and takes new calls"
    assert Lazy(pool, known["b"], "fake").count_tokens(["casa"], "ro")
    assert (loading.loaded, loading.open) == (["a", "b"], {"b"})
