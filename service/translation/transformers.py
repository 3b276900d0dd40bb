"""The reference engine: transformers on torch. Slower on a CPU; what a CTranslate2 build is compared with."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.errors import BadSetting, ModelFileError
from service.translation.lengths import equal_length_batches
from service.translation.quiet import offline_and_quiet
from service.translation.tokens import END, Tokenizer, require_tokens
from service.types import Hypothesis

if TYPE_CHECKING:
    from service.translation.catalog import ModelEntry
    from service.translation.engine import Decoding

_BATCH_TOKENS = 1024
_NEVER = ("<unk>", "<pad>", "<s>", "<mask>")
_CLASSES = {"marian": "MarianMTModel", "nllb": "M2M100ForConditionalGeneration"}
_SCORED_AT_ONCE = 1 << 25  # logits: NLLB has 256,000 a token


class TransformersEngine:
    """`folder` is the model's verified folder; the weights are read from safetensors.

    `device` is `auto`, `cpu` or `cuda`: float32 on a CPU; on a GPU bfloat16 where it has that, else float16. One call
    at a time: torch takes all of its threads for each. `threads` 0 leaves torch's own number.
    """

    def __init__(self, entry: ModelEntry, folder: Path, *, threads: int = 0, device: str = "cpu") -> None:
        import torch
        import transformers
        from safetensors import SafetensorError

        self.info = entry.info("transformers", runs_on(device))
        self.max_input_tokens = entry.max_input_tokens
        self.batches = True
        self._tokenizer = Tokenizer(folder / "hf", entry)
        if threads:
            torch.set_num_threads(threads)
        self._torch: Any = torch
        self._device, dtype = _place(device)
        try:
            with offline_and_quiet():
                loaded: Any = getattr(transformers, _CLASSES[entry.architecture]).from_pretrained(
                    folder / "hf", dtype=dtype, use_safetensors=True, local_files_only=True
                )
            self._model = loaded.train(mode=False).to(self._device)
            self._source_ids = _ids(folder / "hf" / "vocab.json")
            target = folder / "hf" / "target_vocab.json"
            target_ids = _ids(target) if target.is_file() else self._source_ids
            require_tokens(self._tokenizer, self._source_ids, entry)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError):
            raise ModelFileError(f"{entry.id}/hf: transformers cannot load it.", field="hf") from None
        self._target_tokens = {number: token for token, number in target_ids.items()}
        self._never = [target_ids[token] for token in _NEVER if token in target_ids]
        self._end = target_ids[END]
        self._target_ids = target_ids
        start = self._model.config.decoder_start_token_id
        self._begin = [start, *(target_ids[token] for token in self._tokenizer.prefix)]
        self._lock = threading.Lock()

    def count_tokens(self, sentences: Sequence[str], language: str) -> list[int]:
        """The number of model tokens of each sentence, the end token included."""
        return [len(self._tokenizer.encode(sentence, language)) for sentence in sentences]

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        """For each sentence its hypotheses, best first; raises EngineFailed for a sentence that is too long."""
        inputs = self._inputs(sentences, language)
        answers: list[tuple[Hypothesis, ...]] = [()] * len(inputs)
        for batch in equal_length_batches([len(ids) for ids in inputs], _BATCH_TOKENS):
            with self._lock, self._torch.inference_mode():
                found = self._translate([inputs[position] for position in batch], decoding)
            for position, hypotheses in zip(batch, found, strict=True):
                answers[position] = hypotheses
        return answers

    def score(self, sentences: Sequence[str], english: Sequence[str], language: str) -> list[float]:
        """How likely the model finds each English: the mean log-probability of its tokens."""
        scores = []
        for source, text in zip(self._inputs(sentences, language), english, strict=True):
            tokens = self._tokenizer.encode_english(text)[len(self._tokenizer.prefix) :]
            ids = [self._target_ids.get(token, self._target_ids["<unk>"]) for token in tokens]
            with self._lock, self._torch.inference_mode():
                output = self._tensor([[*self._begin, *ids]])
                row = self._log_probabilities(self._tensor([source]), output, never=[])[0].tolist()
            scores.append(sum(row) / len(row))
        return scores

    def _inputs(self, sentences: Sequence[str], language: str) -> list[list[int]]:
        unknown = self._source_ids["<unk>"]
        encoded = self._tokenizer.encode_all(sentences, language)
        return [[self._source_ids.get(token, unknown) for token in tokens] for tokens in encoded]

    def _tensor(self, rows: list[list[int]]) -> Any:
        return self._torch.tensor(rows, device=self._device)

    def _translate(self, batch: list[list[int]], decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        count = min(decoding.hypotheses, decoding.beam)
        source = self._tensor(batch)
        output = self._model.generate(
            input_ids=source,
            attention_mask=self._torch.ones_like(source),
            decoder_input_ids=self._tensor([self._begin] * len(batch)),
            num_beams=decoding.beam,
            num_return_sequences=count,
            do_sample=False,
            early_stopping=decoding.beam > 1,
            max_new_tokens=decoding.max_tokens,
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram,
            suppress_tokens=self._never,
            forced_bos_token_id=None,  # the answer has begun with it already
            forced_eos_token_id=None,  # else an answer that was cut would look whole
        )
        hypotheses = self._hypotheses(source.repeat_interleave(count, dim=0), output)
        return [tuple(hypotheses[start : start + count]) for start in range(0, len(hypotheses), count)]

    def _hypotheses(self, source: Any, output: Any) -> list[Hypothesis]:
        """The answers with the mean log-probability of their tokens, whatever penalties the search used."""
        rows = max(1, _SCORED_AT_ONCE // (output.shape[1] * len(self._target_tokens)))
        found = []
        for start in range(0, len(output), rows):
            part = output[start : start + rows]
            scores = self._log_probabilities(source[start : start + rows], part, never=self._never)
            for row, ids in zip(scores.tolist(), part[:, len(self._begin) :].tolist(), strict=True):
                complete = self._end in ids
                length = ids.index(self._end) + 1 if complete else len(ids)
                text = self._tokenizer.decode([self._target_tokens.get(each, "<unk>") for each in ids[:length]])
                found.append(Hypothesis(text, sum(row[:length]) / max(1, length), truncated=not complete))
        return found

    def _log_probabilities(self, source: Any, output: Any, never: list[int]) -> Any:
        """Of each token of `output` after those that every answer begins with."""
        logits = self._model(input_ids=source, decoder_input_ids=output[:, :-1]).logits
        logits = logits[:, len(self._begin) - 1 :].float()
        logits[..., never] = float("-inf")
        return logits.log_softmax(-1).gather(-1, output[:, len(self._begin) :, None])[..., 0]

    def close(self) -> None:
        """Free the model's memory; the engine cannot be used after."""
        del self._model


def _ids(path: Path) -> dict[str, int]:
    ids: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return ids


def runs_on(device: str) -> str:
    """What the engine runs on, as far as that changes answers. Raises BadSetting where there is no such device."""
    if device == "cpu":  # known without torch, which takes seconds to import
        return "cpu"
    place, dtype = _place(device)
    return place if place == "cpu" else f"{place} {dtype}"


def _place(device: str) -> tuple[str, Any]:
    """Where to run, and in which numbers; raises BadSetting where there is no such device."""
    import torch

    if device == "cpu" or (device == "auto" and not torch.cuda.is_available()):
        return "cpu", torch.float32
    if not torch.cuda.is_available():
        raise BadSetting("TOLMACH_DEVICE says cuda, but torch finds no CUDA device.", field="device")
    return "cuda", torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
