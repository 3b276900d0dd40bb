"""Describes to OpenAPI what routes read and write themselves: JSON or bare text in, replies by `Accept`. And keys."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from service.access.scopes import is_open, needed
from service.http.body import BARE_FIELDS, LIST_OPTIONS
from service.http.problems import MEDIA_TYPE
from service.http.replies import Problem

Operation = dict[str, Any]
Schema = dict[str, Any]
Responses = dict[int | str, dict[str, Any]]

# What the gatekeeper may say before a route is reached, and before one with a scope.
GATED = {
    "status_400": "The header is too large; without keys, a host that the service is not known as.",
    "status_401": "A key is needed, and there is none, or none that is good.",
    "status_429": "Too many requests in too short a time, or the quota is used up.",
    "status_503": "Too much to do, or the keys cannot be read now.",
}
GUARDED = {**GATED, "status_403": "The key lacks the scope; without keys, a page elsewhere may not write."}

EVENT = {"$ref": "#/components/schemas/StreamEvent"}
# What a reply is a sequence of, said as OpenAPI 3.2 does; earlier versions have no word for it.
ITEMS: dict[str, Schema] = {
    "application/x-ndjson": EVENT,
    "text/event-stream": {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": {"type": "string", "description": "The type of the event."},
            "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": EVENT},
        },
    },
}

SUMMARY = "Translates news articles into English, summarises them, and checks every figure against the original."

# Relative to the schema itself: clients reach the service at the root and below a prefix that it knows nothing of.
SERVERS = [{"url": ".", "description": "the service that this schema is from"}]

# The ways to show a key that clients know of; a service may also ask for none.
SECURITY_SCHEMES: dict[str, dict[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The key, as `Authorization: Bearer KEY`."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The key alone."},
}


def secure(schema: Schema) -> None:
    """Add to a schema how a key is shown, and to each operation which scope it needs where keys are asked for."""
    schema.setdefault("components", {})["securitySchemes"] = SECURITY_SCHEMES
    for path, operations in schema["paths"].items():
        if is_open(path):
            continue
        scope = needed(path)
        roles = [] if scope is None else [scope.value]
        for operation in operations.values():
            operation["security"] = [*({name: roles} for name in SECURITY_SCHEMES), {}]


def accepts(model: type[BaseModel], example: dict[str, Any]) -> Operation:
    """Request body as JSON, or as bare text or HTML with the options in the query."""
    schema = model.model_json_schema()
    content: dict[str, Any] = {"application/json": {"schema": schema, "example": example}}
    bare = {kind: name for kind, name in BARE_FIELDS.items() if name in model.model_fields}
    for kind, name in bare.items():
        content[kind] = {
            "schema": {"type": "string"},
            "example": example.get(name, "<p>Guvernul a adoptat bugetul.</p>"),
        }
    parameters = [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": properties.get("description", ""),
            "schema": _plain(properties, is_list=name in LIST_OPTIONS),
        }
        for name, properties in schema["properties"].items()
        if name not in bare.values()
    ]
    return {"requestBody": {"required": True, "content": content}, "parameters": parameters}


def may_reply(*media_types: str, **problems: str) -> Responses:
    """Replies of a route: 200 in these media types beside JSON, and problems as `status_404="why"`."""
    responses: Responses = {}
    if media_types:
        responses[200] = {"content": {kind: _written(kind) for kind in media_types}}
    for name, description in problems.items():
        responses[int(name.removeprefix("status_"))] = {
            "description": description,
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
        }
    return responses


def gated(**problems: str) -> Responses:
    """Replies of a route that any key will do for."""
    return may_reply(**(GATED | problems))


def guarded(*media_types: str, **problems: str) -> Responses:
    """Replies of a route that a key needs a scope for."""
    return may_reply(*media_types, **(GUARDED | problems))


def work_replies(*media_types: str) -> Responses:
    """Replies of the routes that read a text and do the work."""
    return guarded(
        *media_types,
        status_400="The body is not text; or, without keys, a host that the service is not known as.",
        status_406="No media type that the caller accepts.",
        status_408="The body did not arrive in time.",
        status_413="A limit is exceeded; the problem names it.",
        status_415="A content type that is not read here.",
        status_422="A field is wrong; the problem names it.",
        status_502="The engine failed.",
        status_503="Not ready, or too much to do.",
        status_504="The work was not finished within its time.",
    )


def _written(media_type: str) -> Schema:
    return {"itemSchema": ITEMS[media_type]} if media_type in ITEMS else {"schema": {"type": "string"}}


def _plain(properties: dict[str, Any], *, is_list: bool) -> dict[str, Any]:
    """The schema of a field as it is written in a query, where everything is text."""
    if is_list:
        return {"type": "array", "items": properties.get("items", {"type": "string"})}
    options = [
        option for option in properties.get("anyOf", [properties]) if option.get("type") not in {"null", "object"}
    ]
    return {key: value for key, value in options[0].items() if key not in {"description", "title", "default"}}
