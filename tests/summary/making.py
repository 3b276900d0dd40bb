"""Small pieces of reports for the tests of this folder, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from service.summary.brief import Brief, Length
from service.types import (
    Article,
    Block,
    BlockKind,
    Check,
    Dropped,
    DropReason,
    Figure,
    FigureKind,
    Language,
    LocatedFigure,
    ModelInfo,
    Report,
    Segment,
    Severity,
    Summary,
    SummarySentence,
    TranslatedSegment,
    Verdict,
    WarningKind,
)

WIRE = Brief(name="wire", title="Wire", length=Length(sentences=3))
MODEL = ModelInfo("tolmach-mini", "r1", "ab" * 32, "fake", ("ro",))


def figure(
    text: str,
    surface: str,
    value: Decimal | str | int,
    kind: FigureKind = FigureKind.COUNT,
    unit: str | None = None,
) -> Figure:
    """The figure that stands in `text` as `surface`."""
    start = text.index(surface)
    number = Decimal(value) if isinstance(value, int) else value
    return Figure(surface, start, start + len(surface), kind, number, unit=unit)


def check(
    identity: str,
    english: Figure | None,
    source: Figure | None = None,
    *,
    segment: int = 0,
    verdict: Verdict = Verdict.KEPT,
    severity: Severity | None = None,
) -> Check:
    """A verdict; a kept figure stands on both sides as it is."""
    right = verdict in {Verdict.KEPT, Verdict.CONVERTED, Verdict.REPAIRED}
    source = source or (english if right else None)
    return Check(
        identity,
        verdict,
        LocatedFigure(source, segment) if source else None,
        LocatedFigure(english, segment) if english else None,
        severity or (Severity.NONE if right else Severity.ERROR),
        "",
    )


def segments(texts: Sequence[str], blocks: Sequence[int] | None = None) -> tuple[TranslatedSegment, ...]:
    """Segments whose English is their source, each in a block of its own unless `blocks` says in which."""
    at = blocks or range(len(texts))
    made = (
        Segment(index, block, text, 0, len(text)) for index, (text, block) in enumerate(zip(texts, at, strict=True))
    )
    return tuple(TranslatedSegment(segment, segment.text, score=-0.1) for segment in made)


def report(
    texts: Sequence[str],
    checks: Sequence[Check] = (),
    *,
    kinds: Sequence[BlockKind] | None = None,
    chosen: Sequence[int] = (0,),
    warnings: dict[int, WarningKind] | None = None,
    dropped: Sequence[str] = (),
    model: ModelInfo | None = MODEL,
) -> Report:
    """A report of one segment a block; without `kinds` all are paragraphs. `chosen` are the summary's segments."""
    kinds = kinds or [BlockKind.PARAGRAPH] * len(texts)
    blocks = tuple(Block(i, kind, text, 0, len(text)) for i, (kind, text) in enumerate(zip(kinds, texts, strict=True)))
    made = list(segments(texts))
    for index, warning in (warnings or {}).items():
        made[index] = TranslatedSegment(made[index].source, made[index].english, -2.0, (warning,))
    sentences = []
    for index in chosen:
        located = {one.id: one.english or one.source for one in checks}
        own = tuple(identity for identity, place in located.items() if place and place.segment == index)
        sentences.append(SummarySentence(index, texts[index], own))
    return Report(
        Article(
            "\n\n".join(texts),
            blocks,
            Language("ro", 1.0, detected=True),
            tuple(Dropped(text, DropReason.ADVERTISEMENT, 0, len(text)) for text in dropped),
        ),
        tuple(made),
        tuple(checks),
        Summary("wire", tuple(sentences)),
        model,
        {},
    )
