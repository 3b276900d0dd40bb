from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.summary.brief import Brief, Highlights, Length
from service.summary.highlight import RIGHT, choose, key_figures, marks_of_segment
from service.types import Check, Figure, FigureKind, Severity, Summary, SummarySentence, Verdict
from tests.summary.making import WIRE, check, figure, segments

TEXT = "The first of 27 wounded left; repairs cost €140 million, up 40%, after 186 mm of rain on 12 May 2025."
CHECKS = [
    check("f1", figure(TEXT, "first", 1, FigureKind.ORDINAL)),
    check("f2", figure(TEXT, "27", 27)),
    check("f3", figure(TEXT, "€140 million", 140_000_000, FigureKind.MONEY, "EUR")),
    check("f4", figure(TEXT, "40%", 40, FigureKind.PERCENT, "%")),
    check("f5", figure(TEXT, "186 mm", 186, FigureKind.MEASURE, "mm")),
    check("f6", figure(TEXT, "12 May 2025", "2025-05-12", FigureKind.DATE)),
]


def summary(*sentences: SummarySentence) -> Summary:
    return Summary("wire", sentences)


def whole(text: str = TEXT, checks: list[Check] = CHECKS) -> Summary:
    return summary(SummarySentence(0, text, tuple(one.id for one in checks)))


def limited(**limits: object) -> Brief:
    return Brief(title="T", length=Length(sentences=3), highlights=Highlights.model_validate(limits, strict=False))


def marked(brief: Brief, checks: list[Check] = CHECKS) -> list[str]:
    (marks,) = choose(checks, whole(checks=checks), segments([TEXT]), brief)
    return [TEXT[mark.start : mark.end] for mark in marks if mark.right]


def test_the_most_important_stand_out_up_to_the_limits() -> None:
    assert marked(limited(per_sentence=1)) == ["€140 million"]
    assert marked(limited(per_sentence=9, total=2)) == ["27", "€140 million"]
    assert marked(limited(per_sentence=0)) == []


def test_what_nobody_looks_for_never_stands_out() -> None:
    assert "first" not in marked(limited(per_sentence=9, total=9))


def test_only_the_kinds_of_the_brief_stand_out_the_first_named_first() -> None:
    assert marked(limited(kinds=["measure", "percent"], per_sentence=9)) == ["40%", "186 mm"]
    assert marked(limited(kinds=["date", "ordinal"], per_sentence=9)) == ["first", "12 May 2025"]


def test_a_question_brings_its_kind_forward() -> None:
    asked = WIRE.model_copy(update={"questions": ("By what percentage?",), "highlights": Highlights(per_sentence=1)})
    assert marked(asked) == ["40%"]


@pytest.mark.parametrize("verdict", [Verdict.CHANGED, Verdict.ADDED])
def test_a_wrong_figure_is_marked_and_never_as_right(verdict: Verdict) -> None:
    original = figure("150", "150", 150) if verdict is Verdict.CHANGED else None
    wrong = check("f3", figure(TEXT, "€140 million", 140_000_000), original, verdict=verdict)
    (marks,) = choose([wrong], whole(checks=[wrong]), segments([TEXT]), limited(per_sentence=0))
    (mark,) = marks
    assert not mark.right
    assert TEXT[mark.start : mark.end] == "€140 million"


def test_a_missing_figure_is_marked_at_the_end() -> None:
    missing = check("f9", None, figure("900", "900", 900), verdict=Verdict.MISSING)
    ((mark,),) = choose([missing], whole(checks=[missing]), segments([TEXT]), WIRE)
    assert (mark.start, mark.end, mark.right) == (len(TEXT), len(TEXT), False)


def test_what_is_no_cause_for_worry_is_not_marked() -> None:
    harmless = check("f1", figure(TEXT, "first", 1), verdict=Verdict.ADDED, severity=Severity.NONE)
    assert choose([harmless], whole(checks=[harmless]), segments([TEXT]), WIRE) == [()]
    assert marks_of_segment([harmless], segments([TEXT])[0]) == ()


