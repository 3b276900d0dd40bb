"""Which language a text is in: the script first, then py3langid over the known languages of that script.

An identifier that may only answer with the languages it serves would call Spanish Italian, so the neighbours are in the
race and are refused by name. Letters that a language never writes veto it; nothing else overrules the identifier.
"""

from __future__ import annotations

import threading
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from service.errors import UndetectedLanguage, UnsupportedLanguage
from service.languages import LanguageInfo, registry, served_names
from service.remembering import remembered
from service.types import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MIN_LETTERS: Final = 20
"""Below this, two words of one language are two words of another."""
MIN_CONFIDENCE: Final = 0.5
SAMPLE_CHARS: Final = 600
"""Longer samples do not make it surer, only slower."""
VETO_SHARE: Final = 0.01
"""A quoted foreign name stays below one letter in a hundred."""

LEAST_LEFT: Final = 0.001
"""Vetoes that leave no likelier language than this have left none."""

_JAPANESE: Final = frozenset({"HIRAGANA", "KATAKANA"})

_lock = threading.Lock()
_identifier: LanguageIdentifier | None = None


def warm() -> None:
    """Load the identifier (about a second, 95 MB) now rather than at the first request."""
    _load()


def detect(text: str, *, field: str | None = "source") -> Language:
    """The language of `text`, served or not, with the identifier's own confidence.

    `field` is the one in which the caller may name the language instead, if there is one.

    Raises UndetectedLanguage where there are too few letters or no language stands out, and UnsupportedLanguage where
    the script belongs to none of the known languages.
    """
    sample = text[:SAMPLE_CHARS]
    letters = Counter(map(script, filter(str.isalpha, sample)))
    wrong, remedy = field or "text", f"; name it in '{field}'" if field else ""
    if letters.total() < MIN_LETTERS:
        raise UndetectedLanguage(
            f"the text has {letters.total()} letters, too few to tell its language by{remedy}", field=wrong
        )
    ranking = _rank(sample)
    if not ranking:
        name = letters.most_common(1)[0][0].capitalize()
        raise UnsupportedLanguage(f"the text is in {name} script; served are {served_names()}", field=wrong)
    code, confidence = ranking[0]
    if confidence < MIN_CONFIDENCE:
        names = " or ".join(registry()[candidate].english for candidate, _ in ranking[:2])
        raise UndetectedLanguage(f"the text may be {names}, which is not sure enough{remedy}", field=wrong)
    return Language(code=code, confidence=confidence, detected=True)


def rank(text: str) -> list[tuple[str, float]]:
    """Known languages with their probabilities, best first; empty where there is no letter of a known script."""
    return list(_rank(text[:SAMPLE_CHARS]))


@lru_cache(maxsize=4096)
def script(letter: str) -> str:
    """The first word of the letter's Unicode name: `LATIN`, `CYRILLIC`, `CJK`…"""
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0].split("-", 1)[0]


@remembered(1024)
def _rank(sample: str) -> tuple[tuple[str, float], ...]:
    letters = Counter(map(script, filter(str.isalpha, sample)))
    if not letters:
        return ()
    main, count = letters.most_common(1)[0]
    if letters.keys() & _JAPANESE and main in _JAPANESE | {"CJK"}:
        main = "HIRAGANA"  # Japanese mixes scripts; Chinese has no kana
    candidates = [entry for entry in registry().values() if entry.script == main]
    if len(candidates) <= 1:
        return tuple((entry.code, round(count / letters.total(), 4)) for entry in candidates)
    codes = {entry.code for entry in candidates}
    scores = {code: score for code, score in _load().rank(sample) if code in codes}
    vetoed = _vetoed(candidates, sample, letters.total())
    kept = {code: score for code, score in scores.items() if code not in vetoed}
    if sum(kept.values()) < LEAST_LEFT * sum(scores.values()):
        kept = scores  # a text in two languages, each with letters that the other has not
    total = sum(kept.values())
    return tuple((code, score / total) for code, score in kept.items()) if total > 0 else ()


def _vetoed(candidates: list[LanguageInfo], sample: str, letters: int) -> set[str]:
    """The languages with more strange letters than a name explains."""
    folded = sample.casefold()
    return {entry.code for entry in candidates if sum(map(folded.count, entry.never)) > VETO_SHARE * letters}


def _load() -> LanguageIdentifier:
    """The identifier, loaded once; its ranking only reads, so threads share it."""
    global _identifier  # noqa: PLW0603 - one model a process
    if _identifier is None:
        with _lock:
            if _identifier is None:
                from py3langid.langid import MODEL_FILE, LanguageIdentifier  # takes a second

                loaded = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
                loaded.set_languages(list(registry()))
                _identifier = loaded
    return _identifier
