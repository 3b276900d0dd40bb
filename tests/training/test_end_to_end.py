"""The whole pipeline on a toy: prepare, train, break off, go on, export, measure, and both engines say the same."""

import shutil
from pathlib import Path

import pytest
import torch

from models.training import (
    card,
    checkpoint,
    evaluate,
    export,
    parity,
    prepare,
    publish,
    records,
    restart,
    tokens,
    train,
    translate,
)
from models.training.__main__ import main
from models.training.batches import Feed
from models.training.config import Run, load
from models.training.decode import generate
from service.translation import catalog
from service.translation.catalog import SHORTLIST
from tests.training.making import configure, project


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("toy")
    project(made)
    return made


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    """A run that was prepared and trained in one go."""
    path = configure(folder)
    main(["prepare", str(path)])
    main(["train", str(path)])
    return load(path)


@pytest.fixture(scope="module")
def exported(run: Run) -> Path:
    return export.export(run)


def weights_of(run: Run) -> dict[str, torch.Tensor]:
    return checkpoint.weights(checkpoint.load(run.paths.work / "checkpoint.pt"))


def test_preparing_records_every_language(run: Run) -> None:
    record = records.read(run.paths.work / "records.jsonl", "prepare")[0]
    assert set(record["languages"]) == {"it", "ro", "uk"}
    assert record["kept"]["ro/+invented"] > 0
    store = tokens.load(run.paths.tokens)
    assert int(store.source_ids.max()) < tokens.vocabulary(run.paths.tokens, "source").get_piece_size()
    assert (store.weights > 0).sum() > 900


def test_training_lowers_the_loss_and_ends_at_its_tokens(run: Run) -> None:
    losses = [record["loss"] for record in records.read(run.paths.work / "records.jsonl", "train")]
    assert losses[-1] < losses[0]
    stop = records.read(run.paths.work / "records.jsonl", "stop")[0]
    assert 4000 <= stop["seen"] < 4500


