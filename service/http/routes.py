"""The endpoints. Each parses, hands over to a worker thread, and replies in the form that the caller accepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from service.assembly import assemble
from service.errors import NotReady
from service.figures.match import summary_line
from service.http import about, present, replies, requests, streaming, waiting, work
from service.http.body import parse
from service.http.negotiation import choose
from service.http.openapi import accepts, gated, may_reply, work_replies
from service.languages import Role, served
from service.summary import render
from service.translation.routing import Router
from service.types import ModelInfo

T = TypeVar("T")
router = APIRouter()

JSON, TEXT, MARKDOWN, HTML = "application/json", "text/plain", "text/markdown", "text/html"
RENDERERS = {MARKDOWN: render.markdown, HTML: render.html, TEXT: render.text}
EXAMPLE = "Guvernul a alocat 6.000 de lei pentru fiecare dintre cele 1.250 de familii afectate."


@router.post(
    "/v1/articles",
    tags=["work"],
    summary="Translate, check and summarise an article",
    response_model=replies.ReportOut,
    openapi_extra=accepts(requests.ArticleRequest, {"text": EXAMPLE, "source": "ro", "brief": "wire"}),
    responses=work_replies(TEXT, MARKDOWN, HTML, *streaming.MEDIA_TYPES),
)
async def articles(request: Request) -> Response:
    """The main job: English, a summary with highlighted figures, and every figure checked against the original."""
    media_type = choose(request.headers.get("accept"), (JSON, MARKDOWN, HTML, TEXT, *streaming.MEDIA_TYPES))
    asked = await parse(request, requests.ArticleRequest)
    if media_type in streaming.MEDIA_TYPES:
        _require_ready(request)
        parts = work.article_in_parts(request.app.state.desk, asked)
        return await streaming.reply(request, parts, media_type, asked.include)
    report, brief = await in_thread(request, lambda: work.article(request.app.state.desk, asked))
    if media_type == JSON:
        return json_reply(present.report_out(report, summary_line(report.checks), asked.include), report.model)
    return text_reply(RENDERERS[media_type](report, brief=brief), media_type, report.model)


@router.post(
    "/v1/translate",
    tags=["work"],
    summary="Translate a text",
    response_model=replies.TranslateOut,
    openapi_extra=accepts(requests.TranslateRequest, {"text": EXAMPLE, "source": "ro"}),
    responses=work_replies(TEXT),
)
async def translate(request: Request) -> Response:
    """Nothing is dropped. Bare text is answered with bare text, JSON with JSON, unless `Accept` differs."""
    bare = not request.headers.get("content-type", "").lower().startswith(JSON)
    media_type = choose(request.headers.get("accept"), (TEXT, JSON) if bare else (JSON, TEXT))
    asked = await parse(request, requests.TranslateRequest)
    report = await in_thread(request, lambda: work.translation(request.app.state.desk, asked))
    if media_type == JSON:
        return json_reply(present.translate_out(report, summary_line(report.checks), asked.include), report.model)
    english = assemble(report.article.blocks, report.segments).text
    return text_reply(english + "\n", TEXT, report.model)


@router.post(
    "/v1/summarize",
    tags=["work"],
    summary="Summarise a text",
    response_model=replies.SummarizeOut,
    openapi_extra=accepts(requests.SummarizeRequest, {"text": EXAMPLE, "source": "ro", "sentences": 1}),
    responses=work_replies(TEXT),
)
async def summarize(request: Request) -> Response:
    """English sentences of the article, each linked to its original, within a length in words or sentences."""
    media_type = choose(request.headers.get("accept"), (JSON, TEXT))
    asked = await parse(request, requests.SummarizeRequest)
    report = await in_thread(request, lambda: work.summary(request.app.state.desk, asked))
    if media_type == JSON:
        return json_reply(present.summarize_out(report, asked.include), report.model)
    return text_reply(report.summary.text + "\n", TEXT, report.model)


@router.post(
    "/v1/figures",
    tags=["work"],
    summary="Find figures, or check those of a translation",
    response_model=replies.FiguresOut | replies.FiguresCheckOut,
    openapi_extra=accepts(requests.FiguresRequest, {"text": EXAMPLE, "language": "ro"}),
    responses=work_replies(),
)
async def figures(request: Request) -> Response:
    """With `against`, any English of the text, a person's too, is checked figure by figure."""
    choose(request.headers.get("accept"), (JSON,))
    asked = await parse(request, requests.FiguresRequest)
    return json_reply(await waiting.run(request, lambda: work.figures(request.app.state.desk, asked)))


