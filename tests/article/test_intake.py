import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article.intake import decode, language_of, read
from service.errors import (
    EmptyText,
    InvalidInput,
    NotText,
    TolmachError,
    TooLarge,
    UndetectedLanguage,
    UnsupportedLanguage,
    UnsupportedMediaType,
)
from service.types import Article, BlockKind, DropReason
from tests.article.texts import ARTICLES, PARAGRAPH, messy_texts


def check_shape(article: Article) -> None:
    assert len(article.origin) == len(article.text)
    assert article.text == "\n\n".join(block.text for block in article.blocks)
    for index, block in enumerate(article.blocks):
        assert block.index == index
        assert article.text[block.start : block.end] == block.text == block.text.strip() != ""
        assert index == 0 or block.kind is not BlockKind.TITLE


def is_ignorable(letter: str) -> bool:
    """White space, what nobody sees, and marks that were composed with their letter."""
    return letter.isspace() or unicodedata.category(letter) in {"Cf", "Cc", "Mn", "Mc", "Me", "Zl", "Zp"}


@given(messy_texts, st.sampled_from(["ro", "it", "uk", "en"]), st.booleans())
def test_every_character_is_in_a_block_or_dropped(text: str, source: str, keep_all: bool) -> None:
    try:
        article = read(text=text, source=source, keep_all=keep_all)
    except (EmptyText, NotText):
        return
    check_shape(article)
    seen = set(article.origin)
    for piece in article.dropped:
        assert text[piece.start : piece.end] == piece.text == piece.text.strip() != ""
        seen.update(range(piece.start, piece.end))
    missed = [letter for at, letter in enumerate(text) if at not in seen and not is_ignorable(letter)]
    # Letters of some scripts compose with the letter before them, which then stands for both.
    assert not missed or unicodedata.normalize("NFC", text) != text
    if keep_all:
        assert article.dropped == ()


