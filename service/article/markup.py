"""HTML to lines: the block structure of the page, with what is not its article set aside.

The text as received is the document's own text, `document.documentElement.textContent` of a browser without scripts:
that is what offsets point into. Code (script, style) counts in those offsets but is not text: it is not reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from service.article.lines import Line, Reading, check_lines, dropped
from service.article.mapped import Mapped, joined
from service.article.normalize import normalize
from service.errors import TooLarge
from service.types import BlockKind, Dropped, DropReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

_CODE: Final = frozenset({"script", "style", "template"})
_FURNITURE: Final = frozenset(
    (
        *("nav", "footer", "aside", "menu", "dialog", "title", "noscript"),
        *("button", "select", "option", "datalist", "textarea"),
        *("svg", "canvas", "iframe", "object", "video", "audio"),
    )
)
_FURNITURE_ROLES: Final = frozenset(
    {"navigation", "banner", "complementary", "contentinfo", "search", "dialog", "menu"}
)
_KINDS: Final = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
    **dict.fromkeys(("li", "dt", "dd"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("td", "th"), BlockKind.CELL),
    "blockquote": BlockKind.QUOTE,
}
_BLOCKS: Final = frozenset(_KINDS) | frozenset(
    (
        *("html", "head", "title", "body", "header", "footer", "nav", "main", "aside", "article", "section"),
        *("address", "center", "details", "div", "fieldset", "figcaption", "figure", "form", "hgroup", "hr", "legend"),
        *("dl", "ol", "ul", "option", "p", "pre", "summary"),
        *("caption", "table", "tbody", "tfoot", "thead", "tr"),
    )
)
_SUPERSCRIPT: Final = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_WHITE: Final = re.compile(r"\s+")
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_MAX_TAGS: Final = 20_000
"""The time of every HTML parser grows with the square of the nesting; so many unclosed tags take about two seconds."""
_MIN_ARTICLE_SHARE: Final = 0.5
"""An <article> with less of the page's paragraphs than this is a teaser, not the article."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A line with what is known of its place in the page."""

    line: Line
    hidden: bool
    tag: str


@dataclass(slots=True)
class _Walker:
    """Gathers text nodes into lines. `hidden` counts the enclosing elements that are not the article.

    `aside` counts the hidden ones among them that stand inside a line, which they must not cut in two.
    """

    hidden: int = 0
    aside: int = 0
    preformatted: int = 0
    raised: int = 0
    tag: str = ""
    gap: bool = True
    length: int = 0
    received: list[str] = field(default_factory=list)
    pieces: list[Mapped] = field(default_factory=list)
    asides: list[Mapped] = field(default_factory=list)
    found: list[_Found] = field(default_factory=list)
    kinds: list[BlockKind] = field(default_factory=list)

    def text(self, text: str) -> None:
        piece = Mapped.received(text, self.length)
        self.skip(text)
        if self.aside:
            self.asides.append(piece)
        elif not self.preformatted:
            self.pieces.append(Mapped(text.translate(_SUPERSCRIPT), piece.origin) if self.raised else piece)
        else:
            start = 0
            for number, row in enumerate(text.split("\n")):
                if number:
                    self.flush(gap=False)
                self.pieces.append(piece.cut(start, start + len(row)))
                start += len(row) + 1

    def skip(self, text: str) -> None:
        self.received.append(text)
        self.length += len(text)

    def line_break(self) -> None:
        if self.tag:
            self.pieces.append(Mapped.placed(" "))  # a headline is one line however it is laid out
        else:
            self.flush(gap=False)

    def flush(self, *, gap: bool) -> None:
        """End the line. `gap`: what follows is another block."""
        white = joined(self.pieces, "").replace(_WHITE, lambda _: " ")
        self.pieces.clear()
        piece = normalize(white).strip()
        if not piece:
            self.gap = True
            return
        kind = self.kinds[-1] if self.kinds else BlockKind.PARAGRAPH
        whole = kind is not BlockKind.PARAGRAPH and self.gap
        check_lines(len(self.found) + 1, "html")
        self.found.append(_Found(Line(piece, kind, self.gap, whole), self.hidden > 0, self.tag))
        self.gap = gap


def read_html(html: str) -> Reading:
    """The lines of the page's article; navigation, footers, hidden parts and the like come back as dropped.

    Raises TooLarge for a page with more than 20,000 tags (a long article has two thousand) or lines.
    """
    tags = html.count("<")
    if tags > _MAX_TAGS:
        raise TooLarge(f"html has {tags} tags; at most {_MAX_TAGS}", field="html")
    tree = LexborHTMLParser(html)
    root = tree.root
    if root is None:
        return Reading("", [], [])
    walker = _Walker()
    _walk(root, walker, _article(root))
    received = "".join(walker.received)
    gone: list[Dropped] = []
    for piece in walker.asides:
        gone += dropped(piece, DropReason.HIDDEN, received)
    lines: list[Line] = []
    headline = _headline(walker.found)
    for found in walker.found:
        if found is headline:
            title, site = _without_site(found.line.piece, tree) if found.tag == "title" else (found.line.piece, None)
            lines.insert(0, Line(title, BlockKind.TITLE, gap=True, whole=True))
            gone += dropped(site, DropReason.MARKER, received) if site else []
        elif found.hidden:
            gone += dropped(found.line.piece, DropReason.HIDDEN, received)
        else:
            lines.append(found.line)
    return Reading(received, lines, gone)


