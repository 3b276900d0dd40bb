"""What speaks for and against each sentence of an article, as numbers that lie side by side."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.summary.vocabulary import Vocabulary, fold, vocabulary
from service.types import Figure

Floats = NDArray[np.float64]

# What is printed of a source sentence is English.
TOLD = vocabulary("en")

# A word with a capital that does not open the sentence or a quotation.
_INNER_WORD = re.compile(r"(?<=[^\s.!?:…\"“„«(\[] )[^\W\d_][\w'’-]+")
_OPENS_QUOTED = re.compile(r"\s*[\"“”„«‘–—-]")
_ENDS_QUOTED = re.compile(r"[\"”»“]\s*[.!?…]?\s*$")
_STOPPED = re.compile(r"[.!?…][\"”»’')\]]*\s*$")
_SHORT_WORDS = 6
_BARE_WORDS = 10
_SPREAD_WORDS = 8
# In a few sentences resemblance hardly differs; stretched over the whole scale, chance would outweigh all else.
_LEAST_SPREAD = 0.25
_THEME_FADE = 0.1
_THEME_POWER = 1.5
# Nor do a few words tell a theme of a short article from chance: 19 in 20 news articles have richer sentences.
_LEAST_RICH = 12.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the ranker sees it. What is not `eligible` (a title, a heading) only tells what the story is of.

    `title` marks the headline; `doubt` is what speaks against trusting the sentence, 0 for nothing. `told` is what will
    be printed where that is not `text`: the English of a source sentence.
    """

    text: str
    told: str | None = None
    figures: tuple[Figure, ...] = ()
    eligible: bool = True
    title: bool = False
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of sentences of one language. `rarity` is each stem's inverse frequency, sentences being documents."""

    vocabulary: Vocabulary
    tokens: tuple[tuple[str, ...], ...]
    stems: tuple[tuple[str, ...], ...]
    rarity: Mapping[str, float] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Features:
    """One row a sentence. `words` and `characters` count what is printed; the others are 0..1, but for `demerits` and
    `position`, which for the first sentence is more.

    `place` counts the eligible sentences before each one.
    `wordings` are those of the texts ranked and, where it is another text, of the text told. `themes` are the stems of
    each sentence that the article comes back to, with their weights, of which a rich sentence has `rich` together.
    `pointing` are those whose opening pronoun means something that the sentence before tells.
    """

    words: NDArray[np.int64]
    place: NDArray[np.int64]
    characters: NDArray[np.int64]
    wordings: tuple[Wording, ...]
    similarity: Floats
    position: Floats
    centrality: Floats
    title: Floats
    names: tuple[frozenset[str], ...]
    themes: tuple[Mapping[Hashable, float], ...]
    rich: float
    pointing: NDArray[np.bool_]
    demerits: Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """Tuned on 500 English news articles, seen as two halves; all lie on a plateau, none on a peak.

    `fade` is in sentences. `backward` is negative: a sentence that repeats earlier ones tells less than one that later
    sentences come back to (Zheng and Lapata, ACL 2019). `spread` takes off what length alone adds to similarity.
    """

    position: float = 0.5
    fade: float = 8.0
    lead: float = 0.1
    centrality: float = 1.0
    backward: float = -0.3
    spread: float = 0.2
    title: float = 0.6
    figures: float = 0.8
    names: float = 0.4
    themes: float = 0.5
    questions: float = 1.5
    redundancy: float = 0.6
    density: float = 0.2
    short: float = 0.7
    boilerplate: float = 1.0
    connective: float = 0.05
    sourcing: float = 0.8
    pronoun: float = 0.05
    pointing: float = 0.5
    bare: float = 0.3
    address: float = 0.2
    reference: float = 0.2
    fragment: float = 0.4
    quoted: float = 0.1
    unattributed: float = 0.05
    question: float = 0.1


def features(sentences: Sequence[Sentence], known: Vocabulary, weights: Weights) -> Features:
    """All about the sentences that does not hang on the brief. Time and memory grow with the square of their number."""
    own = wording([sentence.text for sentence in sentences], known)
    told = [sentence.text if sentence.told is None else sentence.told for sentence in sentences]
    similarity = _similarity(own.stems, own.rarity)
    words = np.array([len(text.split()) for text in told], dtype=np.int64)
    eligible = np.array([sentence.eligible for sentence in sentences], dtype=bool)
    place = np.maximum(np.cumsum(eligible) - 1, 0)
    themes = _themes(own.stems, place, eligible)
    titles = np.array([sentence.title for sentence in sentences], dtype=bool)
    return Features(
        words=words,
        place=place,
        characters=np.array([len(text) for text in told], dtype=np.int64),
        wordings=(own,) if all(sentence.told is None for sentence in sentences) else (own, wording(told, TOLD)),
        similarity=similarity,
        position=_position(place, eligible, weights),
        centrality=_centrality(similarity, words, eligible, ~titles, weights),
        title=similarity[:, titles].max(axis=1) if titles.any() else np.zeros(len(words)),
        names=tuple(_names(sentence.text) for sentence in sentences),
        themes=themes,
        rich=_rich(themes),
        pointing=_pointing(sentences, own, words),
        demerits=np.array([_demerit(*pair, known, weights) for pair in zip(sentences, own.tokens, strict=True)]),
    )


def _position(place: NDArray[np.int64], eligible: NDArray[np.bool_], weights: Weights) -> Floats:
    """What comes first matters more, and the first sentence of all more than its place says."""
    position: Floats = np.exp(-place / weights.fade) + weights.lead * (eligible & (place == 0))
    return position


