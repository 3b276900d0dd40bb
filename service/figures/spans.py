"""Spans of numbers and scores: `50–100`, `tra 10 e 15 milioni`, `da 2.000 a 5.000 unità`, `3-1`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from service.figures.dates import is_season
from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.quantities import Amount, is_age, read_amount
from service.figures.signs import DEGREES, ellipsis_end
from service.figures.tokens import NUMBER, SIGN, WORD, Tokens
from service.types import FigureKind

_DASHES = ("-", "–", "—", "÷")
_MOST_GOALS = 200
_THOUSAND = Decimal(1000)


def read_span(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """A span whose lower bound begins at token `index`."""
    quantities = lexicon.quantities
    if tokens.kinds[index] not in (NUMBER, SIGN) and tokens.forms[index] not in lexicon.starters and not lexicon.glued:
        return None
    low = read_amount(tokens, lexicon, index)
    if low is None or low.number.ordinal or (low.number.fraction and not low.number.scale):
        return None
    between = quantities.between.before(tokens, index) is not None or _before_modifier(tokens, lexicon, index)
    led = quantities.from_.before(tokens, index) is not None
    if not (between or led) and _other_word(tokens, lexicon, low):
        return None
    joint = _joint(tokens, lexicon, low, between, led)
    if joint is None:
        return None
    place, dash = joint
    high = read_amount(tokens, lexicon, place)
    if high is None or high.number.ordinal or (high.number.fraction and not high.number.scale):
        return None
    joined = dash or (not led and tokens.forms[low.start] in lexicon.numerals.negative)
    if joined and not between and _shares_minus(tokens, low, high):
        high = replace(high, number=replace(high.number, value=-high.number.value))
    return _span(tokens, lexicon, low, high, sure=between or led or dash)


def _other_word(tokens: Tokens, lexicon: Lexicon, low: Amount) -> bool:
    """Whether what follows the lower bound says that it is no number: `venti fino a 90 km/h` are winds."""
    rule = lexicon.numerals.ambiguous.get(tokens.forms[low.start])
    return rule is not None and low.end == low.start + 1 and rule.not_before.at(tokens, low.end) is not None


def _shares_minus(tokens: Tokens, low: Amount, high: Amount) -> bool:
    """Whether the minus of the first bound is that of the second too, which is farther from zero: `-5–7°`."""
    first, last = low.number, high.number
    degrees = high.unit is not None and high.unit.code in DEGREES
    return degrees and first.value < 0 < -first.value < last.value and tokens.forms[last.start] != "+"


def _before_modifier(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    modifier = lexicon.quantities.modifiers.before(tokens, index)
    return modifier is not None and lexicon.quantities.between.before(tokens, modifier[1]) is not None


def _joint(tokens: Tokens, lexicon: Lexicon, low: Amount, between: bool, led: bool) -> tuple[int, bool] | None:
    """Where the upper bound begins, and whether a dash leads to it."""
    quantities = lexicon.quantities
    end = low.end
    if tokens.forms[end] in _DASHES:
        glued = tokens.glued[end] and tokens.glued[end + 1]
        spaced = not tokens.glued[end] and not tokens.glued[end + 1] and tokens.forms[end] != "-"
        sign = lexicon.quantities.currency_signs.at(tokens, end + 1)
        if (glued or (spaced and low.number.digits)) and (tokens.kinds[end + 1] in (NUMBER, WORD) or sign):
            return end + 1, glued
        return None
    dots = ellipsis_end(tokens, end)
    if dots > end:
        return (dots, True) if low.number.digits and tokens.glued[dots] else None
    spelled = not low.number.digits and low.unit is None
    if tokens.forms[end] == "/" and (spelled or is_season(tokens, low.start)):
        return end + 1, True
    if between:
        joint = quantities.between_joint.at(tokens, end)
        return (joint[1], False) if joint else None
    if led:
        joint = quantities.from_joint.at(tokens, end)
        return (joint[1], False) if joint and low.unit is None else None
    joint = quantities.joint.at(tokens, end)
    if joint is None or low.unit is not None:
        return None
    return (joint[1], False)


def _span(tokens: Tokens, lexicon: Lexicon, low: Amount, high: Amount, sure: bool) -> Hit | None:
    first, last = low.number, high.number
    if low.unit and high.unit and low.unit.code != high.unit.code and high.unit.kind is not FigureKind.MONEY:
        return None
    if low.unit and low.unit.kind is FigureKind.PERCENT and not high.unit:
        return None
    years = _years(tokens, low, high)
    if years is not None:
        return years if sure else None
    unit = high.unit or low.unit
    scale = last.scale or _glued_scale(lexicon, high)
    shared = scale if scale and not first.scale and first.value < last.value / scale else None
    factor = unit.factor if unit else Decimal(1)
    bottom = first.value * (shared or 1) * factor
    top = last.value * factor + (unit.added if unit else 0)
    if top < 0 and top < bottom <= 0:
        bottom, top = top, bottom + 0  # `-5...-10`, `5-10 degrees below zero`
    if not bottom < top or (not sure and not _close(bottom, top, high)):
        return None
    if first.bare == "" and not first.digits and first.value == 1 and unit is None and shared is None:
        return None
    kind = unit.kind if unit else FigureKind.RANGE
    if kind is FigureKind.DURATION and is_age(tokens, lexicon, low.start, high.end, last.value):
        kind = FigureKind.AGE
    return Hit(low.start, high.end, kind, None, low=bottom, high=top, unit=unit.code if unit else None)


def _glued_scale(lexicon: Lexicon, high: Amount) -> Decimal | None:
    """The multiplier that is glued to its count: `due o tremila` are two or three thousand."""
    number = high.number
    glued = lexicon.glued and not number.digits and number.end == number.start + 1
    return _THOUSAND if glued and number.value > _THOUSAND and number.value % _THOUSAND == 0 else None


def _close(bottom: Decimal, top: Decimal, high: Amount) -> bool:
    """Without a leading word or a dash only neighbours, or bounds with one unit, make a span: `two or three days`."""
    return top - bottom <= max(Decimal(2), bottom / 2) or (
        high.unit is not None and top <= 20 * max(bottom, Decimal(1))
    )


def _years(tokens: Tokens, low: Amount, high: Amount) -> Hit | None:
    """`2010–2015`, `2019-20`, the season of `1999/00`."""
    first, last = low.number.bare, high.number.bare
    if len(first) != 4 or not 1000 <= int(first) <= 2199 or low.unit:
        return None
    if high.unit and (high.unit.code != "a" or int(first) < 1900):
        return None
    season = is_season(tokens, low.start)
    if season:
        last = str(int(first) + 1)
    elif len(last) == 2 and int(last) > int(first[2:]):
        last = first[:2] + last
    if len(last) != 4 or not int(first) < int(last) <= 2199 or int(first) < 1400:
        return None
    if not (season or _is_dash(tokens, low)):
        return None
    return Hit(low.start, high.end, FigureKind.YEAR, None, low=first, high=last)


def _is_dash(tokens: Tokens, low: Amount) -> bool:
    return tokens.forms[low.end] in _DASHES or tokens.kinds[low.end] == WORD


def read_score(tokens: Tokens, lexicon: Lexicon, index: int, cued: bool) -> Hit | None:
    """`3-1`, `2:0`, `21–14`. `cued`: a word of the sentence speaks of matches or votes."""
    first, second = tokens.forms[index], tokens.forms[index + 2]
    joint = tokens.forms[index + 1]
    if joint not in ("-", "–", ":", "—") or not (tokens.glued[index + 1] and tokens.glued[index + 2]):
        return None
    if not (first.isdecimal() and second.isdecimal() and len(first) <= 3 and len(second) <= 3):
        return None
    end = index + 3
    if tokens.glued[end] and (tokens.kinds[end] in (NUMBER, WORD) or tokens.forms[end] in ("-", "–", "/", "%", "°")):
        return None
    if max(int(first), int(second)) > _MOST_GOALS or (first[0] == "0" and len(first) > 1):
        return None
    unit = read_amount(tokens, lexicon, index + 2)
    if unit is None or unit.unit is not None or unit.end > end:
        return None
    if not (joint == ":" or int(first) >= int(second) or (cued and not _counted(tokens, lexicon, end))):
        return None
    return Hit(index, end, FigureKind.SCORE, f"{int(first)}-{int(second)}")


def _counted(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether a noun follows that a span would count."""
    form = tokens.forms[index]
    return form in lexicon.quantities.connectors or (
        tokens.kinds[index] == WORD and form not in lexicon.calendar.noun_stop
    )
