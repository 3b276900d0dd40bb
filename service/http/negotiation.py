"""Chooses the media type of a reply from the `Accept` header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence

from service.errors import NotAcceptable


def choose(accept: str | None, offers: Sequence[str]) -> str:
    """The offer that the caller likes best, the first of those it likes equally. Raises NotAcceptable."""
    if not accept or not accept.strip():
        return offers[0]
    ranges = [parsed for item in accept.split(",") if (parsed := _parse(item)) is not None]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    if _quality(best, ranges) <= 0:
        raise NotAcceptable(f"Accept allows none of {', '.join(offers)}.", field="accept")
    return best


def _parse(item: str) -> tuple[str, float] | None:
    """A media range and its quality; None where it cannot be read."""
    name, *parameters = (part.strip().lower() for part in item.split(";"))
    if name.count("/") != 1:
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                return None
    return name, quality


def _quality(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most specific range that matches."""
    kind = offer.partition("/")[0]
    for name in (offer, f"{kind}/*", "*/*"):
        matching = [quality for media_range, quality in ranges if media_range == name]
        if matching:
            return max(matching)
    return 0.0
