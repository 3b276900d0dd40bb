"""`GET /metrics`, for Prometheus."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from service.http.openapi import guarded
from service.telemetry.metrics import CONTENT_TYPE

router = APIRouter()


@router.get(
    "/metrics",
    tags=["health"],
    summary="Metrics for Prometheus",
    response_class=Response,
    responses=guarded(),
)
async def metrics(request: Request) -> Response:
    """Counts, times and gauges of the service; no text, and nothing of who sent it."""
    return Response(await to_thread.run_sync(request.app.state.metrics.exposition), media_type=CONTENT_TYPE)
