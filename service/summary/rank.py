"""Chooses the sentences of an article that make its summary: extractive, so every word is the article's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from service.figures.find import find
from service.summary.brief import Brief, Length
from service.summary.dates import in_time, moments
from service.summary.features import Features, Sentence, Weights, features, stops
from service.summary.pick import Plea, Room, pick
from service.summary.questions import answers, matches
from service.summary.trim import trim
from service.summary.vocabulary import Vocabulary, vocabulary
from service.types import (
    Block,
    BlockKind,
    Check,
    Figure,
    FigureKind,
    Segment,
    Severity,
    Summary,
    SummarySentence,
    TranslatedSegment,
    WarningKind,
)

WEIGHTS = Weights()

_TOLD = frozenset({BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.LIST_ITEM})
# How much speaks against a sentence whose English went wrong; without English, or in another language, it is out.
_DOUBTS = {
    WarningKind.LOOP: 2.0,
    WarningKind.UNTRANSLATED: 2.0,
    WarningKind.TRUNCATED: 2.0,
    WarningKind.LOW_CONFIDENCE: 0.2,
}
_LOST = 2.0
_UNUSABLE = frozenset({WarningKind.EMPTY, WarningKind.FOREIGN})
_WRONG_FIGURE_DOUBT = 0.6
_TELLING = 3
# What one word that answers use is worth.
_ANSWER = 0.15
# In a text where every sentence opens with a pronoun there is no better opening, and each try costs a whole choice.
_REPICKS = 3
# An item of a list that is no sentence hangs on the line that leads the list in.
_UNFINISHED_ITEM_DOUBT = 1.0


def summarize(
    segments: Sequence[TranslatedSegment],
    checks: Sequence[Check],
    blocks: Sequence[Block],
    brief: Brief,
    *,
    language: str = "en",
    side: Literal["english", "source"] = "english",
    source_language: str | None = None,
    settled: bool = False,
    year: int | None = None,
) -> Summary:
    """The summary of a translated article, in the words of `side`, whose language is `language`.

    With `source_language` English sentences are ranked by their originals, so that what a model garbles does not blur
    the choice, and so that it is the choice that `preselect` makes. If that is `settled`, and `segments` are those that
    it chose, all of them are told, unless their English is too long or went wrong. `year` is the present one, of which
    dates without a year are; the calendar says it if it is not given.

    `sentences` are in the order that the brief asks for; their `segment` is the segment's own index. Titles, headings,
    table cells and blocks in another language are never taken, but titles and headings say what the article is about.
    """
    by_segment = _checks_by_segment(checks)
    blocks_by_index = {block.index: block for block in blocks}
    by_source = side == "source" or source_language not in {None, language}
    ranked = source_language if by_source and source_language else language
    sentences = [
        _sentence(
            segment.source.text if by_source else segment.english,
            blocks_by_index.get(segment.source.block),
            _figures_of(segment, by_segment[segment.source.index], ranked if by_source else None),
            told=segment.english if by_source and side == "english" else None,
            warnings=segment.warnings,
            checks=by_segment[segment.source.index],
        )
        for segment in segments
    ]
    told = []
    if settled:
        chosen = _settled(sentences, brief, language=ranked, year=year)
    else:
        chosen = choose(sentences, brief, language=ranked, year=year)
    for index in chosen:
        number = segments[index].source.index
        text, trimmed = trim(segments[index].english if side == "english" else sentences[index].text, language)
        ids = tuple(check.id for check in by_segment[number])
        told.append(SummarySentence(segment=number, text=text, figures=ids, trimmed=trimmed))
    return Summary(brief.name, tuple(told))


def preselect(segments: Sequence[Segment], blocks: Sequence[Block], brief: Brief, *, language: str) -> list[int]:
    """Indices into `segments` of the summary's sentences, judged on the source, so that only they need translating."""
    by_index = {block.index: block for block in blocks}
    sentences = [
        _sentence(segment.text, by_index.get(segment.block), tuple(find(segment.text, language)))
        for segment in segments
    ]
    return choose(sentences, brief, language=language)


