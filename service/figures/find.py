"""Find the figures of a text: every number as a reader means it, with its value, kind and unit."""

from __future__ import annotations

from service.figures import clock, compilation, dates, identifiers, notations, periods, quantities, rounds, spans
from service.figures.compounds import opens_figure
from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.tokens import LINK, NUMBER, WORD, Tokens
from service.types import Figure, FigureKind, Modifier

_NEGATED = {Modifier.OVER: Modifier.AT_MOST, Modifier.UNDER: Modifier.AT_LEAST}
_MOTION_REACH = 12  # tokens between a verb of movement and its destination


def find(text: str, language: str) -> tuple[Figure, ...]:
    """The figures of `text`, in order, without overlaps; offsets are code points of `text`.

    Spans cover the number with its multiplier and the unit or currency that touches it, not the modifier. Raises
    KeyError for a language without a lexicon.
    """
    lexicon = compilation.lexicon(language)
    tokens = Tokens(text, lexicon.apostrophe)
    hits = scan(tokens, lexicon)
    return tuple(figure_of(tokens, hit) for hit in hits if not hit.hidden or _alone(tokens, hit))


def _alone(tokens: Tokens, hit: Hit) -> bool:
    """A text that is nothing but a number is a number, even if its word is mostly an article."""
    return hit.start == 0 and hit.end == tokens.count and len(tokens.text) > 1


def figure_of(tokens: Tokens, hit: Hit) -> Figure:
    """The hit as a figure of the text."""
    start, end = tokens.starts[hit.start], tokens.ends[hit.end - 1]
    return Figure(
        text=tokens.text[start:end],
        start=start,
        end=end,
        kind=hit.kind,
        value=hit.value,
        low=hit.low,
        high=hit.high,
        unit=hit.unit,
        modifier=hit.modifier,
        readings=hit.readings,
    )


def scan(tokens: Tokens, lexicon: Lexicon) -> list[Hit]:
    """All hits of a text, the weak ones too, in order."""
    hits: list[Hit] = []
    cued = not lexicon.quantities.score_cues.isdisjoint(tokens.forms)
    index = 0
    while index < tokens.count:
        idiom = lexicon.numerals.idioms.at(tokens, index)
        if idiom and not _is_part_of(tokens, lexicon, idiom[1]):
            index = idiom[1]
            continue
        hit = _read(tokens, lexicon, index, cued)
        if hit is None:
            index += 1
            continue
        if hits and hit.start < hits[-1].end:
            hit.start = hits[-1].end
        _modify(tokens, lexicon, hit)
        hits.append(hit)
        index = max(hit.end, index + 1)
    return hits


def _is_part_of(tokens: Tokens, lexicon: Lexicon, end: int) -> bool:
    """Whether an idiom that ends in a word for half before token `end` is half of what follows: `a mezzo milione`."""
    numerals = lexicon.numerals
    if tokens.forms[end - 1] not in numerals.fractions_prefix:
        return False
    return tokens.forms[end] in numerals.collections or any(
        table.at(tokens, end) for table in (numerals.scales, lexicon.quantities.units)
    )


def _read(tokens: Tokens, lexicon: Lexicon, index: int, cued: bool) -> Hit | None:
    kind = tokens.kinds[index]
    if kind == NUMBER:
        return _read_number(tokens, lexicon, index, cued)
    if kind == WORD:
        return _read_word(tokens, lexicon, index)
    if kind == LINK:
        return identifiers.read_link(tokens, index)
    return _read_sign(tokens, lexicon, index)


def _read_number(tokens: Tokens, lexicon: Lexicon, index: int, cued: bool) -> Hit | None:
    hit = (
        _known_round(tokens, lexicon, index)
        or dates.read_date(tokens, lexicon, index)
        or identifiers.read_digits(tokens, index)
        or notations.read_part(tokens, lexicon, index)
        or notations.read_whole(tokens, lexicon, index)
        or clock.read_time(tokens, lexicon, index)
        or periods.read_century(tokens, lexicon, index)
        or periods.read_decade(tokens, lexicon, index)
        or spans.read_score(tokens, lexicon, index, cued)
        or _known_ratio(tokens, lexicon, index)
        or spans.read_span(tokens, lexicon, index)
    )
    if hit is not None:
        return hit
    quantity = quantities.read_quantity(tokens, lexicon, index)
    if quantity is None or _unexplained(tokens, quantity.end):
        return identifiers.read_chunk(tokens, lexicon, index) or quantity
    return quantity


