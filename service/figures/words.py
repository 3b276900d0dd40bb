"""Spelled-out numerals: words put together by value. What may follow is decided by size, not by language."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from service.figures.compilation import lexicon as load
from service.figures.lexicon import Ambiguity, Connector, Lexicon
from service.figures.tokens import NUMBER, Tokens

_ZERO = Decimal(0)
_ONE = Decimal(1)
_DOZEN, _HUNDRED, _THOUSAND = Decimal(12), Decimal(100), Decimal(1000)
_LONGEST_GLUED = 60


def room(value: Decimal) -> Decimal:
    """Below what a further addend must stay: 20 leaves room for units, 300 for anything under a hundred, 13 for
    nothing.
    """
    if value and value % 1000 == 0:
        return Decimal(1000)
    if value and value % 100 == 0:
        return _HUNDRED
    if value >= 20 and value % 10 == 0:
        return Decimal(10)
    return _ZERO


class Composer:
    """Reads numeral words from a token on, as far as they make one number.

    `total` holds what multipliers have closed (two million), `group` what is open (three hundred …), `space` how
    large an addend the group can still take.
    """

    def __init__(self, tokens: Tokens, lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.numerals = lexicon.numerals
        self.lexicon = lexicon
        self.total = _ZERO
        self.group: Decimal | None = None
        self.space = _ZERO
        self.scale: Decimal | None = None
        self.ordinal = False
        self.collection = False
        self.closed = True  # whether the last word was a multiplier
        self._words = 0
        self._mixed = False

    def begin(self, value: Decimal, scale: Decimal | None) -> None:
        """Start from a number already read."""
        self._mixed = True
        if scale is None:
            self.group = value
            self.closed = False
        else:
            self.total, self.scale = value, scale
        self._words = 1

    @property
    def value(self) -> Decimal:
        """What the words taken in so far amount to."""
        return self.total + (self.group or _ZERO)

    def run(self, index: int) -> int:
        """Take in words from token `index` on; the index behind the last one that belongs."""
        end = index
        while not self.ordinal:
            after = self._step(end) or (self._connected(end) if self._words else None)
            if after is None:
                break
            end = after
        return end

    def _step(self, index: int) -> int | None:
        """One more word, if it fits."""
        form = self.tokens.forms[index]
        if form in self.numerals.particles_needed and self.tokens.forms[index - 1] in self.numerals.particles:
            return self._close_ordinal(form, index)  # `a doua`, which without its diacritic looks like "two"
        value = self.numerals.additive.get(form)
        if value is None and self._words == 0 and form in self.numerals.articles:
            value = _ONE
        if value is None and self.lexicon.glued:
            value = glued_numeral(form, self.lexicon)
        if value is not None and self._add(value):
            return index + 1
        scaled = self._multiply(index)
        if scaled is not None:
            return scaled
        return self._digits_again(index) or self._close_ordinal(form, index)

    def _add(self, value: Decimal) -> bool:
        if self.group is None:
            if self._words and (value == 0 or self.scale is None or value >= self.scale):
                return False
            self.group = value
        elif 0 < value < self.space:
            self.group += value
        else:
            return False
        self.space = room(value)
        self._words += 1
        self.closed = False
        return True

    def _multiply(self, index: int) -> int | None:
        found = self.numerals.scales.at(self.tokens, index)
        if found is None:
            form = self.tokens.forms[index]
            collection = self.numerals.collections.get(form)
            if collection is not None and (self._words == 0 or (self.group == 1 and self.total == 0)):
                self.group, self.scale, self.collection, self.closed = collection, None, True, False
                self.space = _ZERO
                self._words += 1
                return index + 1
            return None
        scale, end = found
        if not self._apply(scale, self.tokens.forms[index]):
            return None
        self._words += 1
        return end

    def _apply(self, scale: Decimal, form: str) -> bool:
        if self.group is None and self._words == 0:
            if form not in self.numerals.scales_alone:
                return False
            self.group = Decimal(1)
        self.collection = scale == _DOZEN
        if scale <= _HUNDRED:
            if self.group is None or not 0 < self.group < _HUNDRED:
                return False
            self.group *= scale
            self.space = room(self.group)
            self.closed = scale != _HUNDRED
            return True
        if self.scale is None or scale < self.scale:
            if self.group is None:
                return False
            self.total += self.group * scale
        elif scale > self.scale:
            self.total = (self.total + (self.group or _ZERO)) * scale
        else:
            return False
        self.group, self.space, self.scale, self.closed = None, scale, scale, True
        return True

    def _digits_again(self, index: int) -> int | None:
        """`1 млн 200 тис.`: digits behind a multiplier, if a smaller multiplier follows them."""
        if not (self.closed and self.scale is not None and self.tokens.kinds[index] == NUMBER):
            return None
        form = self.tokens.forms[index]
        if not form.isdecimal() or len(form) > 3:
            return None
        place = index + 1
        for connector in self.numerals.connectors:
            stop = place + len(connector.forms)
            if connector.before == "scale" and tuple(self.tokens.forms[place:stop]) == connector.forms:
                place = stop
                break
        found = self.numerals.scales.at(self.tokens, place)
        if found is None and self.scale == _THOUSAND and self._mixed and len(form) <= 3 and form[0] != "0":
            self.group, self.closed = Decimal(form), False  # `26 тисяч 477`
            return index + 1
        if found is None or found[0] >= self.scale:
            return None
        self.total += Decimal(form) * found[0]
        self.scale = found[0]
        return found[1]

    def _close_ordinal(self, form: str, index: int) -> int | None:
        value = ordinal_word(form, self.lexicon)
        if value is None and self._words:
            value = self.numerals.ordinals_inside.get(form)
        if value is not None:
            if self.group is None and (self._words == 0 or (self.scale and value < self.scale)):
                self.group = value
            elif self.group is not None and value < self.space:
                self.group += value
            else:
                return None
            self.ordinal = True
            return index + 1
        scale = self.numerals.ordinal_scales.get(form)
        if scale is None or (self.group is None and self._words and scale >= (self.scale or 0)):
            return None
        self.total += (self.group or 1) * scale
        self.group, self.ordinal = None, True
        return index + 1

    def _connected(self, index: int) -> int | None:
        """A connecting word and what follows it, if both fit."""
        form = self.tokens.forms[index]
        for connector in self.numerals.connectors:
            if connector.forms[0] != form:
                continue
            stop = index + len(connector.forms)
            if tuple(self.tokens.forms[index:stop]) != connector.forms or not self._may_connect(connector, stop):
                continue
            after = self._step(stop)
            if after is not None:
                return after
        return None

    def _may_connect(self, connector: Connector, index: int) -> bool:
        after, before = connector.after, connector.before
        group = self.group
        if after == "ten":
            fits = group is not None and self.space == 10
        elif after == "hundred":
            fits = (group is not None and self.space == _HUNDRED) or (self.closed and self._words > 0)
        elif after == "scale":
            fits = self.closed and self._words > 0
        elif after == "many":
            fits = self._words > 0
        elif after == "collection":
            fits = self.collection
        else:
            fits = False
        if not fits:
            return False
        if connector.forms == ("-",) and not (self.tokens.glued[index - 1] and self.tokens.glued[index]):
            return False
        if before == "scale":
            return self.numerals.scales.at(self.tokens, index) is not None
        return not self._opens_another(index)

    def _opens_another(self, index: int) -> bool:
        """Whether a new number begins behind a connector: `one hundred and two hundred`."""
        return not self.closed and self.space != 10 and self.numerals.scales.at(self.tokens, index + 1) is not None


def ordinal_word(form: str, lexicon: Lexicon) -> Decimal | None:
    """The value of a spelled ordinal."""
    value = lexicon.numerals.ordinals.get(form)
    if value is None and lexicon.numerals.derived_endings:
        return _derived_ordinal(form, lexicon)
    return value


def _derived_ordinal(form: str, lexicon: Lexicon) -> Decimal | None:
    for ending in lexicon.numerals.derived_endings:
        if form.endswith(ending):
            return numeral_of_stem(form[: -len(ending)], lexicon)
    return None


def numeral_of_stem(stem: str, lexicon: Lexicon) -> Decimal | None:
    """The numeral that `stem` is, with or without its last vowel."""
    if len(stem) < 3:
        return None
    for vowel in ("", "i", "o", "a", "e"):
        value = lexicon.numerals.additive.get(stem + vowel)
        if value is None and stem + vowel in lexicon.numerals.scales_alone:
            value = lexicon.numerals.scales.words().get(stem + vowel)
        if value is None and lexicon.glued:
            value = glued_numeral(stem + vowel, lexicon)
        if value is not None:
            return value
    return None


def glued_numeral(form: str, lexicon: Lexicon) -> Decimal | None:
    """The value of numerals written as one word: `duecentocinquantamila`, `ventitré`."""
    first = _piece_starts(lexicon.code)
    if form[:3] not in first or len(form) > _LONGEST_GLUED:
        return None
    return _glued(form, lexicon.code)


@lru_cache(maxsize=16)
def _piece_starts(code: str) -> frozenset[str]:
    return frozenset(piece[:3] for piece in _pieces(code))


@lru_cache(maxsize=16)
def _pieces(code: str) -> dict[str, tuple[Decimal, bool]]:
    """The parts of glued numerals: value, and whether it multiplies."""
    numerals = load(code).numerals
    pieces = {form: (value, False) for form, value in (numerals.additive | numerals.elided).items() if len(form) > 1}
    scales = {form: value for form, value in numerals.scales.words().items() if _HUNDRED <= value <= 1000}
    pieces.update({form: (value, True) for form, value in (scales | numerals.elided_scales).items()})
    return pieces


@lru_cache(maxsize=4096)
def _glued(form: str, code: str) -> Decimal | None:
    found: list[Decimal] = []
    _split(form, _pieces(code), [], found)
    return found[0] if found else None


def _split(
    rest: str, pieces: dict[str, tuple[Decimal, bool]], taken: list[tuple[Decimal, bool]], found: list[Decimal]
) -> None:
    if not rest:
        value = _compose(taken)
        if value is not None:
            found.append(value)
        return
    for length in range(min(len(rest), 14), 1, -1):
        piece = pieces.get(rest[:length])
        if piece is not None and not found:
            _split(rest[length:], pieces, [*taken, piece], found)


def _compose(parts: list[tuple[Decimal, bool]]) -> Decimal | None:
    if len(parts) < 2:
        return None
    total, group, space = _ZERO, None, _ZERO
    for value, multiplies in parts:
        if not multiplies:
            if group is not None and not value < space:
                return None
            group = (group or _ZERO) + value
            space = room(value)
        elif value == _HUNDRED:
            below = (group or _ZERO) % 10 if group is not None and group != 0 else None
            if group is not None and not 1 < group < 10:
                return None
            group = (group or 1) * value if below is None or group is not None else value
            space = _HUNDRED
        else:
            total = (group or Decimal(1)) * value
            group, space = None, value
    return total + (group or _ZERO)


def ambiguity_allows(rule: Ambiguity, tokens: Tokens, start: int, end: int) -> bool:
    """Whether an ambiguous word at tokens `start` to `end` is the numeral."""
    form = tokens.forms[end]
    if rule.not_before.at(tokens, end) or rule.not_after.before(tokens, start):
        return False
    if rule.not_after_suffix and tokens.forms[start - 1].endswith(rule.not_after_suffix):
        return False
    before, after = rule.before.words(), rule.after.words()
    if not (rule.before_suffix or before or after or rule.after.heads):
        return True
    if rule.before.at(tokens, end) or rule.after.before(tokens, start):
        return True
    return bool(rule.before_suffix) and len(form) > 2 and form.endswith(rule.before_suffix)
