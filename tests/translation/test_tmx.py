"""TMX: what is written reads back the same, other tools' files are understood, and hostile ones are refused."""

from __future__ import annotations

import io
import string
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInput
from service.translation import tmx

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]).filter(tmx.writable) | st.sampled_from("<>&\"'\r\n\t ]]>"),
    min_size=1,
    max_size=60,
)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
UNITS = st.builds(
    tmx.Unit,
    st.sampled_from(["ro", "it", "uk"]),
    TEXTS,
    TEXTS,
    st.none() | st.text(string.printable, min_size=1, max_size=20).filter(tmx.writable),
    st.none() | MOMENTS,
)


def read(text: str | bytes) -> list[tmx.Unit]:
    return list(tmx.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def written(units: list[tmx.Unit]) -> bytes:
    return b"".join(tmx.parts(units))


def body(inner: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<tmx version="1.4"><header/><body>{inner}</body></tmx>'


@given(st.lists(UNITS, max_size=6))
def test_round_trip(units: list[tmx.Unit]) -> None:
    assert read(written(units)) == units


def test_written_file_is_plain_tmx() -> None:
    unit = tmx.Unit("ro", "Bună <ziua> & „noapte”", "Good day", "ana", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
    root = ElementTree.fromstring(written([unit]))  # noqa: S314
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    header = root.find("header")
    assert header is not None
    required = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert required <= set(header.attrib)
    [pair] = root.iter("tu")
    assert pair.attrib == {"srclang": "ro", "changedate": "20260304T050607Z", "changeid": "ana"}
    assert [seg.text for seg in pair.iter("seg")] == ["Bună <ziua> & „noapte”", "Good day"]


def test_long_file_is_written_by_the_piece() -> None:
    made: list[int] = []

    def units() -> Iterator[tmx.Unit]:
        for number in range(2000):
            made.append(number)
            yield tmx.Unit("it", f"frase {number}", f"sentence {number}")

    parts = tmx.parts(units())
    first = next(parts)
    assert len(made) < 1000
    assert len(read(first + b"".join(parts))) == 2000


def test_long_file_is_read_by_the_piece() -> None:
    units = [tmx.Unit("it", f"frase {number} " + "x" * 500, f"sentence {number}") for number in range(2000)]
    stream = io.BytesIO(written(units))
    first = next(tmx.read(stream))
    assert first == units[0]
    assert stream.tell() < len(stream.getvalue()) / 5
    assert read(written(units)) == units


def test_file_of_another_tool() -> None:
    text = """<!DOCTYPE tmx SYSTEM "tmx14.dtd">
    <tmx version="1.4"><header srclang="IT-it"><prop type="x">y</prop></header><body>
      <tu tuid="7" creationid="TRADUTTORE" creationdate="20250102T030405Z">
        <note>un appunto</note>
        <tuv xml:lang="IT-it"><prop type="p">no</prop><seg>Il <hi type="b">governo</hi> ha
 deciso<bpt i="1">&lt;b&gt;<sub>no</sub></bpt>.<ept i="1">&lt;/b&gt;</ept></seg></tuv>
        <tuv lang="ro_RO" changeid="ana"><seg>Guvernul a decis.</seg></tuv>
        <tuv xml:lang="en-GB" changedate="yesterday"><seg>The government has <ph x="1"/>decided.</seg></tuv>
        <tuv xml:lang="en-US"><seg>The administration has decided.</seg></tuv>
      </tu></body></tmx>"""
    moment = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    english = "The government has decided."
    assert read(text) == [
        tmx.Unit("it", "Il governo ha\n deciso.", english, "TRADUTTORE", moment),
        tmx.Unit("ro", "Guvernul a decis.", english, "TRADUTTORE", moment),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_encodings(encoding: str) -> None:
    name = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = written([tmx.Unit("uk", "Уряд ухвалив", "The government adopted")]).decode()
    assert read(text.replace("UTF-8", name).encode(encoding))[0].source == "Уряд ухвалив"


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<tu></tu>",
        '<tu><tuv xml:lang="ro"><seg>singur</seg></tuv></tu>',
        '<tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu>',
        '<tu><tuv xml:lang="ro"><seg></seg></tuv><tuv xml:lang="en"><seg>x</seg></tuv></tu>',
        '<tuv xml:lang="ro"><seg>a</seg></tuv><tuv xml:lang="en"><seg>b</seg></tuv>',
        "<tu><seg>a</seg></tu>",
    ],
)
def test_what_is_no_pair_is_left_out(inner: str) -> None:
    assert read(body(inner)) == []


BOMB = '<!DOCTYPE tmx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "text",
    [
        body("<tu>&b;</tu>", BOMB),
        body("", '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        body("", '<!DOCTYPE tmx [<!ENTITY % a SYSTEM "http://localhost/x">%a;]>'),
        body('<tu><tuv xml:lang="ro"><seg>&unknown;</seg></tuv></tu>'),
        body('<tu><tuv xml:lang="ro"><seg>&unknown;</seg></tuv></tu>', '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'),
        body("<a>" * 2000 + "</a>" * 2000),
        body("<tu>"),
        "<html></html>",
        "",
        "nu e XML",
        b"\xff\xfe\x00\xd8",
        body("\x00"),
    ],
)
def test_hostile_or_broken_files_are_refused(text: str | bytes) -> None:
    with pytest.raises(InvalidInput):
        read(text)


def test_endless_segment_is_not_kept() -> None:
    pair = f'<tu><tuv xml:lang="ro"><seg>{"x" * 3_000_000}</seg></tuv><tuv xml:lang="en"><seg>y</seg></tuv></tu>'
    [unit] = read(body(pair))
    assert 100_000 < len(unit.source) < 1_000_000


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(InvalidInput):
        assert all(unit.source and unit.english for unit in read(b"<tmx><body><tu>" + data))
