"""`/v1/memory`: what editors correct. It is the English of its segment from then on, whatever a model says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated, Any, Self, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from service.errors import NoCorrection
from service.http.body import content_type, parse, read, unread
from service.http.openapi import accepts, guarded
from service.http.replies import Out
from service.http.requests import In
from service.translation.memory import Correction, Remembering

T = TypeVar("T")

TMX = "application/x-tmx+xml"
TMX_READ = (TMX, "application/xml", "text/xml")
router = APIRouter(prefix="/v1/memory", tags=["memory"])

Language = Annotated[str, Query(description="ISO 639-1 code of the source.")]
Source = Annotated[str, Query(description="The segment as the reply to a translation has it.")]
NO_STORE = "The service keeps no memory, or cannot reach it now."
EXAMPLE = {"language": "ro", "source": "Plouă cu găleata.", "english": "It is raining cats and dogs."}
TMX_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TMX_READ},
    }
}


class CorrectionRequest(In):
    language: str = Field(description="ISO 639-1 code of the source.")
    source: str = Field(description="The whole segment, as the reply to a translation has it.")
    english: str = Field(description="What it is in English from now on.")
    author: str | None = Field(default=None, description="Who says so.")


class CorrectionOut(Out):
    language: str
    source: str
    english: str
    author: str | None
    changed: datetime

    @classmethod
    def of(cls, correction: Correction) -> Self:
        """A correction as it is stored."""
        return cls(
            language=correction.language,
            source=correction.source,
            english=correction.english,
            author=correction.author,
            changed=correction.changed,
        )


class ImportedOut(Out):
    stored: int
    skipped: int = Field(description="Units in other languages, too long, given twice, or not text.")


@router.put(
    "",
    summary="Correct a segment",
    response_model=CorrectionOut,
    openapi_extra=accepts(CorrectionRequest, EXAMPLE),
    responses=guarded(
        status_400="Not text.",
        status_408="The body did not arrive in time.",
        status_413="Too long.",
        status_415="Not JSON.",
        status_422="A field is wrong.",
        status_503=NO_STORE,
    ),
)
async def put(request: Request) -> CorrectionOut:
    """It wins over every model, in every process on this memory."""
    asked = await parse(request, CorrectionRequest)
    memory = _memory(request)
    correction = await _in_thread(
        request, lambda: memory.put(asked.language, asked.source, asked.english, asked.author)
    )
    return CorrectionOut.of(correction)


@router.get(
    "",
    summary="What a segment was corrected to",
    responses=guarded(status_404="Nobody corrected it.", status_422="A field is wrong.", status_503=NO_STORE),
)
async def get(request: Request, language: Language, source: Source) -> CorrectionOut:
    """White space and the spelling of apostrophes and letters do not matter."""
    correction = await _in_thread(request, lambda: _memory(request).get(language, source))
    if correction is None:
        raise NoCorrection("Nobody has corrected this segment.", field="source")
    return CorrectionOut.of(correction)


@router.delete(
    "",
    status_code=204,
    summary="Take a correction back",
    responses=guarded(status_404="Nobody corrected it.", status_422="A field is wrong.", status_503=NO_STORE),
)
async def delete(request: Request, language: Language, source: Source) -> None:
    """The model has the say again."""
    if not await _in_thread(request, lambda: _memory(request).delete(language, source)):
        raise NoCorrection("Nobody has corrected this segment.", field="source")


@router.get(
    "/tmx",
    summary="All corrections as TMX 1.4b",
    response_class=Response,
    responses={200: {"content": {TMX: {"schema": {"type": "string"}}}}, **guarded(status_503=NO_STORE)},
)
async def export(request: Request) -> Response:
    """For a CAT tool, or for the memory of another service."""
    parts = _memory(request).export_tmx()
    first = await _in_thread(request, lambda: next(parts))  # what goes wrong at once still has its own status

    async def body() -> AsyncIterator[bytes]:
        part: bytes | None = first
        while part is not None:
            yield part
            part = await _in_thread(request, lambda: next(parts, None))

    disposition = 'attachment; filename="memory.tmx"'
    return StreamingResponse(body(), media_type=TMX, headers={"Content-Disposition": disposition})


@router.post(
    "/tmx",
    summary="Take in the corrections of a TMX file",
    openapi_extra=TMX_BODY,
    responses=guarded(
        status_400="Not a body.",
        status_408="The body did not arrive in time.",
        status_413="Too long.",
        status_415="A content type or content encoding that is not read.",
        status_422="Not TMX.",
        status_503=NO_STORE,
    ),
)
async def take_in(request: Request) -> ImportedOut:
    """Units of the languages that are translated, into English, are stored; a later unit replaces an earlier one."""
    _require_tmx(request)
    body = await read(request, request.app.state.settings.max_import_bytes, "max_import_bytes")
    imported = await _in_thread(request, lambda: _memory(request).import_tmx(body))
    return ImportedOut(stored=imported.stored, skipped=imported.skipped)


def _require_tmx(request: Request) -> None:
    """Of these types a browser sends nothing from a page elsewhere without asking here first (CORS)."""
    media_type, _ = content_type(request)
    if media_type not in TMX_READ:
        raise unread(media_type, TMX_READ)


async def _in_thread(request: Request, job: Callable[[], T]) -> T:
    return await to_thread.run_sync(job, limiter=request.app.state.memory_threads)


def _memory(request: Request) -> Remembering:
    memory: Remembering = request.app.state.memory
    return memory
