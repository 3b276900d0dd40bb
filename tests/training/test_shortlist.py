"""The lexical shortlist: which English tokens may come of a source token."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training import shortlist
from models.training.model import EOS, PAD, UNKNOWN
from models.training.tokens import Store

SOURCES = ["<pad>", "</s>", "<unk>", "▁casa", "▁masa", "▁mare", "▁mica", "▁Roma"]
TARGETS = ["<pad>", "</s>", "<unk>", "▁house", "▁table", "▁big", "▁small", "▁Roma", "▁a", "e", "▁the"]
PAIRS = [
    (["▁casa", "▁mare"], ["▁big", "▁house"]),
    (["▁casa", "▁mica"], ["▁small", "▁house"]),
    (["▁masa", "▁mare"], ["▁big", "▁table"]),
]


def store(pairs: list[tuple[list[str], list[str]]], weights: list[float] | None = None) -> Store:
    source = [[SOURCES.index(token) for token in side] for side, _ in pairs]
    target = [[TARGETS.index(token) for token in side] for _, side in pairs]
    starts = [np.cumsum([0, *map(len, side)]) for side in (source, target)]
    flat = [np.array([number for row in side for number in row], np.uint16) for side in (source, target)]
    weight = np.array(weights or [1.0] * len(pairs), np.float32)
    return Store(flat[0], starts[0], flat[1], starts[1], weight, np.zeros(len(pairs), np.uint8))


def rules(lines: list[str]) -> dict[str, list[str]]:
    return {source: english.split(" ") for source, _, english in (line.partition("\t") for line in lines)}


@pytest.fixture
def likely() -> np.ndarray:
    return shortlist.model_1(list(shortlist.pairs(store(PAIRS), 10, 1)), len(SOURCES), len(TARGETS))


def test_the_likeliest_translation_is_the_candidate(likely: np.ndarray) -> None:
    found = rules(list(shortlist.lines(likely, SOURCES, TARGETS, [], 1)))
    assert found["▁casa"] == ["▁house"]
    assert found["▁mare"] == ["▁big"]
    assert found["▁mica"] == ["▁small"]
    assert found["▁masa"] == ["▁table"]


def test_a_token_that_english_has_too_may_stay_as_it_is(likely: np.ndarray) -> None:
    assert rules(list(shortlist.lines(likely, SOURCES, TARGETS, [], 1)))["▁Roma"] == ["▁Roma"]


def test_what_is_always_there_is_said_once(likely: np.ndarray) -> None:
    always = [TARGETS.index("▁house"), TARGETS.index("▁a")]
    found = rules(list(shortlist.lines(likely, SOURCES, TARGETS, always, 2)))
    assert found[""] == ["▁house", "▁a"]
    assert found["▁casa"] == ["▁big"] or found["▁casa"] == ["▁small"]


def test_frequent_tokens_and_single_characters_are_always_there() -> None:
    seen = np.zeros(len(TARGETS), np.intp)
    seen[TARGETS.index("▁the")] = 9
    seen[[PAD, EOS, UNKNOWN]] = 5
    names = [TARGETS[place] for place in shortlist.always_there(seen, TARGETS, 1)]
    assert names == ["▁a", "e", "▁the"]


def test_pairs_that_are_not_trained_on_are_not_learnt_from() -> None:
    found = list(shortlist.pairs(store(PAIRS, [1.0, 0.0, 0.5]), 10, 1))
    assert [[SOURCES[number] for number in source] for source, _ in found] == [
        ["▁casa", "▁mare"],
        ["▁masa", "▁mare"],
    ]
    assert len(list(shortlist.pairs(store(PAIRS), 2, 1))) == 2


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(SOURCES[3:]), min_size=1, max_size=5),
            st.lists(st.sampled_from(TARGETS[3:]), min_size=1, max_size=5),
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(1, 4),
)
def test_candidates_were_seen_together_and_are_no_more_than_asked_for(
    pairs: list[tuple[list[str], list[str]]], candidates: int
) -> None:
    learnt = shortlist.model_1(list(shortlist.pairs(store(pairs), 100, 1)), len(SOURCES), len(TARGETS))
    assert np.isfinite(learnt).all()
    for source, english in rules(list(shortlist.lines(learnt, SOURCES, TARGETS, [], candidates))).items():
        if source:
            together = {token for left, right in pairs if source in left for token in right}
            assert set(english) <= together | {source}
            assert len(english) <= candidates
