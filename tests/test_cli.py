"""The command line, run as people run it: in a process of its own."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from service import __version__
from service.cli import app
from service.errors import InvalidInput, ModelFileError, UnknownModel
from service.translation.fake import FakeEngine
from service.translation.memory import Remembering
from service.translation.stack import spelt
from service.translation.store import Store
from tests.translation.conftest import split_up

OPERATIONS = (Path(__file__).parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")
ARTICLES = Path(__file__).parent / "data" / "articles"
FAKE = {"TOLMACH_ENGINE": "fake"}


def tolmach(*arguments: str, given: str | bytes = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from service.cli import main; main()", *arguments]
    data = given.encode() if isinstance(given, str) else given
    done = subprocess.run(command, input=data, capture_output=True, env={**os.environ, **FAKE}, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a memory that the command uses."""
    file = tmp_path / "memory.sqlite3"
    monkeypatch.setenv("TOLMACH_MEMORY", f"sqlite:///{file}")
    return file


def correct(memory: Path, source: str, english: str) -> None:
    store = Store(f"sqlite:///{memory}")
    Remembering(FakeEngine(), store, spell=spelt).put("ro", source, english)
    store.close()


def test_article_prints_the_report_as_json() -> None:
    done = tolmach("article", str(ARTICLES / "ro-buget.txt"), "--format", "json", "--brief", "short")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["source"]["language"] == "ro"
    assert len(report["summary"]["sentences"]) == 1


