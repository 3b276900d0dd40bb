"""The engines side by side in one run: same weights, same sentences, one thread each. Only the ratios travel.

Each engine runs in a process of its own, so that its load time and memory are its own. On a machine that is busy with
other things, more threads than free cores slow torch down many times over; so neither gets more than one.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from itertools import cycle, islice
from typing import Any

SENTENCES = {
    "ro": (
        "Primarul a anunțat marți că podul de peste râu va fi închis trei luni pentru reparații.",
        "Peste 1.200 de elevi au participat la concurs.",
        "Ploile au inundat zece sate din nordul județului, iar pagubele trec de 2,3 milioane de lei.",
        "Trenurile circulă cu întârziere.",
    ),
    "it": (
        "Il sindaco ha annunciato martedì che il ponte sul fiume resterà chiuso per tre mesi.",
        "Oltre 1.200 studenti hanno partecipato al concorso.",
        "Le piogge hanno allagato dieci paesi nel nord, con danni per più di 2,3 milioni di euro.",
        "I treni viaggiano in ritardo.",
    ),
    "uk": (
        "Мер оголосив у вівторок, що міст через річку закриють на три місяці на ремонт.",
        "Понад 1200 учнів узяли участь у конкурсі.",
        "Дощі затопили десять сіл на півночі області, збитки перевищують 2,3 мільйона гривень.",
        "Потяги запізнюються.",
    ),
}
BATCH = 48
ENGINES = ("ctranslate2", "transformers")


def measure(name: str) -> dict[str, float]:
    """One engine in this process: seconds to load, sentences a second, peak memory in MB."""
    from service.settings import Settings
    from service.translation.engine import Decoding
    from service.translation.load import load

    begun = time.perf_counter()
    engine = load(Settings.model_validate({"engine": name, "threads": 1}))
    found: dict[str, float] = {"load_s": time.perf_counter() - begun}
    work = {language: list(islice(cycle(texts), BATCH)) for language, texts in SENTENCES.items()}
    for label, decoding in (("greedy", Decoding(beam=1, hypotheses=1)), ("beam_4", Decoding())):
        for language, sentences in SENTENCES.items():
            engine.translate(sentences, language, decoding)  # warm
        begun = time.perf_counter()
        for language, many in work.items():
            engine.translate(many, language, decoding)
        found[f"{label}_batch"] = BATCH * len(work) / (time.perf_counter() - begun)
        begun = time.perf_counter()
        for language, sentences in SENTENCES.items():
            for text in sentences:
                engine.translate([text], language, decoding)
        found[f"{label}_single"] = sum(map(len, SENTENCES.values())) / (time.perf_counter() - begun)
    found["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def main() -> None:
    results: dict[str, dict[str, Any]] = {}
    for name in ENGINES:
        command = [sys.executable, "-m", "benchmarks.engines", name]
        results[name] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    first, second = (results[name] for name in ENGINES)
    print(f"{'':<16}{ENGINES[0]:>14}{ENGINES[1]:>14}{'ratio':>8}")
    for key, value in first.items():
        print(f"{key:<16}{value:>14.2f}{second[key]:>14.2f}{value / second[key]:>8.2f}")
    print("load_s: seconds; *_batch and *_single: sentences a second, 48 at once and one by one; rss_mb: peak memory")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
