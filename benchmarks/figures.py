"""How well figures are found, checked and put right, and how fast. Prints tables in Markdown.

    python -m benchmarks.figures --mini mini.jsonl --parallel flores-dev --peers peers --gold tests/data/figures

`--mini` is JSON Lines with `lang`, `text` and `figures` (`start`, `end`, `value`). `--parallel` is a path without its
ending: one sentence a line in `.en`, `.ro`, `.it`, `.uk`. `--peers` is a folder of English outputs,
`<language>.<name>.en`, for the same lines. What is absent is skipped with a line that says so.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from service.figures.find import find
from service.figures.match import compare
from service.figures.repair import repair
from service.types import Check, Figure, Segment, TranslatedSegment, Verdict

RIGHT = frozenset({Verdict.KEPT, Verdict.CONVERTED})
SOURCES = ("ro", "it", "uk")
NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?![\w])|(?<![\w.,])\d(?![\w])")
OTHER_SCALE = {"million": "billion", "billion": "million"}
REPAIRABLE = frozenset({"digit", "dropped", "zero", "separators", "scale"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mini", type=Path)
    parser.add_argument("--parallel", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--gold", type=Path, default=Path("tests/data/figures"))
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    run("Gold sentences", gold_table, options.gold)
    run("Mini", mini_table, options.mini)
    parallel = options.parallel.with_suffix(".en") if options.parallel else None
    run("Alarms on human translations", lambda _: alarm_table(options.parallel), parallel)
    run("Faults seeded into right translations", lambda _: fault_table(options.parallel, options.seed), parallel)
    run("Speed", lambda _: speed_table(options.parallel), parallel)
    run("Figures kept by machine translations", lambda _: peer_table(options.parallel, options.peers), options.peers)


def run(title: str, table: Callable[[Path], None], path: Path | None) -> None:
    print(f"\n## {title}\n")
    if path is None or not path.exists():
        print(f"skipped: no data at {path}" if path else "skipped: no path given")
        return
    table(path)


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def row(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells: str) -> None:
    row(*cells)
    row(*("---" for _ in cells))


# --- finding --------------------------------------------------------------------------------------------------------


def gold_table(folder: Path) -> None:
    head("language", "sentences", "figures", "precision", "recall")
    for path in sorted(folder.glob("*.jsonl")):
        wanted = found = right = 0
        rows = [json.loads(line) for line in lines(path)]
        for one in rows:
            figures = {(figure.start, figure.end): figure for figure in find(one["text"], path.stem)}
            wanted, found = wanted + len(one["figures"]), found + len(figures)
            right += sum(_is_gold(gold, figures.get((gold["start"], gold["end"]))) for gold in one["figures"])
        row(path.stem, len(rows), wanted, f"{right / found:.3f}", f"{right / wanted:.3f}")


def _is_gold(gold: dict[str, Any], figure: Figure | None) -> bool:
    if figure is None or (gold["kind"], gold.get("unit")) != (figure.kind.value, figure.unit):
        return False
    return all(_equal(gold.get(name), getattr(figure, name)) for name in ("value", "low", "high"))


def _equal(gold: object, value: Decimal | str | None) -> bool:
    if gold is None or value is None:
        return gold is None and value is None
    try:
        number = Decimal(value)
        return abs(Decimal(str(gold)) - number) <= Decimal("1e-5") * max(Decimal(1), abs(number))
    except InvalidOperation:
        return str(gold) == str(value)


def mini_table(path: Path) -> None:
    """A hit covers the number and has its value, alone or as a bound of a span; figures without a value need a span
    only.
    """
    wanted: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    for line in lines(path):
        one = json.loads(line)
        language: str = one["lang"]
        used: set[int] = set()
        figures = find(one["text"], language)
        for gold in one["figures"]:
            wanted[language] += 1
            covering = [figure for figure in figures if figure.start <= gold["start"] and gold["end"] <= figure.end]
            used.update(figure.start for figure in covering)
            hits[language] += any(_has(gold["value"], figure) for figure in covering)
        extra[language] += sum(figure.start not in used for figure in figures)
    head("language", "figures", "hits", "extra")
    for language in wanted:
        row(language, wanted[language], hits[language], extra[language])


def _has(value: object, figure: Figure) -> bool:
    return value is None or any(
        _equal(value, bound) for bound in (figure.value, figure.low, figure.high) if bound is not None
    )


# --- checking -------------------------------------------------------------------------------------------------------


def pairs(parallel: Path, language: str) -> list[tuple[str, str]]:
    english = lines(parallel.with_suffix(".en"))
    return list(zip(lines(parallel.with_suffix(f".{language}")), english, strict=True))


def wrong(checks: Sequence[Check]) -> bool:
    return any(check.verdict not in RIGHT for check in checks)


def alarm_table(parallel: Path) -> None:
    head("language", "sentences with figures", "figures", "sentences with an alarm", "share")
    for language in SOURCES:
        checked = [
            checks for source, english in pairs(parallel, language) if (checks := compare(source, language, english))
        ]
        alarmed = sum(wrong(checks) for checks in checked)
        row(language, len(checked), sum(map(len, checked)), alarmed, f"{alarmed / len(checked):.2%}")


def faults(english: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """The English with one fault each."""
    numbers = list(NUMBER.finditer(english))
    if numbers:
        number = chance.choice(numbers)
        head_, text, tail = english[: number.start()], number.group(), english[number.end() :]
        digits = [place for place, char in enumerate(text) if char.isdigit()]
        place = chance.choice(digits)
        other = chance.choice([char for char in "123456789" if char != text[place]])
        yield "digit", head_ + text[:place] + other + text[place + 1 :] + tail
        shorter = text[:place] + text[place + 1 :]
        if len(digits) > 1 and shorter[0].isdigit() and shorter[-1].isdigit():
            yield "dropped", head_ + shorter + tail
        if "." not in text:
            yield "zero", head_ + text + "0" + tail
        yield "deleted", head_ + tail.lstrip()
        if "." in text or "," in text:
            yield "separators", head_ + text.translate(str.maketrans(".,", ",.")) + tail
    if len(numbers) > 1:
        first, second = sorted(chance.sample(numbers, 2), key=lambda found: found.start())
        if first.group() != second.group():
            between = english[first.end() : second.start()]
            yield (
                "swapped",
                english[: first.start()] + second.group() + between + first.group() + english[second.end() :],
            )
    scale = re.search(r"\b(million|billion)\b", english)
    if scale:
        yield "scale", english[: scale.start()] + OTHER_SCALE[scale.group()] + english[scale.end() :]


def fault_table(parallel: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    seeded: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    restored: Counter[str] = Counter()
    for language in SOURCES:
        for source, english in pairs(parallel, language):
            checks = compare(source, language, english)
            if not checks or wrong(checks):
                continue
            for name, faulty in faults(english, chance):
                seeded[name] += 1
                caught[name] += wrong(compare(source, language, faulty))
                restored[name] += not wrong(compare(source, language, _repaired(source, language, faulty)))
    head("fault", "seeded", "caught", "restored")
    for name, count in seeded.items():
        shown = f"{restored[name] / count:.2%}" if name in REPAIRABLE else "–"
        row(name, count, f"{caught[name] / count:.2%}", shown)
    repairable = [name for name in seeded if name in REPAIRABLE]
    total = sum(seeded[name] for name in repairable)
    row(
        "all",
        seeded.total(),
        f"{caught.total() / seeded.total():.2%}",
        f"{sum(restored[name] for name in repairable) / total:.2%}",
    )


def _repaired(source: str, language: str, english: str) -> str:
    segment = TranslatedSegment(Segment(0, 0, source, 0, len(source)), english)
    (fixed,), _ = repair([segment], language, None)
    return fixed.english


def peer_table(parallel: Path | None, folder: Path) -> None:
    if parallel is None:
        print("skipped: the peers' outputs need --parallel for their sources")
        return
    head("output", "figures of the source", "right", "after repair", "sentences with an alarm", "after repair")
    for path in sorted(folder.glob("*.*.en")):
        language, name, _ = path.name.split(".")
        sources = lines(parallel.with_suffix(f".{language}"))
        before, after = Counter[str](), Counter[str]()
        for source, output in zip(sources, lines(path), strict=True):
            english = html.unescape(output)  # one peer escapes apostrophes, and a digit is no figure there
            _count(compare(source, language, english), before)
            _count(compare(source, language, _repaired(source, language, english)), after)
        row(
            f"{language} {name}",
            before["figures"],
            f"{before['right'] / before['figures']:.2%}",
            f"{after['right'] / after['figures']:.2%}",
            before["alarmed"],
            after["alarmed"],
        )


def _count(checks: Sequence[Check], counts: Counter[str]) -> None:
    of_source = [check for check in checks if check.source]
    counts["figures"] += len(of_source)
    counts["right"] += sum(check.verdict in RIGHT for check in of_source)
    counts["alarmed"] += wrong(checks)


# --- speed ----------------------------------------------------------------------------------------------------------


def speed_table(parallel: Path) -> None:
    """Median of five runs, processor time a sentence."""
    head("language", "find, ms", "find both and match, ms")
    for language in (*SOURCES, "en"):
        both = pairs(parallel, language)
        finding = _median(lambda both=both, language=language: [find(source, language) for source, _ in both])  # type: ignore[misc]
        matching = _median(lambda both=both, language=language: [compare(*_sides(pair, language)) for pair in both])  # type: ignore[misc]
        row(language, f"{finding / len(both) * 1000:.3f}", f"{matching / len(both) * 1000:.3f}")


def _sides(pair: tuple[str, str], language: str) -> tuple[str, str, str]:
    return pair[0], language, pair[1]


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


if __name__ == "__main__":
    main()
