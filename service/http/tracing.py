"""A span around every request, where spans are wanted. Inside the request's id, outside all work."""

from __future__ import annotations

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.middleware import QUIET, Watched, route_of
from service.telemetry.metrics import METHODS
from service.telemetry.tracing import Tracing, answered, trace_id

OTHER = "_OTHER"  # OpenTelemetry's word for a method that is none


class Traced:
    """Gives the log lines of a request the id of its trace. What machines ask for all day gets no span."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self.app = app
        self.tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http" or scope["path"].startswith(QUIET):
            await self.app(scope, receive, send)
            return
        watched = Watched(send)
        method = scope["method"] if scope["method"] in METHODS else OTHER
        headers = Headers(scope=scope)
        with self.tracing.request(method, {name: headers[name] for name in headers}) as span:
            structlog.contextvars.bind_contextvars(trace_id=trace_id(span))
            try:
                await self.app(scope, receive, watched)
            finally:
                answered(span, method, route_of(scope), watched.outcome)
