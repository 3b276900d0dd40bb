"""A report for a terminal: the summary first, then the checked figures, then the English."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from service.summary.brief import Brief
from service.summary.highlight import KeyFigure
from service.summary.page import NO_SUMMARY, VERDICTS, Page, Passage, Run, clean, edged, page
from service.types import BlockKind, Report

_RIGHT, _DOUBTFUL, _QUIET = "bold yellow", "bold red", "dim"


def console(report: Report, *, brief: Brief) -> RenderableType:
    """What `rich` prints. Figures are yellow where they are right and red where an editor has to look."""
    laid = page(report, brief)
    parts: list[RenderableType] = []
    if laid.title:
        parts += [Text(clean(laid.title), style="bold"), Text("")]
    parts.append(
        Panel(_summary(laid), title=Text(clean(brief.title)), title_align="left", border_style="cyan", padding=(1, 2))
    )
    if laid.checked:
        parts += [Text(""), _table(laid.checked)]
    parts += [Text(""), Rule(Text("English text"), style=_QUIET, align="left")]
    parts += [_passage(passage) for passage in laid.passages]
    if laid.notes:
        parts += [Text(""), Rule(Text("Warnings"), style="red", align="left"), *(Text(note) for note in laid.notes)]
    if laid.dropped:
        told = "; ".join(f"{reason}: {text}" for text, reason in laid.dropped)
        parts += [Text(""), Text(f"Set aside as not the article: {told}", style=_QUIET)]
    parts += [Text(""), Text(laid.provenance, style=_QUIET)]
    return Group(*parts)


def _summary(laid: Page) -> Text:
    if not laid.summary:
        return Text(NO_SUMMARY, style=_QUIET)
    paragraph = laid.brief.template == "paragraph"
    lines = []
    for told in laid.summary:
        line = Text("" if paragraph else "• ")
        if laid.brief.template == "dated" and told.date:
            line.append(f"{clean(told.date)}: ", style="cyan")
        lines.append(line + _runs(told.runs))
    return Text(" " if paragraph else "\n").join(lines)


def _runs(found: Sequence[Run]) -> Text:
    line = Text()
    for run in found:
        if run.mark is None:
            line.append(edged(run.text))
        elif run.mark.right:
            line.append(clean(run.text), style=_RIGHT)
        else:
            check = run.mark.check
            original = f", original: {clean(check.source.figure.text)}" if check.source else ""
            shown = clean(run.text)
            line.append(shown or " ", style=_DOUBTFUL)
            line.append(f"{' ' if shown else ''}[{VERDICTS[check.verdict]}{original}]", style="red")
    return line


def _table(figures: Sequence[KeyFigure]) -> Table:
    right = sum(figure.right for figure in figures)
    table = Table(
        title=f"Figures: {len(figures)} checked, {right} right",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
    )
    table.add_column("Original", no_wrap=True)
    table.add_column("English", no_wrap=True)
    table.add_column("What", overflow="fold")
    table.add_column("Kind", style=_QUIET)
    table.add_column("Check")
    for figure in figures:
        good = figure.right or figure.check.severity.value == "none"
        look = "green" if good else _DOUBTFUL
        verdict = Text(f"{'✓' if good else '⚠'} {figure.check.verdict.value}", style=look)
        table.add_row(
            Text(clean(figure.original) or "—"),
            Text(clean(figure.value) or "—", style="" if good else _DOUBTFUL),
            Text(clean(figure.counts)),
            Text(figure.check.figure.kind.value),
            verdict,
        )
    return table


def _passage(passage: Passage) -> RenderableType:
    line = _runs(passage.runs)
    if passage.kind is BlockKind.HEADING:
        line.stylize("bold")
        return Padding(line, (1, 0, 0, 0))
    if passage.kind is BlockKind.LIST_ITEM:
        return Padding(Text("• ") + line, (0, 0, 0, 2))
    if passage.kind is BlockKind.QUOTE:
        return Padding(line, (1, 4, 0, 4))
    return Padding(line, (1, 0, 0, 0))
