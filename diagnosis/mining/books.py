"""Workbooks (XLSX) and Parquet files, read in blocks as if they were tables of text.

A workbook is measured before it is opened; its first sheet with a table counts. Values
come back as text in the way a table of text would have them, times as ISO 8601.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from diagnosis.mining.arrays import texts
from diagnosis.mining.headings import heading
from diagnosis.mining.kinds import other_archive
from diagnosis.mining.sources import (
    INFLATED_LIMIT,
    PLAIN_LIMIT,
    RATIO_FREE,
    RATIO_LIMIT,
    LogError,
    unique,
)

BOOK_START = b"PK\x03\x04"
PARQUET_START = b"PAR1"
MOST_MEMBERS = 1_000
MOST_COLUMNS = 1_000
MOST_ROWS = 50_000_000
BLOCK_ROWS = 20_000
TOP = 50
"""Rows of a sheet among which its table is looked for."""
MOST_BLANK = 20_000
"""Blank rows one after the other: a row's number can make any number of them."""
MOST_TEXT = 256 * 1024**2
"""Bytes of text in a block of rows."""
PARQUET_RATIO = 1_000
"""Bytes of text for each byte of a Parquet file, which repeats nothing."""
MOST_PROLOG = 1024**2
ROOT = re.compile(rb"<[A-Za-z_]")
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
Blocks = Iterator[tuple[pa.RecordBatch, float]]
Lines = Iterator[tuple[list[str], float]]
TROUBLE = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError,
    OSError, RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile,
)  # fmt: skip
"""What a damaged workbook can make its reader raise."""


@dataclass(frozen=True)
class LongRow:
    """A row with more cells than the header, as the reader of tables tells it."""

    number: int
    text: str
    expected_columns: int
    actual_columns: int


def parquet_header(path: Path) -> tuple[str, ...]:
    """:raises LogError: damaged, too large or without rows."""
    file = _parquet(path)
    if file.metadata.num_rows > MOST_ROWS:
        raise LogError(f"{path.name} has more than {MOST_ROWS:,} rows; split it.")
    if not file.metadata.num_rows:
        raise LogError(f"{path.name} has columns but no rows; export it once more.")
    return tuple(unique(list(file.schema_arrow.names)))


def parquet_blocks(path: Path) -> Blocks:
    """:raises LogError: when a block cannot be read."""
    file = _parquet(path, coded=True)
    done, rows, size = 0, max(file.metadata.num_rows, 1), 0
    most = max(RATIO_FREE, PARQUET_RATIO * path.stat().st_size)
    try:
        for batch in file.iter_batches(batch_size=BLOCK_ROWS):
            done += batch.num_rows
            text = sum(_text_size(column) for column in batch.columns)
            size += text
            if text > MOST_TEXT or size > min(most, PLAIN_LIMIT):
                raise LogError(
                    f"{path.name} holds far more text than its size tells; split the "
                    "log by time or leave out the columns with long texts."
                )
            yield _block([_as_text(column) for column in batch.columns]), done / rows
    except (pa.ArrowException, OSError):
        raise _damaged(path) from None


def _parquet(path: Path, coded: bool = False) -> Any:
    """With `coded`, text comes as a dictionary: its size is known before it is."""
    try:
        file = parquet.ParquetFile(path)
        if not coded:
            return file
        names = [
            column.path
            for column in map(file.schema.column, range(len(file.schema.names)))
            if column.physical_type == "BYTE_ARRAY" and "." not in column.path
        ]
        return parquet.ParquetFile(path, read_dictionary=names)
    except (pa.ArrowException, OSError):
        raise _damaged(path) from None


def _text_size(column: Any) -> int:
    """Bytes of the text of a column of codes; 0 for other columns."""
    if not pa.types.is_dictionary(column.type) or not len(column.dictionary):
        return 0
    lengths = pc.binary_length(column.dictionary).cast(pa.int64())
    return int(pc.sum(lengths.take(column.indices)).as_py() or 0)


def _damaged(path: Path) -> LogError:
    return LogError(f"{path.name} is damaged and cannot be read; write it once more.")


