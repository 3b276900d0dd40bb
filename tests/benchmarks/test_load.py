"""The parts of the load benchmarks that say whether a number is good, and that no text comes twice."""

import sys
from pathlib import Path

import pytest

from benchmarks import growth, processes, soak
from benchmarks.tables import table


def test_memory_that_grows_after_the_warm_up_is_drift() -> None:
    flat = [(n, 100.0 if n > 1 else 50.0, 0) for n in range(11)]
    assert soak.drift(flat) == 0
    growing = [(n, 100.0 + 10 * n, 0) for n in range(41)]
    assert soak.drift(growing) > soak.FLAT


def test_no_two_articles_are_alike() -> None:
    texts = [growth.article(number) for number in range(200)]
    assert len(set(texts)) == len(texts)
    assert all(60 < len(text.split()) < 130 for text in texts)


def test_a_table_is_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    table(["a", "b"], [["x", 1.234], ["y", 56.78], ["z", 1234.5]])
    assert capsys.readouterr().out == "| a | b |\n| --- | ---: |\n| x | 1.23 |\n| y | 56.8 |\n| z | 1234 |\n\n"


def test_a_server_that_ends_at_once_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="did not start"),
        processes.running([sys.executable, "-c", ""], processes.free_port(), "/", {}, tmp_path),
    ):
        pass
