from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.summary.trim import shift, trim


@pytest.mark.parametrize(
    ("language", "text", "kept", "taken"),
    [
        (
            "en",
            "Meanwhile, the port of Lowmouth stays closed today.",
            "The port of Lowmouth stays closed today.",
            "Meanwhile,",
        ),
        ("en", "We note that the port of Lowmouth stays closed.", "The port of Lowmouth stays closed.", "We note that"),
        ("it", "Inoltre, il porto resterà chiuso fino a lunedì.", "Il porto resterà chiuso fino a lunedì.", "Inoltre,"),
        (
            "ro",
            "De asemenea, portul rămâne închis până luni dimineață.",
            "Portul rămâne închis până luni dimineață.",
            "De asemenea,",
        ),
        (
            "uk",
            "Зазначимо, що порт залишається закритим до вечора понеділка.",
            "Порт залишається закритим до вечора понеділка.",
            "Зазначимо, що",
        ),
    ],
)
def test_an_opening_tie_is_taken_off_and_reported(language: str, text: str, kept: str, taken: str) -> None:
    assert trim(text, language) == (kept, taken)


@pytest.mark.parametrize(
    "text",
    [
        "However, the port of Lowmouth stays closed today.",  # a contrast is part of what is said
        "Meanwhile the port of Lowmouth stays closed today.",
        "Also, it closed.",
        "In addition, 40 ships wait outside the port today.",
        "The port stays closed until Monday, the ministry said.",
        "Alsop, the mayor, said that the port stays closed.",
        "",
    ],
)
def test_anything_else_stays_whole(text: str) -> None:
    assert trim(text, "en") == (text, None)


@given(st.sampled_from(["", "Also, ", "Meanwhile, ", "İn addition, "]), st.text(max_size=80))
def test_what_is_left_is_the_end_of_the_sentence_but_for_its_first_letter(opening: str, rest: str) -> None:
    text = opening + rest
    kept, taken = trim(text, "en")
    if taken is None:
        assert kept == text
    else:
        assert text.endswith(kept[1:])
        assert text[shift(text, kept) :][1:] == kept[1:]
        assert text.startswith(taken)
