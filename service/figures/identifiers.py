"""Numbers that are names: `BTR-80`, `A320`, phone numbers, `articolul 5`, addresses on the web. Their characters
count, not a value.
"""

from __future__ import annotations

from decimal import Decimal

from service.figures.dates import is_season
from service.figures.digits import MAX_DIGITS, read
from service.figures.hits import Hit
from service.figures.lexicon import Lexicon
from service.figures.tokens import LINK, NUMBER, WORD, Tokens
from service.types import FigureKind

_LONGEST_CHUNK = 24  # tokens
_LEAST_PHONE_DIGITS = 7
_SINGLE_LETTERS = 3
_SHORT_CODE = 3  # digits: `COP29` is no sum of money


def _hit(tokens: Tokens, start: int, end: int) -> Hit:
    return Hit(start, end, FigureKind.IDENTIFIER, tokens.text[tokens.starts[start] : tokens.ends[end - 1]])


def chunk_end(tokens: Tokens, index: int) -> int:
    """Behind the letters, digits and inner hyphens that touch each other from token `index` on."""
    end = index + 1
    while end - index < _LONGEST_CHUNK and tokens.glued[end]:
        if tokens.kinds[end] in (NUMBER, WORD):
            end += 1
        elif tokens.forms[end] in ("-", "–", "/") and tokens.glued[end + 1] and tokens.kinds[end + 1] in (NUMBER, WORD):
            end += 2
        else:
            break
    return end


def read_link(tokens: Tokens, index: int) -> Hit | None:
    """An address on the web or of a mailbox that holds a digit."""
    if tokens.kinds[index] != LINK or not any(char.isdigit() for char in tokens.forms[index]):
        return None
    return _hit(tokens, index, index + 1)


