import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import NotAcceptable
from service.http.negotiation import choose

OFFERS = ("application/json", "text/markdown", "text/html", "text/plain")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/plain", "text/plain"),
        ("TEXT/PLAIN", "text/plain"),
        ("text/*", "text/markdown"),
        ("text/*, text/html;q=0.5", "text/markdown"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "text/html"),
        ("text/plain;q=0.4, text/markdown; q=0.9", "text/markdown"),
        ("*/*, application/json;q=0", "text/markdown"),
        ("text/plain;charset=utf-8", "text/plain"),
        ("nonsense, text/html", "text/html"),
        ("text/html;q=high, text/plain", "text/plain"),
    ],
)
def test_the_offer_that_the_caller_likes_best(accept: str | None, chosen: str) -> None:
    assert choose(accept, OFFERS) == chosen


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "garbage"])
def test_nothing_acceptable_is_refused_with_the_offers_named(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="application/json, text/plain"):
        choose(accept, ("application/json", "text/plain"))


@given(st.text(max_size=80))
def test_any_header_gives_an_offer_or_a_refusal(accept: str) -> None:
    with contextlib.suppress(NotAcceptable):
        assert choose(accept, OFFERS) in OFFERS
