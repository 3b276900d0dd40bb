"""The docs name every error code, route and setting that there is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.app import create_app
from service.errors import TolmachError
from service.http.problems import HTTP_CODES

DOCS = Path(__file__).parent.parent / "docs"
API = (DOCS / "api.md").read_text(encoding="utf-8")


def subclasses(kind: type[TolmachError]) -> Iterator[type[TolmachError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from subclasses(each)


@pytest.mark.parametrize("code", sorted({e.code for e in subclasses(TolmachError)} | set(HTTP_CODES.values())))
def test_every_error_code_is_in_the_api_docs(code: str) -> None:
    assert f"`{code}`" in API


def test_every_route_is_in_the_api_docs() -> None:
    for path in create_app().openapi()["paths"]:
        assert path in API, path