@pytest.mark.parametrize(("fmt", "begins"), [("md", "# "), ("html", "<!doctype html>"), ("text", "Airamirp")])
def test_article_prints_the_report_in_a_format(fmt: str, begins: str) -> None:
    done = tolmach("article", "-", "--format", fmt, given=(ARTICLES / "ro-buget.txt").read_text(encoding="utf-8"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(begins)


@pytest.mark.parametrize(
    ("command", "name", "options"),
    [
        ("article", "page.html", ()),
        ("article", "-", ("--html",)),
        ("translate", "page.XHTML", ()),
        ("translate", "-", ("--html",)),
        ("summarize", "page.htm", ()),
        ("summarize", "page", ("--html",)),
    ],
)
def test_html_is_known_by_the_name_of_the_file_or_the_option(
    tmp_path: Path, command: str, name: str, options: tuple[str, ...]
) -> None:
    page = "<title>x</title><h1>Podul nou</h1><p>Primăria &amp; orașul au cumpărat <b>60</b> de autobuze.</p>"
    (tmp_path / name).write_text(page, encoding="utf-8")
    file = name if name == "-" else str(tmp_path / name)
    done = tolmach(command, file, *options, "--from", "ro", given=page if name == "-" else "")
    assert done.returncode == 0, done.stderr
    assert "Airamirp & lusaro" in done.stdout
    assert "<" not in done.stdout


def test_a_file_of_another_name_is_no_html() -> None:
    done = tolmach("translate", "-", "--from", "ro", given="Dacă 3<p și p>2, atunci plouă.")
    assert "<" in done.stdout


def test_translate_drops_nothing() -> None:
    done = tolmach("translate", "-", "--from", "ro", given="Video\n\nPlouă la Iași.\n")
    assert done.stdout == "Oediv\n\nAuolp al Isai.\n"


def test_translate_lines_keeps_line_by_line() -> None:
    lines = ["Plouă la Iași. Ninge la Cluj.", "", "102", "Plouă la Iași. Ninge la Cluj."] * 40
    done = tolmach("translate", "-", "--from", "ro", "--lines", given="\n".join(lines) + "\n")
    english = done.stdout.split("\n")
    assert len(english) == len(lines) + 1
    assert english[1] == ""
    assert english[2] == "102"
    assert english[0] == english[3] == english[4]


def test_lines_go_the_way_of_an_article(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    correct(memory, "Sunt 9000 de lei.", "There are 9000 lei.")
    lines = "Orașul are 6000 de locuitori.\nSunt 9000 de lei.\n"
    ask = partial(tolmach, "translate", "-", "--from", "ro", "--lines", given=lines)
    assert ask().stdout == "Lusaro era 6000 ed irotiucol.\nThere are 9000 lei.\n"
    monkeypatch.setenv("TOLMACH_ENGLISH_STYLE", "true")
    assert ask().stdout == "Lusaro era 6,000 ed irotiucol.\nThere are 9000 lei.\n"


def test_figures_prints_one_array_a_line() -> None:
    lines = "Oltre 6.000 euro.\nNiente.\nIl 20% di 1.250 famiglie.\n"
    done = tolmach("figures", "-", "--lang", "it", "--lines", given=lines)
    arrays = [json.loads(line) for line in done.stdout.splitlines()]
    assert [[figure["value"] for figure in array] for array in arrays] == [[6000], [], [20, 1250]]
    assert arrays[0][0]["unit"] == "EUR"


@pytest.mark.parametrize("options", [("--from", "it"), ()])
def test_figures_of_a_language_that_is_named_or_not(options: tuple[str, ...]) -> None:
    done = tolmach("figures", "-", *options, given="Il sindaco ha detto che oltre 6.000 persone hanno partecipato.")
    assert [figure["value"] for figure in json.loads(done.stdout)] == [6000], done.stderr


def test_the_version_can_be_asked_for() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"tolmach {__version__}\n")


def commands_of(command: Any) -> dict[str, Any]:
    """Those below a command, by name."""
    return dict(getattr(command, "commands", {}))


def options_of(command: Any) -> set[str]:
    own = {name for each in command.params for name in each.opts if name.startswith("--")}
    return own.union(*map(options_of, commands_of(command).values()))


def test_every_command_and_option_is_in_the_docs() -> None:
    _, _, section = OPERATIONS.partition("## On the command line")
    section = section.partition("\n## ")[0]
    rows = {row.split()[2].strip("`"): row for row in section.splitlines() if row.startswith("| `tolmach ")}
    commands = commands_of(get_command(app))
    assert commands.keys() == rows.keys()
    for name, command in commands.items():
        for option in options_of(command):
            assert re.search(rf"`{option}[ `]", rows[name]), f"{name} {option}"
        for part in commands_of(command):
            assert re.search(rf"\b{part}\b", rows[name]), f"{name} {part}"
    assert "`--version`" in section


def test_figures_against_a_translation(tmp_path: Path) -> None:
    english = tmp_path / "english.txt"
    english.write_text("More than 600 euros.\n", encoding="utf-8")
    done = tolmach("figures", "-", "--lang", "it", "--against", str(english), given="Oltre 6.000 euro.\n")
    assert [check["check"] for check in json.loads(done.stdout)] == ["changed"]
    assert done.stderr.strip() == "1 figure: 1 changed"


def test_summarize_jsonl_in_bulk() -> None:
    document = (ARTICLES / "en-harbour.txt").read_text(encoding="utf-8")
    lines = [json.dumps({"id": n, "document": document}) for n in range(3)]
    done = tolmach("summarize", "-", "--jsonl", "--words", "40", given="\n".join(lines))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["id"] for record in records] == [0, 1, 2]
    assert all(0 < len(record["summary"].split()) <= 40 for record in records)


def test_a_document_that_cannot_be_summarised_does_not_stop_the_others() -> None:
    document = (ARTICLES / "en-harbour.txt").read_text(encoding="utf-8")
    lines = [json.dumps({"id": n, "document": text}) for n, text in enumerate(["", document])]
    done = tolmach("summarize", "-", "--jsonl", given="\n".join(lines))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records[0]["error"]["code"] == "empty_text"
    assert records[1]["summary"]
    assert done.returncode == 1
    assert "1 of 2 documents" in done.stderr


def test_models_are_listed_and_verified() -> None:
    assert "tolmach-mini" in tolmach("models", "list").stdout
    done = tolmach("models", "verify", "tolmach-mini")
    assert done.returncode == 0
    assert "files as pinned" in done.stdout


def test_briefs_are_listed() -> None:
    assert "wire" in tolmach("briefs").stdout


def test_a_folder_of_ones_own_briefs_stands_beside_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "flood.toml").write_text('title = "Flood desk"\n[length]\nsentences = 2\n', encoding="utf-8")
    (tmp_path / "wire.toml").write_text('title = "Our wire"\n[length]\nsentences = 1\n', encoding="utf-8")
    monkeypatch.setenv("TOLMACH_BRIEFS_DIR", str(tmp_path))
    listed = tolmach("briefs").stdout
    assert "Flood desk" in listed
    assert "Our wire" in listed
    assert "standfirst" in listed
    monkeypatch.setenv("TOLMACH_BRIEFS_DIR", str(tmp_path / "nowhere"))
    done = tolmach("briefs")
    assert done.returncode == 1
    assert "no such folder of briefs" in done.stderr


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0c"])
def test_only_a_line_feed_ends_a_line(separator: str) -> None:
    text = f"Guvernul a adoptat bugetul pentru anul viitor.{separator}Parlamentul votează mâine."
    done = tolmach("summarize", "-", "--jsonl", given=json.dumps({"id": 1, "document": text}, ensure_ascii=False))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == 1
    lines = tolmach("translate", "-", "--lines", "--from", "ro", given=f"{text}\r\n{text}\n")
    assert lines.stdout.count("\n") == 2, lines.stderr


