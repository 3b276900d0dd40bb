from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from service.summary.features import Features, Sentence, Weights, features
from service.summary.questions import answers, matches, understand
from service.summary.vocabulary import vocabulary
from service.types import Figure, FigureKind


def prepared(sentences: list[Sentence], language: str = "en") -> Features:
    return features(sentences, vocabulary(language), Weights())


def counted(text: str, kind: FigureKind = FigureKind.COUNT) -> Sentence:
    return Sentence(text, figures=(Figure("5", 0, 1, kind, Decimal(5)),))


def test_a_question_asks_for_kinds_of_figures_and_for_words() -> None:
    asked = understand("How many people were hurt in the fire?", vocabulary("en"))
    assert FigureKind.COUNT in asked.kinds
    assert asked.terms
    assert vocabulary("en").stems(["fire"])[0] in asked.stems
    assert understand("What does it cost?", vocabulary("en")).kinds == {FigureKind.MONEY}
    assert understand("How old is the pilot?", vocabulary("en")).kinds == {FigureKind.AGE}


def test_the_sentence_that_answers_scores_most() -> None:
    sentences = [
        Sentence("The mayor opened a new bridge over the river."),
        counted("The bridge is 5 kilometres from the town hall."),
        counted("Five workers were injured when a crane fell."),
        counted("The repairs will cost 5 million euros.", FigureKind.MONEY),
        Sentence("The company plans to open a second bridge next spring."),
    ]
    found = prepared(sentences)
    scores = answers(["How many people were hurt?", "What does it cost?", "What happens next?"], sentences, found)
    assert list(scores.argmax(axis=1)) == [2, 3, 4]
    assert scores.min() >= 0.0
    assert scores.max() <= 1.0


def test_an_english_question_finds_an_answer_among_source_sentences() -> None:
    sentences = [
        counted("Podul are 5 kilometri lungime."),
        counted("Cinci muncitori au fost răniți în accident."),
        Sentence("Primarul a deschis un pod nou."),
    ]
    scores = answers(["How many people were hurt?"], sentences, prepared(sentences, "ro"))
    assert scores.argmax() == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The costume of the singer is of fundamental beauty."),
        ("it", "La nuova costruzione ha una pagina multipla fondamentale."),
        ("ro", "La platformă au venit fondatorii în costume."),
        ("uk", "На платформі стоїть цінний камінь."),
    ],
)
def test_words_that_only_begin_like_those_of_money_answer_nothing(language: str, text: str) -> None:
    sentences = [Sentence(text)]
    assert answers(["What does it cost?"], sentences, prepared(sentences, language)).max() == 0


def test_words_of_the_question_that_the_article_lacks_do_not_matter() -> None:
    sentences = [Sentence("The ferry sank near Lowmouth."), Sentence("The weather was calm.")]
    scores = answers(["Which ferry capsized?"], sentences, prepared(sentences))
    assert scores[0, 0] > scores[0, 1]


def test_no_questions_score_nothing() -> None:
    sentences = [Sentence("The ferry sank.")]
    assert answers([], sentences, prepared(sentences)).shape == (0, 1)


def test_a_term_matches_in_any_ending_and_as_a_phrase() -> None:
    sentences = [Sentence("Two drones fell."), Sentence("A drone strike hit the port."), Sentence("Calm seas.")]
    found = prepared(sentences)
    assert list(matches("drone", found)) == [True, True, False]
    assert list(matches("drone strikes", found)) == [False, True, False]
    assert not np.any(matches("…", found))
