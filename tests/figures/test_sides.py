"""Words beside figures: which way it went, one in how many, anniversaries; and weak words that contradict."""

from __future__ import annotations

import pytest

from service.figures.match import compare
from service.types import Check, Severity, Verdict

RIGHT = {Verdict.KEPT, Verdict.CONVERTED}


def wrong(source: str, language: str, english: str) -> list[Check]:
    return [one for one in compare(source, language, english) if one.verdict not in RIGHT]


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Producția a scăzut cu 1,35%.", "Production rose by 1.35%."),
        ("it", "Il pil cala dello 0,3%.", "GDP grows 0.3%."),
        ("it", "Il titolo perde l'1,8%.", "The stock gains 1.8%."),
        ("it", "Milano +1,8%.", "Milan fell 1.8%."),
        ("uk", "Експорт зріс на 12%.", "Exports were down 12%."),
        ("ro", "Prețul a crescut cu 500 de lei.", "The price fell by 500 lei."),
        ("ro", "Nivelul a urcat cu 2 metri.", "The level dropped 2 metres."),
        ("it", "L'occupazione è scesa di 3.000 unità.", "Employment rose by 3,000."),
        ("it", "È tre volte superiore.", "It is three times less."),
        ("uk", "Ціна втричі вища.", "The price is three times lower."),
        ("uk", "Ціни знизяться на 7%.", "Prices will rise 7%."),
        ("it", "I prezzi saliranno del 7%.", "Prices will be cut 7%."),
        ("ro", "Benzina se ieftinește cu 7%.", "Petrol jumps 7%."),
    ],
)
def test_a_rise_that_became_a_fall_is_noticed(language: str, source: str, english: str) -> None:
    (one,) = wrong(source, language, english)
    assert (one.verdict, one.severity) == (Verdict.CHANGED, Severity.NOTICE)
    assert "rises" in one.reason
    assert "falls" in one.reason


