"""Which model translates what, which ones are in memory, and what the service says of them."""

import logging
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from service.app import create_app
from service.errors import (
    BadSetting,
    InvalidInput,
    ModelFileError,
    ModelUnavailable,
    UnknownModel,
    UnsupportedLanguage,
)
from service.settings import Settings
from service.translation import catalog
from service.translation.fake import FakeEngine
from service.translation.pool import State
from service.translation.routing import Router
from tests.translation.conftest import EMBEDDED, MODELS, split_up
from tests.translation.contract import KINDS

OTHER = "tolmach-other"
PLAIN = {"Content-Type": "text/plain"}
TEXTS = {"ro": "Primarul a venit la timp.", "it": "Il sindaco è arrivato in tempo.", "uk": "Мер прийшов вчасно."}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded model twice, under two names, and a public one that is not here."""
    folder = tmp_path_factory.mktemp("models")
    own = catalog.read(MODELS).get(EMBEDDED.id)
    text = "[[model]]\nid = 'x'\n"
    written = []
    for name in (EMBEDDED.id, OTHER):
        (folder / name).symlink_to(MODELS / EMBEDDED.id)
        text = f'[[model]]\nid = "{name}"\n'
        written.append(catalog.replace_entry(text, own.model_copy(update={"id": name, "memory_mb": 100})))
    absent = KINDS["nllb"].entry("absent").replace("source =", 'repository = "a/b"\npin = "on first pull"\nsource =')
    (folder / "catalog.toml").write_text("\n\n".join([*written, absent]))
    return folder


def settings(models: Path, **more: object) -> Settings:
    return Settings(models_dir=models, memory="off", threads=1, **more)  # type: ignore[arg-type]


def test_a_service_with_two_models_routes_by_language_and_by_request(models: Path) -> None:
    with TestClient(create_app(settings(models, routes=f"uk={OTHER}"))) as client:
        states = {each["id"]: each for each in client.get("/v1/models").json()}
        assert {name: each["state"] for name, each in states.items()} == {
            EMBEDDED.id: "loaded",
            OTHER: "here",
            "absent": "absent",
        }
        assert states[OTHER]["default_for"] == ["uk"]
        assert states[EMBEDDED.id]["default_for"] == ["ro", "it"]
        assert states[EMBEDDED.id]["queue"] == {"waiting_sentences": 0, "running_sentences": 0}
        assert states["absent"]["sha256"] == ""
        used = {
            language: client.post("/v1/translate", json={"text": text, "source": language}).json()["model"]["id"]
            for language, text in TEXTS.items()
        }
        assert used == {"ro": EMBEDDED.id, "it": EMBEDDED.id, "uk": OTHER}
        for path in ("articles", "translate", "summarize"):
            reply = client.post(f"/v1/{path}", json={"text": TEXTS["ro"] * 2, "source": "ro", "model": OTHER})
            assert reply.json()["model"]["id"] == OTHER, path
            assert reply.json()["model"]["instead_of"] is None
        reply = client.post("/v1/translate?source=it&model=absent", content=TEXTS["it"].encode(), headers=PLAIN)
        assert (reply.status_code, reply.json()["code"]) == (503, "model_unavailable")
        reply = client.post("/v1/translate", json={"text": TEXTS["it"], "model": "nothing"})
        assert (reply.status_code, reply.json()["code"]) == (422, "unknown_model")
        loaded = {each["id"]: each["loaded"] for each in client.get("/v1/models").json()}
        assert loaded == {EMBEDDED.id: True, OTHER: True, "absent": False}
        metrics = client.get("/metrics").text
        for name in (EMBEDDED.id, OTHER):
            assert f'tolmach_queue_sentences_total{{model="{name}"}}' in metrics
            assert f'tolmach_memory_misses_total{{model="{name}"}}' in metrics
        assert 'model="absent"' not in metrics


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded model under three names, each for one language, and a public one that is not here."""
    folder = tmp_path_factory.mktemp("apart")
    split_up(folder, {EMBEDDED.id: "it", OTHER: "ro", "third": "uk"})
    absent = KINDS["nllb"].entry("absent").replace("source =", 'repository = "a/b"\npin = "on first pull"\nsource =')
    with (folder / "catalog.toml").open("a") as file:
        file.write(f"\n\n{absent}")
    return folder


