"""Words that may stand for a number excuse a figure of the other side, and no more than that."""

from __future__ import annotations

import pytest

from service.figures.match import compare
from service.types import Verdict

RIGHT = {Verdict.KEPT, Verdict.CONVERTED}


def alarmed(source: str, language: str, english: str) -> bool:
    return not {one.verdict for one in compare(source, language, english)} <= RIGHT


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Au marcat în a doua repriză.", "They scored in the second half."),
        ("it", "Ha segnato nel secondo tempo.", "He scored in the second half."),
        ("uk", "Ціни впадуть у другому півріччі.", "Prices will fall in the second half of the year."),
        ("ro", "Vânzările au căzut în trimestrul al patrulea.", "Sales fell in the fourth quarter."),
        ("it", "Le vendite calano nel quarto trimestre.", "Sales fall in the fourth quarter."),
        ("uk", "Дві двомовні школи.", "Two schools that teach in two languages."),
        ("it", "Cerca un bilocale in centro.", "He is looking for a flat with two rooms."),
        ("it", "Il festival dura fino a metà maggio.", "The festival lasts until mid-May."),
        ("ro", "Prețul s-a înjumătățit.", "The price fell by half."),
        ("it", "Ha dimezzato i costi.", "It cut costs by half."),
    ],
)
def test_what_a_word_may_stand_for_is_excused(language: str, source: str, english: str) -> None:
    assert not alarmed(source, language, english)


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Au marcat în a doua repriză.", "They scored in the first half."),
        ("ro", "Prețurile scad în semestrul al doilea.", "Prices fall in the first half of the year."),
        ("ro", "În prima jumătate au condus.", "In the second half they led."),
        ("it", "Ha segnato nel secondo tempo.", "He scored in the first half."),
        ("it", "I prezzi scendono nel secondo semestre.", "Prices fall in the first half of the year."),
        ("uk", "Ціни впадуть у другому півріччі.", "Prices will fall in the first half of the year."),
        ("uk", "Забили в другому таймі.", "They scored in the first half."),
        ("ro", "Vânzările au căzut în trimestrul al doilea.", "Sales fell in the third quarter."),
        ("ro", "Vânzările au căzut în trimestrul al patrulea.", "Sales fell in the third quarter."),
        ("ro", "Vânzările au căzut în primul trimestru.", "Sales fell in the third quarter."),
        ("it", "Le vendite calano nel primo trimestre.", "Sales fall in the third quarter."),
        ("it", "Le vendite calano nel secondo trimestre.", "Sales fall in the third quarter."),
        ("it", "Le vendite calano nel quarto trimestre.", "Sales fall in the 3rd quarter."),
        ("uk", "Продажі впали у другому кварталі.", "Sales fell in the third quarter."),
        ("uk", "Продажі впали у четвертому кварталі.", "Third-quarter sales fell."),
    ],
)
def test_the_wrong_half_and_the_wrong_quarter_are_seen(language: str, source: str, english: str) -> None:
    assert alarmed(source, language, english)


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Doi martori au tăcut.", "Witnesses kept silent about Biden."),
        ("ro", "2 sate sunt izolate de viscol.", "Villages are cut off by the biggest snowstorm."),
        ("ro", "Trei ofițeri au fost achitați.", "Officers were acquitted by the tribunal."),
        ("ro", "Biserica ajută familii sărace.", "The church helps two poor families."),
        ("it", "Il tribunale assolve gli agenti.", "The court acquits three officers."),
        ("it", "Bimbi salvati dal lago.", "Two children saved from the lake."),
        ("uk", "Тривога: поранено людину.", "Air alert: three people were wounded."),
        ("uk", "Рятувальна операція триває.", "The rescue of three people goes on."),
        ("uk", "У дворі вибухнула граната.", "Two grenades went off in the yard."),
    ],
)
def test_words_that_only_begin_like_a_number_excuse_nothing(language: str, source: str, english: str) -> None:
    assert alarmed(source, language, english)
