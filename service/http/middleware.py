"""Around every request: its id and safe headers, one log line, metrics, and a reply to what nobody expected."""

from __future__ import annotations

import logging
import re
import time
import uuid
from asyncio import CancelledError

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import ShuttingDown
from service.http import problems
from service.telemetry.metrics import Metrics

logger = logging.getLogger("service.requests")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
LEFT = 499  # the caller left before there was a reply; not a status of HTTP, but the one that proxies log
LONGEST_PATH = 200
QUIET = ("/health", "/metrics", "/static")  # asked for all day by machines

# A report in HTML has its style inside and needs nothing else, wherever it is opened.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PARTS = "/static"  # of the pages: nothing of an article, and a browser may keep them


class RequestIdentity:
    """Gives every request an id, the caller's own if it is sane, and every reply that id and safe headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        # The requests of one connection may share a context.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _secure(MutableHeaders(scope=message), scope["path"])
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Watched:
    """Passes a reply on and looks at it: its `status` (LEFT until it begins), the `size` of its body, its end."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = LEFT
        self.size = 0
        self.finished = False

    async def __call__(self, message: Message) -> None:  # noqa: D102
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.size += len(message.get("body", b""))
            self.finished = not message.get("more_body", False)
        await self._send(message)

    @property
    def outcome(self) -> int:
        """The status, or LEFT where the reply never got to its end."""
        return self.status if self.finished else LEFT


class Observation:
    """Measures every request and logs one line of it, without the query and the address of who sent it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        watched = Watched(send)
        begun = time.perf_counter()
        self.metrics.request_began()
        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            pass
        except CancelledError:
            # The server's patience with its last requests is over (setting shutdown_timeout).
            if watched.status != LEFT:
                raise
            stopping = ShuttingDown("The service is shutting down, and this was not finished in time.")
            await problems.of_error(Request(scope), stopping)(scope, receive, watched)
        except Exception:
            logger.exception("unexpected error")
            if watched.status != LEFT:
                raise  # a connection that breaks off is the only way left to say that the reply is not whole
            await problems.unexpected(Request(scope))(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - begun
            self.metrics.request_ended(scope["method"], route_of(scope), watched.outcome, seconds)
            logger.log(
                logging.DEBUG if scope["path"].startswith(QUIET) else logging.INFO,
                "request",
                extra={
                    "method": scope["method"],
                    "path": scope["path"][:LONGEST_PATH],
                    "status": watched.outcome,
                    "milliseconds": round(seconds * 1000, 1),
                    "bytes": watched.size,
                },
            )


def route_of(scope: Scope) -> str:
    """The template of the route that a request took; `other` where there was none, so that labels stay few."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else "other"


def _secure(headers: MutableHeaders, path: str) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if not path.startswith(PARTS):
        headers.setdefault("Content-Security-Policy", POLICY)
        # An article may be under embargo: no proxy and no browser keeps it.
        headers.setdefault("Cache-Control", "no-store")
