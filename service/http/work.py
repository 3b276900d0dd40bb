"""Turns a request into a reply's data by way of the desk. Runs in worker threads: nothing here awaits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.article import intake
from service.article.language import detect, rank
from service.desk import Desk, Part
from service.errors import EmptyText, TooLarge
from service.figures.find import find
from service.figures.match import compare, summary_line
from service.http import replies, requests
from service.languages import english_name, registry
from service.settings import variable
from service.summary.brief import Brief, asking, lasting, parse
from service.types import Article, Report


def article(desk: Desk, asked: requests.ArticleRequest) -> tuple[Report, Brief]:
    """The main job."""
    brief = _brief(desk, asked.brief, asked.questions)
    read = _read(asked)
    return desk.report(read, brief, put_right=asked.repair, model=asked.model), brief


def article_in_parts(desk: Desk, asked: requests.ArticleRequest) -> Iterator[Article | Part | Report]:
    """The main job bit by bit: the article as it was read, its parts as soon as they are final, the report."""
    brief = _brief(desk, asked.brief, asked.questions)
    read = _read(asked)
    yield read
    yield from desk.parts(read, brief, put_right=asked.repair, model=asked.model)


def translation(desk: Desk, asked: requests.TranslateRequest) -> Report:
    """Everything of the text, nothing dropped."""
    read = _read(asked, keep_all=True)
    return desk.report(read, None, put_right=asked.repair, model=asked.model)


def summary(desk: Desk, asked: requests.SummarizeRequest) -> Report:
    """The summary alone, by the short way unless the whole article is wanted translated first."""
    brief = lasting(_brief(desk, asked.brief, asked.questions), words=asked.words, sentences=asked.sentences)
    read = _read(asked)
    way = desk.report if asked.mode == "full" else desk.summary
    return way(read, brief, model=asked.model)


def figures(desk: Desk, asked: requests.FiguresRequest) -> replies.FiguresOut | replies.FiguresCheckOut:
    """Figures of one text, or the check of a translation. Each text counts as one sentence, and has its limit."""
    _require_text(asked.text)
    longest = desk.settings.max_segment_chars
    for field, text in (("text", asked.text), ("against", asked.against or "")):
        if len(text) > longest:
            raise TooLarge(
                f"{field}: {len(text)} characters; the limit is {longest} ({variable('max_segment_chars')}).",
                field=field,
            )
    language = intake.language_of(asked.text, asked.language, field="language")
    if asked.against is None:
        found = [replies.FigureOut.of(figure) for figure in find(asked.text, language)]
        return replies.FiguresOut(language=language, figures=found)
    checks = compare(asked.text, language, asked.against)
    starts = {0: 0}
    return replies.FiguresCheckOut(
        language=language,
        checks=[replies.CheckOut.of(check, starts, starts) for check in checks],
        figures_line=summary_line(checks),
    )


def detection(asked: requests.DetectRequest) -> replies.DetectOut:
    """What language a text is in; an unsupported one is an answer here, not an error."""
    _require_text(asked.text)
    found = detect(asked.text, field=None)
    return replies.DetectOut(
        language=found.code,
        name=english_name(found.code),
        confidence=round(found.confidence, 4),
        supported=found.code in registry() and registry()[found.code].served,
        candidates=[
            replies.CandidateOut(language=code, confidence=round(confidence, 4))
            for code, confidence in rank(asked.text)[:3]
        ],
    )


def _require_text(text: str) -> None:
    """Raises EmptyText: of nothing it would be said that its language cannot be told."""
    if not text.strip():
        raise EmptyText("text has nothing to read: it is empty", field="text")


def _read(asked: requests.TextOrHtml, *, keep_all: bool = False) -> Article:
    return intake.read(text=asked.text, html=asked.html, title=asked.title, source=asked.source, keep_all=keep_all)


def _brief(desk: Desk, wanted: str | dict[str, Any], questions: list[str]) -> Brief:
    brief = desk.brief(wanted) if isinstance(wanted, str) else parse(wanted)
    return asking(brief, questions)
