"""Centuries, millennia and decades, and the Roman numerals that name them."""

from __future__ import annotations

import re
from decimal import Decimal

from service.figures.ages import read_people
from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.numbers import read_number
from service.figures.patterns import PhraseTable
from service.figures.tokens import NUMBER, WORD, Tokens
from service.types import FigureKind

_ROMAN = re.compile(r"(?=[IVXLC])(C{0,3})(XC|XL|L?X{0,4})(IX|IV|V?I{0,4})")
_POSSESSIVE = re.compile("['’]s$")
# Ukrainian texts write Roman numerals with the Cyrillic letters of the same shape.
_LOOKALIKES = str.maketrans("ХІСМхі", "XICMxi")
_SINGLE = frozenset("IVXІХ")  # `categoria C` and `grupa L` are letters
_SOFT = 3  # translators drop small ordinals
_DASHES = ("-", "–", "—")
_CENTURY = 1900  # of decades told by two digits
_LAST_CENTURY = 30  # from it on two digits are a year of the 20th century
_QUOTED = 4  # tokens, as many as may be looked ahead to
_NO_YEAR = ("'", "+", "%", "°")  # what touches minutes of a match and quantities
_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def roman(text: str) -> int | None:
    """The value of a Roman numeral in capitals below 400, or None."""
    text = _POSSESSIVE.sub("", text.translate(_LOOKALIKES))
    if not text or len(text) > 9 or not _ROMAN.fullmatch(text):
        return None
    values = [_DIGITS[letter] for letter in text]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _ordinal_end(tokens: Tokens, lexicon: Lexicon, index: int) -> int:
    """Behind the ending of an ordinal that touches token `index`, or `index`."""
    suffix = lexicon.numerals.ordinal_suffixes.at(tokens, index)
    return suffix[1] if suffix and tokens.glued[index] else index


def _ordinal_value(tokens: Tokens, lexicon: Lexicon, index: int) -> tuple[Decimal, int] | None:
    """A Roman, digital or spelled number that may name a century, and where it ends."""
    value = roman(tokens.surface(index))
    if value is not None:
        return Decimal(value), _ordinal_end(tokens, lexicon, index + 1)
    number = read_number(tokens, lexicon, index)
    if number is None or number.fraction or number.scale or not 1 <= number.value <= 40 or number.value % 1:
        return None
    return number.value, _ordinal_end(tokens, lexicon, number.end)


