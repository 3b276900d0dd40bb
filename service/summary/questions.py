"""Questions steer the choice: which sentences answer which of them, by their words and by their figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from service.summary.features import Features, Floats, Sentence, Wording
from service.summary.vocabulary import Vocabulary, vocabulary
from service.types import FigureKind


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question asks for: content stems, kinds of figures, and patterns of words that answers use."""

    stems: frozenset[str]
    kinds: frozenset[FigureKind]
    terms: tuple[re.Pattern[str], ...]


def understand(question: str, own: Vocabulary) -> Asked:
    """What a question asks of sentences in one language. The question itself may be in any language that is known."""
    names, kinds = set[str](), set[FigureKind]()
    for known in _languages():
        asked = vocabulary(known)
        words = " ".join(asked.words(question))
        for name, topic in asked.topics.items():
            if topic.ask and topic.ask.search(words):
                names.add(name)
                kinds |= topic.kinds
    terms = tuple(own.topics[name].terms for name in sorted(names) if name in own.topics)
    return Asked(frozenset(own.content(own.words(question))), frozenset(kinds), tuple(term for term in terms if term))


def answers(questions: Sequence[str], sentences: Sequence[Sentence], found: Features) -> Floats:
    """How well each sentence answers each question, 0..1: one row a question, one column a sentence.

    A sentence of which a source and an English text are there answers as well as the better of the two.
    """
    best: Floats = np.maximum.reduce([_answers(questions, sentences, wording) for wording in found.wordings])
    return best


def _answers(questions: Sequence[str], sentences: Sequence[Sentence], wording: Wording) -> Floats:
    scores = np.zeros((len(questions), len(sentences)))
    if not questions:
        return scores
    folded = [" ".join(tokens) for tokens in wording.tokens]
    for row, question in enumerate(questions):
        asked = understand(question, wording.vocabulary)
        overlap = _overlap(asked.stems, wording)
        terms = np.array([_telling(asked.terms, text) for text in folded])
        kinds = np.array(
            [float(any(figure.kind in asked.kinds for figure in sentence.figures)) for sentence in sentences]
        )
        # A figure of the kind asked for answers only together with a word that says what it is of.
        together = np.maximum(terms, overlap) * kinds if asked.terms or overlap.any() else kinds
        scores[row] = np.clip(0.3 * terms + 0.5 * together + 0.4 * overlap + 0.1 * kinds, 0.0, 1.0)
    return scores


def _telling(terms: Sequence[re.Pattern[str]], folded: str) -> float:
    """How much of an answer's wording a sentence has: one such word says little, several make it plain."""
    hits = sum(len(set(term.findall(folded))) for term in terms)
    return min(1.0, (1 + hits) / 3) if hits else 0.0


def _overlap(stems: frozenset[str], wording: Wording) -> Floats:
    """The share of the question's words in each sentence, rare ones weighing more, of those that the article has."""
    known = {stem: wording.rarity[stem] for stem in stems if stem in wording.rarity}
    total = sum(known.values())
    if not total:
        return np.zeros(len(wording.stems))
    return np.array([sum(known[stem] for stem in known.keys() & set(row)) / total for row in wording.stems])


def _languages() -> list[str]:
    folder = resources.files(__package__) / "words"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def matches(phrase: str, found: Features) -> NDArray[np.bool_]:
    """Which sentences hold a word or phrase, in any of its endings, in what is ranked or in what is told."""
    held: NDArray[np.bool_] = np.logical_or.reduce([_matches(phrase, wording) for wording in found.wordings])
    return held


def _matches(phrase: str, wording: Wording) -> NDArray[np.bool_]:
    known = wording.vocabulary
    wanted = known.stems(known.words(phrase))
    if not wanted:
        return np.zeros(len(wording.tokens), dtype=bool)
    return np.array([_holds(known.stems(tokens), wanted) for tokens in wording.tokens], dtype=bool)


def _holds(stems: Sequence[str], wanted: Sequence[str]) -> bool:
    length = len(wanted)
    return any(list(stems[start : start + length]) == list(wanted) for start in range(len(stems) - length + 1))
