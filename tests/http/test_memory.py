"""What editors correct is the English of its segment from then on; a republished article does not call the engine."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.errors import BadSetting
from service.settings import Settings
from service.translation import tmx
from service.translation.fake import FakeEngine
from tests.http.test_problems import assert_problem

SOURCE = "Guvernul a alocat 6.000 de lei."
TEXT = f"{SOURCE} Plouă la Iași."
TMX = {"Content-Type": "application/x-tmx+xml"}


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def service(tmp_path: Path, engine: FakeEngine) -> Iterator[TestClient]:
    settings = Settings(memory=f"sqlite:///{tmp_path}/memory.sqlite3")
    with TestClient(create_app(settings, engine)) as client:
        yield client


def english(client: TestClient) -> list[str]:
    reply = client.post("/v1/translate", json={"text": TEXT, "source": "ro"}).json()
    return [segment["english"]["text"] for segment in reply["translation"]["segments"]]


def test_a_correction_wins_and_is_not_repaired_until_it_is_taken_back(service: TestClient) -> None:
    machine = english(service)
    said = "The government set six hundred lei aside."
    body = {"language": "ro", "source": SOURCE, "english": said, "author": "desk"}
    assert service.put("/v1/memory", json=body).json()["author"] == "desk"
    reply = service.post("/v1/translate", json={"text": TEXT, "source": "ro"}).json()
    first, second = reply["translation"]["segments"]
    assert (first["english"]["text"], first["human"]) == (body["english"], True)
    assert (second["english"]["text"], second["human"]) == (machine[1], False)
    assert reply["figures"][0]["check"] == "changed"
    where = {"language": "ro", "source": SOURCE}
    assert service.get("/v1/memory", params=where).json()["english"] == body["english"]
    assert service.delete("/v1/memory", params=where).status_code == 204
    assert english(service) == machine
    assert_problem(service.get("/v1/memory", params=where), 404, "no_correction")
    assert_problem(service.delete("/v1/memory", params=where), 404, "no_correction")


def test_a_language_that_nothing_is_translated_from_has_no_corrections(service: TestClient) -> None:
    where = {"language": "english", "source": SOURCE}
    replies = (
        service.put("/v1/memory", json={**where, "english": "x"}),
        service.get("/v1/memory", params=where),
        service.delete("/v1/memory", params=where),
    )
    for reply in replies:
        assert assert_problem(reply, 422, "unsupported_language", "english")["field"] == "language"


def test_corrections_travel_as_tmx(service: TestClient) -> None:
    service.put("/v1/memory", json={"language": "ro", "source": SOURCE, "english": "Six thousand <lei>."})
    file = service.get("/v1/memory/tmx")
    assert file.headers["content-type"].startswith("application/x-tmx+xml")
    service.delete("/v1/memory", params={"language": "ro", "source": SOURCE})
    assert service.post("/v1/memory/tmx", content=file.content, headers=TMX).json() == {"stored": 1, "skipped": 0}
    assert english(service)[0] == "Six thousand <lei>."
    assert_problem(service.post("/v1/memory/tmx", content=b"<tmx", headers=TMX), 422, "invalid_input")


@pytest.mark.parametrize("kind", ["application/xml", "text/xml; charset=utf-8", "Application/X-TMX+XML"])
def test_a_tmx_file_may_be_called_xml(service: TestClient, kind: str) -> None:
    file = b"".join(tmx.parts([tmx.Unit("ro", SOURCE, "Six thousand lei.")]))
    reply = service.post("/v1/memory/tmx", content=file, headers={"Content-Type": kind})
    assert reply.json() == {"stored": 1, "skipped": 0}


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""])
def test_what_a_page_elsewhere_may_send_unasked_is_no_tmx(service: TestClient, kind: str) -> None:
    file = b"".join(tmx.parts([tmx.Unit("ro", SOURCE, "Six million lei.")]))
    reply = service.post("/v1/memory/tmx", content=file, headers={"Content-Type": kind})
    assert_problem(reply, 415, "unsupported_media_type", "application/x-tmx+xml, application/xml or text/xml")
    assert b"million" not in service.get("/v1/memory/tmx").content


def test_more_than_a_body_of_work_may_be_taken_in_again(service: TestClient) -> None:
    units = [tmx.Unit("ro", f"Propoziția {number}. {'x' * 2000}", "y" * 2000) for number in range(400)]
    file = b"".join(tmx.parts(units))
    assert len(file) > Settings().max_body_bytes
    assert service.post("/v1/memory/tmx", content=file, headers=TMX).json() == {"stored": 400, "skipped": 0}
    exported = service.get("/v1/memory/tmx").content
    packed = {**TMX, "Content-Encoding": "gzip"}
    reply = service.post("/v1/memory/tmx", content=gzip.compress(exported), headers=packed)
    assert reply.json() == {"stored": 400, "skipped": 0}


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("declared", [True, False])
def test_an_import_beyond_its_limit_is_refused_as_a_whole(tmp_path: Path, packed: bool, declared: bool) -> None:
    file = b"".join(tmx.parts(tmx.Unit("ro", f"unu {number}", "one") for number in range(200)))
    settings = Settings(memory=f"sqlite:///{tmp_path}/memory.sqlite3", max_import_bytes=len(file) - 1)
    body = gzip.compress(file) if packed else file
    headers = {**TMX, "Content-Encoding": "gzip"} if packed else TMX
    with TestClient(create_app(settings, FakeEngine())) as client:
        sent = body if declared else (body[at : at + 1000] for at in range(0, len(body), 1000))
        problem = assert_problem(client.post("/v1/memory/tmx", content=sent, headers=headers), 413, "too_large")
        assert problem["field"] == "body"
        assert f"{len(file) - 1} bytes (TOLMACH_MAX_IMPORT_BYTES)" in problem["detail"]
        assert b"<tu " not in client.get("/v1/memory/tmx").content


def test_an_export_that_cannot_begin_has_its_own_status(client: TestClient) -> None:
    assert_problem(client.get("/v1/memory/tmx"), 503, "memory_unavailable")


def test_a_republished_article_does_not_call_the_engine(service: TestClient, engine: FakeEngine, article: str) -> None:
    first = service.post("/v1/articles", json={"text": article}).json()
    calls = len(engine.calls)
    second = service.post("/v1/articles", json={"text": article}).json()
    assert len(engine.calls) == calls
    assert second["translation"] == first["translation"]


def test_a_correction_shows_in_the_very_next_run_of_every_worker(tmp_path: Path, article: str) -> None:
    settings = Settings(memory=f"sqlite:///{tmp_path}/memory.sqlite3")
    with (
        TestClient(create_app(settings, FakeEngine())) as one,
        TestClient(create_app(settings, FakeEngine())) as other,
    ):

        def reports() -> list[dict[str, Any]]:
            return [worker.post("/v1/articles", json={"text": article}).json() for worker in (one, other)]

        def without_times(report: dict[str, Any]) -> dict[str, Any]:
            return {name: part for name, part in report.items() if name != "timings_ms"}

        machine = without_times(reports()[0])
        assert [without_times(report) for report in reports()] == [machine] * 2  # by now all of it is remembered
        number = next(figure["source"]["segment"] for figure in machine["figures"] if figure["source"])
        source = machine["translation"]["segments"][number]["source"]["text"]
        where = {"language": "uk", "source": source}
        one.put("/v1/memory", json={**where, "english": "A person wrote 41 of this."}).raise_for_status()
        for report in reports():
            segment = report["translation"]["segments"][number]
            assert (segment["english"]["text"], segment["human"]) == ("A person wrote 41 of this.", True)
            assert "A person wrote 41 of this." in report["translation"]["text"]
            assert "41" in [figure["english"]["text"] for figure in report["figures"] if figure["english"]]
        other.delete("/v1/memory", params=where).raise_for_status()
        assert [without_times(report) for report in reports()] == [machine] * 2


def test_without_a_memory_a_correction_is_refused(client: TestClient) -> None:
    body = {"language": "ro", "source": SOURCE, "english": "x"}
    assert_problem(client.put("/v1/memory", json=body), 503, "memory_unavailable")


def test_a_setting_that_is_no_store_is_named() -> None:
    app = create_app(Settings(memory="nonsense"), FakeEngine())
    with pytest.raises(BadSetting, match="TOLMACH_MEMORY"), TestClient(app):
        pass