def test_a_language_of_no_model_is_not_offered_and_refused_by_its_name(
    apart: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), TestClient(create_app(settings(apart, routes={"ro": OTHER}))) as client:
        assert caplog.messages == [f"texts in Ukrainian will be refused: model {EMBEDDED.id} does not translate it"]
        languages = {each["code"]: each["translated"] for each in client.get("/v1/languages").json()}
        assert languages == {"ro": True, "it": True, "en": False}
        states = client.get("/v1/models").json()
        assert {each["id"]: each["queue"] for each in states if each["id"] != EMBEDDED.id} == {
            OTHER: None,  # to look took no model up
            "third": None,
            "absent": None,
        }
        refused = client.post("/v1/translate", json={"text": TEXTS["uk"], "source": "uk"})
        assert refused.status_code == 422
        assert (refused.json()["code"], refused.json()["field"]) == ("unsupported_language", "source")
        assert f"Ukrainian (uk) is not translated here: the settings give it to model '{EMBEDDED.id}'" in refused.text
        refused = client.post("/v1/translate", json={"text": TEXTS["uk"], "source": "uk", "model": OTHER})
        assert (refused.json()["code"], refused.json()["field"]) == ("invalid_input", "model")
        named = client.post("/v1/translate", json={"text": TEXTS["uk"], "source": "uk", "model": "third"})
        assert named.json()["model"]["id"] == "third"


@pytest.mark.parametrize(("fallback", "translates"), [(EMBEDDED.id, False), ("third", True)])
def test_a_fallback_translates_what_it_can(
    apart: Path, fallback: str, translates: bool, caplog: pytest.LogCaptureFixture
) -> None:
    router = Router(settings(apart, routes="uk=absent ro=tolmach-other", fallback=fallback))
    assert router.translates("uk") is translates
    with caplog.at_level(logging.WARNING):
        assert router.start() is None
    refused = [message for message in caplog.messages if "refused" in message]
    assert refused == (
        [] if translates else [f"texts in Ukrainian will be refused: model {fallback} does not translate it"]
    )
    router.close()


