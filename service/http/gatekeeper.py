"""Lets a request pass, or says why not: key or host, scope, rate limit, room for one more. Settles its bill."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from anyio import CancelScope
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access import limits
from service.access.gate import Account, Gate
from service.access.scopes import is_open, needed
from service.errors import HeaderTooLarge, TolmachError
from service.http import browsers, problems
from service.http.admission import Admission
from service.settings import Settings, variable
from service.telemetry.metrics import Metrics

SCHEMES = frozenset({"bearer", "deepl-auth-key"})
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
READ_AS_A_WHOLE = frozenset({"/v1/memory/tmx"})  # a GET of these is work, too, and no look-up


class Gatekeeper:
    """Middleware around all endpoints. Puts the `Account` into `request.state.account`."""

    def __init__(self, app: ASGIApp, gate: Gate, metrics: Metrics, admission: Admission) -> None:
        self.app = app
        self.gate = gate
        self.metrics = metrics
        self.admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        settings: Settings = request.app.state.settings
        most = settings.max_header_bytes
        if _header_bytes(scope) > most:
            error = HeaderTooLarge(f"The header is larger than {most} bytes ({variable('max_header_bytes')}).")
            await problems.of_error(request, error)(scope, receive, send)
            return
        if is_open(path := _path(scope)):
            await self.app(scope, receive, send)
            return
        address = request.client.host if request.client else ""
        account: Account | None = None
        writes = request.method in WRITING
        is_work = needed(path) is not None and (writes or (request.method == "GET" and path in READ_AS_A_WHOLE))
        try:
            browsers.check(request, settings, writes=writes)
            account = await self.gate.identify(presented(request.headers), address, needed(path))
            if is_work:
                self.gate.count(account)
                self.admission.enter()
        except TolmachError as error:
            reply = problems.of_error(request, error)
            if account is not None:
                reply.headers.update(limits.headers(self.gate.standings(account.caller)))
            await reply(scope, receive, send)
            return
        scope["state"]["account"] = account
        if account.key is not None:
            structlog.contextvars.bind_contextvars(key=account.key.id)
        try:
            await self._serve(account, scope, receive, send)
        finally:
            if is_work:
                self.admission.leave()

    async def _serve(self, account: Account, scope: Scope, receive: Receive, send: Send) -> None:
        good = delivered = finished = False

        async def settled(message: Message) -> None:
            nonlocal good, delivered, finished
            if message["type"] == "http.response.start":
                good = message["status"] < HTTPStatus.BAD_REQUEST
                headers = MutableHeaders(scope=message)
                headers.update(limits.headers(account.standings))
                if self.admission.closed:
                    headers["Connection"] = "close"  # the caller's next request needs another server
            else:
                delivered = delivered or bool(message.get("body"))
                finished = not message.get("more_body", False)
            await send(message)

        try:
            await self.app(scope, receive, settled)
        finally:
            # Who leaves a stream has read what it held: if that cost nothing, there would be no quota.
            if good and (finished or delivered):
                self.metrics.charged(account.charged)
            elif account.charged:
                with CancelScope(shield=True):
                    await account.refund()


def _header_bytes(scope: Scope) -> int:
    fields: list[tuple[bytes, bytes]] = scope["headers"]
    target = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
    return target + sum(len(name) + len(value) for name, value in fields)


def _path(scope: Scope) -> str:
    """The path as the routes know it, without the prefix that a proxy in front may have put before it."""
    prefix: str = scope.get("root_path", "").rstrip("/")
    path: str = scope["path"]
    return path[len(prefix) :] if prefix and path.startswith(f"{prefix}/") else path


def presented(headers: Headers) -> str | None:
    """The key that a request shows, however it does."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() in SCHEMES and credentials.strip():
        return credentials.strip()
    return headers.get("x-api-key") or None
