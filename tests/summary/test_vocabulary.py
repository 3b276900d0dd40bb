from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.languages import served
from service.summary.vocabulary import vocabulary

LANGUAGES = tuple(language.code for language in served())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_served_language_has_its_words(language: str) -> None:
    known = vocabulary(language)
    assert known.name
    assert len(known.stop) > 100
    for words in (known.numerals, known.pronouns, known.addresses, known.references, known.connectives):
        assert words
    assert known.attribution
    assert known.removable
    assert known.boilerplate


def test_the_topics_have_the_same_names_in_every_language() -> None:
    names = set(vocabulary("en").topics)
    assert names
    assert all(set(vocabulary(language).topics) == names for language in LANGUAGES)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "The ministry's 6,000 well-known", ["the", "ministry", "s", "6", "000", "well", "known"]),
        ("it", "L’acqua dell'Oglio", ["l", "acqua", "dell", "oglio"]),
        ("ro", "Şi s-a întâmplat", ["și", "s", "a", "întâmplat"]),
        ("uk", "П’ять сіл", ["п'ять", "сіл"]),
    ],
)
def test_words_are_folded_and_cut_as_the_language_wants(language: str, text: str, words: list[str]) -> None:
    assert vocabulary(language).words(text) == words


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "soldier soldiers"),
        ("it", "soldato soldati"),
        ("ro", "muncitor muncitori muncitorilor"),
        ("uk", "військові військових військовими військовий"),
        ("uk", "область області областю"),
    ],
)
def test_the_forms_of_a_word_share_a_stem(language: str, forms: str) -> None:
    assert len(set(vocabulary(language).stems(forms.split()))) == 1


def test_content_leaves_out_what_tells_nothing() -> None:
    known = vocabulary("en")
    assert known.content(known.words("The 6,000 of them said that two ships")) == ["ship"]


@pytest.mark.parametrize("language", ["xx", "de", "../en", ""])
def test_a_language_without_words_takes_them_as_they_are(language: str) -> None:
    known = vocabulary(language)
    assert known.content(known.words("Schiffe im Hafen")) == ["schiffe", "im", "hafen"]
    assert known.topics == {}


def test_stemming_in_many_threads_gives_what_one_thread_gives() -> None:
    known = vocabulary("en")
    words = [
        f"{root}{ending}" for root in ("translat", "negotiat", "summar") for ending in ("ion", "ions", "ed", "ing")
    ] * 200
    expected = known.stems(words)
    with ThreadPoolExecutor(8) as pool:
        assert all(stems == expected for stems in pool.map(lambda _: known.stems(words), range(32)))


@given(st.sampled_from(LANGUAGES), st.text(max_size=200))
def test_any_text_has_words_in_order_and_stems_for_them(language: str, text: str) -> None:
    known = vocabulary(language)
    words = known.words(text)
    assert all(words)
    assert len(known.stems(words)) == len(words)
    assert len(known.content(words)) <= len(words)
