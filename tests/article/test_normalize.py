import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article.mapped import Mapped
from service.article.normalize import check_text, normalize, spell
from service.errors import NotText
from service.languages import registry


def clean(text: str) -> str:
    return normalize(Mapped.received(text)).text


@pytest.mark.parametrize(
    ("received", "wanted"),
    [
        ("10\u00a0000\u202f€", "10 000 €"),
        ("1\u2009234\u2007567", "1 234 567"),
        ("a\tb\u3000c", "a b c"),
        ("a  \u00a0 b", "a b"),
        ("co\u00adope\u200brare\ufeff", "cooperare"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("nord\u2011coreean", "nord-coreean"),
        ("Ma\u0306rin e\u0301 х\u0301", "Mărin é х\u0301"),
        ("й", "й"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a\u200db", "ab"),
        ("−5 °C – 10 °C", "−5 °C – 10 °C"),
        ("한", "한"),
        ("", ""),
    ],
)
def test_one_way_to_write(received: str, wanted: str) -> None:
    assert clean(received) == wanted


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_is_composed_and_mapped(text: str) -> None:
    result = normalize(Mapped.received(text))
    assert unicodedata.is_normalized("NFC", result.text)
    assert len(result.origin) == len(result.text)
    assert list(result.origin) == sorted(result.origin)
    assert all(0 <= at < len(text) for at in result.origin)
    assert "  " not in result.text


@given(st.text(alphabet="aăș \u0306\u0301\u0327e\u00a0\u200b1", max_size=40))
def test_normalizing_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_romanian_letters_get_their_comma() -> None:
    assert spell(Mapped.received("Preşedinţii ŞŢ"), registry()["ro"]).text == "Președinții ȘȚ"


def test_turkish_letters_stay_elsewhere() -> None:
    assert spell(Mapped.received("Şimşek"), registry()["it"]).text == "Şimşek"


@pytest.mark.parametrize("apostrophe", "’ʼ‘`´′")
def test_ukrainian_apostrophes_are_one(apostrophe: str) -> None:
    assert (
        spell(Mapped.received(f"п{apostrophe}ять «об{apostrophe}єктів»"), registry()["uk"]).text == "п'ять «об'єктів»"
    )


def test_stress_marks_are_not_letters() -> None:
    assert spell(normalize(Mapped.received("Ки\u0301їв і й")), registry()["uk"]).text == "Київ і й"


def test_quotation_marks_are_not_apostrophes() -> None:
    assert spell(Mapped.received("‘так’ і ‘ні’"), registry()["uk"]).text == "‘так’ і ‘ні’"


@pytest.mark.parametrize(
    ("junk", "said"),
    [
        ("PK\x03\x04\x00\x00", "first at character 2"),
        ("text\x00", "first at character 4"),
        ("\x01\x02\x03\x04 text", "control"),
        ("Gu\ufffd\ufffd\ufffd\ufffdn", "U\\+FFFD"),
        ("half \ud83d pair", "surrogate pair at character 5"),
    ],
)
def test_junk_is_not_text(junk: str, said: str) -> None:
    with pytest.raises(NotText, match=said) as error:
        check_text(junk, "text")
    assert error.value.field == "text"


def test_a_stray_control_character_is_forgiven() -> None:
    check_text("un text obișnuit\x0b cu un semn\x02 rătăcit și o literă \ufffd pierdută", "text")