def test_a_wrong_number_that_also_turned_stays_an_error() -> None:
    (one,) = wrong("Producția a scăzut cu 1,35%.", "ro", "Production rose by 1.53%.")
    assert one.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("it", "Milano +1,8%.", "Milan gained 1.8%."),
        ("it", "Aumentano le perdite del 5%.", "Losses rise 5%."),
        ("ro", "Deficitul a crescut cu 5%.", "The deficit rose 5%."),
        ("it", "Le perdite salgono a 3 milioni.", "Losses rise to 3 million."),
        ("ro", "A redus pierderile cu 3 milioane de lei.", "Its losses fell by 3 million lei."),
        ("it", "La temperatura sale a +5 gradi.", "The temperature rises to 5 degrees."),
        ("ro", "Câștigă cu 5% mai puțin.", "They earn 5% less."),
        ("it", "Guadagnano il 5% in meno.", "They earn 5% less."),
        ("ro", "O creștere sub 5%.", "Growth of less than 5%."),
        ("uk", "Ціни зросли на 5%, а попит впав на 3%.", "Prices rose 5% and demand fell 3%."),
        ("ro", "Exportul crește cu 5%, importul scade cu 5%.", "Imports fall 5% and exports rise 5%."),
        ("ro", "Leul s-a depreciat cu 0,4% față de euro.", "The euro gained 0.4% against the leu."),
        ("ro", "A redus prognoza de creștere cu 0,3%.", "The growth forecast was cut by 0.3%."),
        ("it", "Il pil cala dello 0,3%.", "Negative growth of 0.3%."),
        ("it", "Persi altri 300 posti.", "300 more jobs were lost."),
        ("ro", "Scade cu 20%.", "It runs 20% more slowly."),
        ("ro", "Un avans de 500 de lei.", "A down payment of 500 lei."),
        ("it", "In 3.000 sono scesi in piazza.", "3,000 more marched."),
        ("uk", "Зростання впало до 3%.", "Growth rose to 3%."),  # told of a level: too far from the figure to judge
    ],
)
def test_where_the_words_are_not_clear_nothing_is_said_of_the_way(language: str, source: str, english: str) -> None:
    assert wrong(source, language, english) == []


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Prețul s-a dublat.", "The price tripled."),
        ("ro", "Prețul s-a dublat.", "The price was halved."),
        ("ro", "Zeci de mii de oameni au plecat.", "Hundreds of thousands left."),
        ("uk", "Сотні людей вийшли.", "Dozens of people came out."),
    ],
)
def test_weak_words_that_contradict_each_other_are_noticed(language: str, source: str, english: str) -> None:
    (one,) = wrong(source, language, english)
    assert (one.verdict, one.severity) == (Verdict.CHANGED, Severity.NOTICE)


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Prețul s-a dublat.", "The price doubled."),
        ("ro", "Zeci de oameni au plecat.", "Dozens of people left."),
        ("ro", "Zeci de mii de oameni au plecat.", "Tens of thousands of people left."),
        ("it", "Migliaia di persone in piazza.", "A crowd in the square."),
        ("uk", "Ціни подвоїлися, а попит потроївся.", "Prices tripled while demand doubled."),
        ("uk", "Сотні людей і десятки машин.", "Dozens of cars and hundreds of people."),
    ],
)
def test_weak_words_that_agree_or_are_several_raise_no_alarm(language: str, source: str, english: str) -> None:
    assert wrong(source, language, english) == []


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("it", "La quota non supera il 30%.", "The share is below 30%.", True),
        ("it", "La quota non ha superato il 30%.", "The share did not exceed 30%.", True),
        ("it", "La quota non supera il 30%.", "The share is over 30%.", False),
        ("ro", "Cota nu a depășit 30%.", "The share was under 30%.", True),
        ("uk", "Частка не перевищила 30%.", "The share was below 30%.", True),
        ("uk", "Частка перевищила 30%.", "The share was below 30%.", False),
        ("ro", "Nu numai peste 30%.", "Not only over 30%.", True),
        ("ro", "Peste 30%.", "Not only under 30%.", False),
        ("it", "Ci vuole meno di un'ora.", "It takes more than an hour.", False),
        ("it", "Ci vuole meno di un'ora.", "It takes less than an hour.", True),
        ("it", "Ci vuole meno di un'ora.", "It takes an hour.", True),
        ("ro", "Peste un an.", "More than a year.", True),
        ("it", "Minori di 14 anni.", "Over 14.", False),
        ("it", "Minori di 14 anni.", "Under 14.", True),
        ("uk", "Старші 60 років.", "People under 60.", False),
        ("uk", "Старші 60 років.", "People over 60.", True),
    ],
)
def test_bounds_are_compared(language: str, source: str, english: str, right: bool) -> None:
    assert (wrong(source, language, english) == []) is right


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("ro", "Fiecare al treilea român are datorii.", "Every third Romanian is in debt.", True),
        ("ro", "Fiecare al treilea român are datorii.", "Every second Romanian is in debt.", False),
        ("uk", "Кожен третій боїться.", "One in three is afraid.", True),
        ("uk", "Кожен третій боїться.", "A third are afraid.", True),
        ("uk", "Кожен третій боїться.", "One in four is afraid.", False),
        ("uk", "Кожен другий боїться.", "Every second person is afraid.", True),
        ("uk", "Кожен другий боїться.", "Half are afraid.", True),
        ("ro", "Vine la fiecare a doua zi.", "He comes every other day.", True),
    ],
)
def test_one_in_so_many_is_held_to(language: str, source: str, english: str, right: bool) -> None:
    assert (wrong(source, language, english) == []) is right


@pytest.mark.parametrize(
    ("language", "source", "english", "severity"),
    [
        ("ro", "Se împlinesc 100 de ani de la război.", "It is the 100th anniversary of the war.", Severity.NONE),
        ("it", "Il 50° anniversario della legge.", "The 50th anniversary of the law.", Severity.NONE),
        ("ro", "Au trecut 100 de ani de la război.", "It is the 100th from the war.", Severity.NOTICE),
    ],
)
def test_years_may_be_an_anniversary(language: str, source: str, english: str, severity: Severity) -> None:
    (one,) = compare(source, language, english)
    assert (one.verdict, one.severity) == (Verdict.KEPT, severity)


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("uk", "Бюджет скоротився втричі.", "The budget dropped by two thirds.", True),
        ("uk", "Бюджет скоротився втричі.", "The budget dropped by 50%.", False),
        ("uk", "Ціни зросли у 1,5 раза.", "Prices rose by 50%.", True),
        ("uk", "Ціни зросли у 1,5 раза.", "Prices fell by 50%.", False),
        ("uk", "Ціни зросли на 100%.", "Prices doubled.", True),
        ("ro", "Prețurile au crescut cu 200%.", "Prices tripled.", True),
        ("ro", "Prețurile au crescut cu 200%.", "Prices quadrupled.", False),
        ("it", "Il 200% dei fondi.", "The funds tripled.", False),
    ],
)
def test_times_over_may_be_told_as_a_part(language: str, source: str, english: str, right: bool) -> None:
    assert (wrong(source, language, english) == []) is right
