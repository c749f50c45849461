"""What a person sees before importing: columns, guesses, rows that will not parse."""
# ruff: noqa: S608 - column names are generated, formats pass through `literal`

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from diagnosis.mining.arrays import counting, texts
from diagnosis.mining.dates import DateGuess, guess_format, moment_sql, strptime_format
from diagnosis.mining.engine import connect
from diagnosis.mining.guess import ColumnFacts, guess_roles
from diagnosis.mining.mixed import mixed_row
from diagnosis.mining.sources import LogError, Mapping, source_kind
from diagnosis.mining.tables import BadRows, dialect_of, read_table
from diagnosis.mining.xes import preview_rows

LOOKED_AT = 100_000
"""Rows a preview checks; `Preview.complete` says whether that was all of them."""
GUESSED_FROM = 5_000
EXAMPLES = 5
SINGLE_BYTE = ("cp1252", "latin-1")


@dataclass(frozen=True)
class ColumnPreview:
    """One column of the file.

    `unparsed` counts filled values its date format cannot read, with a few examples
    (row of the file, value). `alternative` is a second format that fits as well.
    """

    name: str
    samples: tuple[str, ...]
    filled: int
    distinct: int
    role: str | None
    date_format: str | None
    alternative: str | None
    unparsed: int
    unparsed_examples: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Preview:
    """The beginning of a file with a proposal how to read it.

    `mapping` is None when a case, an activity or a time could not be guessed;
    `notes` are sentences for the reader; `bad_rows` have a wrong number of columns.
    """

    kind: str
    encoding: str
    delimiter: str
    columns: tuple[ColumnPreview, ...]
    rows: tuple[tuple[str, ...], ...]
    rows_checked: int
    complete: bool
    mapping: Mapping | None
    bad_rows: int
    bad_examples: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Head:
    """The first rows as text, with the row of the file each one came from."""

    names: tuple[str, ...]
    columns: list[list[str]]
    bad: BadRows
    complete: bool
    encoding: str = ""
    delimiter: str = ""
    mixed: int | None = None

    @property
    def rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def preview(path: Path, timestamp_format: str | None = None) -> Preview:
    """Read the beginning of a log and propose a mapping.

    `timestamp_format` overrides the guessed format of every date column.
    :raises LogError: when the file is no event log at all.
    """
    kind = source_kind(path)
    head = _xes_head(path) if kind == "xes" else _table_head(path)
    dates = [_date(values, timestamp_format) for values in head.columns]
    facts = [
        ColumnFacts(index, name, tuple(values[:GUESSED_FROM]), date)
        for index, (name, values, date) in enumerate(
            zip(head.names, head.columns, dates, strict=True)
        )
    ]
    roles = guess_roles(facts)
    by_column = {name: role for role, name in roles.items()}
    columns = tuple(
        _column(fact, values, head.bad, by_column.get(fact.name))
        for fact, values in zip(facts, head.columns, strict=True)
    )
    return Preview(
        kind,
        head.encoding,
        head.delimiter,
        columns,
        tuple(zip(*(values[:10] for values in head.columns), strict=True)),
        head.rows,
        head.complete,
        _mapping(roles, facts, timestamp_format),
        head.bad.count,
        tuple(islice(head.bad.examples(), EXAMPLES)),
        tuple(_notes(roles, columns, head)),
    )


def guess_mapping(path: Path, timestamp_format: str | None = None) -> Mapping:
    """The mapping a preview proposes.

    :raises LogError: naming the first column that could not be found.
    """
    seen = preview(path, timestamp_format)
    if seen.mapping:
        return seen.mapping
    raise LogError(f"{path.name}: {seen.notes[0]}")


def _table_head(path: Path) -> _Head:
    dialect = dialect_of(path)
    bad = BadRows()
    batches: list[pa.RecordBatch] = []
    rows, complete = 0, True
    for batch, _ in read_table(path, dialect, bad):
        batches.append(batch)
        rows += batch.num_rows
        if rows >= LOOKED_AT:
            complete = False
            break
    names = dialect.header
    table = pa.Table.from_batches(batches).slice(0, LOOKED_AT)
    columns = [table.column(index).to_pylist() for index in range(len(names))]
    if complete and not any(any(values) for values in columns):
        raise LogError(f"{path.name} has a header and blank rows; export it once more.")
    mixed = mixed_row(path) if dialect.encoding in SINGLE_BYTE else None
    return _Head(
        names, columns, bad, complete, dialect.encoding, dialect.delimiter, mixed
    )


