import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article.intake import read
from service.article.markup import read_html
from service.errors import TooLarge
from service.types import BlockKind, DropReason
from tests.article.texts import DATA, PARAGRAPH


def lines(html: str) -> list[str]:
    return [line.text for line in read_html(html).lines]


def kinds(html: str) -> list[tuple[str, str]]:
    return [(line.kind.value, line.text) for line in read_html(html).lines]


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>Un <b>cuvânt</b>, <a href=x>alt</a>ul<i>!</i></p>", ["Un cuvânt, altul!"]),
        ("<p>Unu</p><p>Doi</p>", ["Unu", "Doi"]),
        ("Unu<p>Doi</p>Trei", ["Unu", "Doi", "Trei"]),
        ("<p>Unu<br>Doi<br><br>Trei</p>", ["Unu", "Doi", "Trei"]),
        ("<p>Unu\n  doi\t trei</p>", ["Unu doi trei"]),
        ("<p>10&nbsp;000&#8239;&euro; &lt;b&gt; &amp;</p>", ["10 000 € <b> &"]),
        ("<pre>Unu\n  Doi\n\nTrei</pre>", ["Unu", "Doi", "Trei"]),
        ("<p>5 m<sup>2</sup>, 10<sup>6</sup>, al 5<sup>lea</sup></p>", ["5 m², 10⁶, al 5lea"]),
        ("<p>CO<sub>2</sub></p>", ["CO2"]),
        ("a < b și c > d", ["a < b și c > d"]),
        ("<p>Unu <span hidden>ascuns</span>doi</p>", ["Unu doi"]),
        ("<p>Unu <!-- comentariu -->doi</p>", ["Unu doi"]),
        ("<p>Unu<script>var a = '<p>x</p>';</script> doi</p>", ["Unu doi"]),
        ("<style>p { color: red }</style><template><p>x</p></template><p>Unu</p>", ["Unu"]),
        ("<nav>Acasă</nav><p>Unu</p><footer>Jos</footer><aside>Lateral</aside>", ["Unu"]),
        ("<div style='color: red; display : NONE'>x</div><p>Unu</p>", ["Unu"]),
        ("<div aria-hidden=true>x</div><div role=navigation>y</div><p>Unu</p>", ["Unu"]),
        ("<p>Unu <button>Apasă</button> doi</p><select><option>x</select>", ["Unu doi"]),
        ("<p>Unu</p><noscript><p>Porniți JavaScript</p></noscript>", ["Unu"]),
        ("<p>Unu", ["Unu"]),
        ("", []),
        ("<div><div></div></div>", []),
    ],
)
def test_lines(html: str, wanted: list[str]) -> None:
    assert lines(html) == wanted


def test_kinds() -> None:
    html = """<h2>Titlu mic</h2><ul><li>Unu<li><p>Doi</p></ul><blockquote><p>Citat</p></blockquote>
    <table><tr><th>An</th><td>2025</td></tr></table><dl><dt>Termen<dd>Sens</dl><p>Text</p>"""
    assert kinds(html) == [
        *[("heading", "Titlu mic"), ("list_item", "Unu"), ("list_item", "Doi"), ("quote", "Citat")],
        *[("cell", "An"), ("cell", "2025"), ("list_item", "Termen"), ("list_item", "Sens"), ("paragraph", "Text")],
    ]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Pagina</title><h1>Titlul</h1><p>Text</p>", "Titlul"),
        ("<title>Doar pagina</title><p>Text</p>", "Doar pagina"),
        ("<h1>Ziarul</h1><h1>Podul nou</h1><title>Podul nou | Ziarul</title><p>Text</p>", "Podul nou"),
        ("<h1>Titlul<br>pe două <i>rânduri</i></h1><p>Text</p>", "Titlul pe două rânduri"),
        ("<svg><title>desen</title></svg><title>Pagina</title><p>Text</p>", "Pagina"),
        (
            "<head><title>Podul nou - Ziarul</title><meta property='og:site_name' content='Ziarul'></head><p>Text</p>",
            "Podul nou",
        ),
    ],
)
def test_title(html: str, title: str) -> None:
    first = read_html(f"<html>{html}").lines[0]
    assert (first.kind, first.text) == (BlockKind.TITLE, title)


def test_the_article_element_holds_the_article() -> None:
    html = f"<p>Meniu</p><article><h1>Titlu</h1><p>{PARAGRAPH}</p></article><article><p>Altă știre</p></article>"
    reading = read_html(html)
    assert [line.text for line in reading.lines] == ["Titlu", PARAGRAPH]
    assert [piece.text for piece in reading.dropped] == ["Meniu", "Altă știre"]
    assert {piece.reason for piece in reading.dropped} == {DropReason.HIDDEN}


def test_a_teaser_is_not_the_article() -> None:
    assert PARAGRAPH in lines(f"<article><p>Altă știre</p></article><div><p>{PARAGRAPH}</p></div>")


def test_hidden_parts_are_reported() -> None:
    reading = read_html("<nav><a>Acasă</a> <a>Sport</a></nav><p>Unu <span hidden>ascuns</span></p><footer>Jos</footer>")
    assert {piece.text for piece in reading.dropped} == {"Acasă Sport", "ascuns", "Jos"}


def test_the_page_and_the_text_of_one_article_agree() -> None:
    page = read(html=(DATA / "articles" / "ro-buget.html").read_text(encoding="utf-8"))
    text = read(text=(DATA / "articles" / "ro-buget.txt").read_text(encoding="utf-8"))
    assert page.title is not None
    assert text.title is not None
    assert page.title.text == text.title.text
    assert page.blocks[1].text == text.blocks[1].text
    assert {block.kind for block in page.blocks} == set(BlockKind)
    reasons = [piece.reason for piece in page.dropped]
    assert {DropReason.HIDDEN, DropReason.CREDIT, DropReason.ADVERTISEMENT} == set(reasons)
    assert not any("tracker" in block.text or "font-family" in block.text for block in page.blocks)


TAGS = [
    *("<p>", "</p>", "<b>", "</b>", "<br>", "<div hidden>", "</div>", "<li>", "<h1>", "</h1>", "<td>", "<table>"),
    *("<nav>", "<article>", "</article>", "<sup>", "</sup>", "<pre>", "<!--", "-->", "&nbsp;", "&amp;", "<q "),
    *("<title>", "</title>", "<span hidden>", "</span>", "<blockquote>", "<svg>", "<select>"),
]
html_texts = st.lists(st.one_of(st.sampled_from(TAGS), st.text(max_size=8)), max_size=25).map("".join)


@given(html_texts)
def test_every_character_of_the_page_is_somewhere(html: str) -> None:
    reading = read_html(html)
    seen = {at for line in reading.lines for at in line.piece.origin}
    for piece in reading.dropped:
        assert reading.received[piece.start : piece.end] == piece.text
        seen.update(range(piece.start, piece.end))
    missed = [letter for at, letter in enumerate(reading.received) if at not in seen and letter.isalnum()]
    assert not missed


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<article>", "<p>", "<table>", "<font><div>", "<p><object>", "<li>"])
def test_deep_pages_are_read_in_bounded_time(tag: str) -> None:
    html = tag * (20_000 // tag.count("<")) + "text"
    begun = time.perf_counter()
    assert lines(html) in (["text"], [])
    assert time.perf_counter() - begun < 60


def test_too_many_tags_are_refused_with_the_limit() -> None:
    with pytest.raises(TooLarge, match="20001 tags; at most 20000"):
        read_html("<i>" * 20_001)
