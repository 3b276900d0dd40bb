"""The smaller jobs: translate, summarize, figures, detect, and the lists of what there is."""

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from service.translation.fake import FakeEngine

TEXT = {"Content-Type": "text/plain"}


def test_translate_answers_text_with_text(client: TestClient) -> None:
    text = "Video\n\nGuvernul a adoptat bugetul."
    reply = client.post("/v1/translate?source=ro", content=text, headers=TEXT)
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.text == "Oediv\n\nLunrevug a tatpoda lutegub.\n"


def test_translate_answers_json_with_json(client: TestClient) -> None:
    reply = client.post("/v1/translate", json={"text": "Guvernul a alocat 6.000 de lei.", "source": "ro"}).json()
    assert reply["figures"][0]["value"] == 6000
    assert "summary" not in reply


def test_summarize_keeps_to_a_length(client: TestClient, article: str) -> None:
    reply = client.post("/v1/summarize?sentences=2", content=article.encode(), headers=TEXT).json()
    assert len(reply["summary"]["sentences"]) == 2
    by_words = client.post("/v1/summarize", json={"text": article, "words": 30}, headers={"Accept": "text/plain"})
    assert 0 < len(by_words.text.split()) <= 30


def test_summary_figures_are_those_of_its_sentences(client: TestClient, article: str) -> None:
    reply = client.post("/v1/summarize", json={"text": article, "brief": "figures"}).json()
    chosen = {sentence["segment"] for sentence in reply["summary"]["sentences"]}
    assert reply["figures"]
    sides = [figure["english"] or figure["source"] for figure in reply["figures"]]
    assert {side["segment"] for side in sides} <= chosen


@pytest.mark.parametrize("mode", ["summary_only", "full"])
def test_a_summary_shows_what_it_was_made_of(client: TestClient, article: str, mode: str) -> None:
    asked = {"text": article, "brief": "figures", "mode": mode, "include": ["source"]}
    reply = client.post("/v1/summarize", json=asked).json()
    segments = {segment["index"]: segment for segment in reply["segments"]}
    assert segments.keys() == {sentence["segment"] for sentence in reply["summary"]["sentences"]}
    for segment in segments.values():
        source = segment["source"]
        assert reply["source"]["text"][source["start"] : source["end"]] == source["text"]
    assert any(figure["english"] for figure in reply["figures"])
    for figure in reply["figures"]:
        if located := figure["english"]:
            english = segments[located["segment"]]["english"]
            assert english[located["start"] : located["end"]] == located["text"]
        if located := figure["source"]:
            assert reply["source"]["text"][located["start"] : located["end"]] == located["text"]


def test_a_summary_alone_translates_its_sentences_and_the_title_alone(article: str) -> None:
    engine = FakeEngine()
    with TestClient(create_app(Settings(repair=False), engine)) as client:
        engine.calls.clear()
        short = client.post("/v1/summarize", json={"text": article, "brief": "wire"}).json()
        translated = [sentence for call in engine.calls for sentence in call.sentences]
        whole = client.post("/v1/articles", json={"text": article, "brief": "wire"}).json()
    assert len(translated) == len(short["summary"]["sentences"]) + 1
    assert short["title"] == whole["title"]
    english = [segment["english"]["text"] for segment in whole["translation"]["segments"]]
    for sentence in short["summary"]["sentences"]:
        assert sentence["text"] == english[sentence["segment"]]


def test_both_modes_keep_to_the_length(client: TestClient, article: str) -> None:
    for mode in ("summary_only", "full"):
        reply = client.post("/v1/summarize", json={"text": article, "sentences": 2, "mode": mode}).json()
        assert len(reply["summary"]["sentences"]) == 2


def test_figures_of_one_text(client: TestClient) -> None:
    reply = client.post("/v1/figures", json={"text": "Peste 40 de mii de lei.", "language": "ro"}).json()
    figure = reply["figures"][0]
    assert (figure["value"], figure["unit"], figure["kind"], figure["modifier"]) == (40000, "RON", "money", "over")


def test_texts_of_figures_have_the_limit_of_a_sentence() -> None:
    with TestClient(create_app(Settings(max_segment_chars=100), FakeEngine())) as client:
        for field in ("text", "against"):
            body = {"language": "ro", "text": "7 lei", "against": "7 lei", field: "7 " * 60}
            problem = client.post("/v1/figures", json=body).json()
            assert (problem["code"], problem["field"]) == ("too_large", field)
            assert "limit is 100" in problem["detail"]


def test_figures_of_a_human_translation_are_checked(client: TestClient) -> None:
    body = {"text": "Au murit 14 oameni și 2,3 miliarde de lei s-au pierdut.", "language": "ro"}
    good = client.post("/v1/figures", json={**body, "against": "14 people died and 2.3 billion lei were lost."}).json()
    assert good["figures_line"] == "2 figures: 2 kept"
    bad = client.post("/v1/figures", json={**body, "against": "14 people died and 2.3 million lei were lost."}).json()
    assert [check["check"] for check in bad["checks"]] == ["kept", "changed"]


def test_detect_names_what_is_not_served(client: TestClient) -> None:
    reply = client.post("/v1/detect", json={"text": "Правительство приняло бюджет на следующий год, сообщили в среду."})
    assert reply.json()["language"] == "ru"
    assert reply.json()["name"] == "Russian"
    assert reply.json()["supported"] is False


def test_what_there_is(client: TestClient) -> None:
    languages = {each["code"]: each["translated"] for each in client.get("/v1/languages").json()}
    assert languages == {"ro": True, "it": True, "uk": True, "en": False}
    assert {"wire", "short", "figures"} <= {each["name"] for each in client.get("/v1/briefs").json()}
    assert "tolmach-mini" in {each["id"] for each in client.get("/v1/models").json()}


def test_english_style_is_a_setting(client: TestClient) -> None:
    body = {"text": "Orașul are 6000 de locuitori.", "source": "ro", "repair": False}
    assert "6000" in client.post("/v1/translate", json=body).json()["translation"]["text"]
    with TestClient(create_app(Settings(english_style=True), FakeEngine())) as styled:
        assert "6,000" in styled.post("/v1/translate", json=body).json()["translation"]["text"]
