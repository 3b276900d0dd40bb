"""Quotation marks that stand apart from what they quote, and those that must not be touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article.intake import read
from service.article.mapped import Mapped
from service.article.quotes import closed_up


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('" I lavori finiranno a marzo ", ha detto.', '"I lavori finiranno a marzo", ha detto.'),
        ('Ha detto: " Sì " e poi " no ".', 'Ha detto: "Sì" e poi "no".'),
        ('" Sì " " no "', '"Sì" "no"'),
        ("« Так », — сказав він.", "«Так», — сказав він."),
        ("„ Da ”, a spus primarul.", "„Da”, a spus primarul."),
        ("“ Sì ”, ha detto.", "“Sì”, ha detto."),
        ('(" a ")', '("a")'),
    ],
)
def test_spaces_inside_a_quotation_go(text: str, wanted: str) -> None:
    assert closed_up(Mapped.received(text)).text == wanted


@pytest.mark.parametrize(
    "text",
    [
        'Lui ha detto " sì e basta.',
        'un monitor da 15 " e uno da 17 " nuovi',
        'Il film "Roma" e il libro "Napoli" sono belli.',
        "„Так“ сказав він, а вона „ні“ відповіла.",
        "",
    ],
)
def test_what_is_no_spaced_quotation_stays(text: str) -> None:
    assert closed_up(Mapped.received(text)).text == text


@given(st.text(alphabet='ab1 "«»„“”.,()', max_size=40))
def test_nothing_but_spaces_goes_and_every_character_keeps_its_place(text: str) -> None:
    closed = closed_up(Mapped.received(text))
    assert closed.text.replace(" ", "") == text.replace(" ", "")
    assert "".join(text[offset] for offset in closed.origin) == closed.text


def test_the_sentence_behind_a_quotation_is_found() -> None:
    article = read(text='" Apriamo lunedì. " Lo ha detto il sindaco della città.', source="it")
    assert article.text == '"Apriamo lunedì." Lo ha detto il sindaco della città.'
