import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.romanise import romanise


# The examples of the resolution itself.
@pytest.mark.parametrize(
    ("ukrainian", "latin"),
    [
        ("Алушта Андрій", "Alushta Andrii"),
        ("Борщагівка Борисенко", "Borshchahivka Borysenko"),
        ("Гадяч Згурський", "Hadiach Zghurskyi"),
        ("Ґалаґан", "Galagan"),
        ("Єнакієве Гаєвич", "Yenakiieve Haievych"),
        ("Житомир Жанна", "Zhytomyr Zhanna"),
        ("Їжакевич Кадиївка", "Yizhakevych Kadyivka"),
        ("Йосипівка Стрий", "Yosypivka Stryi"),
        ("Розгон", "Rozghon"),
        ("Харків Цибулько", "Kharkiv Tsybulko"),
        ("Чернівці Шостка Щербухи", "Chernivtsi Shostka Shcherbukhy"),
        ("Юрій Крюківка", "Yurii Kriukivka"),
        ("Яготин Костянтин", "Yahotyn Kostiantyn"),
        ("Знам’янка Феодосія", "Znamianka Feodosiia"),
        ("КИЇВ", "KYIV"),
        ("Нью-Йорк, 12 км", "Niu-York, 12 km"),
    ],
)
def test_official_examples(ukrainian: str, latin: str) -> None:
    assert romanise(ukrainian) == latin


@given(st.text(alphabet="абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'АБВЄЯЩ -12.", max_size=40))
def test_no_cyrillic_is_left_and_the_rest_stays(text: str) -> None:
    made = romanise(text)
    assert not any("а" <= character.lower() <= "ґ" for character in made)
    assert [c for c in made if c in "12. -"] == [c for c in text if c in "12. -"]
