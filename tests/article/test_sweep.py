import pytest

from service.article.intake import read
from service.article.rules import rules
from service.types import DropReason
from tests.article.texts import PARAGRAPH

TITLE = "Noul pod de la Brăila"

RUBBISH = [
    ("Publicitate", "advertisement"),
    ("PUBBLICITÀ", "advertisement"),
    ("Реклама", "advertisement"),
    ("— Advertisement —", "advertisement"),
    ("[Publicitate]", "advertisement"),
    ("Citește și: Cât costă podul", "advertisement"),
    ("Leggi anche: Come si misura la piena", "advertisement"),
    ("ЧИТАЙТЕ ТАКОЖ: Чому міліють річки", "advertisement"),
    ("Read more: The last bridge", "advertisement"),
    ("Підписуйтесь на наш канал у Telegram.", "advertisement"),
    ("Foto: Ana Dobre / Arhiva", "credit"),
    ("(Foto: Inquam Photos)", "credit"),
    ("© Associated Press", "credit"),
    ("Фото: пресслужба президента", "credit"),
    ("Ph. Mario Neri", "credit"),
    ("Photo by Tom Reeve", "credit"),
    ("Riproduzione riservata", "credit"),
    ("Sursa: Digi24", "credit"),
    ("AP", "signature"),
    ("(Reuters)", "signature"),
    ("AFP / Reuters", "signature"),
    ("Укрінформ", "signature"),
    ("Agerpres și Mediafax", "signature"),
    ("Autor: Ion Popescu", "signature"),
    ("Автор: Олена Гнатюк", "signature"),
    ("Video", "marker"),
    ("Фото", "marker"),
    ("Distribuie", "marker"),
    ("Publicat: 14.10.2025 10:32", "dateline"),
    ("Оновлено 4 листопада 2025, 12:10", "dateline"),
]


@pytest.mark.parametrize("place", ["middle", "end"])
@pytest.mark.parametrize(("line", "reason"), RUBBISH)
def test_rubbish_is_set_aside_with_its_reason(line: str, reason: str, place: str) -> None:
    after = "\n\nAl doilea paragraf spune că podul are 2 km." if place == "middle" else ""
    text = f"{TITLE}\n\n{PARAGRAPH}\n\n{line}{after}"
    article = read(text=text, source="ro")
    assert line not in article.text
    (piece,) = article.dropped
    assert (piece.text, piece.reason.value) == (line, reason)
    assert text[piece.start : piece.end] == line


NOT_RUBBISH = [
    "Copyright law changes in Europe",
    "Foto di gruppo con signora, il film dell'anno",
    "Reuters a anunțat că va închide trei birouri.",
    "Publicitatea a scăzut cu 12% anul trecut.",
    "Реклама подорожчала на 12%.",
    "Video-ul a fost văzut de 3 milioane de oameni.",
    "Vezi și tu cât costă podul, dacă mergi acolo.",
    "AP Møller-Maersk a cumpărat portul.",
    "Autorul accidentului, Ion Popescu, a fost reținut.",
    "14 oameni au fost răniți în octombrie 2025.",
    "În 2025, luni și marți.",
    "„Am jucat bine. Am câștigat. Suntem fericiți. Mulțumim.”",
    "Per approfondire il caso la procura ha chiesto sei mesi.",
    "Toate drepturile femeilor trebuie respectate, a spus ea.",
    "Sursa citată: 12 oameni au murit. Alți 3 sunt răniți.",
]


@pytest.mark.parametrize("line", NOT_RUBBISH)
def test_the_article_stays(line: str) -> None:
    article = read(text=f"{TITLE}\n\n{PARAGRAPH}\n\n{line}", source="ro")
    assert article.dropped == ()
    assert article.blocks[-1].text == line


HEADLINES = [
    ("Video Primele imagini cu podul", "Primele imagini cu podul", "Video", "marker"),
    ("VIDEO | Primele imagini cu podul", "Primele imagini cu podul", "VIDEO |", "marker"),
    ("FOTO/VIDEO Primele imagini cu podul", "Primele imagini cu podul", "FOTO/VIDEO", "marker"),
    ("ideo Primele imagini cu podul", "Primele imagini cu podul", "ideo", "marker"),
    ("Primele imagini cu podul (VIDEO)", "Primele imagini cu podul", "(VIDEO)", "marker"),
    ("Primele imagini cu podul – FOTO", "Primele imagini cu podul", "– FOTO", "marker"),
    (" date 2025-11-04 Primele imagini cu podul", "Primele imagini cu podul", "date 2025-11-04", "dateline"),
    ("2025-11-04T10:20:00Z Primele imagini", "Primele imagini", "2025-11-04T10:20:00Z", "dateline"),
    ("04.11.2025, 10:15 Primele imagini cu podul", "Primele imagini cu podul", "04.11.2025, 10:15", "dateline"),
    ("0Primele imagini cu podul", "Primele imagini cu podul", "0", "stray"),
    ("Primele imagini cu podul / © Associated Press", "Primele imagini cu podul", "/ © Associated Press", "credit"),
    ("Primele imagini cu podul (foto: Agerpres)", "Primele imagini cu podul", "(foto: Agerpres)", "credit"),
]


