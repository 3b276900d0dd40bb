"""The service beside its peers: same weights, sentences, beam and machine, in one run. Prints a table in Markdown.

    python -m benchmarks.peers [--libretranslate VENV] [--dtypes float32 bfloat16]

VENV has LibreTranslate installed (see `benchmarks.libretranslate`, which makes its packages out of our model). The
`translation` pipeline of transformers ended with version 4; what it did is done here: its own tokenizer, `generate`,
batches padded to the longest. Nothing is remembered: no round has a sentence of the one before.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import libretranslate
from benchmarks.pipeline import article_of
from benchmarks.processes import FORGETFUL, Server, tolmach
from benchmarks.serving import fresh, said, seconds, sentences_of
from benchmarks.tables import table
from service.article.intake import read
from service.article.segments import segment
from service.settings import Settings
from service.translation import catalog
from service.translation.engine import Decoding
from service.translation.load import load
from service.translation.tokens import Tokenizer

CLIENTS = 16
A_REQUEST = 4  # sentences
SETTLE = 0.3  # seconds in which the threads of the last system go to sleep
BEAM = Decoding().beam
LONGEST = Decoding().max_tokens
PADDED = 32  # sentences of a batch of transformers
LINES = 20  # sentences sent alone
CODES = ("ro", "it", "uk")
WORDS = 500  # of an article

Work = Sequence[tuple[str, str]]  # (language, sentence)
Send = Callable[[str, Sequence[str]], list[str]]  # (language, lines) -> their English


@dataclass(frozen=True)
class System:
    """`everything` translates all sentences as fast as it can; `send` one request; `article` a text that is no list."""

    name: str
    everything: Callable[[Work], list[str]]
    send: Send
    article: Callable[[str, str], object]


def by_language(work: Work, translate: Callable[[str, list[str]], list[str]]) -> list[str]:
    """`translate` called with all sentences of one language after the other; answers in the order of `work`."""
    codes = list(dict.fromkeys(code for code, _ in work))
    many = {code: [text for other, text in work if other == code] for code in codes}
    found = {code: iter(translate(code, texts)) for code, texts in many.items()}
    return [next(found[code]) for code, _ in work]


def local(name: str, translate: Callable[[str, list[str]], list[str]]) -> System:
    """A library, called from this process; an article costs it what its sentences cost."""

    def article(code: str, text: str) -> object:
        return translate(code, [each.text for each in segment(read(text=text, source=code))])

    return System(
        name, lambda work: by_language(work, translate), lambda code, lines: translate(code, [*lines]), article
    )


def remote(name: str, post: Send) -> System:
    """A server, called by many at once with a few sentences each."""

    def everything(work: Work) -> list[str]:
        requests: list[tuple[str, list[str]]] = []
        for code, text in work:
            if not requests or requests[-1][0] != code or len(requests[-1][1]) == A_REQUEST:
                requests.append((code, []))
            requests[-1][1].append(text)
        with ThreadPoolExecutor(CLIENTS) as pool:
            return [line for lines in pool.map(lambda one: post(*one), requests) for line in lines]

    return System(name, everything, post, lambda code, text: post(code, text.split("\n\n")))


# --- the systems ----------------------------------------------------------------------------------------------------


def engine() -> System:
    loaded = load(Settings())

    def translate(code: str, many: list[str]) -> list[str]:
        return [answers[0].text for answers in loaded.translate(many, code, Decoding())]

    return local("our engine alone", translate)


def library(name: str, folder: Path, entry: catalog.ModelEntry, *, shortlist: bool = False) -> System:
    """CTranslate2 as its documentation has it: all at once, its own batches, one answer a sentence."""
    import ctranslate2

    translator: Any = ctranslate2.Translator(
        str(folder / "ctranslate2-int8"), inter_threads=os.cpu_count() or 1, intra_threads=1
    )
    tokenizer = Tokenizer(folder / "hf", entry)

    def translate(code: str, many: list[str]) -> list[str]:
        results = translator.translate_batch(
            tokenizer.encode_all(many, code),
            beam_size=BEAM,
            max_decoding_length=LONGEST,
            max_batch_size=1024,
            batch_type="tokens",
            use_vmap=shortlist,
        )
        return [tokenizer.decode(result.hypotheses[0]) for result in results]

    return local(name, translate)


def service(server: Server) -> System:
    def post(code: str, lines: Sequence[str]) -> list[str]:
        asked = {"text": "\n\n".join(lines), "source": code, "repair": False}
        reply = server.client.post("/v1/translate", json=asked).raise_for_status().json()
        # A line without a full stop may be read as one sentence with the next; it counts as another English.
        found = {each["source"]["text"]: each["english"]["text"] for each in reply["translation"]["segments"]}
        return [found.get(line, "") for line in lines]

    return remote(f"**Tolmach over HTTP, {CLIENTS} clients**", post)


def libre(server: Server, name: str, joint: str) -> System:
    def post(code: str, lines: Sequence[str]) -> list[str]:
        asked = {"q": joint.join(lines), "source": code, "target": "en", "format": "text"}
        english = server.client.post("/translate", json=asked).raise_for_status().json()["translatedText"]
        return str(english).split("\n")

    return remote(name, post)


def transformers(folder: Path, dtype: str, batch: int) -> System:
    import torch
    from transformers import MarianMTModel, MarianTokenizer

    from service.translation.quiet import offline_and_quiet

    torch.set_num_threads(os.cpu_count() or 1)
    with offline_and_quiet():
        tokenizer: Any = MarianTokenizer.from_pretrained(folder / "hf")
        model: Any = MarianMTModel.from_pretrained(folder / "hf", dtype=dtype).train(mode=False)

    def translate(_: str, many: list[str]) -> list[str]:
        order = sorted(range(len(many)), key=lambda place: -len(many[place]))
        found = [""] * len(many)
        for start in range(0, len(many), batch):
            places = order[start : start + batch]
            inputs = tokenizer([many[place] for place in places], return_tensors="pt", padding=True)
            with torch.inference_mode():
                output = model.generate(**inputs, num_beams=BEAM, max_new_tokens=LONGEST)
            for place, text in zip(places, tokenizer.batch_decode(output, skip_special_tokens=True), strict=True):
                found[place] = text
        return found

    how = "one by one" if batch == 1 else f"batches of {batch}"
    return local(f"transformers, {dtype}, {how}", translate)


@contextmanager
def libretranslates(venv: Path | None, folder: Path) -> Iterator[list[System]]:
    """LibreTranslate as it comes, and as its settings make it fastest here."""
    if venv is None:
        yield []
        return
    cores = str(os.cpu_count() or 1)
    tuned = {"ARGOS_INTER_THREADS": cores, "ARGOS_INTRA_THREADS": "1", "ARGOS_BATCH_SIZE": "1024"}
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        libretranslate.install(folder, home, venv / "bin/python")
        plain = stack.enter_context(libretranslate.serving(venv, home))
        quick = stack.enter_context(libretranslate.serving(venv, home, **tuned))
        print(f"LibreTranslate {libretranslate.version(venv)}")
        yield [
            libre(plain, f"LibreTranslate over HTTP, {CLIENTS} clients", "\n"),
            libre(quick, "the same, its threads and batches set", "\n"),
            libre(quick, "the same, a request in one paragraph", " "),
        ]


# --- measuring ------------------------------------------------------------------------------------------------------


@dataclass
class Found:
    speed: float = 0.0
    line: float = 0.0
    article: float = 0.0
    english: list[str] | None = None


def measure(systems: Sequence[System], work: Work, rounds: int) -> dict[str, Found]:
    """All systems in turns; the best round of each for its speed, the median of its times.

    No text comes twice but in the mouth of somebody else, so that nobody is measured on what it remembers.
    """
    found = {system.name: Found() for system in systems}
    articles = {code: fresh(article_of(WORDS, code), code, rounds) for code in CODES}
    lines = [(code, said(text, code, rounds)) for code, text in work[:: max(1, len(work) // LINES)]]
    for system in systems:  # the first call loads and allocates
        for code in CODES:
            system.send(code, ["1. " + next(text for other, text in work if other == code)])
    for number in range(rounds):
        told = [(code, said(text, code, number)) for code, text in work] if number else work
        for system in systems:
            time.sleep(SETTLE)
            one = found[system.name]
            begun = time.perf_counter()
            english = system.everything(told)
            one.speed = max(one.speed, len(work) / (time.perf_counter() - begun))
            one.english = one.english or english
    for system in systems:
        one = found[system.name]
        one.line = median(seconds(lambda s=system, x=x: s.send(x[0], [x[1]])) for x in lines)  # type: ignore[misc]
        # Each only once: LibreTranslate keeps the paragraphs of the last request.
        one.article = median(seconds(lambda s=system, x=x: s.article(*x)) for x in articles.items())  # type: ignore[misc]
    return found


def same(english: Sequence[str] | None, reference: Sequence[str]) -> str:
    if english is None or len(english) != len(reference):
        return "–"
    return f"{sum(a == b for a, b in zip(english, reference, strict=True)) / len(reference):.0%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--libretranslate", type=Path, help="virtual environment with libretranslate and spacy")
    parser.add_argument("--dtypes", nargs="*", default=["float32"], help="numbers of transformers: float32, bfloat16")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
    settings = Settings()
    entry = catalog.load(settings.models_dir).get(settings.model)
    folder = catalog.folder(entry, settings.models_dir)
    work = [(code, text) for code in CODES for text in sentences_of(code)]
    padded = [transformers(folder, dtype, PADDED) for dtype in given.dtypes]
    with tolmach(**FORGETFUL) as server, libretranslates(given.libretranslate, folder) as others:
        ours = service(server)
        bare = [
            library("bare CTranslate2, all at once", folder, entry),
            library("the same with our shortlist, pooled", folder, entry, shortlist=True),
        ]
        fast = [engine(), *bare, ours, *others, *padded]
        found = measure(fast, work, given.rounds)
    found |= measure([transformers(folder, dtype, 1) for dtype in given.dtypes], work, 1)
    reference = found[fast[0].name].english or []
    print(f"{len(work)} sentences, beam {BEAM}, {os.cpu_count()} cores\n")
    table(
        ["", "sentences/s", "Tolmach is", "one sentence, ms", f"{WORDS} words, s", "same English"],
        (
            (
                name,
                one.speed,
                f"{found[ours.name].speed / one.speed:.2f}x",
                one.line * 1000,
                one.article,
                same(one.english, reference),
            )
            for name, one in found.items()
        ),
    )


if __name__ == "__main__":
    main()
