"""From a transformers checkpoint to a CTranslate2 build, checked against the checkpoint, installed and pinned.

torch and transformers are imported inside the functions: only a conversion needs them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from service.errors import InvalidInput, ModelFileError
from service.translation import catalog, files, lockfile
from service.translation.quiet import offline_and_quiet

QUANTIZATIONS = ("int8", "int8_float32", "int8_float16", "int8_bfloat16", "float16", "bfloat16", "float32")

# Everything that the two engines read; a checkpoint folder may hold optimiser states and logs, which are not the model.
REQUIRED = {
    "marian": ("config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json", "tokenizer_config.json"),
    "nllb": ("config.json", "model.safetensors", "sentencepiece.bpe.model", "tokenizer.json"),
}
OPTIONAL = {
    "marian": ("generation_config.json", "target_vocab.json", catalog.SHORTLIST),
    "nllb": ("generation_config.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json"),
}


def build(
    models_dir: Path, model_id: str, from_dir: Path | None = None, quantization: str = "int8"
) -> catalog.ModelEntry:
    """Convert a checkpoint and pin it: the model's folder and its entry in catalogue or lock file change together.

    `from_dir` is a transformers folder (safetensors) that replaces one of our own models; without it the model's own
    `hf/` is converted again. The entry must be in the catalogue already: it says what no checkpoint says (licence,
    languages). Its published scores are dropped when the weights are other ones. `quantization` is one of
    QUANTIZATIONS. Raises UnknownModel, InvalidInput, ModelFileError; on any error everything stays as it was.
    """
    entry = catalog.load(models_dir).get(model_id)
    if from_dir is not None and entry.repository is not None:
        raise InvalidInput(f"'{model_id}' is a public model: `tolmach models pull {model_id}` gets it.", field="from")
    own = catalog.folder(entry, models_dir) / "hf"
    return install(models_dir, entry, from_dir or own, quantization, keep_origin=from_dir is not None)


def install(
    models_dir: Path,
    entry: catalog.ModelEntry,
    origin: Path,
    quantization: str,
    *,
    keep_origin: bool = True,
    only: list[files.ModelFile] | None = None,
) -> catalog.ModelEntry:
    """Build the checkpoint in the folder `origin`, check the build, put both in place, and pin them.

    With `only`, nothing but exactly these files is installed. Files are linked, not copied, unless `keep_origin`: then
    the folder is somebody else's, who may write into it. Raises what `build` raises, and changes nothing then.
    """
    from service.translation import parity

    if quantization not in QUANTIZATIONS:
        raise InvalidInput(f"quantization must be one of {', '.join(QUANTIZATIONS)}.", field="quantization")
    for name in REQUIRED[entry.architecture]:
        if not (origin / name).is_file():
            raise ModelFileError(f"{name}: missing in the checkpoint's folder.", field=name)
    staging = Path(tempfile.mkdtemp(dir=models_dir, prefix=f".build-{entry.id}-"))
    try:
        staging.chmod(0o755)
        (staging / "hf").mkdir()
        for name in (*REQUIRED[entry.architecture], *OPTIONAL[entry.architecture]):
            if (origin / name).is_file():
                (shutil.copyfile if keep_origin else _link)(origin / name, staging / "hf" / name)
        to_ctranslate2(staging / "hf", staging / f"ctranslate2-{quantization}", quantization, entry.architecture)
        target = catalog.folder(entry, models_dir)
        if target.is_dir():
            for beside in target.iterdir():  # the model card
                if beside.is_file():
                    shutil.copyfile(beside, staging / beside.name)
        built = _pin(entry, staging)
        _require_only(built, only)
        parity.check(built, staging)
        files.sync(staging)
        _install(models_dir, staging, built)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return built


def made_with() -> str:
    """The libraries that decide what a build's bytes are."""
    return ", ".join(f"{name} {version(name)}" for name in ("ctranslate2", "safetensors", "torch", "transformers"))


def _link(origin: Path, target: Path) -> None:
    try:
        target.hardlink_to(origin)
    except OSError:
        shutil.copyfile(origin, target)


def _pin(entry: catalog.ModelEntry, root: Path) -> catalog.ModelEntry:
    found = files.list_files(root)
    if entry.repository is not None:
        return entry.model_copy(update={"files": found, "pin": None})
    checkpoint = "".join(f"{file.sha256}  {file.path}\n" for file in found if file.path.startswith("hf/"))
    revision = hashlib.sha256(checkpoint.encode()).hexdigest()[:16]
    scores = entry.scores if revision == entry.revision else []
    return entry.model_copy(update={"revision": revision, "files": found, "scores": scores})