@given(messy_texts)
def test_letters_come_from_where_they_say(text: str) -> None:
    try:
        article = read(text=text, source="en")
    except TolmachError:
        return
    for letter, at in zip(article.text, article.origin, strict=True):
        assert at == -1 or text[at] == letter or not letter.isascii() or not text[at].isascii() or letter in " \n-"


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_our_articles(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text(encoding="utf-8")
    article = read(text=text)
    check_shape(article)
    assert article.language.code == path.stem[:2]
    assert article.title is not None
    assert not article.title.text.startswith("Video")
    assert len(article.blocks) >= 8
    reasons = {piece.reason for piece in article.dropped}
    assert DropReason.ADVERTISEMENT in reasons
    assert all(block.foreign is None for block in article.blocks)
    assert not any("Foto:" in block.text or "Реклама" in block.text for block in article.blocks)


def test_a_paragraph_cut_by_an_empty_line_is_whole() -> None:
    article = read(
        text=PARAGRAPH.removesuffix("împotrivă.").strip() + "\n\nîmpotrivă.\n\n" + PARAGRAPH.replace("12", "13")
    )
    assert article.blocks[0].text == PARAGRAPH


class TestTitle:
    def test_given(self) -> None:
        article = read(text=PARAGRAPH, title="  Podul\u00a0nou\n de la Brăila ")
        assert article.title is not None
        assert article.title.text == "Podul nou de la Brăila"
        assert set(article.origin[: len(article.title.text)]) == {-1}

    def test_given_and_repeated(self) -> None:
        article = read(text=f"Podul nou\n\n{PARAGRAPH}", title="Podul nou")
        assert [block.kind for block in article.blocks] == [BlockKind.TITLE, BlockKind.PARAGRAPH]
        assert [piece.reason for piece in article.dropped] == [DropReason.DUPLICATE]

    def test_given_beside_that_of_the_page(self) -> None:
        article = read(html=f"<h1>Podul de ieri</h1><p>{PARAGRAPH}</p>", title="Podul nou")
        assert [block.kind.value for block in article.blocks] == ["title", "heading", "paragraph"]

    def test_blank_is_none(self) -> None:
        assert read(text=PARAGRAPH, title=" \u200b ").title is None

    @pytest.mark.parametrize("line", ["Podul nou de la Brăila", "De ce cresc prețurile?", "„Nu plec!”"])
    def test_found(self, line: str) -> None:
        title = read(text=f"{line}\n\n{PARAGRAPH}").title
        assert title is not None
        assert title.text == line

    @pytest.mark.parametrize("line", ["Premierul a plecat.", "Ce s-a decis:", PARAGRAPH[:-1] * 2])
    def test_not_found(self, line: str) -> None:
        assert read(text=f"{line}\n\n{PARAGRAPH}").title is None

    def test_junk(self) -> None:
        with pytest.raises(NotText) as error:
            read(text=PARAGRAPH, title="a\x00b")
        assert error.value.field == "title"


def test_headings_between_paragraphs() -> None:
    article = read(text=f"{PARAGRAPH}\n\nCe urmează\n\n{PARAGRAPH.replace('12', '13')}")
    assert [block.kind.value for block in article.blocks] == ["paragraph", "heading", "paragraph"]


class TestLanguage:
    def test_named_is_believed(self) -> None:
        language = read(text=PARAGRAPH, source="it").language
        assert (language.code, language.confidence, language.detected) == ("it", 1.0, False)

    def test_detected(self) -> None:
        language = read(text=PARAGRAPH).language
        assert language.code == "ro"
        assert language.confidence > 0.95
        assert language.detected

    @pytest.mark.parametrize("text", ["12 345, 67%", "🙂🙂", "Da!", "—"])
    def test_short_texts_need_it_named(self, text: str) -> None:
        with pytest.raises(UndetectedLanguage, match="'source'"):
            read(text=text)
        assert read(text=text, source="uk").text == text

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Правительство утвердило новый бюджет для школ и больниц", "Russian"),
            ("El gobierno ha aprobado un nuevo presupuesto para las escuelas", "Spanish"),
            ("أعلنت الحكومة اليوم عن ميزانية جديدة للمدارس", "Arabic"),
            ("הממשלה אישרה היום תקציב חדש לבתי הספר", "Hebrew"),
        ],
    )
    def test_others_are_refused_by_name(self, text: str, name: str) -> None:
        with pytest.raises(UnsupportedLanguage, match=name):
            read(text=text)

    @pytest.mark.parametrize("source", ["ru", "xx", "AUTO", ""])
    def test_unserved_source(self, source: str) -> None:
        with pytest.raises(UnsupportedLanguage):
            read(text=PARAGRAPH, source=source)

    def test_title_counts(self) -> None:
        assert read(text="12.345", title="Guvernul a majorat taxele pentru companii").language.code == "ro"

    def test_foreign_blocks_are_marked(self) -> None:
        foreign = "Il presidente ha detto che il nuovo ponte sarà aperto al traffico entro la fine del mese di marzo."
        russian = "«Мы не остановимся, пока не достигнем всех поставленных целей», — сказал он журналистам."
        article = read(text=f"{PARAGRAPH}\n\n{foreign}\n\n{russian}\n\nCosta 5 lei.")
        assert [block.foreign for block in article.blocks] == [None, "it", "ru", None]

    def test_names_do_not_make_a_block_foreign(self) -> None:
        article = read(
            text=f"{PARAGRAPH}\n\nLa ceremonie au participat The New York Times, Washington Post și BBC News."
        )
        assert {block.foreign for block in article.blocks} == {None}

    def test_the_caller_is_believed_against_the_blocks(self) -> None:
        assert {block.foreign for block in read(text=PARAGRAPH, source="it").blocks} == {None}

    def test_of_a_bare_text(self) -> None:
        assert language_of(PARAGRAPH) == "ro"
        assert language_of("12", "uk") == "uk"
        with pytest.raises(UnsupportedLanguage):
            language_of("12", "ru")
        with pytest.raises(NotText):
            language_of("\x00\x01")


class TestKeepAll:
    def test_nothing_is_dropped(self) -> None:
        text = f"Video Podul nou\n\nPublicitate\n- unu\n{PARAGRAPH}\n\nReuters"
        article = read(text=text, keep_all=True)
        assert article.dropped == ()
        assert [block.text for block in article.blocks] == [
            "Video Podul nou",
            "Publicitate",
            "- unu",
            PARAGRAPH,
            "Reuters",
        ]

    def test_hidden_parts_of_a_page_are(self) -> None:
        article = read(html=f"<nav>Acasă</nav><p>Publicitate</p><p>{PARAGRAPH}</p>", keep_all=True)
        assert [block.text for block in article.blocks] == ["Publicitate", PARAGRAPH]


