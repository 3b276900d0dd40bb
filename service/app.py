"""Wiring only: settings in, a FastAPI application out. The lifespan loads the model, and only a pinned one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from anyio import CapacityLimiter, create_task_group, to_thread
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.cors import CORSMiddleware

from service import __version__
from service.access.gate import Gate
from service.article import language
from service.desk import Desk
from service.http import memory as memory_routes
from service.http import metrics as metrics_route
from service.http import openapi, page, problems, routes, streaming, usage
from service.http.admission import STATE, Admission
from service.http.gatekeeper import Gatekeeper
from service.http.middleware import Observation, RequestIdentity
from service.http.tracing import Traced
from service.settings import Settings
from service.summary import brief
from service.telemetry.metrics import Metrics
from service.telemetry.tracing import Tracing, tracing
from service.translation.engine import Engine
from service.translation.routing import Router, Stack
from service.translation.stack import open_store, stacked
from service.translation.store import Store
from service.types import Report

MEMORY_THREADS = 4  # for corrections, apart from those of the page and the metrics: a whole memory takes long
EXPOSED = [
    "X-Request-ID",
    "X-Model",
    "X-Model-SHA256",
    "X-Model-Instead-Of",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
]


def create_app(
    settings: Settings | None = None, engine: Engine | None = None, *, loaded: Callable[[], object] = lambda: None
) -> FastAPI:
    """The service. It loads the engine that the settings say unless one is given, and closes it at its end.

    `loaded` is called once everything is in memory, before the first request.
    """
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Admission]]:
        store = await to_thread.run_sync(open_store, chosen)
        router = await to_thread.run_sync(routed, chosen, engine, store, app.state.metrics)
        # Apart from the threads of everything else: a probe or a scrape must not wait behind articles.
        app.state.work_threads = CapacityLimiter(chosen.work_threads)
        app.state.memory_threads = CapacityLimiter(MEMORY_THREADS)
        app.state.memory = router.stack(router.default).front
        app.state.desk = Desk(router, brief.load(*chosen.brief_folders), chosen)
        app.state.desk.on_report = _observer(app)
        async with create_task_group() as warming:  # two models, of languages and of translation, at the same time
            warming.start_soon(to_thread.run_sync, language.warm)
            app.state.not_ready = await to_thread.run_sync(router.start)
        loaded()
        app.state.admission.open()
        yield {STATE: app.state.admission}
        app.state.admission.close()
        # In a thread: requests that the server gives up meanwhile still have to be told.
        await to_thread.run_sync(router.close, limiter=CapacityLimiter(1))
        if store is not None:  # after every engine: what the last of them said is still to be written
            await to_thread.run_sync(store.close, limiter=CapacityLimiter(1))
        app.state.gate.close()
        if app.state.tracing is not None:
            await to_thread.run_sync(app.state.tracing.close)

    app = FastAPI(
        title="Tolmach",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,  # the page of that name is ours: module page
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever host the request names
        root_path_in_servers=False,  # openapi.SERVERS is right below any prefix
    )
    app.state.settings = chosen
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
    app.state.admission = Admission(settings.max_requests)
    app.add_middleware(Gatekeeper, gate=app.state.gate, metrics=app.state.metrics, admission=app.state.admission)
    if settings.cors_origins:
        # Outside the gatekeeper: a browser asks first without a key, and must be able to read a refusal.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Encoding",
                "Content-Type",
                "X-API-Key",
                "X-Request-ID",
                "traceparent",
            ],
            expose_headers=EXPOSED,
        )
    app.add_middleware(Observation, metrics=app.state.metrics)
    app.state.tracing = tracing() if settings.tracing else None
    if app.state.tracing is not None:
        app.add_middleware(Traced, tracing=app.state.tracing)
    app.add_middleware(RequestIdentity)


def _observer(app: FastAPI) -> Callable[[Report], None]:
    """What is to know of every report."""
    metrics: Metrics = app.state.metrics
    spans: Tracing | None = app.state.tracing

    def observe(report: Report) -> None:
        metrics.worked_through(report)
        if spans is not None:
            spans.worked_through(report)

    return observe


def routed(settings: Settings, engine: Engine | None, store: Store | None, metrics: Metrics) -> Router:
    """The models of the settings, or the engine that is given: each behind a queue and a memory on the one `store`.

    `metrics` tells of each from when it is made.
    """
    if store is not None:
        metrics.watch("store", store.snapshot)

    def around(each: Engine) -> Stack:
        memory, queue = stacked(each, store, settings)
        metrics.watch("queue", queue.snapshot, each.info.id)
        metrics.watch("memory", memory.snapshot, each.info.id)
        return Stack(memory, queue.snapshot)

    return Router(settings, engine=engine, around=around)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The schema, with the events and the problem details that the routes refer to by name."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, summary=openapi.SUMMARY, routes=app.routes, servers=openapi.SERVERS
        )
        named = schema.setdefault("components", {}).setdefault("schemas", {})
        schema["components"]["schemas"] = streaming.event_schemas("#/components/schemas/{model}") | named
        openapi.secure(schema)
        app.openapi_schema = schema
    return app.openapi_schema
