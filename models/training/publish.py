"""Last step: an export into `models/`, its card beside it, its scores and hashes into the catalogue."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from models.training import card, records
from models.training.config import Run
from service.translation import catalog, convert

MODELS = Path(__file__).resolve().parents[1]
DOCUMENTS = ("MODEL_CARD.md", card.CURVE, card.SCORES_CURVE)
METRICS = {"bleu": "BLEU", "chrf": "chrF"}


def scores(name: str, evaluation: dict[str, Any]) -> list[catalog.Score]:
    """The scores of an evaluation record as a catalogue lists them."""
    test = f"FLORES-200 dev, {evaluation['sentences']} sentences"
    return [
        catalog.Score.model_validate(
            {"test": test, "language": code, "metric": metric, "value": found[key], "source": f"{name}/MODEL_CARD.md"}
        )
        for code, found in evaluation["scores"].items()
        for key, metric in METRICS.items()
    ]


def publish(run: Run, models: Path = MODELS) -> catalog.ModelEntry:
    """Replace the model `run.name` in `models` by the run's export.

    Raises records.MissingRecord and FileNotFoundError, before anything is replaced, where the export has not been
    measured or has no card; and what `convert.build` raises.
    """
    folder = run.paths.work / "export"
    evaluation = records.measured(run.paths.history, "evaluate")
    if missing := [name for name in DOCUMENTS if not (folder / name).is_file()]:
        raise FileNotFoundError(f"{folder} lacks {', '.join(missing)}: run `card` first")
    entry = convert.build(models, run.name, folder / "hf")
    for name in DOCUMENTS:
        shutil.copyfile(folder / name, models / run.name / name)
    entry = entry.model_copy(update={"scores": scores(run.name, evaluation)})
    text = (models / catalog.FILE_NAME).read_text(encoding="utf-8")
    catalog.write(models, catalog.replace_entry(text, entry))
    return entry
