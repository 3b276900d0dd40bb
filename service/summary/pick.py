"""Picks sentences one by one: each time the one that adds most to those already there, as long as the length allows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from service.summary.brief import Brief, Length
from service.summary.features import Features, Floats, Sentence, Weights, figure_key
from service.types import Figure

# A sentence that says the same as one already chosen is no news, whatever else speaks for it.
_SAME = 0.9
# Once half of the room is filled, a sentence is worth more of it only if it adds over half of what the first one did,
# or less with a figure that is not told yet. Filling the room with whatever comes next costs more than it tells.
_KEEP = 0.55
_KEEP_WITH_FIGURE = 0.3
_TELLING_FIGURE = 0.4
_SCANT = 0.5
# With this much of the words used, stopping short is better than running over.
_NEAR = 0.6
# With more against it than for it, a sentence is better left out, even if there is room.
_WORTH = 0.0
_MANY_FIGURES = 1.5
_MOST_FIGURES = 3.0
_MANY_NAMES = 4
_TYPICAL_WORDS = 20
_FEW_WORDS = 10
_OTHER_KIND = 0.3
# The last of the kinds that a brief names counts half as much as the first.
_KIND_FADE = 0.5
# "two" or "first" is often no more than grammar.
_WORD_FOR_FIGURE = 0.3
_LARGE = 100
# Of the figures that open an article, editors keep one in three; of those after its twentieth sentence one in thirty.
_FIGURE_FADE = 0.2
_OFTEN = 4


class Room:
    """How much of the length is left. With `overrun` a budget of words may be passed, by at most itself.

    A length that is to be come `nearest` to may be passed by less than what else would be missing.
    """

    def __init__(self, length: Length, *, overrun: bool = False) -> None:
        self._length = length
        self._overrun = overrun
        self._sentences = self._words = self._characters = 0

    @property
    def empty(self) -> bool:
        """Whether nothing is taken yet."""
        return self._sentences == 0

    @property
    def tight(self) -> bool:
        """Whether a sentence can be too long for what is left."""
        return (self._length.words is not None and not self._overrun) or self._length.characters is not None

    @property
    def scant(self) -> bool:
        """Whether what is taken falls so far short of the length that even a weaker sentence is better than none."""
        length = self._length
        return (length.words is None or self._words < _SCANT * length.words) and (
            length.characters is None or self._characters < _SCANT * length.characters
        )

    @property
    def full(self) -> bool:
        """Whether no further sentence may come."""
        length = self._length
        return (
            (length.sentences is not None and self._sentences >= length.sentences)
            or (length.words is not None and self._words >= length.words)
            or (length.characters is not None and self._characters >= length.characters)
        )

    def fits(self, words: NDArray[np.int64], characters: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which sentences, by their lengths, there is room for."""
        length = self._length
        fits = np.ones(len(words), dtype=bool)
        if length.words is not None:
            over = self._words + words - length.words
            if self._overrun:
                fits &= self.empty | (over <= length.words)
            elif length.nearest and self._words < _NEAR * length.words:
                fits &= (over <= 0) | (over < length.words - self._words)
            else:
                fits &= over <= 0
        if length.characters is not None:
            fits &= self._characters + (not self.empty) + characters <= length.characters
        return fits

    def take(self, words: int, characters: int) -> None:
        """Count a sentence in."""
        self._characters += characters + (not self.empty)
        self._words += words
        self._sentences += 1


class Coverage:
    """What a sentence would add that is not yet told: weighted things (figures, names), each counted once.

    `many` of them count 1; more than `most` of them count no more.
    """

    def __init__(self, things: Sequence[Mapping[Hashable, float]], many: float, most: float) -> None:
        self._things = things
        self._many = many
        self._most = most
        self._new = np.array([sum(found.values()) for found in things], dtype=np.float64)
        self._holders: defaultdict[Hashable, list[int]] = defaultdict(list)
        for index, found in enumerate(things):
            for thing in found:
                self._holders[thing].append(index)

    @property
    def gain(self) -> Floats:
        """What each sentence would add."""
        return np.minimum(self._new, self._most) / self._many

    def take(self, index: int) -> None:
        """Count what a sentence tells as told."""
        for thing in self._things[index]:
            for holder in self._holders.pop(thing, ()):
                self._new[holder] -= self._things[holder][thing]


@dataclass(frozen=True, slots=True)
class Plea:
    """What is picked from: each sentence's fixed `merit`, how it `answers` each question, whether it `may` be picked.

    `forced` holds, for each term that must be there, which sentences have it. `loose` sentences lose by what they point
    at, until the sentence before them is picked.
    """

    merit: Floats
    answers: Floats
    may: NDArray[np.bool_]
    forced: tuple[NDArray[np.bool_], ...] = ()
    loose: frozenset[int] = frozenset()


