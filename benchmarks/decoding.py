"""What each choice of decoding costs and gives: numbers, beam, answers, batches, threads, vocabulary. Markdown tables.

    python -m benchmarks.decoding --parallel flores-dev [--only numbers|answers|batches|threads|vocabulary]

`--parallel` is a path without its ending: one sentence a line in `.en`, `.ro`, `.it`, `.uk`. Rows take turns; the best
round of each counts, beside that of the row in bold: what the service does. Speed is that of a core, by the processor's
time, which a busy machine does not falsify; for threads only the clock will do. BLEU is sacrebleu's, over each
language, and their mean.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

import ctranslate2
import sacrebleu

from benchmarks.tables import table
from service.settings import Settings
from service.translation import catalog, convert
from service.translation.engine import Decoding
from service.translation.lengths import equal_length_batches
from service.translation.tokens import CONTROL, END, Tokenizer

CORES = os.cpu_count() or 1
CODES = ("ro", "it", "uk")
BATCH_TOKENS = 1024
Clock = Callable[[], float]


@dataclass(frozen=True)
class Texts:
    """Sentences, their tokens and their human English, by language."""

    sentences: dict[str, list[str]]
    tokens: dict[str, list[list[str]]]
    english: list[str]

    @property
    def size(self) -> int:
        return sum(map(len, self.sentences.values()))


@dataclass(frozen=True)
class Bench:
    texts: Texts
    tokenizer: Tokenizer
    folder: Path
    scratch: Path
    rounds: int

    def loaded(self, build: Path | None = None, inter: int = CORES, intra: int = 1, kind: str = "default") -> Any:
        path = str(build or self.folder / "ctranslate2-int8")
        return ctranslate2.Translator(path, inter_threads=inter, intra_threads=intra, compute_type=kind)

    def float32(self) -> Path:
        build = self.scratch / "float32"
        if not build.is_dir():
            convert.to_ctranslate2(self.folder / "hf", build, "float32")
        return build

    def bleu(self, answers: dict[str, list[str]]) -> list[float]:
        scores = [sacrebleu.corpus_bleu(answers[code], [self.texts.english]).score for code in CODES]
        return [*scores, mean(scores)]


@dataclass
class Row:
    """One way to decode: `run` gives the English of all sentences, by language."""

    name: Sequence[str]
    model: Any
    run: Callable[[], dict[str, list[str]]]
    took: list[float] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)


def way(
    bench: Bench, name: Sequence[str], model: Any, *, batch: int = BATCH_TOKENS, equal: bool = True, **options: Any
) -> Row:
    """Decoding in batches of equal lengths or padded, `batch` tokens at once; 1 is one by one."""
    asked = {"beam_size": Decoding().beam, "max_decoding_length": Decoding().max_tokens, **options}

    def language(inputs: list[list[str]]) -> list[str]:
        answers = [""] * len(inputs)
        if equal:
            batches = equal_length_batches([len(tokens) for tokens in inputs], batch)
            running = [
                (places, model.translate_batch([inputs[place] for place in places], asynchronous=True, **asked))
                for places in batches
            ]
        else:
            every = model.translate_batch(inputs, asynchronous=True, max_batch_size=batch, batch_type="tokens", **asked)
            running = [(list(range(len(inputs))), every)]
        for places, results in running:
            for place, result in zip(places, results, strict=True):
                answers[place] = bench.tokenizer.decode(result.result().hypotheses[0])
        return answers

    return Row(name, model, lambda: {code: language(inputs) for code, inputs in bench.texts.tokens.items()})


def measure(bench: Bench, rows: Sequence[Row], clock: Clock) -> None:
    for row in rows:  # the first call allocates
        row.model.translate_batch(next(iter(bench.texts.tokens.values()))[:8])
    for _ in range(bench.rounds):
        for row in rows:
            begun = clock()
            row.answers = row.run()
            row.took.append(clock() - begun)


def show(
    bench: Bench,
    title: str,
    names: Sequence[str],
    rows: Sequence[Row],
    *,
    bleu: bool = True,
    clock: Clock = time.process_time,
) -> None:
    """Measure the rows and print them beside the one whose name is in bold."""
    measure(bench, rows, clock)
    ours = next(row for row in rows if row.name[0].startswith("**"))
    unit = "sentences a second of a core" if clock is time.process_time else "sentences/s"
    head = [*names, unit, "ratio", *([*CODES, "BLEU"] if bleu else ["same English"])]
    print(f"## {title}\n")
    table(
        head,
        (
            (
                *row.name,
                bench.texts.size / min(row.took),
                f"{min(ours.took) / min(row.took):.2f}x",
                *(bench.bleu(row.answers) if bleu else [_same(row.answers, ours.answers)]),
            )
            for row in rows
        ),
    )


def _same(answers: dict[str, list[str]], others: dict[str, list[str]]) -> str:
    pairs = [pair for code in CODES for pair in zip(answers[code], others[code], strict=True)]
    return f"{sum(a == b for a, b in pairs) / len(pairs):.1%}"


# --- the tables -----------------------------------------------------------------------------------------------------


def numbers(bench: Bench) -> None:
    fit = ctranslate2.get_supported_compute_types("cpu")
    kinds = [kind for kind in ("int8", "int8_float32", "int8_bfloat16", "bfloat16", "float32") if kind in fit]
    models = {kind: bench.loaded(None if kind == "int8" else bench.float32(), kind=kind) for kind in kinds}
    chosen = "int8", Decoding().beam
    rows = [
        way(bench, [_bold(kind, (kind, beam) == chosen), str(beam)], model, beam_size=beam)
        for kind, model in models.items()
        for beam in (1, 2, 4)
    ]
    show(bench, "Numbers and beam", ["numbers", "beam"], rows)


def answers(bench: Bench) -> None:
    """What the engine asks for beside the best answer: three others with their scores, and no control tokens."""
    build = bench.folder / "ctranslate2-int8"
    target: list[str] = json.loads((build / "target_vocabulary.json").read_text(encoding="utf-8"))
    never = [[token] for token in target if token in CONTROL - {END, "<unk>"}]
    clean: dict[str, Any] = {"suppress_sequences": never, "disable_unk": True}
    full: dict[str, Any] = {"num_hypotheses": 4, "return_scores": True, "return_end_token": True}
    model = bench.loaded()
    rows = [
        way(bench, ["one answer"], model),
        way(bench, ["four answers, scores"], model, **full),
        way(bench, ["one answer, no control tokens"], model, **clean),
        way(bench, ["**four answers, scores, no control tokens**"], model, **clean, **full),
    ]
    show(bench, "Answers", ["what is asked for"], rows, bleu=False)


def batches(bench: Bench) -> None:
    model = bench.loaded()
    rows = [
        way(bench, ["one by one", ""], model, batch=1),
        *(
            way(bench, [_bold("equal lengths", size == BATCH_TOKENS), str(size)], model, batch=size)
            for size in (128, 256, 512, 1024, 2048)
        ),
        *(way(bench, ["padded", str(size)], model, batch=size, equal=False) for size in (256, 1024, 4096)),
    ]
    show(bench, "Batches", ["batches", "tokens"], rows, bleu=False)


def threads(bench: Bench) -> None:
    layouts = sorted({(1, 1), (1, CORES), (CORES, 1), (CORES + 1, 1), (CORES + 2, 1), (2 * CORES, 1), (CORES, 2)})
    rows = [
        way(
            bench,
            [_bold(str(inter), (inter, intra) == (CORES + 2, 1)), str(intra)],
            bench.loaded(inter=inter, intra=intra),
        )
        for inter, intra in layouts
    ]
    show(bench, "Threads", ["batches at once", "threads each"], rows, bleu=False, clock=time.perf_counter)


def vocabulary(bench: Bench) -> None:
    """The build's lexical shortlist. One by one, as the engine uses it; in batches the candidates are pooled."""
    model = bench.loaded()
    rows = [
        way(bench, ["whole", "one by one"], model, batch=1),
        way(bench, ["whole", "equal lengths"], model),
        way(bench, ["**shortlist**", "one by one"], model, batch=1, use_vmap=True),
        way(bench, ["shortlist, pooled", "equal lengths"], model, use_vmap=True),
    ]
    show(bench, "Vocabulary", ["vocabulary", "batches"], rows)


def _bold(text: str, chosen: bool) -> str:
    return f"**{text}**" if chosen else text


TABLES = {
    "numbers": numbers,
    "answers": answers,
    "batches": batches,
    "threads": threads,
    "vocabulary": vocabulary,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parallel", type=Path, required=True)
    parser.add_argument("--sentences", type=int, default=200, help="of each language")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", choices=TABLES, nargs="+", default=TABLES)
    given = parser.parse_args()
    settings = Settings()
    entry = catalog.load(settings.models_dir).get(settings.model)
    folder = catalog.folder(entry, settings.models_dir)
    tokenizer = Tokenizer(folder / "hf", entry)
    lines = {
        code: given.parallel.with_suffix(f".{code}").read_text(encoding="utf-8").splitlines()[: given.sentences]
        for code in (*CODES, "en")
    }
    english = lines.pop("en")
    tokens = {code: tokenizer.encode_all(many, code) for code, many in lines.items()}
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Texts(lines, tokens, english), tokenizer, folder, Path(scratch), given.rounds)
        print(f"{bench.texts.size} sentences, beam {Decoding().beam} where nothing else is said, {CORES} cores\n")
        for part, run in TABLES.items():
            if part in given.only:
                run(bench)


if __name__ == "__main__":
    main()
