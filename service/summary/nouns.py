"""What a figure counts: the noun phrase that it modifies, read off the words beside it, without a tagger."""

from __future__ import annotations

import re

from service.summary.vocabulary import Vocabulary, fold, vocabulary
from service.types import Figure, FigureKind

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|\S")
_NAME_BEFORE = re.compile(r"((?:[^\W\d_][\w'’-]*\s)*[^\W\d_][\w'’-]*),?\s*$")
_MOST_WORDS = 5
# A sum or a share is of something, or for something; a number stands right before what it counts.
_LINKED = frozenset({FigureKind.MONEY, FigureKind.PERCENT, FigureKind.FRACTION, FigureKind.MULTIPLIER})
_SELF_EVIDENT = frozenset(
    {
        FigureKind.CENTURY,
        FigureKind.DATE,
        FigureKind.DECADE,
        FigureKind.IDENTIFIER,
        FigureKind.SCORE,
        FigureKind.TIME,
        FigureKind.YEAR,
    }
)


def counted(text: str, figure: Figure, language: str = "en") -> str:
    """The words that say what a figure of `text` counts (`North Korean soldiers`); empty where that is not plain."""
    known = vocabulary(language)
    if figure.kind in _SELF_EVIDENT:
        return ""
    if figure.kind is FigureKind.AGE:
        return _person(text[: figure.start])
    tokens = _TOKEN.findall(text[figure.end : figure.end + 200])
    link = ""
    if figure.kind in _LINKED:
        if tokens[:1] and fold(tokens[0]) in known.links:
            link = tokens.pop(0)
        phrase = _phrase(tokens, known)
        return f"{link} {phrase}".strip() if phrase else ""
    return _phrase(tokens, known)


def _phrase(tokens: list[str], known: Vocabulary) -> str:
    phrase: list[str] = []
    for token in tokens:
        folded = fold(token)
        if not phrase and folded in known.fillers:
            continue
        bare = folded.removesuffix("'s")
        over = not token[0].isalpha() or bare in known.stop or bare in known.phrase_ends
        over = over or (bool(phrase) and folded.endswith(known.verb_endings))
        if over or len(phrase) == _MOST_WORDS:
            break
        phrase.append(token)
    return " ".join(phrase)


def _person(before: str) -> str:
    """The name right before an age: `said Helen Marsh, 51` gives `Helen Marsh`."""
    match = _NAME_BEFORE.search(before)
    name: list[str] = []
    for word in reversed(match.group(1).split() if match else []):
        if not word[0].isupper():
            break
        name.insert(0, word)
    return " ".join(name)