def test_a_value_told_twice_stands_out_once() -> None:
    texts = ["They sent 6,000 men.", "The 6,000 men came."]
    checks = [check("f1", figure(texts[0], "6,000", 6000)), check("f2", figure(texts[1], "6,000", 6000), segment=1)]
    told = summary(SummarySentence(0, texts[0], ("f1",)), SummarySentence(1, texts[1], ("f2",)))
    assert [len(marks) for marks in choose(checks, told, segments(texts), WIRE)] == [1, 0]


def test_a_trimmed_sentence_keeps_its_marks_in_place() -> None:
    text = "Meanwhile, the ferry carries 2,000 people."
    told = SummarySentence(0, "The ferry carries 2,000 people.", ("f1",), "Meanwhile,")
    checks = [check("f1", figure(text, "2,000", 2000))]
    ((mark,),) = choose(checks, summary(told), segments([text]), WIRE)
    assert told.text[mark.start : mark.end] == "2,000"


def test_key_figures_are_every_doubtful_one_and_the_best_of_the_others_in_order() -> None:
    wrong = check("f1", figure(TEXT, "first", 1), figure("2", "2", 2), verdict=Verdict.CHANGED)
    rows = key_figures([wrong, *CHECKS[1:]], segments([TEXT]), WIRE, most=3)
    assert [(row.value, row.counts, row.original, row.right) for row in rows] == [
        ("first", "", "2", False),
        ("27", "wounded", "27", True),
        ("€140 million", "", "€140 million", True),
    ]


@given(
    st.lists(st.sampled_from(sorted(Verdict)), min_size=len(CHECKS), max_size=len(CHECKS)),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_marks_lie_inside_the_sentence_in_order_and_right_ones_are_right(
    verdicts: list[Verdict], per_sentence: int, total: int
) -> None:
    other = figure("7", "7", Decimal(7))
    checks = [
        check(
            one.id,
            one.english.figure if one.english and verdict is not Verdict.MISSING else None,
            None if verdict is Verdict.ADDED else other,
            verdict=verdict,
        )
        for one, verdict in zip(CHECKS, verdicts, strict=True)
    ]
    brief = limited(per_sentence=per_sentence, total=total)
    (marks,) = choose(checks, whole(checks=checks), segments([TEXT]), brief)
    assert all(0 <= mark.start <= mark.end <= len(TEXT) for mark in marks)
    assert list(marks) == sorted(marks, key=lambda mark: (mark.start, mark.end))
    assert all(mark.right == (mark.check.verdict in RIGHT) for mark in marks)
    assert sum(mark.right for mark in marks) <= min(per_sentence, total)
    assert sum(not mark.right for mark in marks) == sum(verdict not in RIGHT for verdict in verdicts)


def test_a_range_told_as_two_figures_is_shown_whole() -> None:
    text = "Between 5 and 9 degrees are expected, after 4 on Monday."
    spread = Figure("5 e 9 gradi", 0, 11, FigureKind.MEASURE, None, low=Decimal(5), high=Decimal(9), unit="deg")
    (shown,) = key_figures([check("f1", figure(text, "5", 5), spread)], segments([text]), WIRE)
    assert (shown.value, shown.original) == ("5 and 9 degrees", "5 e 9 gradi")
    lost = "Around 5 are expected, after 4 on Monday."
    (shown,) = key_figures([check("f1", figure(lost, "5", 5), spread)], segments([lost]), WIRE)
    assert shown.value == "5"


def test_a_bare_year_is_no_key_figure_unless_the_brief_asks_for_years() -> None:
    text = "In 2017 the council voted."
    year = [check("f1", figure(text, "2017", 2017, FigureKind.YEAR))]
    assert not key_figures(year, segments([text]), WIRE)
    assert key_figures(year, segments([text]), limited(kinds=("year",)))
