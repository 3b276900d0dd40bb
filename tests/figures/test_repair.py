"""Repairs in their order, what is left alone, and the English style that substitution writes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.figures import style
from service.figures.find import find
from service.figures.match import check, summary_line
from service.figures.repair import repair
from service.types import Hypothesis, Repair, RepairMethod, Segment, TranslatedSegment, Verdict


def translated(source: str, english: str, *alternatives: str, index: int = 0, block: int = 0) -> TranslatedSegment:
    hypotheses = tuple(Hypothesis(text, -1.0) for text in alternatives)
    return TranslatedSegment(Segment(index, block, source, 0, len(source)), english, -0.5, alternatives=hypotheses)


def test_an_alternative_that_agrees_comes_first() -> None:
    segment = translated("Au venit 6.000 de oameni.", "6.0 people came.", "6 people came.", "6,000 people came.")
    (fixed,), repairs = repair([segment], "ro", None)
    assert fixed.english == "6,000 people came."
    assert (fixed.alternatives_tried, fixed.score) == (2, -1.0)
    assert repairs[0].method is RepairMethod.ALTERNATIVE
    assert repairs[0].model_text == "6.0 people came."


def test_one_batched_call_decodes_again_what_is_still_wrong() -> None:
    calls: list[list[str]] = []

    def redecode(segments: Sequence[Segment]) -> list[tuple[Hypothesis, ...]]:
        calls.append([segment.text for segment in segments])
        return [(Hypothesis("Seventeen ships sank off Odesa.", -2.0),), (Hypothesis("nothing of use here", -2.0),)]

    segments = [
        translated("Біля Одеси затонули сімнадцять суден.", "Seventy ships sank off Odesa.", index=0),
        translated("Загинули 5 людей.", "5 people died.", index=1),
        translated("Без світла 300 сіл і 20 міст.", "There is no power anywhere.", index=2),
    ]
    fixed, repairs = repair(segments, "uk", redecode)
    assert calls == [[segments[0].source.text, segments[2].source.text]]
    assert fixed[0].english == "Seventeen ships sank off Odesa."
    assert {index: one.method for index, one in repairs.items()} == {0: RepairMethod.REDECODED}
    assert fixed[2].english == segments[2].english


@pytest.mark.parametrize(
    ("language", "source", "english", "expected"),
    [
        ("ro", "Bugetul e de 2,5 miliarde de euro.", "The budget is €2.5 million.", "The budget is €2.5 billion."),
        ("it", "Tre uomini e 12 donne.", "Seven men and 12 women.", "Three men and 12 women."),
        (
            "ro",
            "Pe 10 august au protestat 100.000.",
            "On 11 August 100,000 protested.",
            "On 10 August 100,000 protested.",
        ),
        ("uk", "Ціни зросли на 12,5%.", "Prices rose 125%.", "Prices rose 12.5%."),
        ("uk", "У бою втратили БТР-80.", "A BTR-90 was lost in the battle.", "A BTR-80 was lost in the battle."),
        (
            "uk",
            "Площа 783 562 кв. км (300 948 кв. миль).",
            "The area is 783,562 km (300,948 km).",
            "The area is 783,562 square kilometres (300,948 square miles).",
        ),
        ("ro", "Au 2220 și 2207 puncte.", "They have 22220 and 207 points.", "They have 2,220 and 2,207 points."),
        ("ro", "1000 de mile și 500 de mile", "100 miles and 50 miles", "1,000 miles and 500 miles"),
        ("ro", "Un bărbat de 18 ani a fugit.", "A 13-year-old man fled.", "An 18-year-old man fled."),
        ("ro", "o creștere de 8%", "A 5% increase", "An 8% increase"),
        ("it", "un aumento del 5%", "an 8% increase", "a 5% increase"),
        ("uk", "збільшення на 11 тисяч", "a 12,000 increase", "an 11,000 increase"),
        ("ro", "Meciul începe la 21:45.", "The match starts at 9:15.", "The match starts at 9:45 p.m."),
        ("it", "Rossi, 47 anni, è morto.", "Rossi, 74, died.", "Rossi, 47, died."),
        ("ro", "Două treimi dintre elevi au plecat.", "A third of the pupils left.", "Two-thirds of the pupils left."),
        ("ro", "Pe 3 septembrie a nins.", "It snowed on the 5th of September.", "It snowed on 3 September."),
        ("uk", "за три-шість місяців", "within three months", "within 3-6 months"),
        ("ro", "Pe 10 august 2018 s-a votat.", "The vote was on August 2018.", "The vote was on 10 August 2018."),
        ("uk", "кожних двадцять чи тридцять хвилин", "every twelfth or thirteen minutes", "every 20-30 minutes"),
        ("ro", "Între 1492 și 1498.", "Between 1492 and 14988.", "Between 1492 and 1498."),
        ("it", "da 3 a 6 mesi", "from 3 to 7 months", "from 3 to 6 months"),
        ("it", "tra 3 e 6 milioni di euro", "between 3 and 7 million euros", "between €3 million and €6 million"),
        ("ro", "în secolul al XVIII-lea", "in the 1772th century", "in the 18th century"),
        ("uk", "за два десятиріччя", "in three decades", "in two decades"),
        ("ro", "un sfert din oraș", "the half of the town", "the quarter of the town"),
    ],
)
def test_substitution_writes_english(language: str, source: str, english: str, expected: str) -> None:
    (fixed,), repairs = repair([translated(source, english)], language, None)
    assert fixed.english == expected
    assert repairs[0].method is RepairMethod.SUBSTITUTED


@pytest.mark.parametrize(
    ("language", "source", "english", "expected"),
    [
        ("it", "Papa Leone XIV prega.", "Pope Leo XIII prays.", "Pope Leo XIV prays."),
        ("uk", "Коронація Карла III була вчора.", "Charles II’s coronation was yesterday.", "Charles III’s"),
        ("ro", "A luptat în Primul Război Mondial.", "He fought in World War II.", "World War I."),
    ],
)
def test_a_roman_numeral_is_written_for_a_roman_numeral(
    language: str, source: str, english: str, expected: str
) -> None:
    (fixed,), _ = repair([TranslatedSegment(Segment(0, 0, source, 0, len(source)), english)], language, None)
    assert expected in fixed.english


def test_nothing_is_guessed_between_two_candidates() -> None:
    for source, english in (
        ("5 uomini e 7 donne", "6 men and 8 women"),
        ("1200 uomini e 1300 donne", "100 men and 11300 women"),
        ("il 190° posto", "the $190th place"),
        ("tre squadre", "the fourth team"),
    ):
        segment = translated(source, english)
        (fixed,), repairs = repair([segment], "it", None)
        assert fixed.english == segment.english
        assert repairs == {}


def test_another_answer_is_taken_where_substitution_puts_only_that_one_right() -> None:
    segment = translated("5 uomini e 7 donne", "6 men and 8 women", "6 men and 7 women")
    (fixed,), repairs = repair([segment], "it", None)
    assert fixed.english == "5 men and 7 women"
    assert fixed.score == -1.0
    assert repairs[0] == Repair(RepairMethod.SUBSTITUTED, segment.english)


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        # What stands turned may be told so: one figure written over would be half an exchange.
        (
            "ro",
            "Chiria a crescut cu 1.500 de lei, la 7.500 de lei.",
            "Rent rose to 7,500 lei, an increase of 1,500 lei.",
        ),
        # The sign may stand with another number of the source.
        ("it", "Ha 30 deputati.", "It has 30% of the deputies."),
        ("it", "Il latte rincara di 4 centesimi.", "Milk goes up four cents."),
        ("ro", "Un kilowatt costă 9 eurocenți.", "A kilowatt costs 9 cents."),
    ],
)
def test_nothing_is_written_where_that_may_be_worse(language: str, source: str, english: str) -> None:
    (same,), repairs = repair([translated(source, english)], language, None)
    assert (same.english, repairs) == (english, {})


def test_cents_of_another_currency_are_wrong() -> None:
    (fixed,), _ = repair([translated("Costa 20 centesimi di euro.", "It costs 20 US cents.")], "it", None)
    assert fixed.english == "It costs €0.20."


def test_right_figures_and_english_texts_are_left_alone() -> None:
    right = translated("5 uomini", "5 men", "6 men")
    assert repair([right], "it", None) == ((right,), {})
    passed = translated("5 men", "6 men")
    assert repair([passed], "en", None) == ((passed,), {})


def test_a_repaired_figure_is_reported_beside_those_that_were_right() -> None:
    segment = translated("Tre uomini e 12 donne.", "Seven men and 12 women.")
    fixed, repairs = repair([segment], "it", None)
    checks = check(fixed, "it", repairs)
    assert [one.verdict for one in checks] == [Verdict.REPAIRED, Verdict.KEPT]
    assert checks[0].repair == repairs[0]
    assert checks[1].repair is None
    assert summary_line(checks) == "2 figures: 1 kept, 1 repaired"


def test_a_truncated_answer_is_not_taken() -> None:
    source = Segment(0, 0, "5 uomini", 0, 8)
    segment = TranslatedSegment(source, "6 men", alternatives=(Hypothesis("5 men", -1.0, truncated=True),))
    _, repairs = repair([segment], "it", None)
    assert repairs[0].method is RepairMethod.SUBSTITUTED


@pytest.mark.parametrize(
    ("language", "text", "english"),
    [
        ("ro", "6.000 de oameni", "6,000"),
        ("it", "2,5 miliardi di euro", "€2.5 billion"),
        ("uk", "40 відсотків", "40%"),
        ("uk", "10 серпня 2018 року", "10 August 2018"),
        ("ro", "la ora 14:30", "2:30 p.m."),
        ("it", "il XXI secolo", "21st century"),
        ("it", "tra 10 e 15 milioni di euro", "€10-15 million"),
        ("ro", "al treilea", "3rd"),
        ("it", "due terzi", "two-thirds"),
        ("uk", "утричі", "three times"),
        ("uk", "300 гривень", "300 hryvnias"),
        ("it", "-5 °C", "-5°C"),
        ("uk", "Т-72", "T-72"),
        ("it", "44 a.C.", "44 BC"),
        ("ro", "anii '90", "1990s"),
        ("ro", "2,3 puncte procentuale", "2.3 percentage points"),
        ("it", "un milione e duecentotrentaquattromila", "1.234 million"),
        ("it", "1.234.567 voti", "1,234,567"),
    ],
)
def test_figures_in_english_style(language: str, text: str, english: str) -> None:
    (figure,) = find(text, language)
    assert style.write(figure, language) == english


def test_an_english_text_is_normalised_without_changing_a_value() -> None:
    text = "In 2023 some 6000 people paid 2.5 bln euros, 40 percent of 25000 lei; call 0800 500 155."
    styled = style.normalise(text)
    assert styled == "In 2023 some 6,000 people paid €2.5 billion, 40% of 25,000 lei; call 0800 500 155."
    assert [one.value for one in find(styled, "en")] == [one.value for one in find(text, "en")]
    assert style.normalise(styled) == styled
