"""Workbooks and Parquet files give what the same table of text gives."""

import zipfile
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from openpyxl import Workbook
from pyarrow import parquet

from diagnosis.mining import books
from diagnosis.mining.analyse import analyse_log
from diagnosis.mining.preview import preview
from diagnosis.mining.sources import LogError, source_kind
from diagnosis.mining.store import import_log

BEGIN = datetime(2024, 1, 1, 8)  # noqa: DTZ001
HEAD = ["Case ID", "Activity", "Time", "Amount", "Note"]
ROWS = [
    (f"C{number % 9}", "abc"[number % 3], BEGIN + timedelta(hours=number), number, None)
    for number in range(60)
]


def workbook(path, rows, head=HEAD, blank=0):
    book = Workbook()
    sheet = book.active
    for _ in range(blank):
        sheet.append([])
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def table_of_text(path):
    lines = [",".join(HEAD)]
    lines += [f"{c},{a},{t.isoformat(' ')},{n}," for c, a, t, n, _ in ROWS]
    path.write_text("\n".join(lines), "utf-8")
    return path


def columnar(path, columns):
    parquet.write_table(pa.table(columns), path)
    return path


def refusal(path):
    with pytest.raises(LogError) as caught:
        import_log(path, path.parent / "store")
    assert not (path.parent / "store").exists()
    return str(caught.value)


class TestReadWorkbook:
    def test_gives_what_the_text_gives(self, tmp_path):
        book = workbook(tmp_path / "log.xlsx", ROWS)

        assert source_kind(book) == "xlsx"
        assert analyse_log(book) == analyse_log(table_of_text(tmp_path / "log.csv"))

    def test_previews_its_columns(self, tmp_path):
        seen = preview(workbook(tmp_path / "log.xlsx", ROWS))

        assert seen.mapping is not None
        assert seen.mapping.named()["case"] == "Case ID"
        assert seen.complete

    def test_begins_below_blank_rows_and_names_the_row_of_the_file(self, tmp_path):
        rows = [*ROWS, ("C1", "a", "someday", 1, None)]
        book = workbook(tmp_path / "log.xlsx", rows, blank=2)

        found = analyse_log(book)

        assert [one["row"] for one in found["bad_rows"]] == [64]

    def test_leaves_out_a_row_longer_than_the_header(self, tmp_path, monkeypatch):
        monkeypatch.setattr(books, "BLOCK_ROWS", 7)
        rows = [*ROWS[:3], (*ROWS[3], "more"), *ROWS[4:]]

        found = analyse_log(workbook(tmp_path / "log.xlsx", rows))

        assert found["events"] == 59
        assert found["bad_rows"][0]["row"] == 5
        assert "6 columns instead of 5" in found["bad_rows"][0]["reason"]

    def test_reads_days_and_whole_numbers(self, tmp_path):
        rows = [(7.0, "a", date(2024, 1, 1)), (7.0, "b", date(2024, 1, 3))]

        found = analyse_log(workbook(tmp_path / "l.xlsx", rows, HEAD[:3]))

        assert found["case_duration_s"]["max"] == 2 * 86_400

    def test_refuses_an_empty_sheet(self, tmp_path):
        assert "has no table" in refusal(workbook(tmp_path / "log.xlsx", [], []))

    def test_refuses_a_header_alone(self, tmp_path):
        assert "no rows" in refusal(workbook(tmp_path / "log.xlsx", []))

    def test_refuses_too_many_columns(self, tmp_path):
        wide = [f"n{number}" for number in range(1001)]

        assert "columns" in refusal(workbook(tmp_path / "log.xlsx", [], wide))

    def test_refuses_an_archive(self, tmp_path):
        path = tmp_path / "log.xlsx"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("log.csv", "a,b")

        assert "archive" in refusal(path)

    def test_refuses_a_broken_one(self, tmp_path):
        path = workbook(tmp_path / "log.xlsx", ROWS)
        path.write_bytes(path.read_bytes()[:900])

        assert "cannot be read as a workbook" in refusal(path)

    def test_refuses_a_bomb_before_it_is_unpacked(self, tmp_path):
        path = tmp_path / "log.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", b"0" * 30 * 1024**2)

        assert "too large when unpacked" in refusal(path)

    def test_refuses_a_doctype(self, tmp_path):
        path = tmp_path / "log.xlsx"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("xl/workbook.xml", "<!DOCTYPE x><x/>")

        assert "DOCTYPE" in refusal(path)

    def test_refuses_the_old_kind(self, tmp_path):
        path = tmp_path / "log.xls"
        path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)

        assert "old kind" in refusal(path)


class TestReadParquet:
    def columns(self):
        cases, activities, times, amounts, notes = zip(*ROWS, strict=True)
        return {
            "Case ID": pa.array(cases).dictionary_encode(),
            "Activity": list(activities),
            "Time": pa.array([t.replace(tzinfo=UTC) for t in times]),
            "Amount": list(amounts),
            "Note": pa.array(notes, pa.string()),
        }

    def test_gives_what_the_text_gives(self, tmp_path):
        file = columnar(tmp_path / "log.parquet", self.columns())

        assert source_kind(file) == "parquet"
        assert analyse_log(file) == analyse_log(table_of_text(tmp_path / "log.csv"))

    def test_reads_lists_as_text(self, tmp_path):
        columns = {**self.columns(), "Tags": [["x"], None] * 30}

        found = import_log(
            columnar(tmp_path / "log.parquet", columns), tmp_path / "store"
        )

        assert "Tags" in [one["name"] for one in found.attributes]

    def test_refuses_a_file_without_rows(self, tmp_path):
        empty = {"a": pa.array([], pa.string()), "b": pa.array([], pa.string())}

        assert "no rows" in refusal(columnar(tmp_path / "log.parquet", empty))

    def test_refuses_a_single_column(self, tmp_path):
        file = columnar(tmp_path / "log.parquet", {"a": ["x"]})

        assert "one column only" in refusal(file)

    def test_refuses_a_broken_one(self, tmp_path):
        file = columnar(tmp_path / "log.parquet", self.columns())
        file.write_bytes(file.read_bytes()[:-9])

        assert "damaged" in refusal(file)

    def test_refuses_damaged_pages(self, tmp_path):
        file = columnar(tmp_path / "log.parquet", self.columns())
        data = bytearray(file.read_bytes())
        data[4:200] = b"\xff" * 196
        file.write_bytes(bytes(data))

        assert "damaged" in refusal(file)

    def test_refuses_more_rows_than_a_log_has(self, tmp_path, monkeypatch):
        monkeypatch.setattr(books, "MOST_ROWS", 10)
        file = columnar(tmp_path / "log.parquet", self.columns())

        assert "more than 10 rows" in refusal(file)
