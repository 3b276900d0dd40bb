"""One-word quantities: `десятиповерховий`, `47-річний` without its hyphen, `quarantenne`."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from service.figures.compilation import lexicon as load
from service.figures.lexicon import Lexicon
from service.figures.words import glued_numeral, numeral_of_stem, ordinal_word

_LONGEST = 40
_YOUNGEST = 10  # below it the word is most likely another one: `ottenne`, "obtained"


def compound(form: str, lexicon: Lexicon) -> tuple[Decimal, str | None] | None:
    """The value and the unit of a compound adjective, or None."""
    if not lexicon.quantities.compound_stems or form[:2] not in _starts(lexicon.code) or len(form) > _LONGEST:
        return None
    return _compound(form, lexicon.code)


@lru_cache(maxsize=8)
def _starts(code: str) -> frozenset[str]:
    lexicon = load(code)
    return frozenset(form[:2] for form in lexicon.quantities.compound_numerals | lexicon.numerals.additive)


@lru_cache(maxsize=4096)
def _compound(form: str, code: str) -> tuple[Decimal, str | None] | None:
    lexicon = load(code)
    stems = lexicon.quantities.compound_stems
    for cut in range(2, len(form) - 3):
        meaning = stems.get(form[cut:])
        if meaning is None:
            continue
        value = _prefix(form[:cut], lexicon)
        if value is not None:
            return value * meaning[1], meaning[0]
    return None


def _prefix(text: str, lexicon: Lexicon) -> Decimal | None:
    """The numerals that `text` is, one after the other, each smaller than what the one before leaves room for."""
    known = lexicon.quantities.compound_numerals
    additive = lexicon.numerals.additive
    total, last = Decimal(0), Decimal(1_000_000)
    while text:
        for length in range(len(text), 1, -1):
            value = known.get(text[:length]) or additive.get(text[:length])
            if value is not None and value < last:
                total, last, text = total + value, value if value >= 20 else Decimal(0), text[length:]
                break
        else:
            return None
    return total


@lru_cache(maxsize=65536)
def opens_figure(form: str, code: str) -> bool:
    """Whether a word that stands in no table is a numeral or a quantity all the same, by its parts."""
    lexicon = load(code)
    if lexicon.glued and (glued_numeral(form, lexicon) is not None or ordinal_word(form, lexicon) is not None):
        return True
    if form.startswith(lexicon.numerals.half_glued or "\0"):
        return form not in lexicon.numerals.half_glued_not
    return compound(form, lexicon) is not None or glued_age(form, lexicon) is not None


def half_of_unit(form: str, lexicon: Lexicon) -> str | None:
    """The unit of which a word says the half: `півгодини`."""
    for half in lexicon.numerals.half_glued:
        rest = form.removeprefix(half).lstrip("'")
        if rest != form and rest in lexicon.quantities.units.words():
            return lexicon.quantities.units.words()[rest]
    return None


def glued_age(form: str, lexicon: Lexicon) -> Decimal | None:
    """`quarantenne`: a numeral without its last vowel and the ending of an age."""
    for ending in lexicon.quantities.age_glued:
        if form.endswith(ending):
            age = numeral_of_stem(form[: -len(ending)], lexicon)
            return age if age is not None and age > _YOUNGEST else None
    return None
