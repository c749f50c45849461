"""Wrong files of each kind: one sentence, the row where there is one, no store."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable

import pyarrow as pa
import pytest
from openpyxl import Workbook
from pyarrow import parquet

from diagnosis.mining.preview import preview
from diagnosis.mining.sources import LogError, Mapping
from diagnosis.mining.store import import_log

HEAD = ("case", "activity", "time")
ROWS = [
    (
        f"c{n // 3}",
        ("Receive", "Pick", "Ship")[n % 3],
        f"2025-11-{1 + n % 27:02d} 08:00",
    )
    for n in range(60)
]
NAMED = Mapping(*HEAD)
NOISE = random.Random(7).randbytes(4000)
EVENT = (
    '<event><string key="concept:name" value="A"/>'
    '<date key="time:timestamp" value="2025-11-03T08:00:00+00:00"/></event>'
)


def table(mark: str, rows=ROWS, head=HEAD) -> bytes:
    return ("\n".join(mark.join(row) for row in [head, *rows]) + "\n").encode()


def xes(events: str = EVENT, head: str = "", name: str = "1") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<log><trace>'
        f'<string key="concept:name" value="{name}"/>{events}</trace></log>'
    ).encode()


def book(*rows) -> bytes:
    made = Workbook(write_only=True)
    sheet = made.create_sheet()
    for row in rows:
        sheet.append(list(row))
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


BOOK = book(HEAD, *ROWS)


def with_sheet(change: Callable[[bytes], bytes | None]) -> bytes:
    """The good workbook with another first sheet, or without one."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(BOOK)) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.infolist():
            data: bytes | None = old.read(one)
            if one.filename == "xl/worksheets/sheet1.xml":
                data = change(data or b"")
            if data is not None:
                new.writestr(one.filename, data)
    return held.getvalue()


def columns(**values) -> bytes:
    held = io.BytesIO()
    parquet.write_table(pa.table(values), held)
    return held.getvalue()


def codes(value: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [value])


PARQUET = columns(**{name: [row[at] for row in ROWS] for at, name in enumerate(HEAD)})
MIXED = (
    table(",")
    .replace(b"Receive", "Empfängt".encode(), 1)
    .replace(b"Pick", "Prüfen".encode("latin-1"), 1)
)

