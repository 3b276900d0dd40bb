"""Step 5: MODEL_CARD.md and its learning curve, from the records of the run and of the runs before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template

from models.training import plot, records
from models.training.config import Run

TEMPLATE = Path(__file__).parent / "card.md"
CURVE = "learning-curve.svg"
SCORES_CURVE = "dev-scores.svg"
MILLION = 1e6


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def stages(run: Run, found: Path) -> str:
    """What was trained, stage by stage: tokens and minutes. The configuration tells of those without records."""
    rows: list[list[object]] = [
        [e.stage, f"{e.tokens / MILLION:.1f}M", f"{e.minutes:.0f}", e.text] for e in run.earlier
    ]
    ends = {record["stage"]: record for record in records.read(found, "stop")}
    texts = {entry.stage: entry.text for entry in run.stages}
    rows += [
        [name, f"{end['seen'] / MILLION:.1f}M", f"{end['seconds'] / 60:.0f}", texts.get(name, "")]
        for name, end in ends.items()
    ]
    return table(("stage", "target tokens", "minutes", "what"), rows)


def data(found: Path) -> str:
    """Pairs and tokens by language as the last preparation counted them."""
    last = records.read(found, "prepare")[-1]
    rows = [
        [code, f"{n['pairs']:,}", f"{n['epoch_target_tokens'] / MILLION:.1f}M"] for code, n in last["languages"].items()
    ]
    return table(("language", "pairs, made-up and changed ones included", "target tokens in a weighted epoch"), rows)


def largest_sets(found: Path, count: int = 15) -> str:
    """The sets that most of the training text comes from."""
    amounts: dict[str, int] = records.read(found, "prepare")[-1]["epoch_target_tokens"]
    whole = sum(amounts.values())
    largest = sorted(amounts.items(), key=lambda item: -item[1])[:count]
    return ", ".join(f"{name} {amount / whole:.0%}" for name, amount in largest)


def quality(run: Run, found: Path) -> str:
    """BLEU, chrF and figures of the last evaluation beside the published references."""
    last = records.measured(found, "evaluate")
    rows = []
    for code, score in last["scores"].items():
        kept, human = score["figures_kept"], score["reference_figures_kept"]
        figures = [f"{share:.1%}" if share is not None else "-" for share in (kept, human)]
        rows.append(
            [code, score["bleu"], score["chrf"], *figures, *(entry.bleu.get(code, "-") for entry in run.references)]
        )
    names = [f"{entry.name} (BLEU)" for entry in run.references]
    return table(("from", "BLEU", "chrF", "figures kept", "by the human reference", *names), rows)


def shortlisted(found: Path) -> str:
    """What the lexical shortlist costs, where there is one."""
    last = records.measured(found, "evaluate")["scores"]
    whole = {code: score["whole_vocabulary"]["bleu"] for code, score in last.items() if "whole_vocabulary" in score}
    if not whole:
        return "The decoder scores the whole vocabulary."
    told = ", ".join(f"{bleu} ({code})" for code, bleu in whole.items())
    return (
        "These are with the lexical shortlist that the service uses: the decoder scores only the English tokens\n"
        f"that may come of a sentence. With the whole vocabulary BLEU is {told}."
    )


def curves(run: Run, found: Path, folder: Path) -> None:
    """Write the two charts."""
    offset = sum(e.tokens for e in run.earlier)
    base: dict[str, float] = {}
    losses: dict[str, list[tuple[float, float]]] = {}
    for record in records.read(found, "train"):
        stage = record["stage"]
        base.setdefault(stage, offset)
        offset = max(offset, base[stage] + record["seen"])
        losses.setdefault(stage, []).append(((base[stage] + record["seen"]) / MILLION, record["loss"]))
    (folder / CURVE).write_text(
        plot.chart(losses, "Training loss (nats a token)", "million target tokens"), encoding="utf-8"
    )
    points: dict[str, list[tuple[float, float]]] = {}
    for entry in run.measured:
        for code, bleu in entry.bleu.items():
            points.setdefault(code, []).append((entry.tokens / MILLION, bleu))
    tested = records.read(found, "dev")
    averaged = {(record["stage"], record["seen"]) for record in tested if record["average"]}
    for record in tested:
        if not record["average"] and (record["stage"], record["seen"]) in averaged:
            continue  # the moving average of the same weights is what the stage is known by
        for code, score in record["scores"].items():
            points.setdefault(code, []).append(((base[record["stage"]] + record["seen"]) / MILLION, score["bleu"]))
    chart = plot.chart(points, "BLEU on the first 250 sentences of FLORES-200 dev", "million target tokens")
    (folder / SCORES_CURVE).write_text(chart, encoding="utf-8")


def card(run: Run) -> Path:
    """Write MODEL_CARD.md and its charts into the export folder; the path of the card.

    Raises records.MissingRecord where `evaluate`, `parity` or `speed` have not measured this export.
    """
    folder = run.paths.work / "export"
    found = run.paths.history
    end, parity, speed = (records.measured(found, event) for event in ("evaluate", "parity", "speed"))
    size = records.read(found, "export")[-1]["bytes"]
    curves(run, found, folder)
    int8 = parity["bleu_lost_by_int8"]
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        name=run.name,
        parameters=f"{records.read(found, 'start')[-1]['parameters']:.1f}",
        stages=stages(run, found),
        data=data(found),
        sets=largest_sets(found),
        quality=quality(run, found),
        shortlisted=shortlisted(found),
        sentences=end["sentences"],
        beam=end["beam"],
        speed=table(
            ("search", "times as fast"), [[k, v] for k, v in speed["times_as_fast"].items() if "tokens" not in k]
        ),
        output_tokens=speed["output_tokens"],
        identical=parity["identical"],
        compared=parity["sentences"],
        int8=f"the BLEU of int8 is {abs(int8)} {'lower' if int8 > 0 else 'higher'}"
        if int8
        else "int8 has the same BLEU",
        megabytes="; ".join(f"{part} {amount / MILLION:.1f} MB" for part, amount in sorted(size.items())),
        curve=CURVE,
        scores_curve=SCORES_CURVE,
        notes=run.notes.strip(),
    )
    path = folder / "MODEL_CARD.md"
    path.write_text(text, encoding="utf-8")
    return path
