import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.scopes import NEEDED, OPEN, Scope, is_open, needed
from service.app import create_app

FOR_ANY_KEY = {"/v1/languages", "/v1/models", "/v1/briefs", "/v1/usage"}


def test_every_route_is_open_or_needs_a_scope_or_is_for_any_key() -> None:
    for path in create_app().openapi()["paths"]:
        assert sum((is_open(path), needed(path) is not None, path in FOR_ANY_KEY)) == 1, path


def test_every_scope_is_of_a_route() -> None:
    routes = create_app().openapi()["paths"]
    assert {path for path in NEEDED if not any(f"{route}/".startswith(f"{path}/") for route in routes)} == set()


@pytest.mark.parametrize(
    "path", ["/health/live", "/health/ready", "/", "/static/page.js", "/docs", "/openapi.json", "/health/"]
)
def test_what_costs_nothing_is_open(path: str) -> None:
    assert is_open(path)


@pytest.mark.parametrize(
    "path",
    ["/v1/articles", "/v1/articles/", "/metrics", "/v1", "/healthy", "/statics", "//", "", "/docsx", "/v1/usage"],
)
def test_what_is_not_known_to_be_open_needs_a_key(path: str) -> None:
    assert not is_open(path)


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/v1/articles", Scope.ARTICLES),
        ("/v1/articles/", Scope.ARTICLES),
        ("/v1/memory/export", Scope.MEMORY),
        ("/v1/articlesandmore", None),
        ("/v1/usage", None),
    ],
)
def test_a_scope_is_for_a_path_and_all_below_it(path: str, scope: Scope | None) -> None:
    assert needed(path) is scope


@given(below=st.text(alphabet=st.characters(codec="utf-8"), max_size=30), family=st.sampled_from(sorted(NEEDED)))
def test_no_path_of_work_is_open(below: str, family: str) -> None:
    assert not is_open(family + "/" + below)
    assert not OPEN & NEEDED.keys()