def pick(
    sentences: Sequence[Sentence], found: Features, plea: Plea, brief: Brief, weights: Weights, *, room: Room
) -> list[int]:
    """The indices of the sentences picked, best first."""
    # A brief that wants figures wants the sentence with eight of them more than the one with three.
    most_figures = _MOST_FIGURES * max(1.0, brief.emphasis.figures)
    figures = Coverage(_figures(sentences, found, brief), _MANY_FIGURES, most_figures)
    coverages = (
        (weights.figures * brief.emphasis.figures, figures),
        (weights.names * brief.emphasis.names, Coverage(_names(found), _MANY_NAMES, _MANY_NAMES)),
        (weights.themes * brief.emphasis.centrality, Coverage(found.themes, found.rich, np.inf)),
    )
    merit = plea.merit.copy()
    merit[list(plea.loose)] -= weights.pointing
    nearest = np.zeros(len(sentences))
    answered = np.zeros(len(plea.answers))
    density = np.maximum(found.words, _FEW_WORDS) / _TYPICAL_WORDS
    may = plea.may.copy()
    forced = list(plea.forced)
    picked: list[int] = []
    first = 0.0
    while may.any() and not room.full:
        gain = merit - weights.redundancy * nearest
        for weight, coverage in coverages:
            gain = gain + weight * coverage.gain
        if len(answered):
            unanswered = np.maximum(plea.answers - answered[:, None], 0.0).sum(axis=0)
            gain = gain + weights.questions * brief.emphasis.questions * unanswered
        gain = np.where(gain > 0, gain / density**weights.density, gain)
        fits = may & room.fits(found.words, found.characters)
        best = _forced(gain, fits, forced)
        if best is None:
            best = _best(gain, fits, figures.gain >= _TELLING_FIGURE, room, first)
        if best is None:
            break
        if not picked:
            first = float(gain[best])
        picked.append(best)
        room.take(int(found.words[best]), int(found.characters[best]))
        for _, coverage in coverages:
            coverage.take(best)
        nearest = np.maximum(nearest, found.similarity[best])
        answered = np.maximum(answered, plea.answers[:, best])
        may[best] = False
        if best + 1 in plea.loose:
            merit[best + 1] += weights.pointing
        may &= found.similarity[best] < _SAME
    return picked


def _forced(gain: Floats, fits: NDArray[np.bool_], forced: list[NDArray[np.bool_]]) -> int | None:
    """The best sentence with the next of the terms that the brief forces, as long as there is one."""
    while forced:
        wanted = forced.pop(0) & fits
        if wanted.any():
            return _highest(gain, wanted)
    return None


def _best(gain: Floats, fits: NDArray[np.bool_], telling: NDArray[np.bool_], room: Room, first: float) -> int | None:
    """The best sentence that fits, if it is worth its room. `telling` are those with a new figure.

    `first` is what the first sentence picked has added, by which the others are measured.
    """
    if not fits.any():
        return None
    best = _highest(gain, fits)
    if room.empty:
        return best
    measure = first if room.tight and not room.scant else _WORTH
    if gain[best] >= max(_WORTH, _KEEP * measure):
        return best
    if (fits & telling).any():
        best = _highest(gain, fits & telling)
        if gain[best] >= max(_WORTH, _KEEP_WITH_FIGURE * measure):
            return best
    return None


def _highest(gain: Floats, among: NDArray[np.bool_]) -> int:
    return int(np.argmax(np.where(among, gain, -np.inf)))


def _figures(sentences: Sequence[Sentence], found: Features, brief: Brief) -> list[Mapping[Hashable, float]]:
    """The figures of each sentence. One weighs more the earlier the article gives it, and the more often."""
    told = [_figures_of(sentence, brief) for sentence in sentences]
    tellers = Counter(figure for row in told for figure in row)
    fade = _FIGURE_FADE * brief.emphasis.position
    weight: dict[Hashable, float] = {}
    for place, row in zip(found.place, told, strict=True):
        for figure in row:
            weight.setdefault(figure, min(tellers[figure], _OFTEN) / (1 + fade * float(place)))
    return [{figure: kind * weight[figure] for figure, kind in row.items()} for row in told]


def _figures_of(sentence: Sentence, brief: Brief) -> dict[Hashable, float]:
    kinds = brief.highlights.kinds
    wanted = {kind: 1 - _KIND_FADE * rank / len(kinds) for rank, kind in enumerate(kinds)}
    told: dict[Hashable, float] = {}
    for figure in sentence.figures:
        weight = wanted.get(figure.kind, _OTHER_KIND) if kinds else 1.0
        if _is_small_word(figure):
            weight *= _WORD_FOR_FIGURE
        told[figure_key(figure)] = max(weight, told.get(figure_key(figure), 0.0))
    return told


def _is_small_word(figure: Figure) -> bool:
    large = isinstance(figure.value, Decimal) and abs(figure.value) >= _LARGE
    return not large and not any(map(str.isdigit, figure.text))


def _names(found: Features) -> list[dict[Hashable, float]]:
    counts = Counter(name for names in found.names for name in names)
    return [{name: float(counts[name]) for name in names} for names in found.names]
