"""One tiny installed model for every architecture and way of keeping its vocabulary, for tests of both engines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from service.translation import catalog, convert
from tests.translation.checkpoints import TAG, marian, nllb

CODES = {"ro": "ron_Latn", "it": "ita_Latn", "uk": "ukr_Cyrl"}
LIMIT = 64


@dataclass(frozen=True)
class Kind:
    """How a checkpoint is made, and what the catalogue says of it."""

    architecture: str
    separate: bool = False
    tag: str | None = None

    def checkpoint(self, folder: Path, seed: int = 0) -> Path:
        if self.architecture == "nllb":
            return nllb(folder, seed=seed)
        return marian(folder, separate=self.separate, tag=self.tag, seed=seed)

    @property
    def target(self) -> str | None:
        return "eng_Latn" if self.architecture == "nllb" else self.tag

    def entry(self, model_id: str = "tiny") -> str:
        """The model in the catalogue, before it is built."""
        codes = CODES if self.architecture == "nllb" else {code: code for code in CODES}
        target = f'target = "{self.target}"\n' if self.target else ""
        languages = "".join(f'{code} = "{own}"\n' for code, own in codes.items())
        return (
            f'[[model]]\nid = "{model_id}"\narchitecture = "{self.architecture}"\nsummary = "Random weights."\n'
            f'source = "this test"\nlicence = "CC0-1.0"\nmax_input_tokens = {LIMIT}\n{target}'
            f"[model.languages]\n{languages}\n"
        )


KINDS = {
    "marian, one vocabulary": Kind("marian"),
    "marian, two vocabularies": Kind("marian", separate=True),
    "marian, target tag": Kind("marian", tag=TAG),
    "nllb": Kind("nllb"),
}


def installed(models: Path, kind: Kind, quantization: str = "float32", seed: int = 0) -> catalog.ModelEntry:
    """A model of that kind in the folder `models`, built and pinned by the command that users have."""
    models.mkdir(parents=True)
    (models / "catalog.toml").write_text(kind.entry())
    return convert.build(models, "tiny", kind.checkpoint(models.parent / "checkpoint", seed), quantization)
