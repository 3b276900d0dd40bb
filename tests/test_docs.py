"""The docs name every error code, route and setting that there is, and the schema every status."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.app import create_app
from service.errors import TolmachError
from service.http.memory import CorrectionRequest
from service.http.problems import HTTP_CODES
from service.http.protocol import NO_REQUEST

DOCS = Path(__file__).parent.parent / "docs"
API = (DOCS / "api.md").read_text(encoding="utf-8")


def subclasses(kind: type[TolmachError]) -> Iterator[type[TolmachError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from subclasses(each)


@pytest.mark.parametrize(
    "code", sorted({e.code for e in subclasses(TolmachError)} | {*HTTP_CODES.values(), NO_REQUEST})
)
def test_every_error_code_is_in_the_api_docs(code: str) -> None:
    assert f"`{code}`" in API


def test_every_route_is_in_the_api_docs() -> None:
    for path in create_app().openapi()["paths"]:
        assert path in API, path


def test_the_schema_of_the_work_has_the_status_of_every_error() -> None:
    replies = create_app().openapi()["paths"]["/v1/articles"]["post"]["responses"]
    statuses = {str(error.status) for error in subclasses(TolmachError)}
    assert statuses - replies.keys() == {"404", "500"}  # of corrections; a defect of ours


def test_every_field_of_a_correction_is_in_the_api_docs() -> None:
    _, _, section = API.partition("## Corrections")
    section = section.partition("\n## ")[0]
    assert all(f"`{name}`" in section for name in CorrectionRequest.model_fields)