def test_an_interrupted_run_ends_with_the_same_weights(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = load(configure(folder, work="interrupted", more_paths=f'data = "{run.paths.tokens}"'))
    step = train.Trainer.step
    taken: list[tuple[int, float, float, float]] = []

    def three_steps(trainer: train.Trainer, feed: Feed) -> tuple[int, float, float, float]:
        taken.append(step(trainer, feed))
        if len(taken) == 3:
            (again.paths.work / "STOP").touch()
        return taken[-1]

    monkeypatch.setattr(train.Trainer, "step", three_steps)
    again.paths.work.mkdir()
    train.train(again)
    seen = checkpoint.load(again.paths.work / "checkpoint.pt")["seen"]
    assert 0 < seen < 4000
    assert len(taken) == 3
    assert not (again.paths.work / "STOP").exists()
    train.train(again)
    whole, parts = weights_of(run), weights_of(again)
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_a_run_computes_in_a_type_that_it_measured(run: Run) -> None:
    assert train.precision(torch.device("cpu")) in {"float32", "bfloat16"}
    assert checkpoint.load(run.paths.work / "checkpoint.pt")["precision"] == "float32"


def test_training_counts_numbers_below_the_normal_range_as_zero(run: Run, folder: Path) -> None:
    torch.set_flush_denormal(False)
    assert float(torch.tensor([1e-40]) * 1.0) > 0
    more = f'data = "{run.paths.tokens}"'
    train.train(load(configure(folder, work="flushed", tokens=300, more_paths=more)))
    flushed = float(torch.tensor([1e-40]) * 1.0)
    torch.set_flush_denormal(False)
    assert flushed == 0


def test_a_run_can_start_from_the_weights_of_another(run: Run, folder: Path) -> None:
    more = f'data = "{run.paths.tokens}"\nstart = "{run.paths.work}/checkpoint.pt"'
    next_stage = load(configure(folder, work="next", tokens=300, more_paths=more))
    trainer = train.Trainer(next_stage)
    assert all(torch.equal(trainer.optimiser.masters[name], tensor) for name, tensor in weights_of(run).items())
    assert trainer.progress.seen == 0
    assert trainer.optimiser.step_count == trainer.first_step > 0


def test_a_published_folder_is_a_start_without_moments(run: Run, exported: Path, folder: Path) -> None:
    more = f'data = "{run.paths.tokens}"\nstart = "{exported}/hf"'
    trainer = train.Trainer(load(configure(folder, work="restart", more_paths=more)))
    assert trainer.optimiser.step_count == 0
    for name, tensor in weights_of(run).items():
        expected = tensor.half().float()
        if name == "output_bias" or name.endswith("embedding.weight"):
            expected[0] = trainer.optimiser.masters[name][0]  # padding: never read, never said
        assert torch.equal(trainer.optimiser.masters[name], expected), name


def test_an_export_may_hold_a_share_of_its_start(run: Run, exported: Path, folder: Path) -> None:
    more = f'data = "{run.paths.tokens}"\nstart = "{exported}/hf"'
    path = configure(folder, work="mixed", tokens=300, more_paths=more)
    path.write_text(path.read_text(encoding="utf-8") + "[export]\nstart = 0.25\n", encoding="utf-8")
    mixed = load(path)
    train.train(mixed)
    made = restart.from_transformers(export.export(mixed) / "hf")["optimiser"]["masters"]
    start = restart.from_transformers(exported / "hf")["optimiser"]["masters"]
    for name, tensor in weights_of(mixed).items():
        if name.endswith("norm.weight"):
            assert torch.allclose(made[name], 0.75 * tensor + 0.25 * start[name], atol=1e-3), name


def test_a_start_of_another_shape_is_refused(run: Run, folder: Path) -> None:
    more = f'data = "{run.paths.tokens}"\nstart = "{run.paths.work}/checkpoint.pt"'
    path = configure(folder, work="misfit", more_paths=more)
    path.write_text(path.read_text(encoding="utf-8").replace("d = 32", "d = 64"), encoding="utf-8")
    with pytest.raises(checkpoint.CheckpointError, match=r"checkpoint\.pt"):
        train.Trainer(load(path))


def test_both_engines_and_our_own_decoder_say_the_same(run: Run, exported: Path) -> None:
    from service.translation.convert import to_ctranslate2

    to_ctranslate2(exported / "hf", exported / "float32", "float32")
    ours = evaluate.Exported(exported, "float32")
    lines = evaluate.lines_of(Path(f"{run.paths.dev}.uk"), 0)
    pieces = [[*row, "</s>"] for row in ours.source.encode(lines, out_type=str)]
    results = ours.model.translate_batch(pieces, beam_size=1, max_decoding_length=40, disable_unk=True)
    fast = [result.hypotheses[0] for result in results]
    slow = [row[:40] for row in parity.transformers_greedy(exported / "hf", pieces)]
    assert fast == slow
    assert any(fast)
    source, target = (tokens.vocabulary(run.paths.tokens, side) for side in ("source", "target"))
    state = checkpoint.load(run.paths.work / "checkpoint.pt")
    # The export is in float16.
    model = checkpoint.model(state, {name: w.half().float() for name, w in checkpoint.weights(state).items()})
    own = generate(model, source.encode(lines), 40)
    assert [target.id_to_piece(row) for row in own] == fast


def test_an_export_brings_its_shortlist(exported: Path) -> None:
    source = (exported / "hf" / SHORTLIST).read_text(encoding="utf-8")
    assert (exported / "ctranslate2-int8" / SHORTLIST).read_text(encoding="utf-8") == source
    assert all(len(line.split("\t")[1].split(" ")) <= 20 for line in source.splitlines()[1:])


def test_measuring_and_the_card(run: Run, exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parity, "SENTENCES", 4)
    found = evaluate.evaluate(run)
    assert set(found) == {"it", "ro", "uk"}
    assert all(0 <= score["bleu"] <= 100 for score in found.values())
    assert all(0 <= score["whole_vocabulary"]["bleu"] <= 100 for score in found.values())
    evaluate.dev(run)
    assert parity.compare(run)["sentences"] == 12
    records.Records(run).write("speed", output_tokens=3, sentences=4, times_as_fast={"greedy": 5.0})
    text = card.card(run).read_text(encoding="utf-8")
    assert "| toy stage |" in text
    assert "| ro | " in text
    assert "31.0" in text
    assert "With the whole vocabulary BLEU is " in text
    assert (exported / card.CURVE).read_text(encoding="utf-8").startswith("<svg")


def test_publishing_replaces_the_model_and_its_entry(run: Run, exported: Path, folder: Path) -> None:
    models = folder / "models"
    models.mkdir()
    entry = ("[[model]]", 'id = "toy"', 'architecture = "marian"', 'summary = "s"', 'source = "s"', 'revision = ""')
    more = ('licence = "CC0-1.0"', "max_input_tokens = 60", "[model.languages]", 'ro = "ro"', "")
    (models / "catalog.toml").write_text("\n".join(entry + more), encoding="utf-8")
    evaluate.evaluate(run)
    for name in publish.DOCUMENTS:
        (exported / name).write_text("words", encoding="utf-8")
    publish.publish(run, models)
    published = catalog.load(models).get("toy")
    catalog.verify(published, models)
    assert published.shortlist
    assert len(published.scores) == 6
    assert (models / "toy" / "MODEL_CARD.md").read_text(encoding="utf-8") == "words"


def test_a_card_and_a_publication_need_measurements_of_this_export(run: Run, exported: Path, folder: Path) -> None:
    older = load(configure(folder, work="unmeasured"))
    history = records.Records(older)
    history.write("evaluate", scores={})
    history.path.write_text(history.path.read_text().replace("20", "19", 1), encoding="utf-8")
    history.write("export", bytes={})
    for step in (card.card, publish.publish):
        with pytest.raises(records.MissingRecord, match="run `evaluate` first"):
            step(older)
    history.write("evaluate", scores={})
    with pytest.raises(FileNotFoundError, match=r"lacks MODEL_CARD\.md.*run `card` first"):
        publish.publish(older)


def test_steps_before_their_turn_say_what_is_missing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="run `prepare` first"):
        train.Trainer(load(configure(folder, work="unprepared")))
    with pytest.raises(FileNotFoundError, match=r"neither source\.model nor source\.spm"):
        prepare.prepare(load(configure(folder, work="nowhere", more_paths=f'vocabularies = "{tmp_path}"')))
    with pytest.raises(ValueError, match=r"no translate\.input"):
        translate.translate(load(configure(folder, work="mute")))


