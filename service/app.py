"""Wiring only: settings in, a FastAPI application out. The lifespan loads the model, and only the pinned one."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.cors import CORSMiddleware

from service import __version__
from service.access.gate import Gate
from service.article import language
from service.desk import Desk
from service.errors import NotReady
from service.http import memory as memory_routes
from service.http import metrics as metrics_route
from service.http import page, problems, routes, usage
from service.http.gatekeeper import Gatekeeper
from service.http.middleware import Observation, RequestIdentity
from service.settings import Settings
from service.summary import brief
from service.telemetry.metrics import Metrics
from service.translation import catalog
from service.translation.engine import Decoding, Engine
from service.translation.load import canary, load
from service.translation.stack import open_store, stacked
from service.translation.translate import Translator

logger = logging.getLogger(__name__)

EXPOSED = ["X-Request-ID", "X-Model", "X-Model-SHA256", "RateLimit", "RateLimit-Policy", "Retry-After"]


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> FastAPI:
    """The service. It loads the engine that the settings say unless one is given, and closes it at its end."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        bare: Engine = engine if engine is not None else await to_thread.run_sync(load, chosen)
        memory, queue = stacked(bare, await to_thread.run_sync(open_store, chosen), chosen)
        await to_thread.run_sync(language.warm)
        # Apart from the threads of everything else: a probe or a scrape must not wait behind articles.
        app.state.work_threads = CapacityLimiter(chosen.work_threads)
        app.state.memory = memory
        app.state.desk = desk(chosen, memory)
        app.state.desk.on_report = app.state.metrics.worked_through
        app.state.metrics.watch("queue", queue.snapshot)
        app.state.metrics.watch("memory", memory.snapshot)
        # The engine itself is asked: what is remembered says nothing about it.
        app.state.not_ready = await to_thread.run_sync(_failing, bare)
        yield
        app.state.not_ready = "The service is shutting down."
        memory.close()
        app.state.gate.close()

    app = FastAPI(title="Tolmach", version=__version__, lifespan=lifespan, docs_url="/docs", redoc_url=None)
    app.state.settings = chosen
    app.state.catalogue = catalog.load(chosen.models_dir)
    app.state.not_ready = "The model is being loaded."
    app.include_router(routes.router)
    app.include_router(memory_routes.router)
    app.include_router(usage.router)
    app.include_router(metrics_route.router)
    app.include_router(page.router)
    app.mount("/static", page.static)
    problems.install(app)
    _surround(app, chosen)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _surround(app: FastAPI, settings: Settings) -> None:
    """What every request passes on its way in; the first one added is the innermost."""
    app.state.gate = Gate(settings)
    app.state.metrics = Metrics()
    app.add_middleware(Gatekeeper, gate=app.state.gate, metrics=app.state.metrics, max_requests=settings.max_requests)
    if settings.cors_origins:
        # Outside the gatekeeper: a browser asks first without a key, and must be able to read a refusal.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Request-ID"],
            expose_headers=EXPOSED,
        )
    app.add_middleware(Observation, metrics=app.state.metrics)
    app.add_middleware(RequestIdentity)


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
