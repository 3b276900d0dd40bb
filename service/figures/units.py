"""What follows a number: its unit, its currency, percent, times over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from service.figures.lexicon import Lexicon
from service.figures.signs import DEGREES, below_zero
from service.figures.tokens import NUMBER, WORD, Tokens
from service.figures.written import Number
from service.types import FigureKind

TIME_UNITS = frozenset({"a", "mo", "wk", "d", "h", "min", "s", "ms"})
QUOTE = '"'
QUOTATION_REACH = 300  # characters; a quotation that opened further back is another sentence's
_CAPITAL_SYMBOLS = frozenset("WVTL")
_SPACED_SYMBOLS = frozenset("mgtlh")
_HUNDRED = Decimal(100)


@dataclass(slots=True)
class Unit:
    """What stands beside a number: `factor` is 0.01 for the hundredths of a currency, -1 for degrees below zero and a
    million for `1,4-мільйонний`; `added` half a unit behind the unit.
    """

    kind: FigureKind
    code: str | None
    end: int
    factor: Decimal = Decimal(1)
    added: Decimal = Decimal(0)


def read_unit(tokens: Tokens, lexicon: Lexicon, number: Number) -> Unit | None:
    """What follows a number: its unit, or None. Looks past a hyphen and past the words that join numbers to nouns."""
    unit = _unit_at(tokens, lexicon, number, number.end) or _joined_unit(tokens, lexicon, number)
    if unit is None:
        return _bare_degrees(tokens, lexicon, number)
    added = lexicon.numerals.added.at(tokens, unit.end)
    if (
        added
        and not number.decimal
        and not number.fraction
        and unit.kind in (FigureKind.DURATION, FigureKind.MEASURE, FigureKind.AGE)
    ):
        unit.added, unit.end = added[0], added[1]
    if unit.code in DEGREES and (end := below_zero(tokens, lexicon, unit.end)) > unit.end:
        unit.end = end
        if number.value > 0:
            unit.factor, unit.added = Decimal(-1), -unit.added
    return unit


def _joined_unit(tokens: Tokens, lexicon: Lexicon, number: Number) -> Unit | None:
    """The unit behind a hyphen (`a 10-km run`), behind a word that joins (`40 de kilometri`) and, of a fraction, behind
    an article: `half an hour`, `a third of a mile`. `220 a day` counts no days.
    """
    index = number.end
    if tokens.forms[index] == "-" and tokens.glued[index] and tokens.glued[index + 1]:
        return _unit_at(tokens, lexicon, number, index + 1) or _adjective(tokens, lexicon, index + 1)
    numerals = lexicon.numerals
    place = index + (tokens.forms[index] in lexicon.quantities.connectors)
    parted = number.fraction and (place > index or tokens.forms[index - 1] in numerals.fractions_alone)
    if parted and tokens.forms[place] in numerals.articles:
        place += 1
    return _unit_at(tokens, lexicon, number, place) if place > index else None


def _adjective(tokens: Tokens, lexicon: Lexicon, index: int) -> Unit | None:
    """The unit or the multiplier of an adjective that a hyphen joins to digits: `3-денний`, `300-тисячний`."""
    code, scale = lexicon.quantities.compound_stems.get(tokens.forms[index], (None, Decimal(1)))
    if code is None and scale == 1:
        return None
    return Unit(kind_of(code, lexicon), code, index + 1, factor=scale)


def kind_of(code: str | None, lexicon: Lexicon) -> FigureKind:
    """What a number with the unit `code` is."""
    if code is None:
        return FigureKind.COUNT
    if code == "%":
        return FigureKind.PERCENT
    if code in TIME_UNITS:
        return FigureKind.DURATION
    return FigureKind.MONEY if code in lexicon.quantities.currency_codes else FigureKind.MEASURE


def _bare_degrees(tokens: Tokens, lexicon: Lexicon, number: Number) -> Unit | None:
    """Degrees that are told by what stands behind them: `5 below zero`, `10 морозу`."""
    found = lexicon.quantities.below_zero_alone.at(tokens, number.end)
    if found is None:
        return None
    return Unit(FigureKind.MEASURE, "deg", found[1], factor=Decimal(-1 if number.value > 0 else 1))


def _unit_at(tokens: Tokens, lexicon: Lexicon, number: Number, index: int) -> Unit | None:
    quantities = lexicon.quantities
    found = quantities.age_suffixes.at(tokens, index)
    if found:
        return Unit(FigureKind.AGE, found[0], found[1])
    found = quantities.percent.at(tokens, index)
    if found is None and (number.decimal or number.fraction):
        found = quantities.percent_weak.at(tokens, index)
    if found:
        return Unit(FigureKind.PERCENT, found[0], found[1])
    repeated = quantities.multiplier_words.at(tokens, index)
    if repeated and not (tokens.glued[repeated[1]] and tokens.kinds[repeated[1]] in (NUMBER, WORD)):
        return Unit(FigureKind.MULTIPLIER, None, repeated[1])
    return money_at(tokens, lexicon, index) or _measure_at(tokens, lexicon, number, index)


def money_at(tokens: Tokens, lexicon: Lexicon, index: int) -> Unit | None:
    """The currency, or its hundredths, at token `index`."""
    quantities = lexicon.quantities
    cents, name = quantities.cents.at(tokens, index), quantities.currencies.at(tokens, index)
    if cents and (name is None or cents[1] >= name[1]):
        return Unit(FigureKind.MONEY, cents[0], cents[1], factor=1 / _HUNDRED)
    if name:
        return Unit(FigureKind.MONEY, name[0], name[1])
    sign = quantities.currency_signs.at(tokens, index)
    if sign and not (tokens.kinds[sign[1]] == NUMBER and tokens.glued[sign[1]]):
        return Unit(FigureKind.MONEY, sign[0], sign[1])
    code = quantities.currency_codes.get(tokens.surface(index))
    if code and not (tokens.kinds[index + 1] == NUMBER and tokens.glued[index + 1]):
        return Unit(FigureKind.MONEY, code, index + 1)
    return None


def _measure_at(tokens: Tokens, lexicon: Lexicon, number: Number, index: int) -> Unit | None:
    quantities = lexicon.quantities
    special = quantities.suffix_units.at(tokens, index)
    plain = quantities.units.at(tokens, index)
    if plain is None and _symbol_counts(tokens, index):
        plain = quantities.glued_units.at(tokens, index)
    found = special if special and (plain is None or special[1] >= plain[1]) else plain
    if found is None:
        return None
    code, end = found
    if tokens.glued[end] and tokens.kinds[end] == NUMBER:
        return None
    if tokens.forms[index] in quantities.unit_homographs and not _counts_unit(tokens, lexicon, number, end):
        return None
    return Unit(FigureKind.DURATION if code in TIME_UNITS else FigureKind.MEASURE, code, end)


def _counts_unit(tokens: Tokens, lexicon: Lexicon, number: Number, end: int) -> bool:
    """Whether a symbol that is a word too, and ends before token `end`, is the unit: `4 ha di bosco`, but not `uno su
    quattro ha vinto`.
    """
    if not number.digits or tokens.kinds[end] == NUMBER:
        return False
    return tokens.kinds[end] != WORD or lexicon.quantities.unit_homographs_before.at(tokens, end) is not None


def _symbol_counts(tokens: Tokens, index: int) -> bool:
    """Whether a symbol that is a letter or a sign stands for a unit: `5g` but not `5G`, `2 m` but not `2 s`."""
    surface = tokens.surface(index)
    if tokens.glued[index]:
        if surface == QUOTE:
            return tokens.kinds[index - 1] == NUMBER and not _closes_quotation(tokens, index)
        return not surface.isupper() or surface in _CAPITAL_SYMBOLS
    return surface in _SPACED_SYMBOLS and tokens.spaced(index) and tokens.kinds[index - 1] == NUMBER


def _closes_quotation(tokens: Tokens, index: int) -> bool:
    """Whether a quotation mark is one, and not the sign for inches: `sono 250", ha detto`, but `un 55" costa`."""
    start, after = tokens.starts[index], tokens.text[tokens.ends[index] : tokens.ends[index] + 2]
    opened = tokens.text[max(0, start - QUOTATION_REACH) : start].count(QUOTE) % 2
    return bool(opened) or not (after[:1] == " " and after[1:].isalpha())