def test_a_start_with_other_pieces_is_refused(run: Run, exported: Path, folder: Path) -> None:
    other = folder / "other" / "hf"
    shutil.copytree(exported / "hf", other)
    (other / "target.spm").write_bytes(b"other pieces")
    more = f'data = "{run.paths.tokens}"\nstart = "{other}"'
    with pytest.raises(ValueError, match=r"target\.model is not the vocabulary of"):
        train.Trainer(load(configure(folder, work="foreign", more_paths=more)))


def test_a_wrong_configuration_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, message in (
        (["train", str(folder / "none.toml")], "none.toml"),
        (["train", str(configure(folder, work="wrong", more_paths="speed = 1"))], "paths: unknown speed"),
        (["train", str(configure(folder, work="flag")), "--average"], "--average"),
    ):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2
        assert message in capsys.readouterr().err


def test_synthetic_pairs_can_be_trained_on(run: Run, folder: Path) -> None:
    lines = folder / "mono.txt"
    shutil.copyfile(f"{run.paths.dev}.ro", lines)
    settings = f'input = "{lines}"\noutput = "{folder}/ro-made.tsv"\nname = "made"\ntag = "[bt] "\ntemperature = 1.0'
    more = f"[translate]\n{settings}\n"
    path = configure(folder, work="run")
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    made = translate.translate(load(path))
    rows = [line.split("\t") for line in made.read_text(encoding="utf-8").splitlines()]
    sources = set(evaluate.lines_of(lines, 0))
    assert all(name == "made" and source.removeprefix("[bt] ") in sources for name, source, _ in rows)
    extra = load(configure(folder, work="extra", more_data=f'extra = ["{made}"]'))
    prepare.prepare(extra)
    kept = records.read(extra.paths.work / "records.jsonl", "prepare")[0]
    assert kept["languages"]["ro"]["pairs"] > 0
