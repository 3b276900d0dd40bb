"""The page for people, a form with the report below it, and the one that describes the API.

Plain HTML, CSS and JavaScript, nothing from elsewhere; all addresses are relative, as a proxy may add a prefix.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"
# The frame of the report inherits this policy; its own style is inline, and so are styles and pictures of Swagger UI.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "frame-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

router = APIRouter()
static = StaticFiles(directory=STATIC, packages=[("fastapi_offline", "static")])  # the latter has Swagger UI's files


@router.head("/", include_in_schema=False)
@router.get("/", include_in_schema=False)
async def index() -> Response:
    """The page itself; its script fills in the languages and the briefs there are."""
    return _page("index.html")


@router.head("/docs", include_in_schema=False)
@router.get("/docs", include_in_schema=False)
async def docs() -> Response:
    """Swagger UI on the schema. FastAPI's own page for it loads its parts from elsewhere and holds a script inline."""
    return _page("docs.html")


def _page(name: str) -> Response:
    return FileResponse(STATIC / name, headers={"Content-Security-Policy": POLICY})