def _require_only(built: catalog.ModelEntry, only: list[files.ModelFile] | None) -> None:
    if only is None or built.files == only:
        return
    expected, found = {file.path: file for file in only}, {file.path: file for file in built.files}
    name = next(path for path in sorted({*expected, *found}) if expected.get(path) != found.get(path))
    raise ModelFileError(
        f"{built.id}/{name}: the build is not the one that is locked; this one is made with {made_with()}. "
        f"`tolmach models pull --rebuild {built.id}` locks the new one.",
        field=name,
    )


def _install(models_dir: Path, staging: Path, entry: catalog.ModelEntry) -> None:
    """Swap the folders, then pin; put the old folder back if that cannot be written."""
    target = catalog.folder(entry, models_dir)
    old = Path(tempfile.mkdtemp(dir=models_dir, prefix=f".old-{entry.id}-"))
    try:
        if target.is_dir():
            target.replace(old)
        try:
            staging.replace(target)
            _write_pin(models_dir, entry)
        except BaseException:
            if target.is_dir():
                target.replace(staging)
            if any(old.iterdir()):
                old.replace(target)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _write_pin(models_dir: Path, entry: catalog.ModelEntry) -> None:
    if entry.repository is None:
        text = (models_dir / catalog.FILE_NAME).read_text(encoding="utf-8")
        catalog.write(models_dir, catalog.replace_entry(text, entry))
        return
    locked = lockfile.Locked(
        id=entry.id,
        repository=entry.repository,
        revision=entry.revision,
        made_with=made_with(),
        downloads=entry.downloads,
        files=entry.files,
    )
    lockfile.put(models_dir, locked)


def to_ctranslate2(checkpoint: Path, output: Path, quantization: str = "int8", architecture: str = "marian") -> None:
    """Convert a transformers folder into a new folder `output`; for NLLB, list the vocabulary in `vocab.json` too.

    A lexical shortlist in the folder (`vmap.txt`) goes along. Raises ModelFileError where the checkpoint is not one
    that can be converted.
    """
    from ctranslate2.converters.converter import Converter
    from safetensors import SafetensorError

    load = {"marian": _load_marian, "nllb": _load_nllb}[architecture]

    class FromFolder(Converter):  # type: ignore[misc]
        def _load(self) -> Any:
            return load(checkpoint)

    with offline_and_quiet():
        try:
            shortlist = checkpoint / catalog.SHORTLIST
            vmap = str(shortlist) if shortlist.is_file() else None
            FromFolder().convert(str(output), vmap=vmap, quantization=quantization)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise ModelFileError("The checkpoint cannot be converted to CTranslate2.", field="from_dir") from error


def _load_nllb(checkpoint: Path) -> Any:
    import torch
    import transformers
    from ctranslate2.converters.transformers import M2M100Loader

    tokenizer = transformers.NllbTokenizer.from_pretrained(checkpoint)
    (checkpoint / "vocab.json").unlink(missing_ok=True)  # may be a link to the one of the model that is replaced
    (checkpoint / "vocab.json").write_text(json.dumps(tokenizer.get_vocab(), sort_keys=True), encoding="utf-8")
    with torch.no_grad():
        model = transformers.M2M100ForConditionalGeneration.from_pretrained(
            checkpoint, dtype=torch.float32, use_safetensors=True
        )
        return M2M100Loader()(model, tokenizer)


def _load_marian(checkpoint: Path) -> Any:
    """With one vocabulary, or with two."""
    import torch
    import transformers
    from ctranslate2.converters.transformers import BartLoader, MarianMTLoader

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

    config = transformers.AutoConfig.from_pretrained(checkpoint)
    separate = not getattr(config, "share_encoder_decoder_embeddings", True)
    with torch.no_grad():
        model = transformers.MarianMTModel.from_pretrained(checkpoint, dtype=torch.float32, use_safetensors=True)
        tokenizer = transformers.MarianTokenizer.from_pretrained(checkpoint)
        return (TwoVocabulariesLoader() if separate else MarianMTLoader())(model, tokenizer)


def _vocabulary(path: Path) -> list[str]:
    ids: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return sorted(ids, key=ids.__getitem__)