@pytest.mark.parametrize(("line", "wanted", "gone", "reason"), HEADLINES)
def test_what_is_glued_to_a_headline(line: str, wanted: str, gone: str, reason: str) -> None:
    article = read(text=f"{line}\n\n{PARAGRAPH}")
    assert article.title is not None
    assert article.title.text == wanted
    assert [(piece.text, piece.reason.value) for piece in article.dropped] == [(gone, reason)]


@pytest.mark.parametrize(
    "line",
    [
        "Video Games sales rise by 5 percent in a year",
        "5G networks reach the islands of the north",
        "3D printers build the first house in the town",
        "Foto-video contest opens for the pupils of the town",
        "10.03.2025 was the day when the bridge opened",
    ],
)
def test_headlines_that_only_look_glued(line: str) -> None:
    body = "The government has approved a budget of 12 billion for the hospitals and schools of the country."
    article = read(text=f"{line}\n\n{body}")
    assert article.blocks[0].text == line
    assert article.dropped == ()


def test_a_digit_glued_to_the_lead() -> None:
    article = read(text=f"{TITLE}\n0{PARAGRAPH}")
    assert article.blocks[1].text == PARAGRAPH
    assert [(piece.text, piece.reason) for piece in article.dropped] == [("0", DropReason.STRAY)]


def test_agency_in_brackets_behind_the_last_sentence() -> None:
    article = read(text=f"{PARAGRAPH} (Agerpres/Reuters)")
    assert article.blocks[0].text == PARAGRAPH
    assert [(piece.text, piece.reason) for piece in article.dropped] == [("(Agerpres/Reuters)", DropReason.SIGNATURE)]


def test_caption_without_its_credit() -> None:
    article = read(text=f"{PARAGRAPH}\nPodul văzut din dronă. Foto: Inquam / Ion Pop\n{PARAGRAPH.replace('12', '13')}")
    assert article.blocks[1].text == "Podul văzut din dronă."
    assert [piece.text for piece in article.dropped] == ["Foto: Inquam / Ion Pop"]


def test_a_stop_before_a_small_letter_of_any_alphabet_ends_no_sentence() -> None:
    credit = "Foto: Inquam Photos, arh. și col. îngrijită"
    article = read(text=f"{PARAGRAPH}\n\n{credit}\n\n{PARAGRAPH.replace('12', '13')}")
    assert [piece.text for piece in article.dropped] == [credit]


def test_read_also_takes_its_links_along() -> None:
    text = f"{PARAGRAPH}\n\nCitește și:\n- Cât costă podul\n- Unde se află podul\n\nPodul are 2 km."
    article = read(text=text)
    assert [block.text for block in article.blocks] == [PARAGRAPH, "Podul are 2 km."]
    assert {piece.text for piece in article.dropped} == {"Citește și:", "-", "Cât costă podul", "Unde se află podul"}


def test_read_also_takes_one_headline_along() -> None:
    article = read(text=f"{PARAGRAPH}\n\nCitește și:\nCât costă podul\nPodul are 2 km. Este lung.")
    assert [block.text for block in article.blocks] == [PARAGRAPH, "Podul are 2 km. Este lung."]


@pytest.mark.parametrize(
    "biography",
    [
        "“Nerd de profesie. Ninja pe internet. Iubitor de bere.”",
        '"Gamer. Cititor înrăit. Evanghelist al cafelei. Om."',
        "Fan de muzică. Expert în brânză. Introvertit.",
    ],
)
def test_joke_biography_at_the_end(biography: str) -> None:
    article = read(text=f"{PARAGRAPH}\n\nReuters\n{biography}")
    assert [block.text for block in article.blocks] == [PARAGRAPH]
    assert article.dropped[-1].reason is DropReason.BIOGRAPHY


def test_byline_under_the_title() -> None:
    article = read(text=f"{TITLE}\nde Ion Popescu\n{PARAGRAPH}")
    assert [piece.text for piece in article.dropped] == ["de Ion Popescu"]


def test_date_under_the_title() -> None:
    article = read(text=f"{TITLE}\n14 octombrie 2025, ora 10:32\n{PARAGRAPH}")
    assert [(piece.text, piece.reason.value) for piece in article.dropped] == [
        ("14 octombrie 2025, ora 10:32", "dateline")
    ]


def test_repeated_title_and_paragraph() -> None:
    article = read(text=f"{TITLE}\n{TITLE.upper()}\n{PARAGRAPH}\n{PARAGRAPH}")
    assert [block.text for block in article.blocks] == [TITLE, PARAGRAPH]
    assert [piece.reason for piece in article.dropped] == [DropReason.DUPLICATE] * 2


def test_rules_hold_words_for_every_table() -> None:
    found = rules()
    assert set(found.lines.values()) <= set(DropReason)
    assert {"reuters", "укрінформ", "ansa", "agerpres"} <= found.agencies
    assert set(found.glued) == {"all", "ro", "it", "uk", "en"}
    assert "" not in found.lines
