"""The default engine: CTranslate2, on CPU threads or a GPU. Starts without torch."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ctranslate2

from service.errors import BadSetting, ModelFileError
from service.translation.lengths import equal_length_batches
from service.translation.tokens import CONTROL, END, Tokenizer, require_tokens
from service.types import Hypothesis

if TYPE_CHECKING:
    from service.translation.catalog import ModelEntry
    from service.translation.engine import Decoding

# Larger batches were no faster on the CPU and hold more memory: the beam multiplies it.
_BATCH_TOKENS = 1024


def cores() -> int:
    """CPU cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class CTranslate2Engine:
    """`folder` is the model's verified folder. `threads` batches run at once, each on one thread; 0 means one a core.

    One thread a batch is the fastest on sentences (one at a time on two busy cores: 4 times as fast as two threads a
    batch), and answers do not depend on the number of cores. `device` is `auto`, `cpu` or `cuda`: on a GPU one batch
    runs at once, in half precision around the numbers of the build.

    A build's lexical shortlist is used on a CPU, unless `shortlist` is false. A batch would pool the candidates of its
    sentences, and so change their answers; with a shortlist every sentence is a batch of its own, which is as fast as
    full batches without one.
    """

    def __init__(
        self, entry: ModelEntry, folder: Path, *, threads: int = 0, device: str = "cpu", shortlist: bool = True
    ) -> None:
        if entry.build is None:
            raise ModelFileError(f"Model '{entry.id}' has no CTranslate2 build.", field="model")
        self.info = entry.info("ctranslate2", runs_on(entry, device, shortlist=shortlist))
        self.max_input_tokens = entry.max_input_tokens
        self.batches = not (shortlist and uses_shortlist(entry, device))
        self._tokenizer = Tokenizer(folder / "hf", entry)
        self._prefix = list(self._tokenizer.prefix)
        build = folder / entry.build
        try:
            require_tokens(self._tokenizer, _vocabulary(build, "source"), entry)
            self._never = [[token] for token in sorted(CONTROL & _vocabulary(build, "target") - {END, "<unk>"})] or None
            self._model: Any = ctranslate2.Translator(str(build), **_place(device, threads, entry.build))
        except (OSError, RuntimeError, ValueError):
            raise ModelFileError(f"{entry.id}/{entry.build}: CTranslate2 cannot load it.", field=entry.build) from None

    def count_tokens(self, sentences: Sequence[str], language: str) -> list[int]:
        """The number of model tokens of each sentence, the end token included."""
        return [len(self._tokenizer.encode(sentence, language)) for sentence in sentences]

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        """For each sentence its hypotheses, best first; raises EngineFailed for a sentence that is too long."""
        inputs = self._tokenizer.encode_all(sentences, language)
        lengths = [len(tokens) for tokens in inputs]
        answers: list[tuple[Hypothesis, ...]] = [()] * len(inputs)
        running = [
            (batch, self._submit([inputs[position] for position in batch], decoding))
            for batch in equal_length_batches(lengths, _BATCH_TOKENS if self.batches else 1)
        ]
        for batch, results in running:
            for position, result in zip(batch, results, strict=True):
                answers[position] = self._hypotheses(result.result(), decoding)
        return answers

    def score(self, sentences: Sequence[str], english: Sequence[str], language: str) -> list[float]:
        """How likely the model finds each English: the mean log-probability of its tokens."""
        sources = self._tokenizer.encode_all(sentences, language)
        targets = [self._tokenizer.encode_english(text)[:-1] for text in english]  # the library adds the end token
        scored = self._model.score_batch(sources, targets, max_input_length=0)
        rows = [result.log_probs[len(self._prefix) :] for result in scored]
        return [sum(row) / len(row) for row in rows]

    def _submit(self, batch: list[list[str]], decoding: Decoding) -> list[Any]:
        running: list[Any] = self._model.translate_batch(
            batch,
            target_prefix=[self._prefix] * len(batch) if self._prefix else None,
            suppress_sequences=self._never,
            asynchronous=True,
            use_vmap=not self.batches,
            beam_size=decoding.beam,
            num_hypotheses=min(decoding.hypotheses, decoding.beam),
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram,
            max_input_length=0,  # the default cuts at 1024 tokens and says nothing
            max_decoding_length=decoding.max_tokens + len(self._prefix),
            disable_unk=True,
            return_end_token=True,
            return_scores=True,
        )
        return running

    def _hypotheses(self, result: Any, decoding: Decoding) -> tuple[Hypothesis, ...]:
        found = []
        for tokens, score in zip(result.hypotheses, result.scores, strict=True):
            # The library divides by length ** length_penalty, and counts the prefix, which costs nothing.
            total = score * len(tokens) ** decoding.length_penalty
            mean = total / max(1, len(tokens) - len(self._prefix))
            complete = bool(tokens) and tokens[-1] == END
            found.append(Hypothesis(self._tokenizer.decode(tokens), mean, truncated=not complete))
        return tuple(found)

    def close(self) -> None:
        """Free the model's memory; the engine cannot be used after."""
        self._model.unload_model()


def uses_shortlist(entry: ModelEntry, device: str) -> bool:
    """Whether the engine decodes with the shortlist of the model's build, and so sentence by sentence."""
    return entry.shortlist and on_cpu(device)


def on_cpu(device: str) -> bool:
    """Whether the setting `device` means the CPU on this machine."""
    return device == "cpu" or (device == "auto" and not ctranslate2.get_cuda_device_count())


def runs_on(entry: ModelEntry, device: str, *, shortlist: bool = True) -> str:
    """What the engine runs a model on, as far as that changes answers; BadSetting where there is no such device."""
    if on_cpu(device):
        return "cpu with shortlist" if shortlist and entry.shortlist else "cpu"
    return f"cuda {_compute_type(entry.build or '')}"


def _place(device: str, threads: int, build: str) -> dict[str, Any]:
    """Where and how to run; raises BadSetting where there is no such device."""
    if on_cpu(device):
        # More than there are cores: one for a quick request, one for a request that is there alone.
        return {"device": "cpu", "inter_threads": (threads or cores()) + 2, "intra_threads": 1}
    return {"device": "cuda", "compute_type": _compute_type(build)}


def _compute_type(build: str) -> str:
    """The numbers that a build is run with on a GPU; raises BadSetting where there is none."""
    if not ctranslate2.get_cuda_device_count():
        raise BadSetting("TOLMACH_DEVICE says cuda, but CTranslate2 finds no CUDA device.", field="device")
    fit = ctranslate2.get_supported_compute_types("cuda")
    halves = [kind for kind in ("int8_bfloat16", "int8_float16") if kind in fit]
    return halves[0] if halves and "-int8" in build else "default"


def _vocabulary(build: Path, side: str) -> frozenset[str]:
    """The tokens that a side of a build knows."""
    own = build / f"{side}_vocabulary.json"
    path = own if own.is_file() else build / "shared_vocabulary.json"
    return frozenset(json.loads(path.read_text(encoding="utf-8")))
