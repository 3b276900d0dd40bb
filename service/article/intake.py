"""The way in: bytes to text, text or HTML to an Article, cleaned, in blocks, in a language that is served."""

from __future__ import annotations

import codecs
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from service.article.foreign import mark_foreign
from service.article.language import detect
from service.article.lines import Line, Reading
from service.article.mapped import Mapped, joined
from service.article.markup import read_html
from service.article.normalize import check_text, normalize, spell
from service.article.plain import read_text
from service.article.quotes import closed_up
from service.article.repair import join_broken
from service.article.sweep import Sweep, as_title, without_duplicates
from service.errors import EmptyText, InvalidInput, NotText, UnsupportedMediaType
from service.languages import registry, require_served
from service.remembering import remembered
from service.types import Article, Block, BlockKind, Language

if TYPE_CHECKING:
    from collections.abc import Sequence

AUTO: Final = "auto"
BLOCK_JOINT: Final = "\n\n"
_SAMPLE_CHARS: Final = 500
_TITLE_CHARS: Final = 200
_HEADING_CHARS: Final = 120
_HEADING_WORDS: Final = 20
_SENTENCE_ENDS: Final = ".!?…:;,"
_HEADING_MUST_NOT_END: Final = ".:;,…"


@remembered(32, longest=20_000)
def read(
    *,
    text: str | None = None,
    html: str | None = None,
    title: str | None = None,
    source: str = AUTO,
    keep_all: bool = False,
    field: str = "source",
) -> Article:
    """The article in `text` or `html`; exactly one of them is given.

    `source` is the ISO 639-1 code of its language, or `auto`. `keep_all` keeps what would be set aside as not the
    article, except the parts of a page that its markup hides or keeps apart. `field` is what the caller calls `source`.

    Raises EmptyText, NotText for binary junk, UnsupportedLanguage naming what was detected, UndetectedLanguage where
    the text is too short or unsure, TooLarge for too many lines or tags, and InvalidInput where both or neither of
    text and html are given.
    """
    reading, name = _reading(text, html, title, keep_all=keep_all)
    sweep = Sweep(reading.received)
    given = _given_title(title)
    lines = reading.lines
    if not keep_all:
        kept = sweep.lines(lines)
        lines = kept if kept else lines  # a text of nothing but markers is itself the text
        sweep.gone = sweep.gone if kept else []
    if not lines:
        raise EmptyText(f"{name} has nothing to read: it is empty or all of it is hidden", field=name)
    language = _language(_sample(given, lines), source, field=field)
    if not keep_all:
        lines = sweep.headline(lines, language.code)
    lines = [replace(line, piece=closed_up(line.piece)) for line in join_broken(lines)]
    lines = _titled(lines, given)
    if not keep_all:
        body = without_duplicates(lines[1:], lines[0].text if lines[0].kind is BlockKind.TITLE else "", sweep)
        lines = [lines[0], *body]
    article = _assembled(_headings(lines), language)
    gone = sorted([*reading.dropped, *sweep.gone], key=lambda piece: (piece.start, piece.end))
    return Article(
        text=article.text,
        blocks=mark_foreign(article.blocks, language),
        language=language,
        dropped=tuple(gone),
        origin=article.origin,
    )


def language_of(text: str, source: str = AUTO, *, field: str = "source") -> str:
    """The code of the language of a bare text: `source` itself, checked, or what is detected. Raises as `read` does.

    `field` is what the caller calls `source`.
    """
    check_text(text, "text")
    return _language(normalize(Mapped.received(text[: 4 * _SAMPLE_CHARS])).text, source, field=field).code


def decode(body: bytes, charset: str | None = None) -> str:
    """The text of a body: UTF-8, or UTF-16 with a byte order mark, or the declared charset.

    Raises NotText naming the byte offset of the first wrong byte, UnsupportedMediaType for a charset that nobody knows.
    """
    name = _codec(body, charset)
    try:
        return body.decode(name)
    except UnicodeDecodeError as error:
        wrong = f"wrong byte 0x{body[error.start]:02x} at offset {error.start}"
    raise NotText(f"the body is not {charset or 'UTF-8'} text: {wrong}", field="body")


