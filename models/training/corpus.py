"""The pairs of a run: read, cleaned, weighted, enriched. Everything is drawn from one seed."""

from __future__ import annotations

import lzma
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from models.training import robust
from models.training.config import Augment, Data, Weight
from models.training.grammar import Grammar
from models.training.names import draws
from models.training.numbers import Notation, respell, same_figures, substitute

DATA = Path(__file__).parent / "data"
INVENTED = "invented"
# Kinds of copies that say something else than their original, and so are not there in its stead.
EXCHANGES = {"figures", "words"}
_MARKUP = re.compile(
    r"[{}<>|\\^=~`]|https?:|www\.|\w_\w|(?<!\w)--?[a-z]|\(\)|[a-z]\.[a-z]{2,4}\b.*[a-z]\.[a-z]{2,4}\b|[a-z][A-Z][a-z]+[A-Z]"
)
_STUTTER = re.compile(r"\b(\w+)(?:\W+\1\b){2,}", re.IGNORECASE)
_DASH = re.compile(r"^[-–—]\s+")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence of `language` and its English, from a named set, seen `weight` times an epoch."""

    language: str
    name: str
    source: str
    english: str
    weight: float


@dataclass(slots=True)
class Counts:
    """What became of the pairs: kept and made by set, dropped by reason."""

    kept: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Language:
    """What a language file knows."""

    code: str
    notation: Notation
    grammar: Grammar
    plain: dict[str, str]
    quotes: list[str]
    foreign: re.Pattern[str] | None
    number_words: tuple[dict[str, str], ...] = ()


def language(code: str) -> Language:
    """The language file of `code`. Raises FileNotFoundError where there is none."""
    table: dict[str, Any] = tomllib.loads((DATA / f"{code}.toml").read_text(encoding="utf-8"))
    notation = Notation(tuple(table["notation"]["groups"]), table["notation"]["decimal"])
    mend = [(re.compile(pattern), written) for pattern, written in table.get("mend", ())]
    grammar = Grammar(table["rules"], notation, draws(table.get("names")), mend)
    foreign = re.compile(f"[{table['foreign']}]", re.IGNORECASE) if "foreign" in table else None
    words = tuple(dict(table["rules"][name]) for name in table.get("respell", ()))
    return Language(code, notation, grammar, table["plain"], table["quotes"], foreign, words)


def fault(source: str, english: str, known: Language) -> str | None:
    """Why a pair teaches nothing about articles, or None."""
    longer = max(len(source), len(english))
    checks = {
        "foreign": known.foreign is not None and known.foreign.search(source) is not None,
        "cyrillic": re.search("[А-я]", english) is not None,
        "markup": _MARKUP.search(source) is not None or _MARKUP.search(english) is not None,
        "length": longer > 40 and not 0.5 <= len(english) / max(1, len(source)) <= 2.0,
        "copy": source == english and source.count(" ") > 3,
        "stutter": _STUTTER.search(english) is not None and _STUTTER.search(source) is None,
        "question": source.rstrip('"»”').endswith("?") != english.rstrip('"»”').endswith("?"),
        "figures": not same_figures(source, english),
    }
    return next((reason for reason, bad in checks.items() if bad), None)


def weight_of(weights: Iterable[Weight], code: str, name: str) -> float:
    """The weight of a set: the first entry that matches, 1 where none does."""
    for entry in weights:
        if fnmatchcase(name, entry.set) and fnmatchcase(code, entry.language):
            return entry.weight
    return 1.0


def read(path: Path) -> Iterator[tuple[str, str, str]]:
    """(set, source, English) of each line of a `.tsv` or `.tsv.xz` file; other lines are passed over."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if len(cells := line.rstrip("\n").split("\t")) == 3:
                yield cells[0], cells[1], cells[2]