def summarize_text(
    text_sentences: Sequence[str],
    language: str,
    *,
    words: int | None = None,
    sentences: int | None = None,
    characters: int | None = None,
    brief: Brief | None = None,
    title: str | None = None,
    overrun: bool = False,
    figures: Callable[[str, str], Sequence[Figure]] = find,
) -> list[int]:
    """Indices of the sentences of a plain text that sum it up. A length given here takes the place of the brief's.

    With `overrun` the last sentence may run over the budget of words, for a caller that cuts at it.
    """
    if words or sentences or characters or brief is None:
        length = Length(sentences=sentences, words=words, characters=characters)
        brief = brief.model_copy(update={"length": length}) if brief else Brief(title="Summary", length=length)
    told = [
        Sentence(text, figures=tuple(figures(text, language)), eligible=_has_letters(text)) for text in text_sentences
    ]
    if title:
        shifted = choose(
            [Sentence(title, eligible=False, title=True), *told], brief, language=language, overrun=overrun
        )
        return [index - 1 for index in shifted]
    return choose(told, brief, language=language, overrun=overrun)


def choose(
    sentences: Sequence[Sentence],
    brief: Brief,
    *,
    language: str,
    overrun: bool = False,
    weights: Weights = WEIGHTS,
    year: int | None = None,
) -> list[int]:
    """Indices of the sentences that answer the brief, in the brief's order.

    The length holds without exception for sentences and characters. A budget of words is passed only with `overrun`,
    where the length is to be come `nearest` to, or where no sentence fits: then the shortest one alone is taken.
    """
    if not any(sentence.eligible for sentence in sentences):
        return []
    known = vocabulary(language)
    found = features(sentences, known, weights)
    allowed = _allowed(sentences, found, brief)
    answered = answers(brief.questions, sentences, found)
    wanted = _wanted(allowed, sentences, known, answered, brief, year) if brief.highlights.required else allowed
    # An article without money has no more to say to those who ask for money than what it is about.
    length = brief.length if wanted.any() else brief.length.model_copy(update={"sentences": 1})
    plea = Plea(
        merit=_merit(found, brief, weights),
        answers=answered,
        may=wanted if wanted.any() else allowed,
        forced=tuple(matches(term, found) for term in brief.terms.include),
    )
    chosen = pick(sentences, found, plea, brief, weights, room=Room(length, overrun=overrun))
    for _ in range(_REPICKS):
        loose = _loose(chosen, found, plea)
        if loose is None:
            break
        plea = replace(plea, loose=plea.loose | {loose})
        chosen = pick(sentences, found, plea, brief, weights, room=Room(length, overrun=overrun))
    if not chosen and brief.length.characters is None and plea.may.any():
        chosen = [int(np.argmin(np.where(plea.may, found.words, np.iinfo(np.int64).max)))]
    return _ordered(chosen, sentences, brief, language, year)


def _ordered(
    chosen: Sequence[int], sentences: Sequence[Sentence], brief: Brief, language: str, year: int | None
) -> list[int]:
    return in_time(chosen, sentences, vocabulary(language), year) if brief.order == "dates" else sorted(chosen)


def _settled(sentences: Sequence[Sentence], brief: Brief, *, language: str, year: int | None) -> list[int]:
    """All sentences whose English can be told, if they are within the length; else those of them that answer best."""
    chosen = [index for index, each in enumerate(sentences) if each.eligible and each.doubt < _LOST]
    printed = [sentences[index].told or sentences[index].text for index in chosen]
    if chosen and _within(printed, brief.length):
        return _ordered(chosen, sentences, brief, language, year)
    return choose(sentences, brief, language=language, year=year)


def _within(printed: Sequence[str], length: Length) -> bool:
    """Whether texts are no longer than they may be; `nearest`, without the longest more words would be missing."""
    words = [len(text.split()) for text in printed]
    over = 0 if length.words is None else sum(words) - length.words
    fits = over <= 0 or (length.nearest and 2 * over < max(words))
    return fits and (length.characters is None or len(" ".join(printed)) <= length.characters)


def _loose(chosen: Sequence[int], found: Features, plea: Plea) -> int | None:
    """The first sentence of the summary whose opening pronoun points at one that is left out."""
    loose = (index for index in sorted(chosen) if found.pointing[index] and index - 1 not in chosen)
    return next((index for index in loose if index not in plea.loose), None)