@pytest.mark.parametrize("command", ["article", "translate", "summarize"])
def test_a_correction_wins(memory: Path, command: str) -> None:
    correct(memory, "Primăria plătește 60 de autobuze.", "City hall pays for 60 buses.")
    done = tolmach(command, "-", "--from", "ro", given="Ninge la Cluj. Primăria plăteşte 60  de autobuze.")
    assert done.returncode == 0, done.stderr
    assert "City hall pays for 60 buses." in done.stdout


def test_a_correction_wins_line_by_line(memory: Path) -> None:
    correct(memory, "Primăria plătește.", "City hall pays.")
    lines = "Ninge.\n\nPrimăria  plăteşte.\n"  # the letter of old keyboards, and a space too many
    assert tolmach("translate", "-", "--from", "ro", "--lines", given=lines).stdout == "Egnin.\n\nCity hall pays.\n"


def test_what_was_translated_is_remembered(memory: Path) -> None:
    ask = partial(tolmach, "translate", "-", "--from", "ro", given="Ninge.")
    assert ask().stdout == "Egnin.\n"
    with closing(sqlite3.connect(memory)) as database, database:
        database.execute("UPDATE segments SET answers = ?", (json.dumps([["Remembered.", -0.1]]),))
    assert ask().stdout == "Remembered.\n"


def test_a_memory_that_cannot_be_opened_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLMACH_MEMORY", f"sqlite:///{tmp_path}/nowhere/memory.sqlite3")
    done = tolmach("translate", "-", "--from", "ro", given="Ninge.")
    assert (done.returncode, done.stdout) == (0, "Egnin.\n")
    assert "the translation memory cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    monkeypatch.setenv("TOLMACH_MEMORY", "nonsense")
    wrong = tolmach("translate", "-", "--from", "ro", given="Ninge.")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("tolmach: TOLMACH_MEMORY is neither")


@pytest.fixture
def sentences(tmp_path: Path) -> tuple[str, ...]:
    """What `evaluate` is given: Romanian, and its English."""
    source, english = tmp_path / "source", tmp_path / "english"
    source.write_text("Guvernul a alocat 6.000 de lei.\nPlouă.\n", encoding="utf-8")
    english.write_text("The government set aside 6,000 lei.\nIt rains.\n", encoding="utf-8")
    return "--source", str(source), "--reference", str(english)


def test_evaluate_measures_and_asks_no_memory(sentences: tuple[str, ...], memory: Path) -> None:
    done = tolmach("evaluate", "--lang", "ro", *sentences)
    scores = json.loads(done.stdout)
    assert scores["sentences"] == 2
    assert scores["reference_figures_kept"] == 1.0
    assert 0 <= scores["bleu"] <= 100
    assert not memory.exists()