def _known_round(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    return rounds.read_round(tokens, lexicon, index) if tokens.forms[index + 1] == "/" else None


def _known_ratio(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    return identifiers.read_chunk(tokens, lexicon, index) if tokens.forms[index + 1] == "/" else None


def _unexplained(tokens: Tokens, end: int) -> bool:
    """Whether letters touch the number that are no part of it."""
    return tokens.glued[end] and tokens.kinds[end] == WORD and tokens.kinds[end - 1] == NUMBER


def _read_word(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    form = tokens.forms[index]
    if tokens.glued[index + 1] or form in lexicon.quantities.names.heads:
        name = identifiers.read_name(tokens, lexicon, index)
        if name is not None:
            return name
    surface = tokens.surface(index)
    if surface[0] in "IVXLCХІС" and (hit := _read_roman(tokens, lexicon, index)) is not None:
        return hit
    if form not in lexicon.starters:
        currency = form in lexicon.quantities.currencies.heads and tokens.kinds[index + 1] == NUMBER
        if not currency and not opens_figure(form, lexicon.code):
            return None
        return spans.read_span(tokens, lexicon, index) or quantities.read_quantity(tokens, lexicon, index)
    if form in lexicon.numerals.articles and not _article_counts(tokens, lexicon, index):
        return None
    return (
        identifiers.read_label(tokens, lexicon, index)
        or rounds.read_round(tokens, lexicon, index)
        or dates.read_date(tokens, lexicon, index)
        or notations.read_whole(tokens, lexicon, index)
        or clock.read_time(tokens, lexicon, index)
        or periods.read_century(tokens, lexicon, index)
        or periods.read_decade(tokens, lexicon, index)
        or spans.read_span(tokens, lexicon, index)
        or quantities.read_quantity(tokens, lexicon, index)
    )


def _article_counts(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether an article may be part of a number: `a dozen`, `un terzo`, `un per cento`, `less than an hour`; or is all
    there is.
    """
    numerals, quantities = lexicon.numerals, lexicon.quantities
    form = tokens.forms[index + 1]
    parts = (numerals.collections, numerals.fractions_alone, numerals.fractions_counted, numerals.fractions_prefix)
    if tokens.count == 1 or form in numerals.scales.heads or any(form in part for part in parts):
        return True
    if quantities.percent.at(tokens, index + 1):
        return True
    if tokens.forms[index + 2] in numerals.added.heads and form in quantities.units.heads:
        return True
    bounded = quantities.units.at(tokens, index + 1) and quantities.modifiers.before(tokens, index)
    return bounded is not None and not numerals.collections_weak.at(tokens, index + 1)


def _read_roman(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    if periods.roman(tokens.surface(index)) is None:
        return None
    return periods.read_century(tokens, lexicon, index) or periods.read_roman(tokens, lexicon, index)


def _read_sign(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    form = tokens.forms[index]
    if form == "'":
        return periods.read_decade(tokens, lexicon, index) or periods.read_short_year(tokens, lexicon, index)
    if form == "+":
        phone = identifiers.read_digits(tokens, index)
        if phone is not None:
            return phone
    if form in ("#", "№"):
        return identifiers.read_label(tokens, lexicon, index)
    if form in "-–+.," or form in lexicon.quantities.currency_signs.heads:
        following = tokens.kinds[index + 1] in (NUMBER, WORD) or tokens.forms[index + 1] in (".", ",", "-")
        if not following and lexicon.quantities.currency_signs.at(tokens, index + 1) is None:
            return None
        return spans.read_span(tokens, lexicon, index) or quantities.read_quantity(tokens, lexicon, index)
    return None


def _modify(tokens: Tokens, lexicon: Lexicon, hit: Hit) -> None:
    """Look for a modifier before the figure (past an article), or behind it."""
    table = lexicon.quantities.modifiers
    place = hit.start if hit.before is None else hit.before
    found = table.before(tokens, place)
    if found is None and tokens.forms[place - 1] in lexicon.quantities.modifier_articles:
        found = table.before(tokens, place - 1)
    if found is None:
        after = lexicon.quantities.modifiers_after.at(tokens, hit.end)
        found = (after[0], after[1]) if after and tokens.kinds[after[1]] != NUMBER else None
    if found is None or hit.kind in (FigureKind.IDENTIFIER, FigureKind.SCORE):
        return
    if found[1] < hit.start and _is_destination(tokens, lexicon, found[1]):
        return
    hit.modifier = _negated(tokens, lexicon, *found) if found[1] < hit.start else found[0]


def _negated(tokens: Tokens, lexicon: Lexicon, modifier: Modifier, start: int) -> Modifier:
    """What a modifier at token `start` says together with a negation: `did not exceed 30%` is 30% at most."""
    quantities = lexicon.quantities
    words = [tokens.forms[place] for place in (start - 1, start - 2) if place >= 0]
    if words and words[0] in quantities.negations_not_before:  # `not only over 50`
        return modifier
    return _NEGATED.get(modifier, modifier) if not quantities.negations.isdisjoint(words) else modifier


def _is_destination(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether the word at `index` names where a movement ended, not a bound: `зросла до 7100`."""
    if lexicon.quantities.directional.at(tokens, index) is None:
        return False
    motion = lexicon.quantities.motion
    return any(tokens.forms[place].startswith(motion) for place in range(max(0, index - _MOTION_REACH), index))
