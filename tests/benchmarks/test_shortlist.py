"""The map of the vocabulary: which English tokens may come of a source token."""

import lzma
from pathlib import Path

import pytest

from benchmarks import shortlist
from service.settings import Settings
from service.translation import catalog
from service.translation.tokens import Tokenizer

PAIRS = [
    (["casa", "mare"], ["big", "house"]),
    (["casa", "mica"], ["small", "house"]),
    (["masa", "mare"], ["big", "table"]),
]


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    monkeypatch.setattr(shortlist, "ALWAYS", 1)
    shortlist.write(tmp_path, PAIRS, [1])
    lines = (tmp_path / "vmap-1.txt").read_text(encoding="utf-8").splitlines()
    return {source: english.split(" ") for source, _, english in (line.partition("\t") for line in lines)}


def test_the_likeliest_translation_is_the_candidate(rules: dict[str, list[str]]) -> None:
    assert rules["casa"] == ["house"]
    assert rules["mare"] == ["big"]
    assert rules["mica"] == ["small"]
    assert rules["masa"] == ["table"]


def test_the_rule_without_a_source_has_what_is_always_there(rules: dict[str, list[str]]) -> None:
    assert rules[""] in (["big"], ["house"])


@pytest.mark.parametrize("packed", [False, True])
def test_pairs_are_the_last_two_columns(tmp_path: Path, packed: bool) -> None:
    settings = Settings()
    entry = catalog.load(settings.models_dir).get("tolmach-mini")
    tokenizer = Tokenizer(catalog.folder(entry, settings.models_dir) / "hf", entry)
    text = "somewhere\tO casă.\tA house.\nCasă.\tHouse.\nCasă.\t\n"
    path = tmp_path / ("ro-en.tsv.xz" if packed else "ro-en.tsv")
    path.write_bytes(lzma.compress(text.encode()) if packed else text.encode())
    found = list(shortlist.read_pairs([path], 10, tokenizer))
    assert [tokenizer.decode(english) for _, english in found] == ["A house.", "House."]
    assert found[0][0] == tokenizer.encode("O casă.", "ro")
    assert len(list(shortlist.read_pairs([path], 1, tokenizer))) == 1
