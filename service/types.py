"""The words of the service, as plain frozen dataclasses: what each step takes and what it hands on.

All offsets are Unicode code points, half open. `Article.text` is the cleaned source text; the offsets of a block or a
segment point into it. A figure's offsets point into the text it was found in, which for a checked figure is the text of
its segment (`Segment.text`, or `TranslatedSegment.english`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class BlockKind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CELL = "cell"


class DropReason(StrEnum):
    """Why a piece of the text as received is not part of the article."""

    ADVERTISEMENT = "advertisement"
    BIOGRAPHY = "biography"
    CREDIT = "credit"
    DATELINE = "dateline"
    DUPLICATE = "duplicate"
    HIDDEN = "hidden"
    MARKER = "marker"
    SIGNATURE = "signature"
    STRAY = "stray"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece set aside by the intake. `start`/`end` point into the text as received."""

    text: str
    reason: DropReason
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is ISO 639-1; `confidence` is 0..1, and 1.0 where the caller named the language."""

    code: str
    confidence: float
    detected: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, quote or table cell. `foreign`: the language of a block not in the article's."""

    index: int
    kind: BlockKind
    text: str
    start: int
    end: int
    foreign: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What came in, cleaned. `text` is the blocks joined by an empty line; a title, given or found, is block 0.

    `origin[i]` is the offset, in the text as received, of the character that became `text[i]`; -1 for one that the
    intake put there, such as the joint of two blocks, or that came in another field, such as a given title.
    """

    text: str
    blocks: tuple[Block, ...]
    language: Language
    dropped: tuple[Dropped, ...] = ()
    origin: tuple[int, ...] = field(default=(), repr=False)

    @property
    def title(self) -> Block | None:
        """The title, given or found."""
        return self.blocks[0] if self.blocks and self.blocks[0].kind is BlockKind.TITLE else None


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence of a block, without the white space around it: the unit that a model translates."""

    index: int
    block: int
    text: str
    start: int
    end: int


class WarningKind(StrEnum):
    """What went wrong with the English of a segment."""

    EMPTY = "empty"
    FOREIGN = "foreign"
    LOOP = "loop"
    LOW_CONFIDENCE = "low_confidence"
    TRUNCATED = "truncated"
    UNTRANSLATED = "untranslated"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One answer of an engine. `score` is the mean log-probability of a token; `truncated`: it hit the output limit.

    `human`: a person wrote it. It is the only answer then, its score is 0.0, and nothing may change or replace it.
    """

    text: str
    score: float
    truncated: bool = False
    human: bool = False


@dataclass(frozen=True, slots=True)
class TranslatedSegment:
    """A segment and its English. `score` is None where no model ran (numbers, emoji, English text).

    `alternatives` are the other hypotheses of the beam, best first; `alternatives_tried` counts the answers beyond the
    first that were looked at before this one was taken. `human`: an editor wrote the English, and nothing changes it.
    """

    source: Segment
    english: str
    score: float | None = None
    warnings: tuple[WarningKind, ...] = ()
    alternatives: tuple[Hypothesis, ...] = field(default=(), repr=False)
    alternatives_tried: int = 0
    human: bool = False


class FigureKind(StrEnum):
    AGE = "age"
    CENTURY = "century"
    COUNT = "count"
    DATE = "date"
    DECADE = "decade"
    DURATION = "duration"
    FRACTION = "fraction"
    IDENTIFIER = "identifier"
    MEASURE = "measure"
    MONEY = "money"
    MULTIPLIER = "multiplier"
    ORDINAL = "ordinal"
    PERCENT = "percent"
    RANGE = "range"
    SCORE = "score"
    TIME = "time"
    YEAR = "year"


class Modifier(StrEnum):
    """What a word beside a figure says of its exactness."""

    ABOUT = "about"
    ALMOST = "almost"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    OVER = "over"
    UNDER = "under"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as the reader means it: `text` is `source[start:end]`.

    `value` is a Decimal for quantities, an ISO 8601 string for a date (`2018-08-10`, `2018-08`, `--08-10`), `hh:mm` for
    a time of day, `3-1` for a score and the bare characters for an identifier. A range has `low` and `high` and no
    value; a range of a quantity keeps that kind (`10-15 million euros` is money), only a bare one has the kind `range`.
    `unit` is an ISO 4217 code for money, a UCUM code for measures and durations where there is one, `%` or `pp` for
    percent. `readings` are the other values that the characters can mean (`6,387` in Ukrainian: 6.387 or 6387), for the
    other side to decide.
    """

    text: str
    start: int
    end: int
    kind: FigureKind
    value: Decimal | str | None
    low: Decimal | str | None = None
    high: Decimal | str | None = None
    unit: str | None = None
    modifier: Modifier | None = None
    readings: tuple[Decimal, ...] = ()


class Verdict(StrEnum):
    """What became of one figure in the translation."""

    KEPT = "kept"
    CONVERTED = "converted"
    REPAIRED = "repaired"
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


class Severity(StrEnum):
    """How loudly an editor must be told: a figure that is right, one to look at, one that is wrong."""

    NONE = "none"
    NOTICE = "notice"
    ERROR = "error"


class RepairMethod(StrEnum):
    ALTERNATIVE = "alternative"
    REDECODED = "redecoded"
    SUBSTITUTED = "substituted"


@dataclass(frozen=True, slots=True)
class Repair:
    """How a figure was put right. `model_text` is the segment's English as the model had written it first."""

    method: RepairMethod
    model_text: str


@dataclass(frozen=True, slots=True)
class LocatedFigure:
    """A figure and the index of the segment whose text its offsets point into."""

    figure: Figure
    segment: int


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one figure across the translation; at least one side is there."""

    id: str
    verdict: Verdict
    source: LocatedFigure | None
    english: LocatedFigure | None
    severity: Severity
    reason: str
    repair: Repair | None = None

    @property
    def figure(self) -> Figure:
        """The figure as the source has it, or as the English has it where the source has none."""
        located = self.source or self.english
        assert located is not None
        return located.figure


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """`text` is the English of segment `segment`, whole or trimmed as `trimmed` says; `figures` are ids of checks."""

    segment: int
    text: str
    figures: tuple[str, ...] = ()
    trimmed: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    brief: str
    sentences: tuple[SummarySentence, ...]

    @property
    def text(self) -> str:
        """The sentences joined by spaces."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Provenance of what translated: `sha256` is the digest over the digests of all files of the model.

    `variant` is a digest of what else changes its answers: how the catalogue says that it is asked, and what it runs
    on. `instead_of` is the id of the model that should have translated, where that one is not installed.
    """

    id: str
    revision: str
    sha256: str
    engine: str
    languages: tuple[str, ...]
    variant: str = ""
    instead_of: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What goes out. `segments[i].source.index == i`, unless only a summary's sentences were translated.

    `timings_ms` has one entry a step of the desk.
    """

    article: Article
    segments: tuple[TranslatedSegment, ...]
    checks: tuple[Check, ...]
    summary: Summary
    model: ModelInfo | None
    timings_ms: dict[str, float]