def _merit(found: Features, brief: Brief, weights: Weights) -> NDArray[np.float64]:
    emphasis = brief.emphasis
    return (
        weights.position * emphasis.position * found.position
        + weights.centrality * emphasis.centrality * found.centrality
        + weights.title * emphasis.title * found.title
        - found.demerits
    )


def _allowed(sentences: Sequence[Sentence], found: Features, brief: Brief) -> NDArray[np.bool_]:
    """What is eligible and without an avoided term."""
    allowed = np.array([sentence.eligible for sentence in sentences], dtype=bool)
    for term in brief.terms.avoid:
        allowed &= ~matches(term, found)
    return allowed


def _wanted(
    allowed: NDArray[np.bool_],
    sentences: Sequence[Sentence],
    known: Vocabulary,
    answered: NDArray[np.float64],
    brief: Brief,
    year: int | None,
) -> NDArray[np.bool_]:
    """Of those allowed the ones with a figure of the brief's kinds, if one is required; for an order of dates, a date.

    If the brief asks questions, a figure of another kind than the first counts only in a sentence that answers one: a
    share of votes is no matter of money. Where no figure counts, those that answer a question are wanted.
    """
    answering = allowed & (answered.max(axis=0, initial=0.0) >= _ANSWER)
    kinds = brief.highlights.kinds
    if brief.order == "dates":
        carrying = allowed & np.array([moment is not None for moment in moments(sentences, known, year)])
    elif brief.questions:
        carrying = (allowed & _carriers(sentences, kinds[:1])) | (answering & _carriers(sentences, kinds))
    else:
        carrying = allowed & _carriers(sentences, kinds)
    wanted: NDArray[np.bool_] = carrying if carrying.any() else answering
    return wanted


def _carriers(sentences: Sequence[Sentence], kinds: Sequence[FigureKind]) -> NDArray[np.bool_]:
    return np.array([any(_carries(figure, kinds) for figure in sentence.figures) for sentence in sentences])


def _carries(figure: Figure, kinds: Sequence[FigureKind]) -> bool:
    """Whether a figure is of the kinds wanted, and more than a word such as `two`."""
    small = figure.kind is FigureKind.COUNT and isinstance(figure.value, Decimal) and abs(figure.value) < _TELLING
    return (not kinds or figure.kind in kinds) and not small


def _sentence(
    text: str,
    block: Block | None,
    figures: tuple[Figure, ...],
    *,
    told: str | None = None,
    warnings: Sequence[WarningKind] = (),
    checks: Sequence[Check] = (),
) -> Sentence:
    kind = block.kind if block else BlockKind.PARAGRAPH
    usable = not _UNUSABLE.intersection(warnings) and not (block and block.foreign)
    wrong = sum(check.severity is Severity.ERROR for check in checks)
    doubt = sum(_DOUBTS.get(warning, 0.0) for warning in warnings) + _WRONG_FIGURE_DOUBT * min(wrong, 2)
    if kind is BlockKind.LIST_ITEM and not stops(text):
        doubt += _UNFINISHED_ITEM_DOUBT
    return Sentence(
        text,
        told,
        figures,
        eligible=kind in _TOLD and usable and _has_letters(text if told is None else told),
        title=kind is BlockKind.TITLE,
        doubt=doubt,
    )


def _figures_of(segment: TranslatedSegment, checks: Sequence[Check], source_language: str | None) -> tuple[Figure, ...]:
    """The figures of the source, if its language is given, or of the English; from the checks, where there are any."""
    if source_language:
        located = [check.source for check in checks if check.source]
        return tuple(one.figure for one in located) or tuple(find(segment.source.text, source_language))
    return tuple(check.english.figure for check in checks if check.english)


def _checks_by_segment(checks: Sequence[Check]) -> Mapping[int, list[Check]]:
    by_segment: defaultdict[int, list[Check]] = defaultdict(list)
    for check in checks:
        located = check.english or check.source
        if located:
            by_segment[located.segment].append(check)
    return by_segment


def _has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)
