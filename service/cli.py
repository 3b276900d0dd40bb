"""The `tolmach` command. Exit status 2 for bad usage, 1 for a failed job; messages go to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from service import __version__
from service.cli_io import busy, errors, is_html, print_line, progress, read, require_text, rows
from service.errors import InvalidInput, TolmachError
from service.keys_cli import keys
from service.languages import served
from service.models_cli import models
from service.settings import Settings

if TYPE_CHECKING:
    from service.desk import Desk
    from service.summary.brief import Brief
    from service.types import Article, Report

# Everything that costs time to import is imported where it is needed: `tolmach --help` must answer at once.

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
app.add_typer(models, name="models")
app.add_typer(keys, name="keys")

BATCH = 64
FROM = "--from"

_CODES = ", ".join(language.code for language in served())
File = Annotated[str, typer.Argument(metavar="FILE|-", help="A file, or - for standard input.")]
From = Annotated[str, typer.Option(FROM, help=f"Language of the text: auto, {_CODES}.")]
Html = Annotated[
    bool, typer.Option("--html", help="FILE is HTML, as one named .html, .htm or .xhtml is without saying so.")
]


class Format(StrEnum):
    JSON = "json"
    MARKDOWN = "md"
    HTML = "html"
    TEXT = "text"


def main() -> None:
    """Entry point: run, and turn an error into one line and exit status 1."""
    try:
        app()
    except TolmachError as error:
        errors.print(f"tolmach: {error.message}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        errors.print(f"tolmach: {wrong_setting(error)}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except BrokenPipeError:  # `tolmach … | head` is no failure
        sys.stderr.close()
        sys.exit(0)


def _say_version(asked: bool) -> None:
    if asked:
        print_line(f"tolmach {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """The `tolmach` command: what stands before its subcommands."""


def wrong_setting(error: ValidationError) -> str:
    """The first setting that is wrong and why, without its value: a database URL may hold a password."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = "_".join(str(part) for part in first["loc"][:1]).upper()
    return f"TOLMACH_{name}: {first['msg'].removeprefix('Value error, ')}"


@app.command()
def article(
    file: File,
    source: From = "auto",
    brief: Annotated[str, typer.Option(help="Name of a brief; `tolmach briefs` lists them.")] = "wire",
    fmt: Annotated[
        Format | None, typer.Option("--format", help="Default: made for the terminal, or text when piped.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The headline, where it is known.")] = None,
    html: Html = False,
) -> None:
    """Translate, check and summarise an article."""
    received = read_article(file, source, html=html, title=title)
    with open_desk() as desk:
        chosen = desk.brief(brief)
        with busy("Translating …"):
            report = desk.report(received, chosen)
    write_report(report, chosen, fmt)


@app.command()
def translate(
    file: File,
    source: From = "auto",
    lines: Annotated[bool, typer.Option("--lines", help="One segment a line in, one a line out.")] = False,
    html: Html = False,
) -> None:
    """Translate a text, nothing dropped."""
    from service.assembly import assemble

    if lines:
        require_text(file, html, "--lines")
        translate_lines(rows(read(file)), source)
        return
    received = read_article(file, source, html=html, keep_all=True)
    with open_desk() as desk, busy("Translating …"):
        report = desk.report(received, None)
    print_line(assemble(report.article.blocks, report.segments).text)


@app.command()
def figures(
    file: File,
    lang: Annotated[str, typer.Option("--lang", FROM, help=f"Language of the text: auto, {_CODES}.")] = "auto",
    against: Annotated[Path | None, typer.Option(help="English of the text; its figures are checked.")] = None,
    lines: Annotated[bool, typer.Option("--lines", help="One text a line in, one JSON array a line out.")] = False,
) -> None:
    """Find the figures of a text, or check those of its English."""
    from service.article.intake import language_of
    from service.figures.find import find
    from service.http.replies import FigureOut

    text = read(file)
    lang = language_of(text, lang, field="--lang")
    if against is not None:
        check_against(text, lang, read(str(against)), lines=lines)
        return
    texts = rows(text) if lines else [text]
    for each in progress(texts, "Reading"):
        found = [FigureOut.of(figure).model_dump(mode="json") for figure in find(each, lang)]
        print_line(json.dumps(found, ensure_ascii=False, indent=None if lines else 2))