def test_a_model_that_went_away_is_not_the_caller_s_fault(apart: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    shutil.copytree(apart, folder, symlinks=True)
    router = Router(settings(folder, routes="uk=third"))
    assert router.translates("uk")
    (folder / "third").unlink()
    assert not router.translates("uk")
    for model, field in ((None, None), ("third", "model")):
        with pytest.raises(ModelUnavailable, match="third") as error:
            router.choose("uk", model)
        assert error.value.field == field
    router.close()


def test_corrections_are_of_the_languages_of_all_models(apart: Path, tmp_path: Path) -> None:
    """The default knows Italian only; Romanian has a route, and Ukrainian is there for who names its model."""
    memory = f"sqlite:///{tmp_path}/memory.sqlite3"
    chosen = Settings(models_dir=apart, memory=memory, threads=1, routes={"ro": OTHER})
    with TestClient(create_app(chosen)) as client:
        for language, model in (("ro", OTHER), ("uk", "third")):
            body = {"language": language, "source": TEXTS[language], "english": f"A person wrote {language}."}
            client.put("/v1/memory", json=body).raise_for_status()
            asked = {"text": TEXTS[language], "source": language, "model": model}
            segment = client.post("/v1/translate", json=asked).json()["translation"]["segments"][0]
            assert (segment["english"]["text"], segment["human"]) == (body["english"], True)
        refused = client.put("/v1/memory", json={"language": "de", "source": "Haus", "english": "house"})
        assert (refused.status_code, refused.json()["code"]) == (422, "unsupported_language")


def test_a_fallback_stands_in_for_a_default_model_that_is_not_installed(models: Path) -> None:
    router = Router(settings(models, model="absent", fallback=EMBEDDED.id))
    assert router.start() is None
    assert {state.entry.id for state in router.states() if state.state is State.LOADED} == {EMBEDDED.id}
    choice = router.choose("uk")
    assert (choice.info.id, choice.info.instead_of) == (EMBEDDED.id, "absent")
    router.close()


def test_a_fallback_does_the_work_of_a_missing_model_and_the_reply_says_so(models: Path) -> None:
    chosen = settings(models, routes="uk=absent", fallback=EMBEDDED.id)
    with TestClient(create_app(chosen)) as client:
        model = client.post("/v1/translate", json={"text": TEXTS["uk"], "source": "uk"}).json()["model"]
        assert (model["id"], model["instead_of"]) == (EMBEDDED.id, "absent")
        reply = client.post("/v1/translate?source=uk", content=TEXTS["uk"].encode(), headers=PLAIN)
        assert reply.headers["X-Model-Instead-Of"] == "absent"
        reply = client.post("/v1/translate?source=ro", content=TEXTS["ro"].encode(), headers=PLAIN)
        assert "X-Model-Instead-Of" not in reply.headers


@pytest.mark.parametrize(
    ("more", "error", "named"),
    [
        ({"routes": "uk=absent"}, ModelFileError, "absent.*models pull"),
        ({"routes": "uk=nothing"}, UnknownModel, "nothing"),
        ({"routes": f"de={OTHER}"}, BadSetting, "'de'"),
        ({"model": "absent"}, ModelFileError, "absent"),
        ({"fallback": "absent"}, ModelFileError, "absent"),
    ],
)
def test_a_service_that_cannot_do_what_its_settings_say_does_not_start(
    models: Path, more: dict[str, str], error: type[Exception], named: str
) -> None:
    with pytest.raises(error, match=named):
        Router(settings(models, **more))


def test_a_model_is_chosen_by_request_then_language_then_setting(models: Path) -> None:
    router = Router(settings(models, routes={"it": OTHER}))
    assert router.choose("it").info.id == OTHER
    assert router.choose("it", EMBEDDED.id).info.id == EMBEDDED.id
    assert router.choose("ro").info.id == router.choose("en").info.id == EMBEDDED.id
    with pytest.raises(ModelUnavailable, match="absent"):
        router.choose("it", "absent")
    with pytest.raises(InvalidInput, match="does not translate 'de'") as error:
        router.choose("de", OTHER)
    assert error.value.field == "model"
    with pytest.raises(
        UnsupportedLanguage, match=rf"German \(de\) is not .* '{EMBEDDED.id}', which has ro, it, uk"
    ) as error:
        router.choose("de")
    assert error.value.field == "source"
    assert {each.entry.id: each.state for each in router.states()} == {
        EMBEDDED.id: State.HERE,
        OTHER: State.HERE,
        "absent": State.ABSENT,
    }
    router.close()


def test_a_changed_file_is_found_when_the_model_is_loaded_and_never_papered_over(models: Path, tmp_path: Path) -> None:
    copy = tmp_path / "models"
    shutil.copytree(models, copy)
    build = copy / OTHER / str(EMBEDDED.build) / "model.bin"
    content = bytearray(build.read_bytes())
    content[-1] ^= 1
    build.write_bytes(content)
    with TestClient(
        create_app(settings(copy, routes=f"uk={OTHER}", fallback=EMBEDDED.id)), raise_server_exceptions=False
    ) as client:
        reply = client.post("/v1/translate", json={"text": TEXTS["uk"], "source": "uk"})
        assert (reply.status_code, reply.json()["code"]) == (500, "model_file")
        assert client.post("/v1/translate", json={"text": TEXTS["ro"], "source": "ro"}).status_code == 200


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        ("", {}),
        ("ro=a", {"ro": "a"}),
        ("ro=a uk=b", {"ro": "a", "uk": "b"}),
        (" ro=a,uk=b ,it=c", {"ro": "a", "uk": "b", "it": "c"}),
    ],
)
def test_routes_are_read_from_the_environment(
    text: str, routes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLMACH_ROUTES", text)
    assert Settings().routes == routes


@pytest.mark.parametrize("text", ["ro", "=a", "ro=", "ro = a"])
def test_routes_that_are_no_pairs_are_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="pairs"):
        Settings(routes=text)


def test_a_given_engine_takes_everything() -> None:
    engine = FakeEngine()
    router = Router(Settings(routes={"ro": "nothing"}), engine=engine)
    assert router.choose("ro").info.id == "fake"
    assert router.choose("uk", "fake").info.id == "fake"
    with pytest.raises(UnknownModel, match="only 'fake'"):
        router.choose("ro", EMBEDDED.id)
    assert router.start() is None
    router.close()
    assert engine.closed
