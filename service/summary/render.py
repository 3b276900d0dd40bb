"""Reports as Markdown and plain text; HTML and the terminal have modules of their own and are named here too."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from service.summary.brief import Brief
from service.summary.console import console
from service.summary.html import html
from service.summary.page import NO_SUMMARY, VERDICTS, Page, Run, Told, clean, edged, page
from service.types import BlockKind, Report

__all__ = ["console", "html", "markdown", "text"]

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]#|~])")
_MARKDOWN_LINE_START = re.compile(r"^(?:([-+=])|(\d+)([.)])(?=\s|$))")


def markdown(report: Report, *, brief: Brief) -> str:
    """The report as Markdown. Right figures are **bold**; text of the article is escaped and can never be markup."""
    laid = page(report, brief)
    parts = [f"# {escape_markdown(laid.title)}"] if laid.title else []
    parts += [f"## {escape_markdown(brief.title)}", _summary(laid, _markdown_runs, "- ", escape_markdown)]
    if laid.figures:
        rows = ["| Figure | What | Original | Check |", "|---|---|---|---|"]
        for figure in laid.figures:
            cells = (
                figure.value or "—",
                figure.counts,
                figure.original or "—",
                _verdict(figure.right, figure.check.verdict),
            )
            rows.append("| " + " | ".join(escape_markdown(cell) for cell in cells) + " |")
        parts += ["## Key figures", "\n".join(rows)]
    parts += ["## English text", *(_markdown_passage(passage.kind, passage.runs) for passage in laid.passages)]
    if laid.notes:
        parts += ["## Warnings", "\n".join(f"- {escape_markdown(note)}" for note in laid.notes)]
    if laid.dropped:
        parts += ["## Set aside", "\n".join(f"- {escape_markdown(f'{why}: {what}')}" for what, why in laid.dropped)]
    parts.append(f"---\n\n{escape_markdown(laid.provenance)}")
    return "\n\n".join(parts) + "\n"


def text(report: Report, *, brief: Brief) -> str:
    """The report as plain text. Right figures stand between asterisks, doubtful ones in square brackets."""
    laid = page(report, brief)
    parts = [clean(laid.title), "=" * min(len(laid.title), 72)] if laid.title else []
    parts = ["\n".join(parts)] if parts else []
    parts += [_heading(brief.title), _summary(laid, _text_runs, "- ", clean)]
    if laid.figures:
        lines = [
            f"{clean(figure.value) or '—'} {clean(figure.counts)}".rstrip()
            + f" (original: {clean(figure.original) or '—'}; {VERDICTS[figure.check.verdict]})"
            for figure in laid.figures
        ]
        parts += [_heading("Key figures"), "\n".join(lines)]
    parts += [_heading("English text"), *(_text_runs(passage.runs) for passage in laid.passages)]
    if laid.notes:
        parts += [_heading("Warnings"), "\n".join(laid.notes)]
    if laid.dropped:
        parts += [_heading("Set aside"), "\n".join(f"{why}: {what}" for what, why in laid.dropped)]
    parts.append(laid.provenance)
    return "\n\n".join(parts) + "\n"


def escape_markdown(text: str) -> str:
    """A text that Markdown shows as it is: one line, no markup, no HTML."""
    escaped = _MARKDOWN_SPECIAL.sub(r"\\\1", clean(text))
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN_LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped)


def _summary(laid: Page, lay: Callable[[Sequence[Run]], str], bullet: str, escape: Callable[[str], str]) -> str:
    if not laid.summary:
        return NO_SUMMARY
    if laid.brief.template == "paragraph":
        return " ".join(lay(told.runs) for told in laid.summary)
    return "\n".join(bullet + _dated(told, laid, escape) + lay(told.runs) for told in laid.summary)


def _dated(told: Told, laid: Page, escape: Callable[[str], str]) -> str:
    return f"{escape(told.date)}: " if laid.brief.template == "dated" and told.date else ""


def _markdown_runs(found: Sequence[Run]) -> str:
    parts = []
    for run in found:
        shown = edged(run.text, escape_markdown)
        if run.mark is None:
            parts.append(shown)
        elif run.mark.right:
            parts.append(f"**{shown}**")
        else:
            parts.append(
                f"{shown} ⚠ ({escape_markdown(_note(run))})" if shown else f" ⚠ ({escape_markdown(_note(run))})"
            )
    return "".join(parts)


def _text_runs(found: Sequence[Run]) -> str:
    parts = []
    for run in found:
        shown = edged(run.text)
        if run.mark is None:
            parts.append(shown)
        elif run.mark.right:
            parts.append(f"*{shown}*")
        else:
            parts.append(f"[{shown}: {_note(run)}]" if shown else f" [{_note(run)}]")
    return "".join(parts)


def _note(run: Run) -> str:
    """What an editor is told of a doubtful figure."""
    assert run.mark is not None
    check = run.mark.check
    original = f"; original: {clean(check.source.figure.text)}" if check.source else ""
    return VERDICTS[check.verdict] + original


def _verdict(right: bool, verdict: str) -> str:
    return ("✓ " if right else "⚠ ") + verdict


def _heading(title: str) -> str:
    return clean(title) + "\n" + "-" * min(len(title), 72)


def _markdown_passage(kind: BlockKind, found: Sequence[Run]) -> str:
    prefix = {BlockKind.HEADING: "### ", BlockKind.LIST_ITEM: "- ", BlockKind.QUOTE: "> "}.get(kind, "")
    return prefix + _markdown_runs(found)
