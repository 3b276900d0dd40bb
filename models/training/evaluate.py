"""Step 4: BLEU and chrF of an export on a development set, the share of figures kept, and the decoding speed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import sacrebleu
import sentencepiece

from models.training.config import Run
from models.training.records import Records
from service.translation.catalog import SHORTLIST
from service.types import Segment, TranslatedSegment

MAX_TOKENS = 256
DEV_SENTENCES = 250


@dataclass(frozen=True, slots=True)
class Decoded:
    """English lines, the number of their tokens, the seconds they took."""

    english: list[str]
    tokens: int
    seconds: float


class Exported:
    """An export in CTranslate2 with `threads` batches at once."""

    def __init__(self, folder: Path, build: str = "ctranslate2-int8", threads: int = 2) -> None:
        self.source, self.target = (
            sentencepiece.SentencePieceProcessor(model_file=str(folder / "hf" / f"{side}.spm"))
            for side in ("source", "target")
        )
        self.model = ctranslate2.Translator(str(folder / build), inter_threads=threads, intra_threads=1)
        self.shortlist = (folder / build / SHORTLIST).is_file()

    def translate(self, lines: Sequence[str], beam: int, *, whole: bool = False) -> Decoded:
        """The best hypothesis of each line; with the shortlist, if there is one, line by line as the service does it.

        `whole` asks for the whole vocabulary instead.
        """
        alone = self.shortlist and not whole
        began = time.perf_counter()
        pieces = [[*row, "</s>"] for row in self.source.encode(list(lines), out_type=str)]
        results = self.model.translate_batch(
            pieces,
            use_vmap=alone,
            beam_size=beam,
            max_batch_size=1 if alone else 1024,
            batch_type="examples" if alone else "tokens",
            max_decoding_length=MAX_TOKENS,
            disable_unk=True,
        )
        hypotheses = [result.hypotheses[0] for result in results]
        english: list[str] = self.target.decode(hypotheses)
        return Decoded(english, sum(map(len, hypotheses)), time.perf_counter() - began)


def lines_of(path: Path, count: int) -> list[str]:
    """The first `count` lines (0: all)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[:count] if count else lines


def dev_lines(run: Run, language: str, count: int) -> list[str]:
    """The first `count` lines (0: all) of the development set in `language`; ValueError where the run names none."""
    if run.paths.dev is None:
        raise ValueError("the configuration names no development set (paths.dev)")
    return lines_of(Path(f"{run.paths.dev}.{language}"), count)


def figures_kept(source: Sequence[str], english: Sequence[str], language: str) -> float | None:
    """The share of the source's figures that the English keeps, 0..1."""
    from service.evaluation import share_kept

    rows = enumerate(zip(source, english, strict=True))
    return share_kept([TranslatedSegment(Segment(i, i, s, 0, len(s)), e) for i, (s, e) in rows], language)


def scores(english: Sequence[str], references: Sequence[str]) -> dict[str, float]:
    """BLEU and chrF as sacrebleu has them by default (13a tokens), 0..100."""
    return {
        "bleu": round(sacrebleu.corpus_bleu(list(english), [list(references)]).score, 2),
        "chrf": round(sacrebleu.corpus_chrf(list(english), [list(references)]).score, 2),
    }


def evaluate(run: Run, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Scores by language on the first `evaluate.sentences` of the development set; recorded and printed."""
    references = dev_lines(run, "en", run.evaluate.sentences)
    exported = Exported(folder or run.paths.work / "export")
    found: dict[str, dict[str, Any]] = {}
    for code in run.data.languages:
        source = dev_lines(run, code, run.evaluate.sentences)
        decoded = exported.translate(source, run.evaluate.beam)
        found[code] = {
            **scores(decoded.english, references),
            "figures_kept": figures_kept(source, decoded.english, code),
            "reference_figures_kept": figures_kept(source, references, code),
            "tokens_per_second": round(decoded.tokens / decoded.seconds),
        }
        if exported.shortlist:
            whole = exported.translate(source, run.evaluate.beam, whole=True)
            found[code]["whole_vocabulary"] = scores(whole.english, references)
        print(code, found[code], flush=True)
    Records(run).write("evaluate", sentences=len(references), beam=run.evaluate.beam, scores=found)
    return found


def dev(run: Run, average: bool = False) -> dict[str, dict[str, float]]:
    """Score the newest checkpoint on DEV_SENTENCES sentences, for the learning curve; the export stays as it is."""
    from models.training import checkpoint, export
    from service.translation.convert import to_ctranslate2

    references, folder = dev_lines(run, "en", DEV_SENTENCES), run.paths.work / "dev"
    shutil.rmtree(folder, ignore_errors=True)
    state = checkpoint.load(run.paths.work / "checkpoint.pt")
    export.to_transformers(state, checkpoint.weights(state, average), run.paths.tokens, folder / "hf")
    to_ctranslate2(folder / "hf", folder / "ctranslate2-int8", "int8")
    exported = Exported(folder)
    found = {}
    for code in run.data.languages:
        lines = dev_lines(run, code, DEV_SENTENCES)
        found[code] = scores(exported.translate(lines, run.evaluate.beam).english, references)
    Records(run).write("dev", seen=state["seen"], average=average, scores=found)
    print(state["seen"], found)
    return found
