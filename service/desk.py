"""The whole way of an article, in one place: intake, segments, engine with its guard, figures, summary."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from service.article.segments import segment
from service.errors import TooLarge, UnknownBrief
from service.figures.match import check
from service.figures.repair import repair
from service.settings import Settings
from service.summary.brief import Brief
from service.summary.rank import summarize
from service.translation.translate import Translator
from service.types import Article, Report, Segment


class Desk:
    """Holds what lasts from one article to the next; an article itself leaves no trace here."""

    def __init__(self, translator: Translator, briefs: Mapping[str, Brief], settings: Settings) -> None:
        self.translator = translator
        self.briefs = briefs
        self.settings = settings

    def report(self, article: Article, brief: Brief, *, put_right: bool | None = None) -> Report:
        """Translate, check and summarise. Blocks; safe to call from several threads."""
        steps = Steps()
        language = article.language.code
        with steps("segments"):
            segments = segment(article)
            self._within_limits(segments)
        with steps("engine"):
            foreign = {block.index for block in article.blocks if block.foreign}
            translated = self.translator.translate(segments, language, foreign)
        with steps("repair"):
            wanted = self.settings.repair if put_right is None else put_right
            redecode = lambda again: self.translator.hypotheses(again, language)  # noqa: E731
            translated, repairs = repair(translated, language, redecode) if wanted else (translated, {})
        with steps("figures"):
            checks = check(translated, language, repairs)
        with steps("summary"):
            summary = summarize(translated, checks, article.blocks, brief)
        model = self.translator.info if any(each.score is not None for each in translated) else None
        return Report(article, translated, checks, summary, model, steps.milliseconds)

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
            raise TooLarge(f"The text has {len(segments)} sentences; the limit is {most} (setting max_segments).")
        for each in segments:
            if len(each.text) > longest:
                raise TooLarge(
                    f"Sentence {each.index} has {len(each.text)} characters; "
                    f"the limit is {longest} (setting max_segment_chars)."
                )


class Steps:
    """How long each step took, in milliseconds, in the order in which they ran."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time a step under `name`."""
        begun = time.perf_counter()
        yield
        self.milliseconds[name] = round((time.perf_counter() - begun) * 1000, 2)