@app.command()
def summarize(
    file: File,
    words: Annotated[int | None, typer.Option(min=5, max=2000, help="Length in words.")] = None,
    sentences: Annotated[int | None, typer.Option(min=1, max=100, help="Length in sentences.")] = None,
    nearest: Annotated[
        bool, typer.Option("--nearest", help="Let the last sentence run over --words where that comes nearer.")
    ] = False,
    brief: Annotated[str, typer.Option(help="Name of a brief; words and sentences overrule its length.")] = "wire",
    source: From = "auto",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='{"id","document"} a line in, {"id","summary"} a line out.')
    ] = False,
    html: Html = False,
) -> None:
    """Summarise a text, in English whatever it was written in."""
    from service.summary.brief import lasting

    if words is not None and sentences is not None:
        raise typer.BadParameter("give --words or --sentences, not both")
    if nearest and words is None:
        raise typer.BadParameter("--nearest goes with --words")
    if jsonl:
        require_text(file, html, "--jsonl")
    with open_desk() as desk:
        chosen = lasting(desk.brief(brief), words=words, sentences=sentences, nearest=nearest)
        if jsonl:
            summarize_jsonl(desk, rows(read(file)), source, chosen)
            return
        with busy("Summarising …"):
            report = desk.summary(read_article(file, source, html=html), chosen)
    print_line(report.summary.text)


@app.command()
def evaluate(
    lang: Annotated[str, typer.Option("--lang", help="Language of the source.")],
    source: Annotated[Path, typer.Option(help="One sentence a line.")],
    reference: Annotated[Path, typer.Option(help="Its human English, line by line.")],
    model: Annotated[str | None, typer.Option(help="Model id; the one that serves the language if absent.")] = None,
) -> None:
    """Measure a model: BLEU, chrF, and the share of figures kept (before and after repair)."""
    from service.evaluation import evaluate as measure
    from service.translation import catalog
    from service.translation.routing import Router

    texts, references = rows(read(str(source))), rows(read(str(reference)))
    # A model that is asked for is measured itself, or not at all.
    settings = Settings() if model is None else Settings(model=model, routes={}, fallback="")
    if model is not None and settings.engine != "fake":
        # Before the router takes it for one of a setting.
        catalog.require(catalog.load(settings.models_dir).get(model), settings.models_dir)
    with closing(Router(settings)) as router, busy("Translating …"):
        scores = measure(router.choose(lang, model).translator, lang, texts, references)
    print_line(json.dumps(scores, indent=2))


@app.command()
def briefs() -> None:
    """List the briefs."""
    from service.summary import brief

    for each in brief.load(*Settings().brief_folders).values():
        print_line(f"{each.name:12} {each.title}")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes.")] = None,
) -> None:
    """Start the service."""
    from service.serve import serve as run

    run(Settings(), host=host, port=port, workers=workers)


@contextmanager
def open_desk() -> Iterator[Desk]:
    """A desk as the settings want it: the memory in front of every model, and each loaded when a text needs it.

    There is no queue: nobody else waits.
    """
    from service.desk import Desk
    from service.summary import brief
    from service.translation.memory import Remembering
    from service.translation.routing import Router, Stack
    from service.translation.stack import open_store

    settings = Settings()
    with ExitStack() as stack:
        store = open_store(settings)
        if store is not None:
            stack.callback(store.close)
        router = Router(
            settings, around=lambda engine: Stack(Remembering(engine, store, cache_bytes=settings.memory_cache_bytes))
        )
        stack.callback(router.close)
        yield Desk(router, brief.load(*settings.brief_folders), settings)


