import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import language
from service.article.language import detect, rank, script
from service.errors import UndetectedLanguage, UnsupportedLanguage
from tests.article.texts import ARTICLES


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_our_articles(path) -> None:  # type: ignore[no-untyped-def]
    found = detect(path.read_text(encoding="utf-8"))
    assert found.code == path.stem[:2]
    assert found.confidence > 0.9
    assert found.detected


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("ro", "Guvernul a majorat taxele pentru companii"),
        ("ro", "GUVERNUL A ADOPTAT BUGETUL PENTRU ANUL VIITOR"),
        ("ro", "Presedintele tarii a spus ca bugetul este prea mic"),
        ("it", "La tua password non è corretta"),
        ("it", "Il sindaco ha firmato l'accordo con i sindacati"),
        ("uk", "Уряд виділив гроші на відновлення мостів"),
        ("uk", "Ціни на пальне знову зросли у вересні"),
        ("en", "hello handsome, how are you doing today"),
        ("es", "El gobierno ha aprobado un nuevo presupuesto para las escuelas"),
        ("pt", "O governo aprovou um novo orçamento para as escolas do país"),
        ("fr", "Le gouvernement a adopté un nouveau budget pour les écoles"),
        ("ca", "El govern ha aprovat un nou pressupost per a les escoles catalanes"),
        ("ru", "Правительство утвердило новый бюджет для школ и больниц"),
        ("bg", "Правителството одобри новия бюджет за училищата и болниците"),
        ("be", "Урад зацвердзіў новы бюджэт для школ і бальніц краіны"),
        ("pl", "Rząd przyjął nowy budżet dla szkół i szpitali w całym kraju"),
        ("de", "Die Regierung hat einen neuen Haushalt für Schulen beschlossen"),
        ("el", "Η κυβέρνηση ενέκρινε νέο προϋπολογισμό για τα σχολεία"),
        ("ar", "أعلنت الحكومة اليوم عن ميزانية جديدة للمدارس"),
        ("he", "הממשלה אישרה היום תקציב חדש לבתי הספר"),
        ("ja", "政府は学校のための新しい予算を今日承認しました。とても大きいです。"),
        ("zh", "政府今天批准了新的学校预算案这是今年最大的一笔教育支出"),
        ("ko", "정부는 오늘 학교를 위한 새로운 예산을 승인했다고 밝혔다"),
    ],
)
def test_names_the_language(code: str, text: str) -> None:
    assert detect(text).code == code


def test_a_text_in_two_cyrillic_languages_is_one_of_the_two() -> None:
    text = "Президент прибув на зустріч, де є їжа. «Мы не остановимся, пока это не объясним», — эти слова он повторил."
    assert detect(text).code in {"uk", "ru"}


@pytest.mark.parametrize("text", ["", "   ", "12 345", "🙂🙂🙂", "Bună ziua", "Marți, 14"])
def test_too_few_letters(text: str) -> None:
    with pytest.raises(UndetectedLanguage, match=r"too few to tell.*'source'") as error:
        detect(text)
    assert error.value.field == "source"


def test_names_alone_are_not_sure() -> None:
    with pytest.raises(UndetectedLanguage, match=r"may be \w+ or \w+"):
        detect("Ma Tina Nova Karim Solo Remo")


def test_unknown_script_is_refused_by_its_name() -> None:
    with pytest.raises(UnsupportedLanguage, match="Tamil script"):
        detect("தமிழ் மொழியில் எழுதப்பட்ட ஒரு செய்தி இது")


@given(st.text(max_size=200))
def test_rank_is_a_distribution(text: str) -> None:
    ranking = rank(text)
    assert [score for _, score in ranking] == sorted((score for _, score in ranking), reverse=True)
    assert sum(score for _, score in ranking) <= 1 + 1e-6


def test_rank_of_nothing_is_empty() -> None:
    assert rank("123 🙂") == []


@pytest.mark.parametrize(
    ("letter", "name"), [("a", "LATIN"), ("ї", "CYRILLIC"), ("中", "CJK"), ("א", "HEBREW"), ("\U0010ffff", "UNKNOWN")]
)
def test_script(letter: str, name: str) -> None:
    assert script(letter) == name


def test_identifier_is_loaded_once_for_all_threads() -> None:
    language._identifier = None
    seen: list[int] = []

    def load() -> None:
        language.warm()
        seen.append(id(language._identifier))

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4
    assert len(set(seen)) == 1


def test_importing_does_not_load_the_identifier() -> None:
    code = "import sys, service.article.intake; print('py3langid' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
