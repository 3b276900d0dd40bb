"""Reads a request's body under a limit and turns it into a request model, whether it is JSON or a bare text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any, TypeVar

from anyio import current_time, fail_after, move_on_after
from fastapi import Request
from pydantic import BaseModel, ValidationError

from service.article.intake import decode
from service.errors import InvalidInput, RequestTimedOut, TolmachError, TooLarge, UnsupportedMediaType
from service.http.encoding import decoder
from service.settings import Settings, variable

Model = TypeVar("Model", bound=BaseModel)

CHARSET = re.compile(r""";\s*charset\s*=\s*("?)([^";\s]+)\1""", re.IGNORECASE)
LIST_OPTIONS = frozenset({"include", "questions"})
DRAINED_BYTES, DRAINED_SECONDS = 32 * 2**20, 2.0
CHARGED = ("title", "text", "html", "against")
BARE_FIELDS = {"text/plain": "text", "text/html": "html", "application/xhtml+xml": "html"}


async def parse(request: Request, model: type[Model]) -> Model:
    """The request as `model`. Options in the query go with a bare body, and fill what a JSON body does not say.

    The text is charged to whoever sent it, so that no endpoint that reads one can forget to. Raises QuotaExceeded.
    """
    asked = await _parse(request, model)
    await request.state.account.charge(sum(len(getattr(asked, name, None) or "") for name in CHARGED))
    return asked


async def _parse(request: Request, model: type[Model]) -> Model:
    media_type, charset = content_type(request)
    options = query_options(request)
    body = (await read(request, request.app.state.settings.max_body_bytes)).getvalue()
    try:
        if media_type == "application/json":
            return _from_json(body, options, model)
        name = BARE_FIELDS.get(media_type)
        if name is None or name not in model.model_fields:
            raise unread(media_type, _accepted(model))
        if name in options:
            raise InvalidInput(f"{name}: given in the query and as the body.", field=name)
        return model.model_validate({**options, name: decode(body, charset)}, strict=False)
    except ValidationError as error:
        raise invalid(error) from None


async def read(request: Request, limit: int, setting: str = "max_body_bytes") -> BytesIO:
    """The body, refused as soon as it is known to have more than `limit` bytes, packed or unpacked, or to be late.

    `setting` is the one that says the limit.
    """
    too_large = TooLarge(f"The body is larger than {limit} bytes ({variable(setting)}).", field="body")
    try:
        return await _read(request, limit, too_large)
    except TolmachError as error:
        if not isinstance(error, RequestTimedOut):
            await _drain(request)
        raise


async def _read(request: Request, limit: int, too_large: TooLarge) -> BytesIO:
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise too_large
    plain = decoder(request.headers.get("content-encoding", ""), limit, too_large)
    settings: Settings = request.app.state.settings
    seconds, body, received = settings.body_timeout, BytesIO(), 0
    begun = current_time()
    try:
        with fail_after(seconds) as scope:
            async for chunk in request.stream():
                body.write(plain.feed(chunk))
                received += len(chunk)
                # Where more than an article may come, it may take longer, but not come slower.
                scope.deadline = begun + seconds * (1 + received // settings.max_body_bytes)
    except TimeoutError:
        raise RequestTimedOut(f"The body took longer than {seconds:g} seconds ({variable('body_timeout')}).") from None
    plain.finish()
    body.seek(0)
    return body


async def _drain(request: Request) -> None:
    """Let a caller who is refused finish what it sends, within bounds: only then does it get to read why."""
    if "expect" in request.headers:
        return  # it waits to be asked for its body, and is not
    left = DRAINED_BYTES
    with move_on_after(DRAINED_SECONDS):
        while left > 0:
            message = await request.receive()
            left -= len(message.get("body", b""))
            if not message.get("more_body", False):
                return


def content_type(request: Request) -> tuple[str, str | None]:
    """Media type in lower case and charset."""
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = CHARSET.search(f";{parameters}")
    return media_type.strip().lower(), charset[2] if charset else None


def unread(media_type: str, accepted: Sequence[str]) -> UnsupportedMediaType:
    """What to say where a body is of none of the media types that are accepted."""
    given = f"Content-Type {media_type!r} is not read here" if media_type else "Content-Type is missing"
    *most, last = accepted
    return UnsupportedMediaType(f"{given}; send {', '.join(most)}{' or ' if most else ''}{last}.")


def query_options(request: Request) -> dict[str, Any]:
    """The query as a dictionary; options that are lists may be repeated or separated by commas."""
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        given.setdefault(name, []).append(value)
    options: dict[str, Any] = {}
    for name, values in given.items():
        if name == "include":
            options[name] = [item for value in values for item in value.split(",") if item]
        elif name in LIST_OPTIONS:
            options[name] = values
        elif len(values) > 1:
            raise InvalidInput(f"The option {name!r} is given {len(values)} times.", field=name)
        else:
            options[name] = values[0]
    return options


def invalid(error: ValidationError) -> InvalidInput:
    """The first thing wrong with a request, in words that name the field; `body` for what is no JSON object."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "body"
    return InvalidInput(f"{field}: {first['msg'].removeprefix('Value error, ')}", field=field)


def _from_json(body: bytes, options: dict[str, Any], model: type[Model]) -> Model:
    if not options:
        return model.model_validate_json(body)
    # Options in the query are text; `strict=False` lets pydantic read their numbers and booleans.
    fields: dict[str, Any] = _Object.model_validate_json(body).model_extra or {}
    return model.model_validate({**options, **fields}, strict=False)


class _Object(BaseModel, extra="allow"):
    """Any JSON object."""


def _accepted(model: type[BaseModel]) -> list[str]:
    return ["application/json", *(kind for kind, name in BARE_FIELDS.items() if name in model.model_fields)]
