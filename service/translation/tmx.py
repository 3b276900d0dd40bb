"""TMX 1.4b, the exchange format of translation memories: written and read as a stream, and read without trust.

Source: https://www.gala-global.org/tmx-14b. Entity declarations are refused, so that nothing expands; a DTD that a file
names is never fetched. Native code inside a segment (`bpt`, `ept`, `it`, `ph`, `ut`) is no text and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from service import __version__
from service.errors import InvalidInput

ENGLISH = "en"

_CHUNK = 65_536
_PAGE = 500
_DEEPEST = 100
_LONGEST = 100_000  # characters of a segment; more are not kept, so that the segment is too long for whoever takes it
_DATE = "%Y%m%dT%H%M%SZ"
_MARKUP_OF_TEXT = frozenset({"hi"})
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
<header creationtool="tolmach" creationtoolversion="{__version__}" segtype="sentence" o-tmf="tolmach" \
adminlang="en" srclang="*all*" datatype="plaintext"/>
<body>
"""
_FOOT = "</body>\n</tmx>\n"


@dataclass(frozen=True, slots=True)
class Unit:
    """A segment and its English. `language` is ISO 639-1, without a country; `changed` is in UTC, to the second."""

    language: str
    source: str
    english: str
    author: str | None = None
    changed: datetime | None = None


def writable(text: str) -> bool:
    """Whether XML has all characters of the text."""
    return not _NOT_XML.search(text)


def parts(units: Iterable[Unit]) -> Iterator[bytes]:
    """A whole file in UTF-8, some hundred units at a time. Their texts must be `writable`."""
    rest, start = iter(units), _HEAD
    while page := list(islice(rest, _PAGE)):
        yield (start + "".join(map(_element, page))).encode()
        start = ""
    yield (start + _FOOT).encode()


def read(stream: BinaryIO) -> Iterator[Unit]:
    """Every pair of a segment in another language and its English. Raises InvalidInput at the first bad place."""
    reader = _Reader()
    while chunk := stream.read(_CHUNK):
        yield from reader.feed(chunk, last=False)
    yield from reader.feed(b"", last=True)


def _element(unit: Unit) -> str:
    changed = "" if unit.changed is None else f' changedate="{unit.changed.astimezone(UTC).strftime(_DATE)}"'
    author = "" if unit.author is None else f" changeid={quoteattr(unit.author)}"
    # A carriage return written as it is would be read as a line feed.
    source, english = (escape(text, {"\r": "&#13;"}) for text in (unit.source, unit.english))
    return (
        f"<tu srclang={quoteattr(unit.language)}{changed}{author}>"
        f"<tuv xml:lang={quoteattr(unit.language)}><seg>{source}</seg></tuv>"
        f'<tuv xml:lang="{ENGLISH}"><seg>{english}</seg></tuv></tu>\n'
    )


@dataclass(slots=True)
class _Variant:
    """One `tuv`: a language and its segment."""

    language: str
    author: str | None
    changed: datetime | None
    text: str | None = None


@dataclass(slots=True)
class _Open:
    """What of the current `tu` is known."""

    author: str | None = None
    changed: datetime | None = None
    variants: list[_Variant] = field(default_factory=list)
    parts: list[str] | None = None
    length: int = 0


class _Reader:
    """Hears what the parser finds and collects the units."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._unit = _Open()
        self._code = 0  # how many open elements are native code or inside of it
        self._found: list[Unit] = []
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._refuse
        parser.SkippedEntityHandler = self._refuse
        self._parser = parser

    def feed(self, chunk: bytes, *, last: bool) -> list[Unit]:
        """The units that are complete now."""
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "not well-formed")
            raise InvalidInput(f"The file is no TMX: line {error.lineno}: {reason}.", field="body") from None
        found, self._found = self._found, []
        return found

    def _refuse(self, *_: object) -> None:
        raise InvalidInput("The file declares or names entities, which are not read.", field="body")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path and name != "tmx":
            raise InvalidInput(f"The file is no TMX: its outermost element is {name[:40]!r}.", field="body")
        if len(self._path) >= _DEEPEST:
            raise InvalidInput(f"The file is no TMX: elements lie {_DEEPEST} deep.", field="body")
        self._path.append(name)
        unit = self._unit
        if unit.parts is not None:
            self._code += bool(self._code) or name not in _MARKUP_OF_TEXT
        elif name == "tu":
            self._unit = _Open(_author(attributes), _changed(attributes))
        elif name == "tuv":
            language = attributes.get("xml:lang") or attributes.get("lang") or ""
            base = re.split("[-_]", language, maxsplit=1)[0].lower()
            unit.variants.append(_Variant(base, _author(attributes), _changed(attributes)))
        elif name == "seg" and unit.variants:
            unit.parts, unit.length = [], 0

    def _text(self, data: str) -> None:
        unit = self._unit
        if unit.parts is not None and not self._code and unit.length <= _LONGEST:
            unit.parts.append(data)
            unit.length += len(data)

    def _end(self, name: str) -> None:
        self._path.pop()
        unit = self._unit
        if self._code:
            self._code -= 1
        elif name == "seg" and unit.parts is not None:
            unit.variants[-1].text = "".join(unit.parts)
            unit.parts = None
        elif name == "tu":
            self._found += _units(unit)
            self._unit = _Open()


def _units(unit: _Open) -> Iterator[Unit]:
    english = next((each for each in unit.variants if each.language == ENGLISH and each.text), None)
    if english is None or english.text is None:
        return
    for each in unit.variants:
        if each.language != ENGLISH and each.text:
            author = english.author or unit.author
            yield Unit(each.language, each.text, english.text, author, english.changed or unit.changed)


def _author(attributes: dict[str, str]) -> str | None:
    return attributes.get("changeid") or attributes.get("creationid") or None


def _changed(attributes: dict[str, str]) -> datetime | None:
    """The time of the last change; None where there is none or it is not written as TMX asks."""
    try:
        given = attributes.get("changedate") or attributes.get("creationdate") or ""
        return datetime.strptime(given, _DATE).replace(tzinfo=UTC)
    except ValueError:
        return None
