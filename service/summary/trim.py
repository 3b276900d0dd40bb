"""Takes off the head of a sentence what only ties it to the one before. Nothing else is ever cut.

A trailing attribution stays: without "the ministry said" a claim would read as a fact.
"""

from __future__ import annotations

from service.summary.vocabulary import fold, vocabulary

_LEAST_WORDS = 6


def trim(text: str, language: str) -> tuple[str, str | None]:
    """The sentence without its opening tie, and what was taken off (`Meanwhile,`); or all of it, and None."""
    pattern = vocabulary(language).removable
    folded = fold(text)
    # Offsets into the folded text are those of the text only while folding keeps the length.
    match = pattern.match(folded) if pattern and len(folded) == len(text) else None
    if match is None:
        return text, None
    kept = text[match.end() :].lstrip()
    if not kept[:1].isalpha() or len(kept.split()) < _LEAST_WORDS:
        return text, None
    return kept[0].upper() + kept[1:], text[: len(text) - len(kept)].rstrip()


def shift(whole: str, told: str) -> int:
    """How many characters of a segment's text stand before those of the summary's sentence made of it."""
    return len(whole) - len(told)
