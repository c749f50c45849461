"""Tables of text, read in blocks: every row keeps its number in the file."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from diagnosis.mining.books import (
    Blocks,
    book_blocks,
    book_header,
    parquet_blocks,
    parquet_header,
)
from diagnosis.mining.sources import (
    BoundedReader,
    Dialect,
    LogError,
    open_source,
    sniff_dialect,
    source_kind,
)

KEPT_EXAMPLES = 1000
BLOCK = 8 * 1024**2
MOST_COLUMNS = 1000
LONGEST_VALUE = 100_000
"""Bytes of one value, as in XES."""


@dataclass
class BadRows:
    """Rows with a wrong number of columns, and the numbering they leave behind.

    `first` is the row of the file that holds the first record of data.
    """

    first: int = 2
    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    blank: int = 0
    long: list[int] = field(default_factory=list)

    def add(self, row: Any) -> str:
        """Note a row the reader could not use; blank rows are only counted."""
        self.numbers.append(row.number)
        if row.text.count("\n") > 1:
            self.long.append(row.number)
        if not row.text.strip():
            self.blank += 1
        elif len(self.texts) < KEPT_EXAMPLES:
            self.texts.append(
                f"{row.number}:{row.actual_columns} "
                f"column{'' if row.actual_columns == 1 else 's'} instead of "
                f"{row.expected_columns}"
            )
        return "skip"

    @property
    def count(self) -> int:
        """Bad rows, blank ones not counted."""
        return len(self.numbers) - self.blank

    def row_of(self, index: int) -> int:
        """Row of the file of the record with that index among the good ones."""
        row = index + self.first
        skipped = bisect_left(self.numbers, row + 1)
        while True:
            moved = index + self.first + skipped
            again = bisect_left(self.numbers, moved + 1)
            if again == skipped:
                return moved
            skipped = again

    def examples(self) -> Iterator[tuple[int, str]]:
        """Row number and reason of the first bad rows."""
        for text in self.texts:
            number, reason = text.split(":", 1)
            yield int(number), reason


def dialect_of(path: Path) -> Dialect:
    """How a table is written down; workbooks and Parquet name their kind as encoding.

    :raises LogError: when it has no two columns.
    """
    readers = {"xlsx": book_header, "parquet": parquet_header}
    kind = source_kind(path)
    if kind not in readers:
        return sniff_dialect(path)
    header = readers[kind](path)
    if len(header) < 2:
        raise LogError(
            f"{path.name} has one column only; an event log needs at least a case, an "
            "activity and a time."
        )
    return Dialect(kind, "", "", 0, header, ())


def read_table(
    path: Path, dialect: Dialect, bad: BadRows
) -> Iterator[tuple[pa.RecordBatch, float]]:
    """Blocks of rows as text columns, with the share of the file read so far.

    :raises LogError: when a quoted value is never closed or the text is damaged, when
        a value is endless or holds a zero byte, and when no row can be used.
    """
    if len(dialect.header) > MOST_COLUMNS:
        raise LogError(
            f"{path.name} has more than {MOST_COLUMNS} columns; export fewer."
        )
    bad.first = 2 + dialect.skip
    blocks = _text_blocks(path, dialect, bad)
    if dialect.encoding == "xlsx":
        blocks = book_blocks(path, bad)
    elif dialect.encoding == "parquet":
        blocks = parquet_blocks(path)
    rows = 0
    for batch, share in blocks:
        _refuse_odd_cells(path, dialect, batch, bad, rows)
        rows += batch.num_rows
        yield batch, share
    if not rows:
        raise _no_rows(path, bad)


def _no_rows(path: Path, bad: BadRows) -> LogError:
    if bad.texts:
        row, _, words = bad.texts[0].partition(":")
        return LogError(
            f"No row of {path.name} has as many columns as the header: row {row} has "
            f"{words}; export the log once more.",
            int(row),
        )
    return LogError(f"{path.name} has a header but no rows; export it once more.")


def _refuse_odd_cells(
    path: Path, dialect: Dialect, batch: pa.RecordBatch, bad: BadRows, before: int
) -> None:
    """:raises LogError: a value is endless, or holds a zero byte."""
    for name, column in zip(dialect.header, batch.columns, strict=True):
        lengths = pc.binary_length(column)
        if (pc.max(lengths).as_py() or 0) > LONGEST_VALUE:
            index = pc.index(pc.greater(lengths, LONGEST_VALUE), True).as_py()
            what = f"is longer than {LONGEST_VALUE:,} characters"
        elif _has_zero(column):
            index = pc.index(pc.match_substring(column, "\0"), True).as_py()
            what = "has a zero byte, which no text has"
        else:
            continue
        row = bad.row_of(before + index)
        raise LogError(
            f"The value of “{name[:60]}” in row {row} of {path.name} {what}; correct "
            "it or export the log without it.",
            row,
        )


def _has_zero(column: Any) -> bool:
    """Whether the text of a column has a zero byte; all of it is looked at at once."""
    if not len(column):
        return False
    begin, end = column.offset, column.offset + len(column)
    bounds = np.frombuffer(column.buffers()[1], np.int32)
    held = column.buffers()[2]
    if held is None or bounds[begin] == bounds[end]:
        return False
    letters = np.frombuffer(held, np.uint8)[bounds[begin] : bounds[end]]
    return not letters.min()


def _text_blocks(path: Path, dialect: Dialect, bad: BadRows) -> Blocks:
    last: Any = None
    rows = 0
    with open_source(path, count=dialect.quote.encode()) as source:
        try:
            for batch in _open(source, dialect, bad):
                if batch.num_rows:
                    rows += batch.num_rows
                    last = batch
                    yield batch, source.share
        except (pa.ArrowInvalid, UnicodeError) as error:
            if len(dialect.sample) == 1:
                raise _no_rows(path, bad) from None
            raise _explain(path, error) from None
        if source.counted % 2:
            _refuse_unclosed(path, bad, last, rows)


def _refuse_unclosed(path: Path, bad: BadRows, last: Any, rows: int) -> None:
    """:raises LogError: the last row swallowed the lines below an opened quotation."""
    row = bad.row_of(rows - 1) if last is not None else bad.first
    cells = last.slice(last.num_rows - 1).to_pylist()[0].values() if last else ()
    swallowed = any(one and one.count("\n") > 1 for one in cells)
    if bad.long and bad.long[-1] > row:
        row, swallowed = bad.long[-1], True
    if swallowed:
        raise LogError(
            f"{path.name} has a quotation mark that is opened in row {row} and never "
            "closed; correct it or export the log once more.",
            row,
        )


def _open(source: BoundedReader, dialect: Dialect, bad: BadRows) -> Any:
    stream = pa.PythonFile(source, mode="r")
    if dialect.encoding not in ("utf-8", "utf-8-sig"):
        stream = pa.transcoding_input_stream(stream, dialect.encoding, "utf-8")
    names = [f"c{index}" for index in range(len(dialect.header))]
    return arrow_csv.open_csv(
        stream,
        read_options=arrow_csv.ReadOptions(
            use_threads=False,
            block_size=BLOCK,
            column_names=names,
            skip_rows=dialect.skip,
            skip_rows_after_names=1,
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char=dialect.quote,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=bad.add,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )


def _explain(path: Path, error: Exception) -> LogError:
    words = str(error)
    if "straddling" in words or "out of sync" in words:
        return LogError(
            f"{path.name} has a quotation mark that is opened and never closed, or a "
            f"row of more than {BLOCK // 1024**2} MB; correct it or export the log "
            "once more."
        )
    if "Empty CSV" in words:
        return LogError(f"{path.name} has a header but no rows; export it once more.")
    return LogError(
        f"{path.name} cannot be read as a table of text; export it as CSV in UTF-8."
    )