# Python decodes to text with these as well, but nobody writes text in them, and the first two take quadratic time.
_NO_CHARSETS = frozenset({"punycode", "idna", "undefined", "unicode-escape", "raw-unicode-escape"})


def _codec(body: bytes, charset: str | None) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not charset:
        return "utf-16"
    try:
        info = codecs.lookup((charset or "utf-8").strip().strip("\"'"))
    except (LookupError, ValueError):
        raise UnsupportedMediaType(f"charset {charset!r} is not known; send UTF-8", field="body") from None
    if not info._is_text_encoding or info.name in _NO_CHARSETS:
        raise UnsupportedMediaType(f"charset {charset!r} is not known; send UTF-8", field="body")
    return "utf-8-sig" if info.name == "utf-8" else info.name


def _reading(text: str | None, html: str | None, title: str | None, *, keep_all: bool) -> tuple[Reading, str]:
    if title is not None:
        check_text(title, "title")
    if text is not None and html is None:
        check_text(text, "text")
        return read_text(text, keep_markers=keep_all), "text"
    if html is not None and text is None:
        check_text(html, "html")
        return read_html(html), "html"
    raise InvalidInput("give either text or html, not both" if text is not None else "give text or html", field="text")


def _given_title(title: str | None) -> Mapped | None:
    if title is None:
        return None
    clean = normalize(Mapped.placed(title)).text
    return Mapped.placed(" ".join(clean.split())) or None


def _sample(title: Mapped | None, lines: Sequence[Line]) -> str:
    sample = [title.text] if title else []
    size = 0
    for line in lines:
        sample.append(line.text[:_SAMPLE_CHARS])
        size += len(line.text)
        if size >= _SAMPLE_CHARS:
            break
    return " ".join(sample)


def _language(sample: str, source: str, *, field: str = "source") -> Language:
    if source != AUTO:
        require_served(source, field=field)
        return Language(code=source, confidence=1.0, detected=False)
    found = detect(sample, field=field)
    require_served(found.code, confidence=found.confidence, field=field)
    return found


def _titled(lines: list[Line], given: Mapped | None) -> list[Line]:
    """The lines with the title first, where one is given, marked up, or looks like one."""
    if given:
        demoted = [
            Line(line.piece, BlockKind.HEADING, line.gap) if line.kind is BlockKind.TITLE else line for line in lines
        ]
        return [as_title(Line(given)), *demoted]
    if (
        len(lines) > 1
        and lines[0].kind in {BlockKind.PARAGRAPH, BlockKind.HEADING}
        and _looks_like_title(lines[0], lines[1:6])
    ):
        return [as_title(lines[0]), *lines[1:]]
    return lines


def _looks_like_title(line: Line, after: Sequence[Line]) -> bool:
    if len(line.text) > _TITLE_CHARS or line.text[-1] in _HEADING_MUST_NOT_END or ". " in line.text:
        return False
    return any(len(each.text) > len(line.text) or each.text[-1] in _SENTENCE_ENDS for each in after)


def _headings(lines: list[Line]) -> list[Line]:
    """Short lines without a stop that stand before a paragraph are headings."""
    result = list(lines)
    for number, (line, after) in enumerate(pairwise(lines)):
        short = len(line.text) <= _HEADING_CHARS and len(line.text.split()) <= _HEADING_WORDS
        plain = line.kind is BlockKind.PARAGRAPH and after.kind is BlockKind.PARAGRAPH
        begins = line.text[0].isupper() or line.text[0].isdigit()
        if plain and short and begins and line.text[-1].isalnum() and len(after.text) > len(line.text) and number:
            result[number] = Line(line.piece, BlockKind.HEADING, line.gap, whole=True)
    return result


def _assembled(lines: Sequence[Line], language: Language) -> Article:
    info = registry()[language.code]
    pieces = [spell(line.piece, info) for line in lines]
    whole = joined(pieces, BLOCK_JOINT)
    blocks: list[Block] = []
    start = 0
    for index, (line, piece) in enumerate(zip(lines, pieces, strict=True)):
        blocks.append(Block(index, line.kind, piece.text, start, start + len(piece)))
        start += len(piece) + len(BLOCK_JOINT)
    return Article(text=whole.text, blocks=tuple(blocks), language=language, origin=tuple(whole.origin))
