"""Our own articles, and strategies that put texts together from what real ones are made of."""

from pathlib import Path

from hypothesis import strategies as st

DATA = Path(__file__).parent.parent / "data"
ARTICLES = sorted((DATA / "articles").glob("*.txt"))
PARAGRAPH = (
    "Guvernul a aprobat marți un buget de 12 miliarde de lei pentru spitale și școli, a anunțat premierul Ion Marin. "
    "Opoziția a votat împotrivă."
)

PIECES = [
    PARAGRAPH,
    "Noul pod de la Brăila",
    "Publicitate",
    "Реклама",
    "Foto: Ana Dobre / Arhiva",
    "Podul văzut din dronă / © Agerpres",
    "(Reuters)",
    "Citește și:",
    "Cât costă podul",
    "- un element de listă",
    "• alt element",
    "14 octombrie 2025, 10:32",
    "și textul continuă aici",
    "0Agenția a anunțat",
    "Video Primele imagini",
    "„Nerd. Ninja. Guru. Fan.”",
    "10\u00a0000\u202flei",
    "Preşedintele ţării",
    "co\u00adope\u200bra\u0301",
    "👨\u200d👩\u200d👧 🇺🇦",
    "a < b & c > d",
    "...",
    "— сказав він",
    "„",
    "1. punct",
]
messy_texts = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), st.sampled_from(["\n", "\n\n", "\r\n", " ", "\u2028"])
    ),
    min_size=1,
    max_size=12,
).map(lambda pairs: "".join(piece + joint for piece, joint in pairs))