def translate_lines(lines: list[str], source: str) -> None:
    """Each line is one segment, whatever it holds; an empty line stays empty."""
    from service.article.intake import language_of
    from service.translation.stack import spelt
    from service.types import Segment

    language = language_of("\n".join(lines[:50]), source, field=FROM)
    with open_desk() as desk:
        for begin in progress(range(0, len(lines), BATCH), "Translating"):
            batch = [spelt(line, language).strip() for line in lines[begin : begin + BATCH]]
            filled = [(number, line) for number, line in enumerate(batch) if line]
            segments = [Segment(index, number, line, 0, len(line)) for index, (number, line) in enumerate(filled)]
            english = dict.fromkeys(range(len(batch)), "")
            english.update({each.source.block: each.english for each in desk.english(segments, language)})
            for each in english.values():
                print_line(each.replace("\n", " "))


def check_against(text: str, lang: str, english: str, *, lines: bool) -> None:
    """Print the checks of a translation: of the whole, or line by line."""
    from service.figures.match import compare, summary_line
    from service.http.replies import CheckOut

    pairs = [(text, english)]
    if lines:
        sources, targets = rows(text), rows(english)
        if len(sources) != len(targets):
            raise InvalidInput(f"The text has {len(sources)} lines and its English {len(targets)}.", field="against")
        pairs = list(zip(sources, targets, strict=True))
    for source, target in pairs:
        checks = compare(source, lang, target)
        print_line(
            json.dumps(
                [CheckOut.of(check, {0: 0}, {0: 0}).model_dump(mode="json") for check in checks],
                ensure_ascii=False,
                indent=None if lines else 2,
            )
        )
        if not lines:
            errors.print(summary_line(checks), highlight=False)


def summarize_jsonl(desk: Desk, lines: list[str], source: str, brief: Brief) -> None:
    """One JSON object a line in, one out; a document that cannot be summarised gets `error` in place of `summary`."""
    from service.article import intake

    failed = 0
    for number, line in enumerate(progress(lines, "Summarising"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            identity, document, title = record["id"], record["document"], record.get("title")
        except (ValueError, TypeError, KeyError):
            raise InvalidInput(
                f'Line {number} is not a JSON object with "id" and "document".', field="document"
            ) from None
        for field, text in (("document", document), ("title", title or "")):
            if not isinstance(text, str):
                raise InvalidInput(f"Line {number}: {field} is not a text.", field=field)
        try:
            report = desk.summary(intake.read(text=document, title=title, source=source, field=FROM), brief)
            reply = {"id": identity, "summary": report.summary.text}
        except TolmachError as error:
            failed += 1
            reply = {"id": identity, "error": {"code": error.code, "message": error.message}}
        print_line(json.dumps(reply, ensure_ascii=False))
    if failed:
        raise InvalidInput(f"{failed} of {len(lines)} documents could not be summarised.", field="document")


def write_report(report: Report, brief: Brief, fmt: Format | None) -> None:
    """Write a report in a format; without one, as the place it goes to wants it."""
    from service.figures.match import summary_line
    from service.http.present import report_out
    from service.summary import render

    if fmt is None and sys.stdout.isatty():
        Console().print(render.console(report, brief=brief))
        return
    if fmt is Format.JSON:
        print_line(report_out(report, summary_line(report.checks)).model_dump_json(indent=2))
        return
    renderers: dict[Format | None, Callable[..., str]] = {Format.MARKDOWN: render.markdown, Format.HTML: render.html}
    print_line(renderers.get(fmt, render.text)(report, brief=brief))


def read_article(file: str, source: str, *, html: bool, title: str | None = None, keep_all: bool = False) -> Article:
    """The article in a file, which is a page by its name or because `html` says so."""
    from service.article import intake

    text, page = read(file), is_html(file, html)
    return intake.read(
        text=None if page else text,
        html=text if page else None,
        title=title,
        source=source,
        keep_all=keep_all,
        field=FROM,
    )
