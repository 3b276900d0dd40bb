"""Numbers that are equal and do not say the same, and numbers that differ and do."""

from __future__ import annotations

import pytest

from service.figures.match import compare
from service.types import Severity, Verdict

KEPT, NOTICE, WRONG = "kept", "notice", "wrong"


def told(source: str, language: str, english: str) -> str:
    """The worst that is told of a pair."""
    checks = compare(source, language, english)
    assert checks
    if not {one.verdict for one in checks} <= {Verdict.KEPT, Verdict.CONVERTED}:
        return WRONG
    return NOTICE if any(one.severity is Severity.NOTICE for one in checks) else KEPT


@pytest.mark.parametrize(
    ("language", "source", "english", "expected"),
    [
        ("it", "Il 20% dei posti resta libero.", "20 seats remain free.", WRONG),
        ("ro", "5 la sută dintre ei au plecat.", "5 of them left.", WRONG),
        ("it", "Il 20% dei posti e il 30% dei soldi.", "20% of the seats and 30 of the coins.", WRONG),
        ("it", "Restano 20 posti liberi.", "20% of the seats remain free.", WRONG),
        ("it", "Ha vinto con il 51,3% contro il 48,7%.", "He won by 51.3% to 48.7.", NOTICE),
        ("ro", "Au răspuns 20%, 30% și 40%.", "20, 30 and 40% replied.", NOTICE),
        ("ro", "Au răspuns 20, 30 și 40%.", "20%, 30% and 40% replied.", NOTICE),
        (
            "it",
            "I Verdi sono al 35%, i Blu della costa al 30.",
            "The Greens are at 35%, the Coast Blues at 30%.",
            NOTICE,
        ),
        ("it", "Verdi: 29,1%; Blu: 22,4; Gialli: 8,5.", "Greens: 29.1%; Blues: 22.4%; Yellows: 8.5%.", NOTICE),
        ("it", "Il 62% delle donne e il 48 degli uomini.", "62% of women and 48% of men.", NOTICE),
        ("ro", "De la 3,4 în mai la 3,6% în iunie.", "From 3.4% in May to 3.6% in June.", NOTICE),
        ("ro", "Creștere de 3%, iar 20 de firme au plecat.", "Growth of 3%, and 20% of firms left.", WRONG),
        ("uk", "Пішли 30 депутатів і 20% радників.", "30% of deputies and 20% of advisers left.", WRONG),
        ("ro", "Dobânda a crescut cu 5 puncte procentuale.", "The rate rose 5 points.", NOTICE),
        ("uk", "Обсяг зріс у 1,5 раза.", "The volume rose by 1.5%.", WRONG),
        ("it", "È il 150% del valore.", "It is 1.5 times the value.", KEPT),
        ("ro", "50 la sută dintre angajați au plecat.", "Half of the employees left.", KEPT),
        ("it", "Cresce di mezzo punto.", "It grows half a point.", KEPT),
    ],
)
def test_a_lost_percent_sign_is_a_fault_and_a_part_is_none(
    language: str, source: str, english: str, expected: str
) -> None:
    assert told(source, language, english) == expected


@pytest.mark.parametrize(
    ("language", "source", "english", "expected"),
    [
        ("uk", "Ціни знизили на третину.", "Prices tripled.", WRONG),
        ("it", "La spesa è scesa di un terzo.", "Spending tripled.", WRONG),
        ("ro", "Bugetul s-a redus la jumătate.", "The budget doubled.", WRONG),
        ("ro", "Prețul e de trei ori mai mare.", "The price is a third of it.", WRONG),
        ("ro", "Prețul e de trei ori mai mic.", "The price is a third of it.", KEPT),
        ("ro", "Prețul e de două ori mai mic.", "The price is half as high.", KEPT),
        ("uk", "Тут утричі менше людей.", "There are a third as many people here.", KEPT),
        ("uk", "Врожай упав утричі.", "The harvest fell to a third.", KEPT),
        ("uk", "Ціни впали вдвічі.", "Prices halved.", KEPT),
        ("it", "È tre volte inferiore.", "It is a third of that.", KEPT),
    ],
)
def test_a_third_is_three_times_less_and_not_three_times(
    language: str, source: str, english: str, expected: str
) -> None:
    assert told(source, language, english) == expected


@pytest.mark.parametrize(
    ("language", "source", "english", "expected"),
    [
        ("uk", "Коштує 12.500 грн.", "It costs 12,500 hryvnias.", KEPT),
        ("uk", "Коштує 12.500 грн.", "It costs 12.5 hryvnias.", NOTICE),
        ("uk", "Прийшло 1.250 осіб.", "1,250 people came.", KEPT),
        ("uk", "Прийшло 1.250 осіб.", "1.25 people came.", WRONG),
        ("uk", "Довжина річки — 6,387 км.", "The river is 6,387 km long.", KEPT),
        ("uk", "Довжина річки — 6,387 км.", "The river is 6.387 km long.", KEPT),
    ],
)
def test_a_separator_read_against_the_convention_is_told_of(
    language: str, source: str, english: str, expected: str
) -> None:
    assert told(source, language, english) == expected


@pytest.mark.parametrize(
    ("english", "expected"),
    [("They found 26 pounds of hashish.", KEPT), ("They found £26.", WRONG), ("They found 62 pounds.", WRONG)],
)
def test_pounds_without_a_sign_may_be_a_weight(english: str, expected: str) -> None:
    assert told("Au găsit 12 kg de hașiș.", "ro", english) == expected


def test_pounds_are_not_rounded_into_pounds() -> None:
    assert told("Pesa 17,1 libbre.", "it", "It weighs 17 pounds.") == WRONG
