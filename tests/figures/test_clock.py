"""Times of day: in digits, in words, and with the words that say which half of the day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.figures.clock import says_half
from service.figures.find import find
from service.figures.match import compare
from service.types import FigureKind, Verdict


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("it", "alle 20,45", "20:45"),
        ("it", "alle ore 20,30 di domenica", "20:30"),
        ("it", "alle 18 di ieri", "18:00"),
        ("it", "alle 20 e 30", "20:30"),
        ("it", "alle 8 e 15", "08:15"),
        ("it", "alle otto e mezza", "08:30"),
        ("it", "verso le nove e un quarto", "09:15"),
        ("it", "alle nove meno un quarto", "08:45"),
        ("it", "alle 11 di notte", "23:00"),
        ("it", "alle 2 di notte", "02:00"),
        ("ro", "ora 11 noaptea", "23:00"),
        ("ro", "ora 12 noaptea", "00:00"),
        ("ro", "ora 3 noaptea", "03:00"),
        ("ro", "la șapte și jumătate", "07:30"),
        ("ro", "la ora 7 și 20 de minute", "07:20"),
        ("ro", "ora opt fără un sfert", "07:45"),
        ("ro", "14.32 - Premierul a sosit", "14:32"),
        ("uk", "о пів на сьому", "06:30"),
        ("uk", "о пів на першу ночі", "00:30"),
        ("uk", "о пів на сьому вечора", "18:30"),
        ("uk", "за чверть восьма", "07:45"),
        ("uk", "о 7 годині 20 хвилин", "07:20"),
        ("uk", "о 24.00", "00:00"),
        ("uk", "до 18.30", "18:30"),
        ("en", "at half past six", "06:30"),
        ("en", "a quarter to nine", "08:45"),
        ("en", "quarter past 9 in the evening", "21:15"),
        ("en", "at 11 at night", "23:00"),
        ("en", "14.32 – The prime minister has arrived", "14:32"),
        ("en", "at 18 hours", "18:00"),
        ("en", "by 0630 hours", "06:30"),
        ("it", "alle 20 ore italiane", "20:00"),
        ("it", "dalle 20h30", "20:30"),
        ("uk", "близько 22 години", "22:00"),
        ("uk", "близько 3 години ночі", "03:00"),
        ("uk", "близько третьої години", "03:00"),
        ("uk", "близько 3-ї години", "03:00"),
        ("uk", "на 18 годину", "18:00"),
        ("uk", "до 18 год. 30 хв.", "18:30"),
    ],
)
def test_a_time_is_read(language: str, text: str, value: str) -> None:
    (figure,) = find(text, language)
    assert (figure.kind, figure.value) == (FigureKind.TIME, value)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "dalle 20,45 euro in su"),
        ("it", "sono salite a 20,45"),
        ("it", "alle 13 vittime"),
        ("it", "dopo le due e mezza ore"),
        ("ro", "a crescut la șapte și jumătate la sută"),
        ("ro", "la două milioane și jumătate"),
        ("ro", "14.32 - 15.20 lei"),
        ("uk", "від 2 до 4 годин"),
        ("uk", "до 24.15"),
        ("en", "two and a half"),
        ("en", "in the third quarter to 12 percent"),
        ("en", "about 14.32 - the price"),
        ("en", "by 24 hours"),
        ("en", "about five hours"),
        ("en", "after 3 hours of talks"),
        ("it", "superate le 24 ore"),
        ("it", "nel corso delle 12 ore"),
        ("it", "oltre le 3 ore"),
        ("uk", "на 3 години"),
        ("uk", "затримався на 4 години"),
        ("uk", "близько 3 години"),
        ("uk", "на 1 годину"),
        ("uk", "шлях займає 2 год 15 хв"),
        ("en", "killed 6 and wounded 10"),
    ],
)
def test_other_numbers_are_no_times(language: str, text: str) -> None:
    assert all(figure.kind is not FigureKind.TIME for figure in find(text, language))


def test_two_hours_of_the_day_are_no_duration() -> None:
    assert [figure.value for figure in find("працює з 8 до 20 години", "uk")] == ["08:00", "20:00"]
    (hours,) = find("триває від 8 до 20 годин", "uk")
    assert (hours.kind, hours.unit) == (FigureKind.DURATION, "h")


def test_two_hours_joined_by_and_are_two_times() -> None:
    assert [figure.value for figure in find("alle 13 e alle 20", "it")] == ["13:00", "20:00"]
    assert [figure.text for figure in find("alle 13 e 20", "it")] == ["13", "20"]


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "from 6 to 10 p.m.", ["18:00", "22:00"]),
        ("en", "between 6 and 10 p.m.", ["18:00", "22:00"]),
        ("en", "at 6 or 7 p.m.", ["18:00", "19:00"]),
        ("en", "6–10pm", ["18:00", "22:00"]),
        ("en", "6 to 8:30 p.m.", ["18:00", "20:30"]),
        ("en", "from 9 to 11 a.m.", ["09:00", "11:00"]),
        ("en", "from 11 to 2 p.m.", ["11:00", "14:00"]),
        ("it", "dalle 6 alle 10 di sera", ["18:00", "22:00"]),
        ("ro", "între orele 6 și 10 seara", ["18:00", "22:00"]),
        ("uk", "від 3 до 5 дня", ["15:00", "17:00"]),
        ("ro", "între orele 18.00 și 22.30", ["18:00", "22:30"]),
        ("ro", "orele 8,30 - 10,15", ["08:30", "10:15"]),
        ("ro", "la 10-11:45", ["10:00", "11:45"]),
        ("uk", "з 18 до 22:30", ["18:00", "22:30"]),
        ("it", "dalle ore 18.00 alle 22.30", ["18:00", "22:30"]),
    ],
)
def test_two_times_share_what_is_said_of_one(language: str, text: str, values: list[str]) -> None:
    assert [(figure.kind, figure.value) for figure in find(text, language)] == [(FigureKind.TIME, v) for v in values]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "won 6-4 at 7 p.m."),
        ("en", "lost 6 men and 10 p.m. came"),
        ("ro", "ora 18.00, 22.30 lei"),
        ("ro", "între orele 18.00 și 22.30 lei"),
    ],
)
def test_what_else_stands_beside_a_time_is_none(language: str, text: str) -> None:
    assert sum(figure.kind is FigureKind.TIME for figure in find(text, language)) == 1


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("uk", "О пів на сьому вибухнуло.", "It exploded at half past six.", True),
        ("uk", "О пів на сьому вибухнуло.", "It exploded at half past seven.", False),
        ("it", "Si comincia alle otto e mezza.", "It begins at 8:30 p.m.", True),
        ("it", "Si comincia alle otto e mezza.", "It begins at half past nine.", False),
        ("it", "Si comincia alle 20,45.", "It begins at 8:45 p.m.", True),
        ("it", "Si comincia alle 20,45.", "It begins at 8:54 p.m.", False),
        ("it", "Si comincia alle 8,30.", "It begins at 8.30.", True),
        ("ro", "Începe la ora 11 noaptea.", "It begins at 11 p.m.", True),
        ("ro", "Începe la ora 11 noaptea.", "It begins at 11 a.m.", False),
        ("uk", "Працює з 8 до 20 години.", "It is open from 8 a.m. to 8 p.m.", True),
        ("uk", "Працює з 8 до 20 години.", "It is open from 8 a.m. to 9 p.m.", False),
        ("uk", "Працює з 18:00 до 22:00.", "It is open from 6 to 10 p.m.", True),
        ("uk", "Працює з 18:00 до 22:00.", "It is open from 6 to 11 p.m.", False),
        ("uk", "Працює з 18:00 до 22:00.", "It is open from 6 to 10 a.m.", False),
        ("ro", "Închis între orele 8.30 și 10.15.", "Closed between 8:30 and 10:15 a.m.", True),
        ("ro", "Închis între orele 8.30 și 10.15.", "Closed between 8:30 and 10:50 a.m.", False),
        ("ro", "Votul a fost amânat cu 24 de ore.", "The vote was put off by 24 hours.", True),
        ("ro", "Votul a fost amânat cu 24 de ore.", "The vote was put off by 48 hours.", False),
        ("uk", "Рух перекрили на 3 години.", "Traffic was stopped for 3 hours.", True),
        ("uk", "Рух перекрили на 3 години.", "Traffic was stopped at 3 o'clock.", False),
    ],
)
def test_times_are_compared(language: str, source: str, english: str, right: bool) -> None:
    assert all(one.verdict is Verdict.KEPT for one in compare(source, language, english)) is right


@pytest.mark.parametrize("text", ["2 p.m.", "5 ранку", "11 noaptea", "otto di sera", "noon", "half past six at night"])
def test_a_time_may_say_its_half_of_the_day(text: str) -> None:
    assert says_half(text)


@pytest.mark.parametrize("text", ["", "8:30", "otto e mezza", "half past six", "пів на сьому", "9 GMT"])
def test_a_time_may_leave_its_half_of_the_day_open(text: str) -> None:
    assert not says_half(text)


@given(hour=st.integers(0, 23), minute=st.integers(0, 59), separator=st.sampled_from(":.,"))
def test_every_minute_behind_an_italian_word_of_the_clock_is_read(hour: int, minute: int, separator: str) -> None:
    (figure,) = find(f"alle {hour}{separator}{minute:02d}", "it")
    assert figure.value == f"{hour:02d}:{minute:02d}"


@pytest.mark.parametrize(
    ("language", "source", "english", "right"),
    [
        ("it", "Alle 15 parla la ministra.", "At 3 this afternoon the minister speaks.", True),
        ("it", "Alle 15 parla la ministra.", "At 3 this morning the minister speaks.", False),
        ("uk", "Сесія почнеться о 12:00.", "The session starts at 12 noon.", True),
        ("ro", "La 00:30 a sunat alarma.", "At half past midnight the alarm rang.", True),
        ("ro", "Au fost răniți 12 oameni azi-dimineață.", "They hurt 12 this morning.", True),
    ],
)
def test_halves_of_a_day_behind_hours(language: str, source: str, english: str, right: bool) -> None:
    assert ({one.verdict for one in compare(source, language, english)} == {Verdict.KEPT}) is right
