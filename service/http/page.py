"""The page for people: one form, the report below it. Plain HTML, CSS and JavaScript, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"
# The frame of the report inherits this policy; its own style is inline.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "frame-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

router = APIRouter()
static = StaticFiles(directory=STATIC)


@router.get("/", include_in_schema=False)
async def index() -> Response:
    """The page itself; its script fills in the languages and the briefs there are."""
    return FileResponse(STATIC / "index.html", headers={"Content-Security-Policy": POLICY})
