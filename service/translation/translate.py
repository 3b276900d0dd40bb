"""From segments to English: prepared, translated in one call, guarded, tried once more where need be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from service.errors import EngineFailed, TolmachError
from service.remembering import remembered
from service.translation import guard, prepare
from service.translation.engine import DEFAULT, Corrected, Decoding, Engine
from service.types import Hypothesis, ModelInfo, Segment, TranslatedSegment, WarningKind

if TYPE_CHECKING:
    from service.translation.prepare import Plan

ENGLISH = "en"

# Tokens of English that a token of the source may need; a piece is cut so that this many fit the output limit.
_OUTPUT_SHARE = 2
# Only for a second try, since repeats are legitimate in scores and lists. Of the embedded model's 19 loops in 2,900
# news sentences these two together ended all; the other answers of the beam, one.
_REPETITION_PENALTY = 1.2
_NO_REPEAT_NGRAM = 3
_WIDER = 2


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is known of one piece: the answer taken, the rest of the beam, and how many more were looked at."""

    taken: Hypothesis
    warnings: tuple[WarningKind, ...]
    others: tuple[Hypothesis, ...]
    tried: int

    @property
    def faulty(self) -> bool:
        return not guard.FAULTS.isdisjoint(self.warnings)


class Translator:
    """Thread-safe as far as its engine is. What is said of a segment does not depend on the segments beside it."""

    def __init__(self, engine: Engine, *, decoding: Decoding = DEFAULT, bounds: guard.Bounds = guard.DEFAULT) -> None:
        self._engine = engine
        self._decoding = decoding
        self._bounds = bounds
        self._plan = remembered(4096)(self._planned)

    @property
    def info(self) -> ModelInfo:
        """Which model translates."""
        return self._engine.info

    def translate(
        self, segments: Sequence[Segment], language: str, foreign: Collection[int] = ()
    ) -> tuple[TranslatedSegment, ...]:
        """The English of each segment, in order. `language` is ISO 639-1; `foreign` are indices of blocks left alone.

        One call of the engine for all segments, equal ones once, and a second for the answers that the guard refused.
        English passes through. Raises EngineFailed, and what else of TolmachError the engine raises.
        """
        texts = {segment.text for segment in segments if segment.block not in foreign} if language != ENGLISH else set()
        corrected = self._corrected(texts, language)
        plans = self._plans(texts - corrected.keys(), language)
        answers = self._answers(_pieces(plans.values()), language)
        translated = []
        for segment in segments:
            if segment.text in corrected and segment.block not in foreign:
                translated.append(TranslatedSegment(segment, corrected[segment.text], human=True))
            elif segment.text in plans and segment.block not in foreign:
                translated.append(_compose(segment, plans[segment.text], answers))
            else:
                warnings = (WarningKind.FOREIGN,) if segment.block in foreign else ()
                translated.append(TranslatedSegment(segment, segment.text, warnings=warnings))
        return tuple(translated)

    def _corrected(self, texts: Collection[str], language: str) -> dict[str, str]:
        """What persons wrote, before anything is cut or changed for a model."""
        if not texts or not isinstance(self._engine, Corrected):
            return {}
        asked = sorted(texts)
        found = zip(asked, self._engine.corrections(asked, language), strict=True)
        return {text: human.text for text, human in found if human is not None}

    def hypotheses(self, segments: Sequence[Segment], language: str) -> tuple[tuple[Hypothesis, ...], ...]:
        """For each segment what a wider search says, best first, without the answers that the guard refuses.

        Nothing for a segment that no model has to translate.
        """
        if language == ENGLISH:
            return tuple(() for _ in segments)
        plans = self._plans({segment.text for segment in segments}, language)
        beam = _WIDER * self._decoding.beam
        decoding = replace(self._decoding, beam=beam, hypotheses=beam)
        pieces = _pieces(plans.values())
        found = dict(zip(pieces, self._run(pieces, language, decoding), strict=True))
        answers = {piece: self._judge(piece, answers) for piece, answers in found.items()}
        return tuple(self._sound(plans[segment.text], answers) for segment in segments)

    def _sound(self, plan: Plan, answers: Mapping[str, _Answer]) -> tuple[Hypothesis, ...]:
        if not plan.pieces:
            return ()
        choices = tuple((answers[piece].taken, *answers[piece].others) for piece in plan.pieces)
        return tuple(
            hypothesis
            for parts, hypothesis in _combinations(plan, choices)
            if not any(
                guard.FAULTS.intersection(guard.inspect(piece, part, self._bounds))
                for piece, part in zip(plan.pieces, parts, strict=True)
            )
        )

    def _plans(self, texts: Iterable[str], language: str) -> dict[str, Plan]:
        return {text: self._plan(text, language) for text in sorted(texts)}

    def _planned(self, text: str, language: str) -> Plan:
        limit = min(self._engine.max_input_tokens, self._decoding.max_tokens // _OUTPUT_SHARE)
        return prepare.plan(text, lambda piece: self._engine.count_tokens([piece], language)[0] <= limit)

    def _answers(self, pieces: Sequence[str], language: str) -> dict[str, _Answer]:
        first = self._run(pieces, language, self._decoding)
        answers = {piece: self._judge(piece, found) for piece, found in zip(pieces, first, strict=True)}
        again = [piece for piece, answer in answers.items() if answer.faulty]
        if again:
            decoding = replace(self._decoding, repetition_penalty=_REPETITION_PENALTY, no_repeat_ngram=_NO_REPEAT_NGRAM)
            copied = [WarningKind.UNTRANSLATED in answers[piece].warnings for piece in again]
            variants = [prepare.variant(piece) if copy else piece for piece, copy in zip(again, copied, strict=True)]
            second = self._run(variants, language, decoding)
            for piece, copy, found in zip(again, copied, second, strict=True):
                undo = partial(prepare.undo_variant, piece) if copy else str
                retried = self._judge(piece, [replace(each, text=undo(each.text)) for each in found])
                answers[piece] = _better(answers[piece], retried, len(found))
        return answers

    def _judge(self, piece: str, found: Sequence[Hypothesis]) -> _Answer:
        """The first of the beam, or the least bad one where that is faulty. A person's answer is not judged."""
        if found[0].human:
            return _Answer(found[0], (), (), 0)
        first = guard.inspect(piece, found[0], self._bounds)
        if guard.FAULTS.isdisjoint(first):
            return _Answer(found[0], first, tuple(found[1:]), 0)
        warnings = [guard.inspect(piece, each, self._bounds) for each in found]
        best = min(range(len(found)), key=lambda place: (guard.cost(warnings[place]), place))
        others = tuple(each for place, each in enumerate(found) if place != best)
        return _Answer(found[best], warnings[best], others, len(found) - 1)

    def _run(self, pieces: Sequence[str], language: str, decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        if not pieces:
            return []
        try:
            found = self._engine.translate(pieces, language, decoding)
        except TolmachError:
            raise
        except Exception as error:
            raise EngineFailed("The translation engine failed.") from error
        if len(found) != len(pieces) or not all(found):
            raise EngineFailed("The translation engine did not answer every sentence.")
        return found


def _pieces(plans: Iterable[Plan]) -> list[str]:
    return list(dict.fromkeys(piece for plan in plans for piece in plan.pieces))


def _better(first: _Answer, second: _Answer, looked_at: int) -> _Answer:
    """The less bad of two; the first where they are alike, since its decoding was the usual one."""
    tried = first.tried + looked_at
    if guard.cost(second.warnings) < guard.cost(first.warnings):
        return replace(second, others=(*second.others, first.taken, *first.others), tried=tried)
    return replace(first, others=(*first.others, second.taken, *second.others), tried=tried)


def _compose(segment: Segment, plan: Plan, answers: Mapping[str, _Answer]) -> TranslatedSegment:
    if not plan.pieces:
        return TranslatedSegment(segment, prepare.finish(plan, ()))
    parts = [answers[piece] for piece in plan.pieces]
    combined = [whole for _, whole in _combinations(plan, tuple((part.taken, *part.others) for part in parts))]
    human = all(part.taken.human for part in parts)  # a correction of a line in capitals is found once it is folded
    return TranslatedSegment(
        segment,
        combined[0].text,
        score=None if human else combined[0].score,
        warnings=tuple(sorted({warning for part in parts for warning in part.warnings})),
        alternatives=tuple(combined[1:]),
        alternatives_tried=sum(part.tried for part in parts),
        human=human,
    )


def _length(plan: Plan, choices: Sequence[Sequence[Hypothesis]]) -> int:
    return sum(map(len, plan.slices)) + sum(len(each.text) for choice in choices for each in choice)


@remembered(4096, longest=10_000, size=_length)
def _combinations(
    plan: Plan, choices: tuple[tuple[Hypothesis, ...], ...]
) -> tuple[tuple[tuple[Hypothesis, ...], Hypothesis], ...]:
    """The best answers of all pieces together, then each with one piece exchanged, best score first; no text twice."""
    best = [choice[0] for choice in choices]
    exchanged = [
        (*best[:place], other, *best[place + 1 :])
        for place, choice in enumerate(choices)
        for other in choice[1:]
        if other.text.strip()
    ]
    wholes = [(parts, _whole(plan, parts)) for parts in exchanged]
    wholes.sort(key=lambda each: -each[1].score)
    seen: dict[str, tuple[tuple[Hypothesis, ...], Hypothesis]] = {}
    for parts, whole in [(tuple(best), _whole(plan, best)), *wholes]:
        seen.setdefault(whole.text, (parts, whole))
    return tuple(seen.values())


def _whole(plan: Plan, parts: Sequence[Hypothesis]) -> Hypothesis:
    """One answer of the pieces' answers; the score is their mean, weighted by length."""
    text = prepare.finish(plan, [part.text for part in parts])
    if len(parts) == 1:
        return parts[0] if text == parts[0].text else replace(parts[0], text=text)
    weights = [max(1, len(part.text)) for part in parts]
    score = sum(part.score * weight for part, weight in zip(parts, weights, strict=True)) / sum(weights)
    return Hypothesis(text, score, truncated=any(part.truncated for part in parts))
