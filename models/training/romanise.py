"""Ukrainian names in Latin letters, by the table of the Cabinet of Ministers of 27 January 2010 (resolution 55).

Passports, road signs and maps follow it, and so do most English-language newsrooms for names without an established
form.
"""

from __future__ import annotations

import re

_LETTERS = dict(
    zip(
        "абвгґдезиіклмнопрстуфхцчшщ",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "z",
            "y",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
        ],
        strict=True,
    )
) | {"ж": "zh", "ї": "i", "й": "i", "є": "ie", "ю": "iu", "я": "ia", "ь": ""}
_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_APOSTROPHES = "'’ʼ"
_WORD = re.compile(rf"[а-щьюяєіїґ]+(?:[{_APOSTROPHES}][а-щьюяєіїґ]+)*", re.IGNORECASE)


def _word(match: re.Match[str]) -> str:
    word = re.sub(f"[{_APOSTROPHES}]", "", match.group())
    small = word.lower()
    out = []
    for i, letter in enumerate(small):
        if letter == "г" and i and small[i - 1] == "з":  # зг is zgh, so that it is not read as zh
            latin = "gh"
        else:
            latin = _FIRST.get(letter, _LETTERS[letter]) if i == 0 else _LETTERS[letter]
        if word[i] != letter:
            latin = latin.upper() if len(word) > 1 and word.isupper() else latin.capitalize()
        out.append(latin)
    return "".join(out)


def romanise(text: str) -> str:
    """`text` with every Ukrainian word in Latin letters; everything else as it was."""
    return _WORD.sub(_word, text)
