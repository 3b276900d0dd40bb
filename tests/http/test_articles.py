from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from service.translation.fake import reveal

TEXT = {"Content-Type": "text/plain"}


def test_a_bare_text_is_answered_with_a_whole_report(client: TestClient, article: str) -> None:
    reply = client.post("/v1/articles", content=article.encode(), headers=TEXT)
    assert reply.status_code == 200
    report = reply.json()
    assert report["source"]["language"] == "uk"
    assert report["source"]["detected"]
    assert report["source"]["text"] is None
    assert report["title"]["source"] == "Житомир відновлює енергомережу після негоди"
    assert report["model"]["id"] == "fake"
    assert len(report["summary"]["sentences"]) == 3
    assert report["figures_line"].startswith(f"{len(report['figures'])} figures: ")


def test_offsets_point_at_what_they_name(client: TestClient, article: str) -> None:
    body = {"text": article, "include": ["source", "dropped"]}
    report = client.post("/v1/articles", json=body).json()
    english, source = report["translation"]["text"], report["source"]["text"]
    for segment in report["translation"]["segments"]:
        for side, text in (("source", source), ("english", english)):
            assert text[segment[side]["start"] : segment[side]["end"]] == segment[side]["text"]
    assert len(report["figures"]) > 30
    for figure in report["figures"]:
        for side, text in (("source", source), ("english", english)):
            if figure[side]:
                assert text[figure[side]["start"] : figure[side]["end"]] == figure[side]["text"]
    assert {dropped["reason"] for dropped in report["dropped"]} >= {"advertisement", "credit", "dateline"}
    for dropped in report["dropped"]:
        assert article[dropped["start"] : dropped["end"]] == dropped["text"]
    blocks = report["translation"]["blocks"]
    assert "\n\n".join(english[block["start"] : block["end"]] for block in blocks) == english


def test_between_two_segments_of_the_source_lies_white_space_only(client: TestClient, article: str) -> None:
    report = client.post("/v1/articles", json={"text": article, "include": ["source"]}).json()
    source, position = report["source"]["text"], 0
    for segment in report["translation"]["segments"]:
        assert not source[position : segment["source"]["start"]].strip()
        position = segment["source"]["end"]
    assert not source[position:].strip()


@pytest.mark.parametrize(
    ("accept", "begins"),
    [("text/markdown", "# "), ("text/html", "<!doctype html>"), ("text/plain", "Eieotiz")],
)
def test_the_report_in_the_form_that_the_caller_accepts(
    client: TestClient, article: str, accept: str, begins: str
) -> None:
    reply = client.post("/v1/articles?brief=short", content=article.encode(), headers={**TEXT, "Accept": accept})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == f"{accept}; charset=utf-8"
    assert reply.text.lstrip().startswith(begins)
    assert reply.headers["x-model"] == "fake@" + "0" * 16


def test_html_comes_in_as_html(client: TestClient) -> None:
    page = "<h1>Primăria cumpără 60 de autobuze</h1><p>Fiecare costă <b>550.000</b> de euro.</p><script>x(1)</script>"
    headers = {"Content-Type": "text/html"}
    report = client.post("/v1/articles?source=ro&include=dropped", content=page, headers=headers).json()
    assert report["title"]["source"] == "Primăria cumpără 60 de autobuze"
    assert [figure["value"] for figure in report["figures"]] == [60, 550000]
    assert "x(1)" not in report["translation"]["text"]


def test_an_english_article_passes_through(client: TestClient) -> None:
    text = "The council will buy 60 buses. Each of them costs 550,000 euros, and the mayor signed on Monday."
    report = client.post("/v1/articles", json={"text": text}).json()
    assert report["translation"]["text"] == text
    assert report["model"] is None
    assert {figure["check"] for figure in report["figures"]} == {"kept"}


def test_options_of_a_bare_body_stand_in_the_query(client: TestClient, article: str) -> None:
    url = "/v1/articles?brief=short&include=source,dropped&repair=false&questions=Скільки людей?&title=Буря"
    report = client.post(url, content=article.encode(), headers=TEXT).json()
    assert len(report["summary"]["sentences"]) == 1
    assert report["source"]["text"]
    assert report["title"]["source"] == "Буря"


def test_a_json_body_overrules_the_query(client: TestClient) -> None:
    body = {"text": "Guvernul a adoptat bugetul.", "source": "ro", "brief": "short"}
    report = client.post("/v1/articles?brief=wire&include=source", json=body).json()
    assert report["summary"]["brief"] == "short"
    assert report["source"]["text"] == body["text"]


def test_a_brief_may_be_written_out(client: TestClient, article: str) -> None:
    body = {"text": article, "brief": {"title": "Two sentences", "length": {"sentences": 2}}}
    assert len(client.post("/v1/articles", json=body).json()["summary"]["sentences"]) == 2


def test_no_reply_goes_to_the_wrong_caller(client: TestClient) -> None:
    texts = [f"Orașul numărul {n} a cumpărat {n + 1} autobuze, iar primarul {n} a plătit." for n in range(2, 66)]

    def ask(text: str) -> str:
        options = {"source": "ro", "repair": "false"}
        reply = client.post("/v1/translate", content=text.encode(), headers=TEXT, params=options)
        return reply.text.strip()

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, texts)) == [reveal(text) for text in texts]


def test_two_runs_of_an_article_give_one_report(client: TestClient, article: str) -> None:
    first, second = (client.post("/v1/articles", json={"text": article}).json() for _ in range(2))
    del first["timings_ms"], second["timings_ms"]
    assert first == second