def read_name(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """Letters with digits that touch them (`A320`, `BTR-80`), and known names before a bare number (`Boeing 737`)."""
    elided = tokens.forms[index - 1].endswith("'")  # `dell'A14`
    if tokens.glued[index] and tokens.kinds[index - 1] in (NUMBER, WORD) and not elided:
        return None
    form = tokens.forms[index]
    following = index + 1
    if tokens.glued[following]:
        hyphen = tokens.forms[following] in ("-", "–") and tokens.glued[following + 1]
        place = following + 1 if hyphen else following
        if tokens.kinds[place] == NUMBER and not form.endswith("'") and _is_code(tokens, lexicon, index, hyphen):
            hit = _hit(tokens, index, _with_groups(tokens, chunk_end(tokens, index)))
            return _round_the_clock(tokens, lexicon, hit)
    return _named(tokens, lexicon, index)


def _is_code(tokens: Tokens, lexicon: Lexicon, index: int, hyphen: bool) -> bool:
    surface, form = tokens.surface(index), tokens.forms[index]
    if _is_currency(tokens, lexicon, index, index + 1 + hyphen):
        return False
    if hyphen:
        return surface[0].isupper() or form in lexicon.quantities.names.words()
    return any(char.isupper() for char in surface) or len(form) <= _SINGLE_LETTERS


def _is_currency(tokens: Tokens, lexicon: Lexicon, index: int, number: int) -> bool:
    """Whether a code or a sign of a currency stands before the number; `COP29` is a conference."""
    quantities, surface, form = lexicon.quantities, tokens.surface(index), tokens.forms[number]
    if surface in quantities.codes_as_names and form.isdecimal() and len(form) <= _SHORT_CODE:
        return lexicon.numerals.scales.at(tokens, number + 1) is not None
    return surface in quantities.currency_codes or quantities.currency_signs.at(tokens, index) is not None


def _round_the_clock(tokens: Tokens, lexicon: Lexicon, hit: Hit) -> Hit:
    """The hit, with the hours of a day as its reading where it says all of them: `24/7`, `h24`."""
    if tokens.folded[tokens.starts[hit.start] : tokens.ends[hit.end - 1]] in lexicon.quantities.round_the_clock_names:
        hours = next(form for form in tokens.forms[hit.start : hit.end] if form.isdecimal())
        hit.readings = (Decimal(hours),)
    return hit


def _with_groups(tokens: Tokens, end: int) -> int:
    """An account number goes on in groups of four digits."""
    start = end
    while tokens.kinds[end] == NUMBER and tokens.spaced(end) and len(tokens.forms[end]) == 4 and end - start < 8:
        end += 1
    if end - start >= 2:
        if tokens.kinds[end] == NUMBER and tokens.spaced(end) and tokens.forms[end].isdecimal():
            end += 1
        return end
    return start


def _named(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    name = lexicon.quantities.names.at(tokens, index)
    if name is None or not tokens.surface(index)[0].isupper():
        return None
    place = name[1]
    form = tokens.forms[place]
    if tokens.kinds[place] != NUMBER or not form.isdecimal() or len(form) > 4 or not tokens.spaced(place):
        return None
    if tokens.surface(index) in lexicon.quantities.codes_as_names and len(form) > _SHORT_CODE:
        return None
    if _counts(tokens, lexicon, place + 1):
        return None
    return _hit(tokens, index, chunk_end(tokens, place))


def _counts(tokens: Tokens, lexicon: Lexicon, index: int) -> bool:
    """Whether what follows a number makes it a quantity."""
    quantities = lexicon.quantities
    if tokens.forms[index] in quantities.connectors or lexicon.numerals.scales.at(tokens, index):
        return True
    if tokens.kinds[index] == NUMBER and tokens.spaced(index) and len(tokens.forms[index]) == 3:
        return True
    tables = (quantities.percent, quantities.currencies, quantities.currency_signs, quantities.units)
    return any(table.at(tokens, index) for table in tables)


def read_label(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """The number behind a label: `article 5`, `art. 12`, `№ 7`. The figure is the number alone: labels are
    translated.
    """
    label = lexicon.quantities.labels.at(tokens, index)
    if label is None or (tokens.kinds[index - 1] == NUMBER and lexicon.quantities.units.at(tokens, index)):
        return None
    place = label[1]
    form = tokens.forms[place]
    if tokens.kinds[place] != NUMBER or len(form) > MAX_DIGITS or form.count(".") + form.count(",") > 3 or "," in form:
        return None
    if lexicon.calendar.months.at(tokens, place + 1):
        return None  # `legge 5 febbraio 1992`: its date
    if is_season(tokens, place):
        return None  # `season 2023/24`: years
    end = chunk_end(tokens, place)
    if tokens.forms[end] == "+" and tokens.glued[end] and tokens.glued[end + 1] and tokens.kinds[end + 1] == NUMBER:
        end += 2  # added time: the 90+4th minute
    if tokens.glued[end] and tokens.forms[end] in ("%", "°"):
        return None
    suffix = lexicon.numerals.ordinal_suffixes.at(tokens, place + 1)
    if (suffix and tokens.glued[place + 1]) or _counts(tokens, lexicon, end) or tokens.forms[end] == ":":
        return None
    if "." in form and form.replace(".", "").isdecimal() and len(form.rpartition(".")[2]) == 3 and form.count(".") == 1:
        return None
    return _hit(tokens, place, end)


def read_digits(tokens: Tokens, index: int) -> Hit | None:
    """Phone numbers, versions, long strings of digits."""
    return _phone(tokens, index) or _version(tokens, index)


def _phone(tokens: Tokens, index: int) -> Hit | None:
    plus = tokens.forms[index] == "+" and tokens.glued[index + 1]
    place = index + 1 if plus else index
    form = tokens.forms[place]
    if tokens.kinds[place] != NUMBER or not form.isdecimal() or not (plus or form[0] == "0" or form in ("8", "1")):
        return None
    end, count = place + 1, len(form)
    while end - index < _LONGEST_CHUNK:
        step = end
        if tokens.forms[step] in ("(", ")", "-", "–", "/"):
            step += 1
            if tokens.forms[step] in ("(", ")", "-"):
                step += 1
        if (
            tokens.kinds[step] != NUMBER
            or not tokens.forms[step].isdecimal()
            or tokens.starts[step] - tokens.ends[end - 1] > 3
        ):
            break
        if not (2 <= len(tokens.forms[step]) <= 7):
            break
        end, count = step + 1, count + len(tokens.forms[step])
    if count < _LEAST_PHONE_DIGITS or count > 15 or (end == place + 1 and not plus and form[0] != "0"):
        return None
    if not plus and form[0] != "0" and (count < 11 or all(len(tokens.forms[at]) == 3 for at in range(place + 1, end))):
        return None
    return _hit(tokens, index, end)


def _version(tokens: Tokens, index: int) -> Hit | None:
    form = tokens.forms[index]
    if tokens.kinds[index] != NUMBER:
        return None
    points, commas = form.count("."), form.count(",")
    pieces = form.split(".")
    version = points >= 2 and not commas and not all(len(piece) == 3 for piece in pieces[1:])
    malformed = (points or commas) and read(form, ".") is None
    if not version and not malformed and len(form) <= MAX_DIGITS:
        return None
    return _hit(tokens, index, chunk_end(tokens, index))


def read_chunk(tokens: Tokens, lexicon: Lexicon, index: int) -> Hit | None:
    """Digits that letters touch and no reader could explain: `5G`, `39C`, `4x4`; and ratios that are names: `24/7`."""
    if tokens.kinds[index] != NUMBER:
        return None
    end = index + 1
    if tokens.forms[end] == "/" and tokens.glued[end] and tokens.kinds[end + 1] == NUMBER and tokens.glued[end + 1]:
        text = tokens.folded[tokens.starts[index] : tokens.ends[end + 1]]
        if text in lexicon.quantities.slashes or tokens.forms[end + 2] == "/":
            return _round_the_clock(tokens, lexicon, _hit(tokens, index, chunk_end(tokens, index)))
    if tokens.glued[end] and tokens.kinds[end] == WORD:
        return _hit(tokens, index, chunk_end(tokens, index))
    return None
