"""`GET /v1/usage`: what a caller has used, and what is left."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from fastapi import APIRouter, Request
from pydantic import Field

from service.access.gate import Account
from service.access.keys import Key
from service.access.limits import Standing
from service.access.usage import Usage
from service.http.openapi import gated
from service.http.replies import Out

router = APIRouter()


class KeyOut(Out):
    id: str
    name: str
    scopes: list[str]
    created: datetime

    @classmethod
    def of(cls, key: Key) -> Self:
        """A key as it may be shown."""
        return cls(id=key.id, name=key.name, scopes=sorted(key.scopes), created=key.created)


class QuotaOut(Out):
    used: int = Field(description="Characters of the texts sent in this period; a request that failed costs none.")
    limit: int | None = Field(description="null: no quota.")
    remaining: int | None
    requests: int
    start: datetime
    end: datetime = Field(description="When the next period begins, with nothing used.")

    @classmethod
    def of(cls, usage: Usage) -> Self:
        """The usage of a period."""
        return cls(
            used=usage.characters,
            limit=usage.limit,
            remaining=usage.remaining,
            requests=usage.requests,
            start=usage.start,
            end=usage.end,
        )


class RateOut(Out):
    limit: int
    window_seconds: int
    remaining: int
    reset_seconds: int

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Where the caller stands with one rate limit."""
        return cls(
            limit=standing.quota,
            window_seconds=standing.window,
            remaining=standing.remaining,
            reset_seconds=standing.reset,
        )


class UsageOut(Out):
    key: KeyOut | None = Field(description="null where the service asks for no keys.")
    characters: QuotaOut | None
    rate_limits: list[RateOut]


@router.get(
    "/v1/usage",
    tags=["about"],
    summary="What you have used",
    responses=gated(status_503="The usage cannot be read now."),
)
async def usage(request: Request) -> UsageOut:
    """Of the caller alone: nobody sees another's usage."""
    account: Account = request.state.account
    used = await request.app.state.gate.usage(account)
    return UsageOut(
        key=None if account.key is None else KeyOut.of(account.key),
        characters=None if used is None else QuotaOut.of(used),
        rate_limits=[RateOut.of(each) for each in account.standings],
    )
