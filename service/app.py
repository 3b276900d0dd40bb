"""Wiring only: settings in, a FastAPI application out. The lifespan loads the model, and only the pinned one."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import __version__
from service.article import language
from service.desk import Desk
from service.errors import NotReady
from service.http import problems, routes
from service.settings import Settings
from service.summary import brief
from service.translation import catalog
from service.translation.engine import Decoding, Engine
from service.translation.load import canary, load
from service.translation.translate import Translator

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> FastAPI:
    """The service. An `engine` that is given is used as it is and stays open; else the settings say which to load."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = engine or await to_thread.run_sync(load, chosen)
        await to_thread.run_sync(language.warm)
        app.state.desk = desk(chosen, running)
        app.state.not_ready = await to_thread.run_sync(_failing, running)
        yield
        app.state.not_ready = "The service is shutting down."
        if engine is None:
            running.close()

    app = FastAPI(title="Tolmach", version=__version__, lifespan=lifespan, docs_url="/docs", redoc_url=None)
    app.state.settings = chosen
    app.state.catalogue = catalog.load(chosen.models_dir)
    app.state.not_ready = "The model is being loaded."
    app.include_router(routes.router)
    problems.install(app)
    app.add_middleware(RequestIdentity)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def desk(settings: Settings, engine: Engine) -> Desk:
    """A desk with that engine and the briefs of the settings."""
    return Desk(Translator(engine, decoding=Decoding(beam=settings.beam)), brief.load(settings.prompts_dir), settings)


def _failing(engine: Engine) -> str | None:
    """Why the engine cannot be trusted with work, if it cannot."""
    try:
        canary(engine)
    except NotReady as error:
        logger.error("the engine failed its canary sentences: %s", error.message)
        return error.message
    return None


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The schema, with the problem details that the routes refer to by name."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, summary=__doc__, routes=app.routes)
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = routes.problem_schema()
        app.openapi_schema = schema
    return app.openapi_schema


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

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self.app(scope, receive, send_with_headers)
