"""The curl examples of the README and of docs/api.md, sent to the service with its embedded model."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings

ROOT = Path(__file__).parent.parent
ARTICLE = (ROOT / "tests/data/articles/ro-buget.txt").read_bytes()
WITH_VALUE = {"-H", "-d", "--data-binary", "-X"}


def examples() -> list[str]:
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/api.md"))
    joined = text.replace("\\\n", " ")
    return re.findall(r"^\s*(curl .*)$", joined, flags=re.MULTILINE)


def parsed(command: str) -> tuple[str, str, list[tuple[str, str]], bytes | None]:
    """Method, URL path, headers and body of a curl command; `@article.txt` is one of our articles."""
    words = iter(shlex.split(command.partition(" | ")[0])[1:])
    method, url, headers, body = "", "", [], None
    for word in words:
        if word not in WITH_VALUE:
            url = url if word.startswith("-") else word
            continue
        value = next(words)
        if word == "-H":
            name, _, content = value.partition(":")
            headers.append((name, content.strip()))
        elif word == "-X":
            method = value
        else:
            body = ARTICLE if value == "@article.txt" else value.encode()
    return method or ("POST" if body else "GET"), url.removeprefix("localhost:8000"), headers, body


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    memory = tmp_path_factory.mktemp("memory") / "memory.sqlite3"
    with TestClient(create_app(Settings(memory=f"sqlite:///{memory}"))) as client:
        yield client


def test_there_are_examples() -> None:
    assert len(examples()) >= 5


@pytest.mark.parametrize("command", examples())
def test_an_example_is_answered(client: TestClient, command: str) -> None:
    method, path, headers, body = parsed(command)
    reply = client.request(method, path, content=body, headers=dict(headers))
    assert reply.status_code == 200, reply.text
    assert reply.text.strip()


def test_the_two_commands_are_the_makefile_s() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("demo", "test", "serve"):
        assert f"make {command}" in (ROOT / "README.md").read_text(encoding="utf-8")
        assert re.search(rf"^{command}:", makefile, flags=re.MULTILINE)