def clean(data: Data, paths: Iterable[Path], known: Language, counts: Counts, rng: random.Random) -> list[Pair]:
    """The pairs of one language that are worth training on, each English-source pair once."""
    rows = [row for path in paths for row in read(path)]
    if data.limit and len(rows) > data.limit:
        rows = rng.sample(rows, data.limit)
    pairs, seen = [], set()
    for name, left, right in rows:
        weight = weight_of(data.weights, known.code, name)
        source, english = _DASH.sub("", left.strip()), _DASH.sub("", right.strip())
        reason = "weight" if weight <= 0 else "repeat" if (source, english) in seen else fault(source, english, known)
        if reason:
            counts.dropped[f"{known.code}/{reason}"] += 1
            continue
        seen.add((source, english))
        pairs.append(Pair(known.code, name, source, english, weight))
    return pairs


def variants(pair: Pair, known: Language, shares: Augment, rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """(kind, source, English) of the changed copies that the draw gives this pair."""
    source, english = pair.source, pair.english
    if rng.random() < shares.figures and (made := substitute(source, english, known.notation, rng)):
        yield "figures", *made
    if rng.random() < shares.words and (made := respell(source, english, known.number_words, rng)):
        yield "words", *made
    if rng.random() < shares.plain and (bare := robust.plain(source, known.plain)) != source:
        yield "plain", bare, english
    if rng.random() < shares.shout and len(source) < 120:
        yield "shout", *robust.shout(source, english)
    if rng.random() < shares.quotes and (quoted := robust.requote(source, english, known.quotes, rng)):
        yield "quotes", *quoted
    if rng.random() < shares.unstopped and len(source) < 120 and (bare_end := robust.unstopped(source, english)):
        yield "unstopped", *bare_end


def enrich(pairs: list[Pair], known: Language, shares: Augment, counts: Counts, rng: random.Random) -> list[Pair]:
    """Real pairs with their changed copies and the made-up pairs of the language.

    Plain, shouted and unstopped copies stand for the original in part: the original's weight goes down by as much as
    they get.
    """
    out = []
    for pair in pairs:
        made = list(variants(pair, known, shares, rng))
        share = 1 / (1 + sum(kind not in EXCHANGES for kind, _, _ in made))
        counts.kept[f"{pair.language}/{pair.name}"] += 1
        out.append(replace(pair, weight=pair.weight * share))
        for kind, source, english in made:
            counts.kept[f"{pair.language}/+{kind}"] += 1
            weight = min(1.0, pair.weight) if kind in EXCHANGES else pair.weight * share
            out.append(Pair(pair.language, f"+{kind}", source, english, weight))
    invented = {known.grammar.sentence(rng) for _ in range(shares.invented)}
    counts.kept.update(f"{known.code}/+{INVENTED}" for _ in invented)
    return out + [Pair(known.code, f"+{INVENTED}", *sides, 1.0) for sides in sorted(invented)]


def pairs_of(data: Data, folder: Path) -> tuple[list[Pair], Counts]:
    """All pairs of a run, in random order, and what became of the corpus."""
    rng = random.Random(data.seed)  # noqa: S311 - a draw of data, nothing secret
    counts, out = Counts(), []
    for code in data.languages:
        known = language(code)
        packed = folder / f"{code}-en.tsv.xz"
        own = packed if packed.exists() else packed.with_suffix("")
        if not own.exists():
            raise FileNotFoundError(f"{folder} has neither {packed.name} nor {own.name}")
        files = [own, *(path for path in data.extra if path.name.startswith(f"{code}-"))]
        cleaned = clean(data, files, known, counts, rng)
        if not cleaned:
            raise ValueError(
                f"{own} has no pair to train on: a line is set, source and English, with tabs between them"
            )
        out += enrich(cleaned, known, data.augment, counts, rng)
    if data.reverse:
        out = [Pair(p.language, p.name, f"[{p.language}] {p.english}", p.source, p.weight) for p in out]
    rng.shuffle(out)
    return out, counts