# name, bytes, words of the sentence, row
TEXT = [
    ("empty", lambda _m: b"", "is empty", None),
    ("noise", lambda _m: NOISE, "no text that can be read", None),
    ("picture", lambda _m: b"\x89PNG\r\n\x1a\n" + NOISE, "neither CSV nor XES", None),
    ("head alone", lambda m: table(m, []), "header but no rows", None),
    ("blank rows", lambda m: table(m, [("", "", "")] * 9), "blank rows", None),
    ("no time", lambda m: table(m, [(a, b, "soon") for a, b, _ in ROWS]), "soon", 2),
    ("no case", lambda m: table(m, [("", b, c) for _, b, c in ROWS]), "the case is", 2),
    (
        "no case column",
        lambda m: table(m, [row[1:] for row in ROWS], HEAD[1:]),
        "no column “case”",
        None,
    ),
    (
        "open quote",
        lambda m: table(m).replace(b"Pick", b'"Pick', 1),
        "opened in row 3",
        3,
    ),
    (
        "open last quote",
        lambda m: table(m).replace(b"2025-11-02", b'"2025-11-02', 1),
        "opened in row 3",
        3,
    ),
    ("web page", lambda _m: b"<!DOCTYPE html><html>Sign in</html>", "a web page", None),
    ("json", lambda _m: b'[{"case": 1, "activity": 2}]', "is JSON", None),
    ("half a letter", lambda m: table(m).decode().encode("utf-16")[:-1], "UTF-8", None),
    (
        "bomb",
        lambda _m: gzip.compress(b"a,b,c\n" + b"0,0,0\n" * 6_000_000, 1),
        "times its size",
        None,
    ),
    (
        "half of gzip",
        lambda m: gzip.compress(NOISE.hex().encode() + table(m))[:-300],
        "breaks off",
        None,
    ),
]
XML = [
    ("empty", b"", "XES once more|is empty|is not XML", None),
    ("noise", NOISE, "no text that can be read", None),
    ("a table", table(","), "is not XML", None),
    ("cut in a tag", xes()[:-95], "breaks off in line 1", 1),
    ("cut between tags", xes()[:-14], "in line 1|line 1", 1),
    ("web page", b"<html><body>Sign in</body></html>", "a web page", None),
    ("doctype", xes(head="<!DOCTYPE log>"), "DOCTYPE", None),
    (
        "entities that grow",
        xes(head='<!DOCTYPE log [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>', name="&b;"),
        "DOCTYPE",
        None,
    ),
    ("unknown entity", xes(name="&nope;"), "entities", 1),
    ("deep", b"<log><trace>" + b"<a>" * 100_000, "nested too deeply", 1),
    ("no time", xes(EVENT.split("<date")[0] + "</event>"), "No event of .* time", None),
    (
        "bad time",
        xes(EVENT.replace("2025-11-03T08:00", "soon")),
        "in row 1 the time",
        1,
    ),
    ("no events", xes(""), "no events", None),
    ("no traces", b"<?xml version='1.0'?><log></log>", "no traces", None),
    ("other xml", b"<catalogue><process/></catalogue>", "no traces", None),
    ("endless name", xes(name="x" * 200_000), "longer than", None),
    ("other encoding", xes().replace(b"UTF-8", b"KLINGON"), "encoding", 1),
    ("broken letters", xes(name="ZZ").replace(b"ZZ", b"\xff\xfe"), "encoding", 1),
]
BOOKS = [
    ("empty", b"", "is empty", None),
    ("cut off", BOOK[:-600], "cannot be read as a workbook", None),
    ("noise", b"PK\x03\x04" + NOISE, "cannot be read as a workbook", None),
    ("the old kind", b"\xd0\xcf\x11\xe0" + NOISE, "old kind", None),
    ("no table", book(), "no table", None),
    ("head alone", book(HEAD), "header but no rows", None),
    ("no time", book(HEAD, *[(a, b, "soon") for a, b, _ in ROWS]), "soon", 2),
    ("no case", book(HEAD, *[(None, b, c) for _, b, c in ROWS]), "the case is", 2),
    (
        "bomb",
        with_sheet(lambda old: old[:-20] + b" " * 60_000_000 + old[-20:]),
        "too large when unpacked",
        None,
    ),
    (
        "doctype behind a long comment",
        with_sheet(lambda old: b"<!--" + b"x" * 9000 + b"--><!DOCTYPE x>" + old),
        "DOCTYPE",
        None,
    ),
    ("half a sheet", with_sheet(lambda old: old[: len(old) // 2]), "as a work", None),
    ("no sheet", with_sheet(lambda _old: None), "as a workbook", None),
    (
        "deep",
        with_sheet(lambda old: old[: len(old) // 2] + b"<a>" * 100_000),
        "as a workbook",
        None,
    ),
    (
        "row nine hundred million",
        with_sheet(
            lambda old: old.replace(b'<row r="2"', b'<row r="900000000"', 1).replace(
                b'r="A2"', b'r="A900000000"'
            )
        ),
        "blank rows below row 1",
        2,
    ),
    ("too wide", book(tuple(map(str, range(1200)))), "more than 1000 columns", None),
]
PARQUETS = [
    ("empty", b"", "is empty", None),
    ("cut off", PARQUET[:-40], "is damaged", None),
    ("noise", b"PAR1" + NOISE + b"PAR1", "is damaged", None),
    (
        "damaged pages",
        bytes(b ^ 0xFF if 20 < at < 120 else b for at, b in enumerate(PARQUET)),
        "is damaged",
        None,
    ),
    ("no rows", columns(a=pa.array([], "string"), b=pa.nulls(0)), "no rows", None),
    ("one column", columns(case=["1"]), "one column only", None),
    (
        "lists for times",
        columns(case=["1"], activity=["A"], time=[[1]]),
        "no times",
        2,
    ),
    ("flags for times", columns(case=["1"], activity=["A"], time=[True]), "true", 2),
    (
        "no case",
        columns(case=pa.nulls(2), activity=["A"] * 2, time=["2025-01-01"] * 2),
        "the case is",
        2,
    ),
    (
        "bomb",
        columns(
            case=codes("c" * 2000, 400_000),
            activity=codes("a", 400_000),
            time=codes("2025-01-01", 400_000),
        ),
        "far more text",
        None,
    ),
    (
        "a bomb in one block",
        columns(
            case=codes("c" * 20_000, 20_000),
            activity=codes("a", 20_000),
            time=codes("2025-01-01", 20_000),
        ),
        "far more text",
        None,
    ),
]
ALL = [
    *((f"{name}.csv", make(","), words, row) for name, make, words, row in TEXT),
    *((f"{name}.tsv", make("\t"), words, row) for name, make, words, row in TEXT),
    *((f"{name}.xes", data, words, row) for name, data, words, row in XML),
    *(
        (f"{name}.xes.gz", gzip.compress(data, 1), words, row)
        for name, data, words, row in XML
    ),
    ("bomb.xes.gz", gzip.compress(xes("<!--" + " " * 60_000_000, ""), 1), ".", None),
    ("half.xes.gz", gzip.compress(xes() + NOISE)[:-900], "breaks off", None),
    ("sum.xes.gz", gzip.compress(xes())[:-8] + b"12345678", "is damaged", None),
    ("no.xes.gz", b"\x1f\x8b" + NOISE, "is damaged", None),
    *((f"{name}.xlsx", data, words, row) for name, data, words, row in BOOKS),
    *((f"{name}.parquet", data, words, row) for name, data, words, row in PARQUETS),
]


def bring(path, target) -> None:
    """As a person does: look first, then import."""
    seen = preview(path)
    import_log(path, target, None if seen.kind == "xes" else NAMED)


class TestWrongFile:
    @pytest.mark.parametrize(
        ("name", "data", "words", "row"), ALL, ids=[one[0] for one in ALL]
    )
    def test_is_refused_in_one_sentence(self, tmp_path, name, data, words, row):
        path = tmp_path / "given" / name
        path.parent.mkdir()
        path.write_bytes(data)

        with pytest.raises(LogError, match=words) as refusal:
            bring(path, tmp_path / "store")

        said = str(refusal.value)
        assert (refusal.value.row, "\n" in said) == (row, False)
        assert said.endswith((".", "?"))
        assert [one.name for one in tmp_path.iterdir()] == ["given"]

    def test_of_two_encodings_is_told_with_its_row(self, tmp_path):
        path = tmp_path / "mixed.csv"
        path.write_bytes(MIXED)

        notes = preview(path).notes

        assert "Row 3 is written in another encoding" in notes[0]
