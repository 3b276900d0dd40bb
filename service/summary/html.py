"""A report as one HTML page: no script, nothing fetched, every piece of the article's text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from service.summary.brief import Brief
from service.summary.chart import svg
from service.summary.highlight import KeyFigure, Mark
from service.summary.page import NO_SUMMARY, VERDICTS, Page, Passage, Run, clean, edged, page
from service.types import BlockKind, Report

_STYLE = """
.tolmach{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 Georgia,serif;color:#1c1c1c;background:#fff}
.tolmach h1{line-height:1.2}
.tolmach h2,.tolmach table,.tolmach footer,.tolmach svg{font-family:system-ui,sans-serif}
.tolmach h2{font-size:.95rem;letter-spacing:.03em;color:#555;margin:2rem 0 .5rem}
.tolmach .summary{font-size:1.15rem;border-left:3px solid #3b6ea5;padding-left:1rem}
.tolmach mark{background:#fff1b8;color:inherit;padding:0 .15em;border-radius:.15em}
.tolmach mark.doubtful{background:#fde2df;border-bottom:2px solid #b3261e}
.tolmach table{border-collapse:collapse;width:100%;font-size:.9rem}
.tolmach th,.tolmach td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid #ddd;vertical-align:top}
.tolmach td.value{font-weight:600;font-variant-numeric:tabular-nums}
.tolmach tr.doubtful td{color:#8c1d18}
.tolmach svg{width:100%;height:auto}
.tolmach footer,.tolmach details{font-size:.85rem;color:#555}
""".strip()


def html(report: Report, *, brief: Brief) -> str:
    """The report as a whole page; the `<article>` in it, with the style, can be lifted into another page."""
    laid = page(report, brief)
    title = escape(clean(laid.title) or clean(brief.title))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n{_article(laid)}\n</body>\n</html>\n"
    )


def _article(laid: Page) -> str:
    parts = ['<article class="tolmach" lang="en">']
    if laid.title:
        parts.append(f"<h1>{escape(clean(laid.title))}</h1>")
    parts.append(_section(escape(clean(laid.brief.title)), _summary(laid)))
    if laid.figures:
        shown = svg(laid.chart) if laid.chart else ""
        parts.append(_section("Key figures", _table(laid.figures) + shown))
    parts.append(_section("English text", "\n".join(_body(laid.passages))))
    if laid.notes:
        parts.append(_section("Warnings", _list(laid.notes)))
    if laid.dropped:
        items = _list([f"{reason}: {text}" for text, reason in laid.dropped])
        parts.append(f"<details><summary>Set aside as not the article ({len(laid.dropped)})</summary>{items}</details>")
    parts.append(f"<footer><p>{escape(laid.provenance)}</p></footer></article>")
    return "\n".join(parts)


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>\n{body}\n</section>"


def _summary(laid: Page) -> str:
    if not laid.summary:
        return f'<p class="summary">{NO_SUMMARY}</p>'
    if laid.brief.template == "paragraph":
        return '<p class="summary">' + " ".join(_runs(told.runs) for told in laid.summary) + "</p>"
    dated = laid.brief.template == "dated"
    items = [
        (f"<strong>{escape(clean(told.date))}</strong>: " if dated and told.date else "") + _runs(told.runs)
        for told in laid.summary
    ]
    return '<ul class="summary">' + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _runs(found: Sequence[Run]) -> str:
    return "".join(_mark(run.text, run.mark) if run.mark else escape(edged(run.text)) for run in found)


def _mark(text: str, mark: Mark) -> str:
    check = mark.check
    original = clean(check.source.figure.text) if check.source else ""
    told = f"Original: {original}" if original else "Not in the original"
    if not mark.right:
        told += f" ({VERDICTS[check.verdict]})"
    look = "" if mark.right else ' class="doubtful"'
    shown = escape(clean(text)) or "[" + escape(f"{VERDICTS[check.verdict]}: {original}") + "]"
    space = "" if text else " "
    return (
        f'{space}<mark{look} data-kind="{escape(check.figure.kind.value)}" data-check="{escape(check.verdict.value)}" '
        f'title="{escape(told)}">{shown}</mark>'
    )


def _table(figures: Sequence[KeyFigure]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Figure", "What", "Original", "Check"))
    rows = "".join(_row(figure) for figure in figures)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(figure: KeyFigure) -> str:
    look = "" if figure.right else ' class="doubtful"'
    sign = "✓" if figure.right else "⚠"
    return (
        f'<tr{look}><td class="value">{escape(clean(figure.value)) or "—"}</td><td>{escape(clean(figure.counts))}</td>'
        f"<td>{escape(clean(figure.original)) or '—'}</td>"
        f'<td><span aria-hidden="true">{sign}</span> {escape(VERDICTS[figure.check.verdict])}</td></tr>'
    )


def _body(passages: Sequence[Passage]) -> list[str]:
    parts = []
    for kind, group in groupby(passages, key=lambda passage: passage.kind):
        shown = [_runs(passage.runs) for passage in group]
        if kind is BlockKind.LIST_ITEM:
            parts.append("<ul>" + "".join(f"<li>{item}</li>" for item in shown) + "</ul>")
        else:
            opening, closing = _TAGS.get(kind, ("<p>", "</p>"))
            parts.extend(f"{opening}{item}{closing}" for item in shown)
    return parts


_TAGS = {
    BlockKind.HEADING: ("<h3>", "</h3>"),
    BlockKind.QUOTE: ("<blockquote><p>", "</p></blockquote>"),
}


def _list(items: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(clean(item))}</li>" for item in items) + "</ul>"