def _xes_head(path: Path) -> _Head:
    rows = list(islice(preview_rows(path), GUESSED_FROM))
    if not rows:
        raise LogError(f"{path.name} has no events; export the log once more.")
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    columns = [[row.get(name, "") for row in rows] for name in names]
    return _Head(names, columns, BadRows(), len(rows) < GUESSED_FROM)


def _date(values: list[str], forced: str | None) -> DateGuess | None:
    sample = values[:: max(1, len(values) // 20_000)]
    guess = guess_format(list(dict.fromkeys(sample))[:4000])
    if forced:
        form = strptime_format(forced)
        read = len(sample) - len(_unparsed(sample, form))
        if read * 2 > len(sample) or (guess and read):
            return DateGuess(form, read, len(sample), None)
    return guess


def _column(
    fact: ColumnFacts, values: list[str], bad: BadRows, role: str | None
) -> ColumnPreview:
    wrong = _unparsed(values, fact.date.format) if fact.date else []
    return ColumnPreview(
        fact.name,
        tuple(islice((v for v in dict.fromkeys(fact.values) if v), EXAMPLES)),
        sum(bool(value) for value in values),
        len(set(values)),
        role,
        fact.date.format if fact.date else None,
        fact.date.alternative if fact.date else None,
        len(wrong),
        tuple((bad.row_of(index), values[index][:80]) for index in wrong[:EXAMPLES]),
    )


def _unparsed(values: list[str], form: str) -> list[int]:
    """Indices of the filled values that the format cannot read."""
    table = pa.table({"i": counting(0, len(values)), "v": texts(values)})
    with connect([]) as connection:
        connection.register("given", table)
        found = connection.execute(
            f"SELECT i FROM given WHERE trim(v) <> '' AND {moment_sql('v', form)} "
            "IS NULL ORDER BY i"
        ).fetchall()
    return [index for (index,) in found]


def _mapping(
    roles: dict[str, str], facts: list[ColumnFacts], forced: str | None
) -> Mapping | None:
    if not {"case", "activity", "timestamp"} <= roles.keys():
        return None
    by_name = {fact.name: fact for fact in facts}
    moments = by_name[roles["timestamp"]]
    guess = moments.date
    if "time" in roles:
        guess = guess_format(moments.joined(by_name[roles["time"]])[:4000])
    form = forced or (guess.format if guess else None)
    given: dict[str, Any] = dict(roles)
    return Mapping(timestamp_format=form, **given)


def _notes(
    roles: dict[str, str], columns: tuple[ColumnPreview, ...], head: _Head
) -> Iterator[str]:
    wanted = {"case": "the case", "activity": "the activity", "timestamp": "a time"}
    for role, words in wanted.items():
        if role not in roles:
            there = ", ".join(head.names[:12])
            yield f"No column looks like {words}; choose one of {there}."
    for column in columns:
        if column.role in ("timestamp", "start") and column.alternative:
            yield (
                f"“{column.name}” reads equally well as {column.date_format} and as "
                f"{column.alternative}; please say whether the day comes first."
            )
        if column.role in ("timestamp", "start") and column.unparsed:
            row, value = column.unparsed_examples[0]
            several = f"values of “{column.name}” cannot be read as a time, the first"
            single = f"value of “{column.name}” cannot be read as a time,"
            said = single if column.unparsed == 1 else several
            yield f"{column.unparsed} {said} in row {row}: “{value}”."
    if head.mixed:
        yield (
            f"Row {head.mixed} is written in another encoding than the rest; look at "
            "letters such as ä or é, or export the log in UTF-8."
        )
    if head.bad.count:
        said = "row has" if head.bad.count == 1 else "rows have"
        yield f"{head.bad.count} {said} a wrong number of columns."
