"""What goes in and out over HTTP, and out of the command line as JSON. The field names are the contract."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.assembly import English, Span, assemble
from service.types import Check, Figure, LocatedFigure, ModelInfo, Report, Summary, TranslatedSegment

Include = Literal["source", "dropped", "alternatives"]
Value = int | float | str | None

SOURCE_HELP = "ISO 639-1 code of the text, or `auto` to detect it."
BRIEF_HELP = "Name of a brief (see `GET /v1/briefs`), or a brief written out as an object."


class In(BaseModel):
    """Base of requests: an unknown field is an error, so that a misspelt option is never ignored."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class TextOrHtml(In):
    """Base of requests about an article."""

    text: str | None = Field(None, description="The article as plain text; paragraphs are separated by line breaks.")
    html: str | None = Field(None, description="The article as HTML, whole page or fragment.")
    title: str | None = Field(None, max_length=1000, description="The headline, where it is known.")
    source: str = Field("auto", description=SOURCE_HELP)

    @model_validator(mode="after")
    def one_of(self) -> Self:
        """Exactly one of text and html."""
        if (self.text is None) == (self.html is None):
            raise ValueError("give exactly one of text and html")
        return self


class ArticleRequest(TextOrHtml):
    brief: str | dict[str, Any] = Field("wire", description=BRIEF_HELP)
    questions: list[Annotated[str, Field(min_length=1, max_length=300)]] = Field(
        default_factory=list, max_length=10, description="Questions that the summary should answer."
    )
    repair: bool | None = Field(None, description="Whether wrong figures are put right; the setting decides if absent.")
    include: list[Include] = Field(
        default_factory=list, max_length=3, description="Parts of the reply that are off by default."
    )


class TranslateRequest(TextOrHtml):
    repair: bool | None = Field(None, description="Whether wrong figures are put right; the setting decides if absent.")
    include: list[Include] = Field(default_factory=list, max_length=3)


class SummarizeRequest(TextOrHtml):
    brief: str | dict[str, Any] = Field("wire", description=BRIEF_HELP)
    questions: list[Annotated[str, Field(min_length=1, max_length=300)]] = Field(default_factory=list, max_length=10)
    words: int | None = Field(None, ge=5, le=2000, description="Length of the summary in words; overrules the brief.")
    sentences: int | None = Field(
        None, ge=1, le=100, description="Length of the summary in sentences; overrules the brief."
    )

    @model_validator(mode="after")
    def one_length(self) -> Self:
        """Words or sentences, not both."""
        if self.words is not None and self.sentences is not None:
            raise ValueError("give words or sentences, not both")
        return self


class FiguresRequest(In):
    text: str = Field(description="The text to read.")
    language: str = Field("auto", description=SOURCE_HELP)
    against: str | None = Field(
        None, description="English of the text: its figures are checked against those of `text`."
    )


class DetectRequest(In):
    text: str = Field(description="The text whose language is asked for.")


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
    warnings: list[str]
    alternatives_tried: int
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
            warnings=[warning.value for warning in segment.warnings],
            alternatives_tried=segment.alternatives_tried,
            alternatives=[HypothesisOut(text=h.text, score=round(h.score, 4)) for h in segment.alternatives]
            if alternatives
            else None,
        )


class BlockOut(Out):
    kind: str
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
    method: str
    model_text: str = Field(description="The segment as the model had first written it.")


class FigureValueOut(Out):
    kind: str
    value: Value
    low: Value = None
    high: Value = None
    unit: str | None
    modifier: str | None


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
    check: str
    severity: str
    reason: str
    repair: RepairOut | None = None

    @classmethod
    def of(cls, check: Check, source_starts: Mapping[int, int], english_starts: Mapping[int, int]) -> Self:
        """`*_starts` give each segment's offset into the whole text; the reply's offsets point into that."""
        return cls(
            id=check.id,
            source=_located(check.source, source_starts),
            english=_located(check.english, english_starts),
            check=check.verdict.value,
            severity=check.severity.value,
            reason=check.reason,
            repair=None
            if check.repair is None
            else RepairOut(method=check.repair.method.value, model_text=check.repair.model_text),
            **_values(check.figure),
        )


class WarningOut(Out):
    segment: int
    kind: str


class DroppedOut(Out):
    text: str
    reason: str
    start: int
    end: int


class ModelOut(Out):
    id: str
    revision: str
    sha256: str
    engine: str

    @classmethod
    def of(cls, model: ModelInfo) -> Self:
        """Provenance as it is."""
        return cls(id=model.id, revision=model.revision, sha256=model.sha256, engine=model.engine)


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


class SummarizeOut(Out):
    source: SourceOut
    title: TitleOut | None
    summary: SummaryOut
    figures: list[CheckOut] = Field(description="Checks of the figures that the summary's sentences hold.")
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


