import random

from models.training import corpus, robust


def test_romanian_without_diacritics() -> None:
    table = corpus.language("ro").plain
    assert robust.plain("Știrile țării, încă în Bălți", table) == "Stirile tarii, inca in Balti"


def test_quotes_change_in_the_source_and_become_plain_in_english() -> None:
    made = robust.requote("El a spus „bine” ieri.", "He said “fine” yesterday.", ["«…»"], random.Random(1))
    assert made == ("El a spus «bine» ieri.", 'He said "fine" yesterday.')


def test_unequal_quotes_stay() -> None:
    assert robust.requote("El a spus „bine”.", "He said fine.", ["«…»"], random.Random(1)) is None


def test_marks_that_are_left_over_stay() -> None:
    assert robust.requote('Ecran de 5" și "bine"', 'A 5" screen and "fine"', ["«…»"], random.Random(1)) is None
    assert robust.requote('"A" și "nu"', '"A" and "no"', ["«…»"], random.Random(1)) == ("«A» și «nu»", '"A" and "no"')


def test_the_stop_goes_on_both_sides_or_none() -> None:
    assert robust.unstopped("Plouă.", "It rains.") == ("Plouă", "It rains")
    assert robust.unstopped("Plouă...", "It rains.") is None
    assert robust.unstopped("Plouă", "It rains.") is None


def test_shouting_is_shouting_on_both_sides() -> None:
    assert robust.shout("Știri noi", "News") == ("ȘTIRI NOI", "NEWS")
