"""The whole way of an article, in one place: intake, segments, engine with its guard, figures, summary."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from service.article.segments import segment
from service.errors import TooLarge, UnknownBrief
from service.figures.match import check
from service.figures.repair import repair
from service.figures.style import normalise
from service.remembering import remembered
from service.settings import Settings
from service.summary.brief import Brief
from service.summary.rank import preselect, summarize
from service.translation.routing import Choice, Router
from service.translation.translate import ENGLISH
from service.types import Article, Block, Check, Repair, Report, Segment, Summary, TranslatedSegment

NO_SUMMARY = Summary("", ())
FIRST_PART, NEXT_PARTS = 2, 12  # sentences at least


def _characters(segments: Sequence[TranslatedSegment], *_: object, **__: object) -> int:
    """How much text a remembered summary keeps with it."""
    return sum(
        len(each.source.text) + len(each.english) + sum(len(other.text) for other in each.alternatives)
        for each in segments
    )


summed_up = remembered(32, longest=100_000, size=_characters)(summarize)


@dataclass(frozen=True, slots=True)
class Part:
    """Whole blocks of an article in English, next to those of the part before. Ids of checks go on from there."""

    blocks: tuple[Block, ...]
    segments: tuple[TranslatedSegment, ...]
    checks: tuple[Check, ...]


class Desk:
    """Holds what lasts from one article to the next. Of articles only `remembering` keeps anything, for a while."""

    def __init__(self, router: Router, briefs: Mapping[str, Brief], settings: Settings) -> None:
        self.router = router
        self.briefs = briefs
        self.settings = settings
        self.on_report: Callable[[Report], object] = lambda _: None

    def report(
        self, article: Article, brief: Brief | None, *, put_right: bool | None = None, model: str | None = None
    ) -> Report:
        """Translate, check and, with a brief, summarise. Blocks; safe to call from several threads.

        `put_right` says whether wrong figures are repaired, `model` what translates; the settings decide if it is None.
        """
        steps = Steps()
        chosen = self.router.choose(article.language.code, model)
        with steps("segments"):
            segments = self._segments(article)
        translated, checks = self._translate(chosen, article, segments, put_right, steps)
        return self._finish(chosen, article, translated, checks, brief, steps)

    def parts(
        self, article: Article, brief: Brief | None, *, put_right: bool | None = None, model: str | None = None
    ) -> Iterator[Part | Report]:
        """As `report`, but each part as soon as it is final, in the order of the article, and the report last.

        A figure is only ever matched inside its block, and what is said of a segment does not depend on those beside
        it: the parts say together what the report says.
        """
        steps = Steps()
        choice = self.router.choose(article.language.code, model)
        with steps("segments"):
            segments = self._segments(article)
        translated: list[TranslatedSegment] = []
        checks: list[Check] = []
        for blocks in in_parts(article.blocks, segments):
            inside = {block.index for block in blocks}
            chosen = [each for each in segments if each.block in inside]
            english, found = self._translate(choice, article, chosen, put_right, steps)
            renamed = tuple(replace(check, id=f"f{len(checks) + n}") for n, check in enumerate(found, start=1))
            translated += english
            checks += renamed
            yield Part(blocks, english, renamed)
        yield self._finish(choice, article, tuple(translated), tuple(checks), brief, steps)

    def summary(self, article: Article, brief: Brief, *, model: str | None = None) -> Report:
        """The summary alone: its sentences are chosen in the original, and only they and the title are translated.

        `segments` and `checks` of the report are those of the sentences that were translated.
        """
        steps = Steps()
        choice = self.router.choose(article.language.code, model)
        with steps("segments"):
            segments = self._segments(article)
        with steps("choice"):
            chosen = set(preselect(segments, article.blocks, brief, language=article.language.code))
            title = article.title.index if article.title else None
            wanted = [each for each in segments if each.index in chosen or each.block == title]
        translated, checks = self._translate(choice, article, wanted, None, steps)
        return self._finish(choice, article, translated, checks, brief, steps, settled=True)

    def english(self, segments: Sequence[Segment], language: str) -> tuple[TranslatedSegment, ...]:
        """The English of segments that are of no article, put right as the settings say; nothing is checked."""
        translated, _ = self._english(self.router.choose(language), segments, language, (), None, Steps())
        return translated

    def _segments(self, article: Article) -> tuple[Segment, ...]:
        segments = segment(article)
        self._within_limits(segments)
        return segments

    def _translate(
        self, choice: Choice, article: Article, segments: Sequence[Segment], put_right: bool | None, steps: Steps
    ) -> tuple[tuple[TranslatedSegment, ...], tuple[Check, ...]]:
        """The English of whole blocks, with its figures put right and checked."""
        language = article.language.code
        foreign = {block.index for block in article.blocks if block.foreign}
        translated, repairs = self._english(choice, segments, language, foreign, put_right, steps)
        with steps("figures"):
            return translated, check(translated, language, repairs)

    def _english(
        self,
        choice: Choice,
        segments: Sequence[Segment],
        language: str,
        foreign: Collection[int],
        put_right: bool | None,
        steps: Steps,
    ) -> tuple[tuple[TranslatedSegment, ...], dict[int, Repair]]:
        with steps("engine"):
            translated = choice.translator.translate(segments, language, foreign)
        with steps("repair"):
            repairs: dict[int, Repair] = {}
            if self.settings.repair if put_right is None else put_right:
                translated, repairs = repair(
                    translated, language, partial(choice.translator.hypotheses, language=language)
                )
            if self.settings.english_style and language != ENGLISH:
                translated = tuple(restyled(each) for each in translated)
        return translated, repairs

    def _finish(
        self,
        choice: Choice,
        article: Article,
        translated: tuple[TranslatedSegment, ...],
        checks: tuple[Check, ...],
        brief: Brief | None,
        steps: Steps,
        *,
        settled: bool = False,
    ) -> Report:
        with steps("summary"):
            summary = NO_SUMMARY
            if brief:
                language = article.language.code
                year = date.today().year  # said, for what is remembered must hang on nothing else
                summary = summed_up(
                    translated, checks, article.blocks, brief, source_language=language, settled=settled, year=year
                )
        model = choice.info if any(each.score is not None for each in translated) else None
        report = Report(article, translated, checks, summary, model, steps.milliseconds)
        self.on_report(report)
        return report

    def brief(self, name: str) -> Brief:
        """The brief of that name; UnknownBrief names those there are."""
        try:
            return self.briefs[name]
        except KeyError:
            known = ", ".join(sorted(self.briefs))
            raise UnknownBrief(f"There is no brief {name!r}; there are {known}.", field="brief") from None

    def _within_limits(self, segments: tuple[Segment, ...]) -> None:
        most, longest = self.settings.max_segments, self.settings.max_segment_chars
        if len(segments) > most:
            raise TooLarge(
                f"The text has {len(segments)} sentences; the limit is {most} (TOLMACH_MAX_SEGMENTS).", field="text"
            )
        for each in segments:
            if len(each.text) > longest:
                raise TooLarge(
                    f"Sentence {each.index} has {len(each.text)} characters; "
                    f"the limit is {longest} (TOLMACH_MAX_SEGMENT_CHARS).",
                    field="text",
                )


def restyled(segment: TranslatedSegment) -> TranslatedSegment:
    """The segment with its figures as English writes them; an editor's English stays as it is."""
    return segment if segment.human else replace(segment, english=normalise(segment.english))


def in_parts(blocks: Sequence[Block], segments: Sequence[Segment]) -> Iterator[tuple[Block, ...]]:
    """The blocks in parts: the first so small that it comes at once, the others enough to keep every worker busy."""
    sizes = Counter(segment.block for segment in segments)
    part: list[Block] = []
    wanted, size = FIRST_PART, 0
    for block in blocks:
        part.append(block)
        size += sizes[block.index]
        if size >= wanted:
            yield tuple(part)
            part, size, wanted = [], 0, NEXT_PARTS
    if part:
        yield tuple(part)


class Steps:
    """How long each step took, in milliseconds, in the order in which they ran first."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time a step under `name`."""
        begun = time.perf_counter()
        yield
        took = (time.perf_counter() - begun) * 1000
        self.milliseconds[name] = round(self.milliseconds.get(name, 0.0) + took, 2)
