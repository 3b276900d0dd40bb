"""Whether a CTranslate2 build says what the checkpoint says that it was made from. A build that does not is no model.

Three questions, each asked of a simple sentence of every language that has one in `data/canaries.toml`: do our tokens
say what those of transformers say, do both engines find the reference's English equally likely, and without
quantisation, do they write the same English?
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.errors import ModelFileError
from service.languages import english_name
from service.translation.ctranslate2 import CTranslate2Engine
from service.translation.engine import Decoding
from service.translation.load import canaries
from service.translation.quiet import offline_and_quiet
from service.translation.tokens import Tokenizer
from service.translation.transformers import TransformersEngine

if TYPE_CHECKING:
    from service.translation.catalog import ModelEntry

logger = logging.getLogger(__name__)

# How far the mean log-probability of a token may be off. The embedded model, the worst of 12 sentences: 0.000002 in
# float32, 0.00003 in float16, 0.004 in bfloat16, 0.03 in int8. A build of other weights is off by whole units.
TOLERANCE = {"float32": 0.01, "float16": 0.02, "bfloat16": 0.1}
TOLERANCE_INT8 = 0.3
_GREEDY = Decoding(beam=1, hypotheses=1, max_tokens=64)


def check(entry: ModelEntry, folder: Path) -> float:
    """Compare the build in `folder` with `hf/` beside it; raises ModelFileError. On a CPU, float32 for the reference.

    The answer is the largest difference of a mean log-probability that was found. A language without a sentence is not
    compared, and a warning names it.
    """
    assert entry.build is not None
    tried = sentences(entry)
    if untried := [language for language in entry.languages if language not in tried]:
        logger.warning("%s: not compared for %s, of which canaries.toml has no sentence", entry.id, ", ".join(untried))
    quantization = entry.build.removeprefix("ctranslate2-")
    tolerance = TOLERANCE.get(quantization, TOLERANCE_INT8)
    reference = TransformersEngine(entry, folder)
    build = CTranslate2Engine(entry, folder, threads=1, shortlist=False)  # the reference has the whole vocabulary
    try:
        worst = 0.0
        for language, sentence in tried.items():
            _require_stock_tokens(entry, folder / "hf", sentence, language)
            ((expected,),) = reference.translate([sentence], language, _GREEDY)
            ((answer,),) = build.translate([sentence], language, _GREEDY)
            (ours,) = build.score([sentence], [expected.text], language)
            (theirs,) = reference.score([sentence], [expected.text], language)
            worst = max(worst, abs(ours - theirs))
            if not abs(ours - theirs) <= tolerance:  # a NaN is no parity either
                raise _differs(entry, language, f"log-probability {ours:.3f} instead of {theirs:.3f}")
            if quantization == "float32" and answer.text != expected.text:
                raise _differs(entry, language, "another sentence in float32")
    finally:
        reference.close()
        build.close()
    return worst


def sentences(entry: ModelEntry) -> dict[str, str]:
    """What a build of the model is compared on, by language; raises ModelFileError where there is nothing at all.

    Nothing of the model needs to be here: who is about to fetch gigabytes of it can ask first.
    """
    found = {language: canaries()[language] for language in entry.languages if language in canaries()}
    if not found:
        names = ", ".join(map(english_name, entry.languages))
        raise ModelFileError(
            f"{entry.id}: a build of it could not be compared with its checkpoint: there is no sentence in {names} in "
            "service/translation/data/canaries.toml. Add one first.",
            field="canaries.toml",
        )
    return found


def _require_stock_tokens(entry: ModelEntry, checkpoint: Path, sentence: str, language: str) -> None:
    """Our source tokens of ordinary text are those that transformers gives the model."""
    import transformers

    names = {"marian": "MarianTokenizer", "nllb": "NllbTokenizer"}
    options = {"src_lang": entry.languages[language]} if entry.architecture == "nllb" else {}
    text = f"{entry.target} {sentence}" if entry.architecture == "marian" and entry.target else sentence
    with offline_and_quiet():
        stock: Any = getattr(transformers, names[entry.architecture]).from_pretrained(checkpoint, **options)
    ids: dict[str, int] = json.loads((checkpoint / "vocab.json").read_text(encoding="utf-8"))
    ours = [ids.get(token, ids["<unk>"]) for token in Tokenizer(checkpoint, entry).encode(sentence, language)]
    if ours != list(stock(text).input_ids):
        raise _differs(entry, language, "other tokens than transformers reads")


def _differs(entry: ModelEntry, language: str, how: str) -> ModelFileError:
    return ModelFileError(
        f"{entry.id}/{entry.build}: the build is not what the checkpoint is: for '{language}', {how}.",
        field=entry.build,
    )
