"""One TOML file a run: what it holds, how it is read. Paths may name environment variables (`$TOLMACH_WORK/mini`)."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ConfigError(ValueError):
    """The file names something that no run has, or leaves out what every run needs."""


@dataclass(frozen=True, slots=True)
class Paths:
    """`corpus`: folder of `{language}-en.tsv.xz`; `work`: what this run writes; `dev`: prefix of `.ro .it .uk .en`."""

    corpus: Path
    work: Path
    dev: Path | None = None
    vocabularies: Path | None = None
    data: Path | None = None
    start: Path | None = None
    records: Path | None = None

    @property
    def tokens(self) -> Path:
        """Where the token ids of the run lie: its own, or those of a run that it goes on from."""
        return self.data or self.work / "data"

    @property
    def history(self) -> Path:
        """The file of records: the run's own, or that of the run that it goes on from."""
        return self.records or self.work / "records.jsonl"


@dataclass(frozen=True, slots=True)
class Weight:
    """How often an epoch sees the pairs of matching sets and languages (shell patterns); the first match counts."""

    weight: float
    set: str = "*"
    language: str = "*"


@dataclass(frozen=True, slots=True)
class Augment:
    """Shares of real pairs that get a changed copy, and counts of made-up pairs a language."""

    figures: float = 0.0
    words: float = 0.0
    plain: float = 0.0
    shout: float = 0.0
    quotes: float = 0.0
    unstopped: float = 0.0
    invented: int = 0


@dataclass(frozen=True, slots=True)
class Data:
    """What the corpus becomes.

    `limit`: pairs of a language, for a trial; `reverse`: English is the source, with the target language as `[ro]`
    before it; `symbols`: tags that a new vocabulary must keep whole; `extra`: further pair files, whose names begin
    with their language and a hyphen (`ro-back.tsv`).
    """

    languages: tuple[str, ...] = ("it", "ro", "uk")
    seed: int = 7
    max_pieces: int = 110
    source_vocabulary: int = 16000
    target_vocabulary: int = 8000
    limit: int = 0
    reverse: bool = False
    symbols: tuple[str, ...] = ()
    extra: tuple[Path, ...] = ()
    weights: tuple[Weight, ...] = ()
    augment: Augment = field(default_factory=Augment)


@dataclass(frozen=True, slots=True)
class Model:
    """Width, feed-forward width, layers, heads, dropout."""

    d: int = 256
    ff: int = 1536
    encoder_layers: int = 6
    decoder_layers: int = 2
    heads: int = 8
    dropout: float = 0.0


@dataclass(frozen=True, slots=True)
class Train:
    """A stage: `tokens` target tokens or `minutes` of steps (0: any number), whichever end first.

    The rate is Adam's; matrices get `muon` times as much. It falls linearly to zero over the last `decay` share of the
    stage. `optimiser`: whether a start checkpoint's optimiser state is taken over. `average`, `average_floor`: the
    moving average takes in a share of `average` / steps so far, and at least the floor, every five steps.
    `precision`: float32 or bfloat16 to compute in; if not given, what a resumed run had, or what is faster here.
    """

    tokens: float = 10e6
    minutes: float = 0.0
    batch_tokens: int = 5120
    rate: float = 1.5e-3
    muon: float = 8.0
    warmup: int = 250
    decay: float = 0.3
    smoothing: float = 0.1
    average: float = 25.0
    average_floor: float = 0.005
    seed: int = 1
    report_every: int = 50
    checkpoint_minutes: float = 10.0
    optimiser: bool = True
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Evaluate:
    """`sentences` of each language (0: all), searched with `beam`."""

    sentences: int = 0
    beam: int = 4