def test_a_text_of_nothing_but_markers_is_the_text() -> None:
    article = read(text="Publicitate", source="ro")
    assert article.text == "Publicitate"
    assert article.dropped == ()


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b\ufeff\u00a0"])
def test_empty_text(text: str) -> None:
    with pytest.raises(EmptyText) as error:
        read(text=text)
    assert error.value.field == "text"


@pytest.mark.parametrize("html", ["", "<p></p>", "<nav>Acasă</nav>", "<script>var a = 1</script>"])
def test_empty_page(html: str) -> None:
    with pytest.raises(EmptyText) as error:
        read(html=html)
    assert error.value.field == "html"


def test_exactly_one_of_text_and_html() -> None:
    with pytest.raises(InvalidInput, match="not both"):
        read(text="a", html="b")
    with pytest.raises(InvalidInput, match="give text or html"):
        read()


class TestDecode:
    @pytest.mark.parametrize(
        ("text", "charset"),
        [
            ("Președintele", None),
            ("Președintele", "utf-8"),
            ("Київ", "windows-1251"),
            ("Київ", "koi8-u"),
            ("Preşedinţă", "iso-8859-2"),
            ("perché", "latin-1"),
            ("perché", '"ISO-8859-1"'),
            ("Київ", "utf-16"),
        ],
    )
    def test_declared(self, text: str, charset: str | None) -> None:
        assert decode(text.encode((charset or "utf-8").strip('"')), charset) == text

    def test_byte_order_marks(self) -> None:
        assert decode("\ufeffДа".encode(), None) == "Да"
        assert decode("Да".encode("utf-16"), None) == "Да"

    @pytest.mark.parametrize(("body", "offset"), [(b"abc\xff", 3), ("Київ".encode("windows-1251"), 0), (b"\xc3", 0)])
    def test_names_the_wrong_byte(self, body: bytes, offset: int) -> None:
        with pytest.raises(NotText, match=f"wrong byte 0x{body[offset]:02x} at offset {offset}"):
            decode(body, None)

    @pytest.mark.parametrize("charset", ["nonsense", "base64", "punycode", "IDNA", "unicode_escape", "a\x00b", ""])
    def test_unknown_charset(self, charset: str) -> None:
        if charset:
            with pytest.raises(UnsupportedMediaType, match="send UTF-8"):
                decode(b"abc", charset)
        else:
            assert decode(b"abc", charset) == "abc"

    @given(
        st.binary(max_size=60),
        st.sampled_from([None, "utf-8", "windows-1251", "utf-16", "utf-7", "idna", "punycode", "rot13"]),
    )
    def test_only_says_no_politely(self, body: bytes, charset: str | None) -> None:
        with suppress(NotText, UnsupportedMediaType):
            assert isinstance(decode(body, charset), str)


def test_more_lines_than_an_article_can_have_are_refused() -> None:
    with pytest.raises(TooLarge, match="text has more than 20000 lines"):
        read(text="a\n" * 20_001, source="ro")
    with pytest.raises(TooLarge, match="html has more than 20000 lines"):
        read(html="<pre>" + "a\n" * 20_001, source="ro")


def test_empty_lines_do_not_count() -> None:
    assert read(text="Un rând.\n" + "\n" * 100_000, source="ro").text == "Un rând."


@pytest.mark.parametrize(
    "text",
    [
        "guvernul a spus că " * 5500,
        "Propoziție. " * 50_000,
        "- listă\n" * 20_000,
        "Publicitate\n" * 20_000,
        "cuvânt\n" * 20_000,
        "a\u0301" * 200_000,
        "a\u0301 " * 200_000,
        "\u200d" * 200_000 + "text",
        '" ' * 200_000,
        "." * 500_000,
        "(" * 100_000,
        "Citește și " * 20_000,
        " / © " * 50_000,
        "\n" * 500_000 + "text",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_long_texts_take_linear_time(text: str) -> None:
    begun = time.perf_counter()
    check_shape(read(text=text, source="ro"))
    assert time.perf_counter() - begun < 30
