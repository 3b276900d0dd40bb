"""A toy project for the pipeline's tests: a made-up corpus, a development set, a configuration for a tiny model."""

import lzma
import random
from pathlib import Path

from models.training import corpus

CONFIG = """
name = "toy"
stage = "toy stage"

[paths]
corpus = "{folder}/corpus"
work = "{folder}/{work}"
dev = "{folder}/dev"
{more_paths}

[data]
source_vocabulary = 600
target_vocabulary = 500
max_pieces = 60
{more_data}

[data.augment]
figures = 0.5
plain = 0.2
shout = 0.1
quotes = 0.5
unstopped = 0.2
invented = 60

[model]
d = 32
ff = 64
encoder_layers = 2
decoder_layers = 2
heads = 4

[train]
tokens = {tokens}
precision = "float32"
batch_tokens = 400
warmup = 5
decay = 0.5
report_every = 2
checkpoint_minutes = 60.0

[shortlist]
candidates = 20
frequent = 50

[evaluate]
sentences = 6
beam = 2

[[earlier]]
stage = "stage 0"
text = "nothing"
tokens = 100.0
minutes = 1.0

[[references]]
name = "another"
bleu = {{ it = 30.0, ro = 31.0 }}
"""


def project(folder: Path, pairs: int = 300) -> None:
    """Write `corpus/` and `dev.*` into `folder`: sentences of the grammars, so that no text of others is needed."""
    (folder / "corpus").mkdir()
    rng = random.Random(1)
    for code in ("it", "ro", "uk"):
        grammar = corpus.language(code).grammar
        rows = [grammar.sentence(rng) for _ in range(pairs)]
        with lzma.open(folder / "corpus" / f"{code}-en.tsv.xz", "wt", encoding="utf-8") as file:
            file.writelines(f"news\t{source}\t{english}\n" for source, english in rows)
        (folder / f"dev.{code}").write_text("".join(f"{source}\n" for source, _ in rows[:8]), encoding="utf-8")
        (folder / "dev.en").write_text("".join(f"{english}\n" for _, english in rows[:8]), encoding="utf-8")


def configure(
    folder: Path, work: str = "run", tokens: float = 4000.0, more_paths: str = "", more_data: str = ""
) -> Path:
    """Write a configuration file for the project in `folder`."""
    path = folder / f"{work}.toml"
    text = CONFIG.format(folder=folder, work=work, tokens=tokens, more_paths=more_paths, more_data=more_data)
    path.write_text(text, encoding="utf-8")
    return path
