import pytest

from service.article.plain import read_text
from service.article.repair import join_broken


def joined_lines(text: str) -> list[str]:
    return [line.text for line in join_broken(read_text(text).lines)]


LONG = "Șeful serviciului de informații, generalul Petre Marin, a confirmat această evoluție, citând"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            f"{LONG} creșterea\n\ncooperării dintre cele două țări.",
            [f"{LONG} creșterea cooperării dintre cele două țări."],
        ),
        (f"{LONG},\n\nPotrivit surselor, acordul.", [f"{LONG}, Potrivit surselor, acordul."]),
        ("Un titlu scurt\n\nParagraful începe cu majusculă.", ["Un titlu scurt", "Paragraful începe cu majusculă."]),
        ("S-a terminat.\n\nci nu aici", ["S-a terminat.", "ci nu aici"]),
        ("A întrebat: „De ce?”\n\na fost răspunsul", ["A întrebat: „De ce?”", "a fost răspunsul"]),
        ("Un titlu scurt\n\neMAG crește cu 5%.", ["Un titlu scurt", "eMAG crește cu 5%."]),
        ("non-\ncombatante", ["non-combatante"]),
        (
            "Titlu\nPremierul\nIon Marin\n, potrivit\nagenției\n. Restul.",
            ["Titlu", "Premierul Ion Marin, potrivit agenției. Restul."],
        ),
        ("- unu\n- doi", ["unu", "doi"]),
        ("- unu care\ncontinuă aici", ["unu care continuă aici"]),
        ("Puncte de suspensie\n... și restul", ["Puncte de suspensie", "... și restul"]),
        ("", []),
    ],
)
def test_what_belongs_together(text: str, wanted: list[str]) -> None:
    assert joined_lines(text) == wanted


WRAPPED = """Guvernul a aprobat marți un buget de 12 miliarde de lei
pentru spitale și școli, a anunțat premierul Ion Marin.
Opoziția a votat împotrivă, iar liderul acesteia, Radu
Neagu, a spus că bugetul este prea mic pentru anul viitor
și că banii nu ajung.
Scurt.

Al doilea paragraf începe aici și este rupt în mai multe
rânduri. Restul textului urmează."""


def test_hand_wrapped_text_is_unwrapped() -> None:
    lines = joined_lines(WRAPPED)
    assert lines[0].startswith("Guvernul")
    assert lines[0].endswith("că banii nu ajung.")
    assert lines[1:] == ["Scurt.", WRAPPED.split("\n\n")[1].replace("\n", " ")]


def test_short_lines_are_not_taken_for_wrapped() -> None:
    names = "Ion Pop\nAna Rus\nDan Stan\nEva Lup\nRadu Ban"
    assert joined_lines(names) == names.split("\n")


def test_joints_were_not_received() -> None:
    line = join_broken(read_text("a fost\n\nodată").lines)[0]
    assert list(line.piece.origin) == [0, 1, 2, 3, 4, 5, -1, 8, 9, 10, 11, 12]
