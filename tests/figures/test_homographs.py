"""Words that look like a unit, a multiplier or a month and are mostly something else: `won`, `ban`, `set.`, `may`."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Verdict

RIGHT = {Verdict.KEPT, Verdict.CONVERTED}


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("it", "Ha chiuso la finale in due set.", "She closed the final in two sets."),
        ("it", "La partita è durata 3 set.", "The match went to 3 sets."),
        ("it", "In strada 3 mezzi dei pompieri.", "3 fire engines are in the street."),
        ("it", "In strada tre mezzi dei pompieri.", "Three fire engines are in the street."),
        ("it", "Mezzo milione di euro e mezz'ora.", "Half a million euros and half an hour."),
        ("ro", "Alianța a strâns 12 milioane de voturi.", "The alliance won 12 million votes."),
        ("ro", "Dintre candidați, 42 au intrat în consiliu.", "Of the candidates, 42 won seats."),
        ("ro", "Are 24 de titluri mari.", "She has 24 Grand Slam titles."),
        ("it", "Il Gran Premio del 2024 si corre di notte.", "The 2024 Grand Prix is a night race."),
        ("ro", "Interdicția din 2022 rămâne.", "The 2022 ban stays."),
        ("ro", "10 firme imobiliare", "10 real estate firms"),
        ("ro", "O pâine costa 50 de bani.", "A loaf cost 50 bani."),
        ("it", "Vale 50 miliardi di won sudcoreani.", "It is worth 50 billion South Korean won."),
        ("uk", "У 2014 вони виїхали.", "In 2014 they left."),
        ("uk", "Їх 15, вона ж одна.", "There are 15 of them, and she is alone."),
        ("uk", "Передали 155-мм снаряди.", "They handed over 155mm shells."),
        ("ro", "Au căzut 50 mm de ploaie.", "There was 50mm of rain."),
        ("uk", "Кулемет калібру 7,62 мм.", "A 7.62mm machine gun."),
        ("ro", "Cel puțin 20 de mineri ar fi murit.", "At least 20 may have died."),
        ("uk", "Щороку 25 ветеранів ідуть маршем.", "Every year 25 march past."),
    ],
)
def test_other_words_are_no_part_of_a_figure(language: str, source: str, english: str) -> None:
    checks = compare(source, language, english)
    assert checks
    assert {one.verdict for one in checks} <= RIGHT, [one.reason for one in checks]


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("it", "Ha chiuso la finale in due set.", "She closed the final in three sets."),
        ("it", "In strada 3 mezzi dei pompieri.", "2 fire engines are in the street."),
        ("ro", "Alianța a strâns 1,2 milioane de voturi.", "The alliance won 12 million votes."),
        ("ro", "155 de milioane de obuze", "155mm shells"),
    ],
)
def test_a_wrong_figure_beside_them_is_seen(language: str, source: str, english: str) -> None:
    assert not {one.verdict for one in compare(source, language, english)} <= RIGHT


@pytest.mark.parametrize(
    ("language", "text", "kind", "value", "unit"),
    [
        ("en", "50 billion South Korean won", FigureKind.MONEY, "50000000000", "KRW"),
        ("en", "50 bani", FigureKind.MONEY, "0.5", "RON"),
        ("en", "$5mn", FigureKind.MONEY, "5000000", "USD"),
        ("en", "7.62mm", FigureKind.MEASURE, "7.62", "mm"),
        ("en", "on 20 May", FigureKind.DATE, "--05-20", None),
        ("en", "ON 20 MAY", FigureKind.DATE, "--05-20", None),
        ("en", "20 may 2024", FigureKind.DATE, "2024-05-20", None),
        ("ro", "pe 20 mai", FigureKind.DATE, "--05-20", None),
        ("it", "15 sett. 2023", FigureKind.DATE, "2023-09-15", None),
        ("it", "mezz'ora", FigureKind.DURATION, "0.5", "h"),
    ],
)
def test_the_figures_that_they_are_are_found(
    language: str, text: str, kind: FigureKind, value: str, unit: str | None
) -> None:
    (figure,) = find(text, language)
    assert (figure.kind, figure.unit) == (kind, unit)
    assert figure.value == (value if isinstance(figure.value, str) else Decimal(value))
