"""Picks sentences one by one: each time the one that adds most to those already there, as long as the length allows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.summary.brief import Brief, Length
from service.summary.features import Features, Floats, Sentence, Weights, figure_key

# A sentence that says the same as one already chosen is no news, whatever else speaks for it.
_SAME = 0.9
# A shorter sentence fills what room is left only if it is nearly as good as the best that does not fit.
_FILL = 0.75
# With more against it than for it, a sentence is better left out, even if there is room.
_WORTH = 0.0
_MANY_FIGURES = 3
_MANY_NAMES = 4
_TYPICAL_WORDS = 20
_FEW_WORDS = 10
_OTHER_KIND = 0.3


class Room:
    """How much of the length is left. With `overrun` a budget of words may be passed, by at most itself."""

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
            if not self._overrun:
                fits &= self._words + words <= length.words
            elif not self.empty:
                fits &= self._words + words <= 2 * length.words
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

    `forced` holds, for each term that must be there, which sentences have it.
    """

    merit: Floats
    answers: Floats
    may: NDArray[np.bool_]
    forced: tuple[NDArray[np.bool_], ...] = ()


def pick(
    sentences: Sequence[Sentence], found: Features, plea: Plea, brief: Brief, weights: Weights, *, room: Room
) -> list[int]:
    """The indices of the sentences picked, best first."""
    # A brief that wants figures wants the sentence with eight of them more than the one with three.
    most_figures = _MANY_FIGURES * max(1.0, brief.emphasis.figures)
    figures = Coverage([_figures(sentence, brief) for sentence in sentences], _MANY_FIGURES, most_figures)
    names = Coverage(_names(found), _MANY_NAMES, _MANY_NAMES)
    nearest = np.zeros(len(sentences))
    answered = np.zeros(len(plea.answers))
    density = np.maximum(found.words, _FEW_WORDS) / _TYPICAL_WORDS
    may = plea.may.copy()
    forced = list(plea.forced)
    picked: list[int] = []
    while may.any() and not room.full:
        gain = plea.merit - weights.redundancy * nearest
        gain = gain + weights.figures * brief.emphasis.figures * figures.gain
        gain = gain + weights.names * brief.emphasis.names * names.gain
        if len(answered):
            unanswered = np.maximum(plea.answers - answered[:, None], 0.0).sum(axis=0)
            gain = gain + weights.questions * brief.emphasis.questions * unanswered
        gain = np.where(gain > 0, gain / density**weights.density, gain)
        best = _best(gain, may, room.fits(found.words, found.characters), forced, room)
        if best is None:
            break
        picked.append(best)
        room.take(int(found.words[best]), int(found.characters[best]))
        figures.take(best)
        names.take(best)
        nearest = np.maximum(nearest, found.similarity[best])
        answered = np.maximum(answered, plea.answers[:, best])
        may[best] = False
        may &= found.similarity[best] < _SAME
    return picked


def _best(
    gain: Floats, may: NDArray[np.bool_], fits: NDArray[np.bool_], forced: list[NDArray[np.bool_]], room: Room
) -> int | None:
    """The sentence to take next: one that the brief forces, else the best that fits, if it is worth its room."""
    while forced:
        wanted = forced.pop(0) & may & fits
        if wanted.any():
            return int(np.argmax(np.where(wanted, gain, -np.inf)))
    open_to = may & fits
    if not open_to.any():
        return None
    best = int(np.argmax(np.where(open_to, gain, -np.inf)))
    if not room.empty and (gain[best] < _WORTH or (room.tight and gain[best] < _FILL * gain[may].max())):
        return None
    return best


def _figures(sentence: Sentence, brief: Brief) -> dict[Hashable, float]:
    kinds = brief.highlights.kinds
    return {
        figure_key(figure): 1.0 if not kinds or figure.kind in kinds else _OTHER_KIND for figure in sentence.figures
    }


def _names(found: Features) -> list[dict[Hashable, float]]:
    counts = Counter(name for names in found.names for name in names)
    return [{name: float(counts[name]) for name in names} for names in found.names]
