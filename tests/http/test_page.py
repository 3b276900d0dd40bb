"""The pages: their parts are there, at addresses relative to them, and the scripts keep their promises."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.http.page import STATIC
from service.settings import Settings
from service.translation.fake import FakeEngine

PAGE, SCRIPT = ((STATIC / name).read_text(encoding="utf-8") for name in ("index.html", "page.js"))


def function(name: str) -> str:
    """The source of one function of the script."""
    found = re.search(rf"^(?:async )?function {name}\(.*?^}}$", SCRIPT, flags=re.MULTILINE | re.DOTALL)
    assert found, name
    return found[0]


def test_the_page_and_its_parts(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for path in ("static/page.css", "static/page.js"):
        assert f'"{path}"' in page.text
        assert client.get(f"/{path}").status_code == 200


def test_the_page_works_below_a_prefix_that_a_proxy_takes_off(client: TestClient) -> None:
    for path in ("/", "/static/page.js", "/docs", "/static/docs.js"):
        assert not re.search(r"""["'`]/""", client.get(path).text), path
    assert {"v1/languages", "v1/briefs", "v1/articles"} <= set(
        re.findall(r'"(v1/\w+)"', client.get("/static/page.js").text)
    )


def test_the_page_of_the_api_has_its_parts_here_whatever_the_prefix(client: TestClient) -> None:
    page = client.get("/docs")
    assert "script-src 'self';" in page.headers["content-security-policy"]  # none inline, none from elsewhere
    parts = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    parts.remove("data:,")
    assert {"static/swagger-ui.css", "static/swagger-ui-bundle.js", "static/docs.js"} == set(parts)
    script = client.get("/static/docs.js").text
    assert "://" not in page.text + script
    assert 'dom_id: "#docs"' in script
    assert 'id="docs"' in page.text
    for prefix in ("", "/tolmach"):
        for part in (*parts, *re.findall(r'\burl: "(.+)"', script)):
            address = urljoin(f"{prefix}/docs", part)
            assert client.get(address.removeprefix(prefix)).status_code == 200, address


def test_the_page_of_the_api_needs_no_key_and_works_below_a_prefix_of_the_server(tmp_path: Path) -> None:
    app = create_app(Settings(keys_file=tmp_path / "keys.db"), FakeEngine())
    with TestClient(app, root_path="/tolmach") as client:
        for path in ("/docs", "/static/swagger-ui-bundle.js", "/static/docs.js", "/openapi.json"):
            assert client.get(f"/tolmach{path}").status_code == 200, path


def test_the_script_of_the_api_is_swagger_ui_and_asks_nobody_elsewhere(client: TestClient) -> None:
    assert ".SwaggerUIBundle=" in client.get("/static/swagger-ui-bundle.js").text
    script = client.get("/static/docs.js").text
    assert "SwaggerUIBundle({" in script
    assert "validatorUrl: null" in script
    assert not re.search(r"url\((?![\"']?data:)|@import", client.get("/static/swagger-ui.css").text)


def test_the_script_names_only_what_the_page_has() -> None:
    assert set(re.findall(r'by\("([^"]+)"\)', SCRIPT)) <= set(re.findall(r'id="([^"]+)"', PAGE))


def test_a_report_is_put_away_before_the_next_text_is_sent_and_shown_below_its_own_only() -> None:
    submit = SCRIPT.partition('"submit"')[2]
    assert submit.index("clear();") < submit.index('call("v1/articles"')
    assert 'by("report").hidden = true;' in function("clear")
    assert re.findall(r'by\("report"\)\.hidden = (.+);', SCRIPT) == ["!own", "true"]
    assert 'own = by("text").value === report.text;' in function("show")


def test_who_has_typed_no_key_yet_is_asked_for_it_and_not_shown_a_fault() -> None:
    call = function("call")
    unkeyed = call.partition('if (!by("key").value.trim()) {')[2].partition("}")[0]
    assert call.index("reply.status === 401") < call.index('by("key-label").hidden = false;') < call.index(unkeyed)
    assert 'by("key").focus();' in unkeyed
    assert 'throw new Error("This service asks for an API key: type it above.");' in unkeyed
    assert PAGE.index('id="key"') < PAGE.index('id="status"')
    assert call.index(unkeyed) < call.index("reason(reply)")


@pytest.mark.parametrize("path", ["/", "/docs", "/health/live", "/health/ready"])
def test_pages_and_probes_may_be_asked_for_their_header_alone(client: TestClient, path: str) -> None:
    head, whole = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length"):
        assert head.headers[name] == whole.headers[name]
    assert "head" not in client.get("/openapi.json").json()["paths"].get(path, {})


def test_a_refusal_that_is_no_problem_is_told_by_its_status() -> None:
    assert "reason(reply)" in function("call")
    reason = function("reason")
    assert re.search(r"try {.*reply\.json\(\).*} catch {.*}.*reply\.status ?}", reason, flags=re.DOTALL)
    assert "detail" not in SCRIPT.replace(reason, "")


@pytest.mark.parametrize("status", [413, 502, 503, 504])
def test_what_a_proxy_says_has_words_over_http_2_too(status: int) -> None:
    assert re.search(rf'PHRASES = {{.*\b{status}: "[A-Z]', SCRIPT)


def test_only_the_owner_of_the_status_writes_to_it() -> None:
    assert SCRIPT.count('by("status").textContent =') == 1
    voice = function("voice")
    assert voice.index("if (owner !== own) return;") < voice.index('by("status").textContent =')
    assert 'by("send").disabled ? () => {} : voice()' in function("begin")


def test_lists_are_filled_anew_each_time() -> None:
    assert "select.replaceChildren(" in function("fill")
    assert "select.add(" not in SCRIPT
