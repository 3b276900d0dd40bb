"""One way to write each character: composed letters, plain spaces and line ends, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from service.article.mapped import Mapped, joined
from service.errors import NotText

if TYPE_CHECKING:
    from service.languages import LanguageInfo

_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
)
_SPACES: Final = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_PICTOGRAPH: Final = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"

# A zero-width joiner holds an emoji together; anywhere else it is invisible rubbish.
_ODD: Final = re.compile(
    rf"(?P<line>\r\n?|[\x0b\x0c\x85\u2028\u2029])|(?P<space>[{_SPACES}])|(?P<hyphen>[\u2010\u2011])"
    rf"|(?P<gone>[{_INVISIBLE}]+|\u200d+(?![{_PICTOGRAPH}])|(?<![{_PICTOGRAPH}])\u200d+)"
)
_REPLACEMENT: Final = {"line": "\n", "space": " ", "hyphen": "-", "gone": ""}
_SPACE_RUN: Final = re.compile(" {2,}")
_WORD: Final = re.compile(r"\S+")
_ACCENTED: Final = re.compile("[^\\W\\d_][\u0300-\u036f]+")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_MOST_JUNK: Final = 0.01
"""A stray control character happens in scraped text; more than one in a hundred is not text."""


def check_text(text: str, field: str) -> None:
    """Raise NotText for binary junk, naming the offset of the first junk character."""
    surrogate = _SURROGATE.search(text)
    if surrogate:
        raise NotText(f"{field} has half a surrogate pair at character {surrogate.start()}", field=field)
    for pattern, what in ((_CONTROL, "control characters"), (re.compile("\ufffd"), "replacement characters (U+FFFD)")):
        found = [match.start() for match in pattern.finditer(text)]
        if found and ("\x00" in text or len(found) > max(2, _MOST_JUNK * len(text))):
            raise NotText(f"{field} is not text: {len(found)} {what}, the first at character {found[0]}", field=field)


def normalize(text: Mapped) -> Mapped:
    """NFC, line ends as `\\n`, every space variant as one plain space, no invisible characters."""
    result = text.replace(_ODD, lambda match: _REPLACEMENT[match.lastgroup or "gone"]).replace(
        _SPACE_RUN, lambda _: " "
    )
    return result if unicodedata.is_normalized("NFC", result.text) else _composed(result)


def spell(text: Mapped, language: LanguageInfo) -> Mapped:
    """The letters and apostrophes of one language in their right form."""
    if language.letters:
        wrong = re.compile(f"[{''.join(language.letters)}]")
        text = text.replace(wrong, lambda match: language.letters[match.group()])
    if language.stress:
        text = text.replace(re.compile(f"[{language.stress}]"), lambda _: "")
    if language.apostrophes:
        between = re.compile(rf"(?<=[^\W\d_])[{re.escape(language.apostrophes)}](?=[^\W\d_])")
        text = text.replace(between, lambda _: "'")
    return text


def _composed(text: Mapped) -> Mapped:
    """NFC, letter by letter, because only so each composed letter keeps its place."""
    whole = unicodedata.normalize("NFC", text.text)
    text = text.replace(_ACCENTED, lambda match: unicodedata.normalize("NFC", match.group()))
    return text if text.text == whole else _composed_words(text)


def _composed_words(text: Mapped) -> Mapped:
    pieces: list[Mapped] = []
    done = 0
    for word in _WORD.finditer(text.text):
        if unicodedata.is_normalized("NFC", word.group()):
            continue
        pieces.append(text.cut(done, word.start()))
        pieces += _composed_word(text.cut(*word.span()))
        done = word.end()
    pieces.append(text.cut(done))
    return joined(pieces, "")


def _composed_word(word: Mapped) -> list[Mapped]:
    whole = unicodedata.normalize("NFC", word.text)
    starts = [i for i, letter in enumerate(word.text) if i == 0 or not unicodedata.combining(letter)]
    groups = [word.cut(start, end) for start, end in zip(starts, [*starts[1:], len(word)], strict=True)]
    everything = re.compile(r"(?s).+")
    composed = [
        group.replace(everything, lambda match: unicodedata.normalize("NFC", match.group())) for group in groups
    ]
    if "".join(group.text for group in composed) == whole:
        return composed
    return [word.replace(everything, lambda _: whole)]  # scripts whose letters compose with the letter before them