def _headline(lines: list[_Found]) -> _Found | None:
    """The line that is the title: the h1 that <title> begins with, the first h1 of the article, or <title> itself."""
    title = next((found for found in lines if found.tag == "title"), None)
    tops = [found for found in lines if found.tag == "h1"]
    named = [found for found in tops if title and title.line.text.startswith(found.line.text)]
    shown = [found for found in tops if not found.hidden]
    return next(iter([*named, *shown]), title)


def _without_site(title: Mapped, tree: LexborHTMLParser) -> tuple[Mapped, Mapped | None]:
    """<title> without the name of the site, where the page says what that is."""
    meta = tree.css_first('meta[property="og:site_name"]')
    site = (meta.attributes.get("content") or "").strip() if meta else ""
    before = title.text.removesuffix(site).rstrip(" |-–—:·")
    if not site or not title.text.endswith(site) or not before:
        return title, None
    return title.cut(0, len(before)), title.cut(len(before))


def _events(root: LexborNode) -> Iterator[tuple[LexborNode, str, bool]]:
    """Every node in document order as (node, tag, leaving), elements twice. Pages nest deeper than recursion."""
    stack: list[tuple[LexborNode, str, bool]] = [(root, root.tag or "", False)]
    while stack:
        node, tag, leaving = stack.pop()
        yield node, tag, leaving
        if leaving or not node.is_element_node:
            continue
        if tag not in _VOID:
            stack.append((node, tag, True))
        if tag not in _CODE:
            child = node.last_child
            while child is not None:
                stack.append((child, child.tag or "", False))
                child = child.prev


def _article(root: LexborNode) -> int | None:
    """The id of the element that holds the article, where the page says so and most of its paragraphs are in it."""
    sizes: dict[int, int] = {}
    open_article: list[int] = []
    open_main: list[int] = []
    paragraphs = everything = 0
    for node, tag, leaving in _events(root):
        if node.is_text_node and paragraphs:
            size = len(node.text_content or "")
            everything += size
            for holder in (*open_article[:1], *open_main[:1]):
                sizes[holder] = sizes.get(holder, 0) + size
        elif tag == "p":
            paragraphs += -1 if leaving else 1
        elif tag in {"article", "main"}:
            holders = open_article if tag == "article" else open_main
            holders.pop() if leaving else holders.append(node.mem_id)
    best = max(sizes, key=lambda holder: sizes[holder], default=None)
    return best if best is not None and sizes[best] >= _MIN_ARTICLE_SHARE * everything else None


def _walk(root: LexborNode, walker: _Walker, scope: int | None) -> None:
    walker.hidden = 0 if scope is None else 1
    for node, tag, leaving in _events(root):
        if node.is_text_node:
            walker.text(node.text_content or "")
        elif tag in _CODE:
            if not leaving:
                walker.skip(node.text())
        elif tag == "br":
            walker.line_break()
        elif node.is_element_node:
            _pass_element(walker, node, tag, scope, leaving=leaving)
    walker.flush(gap=True)


def _pass_element(walker: _Walker, node: LexborNode, tag: str, scope: int | None, *, leaving: bool) -> None:
    """Enter or leave an element: end the line at the edge of a block, and count what it is inside of."""
    step = -1 if leaving else 1
    block = tag in _BLOCKS
    if block:
        walker.flush(gap=True)
        # Drawings have titles too, but stand in a line.
        walker.tag = tag if tag in {"h1", "title"} and not leaving and not walker.aside else ""
    furniture = _is_furniture(node, tag)
    walker.hidden += step * (int(furniture and block) - int(scope is not None and node.mem_id == scope))
    walker.aside += step * int(furniture and not block)
    walker.preformatted += step * int(tag == "pre")
    walker.raised += step * int(tag == "sup")
    kind = _KINDS.get(tag)
    if kind and leaving:
        walker.kinds.pop()
    elif kind:
        walker.kinds.append(kind)


def _is_furniture(node: LexborNode, tag: str) -> bool:
    if tag in _FURNITURE:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or attributes.get("role") in _FURNITURE_ROLES:
        return True
    declarations = "".join((attributes.get("style") or "").casefold().split()).split(";")
    return any(declaration in {"display:none", "visibility:hidden"} for declaration in declarations)
