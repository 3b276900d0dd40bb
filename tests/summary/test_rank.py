"""What the ranker chooses, and what holds of every summary whatever the article."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.summary.brief import Brief, Emphasis, Length, Terms
from service.summary.features import Sentence
from service.summary.rank import choose, preselect, summarize, summarize_text
from service.types import Block, BlockKind, Segment, TranslatedSegment, Verdict, WarningKind
from tests.summary.making import check, figure, segments

STORY = [
    "The town of Lowmouth will close its only bridge for 14 months from May.",
    "Engineers found cracks in 3 of the bridge's 8 pillars last week.",
    "The mayor, Ann Pike, said that the repair of the bridge would cost £9 million.",
    "Ferries will carry 2,000 passengers a day while the bridge is closed.",
    "He likes the view.",
    "Why did nobody look earlier?",
    '"I have never seen anything like it in my life," she said.',
    "The weather in the county was mild and dry this week.",
    "Shops near the bridge fear that they will lose customers while it is closed.",
]
PORT = [
    "Coopers of the island rolled their barrels to the old quay on Friday.",
    "That was the largest parade of barrels that the island of Skerry has ever seen on its old quay, with 240 barrels.",
    "Rain is expected on the mainland by the end of the week.",
]
WORDS = st.sampled_from(
    [
        "the",
        "of",
        "Lowmouth",
        "bridge",
        "ferry",
        "5",
        "2,000",
        "£9 million",
        "said",
        "mayor",
        "he",
        "and",
        "killed",
        "2019",
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(lambda words: " ".join(words).capitalize() + ".")
BODIES = st.lists(SENTENCES, min_size=1, max_size=14)
LENGTHS = st.builds(
    Length,
    sentences=st.integers(1, 6) | st.none(),
    words=st.integers(1, 60) | st.none(),
    characters=st.integers(20, 300),
)


def brief(**given: object) -> Brief:
    return Brief.model_validate({"title": "Test", "length": Length(sentences=3), **given})


def blocks(kinds: list[BlockKind], texts: list[str]) -> list[Block]:
    return [Block(index, kind, text, 0, len(text)) for index, (kind, text) in enumerate(zip(kinds, texts, strict=True))]


@settings(deadline=None)
@given(BODIES, LENGTHS, st.sampled_from(["article", "dates"]), st.sampled_from(["en", "ro", "it", "uk"]))
def test_a_summary_is_sentences_of_the_article_each_once_in_order_and_within_the_length(
    texts: list[str], length: Length, order: str, language: str
) -> None:
    chosen = choose([Sentence(text) for text in texts], brief(length=length, order=order), language=language)
    assert len(chosen) == len(set(chosen))
    assert all(0 <= index < len(texts) for index in chosen)
    if order == "article":
        assert chosen == sorted(chosen)
    assert length.sentences is None or len(chosen) <= length.sentences
    assert length.characters is not None
    assert len(" ".join(texts[index] for index in chosen)) <= length.characters
    if length.words is not None:
        assert sum(len(texts[index].split()) for index in chosen) <= length.words or not chosen


@settings(deadline=None)
@given(BODIES, st.integers(1, 60))
def test_a_budget_of_words_is_passed_only_by_the_shortest_sentence_alone(texts: list[str], words: int) -> None:
    chosen = summarize_text(texts, "en", words=words)
    total = sum(len(texts[index].split()) for index in chosen)
    # A sentence of nothing but figures tells nothing, however short it is.
    shortest = min((len(t.split()) for t in texts if any(map(str.isalpha, t))), default=0)
    assert total <= words or (len(chosen) == 1 and total == shortest > words)


@settings(deadline=None)
@given(BODIES, st.integers(1, 60))
def test_with_overrun_the_budget_is_passed_by_no_more_than_itself_but_for_a_first_sentence(
    texts: list[str], words: int
) -> None:
    chosen = summarize_text(texts, "en", words=words, overrun=True)
    total = sum(len(texts[index].split()) for index in chosen)
    assert len(chosen) == 1 or total <= 2 * words


@settings(deadline=None)
@given(BODIES, st.integers(1, 60))
def test_a_length_to_come_nearest_to_is_passed_by_less_than_would_be_missing(texts: list[str], words: int) -> None:
    sentences = [Sentence(text) for text in texts]
    nearest = choose(sentences, brief(length=Length(words=words, nearest=True)), language="en")
    counts = [len(texts[index].split()) for index in nearest]
    fitting = min(len(text.split()) for text in texts) < 2 * words
    assert not fitting or any(abs(sum(counts) - words) < words - (sum(counts) - last) for last in counts)


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8), st.sampled_from(["en", "uk"]))
def test_any_text_at_all_gives_some_choice(texts: list[str], language: str) -> None:
    chosen = summarize_text(texts, language, sentences=2)
    assert len(chosen) <= 2
    assert all(any(character.isalpha() for character in texts[index]) for index in chosen)


def test_the_story_is_told_by_its_weighty_sentences() -> None:
    assert summarize_text(STORY, "en", sentences=3) == [0, 1, 2]


@pytest.mark.parametrize("index", [4, 5, 6])
def test_what_does_not_stand_alone_is_left_out_even_where_there_is_room(index: int) -> None:
    assert index not in summarize_text(STORY, "en", sentences=6)


def test_the_same_sentence_twice_is_told_once() -> None:
    assert summarize_text([STORY[0], STORY[2], STORY[0]], "en", sentences=3) == [0, 1]


def test_a_title_draws_the_sentence_that_it_is_about() -> None:
    texts = [STORY[3], "Schools in the county open on Monday.", "Farmers in the valley wait for rain."]
    assert 2 not in summarize_text(texts, "en", sentences=2)
    assert 2 in summarize_text(texts, "en", sentences=2, title="Farmers wait for rain")


def test_a_question_draws_its_answer() -> None:
    plain = brief(length=Length(sentences=1))
    asked = brief(length=Length(sentences=1), questions=("How many passengers will use the ferries?",))
    assert summarize_text(STORY, "en", brief=plain) == [0]
    assert summarize_text(STORY, "en", brief=asked) == [3]


def test_terms_are_forced_and_kept_out() -> None:
    shops = brief(terms=Terms(include=("shop",)))
    no_bridge = brief(terms=Terms(avoid=("bridges",)))
    assert 8 in summarize_text(STORY, "en", brief=shops)
    assert all("bridge" not in STORY[index] for index in summarize_text(STORY, "en", brief=no_bridge))


def test_a_length_given_takes_the_place_of_the_briefs() -> None:
    assert len(summarize_text(STORY, "en", brief=brief(), sentences=1)) == 1


def test_nothing_to_choose_from_gives_nothing() -> None:
    assert summarize_text([], "en", sentences=3) == []
    assert summarize_text(["123", "— 🙂"], "en", sentences=3) == []


def test_titles_headings_cells_and_foreign_blocks_are_never_taken() -> None:
    texts = [
        "Bridge of Lowmouth closes",
        "The bridge",
        "A bridge in Lowmouth closes.",
        "Podul din Lowmouth se închide.",
        STORY[0],
    ]
    kinds = [BlockKind.TITLE, BlockKind.HEADING, BlockKind.CELL, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]
    laid = blocks(kinds, texts)
    laid[3] = Block(3, BlockKind.PARAGRAPH, texts[3], 0, len(texts[3]), foreign="ro")
    summary = summarize(segments(texts), (), laid, brief(length=Length(sentences=5)))
    assert [sentence.segment for sentence in summary.sentences] == [4]


@pytest.mark.parametrize(
    "warning", [WarningKind.LOOP, WarningKind.UNTRANSLATED, WarningKind.TRUNCATED, WarningKind.EMPTY]
)
def test_a_sentence_whose_english_went_wrong_gives_way(warning: WarningKind) -> None:
    texts = [STORY[0], STORY[2]]
    told = list(segments(texts))
    laid = blocks([BlockKind.PARAGRAPH] * 2, texts)
    one = brief(length=Length(sentences=1))
    assert summarize(told, (), laid, one).sentences[0].segment == 0
    told[0] = TranslatedSegment(told[0].source, told[0].english, -1.0, (warning,))
    assert summarize(told, (), laid, one).sentences[0].segment == 1


def test_a_sentence_whose_figures_changed_gives_way() -> None:
    texts = [
        "Ferries carry 2,000 passengers.",
        "Buses carry 3,000 passengers.",
        "The ferries and the buses carry passengers.",
    ]
    right = check("f1", figure(texts[0], "2,000", 2000)), check("f2", figure(texts[1], "3,000", 3000), segment=1)
    wrong = (
        check("f1", figure(texts[0], "2,000", 2000), figure("2.200", "2.200", 2200), verdict=Verdict.CHANGED),
        right[1],
    )
    laid = blocks([BlockKind.PARAGRAPH] * 3, texts)
    one = brief(length=Length(sentences=1))
    assert summarize(segments(texts), right, laid, one).sentences[0].segment == 0
    assert summarize(segments(texts), wrong, laid, one).sentences[0].segment == 1


def test_the_sentences_name_the_checks_of_their_segments_and_what_was_trimmed() -> None:
    texts = ["Meanwhile, the ferry carries 2,000 passengers a day."]
    checks = [check("f1", figure(texts[0], "2,000", 2000))]
    (told,) = summarize(segments(texts), checks, blocks([BlockKind.PARAGRAPH], texts), brief()).sentences
    assert told.text == "The ferry carries 2,000 passengers a day."
    assert (told.figures, told.trimmed) == (("f1",), "Meanwhile,")


ROMANIAN = [
    "Primăria din Brăila închide podul peste Dunăre timp de 14 luni.",
    "Vremea a fost caldă și uscată.",
    "Repararea podului costă 9 milioane de euro, a declarat primarul Ion Dobre.",
    "El este mulțumit.",
    "Feribotul va transporta 2.000 de pasageri pe zi cât timp podul este închis.",
    "Cine plătește?",
]


def test_the_fast_path_chooses_what_the_full_report_chooses() -> None:
    made = [Segment(index, 0, text, 0, len(text)) for index, text in enumerate(ROMANIAN)]
    garbled = [TranslatedSegment(segment, "The of the of it.", -3.0) for segment in made]
    laid = [Block(0, BlockKind.PARAGRAPH, " ".join(ROMANIAN), 0, 0)]
    three = brief()
    first = preselect(made, laid, three, language="ro")
    assert len(first) == 3
    assert not {3, 5} & set(first)
    told = summarize(garbled, (), laid, three, source_language="ro")
    assert [sentence.segment for sentence in told.sentences] == first
    assert told.text == " ".join(["The of the of it."] * 3)
    source = summarize(garbled, (), laid, three, side="source", language="ro")
    assert source.text == " ".join(ROMANIAN[index] for index in first)


def test_what_was_chosen_before_translation_is_told_unless_its_english_is_too_long_or_went_wrong() -> None:
    made = [Segment(index, 0, text, 0, len(text)) for index, text in enumerate(ROMANIAN)]
    laid = [Block(0, BlockKind.PARAGRAPH, " ".join(ROMANIAN), 0, 0)]
    budget = brief(length=Length(words=35))
    chosen = [made[index] for index in preselect(made, laid, budget, language="ro")]

    def told(english: str, *warnings: WarningKind) -> list[int]:
        segments = [TranslatedSegment(chosen[0], english, -1.0, warnings)]
        segments += [TranslatedSegment(each, "The of the.", -1.0) for each in chosen[1:]]
        summary = summarize(segments, (), laid, budget, source_language="ro", settled=True)
        return [sentence.segment for sentence in summary.sentences]

    everything = [segment.index for segment in chosen]
    assert len(everything) >= 2
    assert told("The town hall closes the bridge.") == everything
    assert told("The town hall closes the bridge.", WarningKind.LOOP) == everything[1:]
    assert told("very " * 40) == everything[1:]


@pytest.mark.parametrize(("english", "kept"), [("very " * 40, 2), ("very " * 60, 1)])
def test_the_english_of_the_fast_path_runs_over_by_less_than_would_be_missing(english: str, kept: int) -> None:
    made = [Segment(index, 0, ROMANIAN[index], 0, len(ROMANIAN[index])) for index in range(2)]
    laid = [Block(0, BlockKind.PARAGRAPH, " ".join(ROMANIAN[:2]), 0, 0)]
    segments = [TranslatedSegment(made[0], english.strip(), -1.0), TranslatedSegment(made[1], "It is so.", -1.0)]
    near = brief(length=Length(words=25, nearest=True))
    summary = summarize(segments, (), laid, near, source_language="ro", settled=True)
    assert len(summary.sentences) == kept


def test_the_order_of_dates_hangs_on_the_year_that_is_said() -> None:
    texts = ["Zidarii au început podul de lângă gară pe 3 martie.", "Șeful portului și-a lăsat postul în mai 2024."]
    made = [Segment(index, 0, text, 0, len(text)) for index, text in enumerate(texts)]
    segments = [TranslatedSegment(each, each.text) for each in made]
    laid = [Block(0, BlockKind.PARAGRAPH, " ".join(texts), 0, 0)]
    dated = brief(order="dates")

    def told(year: int, *, settled: bool) -> list[int]:
        summary = summarize(segments, (), laid, dated, source_language="ro", settled=settled, year=year)
        return [sentence.segment for sentence in summary.sentences]

    for settled in (False, True):
        assert told(2024, settled=settled) == [0, 1]
        assert told(2025, settled=settled) == [1, 0]


@pytest.mark.parametrize("story", [STORY, [PORT[1]]], ids=["of all sorts", "of pronouns"])
def test_of_a_very_long_article_no_more_than_asked_for(story: list[str]) -> None:
    texts = [f"{text[:-1]} in district {number}." for number in range(500) for text in story][:500]
    sentences = [Sentence(text) for text in texts]
    chosen = choose(sentences, brief(length=Length(words=100)), language="en")
    assert 0 < sum(len(texts[place].split()) for place in chosen) <= 100


def test_what_adds_little_is_left_out_though_there_is_room() -> None:
    talk = "The hall by the water has a view of hills and of woods."
    assert summarize_text([*STORY[:3], talk], "en", words=60) == [0, 1, 2]
    assert summarize_text([STORY[0], talk], "en", words=200) == [0, 1]


def test_a_figure_that_the_article_comes_back_to_is_told_first() -> None:
    texts = [
        "The dam above Orle holds.",
        "Divers found 17 stones at its foot.",
        "Pupils in the wood counted 48 crows.",
        "Nobody had expected 48 of them in the wood.",
    ]
    assert summarize_text(texts, "en", sentences=1) == [2]


def test_who_reported_a_story_is_not_the_story() -> None:
    texts = [STORY[0], "This was announced by the town hall of Lowmouth in a letter to the papers.", STORY[3]]
    assert summarize_text(texts, "en", sentences=2) == [0, 2]


def test_a_pronoun_in_the_middle_does_not_point_at_what_is_left_out() -> None:
    texts = [
        STORY[0],
        "Ann Pike likes the view.",
        "She told the council that the ferries across the water would need 4 new crews by the end of May.",
        STORY[2],
    ]
    assert 2 not in summarize_text(texts, "en", sentences=2)


def test_a_summary_does_not_open_with_a_pronoun_for_what_it_leaves_out() -> None:
    one = brief(length=Length(sentences=1))
    assert summarize_text(PORT, "en", brief=one) == [0]
    assert summarize_text([PORT[1].replace("That", "Saturday"), *PORT[1:]], "en", brief=one) == [0]
    assert summarize_text([PORT[2], PORT[1].replace("That", "Saturday")], "en", brief=one) == [1]
    assert summarize_text(PORT[:2], "en", sentences=2) == [0, 1]


def test_an_answer_is_told_even_if_it_opens_with_a_pronoun() -> None:
    asked = brief(
        length=Length(sentences=1),
        questions=("How many barrels were in the parade?",),
        emphasis=Emphasis(questions=3.0),
    )
    assert summarize_text(PORT, "en", brief=asked) == [1]


def test_what_the_article_comes_back_to_is_told_rather_than_what_it_says_in_passing() -> None:
    texts = [
        "The dam above Orle holds.",
        "Crows were counted by pupils in a wood that belongs to a castle.",
        "The dam above Orle lost water through a crack near its foot.",
        "Water from the dam reached cellars in Orle.",
        "The crack at the foot of the dam was found by a diver.",
    ]
    assert summarize_text(texts, "en", sentences=1) == [2]


def test_room_that_is_left_is_filled_by_a_new_figure_rather_than_by_talk() -> None:
    long = "The council of Orle will meet in the new hall by the river for the whole of the week to vote on the dam."
    talk = "The hall has a view of hills and woods."
    figure_told = "The dam holds 48 million litres of water."
    told = [STORY[0], long, talk, figure_told]
    assert summarize_text(told, "en", words=25) == [0, 3]