def _as_text(column: Any) -> Any:
    """A column as text; empty where a value is missing."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if _is_bytes(column.type):
        with suppress(pa.ArrowInvalid):
            return pc.fill_null(column.cast(pa.binary()).cast(pa.string()), "")
    if pa.types.is_nested(column.type) or _is_bytes(column.type):
        plain = ["" if one is None else str(one) for one in column.to_pylist()]
        return texts(plain)
    return pc.fill_null(column.cast(pa.string()), "")


def _is_bytes(kind: Any) -> bool:
    """Whether values are bytes that nobody said to be text."""
    return any(
        one(kind)
        for one in (
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_fixed_size_binary,
        )
    )


def _block(columns: list[Any]) -> pa.RecordBatch:
    names = [f"c{index}" for index in range(len(columns))]
    return pa.RecordBatch.from_arrays(columns, names)


def book_header(path: Path) -> tuple[str, ...]:
    """:raises LogError: no workbook, too large unpacked, or nothing in its sheet."""
    _, header, _ = _begin(path, _lines(path))
    return tuple(unique(header))


def book_blocks(path: Path, bad: Any) -> Blocks:
    """The rows below the header; `bad` notes those that are longer than it.

    :raises LogError: when the workbook cannot be read.
    """
    before, header, lines = _begin(path, _lines(path))
    bad.first = before + 1
    width = len(header)
    held: list[list[str]] = []
    for number, (cells, share) in enumerate(lines, start=before + 1):
        if len(cells) > width:
            bad.add(LongRow(number, "".join(cells), width, len(cells)))
            continue
        held.append(cells + [""] * (width - len(cells)))
        if len(held) == BLOCK_ROWS:
            yield _rows(held), share
            held = []
    if held:
        yield _rows(held), 1.0


def _rows(held: list[list[str]]) -> pa.RecordBatch:
    return _block([texts(list(column)) for column in zip(*held, strict=True)])


def _begin(path: Path, lines: Lines) -> tuple[int, list[str], Lines]:
    """Row and cells of the header, and the rows below it."""
    top = list(islice(lines, TOP))
    at = heading([cells for cells, _ in top])
    if not top or len(top[at][0]) < 2:
        raise LogError(
            f"{path.name} has no table in its sheets; an event log needs a case, "
            "an activity and a time."
        )
    header = top[at][0]
    if len(header) > MOST_COLUMNS:
        raise LogError(
            f"{path.name} has more than {MOST_COLUMNS} columns; export fewer."
        )
    return at + 1, header, chain(top[at + 1 :], lines)


def _lines(path: Path) -> Lines:
    """The rows of the sheet with the table as text, without empty cells at the end."""
    from openpyxl import load_workbook  # noqa: PLC0415  (slow to load)

    try:
        _measure(path)
        # Opened here: by its path a workbook of another name would not be taken.
        with path.open("rb") as packed:
            yield from _rows_of(load_workbook(packed, read_only=True, data_only=True))
    except LogError:
        raise
    except TROUBLE:
        raise LogError(
            f"{path.name} cannot be read as a workbook; save it anew as XLSX or as CSV."
        ) from None


def _sheet(book: Any) -> Any:
    """The first sheet with a row of three cells, hidden ones last; else the first."""
    sheets = sorted(book.worksheets, key=lambda one: one.sheet_state != "visible")
    for least in (3, 2):
        for sheet in sheets:
            rows = sheet.iter_rows(values_only=True, max_row=TOP, max_col=100)
            if any(sum(cell is not None for cell in row) >= least for row in rows):
                return sheet
    return sheets[0]


def _rows_of(book: Any) -> Lines:
    sheet = _sheet(book)
    most = max(sheet.max_row or 1, 1)
    sheet.reset_dimensions()
    blank = 0
    rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
    for number, row in enumerate(rows, start=1):
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        blank = 0 if cells else blank + 1
        if blank > MOST_BLANK:
            raise LogError(
                f"The sheet “{sheet.title}” has more than {MOST_BLANK:,} blank rows "
                f"below row {number - blank}; delete them or save the table as CSV.",
                number - blank + 1,
            )
        yield cells, min(1.0, number / most)


def _measure(path: Path) -> None:
    """:raises LogError: it would unpack to far more than a workbook does."""
    with zipfile.ZipFile(path) as packed:
        members = packed.infolist()
        size = sum(one.file_size for one in members)
        ratio = size / max(path.stat().st_size, 1)
        is_bomb = size > INFLATED_LIMIT or (size > RATIO_FREE and ratio > RATIO_LIMIT)
        if is_bomb or len(members) > MOST_MEMBERS:
            raise LogError(f"{path.name} is too large when unpacked; split it by time.")
        names = packed.namelist()
        if "xl/workbook.xml" not in names:
            raise LogError(f"{path.name} {other_archive(names)}")
        for one in members:
            with packed.open(one) as member:
                if b"<!DOCTYPE" in _prolog(member):
                    raise LogError(
                        f"{path.name} declares a DOCTYPE, which workbooks never need; "
                        "save it anew as XLSX or as CSV."
                    )


def _prolog(member: Any) -> bytes:
    """What stands before the first element of a part, its comments left out."""
    read = b""
    while piece := member.read(4096):
        read += piece.replace(b"\0", b"")
        plain = COMMENT.sub(b"", read)
        if ROOT.search(plain) or not read.lstrip(
            b"\xef\xbb\xbf\xff\xfe \t\r\n"
        ).startswith(b"<"):
            return plain
        if len(read) > MOST_PROLOG:
            return b"<!DOCTYPE"
    return read


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
