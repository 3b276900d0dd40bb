"""Verdicts on pairs of sentences, and on segments of a block."""

from __future__ import annotations

import pytest

from service.figures.match import check, compare, summary_line
from service.types import Segment, Severity, TranslatedSegment, Verdict


def verdicts(source: str, language: str, english: str) -> list[str]:
    return [one.verdict.value for one in compare(source, language, english)]


@pytest.mark.parametrize(
    ("language", "source", "english"),
    [
        ("ro", "Au venit 6.000 de oameni.", "6,000 people came."),
        ("it", "Il XXI secolo è iniziato male.", "The 21st century began badly."),
        ("uk", "Це сталося о 14:30.", "It happened at 2:30 p.m."),
        ("uk", "Довжина річки — 6,387 км.", "The river is 6,387 km long."),
        ("ro", "Jumătate din elevi au lipsit.", "Fifty percent of the pupils were absent."),
        ("it", "Due uomini sono morti, entrambi italiani.", "Two men died, both Italian."),
        ("ro", "Între 50 și 100 de persoane.", "From 50 up to 100 people."),
    ],
)
def test_what_says_the_same_is_kept(language: str, source: str, english: str) -> None:
    assert set(verdicts(source, language, english)) == {"kept"}


def test_conversion_is_told_apart() -> None:
    assert verdicts("A 160 km de oraș.", "ro", "100 miles from the city.") == ["converted"]


def test_lost_thousands_are_a_change() -> None:
    (one,) = compare("6.000 de soldați", "ro", "6.0 soldiers")
    assert (one.verdict, one.severity) == (Verdict.CHANGED, Severity.ERROR)
    assert "1,000 times too small" in one.reason


@pytest.mark.parametrize(
    ("language", "source", "english", "verdict"),
    [
        ("ro", "la ora 14:30", "at 2:30 a.m.", "changed"),
        ("it", "alle 16.20", "at 4:20 a.m.", "changed"),
        ("uk", "о 00:00", "at 12 p.m.", "changed"),
        ("ro", "la ora 14:30", "at 2:30", "kept"),
        ("uk", "о 00:30", "at 12:30 a.m.", "kept"),
        ("ro", "la ora 2:30", "at 2:30 p.m.", "kept"),  # nobody has said which half of the day
    ],
)
def test_a_clock_that_says_its_half_of_the_day_is_held_to_it(
    language: str, source: str, english: str, verdict: str
) -> None:
    assert verdicts(source, language, english) == [verdict]


@pytest.mark.parametrize(
    ("language", "source", "english", "verdict"),
    [
        ("ro", "Peste 50.000 de oameni", "Fewer than 50,000 people", "changed"),
        ("it", "Meno di 200 persone", "More than 200 people", "changed"),
        ("uk", "Понад 30 дронів", "Nearly 30 drones", "changed"),
        ("uk", "щонайменше 5 людей", "up to 5 people", "changed"),
        ("ro", "nu mai puțin de 50 de oameni", "no fewer than 50 people", "kept"),
        ("it", "non più di 50 persone", "at most 50 people", "kept"),
        ("uk", "не менше 50 людей", "at least 50 people", "kept"),
        ("ro", "circa 50 de oameni", "nearly 50 people", "kept"),
        ("ro", "peste 50 de oameni", "50 people", "kept"),
    ],
)
def test_more_is_not_less(language: str, source: str, english: str, verdict: str) -> None:
    (one,) = compare(source, language, english)
    assert one.verdict.value == verdict
    assert ("in the source and" in one.reason) == (verdict == "changed")


@pytest.mark.parametrize("english", ["the 17th", "in 17th place"])
def test_a_rank_is_no_amount(english: str) -> None:
    assert verdicts("17 kilograme", "ro", english) == ["changed"]


def test_an_age_needs_no_years() -> None:
    (one,) = compare("Rossi, 47 anni, è morto.", "it", "Rossi, 47, died.")
    assert (one.verdict, one.severity) == (Verdict.KEPT, Severity.NONE)


def test_missing_and_added() -> None:
    assert verdicts("Au fost 12 morți.", "ro", "There were deaths.") == ["missing"]
    assert verdicts("Au fost morți.", "ro", "There were 12 deaths.") == ["added"]


def test_a_figure_may_move_inside_its_block_but_not_beyond() -> None:
    def segment(index: int, block: int, source: str, english: str) -> TranslatedSegment:
        return TranslatedSegment(Segment(index, block, source, 0, len(source)), english)

    first, second = segment(0, 0, "Au venit 37 de oameni.", "People came."), segment(1, 0, "Au plecat.", "All 37 left.")
    assert [one.verdict for one in check([first, second], "ro")] == [Verdict.KEPT]
    apart = segment(1, 1, "Au plecat.", "All 37 left.")
    assert [one.verdict for one in check([first, apart], "ro")] == [Verdict.MISSING, Verdict.ADDED]


def test_english_passed_through_keeps_everything() -> None:
    assert set(verdicts("In 2023, 5 of 12 left at 3 p.m.", "en", "ignored")) == {"kept"}


def test_summary_line() -> None:
    assert summary_line(()) == "no figures"
    assert summary_line(compare("5 la sută din 300", "ro", "5 percent of 400")) == "2 figures: 1 kept, 1 changed"
    assert summary_line(compare("5 mere", "ro", "5 apples")) == "1 figure: 1 kept"
