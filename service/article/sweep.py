"""Sets aside what is clearly not the article: advertising, credits, signatures, markers, joke biographies.

Line by line and by the rules of `rubbish/*.toml`; where a rule could also fit a sentence of the article, it stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from service.article.lines import Line, dropped
from service.article.rules import Rules, key, rules
from service.types import BlockKind, Dropped, DropReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.article.mapped import Mapped

_HEAD: Final = 4
"""Datelines and bylines without a label are looked for in so many lines from the top."""
_RELATED_CHARS: Final = 150
_SMALL: Final = "".join(filter(str.islower, map(chr, range(0x61, 0x530))))  # Latin, Greek and Cyrillic
_INNER_STOP: Final = re.compile(rf"[.!?…][»”\"]?\s+[^\W\d_{_SMALL}]")
_FINAL: Final = '.!?…;:»”"'
_DATE: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_DATE_SEPARATORS: Final = re.compile(r"[\s,.:/|()•·–—-]+|(?<=\d)(?=[^\W\d])")
_NAME: Final = re.compile(r"[^\W\d_][\w'’.-]*")
_BRACKETED_END: Final = re.compile(r"(?<=[.!?»”\"])\s*[(\[]([^()\[\]]{2,60})[)\]]\.?\Z")
_QUOTES: Final = {"“": "”", "„": "”", "«": "»", '"': '"', "'": "'", "‘": "’"}
_FRAGMENTS: Final = (3, 10)
_FRAGMENT_WORDS: Final = 6


@dataclass(slots=True)
class Sweep:
    """One pass over the lines of a text as received; `gone` fills as it goes."""

    received: str
    gone: list[Dropped] = field(default_factory=list)
    rules: Rules = field(default_factory=rules)

    def drop(self, piece: Mapped, reason: DropReason) -> None:
        """Record a piece as set aside."""
        self.gone += dropped(piece, reason, self.received)

    def lines(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that are the article; whatever their language."""
        kept: list[Line] = []
        after_related = False
        for line in lines:
            if line.kind in {BlockKind.CELL, BlockKind.TITLE}:
                kept.append(line)
                after_related = False
                continue
            related = self._is_related(line.text)
            reason = self._reason(line.text, place=len(kept))
            if reason is None and (related or (after_related and self._looks_like_link(line))):
                reason = DropReason.ADVERTISEMENT
            # "Read also:" alone on a line introduces one headline, or a list of them.
            after_related = (related and key(line.text[-1]) == "" and self._is_label(line.text)) or (
                after_related and reason is not None and line.kind is BlockKind.LIST_ITEM
            )
            if reason is not None:
                self.drop(line.piece, reason)
            else:
                kept.append(self._without_suffix(line))
        return self._without_biography([line for line in kept if line.piece])

    def headline(self, lines: Sequence[Line], language: str) -> list[Line]:
        """The first lines without what is glued to them."""
        result = list(lines)
        if result and result[0].kind is not BlockKind.CELL:
            result[0] = self._clean_headline(result[0], language)
        for number, line in enumerate(result[:2]):
            digit = re.match(r"\d(?=[^\W\d_]{3})", line.text)
            if digit and line.text[1].isupper() and line.text[2:4].islower():
                self.drop(line.piece.cut(0, 1), DropReason.STRAY)
                result[number] = line.keep(1)
        return [line for line in result if line.piece]

    def _clean_headline(self, line: Line, language: str) -> Line:
        dated = self.rules.dated.match(line.text)
        if dated and line.text[dated.end()].isupper():
            self.drop(line.piece.cut(0, dated.end()), DropReason.DATELINE)
            line = line.keep(dated.end())
        if _INNER_STOP.search(line.text) or len(line.text) > 200:
            return line  # a paragraph, not a headline
        for pattern in (self.rules.glued[name] for name in ("all", language) if name in self.rules.glued):
            marker = pattern.match(line.text)
            while marker and line.text[marker.end() : marker.end() + 1].isupper():
                self.drop(line.piece.cut(0, marker.end()), DropReason.MARKER)
                line = line.keep(marker.end())
                marker = pattern.match(line.text)
        trailing = self.rules.trailing.search(line.text)
        if trailing and trailing.start():
            self.drop(line.piece.cut(trailing.start()), DropReason.MARKER)
            line = line.keep(0, trailing.start())
        return line

    def _reason(self, text: str, place: int) -> DropReason | None:
        whole = self.rules.lines.get(key(text))
        if whole is not None and len(text) <= 60:
            return whole
        if self._is_signature(text, place):
            return DropReason.SIGNATURE
        if self._is_dateline(text, place):
            return DropReason.DATELINE
        for reason, pattern in self.rules.openings.items():
            opening = pattern.match(text) if len(text) <= self.rules.longest[reason] else None
            if (
                opening
                and not _INNER_STOP.search(text, opening.end())
                and (reason is not DropReason.CREDIT or _names(text, opening))
            ):
                return reason
        if len(text) <= self.rules.longest[DropReason.CREDIT] and self.rules.closings.search(text):
            return DropReason.CREDIT
        return None

    def _is_signature(self, text: str, place: int) -> bool:
        if len(text) > self.rules.longest[DropReason.SIGNATURE]:
            return False
        names = [key(name) for name in self.rules.agency_joints.split(text)]
        if any(names) and all(name in self.rules.agencies for name in names if name):
            return True
        label = self.rules.byline_labels.match(text)
        before = self.rules.byline_before.match(text) if 1 <= place < _HEAD else None
        opening = label or before
        if not opening or any(map(str.isdigit, text)):
            return False
        words = text[opening.end() :].replace(",", " ").split()
        return 1 + (label is None) <= len(words) <= 6 and all(
            _NAME.fullmatch(word) and (word[0].isupper() or len(word) <= 2) for word in words
        )

    def _is_dateline(self, text: str, place: int) -> bool:
        if len(text) > self.rules.longest[DropReason.DATELINE] or not any(map(str.isdigit, text)):
            return False
        label = self.rules.date_labels.match(text)
        rest = text[label.end() :] if label else text
        tokens = [token for token in _DATE_SEPARATORS.split(rest.casefold()) if token]
        words = [token for token in tokens if not token.isdigit()]
        if not all(word in self.rules.date_words for word in words):
            return False
        return bool(label) or (
            place < _HEAD and (_DATE.search(rest) is not None or any(len(word) > 2 for word in words))
        )

    def _is_related(self, text: str) -> bool:
        opening = self.rules.related.match(text)
        if not opening or len(text) > self.rules.longest[DropReason.ADVERTISEMENT]:
            return False
        rest = text[opening.end() :].lstrip()
        return not rest or rest[0] in ":|–—-»→" or text[-1] not in _FINAL

    def _is_label(self, text: str) -> bool:
        opening = self.rules.related.match(text)
        return opening is not None and not key(text[opening.end() :])

    @staticmethod
    def _looks_like_link(line: Line) -> bool:
        return len(line.text) <= _RELATED_CHARS and line.text[-1] not in ".;:" and not _INNER_STOP.search(line.text)

    def _without_suffix(self, line: Line) -> Line:
        """A caption or paragraph without the photo credit or the agency at its end."""
        if line.text[-1] in ")]." or "©" in line.text or "/" in line.text or "|" in line.text or ":" in line.text[-70:]:
            agency = _BRACKETED_END.search(line.text)
            if agency and all(key(name) in self.rules.agencies for name in self.rules.agency_joints.split(agency[1])):
                self.drop(line.piece.cut(agency.start()), DropReason.SIGNATURE)
                return line.keep(0, agency.start())
            tail = max(0, len(line.text) - 80)
            credit = self.rules.credit_suffix.search(line.text, tail)
            if credit and not _INNER_STOP.search(line.text, credit.start() + 2):
                self.drop(line.piece.cut(credit.start()), DropReason.CREDIT)
                return line.keep(0, credit.start())
        return line

    def _without_biography(self, lines: list[Line]) -> list[Line]:
        """Without the made-up biography of an author: a last line of noun phrases in the words of such lines."""
        if len(lines) < 2:
            return lines
        text = lines[-1].text
        quoted = _QUOTES.get(text[0]) == text[-1]
        inside = text[1:-1] if quoted else text
        fragments = [fragment.split() for fragment in re.split(r"[.!]+\s*", inside) if fragment.strip()]
        if not _FRAGMENTS[0] <= len(fragments) <= _FRAGMENTS[1] or any(map(str.isdigit, inside)):
            return lines
        if any(len(words) > _FRAGMENT_WORDS for words in fragments) or not inside.rstrip().endswith((".", "!")):
            return lines
        known = sum(key(word) in self.rules.biography for words in fragments for word in words)
        signed = any(piece.reason is DropReason.SIGNATURE for piece in self.gone[-1:])
        if known >= 2 or (quoted and (known or signed)):
            self.drop(lines[-1].piece, DropReason.BIOGRAPHY)
            return lines[:-1]
        return lines


def _names(text: str, opening: re.Match[str]) -> bool:
    """Whether a credit's opening is followed by what is credited: after a colon or a sign anything, else only names."""
    if not opening.group().rstrip()[-1:].isalpha() or text[opening.end() :].lstrip()[:1] in set(":/–—-"):
        return True
    return all(word[0].isupper() or len(word) < 4 for word in text[opening.end() :].split())


def without_duplicates(lines: Sequence[Line], title: str, sweep: Sweep) -> list[Line]:
    """Lines without a repeated title near the top and without long paragraphs that stand there twice."""
    seen: set[str] = set()
    wanted = key(title)
    kept: list[Line] = []
    for line in lines:
        same = key(line.text)
        near_top = len(kept) < _HEAD and wanted and same == wanted
        if line.kind is not BlockKind.CELL and (near_top or (len(same) >= 80 and same in seen)):
            sweep.drop(line.piece, DropReason.DUPLICATE)
            continue
        seen.add(same)
        kept.append(line)
    return kept


def as_title(line: Line) -> Line:
    """The line, marked as the title."""
    return replace(line, kind=BlockKind.TITLE, gap=True, whole=True)
