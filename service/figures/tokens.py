"""A text cut into tokens for the readers of figures: folded forms, offsets into the text as given, and what touches
what.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

NUMBER, WORD, SIGN, LINK, END = "number", "word", "sign", "link", "end"

_LOOKAHEAD = 4  # sentinels behind the last token, so that readers may look ahead (and, at index -1, back) unguarded

# One code point becomes one code point, so that offsets survive: cedillas to comma-below letters, every apostrophe,
# hyphen and space variant to its plain form, and the one capital whose lower case is two code points long.
_FOLDS = str.maketrans(
    {
        "Ş": "ș", "ş": "ș", "Ţ": "ț", "ţ": "ț", "İ": "i",
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ʹ": "'", "′": "'", "＇": "'",
        "‐": "-", "‑": "-", "−": "-", "﹣": "-", "－": "-",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u200a": " ", "\u2002": " ", "\u2003": " ",
    }
)  # fmt: skip

_LINKS = r"(?P<link>(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190})|"
_NUMBERS = r"(?P<number>\d+(?:[.,]\d+|'\d{3}(?!\d))*)|"
_WORDS = {
    "inside": r"(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)|",
    "elision": r"(?P<word>[^\W\d_]+'?)|",
}
# A run of one sign is one token: a line of dots says nothing about figures, however long it is.
_SIGNS = r"(?P<sign>(?P<char>[^\w\s])(?P=char){3,}|\S)"


def fold(text: str) -> str:
    """`text` in lower case with plain apostrophes, hyphens and spaces, of the same length."""
    folded = text.translate(_FOLDS).lower()
    if len(folded) != len(text):  # a capital elsewhere in Unicode that lengthens
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text.translate(_FOLDS))
    return folded


@lru_cache(maxsize=8)
def _pattern(apostrophe: str, links: bool) -> re.Pattern[str]:
    return re.compile((_LINKS if links else "") + _NUMBERS + _WORDS[apostrophe] + _SIGNS)


class Tokens:
    """The tokens of one text, as parallel lists that end in a few empty sentinels.

    `glued[i]` says that token i touches token i - 1. Index -1 is a sentinel too, so `forms[i - 1]` is safe at i = 0.
    """

    __slots__ = ("count", "ends", "folded", "forms", "glued", "kinds", "memo", "starts", "text")

    def __init__(self, text: str, apostrophe: str = "inside") -> None:
        self.text = text
        self.folded = fold(text)
        links = "://" in self.folded or "www." in self.folded or "@" in self.folded
        self.forms: list[str] = []
        self.kinds: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.glued: list[bool] = []
        self.memo: dict[tuple[str, int, bool], Any] = {}  # what readers have read, so that none reads it twice
        last = -1
        for found in _pattern(apostrophe, links).finditer(self.folded):
            start, end = found.span()
            self.forms.append(found.group())
            self.kinds.append(found.lastgroup or SIGN)
            self.starts.append(start)
            self.ends.append(end)
            self.glued.append(start == last)
            last = end
        self.count = len(self.forms)
        for _ in range(_LOOKAHEAD):
            self.forms.append("")
            self.kinds.append(END)
            self.starts.append(len(text))
            self.ends.append(len(text))
            self.glued.append(False)

    def surface(self, index: int) -> str:
        """Token `index` as written."""
        return self.text[self.starts[index] : self.ends[index]]

    def spaced(self, index: int) -> bool:
        """Whether token `index` follows the one before it after exactly one space of any kind."""
        return (
            index > 0 and self.starts[index] == self.ends[index - 1] + 1 and self.folded[self.starts[index] - 1] == " "
        )