@router.post(
    "/v1/detect",
    tags=["work"],
    summary="Detect the language of a text",
    response_model=replies.DetectOut,
    openapi_extra=accepts(requests.DetectRequest, {"text": EXAMPLE}),
    responses=work_replies(),
)
async def detect(request: Request) -> Response:
    """An unsupported language is an answer here, not an error."""
    choose(request.headers.get("accept"), (JSON,))
    asked = await parse(request, requests.DetectRequest)
    return json_reply(await waiting.run(request, lambda: work.detection(asked)))


@router.get("/v1/languages", tags=["about"], summary="The languages that are served", responses=gated())
async def list_languages(request: Request) -> list[about.LanguageOut]:
    """What needs no `model` to be named. English passes through untranslated; summary and figures work on it too."""
    models: Router = request.app.state.desk.router
    found = await to_thread.run_sync(
        lambda: [each for each in served() if each.role is Role.PASSED or models.translates(each.code)]
    )
    return [
        about.LanguageOut(
            code=each.code, name=each.english, native_name=each.native, translated=each.role is Role.TRANSLATED
        )
        for each in found
    ]


@router.get("/v1/models", tags=["about"], summary="The models of the catalogue", responses=gated())
async def list_models(request: Request) -> list[about.ModelStateOut]:
    """Provenance of each model, which ones are loaded, for which languages, and how much waits for them."""
    engine = request.app.state.settings.engine
    states = await to_thread.run_sync(request.app.state.desk.router.states)
    return [about.ModelStateOut.of(each, engine) for each in states]


@router.get("/v1/briefs", tags=["about"], summary="The briefs", responses=gated())
async def list_briefs(request: Request) -> list[about.BriefOut]:
    """Each name can be given as `brief` in a request."""
    briefs = request.app.state.desk.briefs.values()
    return [about.BriefOut(name=brief.name, title=brief.title, audience=brief.audience) for brief in briefs]


@router.head("/health/live", include_in_schema=False)
@router.get("/health/live", tags=["health"], summary="Is the process alive?")
async def live() -> replies.HealthOut:
    """Green as long as the process answers."""
    return replies.HealthOut(status="ok")


@router.head("/health/ready", include_in_schema=False)
@router.get(
    "/health/ready", tags=["health"], summary="Can work be sent?", responses=may_reply(status_503="Not ready, and why.")
)
async def ready(request: Request) -> replies.HealthOut:
    """Green once a sentence of every language came back sane from the engine; not while the engine hangs, and not after
    the service was told to stop.
    """
    _require_ready(request)
    request.app.state.admission.check()
    longest: float = request.app.state.settings.request_timeout
    router: Router = request.app.state.desk.router
    if router.stuck_for() > longest:
        raise NotReady("The engine has been busy with one call for longer than any request may take (request_timeout).")
    return replies.HealthOut(status="ok")


async def in_thread(request: Request, job: Callable[[], T]) -> T:
    """Run blocking work in a worker thread, once the engine is ready."""
    _require_ready(request)
    return await waiting.run(request, job)


def json_reply(body: BaseModel, model: ModelInfo | None = None) -> Response:
    """A reply as JSON."""
    return Response(body.model_dump_json(), media_type=JSON, headers=_model_headers(model))


def text_reply(text: str, media_type: str, model: ModelInfo | None) -> Response:
    """A reply as text; what translated it stands in the headers."""
    return Response(text, media_type=f"{media_type}; charset=utf-8", headers=_model_headers(model))


def _model_headers(model: ModelInfo | None) -> dict[str, str]:
    if model is None:
        return {}
    headers = {"X-Model": f"{model.id}@{model.revision}", "X-Model-SHA256": model.sha256}
    return headers | ({"X-Model-Instead-Of": model.instead_of} if model.instead_of else {})


def _require_ready(request: Request) -> None:
    reason: str | None = request.app.state.not_ready
    if reason is not None:
        raise NotReady(reason)
