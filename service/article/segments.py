"""Blocks to sentences: where a full stop ends one, and where it only shortens a word.

A cut inside `100 тис. грн` or `art. 5` breaks a figure, and a missing one between two sentences lets a model drop the
second, so both mistakes are weighed: units behind figures end a sentence only before a capital, titles never.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from service.article.clauses import clauses
from service.article.splitting import Abbreviations, abbreviations
from service.types import Segment

if TYPE_CHECKING:
    from service.types import Article

__all__ = ["clauses", "segment", "split"]

# Possessive throughout: a megabyte of full stops is read once.
_CANDIDATE: Final = re.compile(r"(?<![.!?…])(?P<stop>[.!?…]++)(?P<closers>[»”’\"')\]]*+)(?P<space>\s++)")
_SPACES: Final = re.compile(r"\s*")
_OPENERS: Final = "«“„‘\"'(["
_QUOTES: Final = frozenset("«“„")
_INITIAL: Final = re.compile(r"(?<!\w)[^\W\d_]\Z")
_DASHES: Final = "-–—"
_NEXT_WORD: Final = re.compile(r"[\w'’-]+|\S")
_DOTTED: Final = re.compile(r"(?:[^\W\d_]{1,4}\.)+[^\W\d_]{1,4}")
_NUMBERED: Final = re.compile(r"(?:\d{1,3}|[IVXLC]+|[^\W\d_])(?:\.\d{1,3})*")
_YEAR: Final = re.compile(r"(?:1\d|20)\d\d(?:[-–—/]\d{2,4})?|[IVXLCІХ]+")
_ROMAN: Final = re.compile(r"[IVXLCІХ]+")
_LAST_WORD_CHARS: Final = 40
_HEAD_CHARS: Final = 120
_ARTICLE_CHARS: Final = 5
_BARE_FIGURE: Final = 2
_SHORT_START: Final = 4
"""`У 2014 р. Росія…`: so few words before an abbreviated year are not yet a sentence."""
_TIME_PHRASE: Final = 7
"""`Станом на 1 січня 2024 р. Україна…`: nor are so many where they begin like a time phrase."""


def split(text: str, language: str) -> list[str]:
    """The sentences of `text` with the white space that follows each; together they are the text exactly."""
    tables = abbreviations(language)
    slices: list[str] = []
    start = counted = quotes = 0
    for match in _CANDIDATE.finditer(text):
        end = match.end()
        if end == len(text):
            break
        quotes += text.count('"', counted, end)
        counted = end
        if text[end] == '"' and quotes % 2 and text[end + 1 : end + 2].isspace():
            # A straight quotation mark that is still open closes here, in spite of the space before it.
            closing = _SPACES.match(text, end + 1)
            end = closing.end() if closing else end + 1
        if end < len(text) and _is_boundary(text, start, match, end, tables):
            slices.append(text[start:end])
            start = end
    if start < len(text):
        slices.append(text[start:])
    return slices


def segment(article: Article) -> tuple[Segment, ...]:
    """The sentences of an article in order, without the white space around them; offsets are into `article.text`."""
    segments: list[Segment] = []
    for block in article.blocks:
        start = block.start
        for piece in split(block.text, block.foreign or article.language.code):
            text = piece.strip()
            if text:
                begin = start + len(piece) - len(piece.lstrip())
                segments.append(Segment(len(segments), block.index, text, begin, begin + len(text)))
            start += len(piece)
    return tuple(segments)


def _is_boundary(text: str, start: int, match: re.Match[str], end: int, tables: Abbreviations) -> bool:
    """Whether the sentence that began at `start` ends at `end`, behind the stop of `match`."""
    stop, closers = match["stop"], match["closers"]
    following = text[end : end + 2 * _LAST_WORD_CHARS].lstrip(_OPENERS + _DASHES + " ")
    opening = text[end : end + 1]
    if text.startswith(",,", end):  # typed for „
        opening, following = "„", text[end + 2 : end + 2 * _LAST_WORD_CHARS]
    dashed = opening in _DASHES
    if dashed and any(closer in '»”"’' for closer in closers):
        return False  # «…!» — said so-and-so
    if text[match.start() - 1 : match.start()] in "([" and closers[:1] in {")", "]"}:
        return False  # (!), […]
    if not _begins_sentence(following, opening):
        return False
    if stop != "." or closers:
        return True
    if opening in _QUOTES and _INITIAL.search(text, max(start, match.start() - 2), match.start()):
        return True  # initials stand before names, not before quotations
    return _stop_ends(text, start, match.start(), following, tables)


def _begins_sentence(following: str, opening: str) -> bool:
    first = following[:1]
    if not first or first in ".!?…,;:%)":
        return False
    if first.islower():
        camel = any(letter.isupper() for letter in following[1:3])  # eMAG, iPhone
        return camel or opening in _QUOTES
    return True


def _stop_ends(text: str, start: int, stop: int, following: str, tables: Abbreviations) -> bool:
    """Whether the single full stop at `stop` ends the sentence, by the words before it and what follows."""
    tail = text[max(start, stop - _LAST_WORD_CHARS) : stop].rsplit(maxsplit=2)
    if not tail:
        return False
    written = tail[-1].lstrip("([«“„‘\"'–—-")
    before = tail[-2] if len(tail) > 1 else ""
    head = text[start : min(stop, start + _HEAD_CHARS)].split(maxsplit=_TIME_PHRASE)
    match = _NEXT_WORD.match(following)
    nxt = match.group() if match else ""
    if head == [written] and _NUMBERED.fullmatch(written):
        return False  # the number of a list item
    if written.isdigit():
        return not (nxt[:1].isdigit() and len(written) <= 3)
    word = _without_article(written.lstrip("0123456789.,").casefold())
    starts = nxt[:1].isupper() and nxt.casefold() in tables.starters and following[len(nxt) : len(nxt) + 1] != "."
    capital = nxt[:1].isalpha() and nxt.casefold() not in tables.currencies
    initial = len(written) == 1 and written.isupper()  # `В. В. Путін` names no centuries
    if word in tables.after_number and not initial:
        dated = _YEAR.fullmatch(before) is not None
        counted = (
            dated or any(map(str.isdigit, written + before)) or before.rstrip(".").casefold() in tables.after_number
        )
        if counted:
            return capital and (starts or len(head) > (_time_phrase(head, tables) if dated else _BARE_FIGURE))
    pair = f"{before[:-1].casefold()}.{word}" if before.endswith(".") else ""
    if word in tables.final or pair in tables.final:
        return nxt[:1].isalpha()
    return _word_ends(word, written, nxt, tables, starts=starts, capital=capital)


def _word_ends(word: str, written: str, nxt: str, tables: Abbreviations, *, starts: bool, capital: bool) -> bool:
    """Whether a stop behind `word` ends the sentence, where no figure before it says more."""
    if (len(written) == 1 and written.isupper()) or word in tables.unsure or _DOTTED.fullmatch(written):
        return starts
    if word in tables.before_number and (nxt[:1].isdigit() or _ROMAN.fullmatch(nxt) or nxt == "№"):
        return False
    if word in tables.before:
        return False
    if word in tables.after_number:
        return capital and len(word) > 2
    return True


def _without_article(word: str) -> str:
    """`dell'art` is `art` with its article."""
    article, apostrophe, noun = word.replace("’", "'").rpartition("'")
    return noun if apostrophe and noun and len(article) <= _ARTICLE_CHARS else word


def _time_phrase(head: list[str], tables: Abbreviations) -> int:
    """How many words before `2014 р.` may still be only the time at which the sentence goes on to say what happened."""
    return _TIME_PHRASE if head and head[0].casefold() in tables.time_openers else _SHORT_START