class LanguageOut(Out):
    code: str
    name: str
    native_name: str
    translated: bool = Field(description="False for English, which passes through.")


class BriefOut(Out):
    name: str
    title: str
    audience: str


class ModelStateOut(ModelOut):
    languages: list[str]
    licence: str
    loaded: bool


class HealthOut(Out):
    status: Literal["ok", "not_ready"]
    detail: str | None = None


class Problem(Out):
    """RFC 9457 problem details; `code` is stable and meant for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    request_id: str | None = None


def report_out(report: Report, line: str, include: Collection[Include] = ()) -> ReportOut:
    """A report as the reply of `POST /v1/articles`. `line` counts the verdicts."""
    return ReportOut(summary=SummaryOut.of(report.summary), **_translation_parts(report, line, include))


def translate_out(report: Report, line: str, include: Collection[Include] = ()) -> TranslateOut:
    """A report as the reply of `POST /v1/translate`: everything but the summary."""
    return TranslateOut(**_translation_parts(report, line, include))


def summarize_out(report: Report) -> SummarizeOut:
    """A report as the reply of `POST /v1/summarize`: the summary, and the checks of the figures in its sentences."""
    english = assemble(report.article.blocks, report.segments)
    chosen = {sentence.segment for sentence in report.summary.sentences}
    return SummarizeOut(
        source=_source(report, ()),
        title=_title(report, english),
        summary=SummaryOut.of(report.summary),
        figures=[check for check, segment in _checks(report, english) if segment in chosen],
        warnings=[warning for warning in _warnings(report) if warning.segment in chosen],
        model=None if report.model is None else ModelOut.of(report.model),
        timings_ms=report.timings_ms,
    )


def _translation_parts(report: Report, line: str, include: Collection[Include]) -> dict[str, Any]:
    english = assemble(report.article.blocks, report.segments)
    blocks = zip(report.article.blocks, english.blocks, strict=True)
    return {
        "source": _source(report, include),
        "title": _title(report, english),
        "translation": TranslationOut(
            text=english.text,
            blocks=[BlockOut(kind=b.kind.value, start=s.start, end=s.end, foreign=b.foreign) for b, s in blocks],
            segments=[
                SegmentOut.of(segment, span, alternatives="alternatives" in include)
                for segment, span in zip(report.segments, english.segments, strict=True)
            ],
        ),
        "figures": [check for check, _ in _checks(report, english)],
        "figures_line": line,
        "warnings": _warnings(report),
        "dropped": [
            DroppedOut(text=d.text, reason=d.reason.value, start=d.start, end=d.end) for d in report.article.dropped
        ]
        if "dropped" in include
        else None,
        "model": None if report.model is None else ModelOut.of(report.model),
        "timings_ms": report.timings_ms,
    }


def _source(report: Report, include: Collection[Include]) -> SourceOut:
    language = report.article.language
    return SourceOut(
        language=language.code,
        confidence=round(language.confidence, 4),
        detected=language.detected,
        text=report.article.text if "source" in include else None,
    )


def _title(report: Report, english: English) -> TitleOut | None:
    title = report.article.title
    if title is None:
        return None
    span = english.blocks[title.index]
    return TitleOut(source=title.text, english=english.text[span.start : span.end])


def _checks(report: Report, english: English) -> list[tuple[CheckOut, int]]:
    """Each check with the segment it belongs to."""
    source_starts = {segment.source.index: segment.source.start for segment in report.segments}
    english_starts = {
        segment.source.index: span.start for segment, span in zip(report.segments, english.segments, strict=True)
    }
    return [(CheckOut.of(check, source_starts, english_starts), _segment_of(check)) for check in report.checks]


def _segment_of(check: Check) -> int:
    located = check.english or check.source
    assert located is not None
    return located.segment


def _warnings(report: Report) -> list[WarningOut]:
    return [
        WarningOut(segment=segment.source.index, kind=warning.value)
        for segment in report.segments
        for warning in segment.warnings
    ]


def _located(located: LocatedFigure | None, starts: Mapping[int, int]) -> LocatedOut | None:
    if located is None:
        return None
    start = starts[located.segment]
    figure = located.figure
    return LocatedOut(text=figure.text, segment=located.segment, start=start + figure.start, end=start + figure.end)


def _values(figure: Figure) -> dict[str, Any]:
    return {
        "kind": figure.kind.value,
        "value": _value(figure.value),
        "low": _value(figure.low),
        "high": _value(figure.high),
        "unit": figure.unit,
        "modifier": None if figure.modifier is None else figure.modifier.value,
    }


def _value(value: Decimal | str | None) -> Value:
    return _number(value) if isinstance(value, Decimal) else value


def _number(value: Decimal) -> int | float:
    """JSON has one kind of number: an integer where the value is whole, so that 6000 is not written 6000.0."""
    return int(value) if value == value.to_integral_value() else float(value)
