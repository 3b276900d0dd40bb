"""From a transformers Marian checkpoint to a CTranslate2 build and its entry in the catalogue.

torch and transformers are imported inside the functions: only a conversion needs them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from service.errors import InvalidInput, ModelFileError
from service.translation import catalog
from service.translation.quiet import offline_and_quiet

QUANTIZATIONS = ("int8", "int8_float32", "int8_float16", "int8_bfloat16", "float16", "float32")

# Everything that the two engines read; a checkpoint folder may hold optimiser states and logs, which are not the model.
REQUIRED = ("config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json", "tokenizer_config.json")
OPTIONAL = ("generation_config.json", "target_vocab.json")


def build(
    models_dir: Path, model_id: str, from_dir: Path | None = None, quantization: str = "int8"
) -> catalog.ModelEntry:
    """Convert a checkpoint and pin it: the model's folder and its entry in the catalogue are replaced together.

    `from_dir` is a transformers Marian folder (safetensors); without it the model's own `hf/` is converted again. The
    entry must be in the catalogue already: it says what no checkpoint says (licence, languages). Its published scores
    are dropped when the weights are other ones. `quantization` is one of QUANTIZATIONS. Raises UnknownModel,
    InvalidInput, ModelFileError; on any error everything stays as it was.
    """
    if quantization not in QUANTIZATIONS:
        raise InvalidInput(f"quantization must be one of {', '.join(QUANTIZATIONS)}.", field="quantization")
    entry = catalog.load(models_dir).get(model_id)
    target = catalog.folder(entry, models_dir)
    origin = from_dir if from_dir is not None else target / "hf"
    for name in REQUIRED:
        if not (origin / name).is_file():
            raise ModelFileError(f"{name}: missing in the checkpoint's folder.", field=name)
    staging = Path(tempfile.mkdtemp(dir=models_dir, prefix=f".build-{model_id}-"))
    try:
        staging.chmod(0o755)
        (staging / "hf").mkdir()
        for name in (*REQUIRED, *OPTIONAL):
            if (origin / name).is_file():
                shutil.copyfile(origin / name, staging / "hf" / name)
        to_ctranslate2(staging / "hf", staging / f"ctranslate2-{quantization}", quantization)
        if target.is_dir():
            for beside in target.iterdir():  # the model card
                if beside.is_file():
                    shutil.copyfile(beside, staging / beside.name)
        built = _pin(entry, staging)
        _install(models_dir, staging, built)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return built


def _pin(entry: catalog.ModelEntry, root: Path) -> catalog.ModelEntry:
    files = catalog.list_files(root)
    checkpoint = "".join(f"{file.sha256}  {file.path}\n" for file in files if file.path.startswith("hf/"))
    revision = hashlib.sha256(checkpoint.encode()).hexdigest()[:16]
    scores = entry.scores if revision == entry.revision else []
    return entry.model_copy(update={"revision": revision, "files": files, "scores": scores})


def _install(models_dir: Path, staging: Path, entry: catalog.ModelEntry) -> None:
    """Swap the folders, then the catalogue; put the old folder back if the catalogue cannot be written."""
    target = catalog.folder(entry, models_dir)
    text = catalog.replace_entry((models_dir / catalog.FILE_NAME).read_text(encoding="utf-8"), entry)
    old = Path(tempfile.mkdtemp(dir=models_dir, prefix=f".old-{entry.id}-"))
    try:
        if target.is_dir():
            target.replace(old)
        try:
            staging.replace(target)
            catalog.write(models_dir, text)
        except BaseException:
            if target.is_dir():
                target.replace(staging)
            if any(old.iterdir()):
                old.replace(target)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def to_ctranslate2(checkpoint: Path, output: Path, quantization: str = "int8") -> None:
    """Convert a transformers Marian folder, with one vocabulary or two, into a new folder `output`.

    Raises ModelFileError where the checkpoint is not one that can be converted.
    """
    import torch
    import transformers
    from ctranslate2.converters.converter import Converter
    from ctranslate2.converters.transformers import BartLoader, MarianMTLoader
    from safetensors import SafetensorError

    class TwoVocabulariesLoader(MarianMTLoader):  # type: ignore[misc]
        """The stock loader writes the source's vocabulary for both sides and cuts the padding token off their ends."""

        def get_model_spec(self, model: Any) -> Any:
            model.config.normalize_before = False
            model.config.normalize_embedding = False
            return BartLoader.get_model_spec(self, model)

        def get_vocabulary(self, *_: Any) -> list[list[str]]:
            return [_vocabulary(checkpoint / "vocab.json"), _vocabulary(checkpoint / "target_vocab.json")]

        def set_vocabulary(self, spec: Any, tokens: list[list[str]]) -> None:
            spec.register_source_vocabulary(tokens[0])
            spec.register_target_vocabulary(tokens[1])

    class MarianConverter(Converter):  # type: ignore[misc]
        def _load(self) -> Any:
            config = transformers.AutoConfig.from_pretrained(checkpoint)
            separate = not getattr(config, "share_encoder_decoder_embeddings", True)
            with torch.no_grad():
                model = transformers.MarianMTModel.from_pretrained(
                    checkpoint, dtype=torch.float32, use_safetensors=True
                )
                tokenizer = transformers.MarianTokenizer.from_pretrained(checkpoint)
                return (TwoVocabulariesLoader() if separate else MarianMTLoader())(model, tokenizer)

    with offline_and_quiet():
        try:
            MarianConverter().convert(str(output), quantization=quantization)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise ModelFileError("The checkpoint cannot be converted to CTranslate2.", field="from_dir") from error


def _vocabulary(path: Path) -> list[str]:
    ids: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return sorted(ids, key=ids.__getitem__)
