"""What goes out over HTTP, and out of the command line as JSON. The field names are the contract."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from service.assembly import Span
from service.types import (
    BlockKind,
    Check,
    DropReason,
    Figure,
    FigureKind,
    LocatedFigure,
    ModelInfo,
    Modifier,
    RepairMethod,
    Severity,
    Summary,
    TranslatedSegment,
    Verdict,
    WarningKind,
)

Value = int | float | str | None


class Out(BaseModel):
    """Base of replies."""

    model_config = ConfigDict(extra="forbid")


class SourceOut(Out):
    language: str
    confidence: float
    detected: bool
    text: str | None = Field(
        None, description="The cleaned source text that the offsets point into (`include=source`)."
    )


class TitleOut(Out):
    source: str
    english: str


class SpanOut(Out):
    text: str
    start: int
    end: int


class HypothesisOut(Out):
    text: str
    score: float


class SegmentOut(Out):
    block: int
    source: SpanOut
    english: SpanOut
    score: float | None
    warnings: list[WarningKind]
    alternatives_tried: int
    human: bool = Field(description="An editor wrote the English (`PUT /v1/memory`).")
    alternatives: list[HypothesisOut] | None = Field(None, description="Other hypotheses (`include=alternatives`).")

    @classmethod
    def of(cls, segment: TranslatedSegment, span: Span, *, alternatives: bool = False) -> Self:
        """A segment whose English lies at `span` of the whole."""
        source = segment.source
        return cls(
            block=source.block,
            source=SpanOut(text=source.text, start=source.start, end=source.end),
            english=SpanOut(text=segment.english, start=span.start, end=span.end),
            score=None if segment.score is None else round(segment.score, 4),
            warnings=list(segment.warnings),
            alternatives_tried=segment.alternatives_tried,
            human=segment.human,
            alternatives=[HypothesisOut(text=h.text, score=round(h.score, 4)) for h in segment.alternatives]
            if alternatives
            else None,
        )


class BlockOut(Out):
    kind: BlockKind
    start: int = Field(description="Offset into translation.text.")
    end: int
    foreign: str | None = Field(
        None, description="Language of a block that is not in the article's and was left as it is."
    )


class TranslationOut(Out):
    text: str
    blocks: list[BlockOut]
    segments: list[SegmentOut]


class SummarySentenceOut(Out):
    segment: int
    text: str
    figures: list[str]
    trimmed: str | None = None


class SummaryOut(Out):
    brief: str
    text: str
    sentences: list[SummarySentenceOut]

    @classmethod
    def of(cls, summary: Summary) -> Self:
        """A summary as it is."""
        return cls(
            brief=summary.brief,
            text=summary.text,
            sentences=[
                SummarySentenceOut(segment=s.segment, text=s.text, figures=list(s.figures), trimmed=s.trimmed)
                for s in summary.sentences
            ],
        )


class LocatedOut(Out):
    text: str
    segment: int
    start: int
    end: int


class RepairOut(Out):
    method: RepairMethod
    model_text: str = Field(description="The segment as the model had first written it.")


class FigureValueOut(Out):
    kind: FigureKind
    value: Value
    low: Value = None
    high: Value = None
    unit: str | None
    modifier: Modifier | None


class FigureOut(FigureValueOut):
    """A figure found in one text."""

    text: str
    start: int
    end: int
    readings: list[int | float] = Field(default_factory=list, description="Other values that the characters can mean.")

    @classmethod
    def of(cls, figure: Figure) -> Self:
        """A figure as it was found."""
        return cls(
            text=figure.text,
            start=figure.start,
            end=figure.end,
            readings=[_number(reading) for reading in figure.readings],
            **_values(figure),
        )


class CheckOut(FigureValueOut):
    """The verdict on one figure across a translation."""

    id: str
    source: LocatedOut | None
    english: LocatedOut | None
    check: Verdict
    severity: Severity
    reason: str
    repair: RepairOut | None = None

    @classmethod
    def of(cls, check: Check, source_starts: Mapping[int, int], english_starts: Mapping[int, int]) -> Self:
        """`*_starts` give each segment's offset into the whole text; the reply's offsets point into that."""
        return cls(
            id=check.id,
            source=_located(check.source, source_starts),
            english=_located(check.english, english_starts),
            check=check.verdict,
            severity=check.severity,
            reason=check.reason,
            repair=None
            if check.repair is None
            else RepairOut(method=check.repair.method, model_text=check.repair.model_text),
            **_values(check.figure),
        )


class WarningOut(Out):
    segment: int
    kind: WarningKind


class DroppedOut(Out):
    text: str
    reason: DropReason
    start: int = Field(description="Offset into the text or page as it was sent, not into the cleaned text.")
    end: int


class ModelOut(Out):
    id: str
    revision: str
    sha256: str
    engine: str
    instead_of: str | None = Field(None, description="The model that should have, but is not installed here.")

    @classmethod
    def of(cls, model: ModelInfo) -> Self:
        """Provenance as it is."""
        return cls(
            id=model.id,
            revision=model.revision,
            sha256=model.sha256,
            engine=model.engine,
            instead_of=model.instead_of,
        )


class TranslateOut(Out):
    source: SourceOut
    title: TitleOut | None
    translation: TranslationOut
    figures: list[CheckOut]
    figures_line: str = Field(description="The verdicts counted, for a person.")
    warnings: list[WarningOut]
    dropped: list[DroppedOut] | None = Field(
        None, description="What was set aside as not the article (`include=dropped`)."
    )
    model: ModelOut | None = Field(description="What translated; null where nothing had to be translated.")
    timings_ms: dict[str, float]


class ReportOut(TranslateOut):
    summary: SummaryOut


class ChosenOut(Out):
    """A segment whose English, or a part of it, is in a summary."""

    index: int = Field(description="What sentences and figures call it: its place among the segments of the article.")
    block: int
    source: SpanOut
    english: str
    score: float | None
    warnings: list[WarningKind]
    human: bool = Field(description="An editor wrote the English (`PUT /v1/memory`).")

    @classmethod
    def of(cls, segment: TranslatedSegment) -> Self:
        """A segment as it is."""
        source = segment.source
        return cls(
            index=source.index,
            block=source.block,
            source=SpanOut(text=source.text, start=source.start, end=source.end),
            english=segment.english,
            score=None if segment.score is None else round(segment.score, 4),
            warnings=list(segment.warnings),
            human=segment.human,
        )


class SummarizeOut(Out):
    source: SourceOut
    title: TitleOut | None
    summary: SummaryOut
    segments: list[ChosenOut] = Field(description="The segments that the summary was made of.")
    figures: list[CheckOut] = Field(
        description="Checks of the figures of these segments; `english` offsets count inside the segment's English."
    )
    warnings: list[WarningOut]
    model: ModelOut | None
    timings_ms: dict[str, float]


class FiguresOut(Out):
    language: str
    figures: list[FigureOut]


class FiguresCheckOut(Out):
    language: str
    checks: list[CheckOut]
    figures_line: str


class CandidateOut(Out):
    language: str
    confidence: float


class DetectOut(Out):
    language: str
    name: str
    confidence: float
    supported: bool
    candidates: list[CandidateOut]


class HealthOut(Out):
    status: Literal["ok"]


class Problem(Out):
    """RFC 9457 problem details; `code` is stable and meant for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    request_id: str | None = None


def _located(located: LocatedFigure | None, starts: Mapping[int, int]) -> LocatedOut | None:
    if located is None:
        return None
    start = starts[located.segment]
    figure = located.figure
    return LocatedOut(text=figure.text, segment=located.segment, start=start + figure.start, end=start + figure.end)


def _values(figure: Figure) -> dict[str, Any]:
    return {
        "kind": figure.kind,
        "value": _value(figure.value),
        "low": _value(figure.low),
        "high": _value(figure.high),
        "unit": figure.unit,
        "modifier": figure.modifier,
    }


def _value(value: Decimal | str | None) -> Value:
    return _number(value) if isinstance(value, Decimal) else value


def _number(value: Decimal) -> int | float:
    """JSON has one kind of number: an integer where the value is whole, so that 6000 is not written 6000.0."""
    return int(value) if value == value.to_integral_value() else float(value)
