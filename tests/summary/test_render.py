"""All formats show the same report, and none lets the article's text become markup."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser

from service.summary import render
from service.summary.brief import Brief
from service.summary.page import NO_SUMMARY, VERDICTS, clean
from service.types import BlockKind, FigureKind, Report, Severity, Verdict, WarningKind
from tests.summary.making import WIRE, check, figure, report

TITLE = "Flood in Lowmouth"
FIRST = "Some 3,200 people left and 27 were hurt; repairs cost €140 million."
SECOND = "The river rose to 7.85 metres."
HEADING, ITEM, QUOTE = "What comes next", "more rain on Monday", "We were afraid."
KINDS = [
    BlockKind.TITLE,
    BlockKind.PARAGRAPH,
    BlockKind.PARAGRAPH,
    BlockKind.HEADING,
    BlockKind.LIST_ITEM,
    BlockKind.QUOTE,
]
CHECKS = [
    check("f1", figure(FIRST, "3,200", 3200), figure("3.200", "3.200", 3200), segment=1),
    check("f2", figure(FIRST, "27", 27), figure("72", "72", 72), segment=1, verdict=Verdict.CHANGED),
    check(
        "f3",
        figure(FIRST, "€140 million", 140_000_000, FigureKind.MONEY, "EUR"),
        figure("140 milioni di euro", "140 milioni di euro", 140_000_000, FigureKind.MONEY, "EUR"),
        segment=1,
    ),
    check("f4", None, figure("1951", "1951", "1951", FigureKind.YEAR), segment=2, verdict=Verdict.MISSING),
]


def ansi(report: Report, *, brief: Brief) -> str:
    """What a terminal shows, with its colours, for a width of 100 columns."""
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="standard", width=100, legacy_windows=False).print(
        render.console(report, brief=brief)
    )
    return out.getvalue()


RENDERERS: list[Callable[..., str]] = [render.markdown, render.html, render.text, ansi]


def flood() -> Report:
    return report(
        [TITLE, FIRST, SECOND, HEADING, ITEM, QUOTE],
        CHECKS,
        kinds=KINDS,
        chosen=(1, 2),
        warnings={5: WarningKind.LOW_CONFIDENCE},
        dropped=["BUY NOW"],
    )


@pytest.mark.parametrize("renderer", RENDERERS)
def test_every_format_shows_the_whole_report(renderer: Callable[..., str]) -> None:
    shown = " ".join(renderer(flood(), brief=WIRE).split())
    for part in (
        TITLE,
        "Wire",
        "3.200",
        "140 milioni di euro",
        HEADING,
        "more rain",
        "BUY NOW",
        "tolmach-mini",
        "Romanian",
    ):
        assert part in shown
    assert VERDICTS[Verdict.CHANGED] in shown
    assert VERDICTS[Verdict.MISSING] in shown
    assert "unsure" in shown


def test_markdown_makes_right_figures_bold_and_says_what_is_wrong_with_the_others() -> None:
    shown = render.markdown(flood(), brief=WIRE)
    assert "Some **3,200** people left and 27 ⚠ (differs from the original; original: 72) were hurt" in shown
    assert "**€140 million**" in shown
    assert "7.85 metres. ⚠ (missing from the English; original: 1951)" in shown
    assert "| 27 |  | 72 | ⚠ changed |" in shown
    assert "\n### What comes next\n" in shown
    assert "\n- more rain on Monday\n" in shown
    assert "\n> We were afraid.\n" in shown


def test_plain_text_marks_figures_without_markup() -> None:
    shown = render.text(flood(), brief=WIRE)
    assert "Some *3,200* people left and [27: differs from the original; original: 72] were hurt" in shown


def test_html_marks_say_kind_verdict_and_original() -> None:
    parsed = LexborHTMLParser(render.html(flood(), brief=WIRE))
    marks = parsed.css(".summary mark")
    assert [(mark.text(), mark.attributes.get("class")) for mark in marks[:3]] == [
        ("3,200", None),
        ("27", "doubtful"),
        ("€140 million", None),
    ]
    first = marks[0].attributes
    assert (first["data-kind"], first["data-check"], first["title"]) == ("count", "kept", "Original: 3.200")
    assert parsed.css("html")[0].attributes["lang"] == "en"
    assert parsed.css("title")[0].text() == TITLE
    assert [cell.text() for cell in parsed.css("th[scope=col]")] == ["Figure", "What", "Original", "Check"]
    assert not parsed.css("script")
    assert not parsed.css("link")


def test_html_draws_figures_that_compare() -> None:
    text = "They sent 600 soldiers, then 1,000 soldiers, then 6,000 soldiers."
    checks = [check(f"f{n}", figure(text, n, int(n.replace(",", "")))) for n in ("600", "1,000", "6,000")]
    assert len(LexborHTMLParser(render.html(report([text], checks), brief=WIRE)).css("svg rect")) == 3


def test_a_list_of_sentences_leads_with_dates_where_the_brief_wants_them() -> None:
    text = "The port opened on 3 March 2025."
    checks = [check("f1", figure(text, "3 March 2025", "2025-03-03", FigureKind.DATE))]
    dated = WIRE.model_copy(update={"template": "dated"})
    assert "- 3 March 2025: The port opened on **3 March 2025**." in render.markdown(
        report([text], checks), brief=dated
    )
    assert "- The port" in render.text(report([text], checks), brief=WIRE.model_copy(update={"template": "bullets"}))


@pytest.mark.parametrize("renderer", RENDERERS)
def test_no_summary_no_figures_and_no_model_are_told(renderer: Callable[..., str]) -> None:
    shown = " ".join(renderer(report(["Calm seas."], chosen=(), model=None), brief=WIRE).split())
    assert NO_SUMMARY in shown
    assert "Nothing had to be translated." in shown


def test_a_figure_that_is_no_cause_for_worry_is_not_flagged_on_the_terminal() -> None:
    text = "One of them left."
    harmless = check("f1", figure(text, "One", 1), verdict=Verdict.ADDED, severity=Severity.NONE)
    assert "⚠" not in ansi(report([text], [harmless]), brief=WIRE)


HOSTILE = [
    "<script>alert(1)</script> cost 5 euros.",
    '<img src=x onerror="alert(1)"> and 5 more.',
    "5 [links](javascript:alert(1)) and ![images](x) and `code` and **bold** and ~~gone~~.",
    "# 5 headings",
    "> 5 quotes | 6 cells",
    "1. item 5",
    "\x1b[31mred 5\x1b[0m \u202egnp.exe",
    "</article></body> 5 &lt;b&gt;",
    "[red]5[/red] rich markup",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_articles_text_is_never_markup(text: str) -> None:
    checks = [check("f1", figure(text, "5", 5), figure(text, "5", 5))]
    made = report([text, text], checks, kinds=[BlockKind.TITLE, BlockKind.PARAGRAPH], warnings={1: WarningKind.LOOP})
    page = LexborHTMLParser(render.html(made, brief=WIRE))
    assert not page.css("script, img, b, a")
    assert len(page.css("article")) == 1
    assert page.css("h1")[0].text() == clean(text)
    told = render.markdown(made, brief=WIRE)
    assert "<" not in told
    assert "](" not in told.replace("\\](", "")
    assert "\x1b" not in told + render.text(made, brief=WIRE)
    assert "\u202e" not in told + render.text(made, brief=WIRE) + ansi(made, brief=WIRE)
    assert "\x1b[31mred" not in ansi(made, brief=WIRE)


@pytest.mark.parametrize("title", HOSTILE)
def test_nor_is_the_title_of_a_brief_that_a_request_brings(title: str) -> None:
    brought = WIRE.model_copy(update={"title": title})
    page = LexborHTMLParser(render.html(flood(), brief=brought))
    assert not page.css("script, img, b, a")
    assert len(page.css("article")) == 1
    assert page.css("h2")[0].text() == clean(title)
    shown = [renderer(flood(), brief=brought) for renderer in RENDERERS]
    assert not any("\u202e" in each or "\x1b[31mred" in each for each in shown)
    assert "<" not in shown[0]
    assert f"\n## {render.escape_markdown(title)}\n" in shown[0]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("2 * 3_4", "2 \\* 3\\_4"),
        ("- no item", "\\- no item"),
        ("12) no item", "12\\) no item"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("two\nlines", "two lines"),
        ("1.5 million", "1.5 million"),
    ],
)
def test_markdown_is_escaped(text: str, escaped: str) -> None:
    assert render.escape_markdown(text) == escaped


@settings(deadline=None, max_examples=40)
@given(st.text(min_size=1, max_size=80))
def test_html_shows_any_text_as_it_is(text: str) -> None:
    page = LexborHTMLParser(render.html(report([text]), brief=WIRE))
    shown = page.css("p.summary")[0].text()
    assert clean(shown) == clean(text)


def test_the_console_fits_a_narrow_terminal() -> None:
    out = io.StringIO()
    Console(file=out, width=50).print(render.console(flood(), brief=WIRE))
    assert max(len(line) for line in out.getvalue().splitlines()) <= 50
