import random
from pathlib import Path

import pytest

from models.training import corpus
from models.training.config import Augment, Data, Weight
from models.training.corpus import Counts, Language, Pair, clean, enrich, fault, language, pairs_of, weight_of

RO, UK = language("ro"), language("uk")


@pytest.mark.parametrize(
    ("source", "english", "known", "reason"),
    [
        ("Это было вчера, мы видели.", "It was yesterday, we saw it.", UK, "foreign"),
        ("Прем'єр прибув.", "The прем'єр has arrived.", UK, "cyrillic"),
        ("Rulați comanda {nume}.", "Run the command {name}.", RO, "markup"),
        ("Vedeți https://example.org acum.", "See https://example.org now.", RO, "markup"),
        ("Da, a fost o zi lungă, grea și plină de tot felul de surprize.", "Yes.", RO, "length"),
        ("We left this as it was.", "We left this as it was.", RO, "copy"),
        ("A fost bine.", "It was fine fine fine.", RO, "stutter"),
        ("Unde este?", "It is there.", RO, "question"),
        ("Are 45 de ani.", "She is 54 years old.", RO, "figures"),
        ("Are 45 de ani.", "She is 45 years old.", RO, None),
        ("Prețul a crescut cu 1.250,50 lei.", "The price rose by 1,250.50 lei.", RO, None),
        ("Bine, bine, bine.", "Fine, fine, fine.", RO, None),
    ],
)
def test_faults(source: str, english: str, known: Language, reason: str | None) -> None:
    assert fault(source, english, known) == reason


def test_the_first_weight_that_matches_counts() -> None:
    weights = [Weight(0.5, "lex_*", "ro"), Weight(0.1, "*-ui"), Weight(2.0)]
    assert weight_of(weights, "ro", "lex_words") == 0.5
    assert weight_of(weights, "it", "lex_words") == 2.0
    assert weight_of(weights, "it", "player-ui") == 0.1
    assert weight_of([], "it", "anything") == 1.0


def test_cleaning_counts_what_it_drops(tmp_path: Path) -> None:
    rows = [
        "a\tPlouă.\tIt rains.",
        "b\tPlouă.\tIt rains.",
        "a\t- Ninge.\t- It snows.",
        "a\tUnde?\tThere.",
        "junk",
        "ui\tDa.\tYes.",
    ]
    (tmp_path / "ro-en.tsv").write_text("\n".join(rows), encoding="utf-8")
    counts = Counts()
    data = Data(weights=(Weight(0.0, "ui"),))
    pairs = clean(data, [tmp_path / "ro-en.tsv"], RO, counts, random.Random(1))
    assert [(p.source, p.english) for p in pairs] == [("Plouă.", "It rains."), ("Ninge.", "It snows.")]
    assert counts.dropped == {"ro/repeat": 1, "ro/question": 1, "ro/weight": 1}


def test_changed_copies_share_the_weight_of_the_original() -> None:
    pair = Pair("ro", "news", "Știrile zilei sunt bune.", "The news of the day is good.", 2.0)
    counts = Counts()
    made = enrich([pair], RO, Augment(plain=1.0, unstopped=1.0), counts, random.Random(1))
    assert {p.name for p in made} == {"news", "+plain", "+unstopped"}
    assert sum(p.weight for p in made) == pytest.approx(2.0)
    assert counts.kept == {"ro/news": 1, "ro/+plain": 1, "ro/+unstopped": 1}


def test_the_same_seed_gives_the_same_pairs(tmp_path: Path) -> None:
    for code in ("ro", "uk"):
        rows = [f"news\t{s}\t{e}" for s, e in (language(code).grammar.sentence(random.Random(i)) for i in range(50))]
        (tmp_path / f"{code}-en.tsv").write_text("\n".join(rows), encoding="utf-8")
    data = Data(languages=("ro", "uk"), augment=Augment(figures=0.5, plain=0.3, invented=20))
    first, second = (pairs_of(data, tmp_path)[0] for _ in range(2))
    assert first == second
    reverse, _ = pairs_of(Data(languages=("ro", "uk"), reverse=True), tmp_path)
    assert all(p.source.startswith(f"[{p.language}] ") for p in reverse)


def test_a_language_without_a_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        language("xx")


def test_every_language_file_has_what_the_pipeline_reads() -> None:
    for path in corpus.DATA.glob("*.toml"):
        known = language(path.stem)
        assert known.quotes
        assert "sentence" in known.grammar.rules
