"""Turns a report into a reply: offsets of segments become offsets into the whole text."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from service.assembly import English, assemble
from service.http.replies import (
    BlockOut,
    CheckOut,
    ChosenOut,
    DroppedOut,
    ModelOut,
    ReportOut,
    SegmentOut,
    SourceOut,
    SummarizeOut,
    SummaryOut,
    TitleOut,
    TranslateOut,
    TranslationOut,
    WarningOut,
)
from service.http.requests import Include
from service.types import Article, Check, Report


def report_out(report: Report, line: str, include: Collection[Include] = ()) -> ReportOut:
    """A report as the reply of `POST /v1/articles`. `line` counts the verdicts."""
    return ReportOut(summary=SummaryOut.of(report.summary), **_translation_parts(report, line, include))


def translate_out(report: Report, line: str, include: Collection[Include] = ()) -> TranslateOut:
    """A report as the reply of `POST /v1/translate`: everything but the summary."""
    return TranslateOut(**_translation_parts(report, line, include))


def summarize_out(report: Report, include: Collection[Include] = ()) -> SummarizeOut:
    """A report as the reply of `POST /v1/summarize`: the summary, what it was made of, and the checks of figures."""
    english = assemble(report.article.blocks, report.segments)
    chosen = {sentence.segment for sentence in report.summary.sentences}
    segments = [segment for segment in report.segments if segment.source.index in chosen]
    starts = {segment.source.index: segment.source.start for segment in report.segments}
    inside = dict.fromkeys(starts, 0)
    return SummarizeOut(
        source=source_out(report.article, include),
        title=_title(report, english),
        summary=SummaryOut.of(report.summary),
        segments=[ChosenOut.of(segment) for segment in segments],
        figures=[CheckOut.of(check, starts, inside) for check in report.checks if _segment_of(check) in chosen],
        warnings=[warning for warning in _warnings(report) if warning.segment in chosen],
        model=None if report.model is None else ModelOut.of(report.model),
        timings_ms=report.timings_ms,
    )


def _translation_parts(report: Report, line: str, include: Collection[Include]) -> dict[str, Any]:
    english = assemble(report.article.blocks, report.segments)
    blocks = zip(report.article.blocks, english.blocks, strict=True)
    return {
        "source": source_out(report.article, include),
        "title": _title(report, english),
        "translation": TranslationOut(
            text=english.text,
            blocks=[BlockOut(kind=b.kind, start=s.start, end=s.end, foreign=b.foreign) for b, s in blocks],
            segments=[
                SegmentOut.of(segment, span, alternatives="alternatives" in include)
                for segment, span in zip(report.segments, english.segments, strict=True)
            ],
        ),
        "figures": _checks(report, english),
        "figures_line": line,
        "warnings": _warnings(report),
        "dropped": [DroppedOut(text=d.text, reason=d.reason, start=d.start, end=d.end) for d in report.article.dropped]
        if "dropped" in include
        else None,
        "model": None if report.model is None else ModelOut.of(report.model),
        "timings_ms": report.timings_ms,
    }


def source_out(article: Article, include: Collection[Include] = ()) -> SourceOut:
    """The language of an article and, if it is asked for, the text that the offsets point into."""
    language = article.language
    return SourceOut(
        language=language.code,
        confidence=round(language.confidence, 4),
        detected=language.detected,
        text=article.text if "source" in include else None,
    )


def _title(report: Report, english: English) -> TitleOut | None:
    title = report.article.title
    if title is None:
        return None
    span = english.blocks[title.index]
    return TitleOut(source=title.text, english=english.text[span.start : span.end])


def _checks(report: Report, english: English) -> list[CheckOut]:
    source_starts = {segment.source.index: segment.source.start for segment in report.segments}
    english_starts = {
        segment.source.index: span.start for segment, span in zip(report.segments, english.segments, strict=True)
    }
    return [CheckOut.of(check, source_starts, english_starts) for check in report.checks]


def _segment_of(check: Check) -> int:
    located = check.english or check.source
    assert located is not None
    return located.segment


def _warnings(report: Report) -> list[WarningOut]:
    return [
        WarningOut(segment=segment.source.index, kind=warning)
        for segment in report.segments
        for warning in segment.warnings
    ]
