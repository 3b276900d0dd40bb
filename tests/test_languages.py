from pathlib import Path

import pytest

import service
from service.errors import UnsupportedLanguage
from service.languages import Role, english_name, registry, require_served, served, served_names, translated
from service.settings import data_directory
from service.translation import catalog
from service.translation.load import canaries
from service.translation.prepare import fold


def test_served_languages_are_the_translated_ones_and_english() -> None:
    assert [language.code for language in translated()] == ["ro", "it", "uk"]
    assert {language.code for language in served()} == {"ro", "it", "uk", "en"}
    assert registry()["en"].role is Role.PASSED


@pytest.mark.parametrize("code", [language.code for language in served()])
def test_a_served_language_has_all_that_docs_models_md_lists(code: str) -> None:
    package, data = Path(service.__file__).parent, Path(__file__).parent / "data"
    wanted = [
        package / "article/abbreviations" / f"{code}.toml",
        package / "article/rubbish" / f"{code}.toml",
        package / "figures/lexicons" / f"{code}.toml",
        package / "summary/words" / f"{code}.toml",
        data / "figures" / f"{code}.jsonl",
        data / "segments" / f"{code}.txt",
    ]
    assert [str(path) for path in wanted if not path.is_file()] == []
    assert list((data / "articles").glob(f"{code}-*.txt"))
    assert registry()[code].common


@pytest.mark.parametrize("code", [language.code for language in translated()])
def test_a_translated_language_has_a_model_and_a_canary(code: str) -> None:
    assert any(code in entry.languages for entry in catalog.load(data_directory("models")).models)
    assert code in canaries()
    assert fold(canaries()[code].upper()) == canaries()[code]  # without its vowels, short words would be acronyms


def test_neighbours_are_known_by_name() -> None:
    for code in ("es", "pt", "fr", "ca", "ru", "bg", "be", "pl"):
        assert registry()[code].role is Role.RECOGNISED
        assert english_name(code) != code


def test_unknown_code_is_its_own_name() -> None:
    assert english_name("xx") == "xx"


def test_names_read_as_a_sentence() -> None:
    assert served_names() == "Romanian, Italian, Ukrainian and English"


@pytest.mark.parametrize("code", ["ro", "it", "uk", "en"])
def test_served_codes_pass(code: str) -> None:
    require_served(code)


@pytest.mark.parametrize(("code", "said"), [("ru", "Russian"), ("xx", "'xx'"), ("", "''"), ("RO", "'RO'")])
def test_other_codes_are_refused_by_name(code: str, said: str) -> None:
    with pytest.raises(UnsupportedLanguage, match=said) as error:
        require_served(code)
    assert error.value.field == "source"


def test_a_detected_language_is_refused_with_its_confidence() -> None:
    with pytest.raises(UnsupportedLanguage, match=r"looks Spanish \(es, confidence 0\.91\)"):
        require_served("es", confidence=0.912)


def test_letters_that_a_language_never_writes_are_not_in_its_own_name() -> None:
    for language in registry().values():
        assert not set(language.native.casefold()) & set(language.never), language.code
