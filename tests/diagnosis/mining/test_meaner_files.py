"""More wrong files of each kind: told by what they are, with the row where one is."""

from __future__ import annotations

import gzip
import io
import zipfile

import pyarrow as pa
import pytest

from diagnosis.mining.sources import LogError
from tests.diagnosis.mining.test_wrong_files import (
    BOOK,
    EVENT,
    HEAD,
    NOISE,
    PARQUET,
    ROWS,
    book,
    bring,
    columns,
    table,
    xes,
)

CSV = table(",")
TIMES = [row[2] for row in ROWS]
LONG = b"<log>" + b"".join(
    f'<trace><string key="concept:name" value="{at}"/>{EVENT}</trace>\n'.encode()
    for at in range(10_000)
)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE
BPMN = b'<?xml version="1.0"?><definitions xmlns="x"><process id="p"/></definitions>'
OCEL = b"<log><object-types/><events><event id='1' type='t'/></events></log>"


def packed(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, data)
    return held.getvalue()


def wide(mark: str) -> bytes:
    return mark.join(HEAD).encode() + b"\n" + mark.join("ab").encode() + b"\n"


# name, bytes, words of the sentence, row
TEXTS = [
    (
        "page without head",
        lambda _m: b"<table><tr><td>a</td></tr></table>",
        "web",
        None,
    ),
    ("page with a mark", lambda _m: b"\xef\xbb\xbf<html>500</html>", "web page", None),
    ("answer", lambda _m: b"HTTP/1.1 403 Forbidden\r\n\r\nNo", "of a web server", None),
    ("lists", lambda _m: b"[[1, 2], [3, 4]]", "is JSON", None),
    ("statements", lambda _m: b"INSERT INTO a VALUES (1, 2);\n" * 9, "is SQL", None),
    ("model", lambda _m: BPMN, "a BPMN model", None),
    ("zip", lambda m: packed("a.csv", table(m)), "is an archive", None),
    ("other archive", lambda _m: b"7z\xbc\xaf\x27\x1c" + NOISE, "archive of", None),
    ("photo", lambda _m: b"\xff\xd8\xff\xe0" + NOISE, "neither CSV nor XES", None),
    ("zeros at the end", lambda m: table(m) + bytes(3000), "no text", None),
    ("head, no line end", lambda m: m.join(HEAD).encode(), "header but no rows", None),
    ("all rows short", wide, "row 2 has 2 columns instead of 3", 2),
    ("zero byte", lambda m: table(m).replace(b"Pick", b"P\0ck", 1), "a zero byte", 3),
    ("long cell", lambda m: table(m).replace(b"Pick", b"x" * 10**6, 1), "longer", 3),
    ("times later", lambda m: table(m, [(a, b, "Q1") for a, b, _ in ROWS]), "“Q1”", 2),
    ("packed twice", lambda m: gzip.compress(gzip.compress(table(m))), "twice", None),
    ("nine bytes of gzip", lambda m: gzip.compress(table(m))[:9], "breaks off", None),
]
XML = [
    ("not closed", LONG, "breaks off in line 10001", 10_001),
    ("cut in the last", LONG[:-37], "breaks off in line 10000", 10_000),
    ("crossed", LONG + b"<trace><event></trace></log>", "line 10001", 10_001),
    ("and", xes(name="A & B"), "should be &amp;", 1),
    ("prefix of nobody", b"<log><x:trace/></log>", "not well-formed", 1),
    ("zero byte", xes(name="A\0B"), "not well-formed", 1),
    ("two logs", xes() + xes(), "not well-formed", 1),
    ("objects", OCEL, "object-centric", None),
    ("objects as JSON", b'{"ocel:events": {}}', "is JSON", None),
    ("model", BPMN, "a BPMN model", None),
    ("before XES", b"<WorkflowLog><Process/></WorkflowLog>", "is MXML", None),
    ("page", b"<?xml version='1.0'?><!DOCTYPE html><html/>", "web page", None),
    ("drawing", b"<svg xmlns='x'/>", "a drawing", None),
    ("traces without events", b"<log><trace/><trace/></log>", "no events", None),
    ("zip", packed("log.xes", xes()), "archive|packed twice", None),
    ("deep lists", xes("<list key='a'>" * 400), "nested too deeply", 1),
]
BOOKS = [
    ("password", OLD + "EncryptedPackage".encode("utf-16-le"), "a password", None),
    ("letter", packed("word/document.xml", b"<x/>"), "is a document", None),
    ("other office", packed("mimetype", b"opendocument"), "OpenDocument", None),
    ("binary", packed("xl/workbook.bin", b"x"), "XLSB", None),
    ("half", BOOK[: len(BOOK) // 2], "as a workbook", None),
    ("packed", gzip.compress(BOOK), "packed twice", None),
    ("one column", book(("a",), ("b",)), "no table in its sheets", None),
    ("rows too long", book(HEAD, *[(*row, "x") for row in ROWS]), "row 2 has 4", 2),
    (
        "error values",
        book(HEAD, *[(a, b, "#VALUE!") for a, b, _ in ROWS]),
        "“#VALUE!” in row 2",
        2,
    ),
    ("formulas", book(HEAD, *[(a, b, "=NOW()") for a, b, _ in ROWS]), "empty", None),
]
PARQUETS = [
    ("no footer", PARQUET[:-8], "is damaged", None),
    ("a word", b"PAR1", "is damaged", None),
    ("false length", PARQUET[:-8] + b"\xff\xff\xff\x7fPAR1", "is damaged", None),
    ("encrypted", b"PARE" + NOISE, "encrypted", None),
    ("packed", gzip.compress(PARQUET), "packed twice", None),
    ("numbers", columns(a=[1, 2], b=[3, 4], c=[1.5, 2.5]), "no column “case”", None),
    (
        "no times",
        columns(case=["1"], activity=["A"], time=pa.nulls(1, "timestamp[us]")),
        "it is empty",
        None,
    ),
    ("floats", columns(case=["1"], activity=["A"], time=[1.5]), "in row 2", 2),
    (
        "zero byte",
        columns(case=["1", "2"], activity=["A", "\0"], time=TIMES[:2]),
        "zero byte",
        3,
    ),
]
ALL = [
    *((f"{name}.csv", make(","), words, row) for name, make, words, row in TEXTS),
    *((f"{name}.tsv", make("\t"), words, row) for name, make, words, row in TEXTS),
    *((f"{name}.xes", data, words, row) for name, data, words, row in XML),
    *(
        (f"{name}.xes.gz", gzip.compress(data, 1), words, row)
        for name, data, words, row in XML
    ),
    ("cut.xes.gz", gzip.compress(LONG + b"</log>")[:-2000], "breaks off", None),
    ("twice.xes.gz", gzip.compress(gzip.compress(xes())), "packed twice", None),
    *((f"{name}.xlsx", data, words, row) for name, data, words, row in BOOKS),
    *((f"{name}.parquet", data, words, row) for name, data, words, row in PARQUETS),
]


class TestMeanerFile:
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
        assert said.endswith(".")
        assert [one.name for one in tmp_path.iterdir()] == ["given"]
