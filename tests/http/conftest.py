from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from service.translation.fake import FakeEngine

ARTICLES = Path(__file__).parent.parent / "data" / "articles"


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """The service with the engine whose answers reveal their input."""
    with TestClient(create_app(Settings(max_body_bytes=200_000), FakeEngine())) as client:
        yield client


@pytest.fixture(scope="session")
def article() -> str:
    return (ARTICLES / "uk-energetyka.txt").read_text(encoding="utf-8")
