"""The reference engine: transformers on torch. Slower on a CPU; what a CTranslate2 build is compared with."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.errors import ModelFileError
from service.translation.lengths import equal_length_batches
from service.translation.quiet import offline_and_quiet
from service.translation.tokens import END, MarianTokenizer
from service.types import Hypothesis, ModelInfo

if TYPE_CHECKING:
    from service.translation.catalog import ModelEntry
    from service.translation.engine import Decoding

_BATCH_TOKENS = 1024
_NEVER = ("<unk>", "<pad>")


class TransformersEngine:
    """`folder` is the model's verified folder; the weights are read from safetensors, as float32.

    One call at a time: torch takes all of its threads for each. `threads` 0 leaves torch's own number.
    """

    def __init__(self, entry: ModelEntry, folder: Path, *, threads: int = 0) -> None:
        import torch
        from safetensors import SafetensorError
        from transformers import MarianMTModel

        self.info = ModelInfo(entry.id, entry.revision, entry.sha256, "transformers", tuple(entry.languages))
        self.max_input_tokens = entry.max_input_tokens
        self._tokenizer = MarianTokenizer(folder / "hf", entry)
        if threads:
            torch.set_num_threads(threads)
        self._torch: Any = torch
        try:
            with offline_and_quiet():
                loaded: Any = MarianMTModel.from_pretrained(
                    folder / "hf", dtype=torch.float32, use_safetensors=True, local_files_only=True
                )
            self._model = loaded.train(mode=False)
            self._source_ids = _ids(folder / "hf" / "vocab.json")
            target = folder / "hf" / "target_vocab.json"
            target_ids = _ids(target) if target.is_file() else self._source_ids
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError):
            raise ModelFileError(f"{entry.id}/hf: transformers cannot load it.", field="hf") from None
        self._target_tokens = {number: token for token, number in target_ids.items()}
        self._never = [target_ids[token] for token in _NEVER if token in target_ids]
        self._end = target_ids[END]
        self._lock = threading.Lock()

    def count_tokens(self, sentences: Sequence[str], language: str) -> list[int]:
        """The number of model tokens of each sentence, the end token included."""
        return [len(self._tokenizer.encode(sentence, language)) for sentence in sentences]

    def translate(self, sentences: Sequence[str], language: str, decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        """For each sentence its hypotheses, best first; raises EngineFailed for a sentence that is too long."""
        unknown = self._source_ids["<unk>"]
        inputs = [
            [self._source_ids.get(token, unknown) for token in tokens]
            for tokens in self._tokenizer.encode_all(sentences, language)
        ]
        answers: list[tuple[Hypothesis, ...]] = [()] * len(inputs)
        for batch in equal_length_batches([len(ids) for ids in inputs], _BATCH_TOKENS):
            with self._lock, self._torch.inference_mode():
                found = self._translate([inputs[position] for position in batch], decoding)
            for position, hypotheses in zip(batch, found, strict=True):
                answers[position] = hypotheses
        return answers

    def _translate(self, batch: list[list[int]], decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        count = min(decoding.hypotheses, decoding.beam)
        source = self._torch.tensor(batch)
        output = self._model.generate(
            input_ids=source,
            attention_mask=self._torch.ones_like(source),
            num_beams=decoding.beam,
            num_return_sequences=count,
            do_sample=False,
            early_stopping=decoding.beam > 1,
            max_new_tokens=decoding.max_tokens,
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram,
            suppress_tokens=self._never,
            forced_eos_token_id=None,  # else an answer that was cut would look whole
        )
        hypotheses = self._score(source.repeat_interleave(count, dim=0), output)
        return [tuple(hypotheses[start : start + count]) for start in range(0, len(hypotheses), count)]

    def _score(self, source: Any, output: Any) -> list[Hypothesis]:
        """The mean log-probability of each answer's tokens, whatever penalties the search used."""
        logits = self._model(input_ids=source, decoder_input_ids=output[:, :-1]).logits
        logits[..., self._never] = float("-inf")
        targets = output[:, 1:]
        scores = logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
        found = []
        for row, ids in zip(scores.tolist(), targets.tolist(), strict=True):
            complete = self._end in ids
            length = ids.index(self._end) + 1 if complete else len(ids)
            text = self._tokenizer.decode([self._target_tokens[each] for each in ids[:length]])
            found.append(Hypothesis(text, sum(row[:length]) / max(1, length), truncated=not complete))
        return found

    def close(self) -> None:
        """Free the model's memory; the engine cannot be used after."""
        del self._model


def _ids(path: Path) -> dict[str, int]:
    ids: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return ids
