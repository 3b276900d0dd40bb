"""What the serving benchmark compares: the same sentences on both sides, and none of them twice."""

from functools import partial
from types import SimpleNamespace

import httpx2
import pytest

from benchmarks import serving
from benchmarks.pipeline import article_of
from service.article.intake import read
from service.article.segments import segment
from service.telemetry.metrics import Metrics

ROUNDS = 343


def sentences(text: str, code: str) -> list[str]:
    return [each.text for each in segment(read(text=text, source=code, keep_all=True))]


@pytest.mark.parametrize("code", serving.LANGUAGES)
def test_a_round_sees_no_sentence_of_another(code: str) -> None:
    rounds = [sentences(serving.fresh(article_of(100, code), code, number), code) for number in range(4)]
    assert len({len(one) for one in rounds}) == 1
    assert len({each for one in rounds for each in one}) == sum(len(set(one)) for one in rounds)


@pytest.mark.parametrize("code", serving.LANGUAGES)
def test_all_numbers_have_speakers_of_their_own(code: str) -> None:
    assert len({serving.said("x", code, number) for number in range(ROUNDS)}) == ROUNDS


def test_the_engines_tokens_are_read_from_the_metrics() -> None:
    metrics = Metrics()
    for model, tokens in (("one", 40), ("other", 1)):
        metrics.watch("queue", partial(SimpleNamespace, tokens=tokens, padded_tokens=7), model)
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=metrics.exposition()))
    with httpx2.Client(transport=transport, base_url="http://service") as client:
        assert serving.queue_tokens(client) == 41.0


def test_the_99th_percentile_is_one_of_the_slowest() -> None:
    assert serving.p99([float(n) for n in range(200)]) == 198
    assert serving.p99([3.0]) == 3.0
