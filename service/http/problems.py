"""The one place that turns an exception into a reply: RFC 9457 problem details with a stable code."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from service.errors import (
    NotReady,
    RequestTimedOut,
    ShuttingDown,
    TolmachError,
    Unauthenticated,
    UnsupportedEncoding,
)
from service.http.replies import Problem

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
UNEXPECTED = "An internal error; the log has it under the request id."
HTTP_CODES = {404: "not_found", 405: "method_not_allowed"}


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(TolmachError, _tolmach)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    field: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A reply that says what went wrong."""
    content = describe(request, status, code, detail, field=field).model_dump(exclude_none=True)
    return JSONResponse(content, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def describe(request: Request, status: int, code: str, detail: str, *, field: str | None = None) -> Problem:
    """What went wrong, as the problem details say it."""
    return Problem(
        type=f"urn:tolmach:error:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        field=field,
        request_id=getattr(request.state, "request_id", None),
    )


def of_error(request: Request, error: TolmachError) -> Response:
    """The reply to one of our own errors."""
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="tolmach"'
    if isinstance(error, UnsupportedEncoding):
        headers["Accept-Encoding"] = "gzip"
    if isinstance(error, (RequestTimedOut, ShuttingDown)):
        headers["Connection"] = "close"
    return problem(request, error.status, error.code, error.message, field=error.field, headers=headers)


def unexpected(request: Request) -> Response:
    """The reply to a defect of ours."""
    return problem(request, 500, "internal", UNEXPECTED)


async def _tolmach(request: Request, error: Exception) -> Response:
    assert isinstance(error, TolmachError)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # That there is too much to do is no defect: under load a traceback a request would drown those that are.
        if isinstance(error, NotReady):
            logger.warning("%s: %s", error.code, error.message)
        else:
            logger.error("%s: %s", error.code, error.message, exc_info=error)
    return of_error(request, error)


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or None
    return problem(request, 422, "invalid_input", f"{field}: {first['msg']}", field=field)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = HTTP_CODES.get(error.status_code, "http_error")
    headers = dict(error.headers) if error.headers else None
    detail = f"{request.method} {request.url.path}: {HTTPStatus(error.status_code).phrase.lower()}."
    return problem(request, error.status_code, code, detail, headers=headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    logger.error("unexpected error", exc_info=error)
    return unexpected(request)