def wording(texts: Sequence[str], known: Vocabulary) -> Wording:
    """The words and stems of texts of one language."""
    tokens = tuple(tuple(known.words(text)) for text in texts)
    stems = tuple(tuple(known.content(words)) for words in tokens)
    return Wording(known, tokens, stems, _rarity(stems))


def stops(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _STOPPED.search(text) is not None


def figure_key(figure: Figure) -> Hashable:
    """Equal for two figures that say the same, whatever their wording."""
    return (figure.value, figure.low, figure.high, figure.unit)


def _rarity(stems: Sequence[Sequence[str]]) -> dict[str, float]:
    """The inverse document frequency of each stem, a sentence being a document."""
    counts = Counter(stem for sentence in stems for stem in set(sentence))
    total = 1 + len(stems)
    return {stem: float(np.log(total / (0.5 + count))) for stem, count in counts.items()}


def _similarity(stems: Sequence[Sequence[str]], rarity: Mapping[str, float]) -> Floats:
    """The cosine of each two sentences' tf-idf vectors, with an empty diagonal."""
    rows = [Counter(sentence) for sentence in stems]
    spread = Counter(stem for row in rows for stem in row)
    # A stem of one sentence alone only lengthens its vector; leaving its column out keeps the matrix small.
    columns = {stem: column for column, stem in enumerate(stem for stem, count in spread.items() if count > 1)}
    squares = [sum((count * rarity[stem]) ** 2 for stem, count in row.items()) for row in rows]
    cells = [
        (index, columns[stem], count * rarity[stem])
        for index, row in enumerate(rows)
        for stem, count in row.items()
        if stem in columns
    ]
    vectors = np.zeros((len(rows), len(columns)), dtype=np.float32)
    if cells:
        at, column, value = zip(*cells, strict=True)
        vectors[at, column] = value
    vectors /= np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)[:, None]
    similarity = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(similarity, 0.0)
    return similarity


def _centrality(
    similarity: Floats,
    words: NDArray[np.int64],
    eligible: NDArray[np.bool_],
    counted: NDArray[np.bool_],
    weights: Weights,
) -> Floats:
    """How much later sentences resemble each one, less how much it resembles earlier ones; 0..1 over eligible ones."""
    counted_similarity = similarity * counted[None, :]
    forward = np.triu(counted_similarity).sum(axis=1)
    backward = counted_similarity.sum(axis=1) - forward
    raw = (forward + weights.backward * backward) / np.maximum(words, _SPREAD_WORDS) ** weights.spread
    if not eligible.any():
        return np.zeros(len(words))
    low, high = raw[eligible].min(), raw[eligible].max()
    centrality: Floats = np.clip((raw - low) / max(high - low, _LEAST_SPREAD), 0.0, 1.0)
    return centrality


def _themes(
    stems: Sequence[Sequence[str]], place: NDArray[np.int64], eligible: NDArray[np.bool_]
) -> tuple[Mapping[Hashable, float], ...]:
    """For each sentence those of its stems that another has too. One weighs more the more and the earlier they are.

    Telling each theme once is the objective of Gillick and Favre (A Scalable Global Model for Summarization, 2009).
    """
    weight: defaultdict[str, float] = defaultdict(float)
    holders: Counter[str] = Counter()
    for at in np.flatnonzero(eligible):
        for stem in set(stems[int(at)]):
            weight[stem] += 1 / (1 + _THEME_FADE * float(place[at]))
            holders[stem] += 1
    return tuple({stem: weight[stem] ** _THEME_POWER for stem in set(row) if holders[stem] > 1} for row in stems)


def _rich(themes: Sequence[Mapping[Hashable, float]]) -> float:
    """What the themes of a sentence weigh that has more of them than nine in ten."""
    totals = [sum(row.values()) for row in themes]
    return max(_LEAST_RICH, float(np.percentile(totals, 90))) if totals else _LEAST_RICH


def _pointing(sentences: Sequence[Sentence], own: Wording, words: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which sentences open with a pronoun for what the one before tells, which is a sentence that could be told."""
    # "We" and "I" point at the speaker, not at what was told.
    words_for_others = own.vocabulary.pronouns - own.vocabulary.addresses
    pointing = np.zeros(len(sentences), dtype=bool)
    for index, before in enumerate(sentences[:-1]):
        telling = before.eligible and words[index] >= _BARE_WORDS and stops(before.text) and "?" not in before.text
        pointing[index + 1] = telling and not words_for_others.isdisjoint(own.tokens[index + 1][:1])
    return pointing


def _names(text: str) -> frozenset[str]:
    return frozenset(word for word in _INNER_WORD.findall(text) if word[0].isupper())


def _demerit(sentence: Sentence, tokens: Sequence[str], known: Vocabulary, weights: Weights) -> float:
    """What keeps a sentence from standing alone, or from being trusted."""
    text = sentence.text
    total = sentence.doubt
    total += weights.short * (len(text.split()) < _SHORT_WORDS)
    total += weights.address * (not known.addresses.isdisjoint(tokens))
    total += weights.reference * (not known.references.isdisjoint(tokens))
    total += weights.question * ("?" in text)
    total += weights.fragment * (not stops(text))
    if tokens and tokens[0] in known.pronouns:
        total += weights.bare if len(tokens) < _BARE_WORDS else weights.pronoun
    heads = {tuple(tokens[:length]) for length in range(1, 5)}
    total += weights.connective * (not heads.isdisjoint(known.connectives))
    total += weights.sourcing * (not heads.isdisjoint(known.sourcing))
    if _OPENS_QUOTED.match(text) or _ENDS_QUOTED.search(text):
        total += weights.quoted + weights.unattributed * known.attribution.isdisjoint(tokens)
    if known.boilerplate:
        folded = fold(text)
        total += weights.boilerplate * any(phrase in folded for phrase in known.boilerplate)
    return total