def read_century(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`XXI secolo`, `the 21st century`, `secolul al XVI-lea`, `il Novecento`; millennia too."""
    tables = _tables(lexicon)
    for table, kind in tables:
        word = table.at(tokens, index)
        if word:
            place = word[1] + (tokens.forms[word[1]] in lexicon.numerals.particles)
            found = _ordinal_value(tokens, lexicon, place)
            named = found is not None and not table.at(tokens, found[1])
            return _era(tokens, lexicon, Hit(index, found[1], kind, found[0])) if found and named else None
    if not _may_be_ordinal(tokens, lexicon, index):
        return None
    return _before_century(tokens, lexicon, index) or _named_century(tokens, lexicon, index)


def _tables(lexicon: Lexicon) -> tuple[tuple[PhraseTable[bool], FigureKind], ...]:
    calendar = lexicon.calendar
    return (calendar.century, FigureKind.CENTURY), (calendar.millennium, FigureKind.ORDINAL)


def _before_century(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """An ordinal, or a span of two, and the word for century."""
    found = _ordinal_value(tokens, lexicon, index)
    if found is None:
        return None
    low, (value, end) = None, found
    if tokens.forms[end] in _DASHES:
        other = _ordinal_value(tokens, lexicon, end + 1)
        if other and other[0] > value:
            low, (value, end) = value, other
    end += tokens.forms[end] == "-"
    for table, kind in _tables(lexicon):
        word = table.at(tokens, end)
        if word:
            hit = Hit(index, word[1], kind, value)
            if low is not None:
                hit.value, hit.low, hit.high = None, low, value
            return _era(tokens, lexicon, hit)
    return None


def _may_be_ordinal(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    return (
        tokens.kinds[index] == NUMBER or tokens.forms[index] in lexicon.starters or tokens.surface(index)[:1] in "IVXХІ"
    )


def _era(tokens: Tokens, lexicon: Lexicon, hit: Hit) -> Hit:
    """With the words for "before Christ" the century counts backwards."""
    for table, sign in ((lexicon.calendar.bc, -1), (lexicon.calendar.ad, 1)):
        era = table.at(tokens, hit.end)
        if era:
            hit.end = era[1]
            if isinstance(hit.value, Decimal):
                hit.value *= sign
    return hit


def _named_century(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`il Novecento`: a capital inside a sentence."""
    value = lexicon.calendar.century_names.get(tokens.forms[index])
    if value is None or index == 0 or not tokens.surface(index)[:1].isupper():
        return None
    if tokens.kinds[index - 1] != WORD or lexicon.numerals.scales.at(tokens, index + 1):
        return None
    return Hit(index, index + 1, FigureKind.CENTURY, value)


def read_roman(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """A Roman numeral as an ordinal: `Papa Leone XIV`, `al II-lea`, `trimestrul II`. Weak without its ending or a word
    that takes one: letters may be initials.
    """
    surface = tokens.surface(index)
    value = roman(surface)
    if value is None:
        return None
    if (len(surface) > 1 or surface in _SINGLE) and _ranks(tokens, lexicon, index):
        return Hit(index, index + 1, FigureKind.ORDINAL, Decimal(value), weak=value <= _SOFT)
    end = _ordinal_end(tokens, lexicon, index + 1)
    sure = end > index + 1
    particle = tokens.forms[index - 1] in lexicon.numerals.particles
    if sure and len(surface) < 2 and not particle:
        return None
    named = _numbers_name(tokens, lexicon, index)
    if not sure and len(surface) < 2 and surface not in "XVХ" and not named:
        return None
    start = index - 1 if sure and particle else index
    hidden = not sure and not named
    return Hit(start, end, FigureKind.ORDINAL, Decimal(value), weak=not sure, hidden=hidden)


def _numbers_name(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether the Roman numeral at `index` tells bearers of a name apart: `Leo XIV`, `Єлизавета ІІ`. Sizes (`XL`) and
    initials do not.
    """
    numeral, name = _POSSESSIVE.sub("", tokens.surface(index)), tokens.surface(index - 1)
    if not _SINGLE.issuperset(numeral) or tokens.glued[index]:
        return False
    if len(numeral) < 2 and (not lexicon.numerals.roman_names or _is_initial(tokens, index)):
        return False
    if tokens.glued[index + 1] and tokens.forms[index + 1] in ("/", *_DASHES):
        return False
    return tokens.kinds[index - 1] == WORD and len(name) > 2 and name[0].isupper() and name[1:].islower()


def _is_initial(tokens: Tokens, index: int) -> bool:
    """Whether a single letter is the beginning of a name, or a word of a headline in capitals: `Ion I. Brătianu`."""
    after = index + 1 + (tokens.forms[index + 1] == ".")
    return tokens.kinds[after] == WORD and tokens.surface(after)[0].isupper()


def _ranks(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether a word beside the Roman numeral at `index` is one that people number so, and it is no bound of a span:
    `I–III кварталах`.
    """
    for place in (index, index + 1):
        if tokens.forms[place - (place == index)] in _DASHES and tokens.glued[place]:
            return False
    before, after = lexicon.numerals.roman_before, lexicon.numerals.roman_after
    return before.before(tokens, index) is not None or after.at(tokens, index + 1) is not None


def read_decade(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`the 1980s`, `anii '90`, `anni Sessanta`, `90-х років`."""
    calendar = lexicon.calendar
    people = read_people(tokens, lexicon, index)
    if people is not None:
        return people
    named = calendar.decade_names.at(tokens, index)
    if (
        named
        and tokens.kinds[index] == WORD
        and not (len(calendar.decade_suffixes.heads) and named[1] == index + 1 and index == 0)
    ):
        return Hit(index, named[1], FigureKind.DECADE, 1900 + named[0])
    before = calendar.decade_before.at(tokens, index)
    if before:
        return _decade_digits(tokens, lexicon, index, before[1])
    return _decades(tokens, lexicon, index) or _decade_digits(tokens, lexicon, index, index)


def _decades(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """Two decades that share their ending: `1960–1970-х років`."""
    form, place = tokens.forms[index], index + 2
    if tokens.kinds[index] != NUMBER or tokens.forms[index + 1] not in _DASHES or not form.isdecimal():
        return None
    last = _decade_digits(tokens, lexicon, place, place) if len(form) == len(tokens.forms[place]) else None
    low = Decimal(form) + (_CENTURY if len(form) == 2 else 0)
    if last is None or form[-1] != "0" or not isinstance(last.value, Decimal) or low >= last.value:
        return None
    return Hit(index, last.end, FigureKind.DECADE, None, low=low, high=last.value)


def _decade_digits(tokens: Tokens, lexicon: Lexicon, start: int, index: int) -> Hit | None:
    calendar = lexicon.calendar
    apostrophe = tokens.forms[index] == "'"
    place = index + 1 if apostrophe else index
    form = tokens.forms[place]
    if tokens.kinds[place] != NUMBER or not form.isdecimal() or len(form) not in (2, 4) or form[-1] != "0":
        return None
    end = place + 1
    suffix = calendar.decade_suffixes.at(tokens, end)
    if suffix and tokens.glued[end]:
        end = suffix[1]
        word = calendar.decade_words.at(tokens, end)
        if word:
            end = word[1]
        elif calendar.decade_needs_word and len(form) != 4:
            return None
    elif start == index:
        return None
    if len(form) == 4 and not suffix and start != index and form[2] == "0":
        return None
    year = int(form) if len(form) == 4 else 1900 + int(form) + (100 if int(form) < 20 else 0)
    return Hit(start, end, FigureKind.DECADE, Decimal(year))


def read_short_year(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """`nel '92`, `în '96`: the last digits of a year behind an apostrophe, where a word before them leads to years."""
    form, end = tokens.forms[index + 1], index + 2
    if tokens.kinds[index + 1] != NUMBER or not tokens.glued[index + 1] or not (form.isdecimal() and len(form) == 2):
        return None
    if lexicon.calendar.before_year.before(tokens, index, 3) is None:
        return None
    if tokens.glued[end] and (tokens.kinds[end] in (NUMBER, WORD) or tokens.forms[end] in _NO_YEAR):
        return None
    if any(tokens.forms[place] == "'" and tokens.glued[place] for place in range(end, end + _QUOTED)):
        return None  # the apostrophe opened a quotation: `of '50 people'`
    century = 1900 if int(form) >= _LAST_CENTURY else 2000
    return Hit(index, end, FigureKind.YEAR, str(century + int(form)))