@dataclass(frozen=True, slots=True)
class Export:
    """`start`: the share of the weights that the run started from in what is exported, 0..1."""

    start: float = 0.0


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The lexical shortlist of an export: `candidates` English tokens a source token (0: no shortlist).

    The `frequent` commonest tokens may come of anything. It is learnt from up to `pairs` pairs.
    """

    candidates: int = 0
    frequent: int = 1000
    pairs: int = 500_000


@dataclass(frozen=True, slots=True)
class Translate:
    """Synthetic pairs: the `input` lines become `output` pairs of set `name`; `temperature` 0 is greedy.

    `prompt` is put before each line for the model, `tag` before each source that is written.
    """

    input: Path = Path()
    output: Path = Path()
    name: str = "synthetic"
    temperature: float = 0.0
    max_pieces: int = 100
    batch_tokens: int = 16384
    prompt: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage was, for the model card; `tokens` and `minutes` only for one that left no records."""

    stage: str
    text: str
    tokens: float = 0.0
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """BLEU by language: of a published model (`name`), or of an earlier checkpoint after `tokens` target tokens."""

    bleu: dict[str, float]
    name: str = ""
    tokens: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """A whole configuration file. `earlier`, `stages`, `references`, `measured` and `notes` go into the model card."""

    name: str
    paths: Paths
    stage: str = ""
    data: Data = field(default_factory=Data)
    model: Model = field(default_factory=Model)
    train: Train = field(default_factory=Train)
    evaluate: Evaluate = field(default_factory=Evaluate)
    export: Export = field(default_factory=Export)
    shortlist: Shortlist = field(default_factory=Shortlist)
    translate: Translate = field(default_factory=Translate)
    earlier: tuple[Stage, ...] = ()
    stages: tuple[Stage, ...] = ()
    references: tuple[Scores, ...] = ()
    measured: tuple[Scores, ...] = ()
    notes: str = ""


def _expect(value: Any, kind: type | tuple[type, ...], where: str, name: str) -> None:
    if not isinstance(value, kind):
        raise ConfigError(f"{where}: {value!r} is not {name}")


def _path(value: Any, where: str) -> Path:
    _expect(value, str, where, "a path")
    expanded = os.path.expandvars(value)
    if "$" in expanded:
        raise ConfigError(f"{where}: {value!r} names an environment variable that is not set")
    return Path(expanded)


def _value(kind: Any, value: Any, where: str) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        _expect(value, dict, where, "a table")
        return _build(kind, value, where)
    if kind in {Path, Path | None}:
        return _path(value, where)
    if get_origin(kind) is tuple:
        _expect(value, list, where, "a list")
        return tuple(_value(get_args(kind)[0], item, where) for item in value)
    if get_origin(kind) is dict:
        _expect(value, dict, where, "a table")
        return {key: _value(get_args(kind)[1], item, where) for key, item in value.items()}
    _expect(value, (int, float) if kind is float else kind, where, kind.__name__)
    if isinstance(value, bool) and kind is not bool:
        raise ConfigError(f"{where}: {value!r} is not {kind.__name__}")
    if isinstance(value, (int, float)) and value < 0:
        raise ConfigError(f"{where}: {value!r} is less than 0")
    return value


def _build(kind: type[T], table: dict[str, Any], where: str) -> T:
    hints = get_type_hints(kind)
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(table) - known):
        raise ConfigError(f"{where or 'configuration'}: unknown {', '.join(unknown)}")
    values = {key: _value(hints[key], value, f"{where}.{key}".lstrip(".")) for key, value in table.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise ConfigError(f"{where or 'configuration'}: {error}") from None


def load(path: Path) -> Run:
    """The run in `path`. Raises ConfigError, with the file and the place in it, for anything that does not fit."""
    try:
        with path.open("rb") as file:
            run = _build(Run, tomllib.load(file), "")
    except (ConfigError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
    if run.export.start > 1 or (run.export.start and run.paths.start is None):
        raise ConfigError(f"{path}: export.start: a share of 0..1 of the weights that paths.start names")
    for extra in run.data.extra:
        if extra.name.partition("-")[0] not in run.data.languages:
            raise ConfigError(f"{path}: data.extra: {extra.name} does not begin with a language and a hyphen")
    return run
