"""What each shipped brief is for, on articles of our own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from service.article import intake
from service.article.segments import segment
from service.figures.match import check
from service.settings import data_directory
from service.summary import brief, render
from service.summary.rank import preselect, summarize
from service.types import Article, Check, FigureKind, Report, Segment, TranslatedSegment

ARTICLES = Path(__file__).parent.parent / "data" / "articles"
BRIEFS = brief.load(data_directory("prompts"))
LANGUAGES = {
    "en-harbour": "en",
    "it-alluvione": "it",
    "it-elezioni": "it",
    "ro-buget": "ro",
    "ro-maraton": "ro",
    "uk-energetyka": "uk",
    "uk-nauka": "uk",
}


@cache
def read(name: str) -> tuple[Article, tuple[Segment, ...]]:
    article = intake.read(text=(ARTICLES / f"{name}.txt").read_text(encoding="utf-8"), source=LANGUAGES[name])
    return article, tuple(segment(article))


@cache
def harbour() -> tuple[Article, tuple[TranslatedSegment, ...], tuple[Check, ...]]:
    """The English article, which passes through as it is."""
    article, made = read("en-harbour")
    told = tuple(TranslatedSegment(each, each.text) for each in made)
    return article, told, tuple(check(told, "en", {}))


def report(name: str) -> Report:
    article, told, checks = harbour()
    summary = summarize(told, checks, article.blocks, BRIEFS[name])
    return Report(article, told, checks, summary, None, {})


def sentences(name: str) -> list[str]:
    return [sentence.text for sentence in report(name).summary.sentences]


def figures_of(name: str) -> list[set[FigureKind]]:
    """The kinds of figures in each sentence that the brief takes."""
    made = report(name)
    kinds = {one.id: one.figure.kind for one in made.checks}
    return [{kinds[identity] for identity in sentence.figures} for sentence in made.summary.sentences]


def source_sentences(article_name: str, brief_name: str) -> str:
    article, made = read(article_name)
    chosen = preselect(made, article.blocks, BRIEFS[brief_name], language=LANGUAGES[article_name])
    return " ".join(made[index].text for index in chosen)


def test_wire_opens_with_the_news_in_three_sentences() -> None:
    told = sentences("wire")
    assert len(told) == 3
    assert told[0].startswith("The port of Northhaven will spend £186m")


def test_short_is_the_news_in_one_sentence() -> None:
    assert sentences("short") == sentences("wire")[:1]


def test_figures_takes_the_sentences_that_are_dense_in_figures() -> None:
    made = report("figures")
    held = [len(sentence.figures) for sentence in made.summary.sentences]
    assert min(held) >= 2
    assert sum(held) / len(held) > 1.3 * len(made.checks) / len(made.segments)


def test_money_tells_sums_and_rates_only() -> None:
    assert all(kinds & {FigureKind.MONEY, FigureKind.PERCENT} for kinds in figures_of("money"))
    assert "£35.5 million" in " ".join(sentences("money"))


def test_money_is_no_matter_of_votes_or_runners() -> None:
    assert "milioni di euro" in source_sentences("it-elezioni", "money")
    assert "52,4%" not in source_sentences("it-elezioni", "money")
    assert "12% mai mulți" not in source_sentences("ro-maraton", "money")


@pytest.mark.parametrize("name", ["money", "timeline", "figures"])
def test_an_article_without_what_a_brief_asks_for_gets_one_sentence(name: str) -> None:
    texts = ["The old lamp of the lighthouse burns again.", "Its keeper polished the glass.", "Sailors saw the light."]
    article = intake.read(text="\n\n".join(texts), source="en")
    assert len(preselect(segment(article), article.blocks, BRIEFS[name], language="en")) == 1


def test_casualties_tells_who_was_hurt_and_the_wire_need_not() -> None:
    assert "27 sono rimaste ferite" in source_sentences("it-alluvione", "casualties")
    assert "Постраждали 18 людей" in source_sentences("uk-energetyka", "casualties")


def test_timeline_follows_the_calendar() -> None:
    told = sentences("timeline")
    dates = ["3 March", "17 April", "1 June"]
    places = [next(i for i, sentence in enumerate(told) if date in sentence) for date in dates]
    assert places == sorted(places)
    assert "3 March: " in render.text(report("timeline"), brief=BRIEFS["timeline"])


def test_timeline_has_no_times_of_day_and_no_years_since_which_something_holds() -> None:
    told = " ".join(sentences("timeline"))
    assert "10 p.m." not in told
    assert "since" not in told
    assert "dal 1951" not in source_sentences("it-alluvione", "timeline")


def test_timeline_of_days_without_dates_tells_those_days() -> None:
    texts = ["The old lamp burns again.", "On Sunday the keeper polished its glass.", "Sailors like the light a lot."]
    article = intake.read(text="\n\n".join(texts), source="en")
    assert preselect(segment(article), article.blocks, BRIEFS["timeline"], language="en") == [1]


@pytest.mark.parametrize("name", sorted(LANGUAGES))
def test_social_fits_a_post(name: str) -> None:
    assert 0 < len(source_sentences(name, "social")) <= 280


def test_standfirst_is_short_and_does_not_go_past_two_sentences() -> None:
    told = sentences("standfirst")
    assert 1 <= len(told) <= 2
    assert len(" ".join(told).split()) <= 45


@pytest.mark.parametrize("name", sorted(BRIEFS))
@pytest.mark.parametrize("article", sorted(LANGUAGES))
def test_every_brief_has_an_answer_in_every_language(name: str, article: str) -> None:
    assert source_sentences(article, name)


def test_highlights_keep_to_the_limits_of_the_brief() -> None:
    shown = render.html(report("short"), brief=BRIEFS["short"])
    assert 1 <= shown.count("<mark ") <= BRIEFS["short"].highlights.total