def test_evaluate_measures_the_model_that_serves_the_language(
    sentences: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    split_up(models, {"tolmach-mini": "it", "other": "ro", "third": "ro"})
    monkeypatch.setenv("TOLMACH_MODELS_DIR", str(models))
    monkeypatch.setenv("TOLMACH_ROUTES", "ro=other")
    monkeypatch.setenv("TOLMACH_FALLBACK", "tolmach-mini")
    run = partial(CliRunner().invoke, app)
    ask = ["evaluate", "--lang", "ro", *sentences]
    assert json.loads(run(ask).stdout)["model"] == "other"
    assert json.loads(run([*ask, "--model", "third"]).stdout)["model"] == "third"
    wrong = run([*ask, "--model", "tolmach-mini"]).exception
    assert isinstance(wrong, InvalidInput)
    assert "does not translate 'ro'" in wrong.message
    unknown = run([*ask, "--model", "nothing"]).exception
    assert isinstance(unknown, UnknownModel)
    assert unknown.message.startswith("There is no model 'nothing'")
    (models / "third").unlink()
    absent = run([*ask, "--model", "third"]).exception
    assert isinstance(absent, ModelFileError)  # and nothing of the fallback


@pytest.mark.parametrize(
    ("arguments", "given", "status", "message"),
    [
        (("article", "/nowhere.txt"), "", 1, "/nowhere.txt: No such file"),
        (("article", "-"), "", 1, "text"),
        (("article", "-", "--brief", "nothing"), "Guvernul a adoptat bugetul anul acesta.", 1, "no brief 'nothing'"),
        (("translate", "-", "--from", "de"), "Guten Tag", 1, "German"),
        (("translate", "-"), b"\xff\xff", 1, "offset 0"),
        (("figures", "-"), "x", 1, "name it in '--lang'"),
        (("translate", "-"), "Da.", 1, "name it in '--from'"),
        (("translate", "-", "--lines"), "Da.", 1, "name it in '--from'"),
        (("translate", "-", "--from", "xx"), "Da.", 1, "--from 'xx'"),
        (("article",), "", 2, "FILE"),
        (("nothing",), "", 2, "nothing"),
        (("summarize", "-", "--words", "20", "--sentences", "2"), "x", 2, "not both"),
        (("summarize", "-", "--sentences", "2", "--nearest"), "x", 2, "goes with --words"),
        (("translate", "page.html", "--lines"), "", 2, "--lines goes with lines of plain text"),
        (("summarize", "-", "--jsonl", "--html"), "{}", 2, "--jsonl goes with lines of plain text"),
        (("summarize", "-", "--jsonl"), "not json", 1, "Line 1"),
        (("models", "verify", "nothing"), "", 1, "nothing"),
        (("figures", "-", "--lang", "xx"), "12", 1, "--lang 'xx'"),
        (("summarize", "-", "--jsonl"), '{"id": 1, "document": 5}', 1, "Line 1: document"),
        (("summarize", "-", "--jsonl"), '{"id": 1, "document": "x", "title": [2]}', 1, "Line 1: title"),
    ],
)
def test_failures_are_one_line_on_standard_error(
    arguments: tuple[str, ...], given: str | bytes, status: int, message: str
) -> None:
    done = tolmach(*arguments, given=given)
    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("TOLMACH_BEAM", "0", "TOLMACH_BEAM: Input should be greater than or equal to 1"),
        ("TOLMACH_ROUTES", "ro", "TOLMACH_ROUTES: must be pairs"),
        ("TOLMACH_CORS_ORIGINS", "https://a.example/", "TOLMACH_CORS_ORIGINS: must be origins"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    done = tolmach("briefs")
    assert done.returncode == 1
    assert done.stderr.startswith(f"tolmach: {message}")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["models list", "translate - --from ro"])
def test_a_folder_of_models_that_is_none_is_named(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLMACH_MODELS_DIR", str(tmp_path / "nowhere"))
    done = tolmach(*command.split(), given="Plouă.")
    assert done.returncode == 1
    file = tmp_path / "nowhere" / "catalog.toml"
    assert done.stderr == f"tolmach: TOLMACH_MODELS_DIR is no folder of models: {file}: No such file or directory.\n"


def test_help_imports_no_model_no_server_and_no_database() -> None:
    code = (
        "import sys; from service.cli import app; "
        "print([m for m in ('torch', 'ctranslate2', 'fastapi', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
