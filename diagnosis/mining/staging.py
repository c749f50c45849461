"""Staged rows: what a reader leaves behind for the store, still as text.

Columns have generated names (`e0`, `k3`), so hostile attribute names never reach
SQL and names that differ in capitals only do not clash.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from pyarrow import parquet

from diagnosis.mining.arrays import counting
from diagnosis.mining.dates import ISO
from diagnosis.mining.guess import amount_among
from diagnosis.mining.numbering import FileRows, runs_of
from diagnosis.mining.numbers import ANY
from diagnosis.mining.sources import (
    Dialect,
    LogError,
    Mapping,
    column_named,
)
from diagnosis.mining.tables import BadRows, dialect_of, read_table
from diagnosis.mining.time_formats import formats_of, said_format

Progress = Callable[[str, float], None]
"""Called with a step and its share from 0 to 1; whatever it raises ends the import."""

TEXT, NUMBER, MOMENT = "text", "number", "time"
ROW_GROUP = 100_000
QUICK = {"compression": "snappy", "write_statistics": False}
"""How rows are written that are read once and thrown away."""


@dataclass(frozen=True)
class BadRow:
    """A row that was left out: `row` of the file, column, reason and its value.

    `file` counts from 1 where there are several, else it is 0.
    """

    row: int
    column: str
    reason: str
    value: str = ""
    file: int = 0


@dataclass(frozen=True)
class StagedColumn:
    """One attribute: generated column, name in the file, level and kind of value.

    `mark` is the decimal mark of a table's numbers, once it is known.
    """

    column: str
    name: str
    level: str
    kind: str
    mark: str = ""


@dataclass
class Staged:
    """Files of staged rows and how to read them.

    With `worded`, words such as NULL stand for a value that is missing; with
    `commas`, numbers are likelier to have a decimal comma.
    `roles` maps a role to a generated column; `formats` holds the date format of the
    roles timestamp and start. `row_of` turns a position into a row of the file.
    """

    events: list[Path]
    cases: list[Path]
    columns: list[StagedColumn]
    roles: dict[str, str]
    formats: dict[str, str]
    mapping: Mapping
    rows: int
    row_of: Callable[[int], int]
    bad: list[BadRow] = field(default_factory=list)
    bad_total: int = 0
    numbering: list[FileRows] = field(default_factory=list)
    worded: bool = False
    commas: bool = False

    def file_of(self, position: int) -> int:
        """The file of an event, from 1; 0 where there is only one."""
        several = len(self.numbering) > 1
        return sum(one.begin <= position for one in self.numbering) if several else 0

    def name_of(self, role: str) -> str:
        """The file's name for the column of a role."""
        return self.mapping.named().get(role, role)


def stage_tables(
    paths: Sequence[Path], mapping: Mapping, directory: Path, progress: Progress
) -> Staged:
    """Write the rows of tables of text as Parquet, all columns as text.

    The columns of a further file are those of the first, in any order.
    :raises LogError: when a column of the mapping is not there, or one of the first.
    """
    dialects = [dialect_of(path) for path in paths]
    header = dialects[0].header
    roles = {
        role: f"c{column_named(name, header, role)}"
        for role, name in mapping.named().items()
    }
    columns = _columns(header, mapping)
    bads, targets, ends = [], [], [0]
    for number, (path, dialect) in enumerate(zip(paths, dialects, strict=True)):
        bad, target = BadRows(), directory / f"rows-{number}.parquet"
        order = order_of(path, dialect.header, header)

        def told(step: str, share: float, done: int = number) -> None:
            progress(step, (done + share) / len(paths))

        end = _write_batches(path, dialect, bad, target, told, order, ends[-1])
        bads.append(bad)
        targets.append(target)
        ends.append(end)

    def row_of(position: int) -> int:
        file = bisect_right(ends, position) - 1
        return bads[file].row_of(position - ends[file])

    total = sum(bad.count for bad in bads)
    return Staged(
        targets,
        [],
        columns,
        roles,
        formats_of(targets[0], roles, mapping, bads[0]),
        mapping,
        ends[-1] + total,
        row_of,
        [
            BadRow(row, "", reason, file=number if len(paths) > 1 else 0)
            for number, bad in enumerate(bads, start=1)
            for row, reason in bad.examples()
        ],
        total,
        [
            FileRows(begin, bad.first, runs_of(bad.numbers))
            for begin, bad in zip(ends, bads, strict=False)
        ],
        any(one.encoding != "parquet" for one in dialects),
        dialects[0].delimiter == ";",
    )


def order_of(path: Path, given: tuple[str, ...], wanted: tuple[str, ...]) -> list[int]:
    """Where each wanted column stands in a file.

    :raises LogError: it has other columns.
    """
    if set(given) != set(wanted):
        lacks = [name for name in wanted if name not in given]
        odd = [name for name in given if name not in wanted]
        which = f"lacks “{lacks[0]}”" if lacks else f"has “{odd[0]}” besides"
        raise LogError(
            f"{path.name} has other columns than the log: it {which}; export it with "
            "the same columns."
        )
    return [given.index(name) for name in wanted]


def _columns(header: tuple[str, ...], mapping: Mapping) -> list[StagedColumn]:
    """The columns of a table with their level and kind.

    :raises LogError: the mapping names one that is not there.
    """
    of_case = {
        column_named(name, header, "case attributes")
        for name in mapping.case_attributes or ()
    }
    amount = column_named(mapping.amount, header, "amount") if mapping.amount else None
    return [
        StagedColumn(
            f"c{index}",
            name,
            "case" if index in of_case or name.startswith("case:") else "event",
            NUMBER if index == amount else TEXT,
            ANY if index == amount else "",
        )
        for index, name in enumerate(header)
    ]


def _write_batches(
    path: Path,
    dialect: Dialect,
    bad: BadRows,
    target: Path,
    progress: Progress,
    order: list[int],
    position: int,
) -> int:
    """Stream the blocks into one Parquet file; returns the position after its last."""
    writer: parquet.ParquetWriter | None = None
    names = [f"c{index}" for index in range(len(order))]
    try:
        for batch, share in read_table(path, dialect, bad):
            numbers = counting(position, batch.num_rows)
            rows = pa.Table.from_batches([batch]).select(order).rename_columns(names)
            table = rows.append_column("position", numbers)
            writer = writer or parquet.ParquetWriter(target, table.schema, **QUICK)
            writer.write_table(table, row_group_size=ROW_GROUP)
            position += batch.num_rows
            progress("read", share)
    finally:
        if writer is not None:
            writer.close()
    return position


def write_quick(table: pa.Table, target: Path) -> None:
    """A file of staged rows."""
    parquet.write_table(table, target, **QUICK)


class Companion(Protocol):
    """Works on groups of whole traces while the next ones are being read."""

    def write(self, table: pa.Table, target: Path) -> None:
        """Make the file, at once or later, but before the group is worked on."""

    def take(self, stage: "XesStage", file: Path, columns: set[str]) -> None:
        """A group of events: its file and the columns in it."""


class XesStage:
    """Collects the events of an XES log and writes them in groups of rows."""

    def __init__(self, directory: Path, companion: Companion | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.companion = companion
        self.keep = companion.write if companion else write_quick
        self.columns: dict[tuple[str, str], str] = {}
        self.kinds: dict[tuple[str, str], str] = {}
        self.event_files: list[Path] = []
        self.case_files: list[Path] = []
        self.position = 0
        self.traces = 0

    def column(self, level: str, key: str, kind: str) -> str:
        """The generated column of an attribute; kinds that differ become text."""
        pair = (level, key)
        if pair not in self.columns:
            if len(self.columns) >= 2000:
                raise LogError(
                    "The log has more than 2,000 different attributes; export fewer."
                )
            self.columns[pair] = f"{level[0]}{len(self.columns)}"
            self.kinds[pair] = kind
        elif self.kinds[pair] != kind:
            self.kinds[pair] = TEXT
        return self.columns[pair]

    def write(self, events: dict[str, pa.Array], cases: dict[str, pa.Array]) -> None:
        """One group: text arrays by generated column, `trace` among them."""
        number = len(self.event_files)
        rows = len(events["trace"])
        if rows:
            table = pa.table({**events, "position": counting(self.position, rows)})
            target = self.directory / f"events-{number:05}.parquet"
            self.keep(table, target)
            self.event_files.append(target)
            self.position += rows
            if self.companion:
                self.companion.take(self, target, set(events))
        if len(cases["trace"]):
            self.traces += len(cases["trace"])
            target = self.directory / f"cases-{len(self.case_files):05}.parquet"
            self.keep(pa.table(cases), target)
            self.case_files.append(target)

    def finish(self, name: str, mapping: Mapping | None) -> Staged:
        """The staged log with its roles.

        :raises LogError: when no event has an activity or a time.
        """
        if not self.position:
            raise LogError(f"{name} has no events; export the log once more.")
        events = {
            key: col for (level, key), col in self.columns.items() if level == "event"
        }
        mapping = mapping or replace(_standard(events), amount=self._amount())
        roles = {"case": "trace"}
        for role, key in mapping.named().items():
            if role != "case":
                roles[role] = _xes_column(events, key, role, name)
        if mapping.case != "case:concept:name":
            roles["case"] = self._other_case(mapping.case, events)
        columns = [
            StagedColumn(column, key, level, self.kinds[level, key])
            for (level, key), column in self.columns.items()
        ]
        form = said_format(mapping.timestamp_format or ISO)
        return Staged(
            self.event_files,
            self.case_files,
            columns,
            roles,
            {"timestamp": form, "start": form},
            mapping,
            self.position,
            lambda position: position + 1,
        )

    def _amount(self) -> str | None:
        """What a case is worth, by the name of a number; those of cases first."""
        numbers = [pair for pair, kind in self.kinds.items() if kind == NUMBER]
        return amount_among(key for _level, key in sorted(numbers))

    def _other_case(self, wanted: str, events: dict[str, str]) -> str:
        if wanted in ("case", "concept:name"):
            return "trace"
        names = tuple(events)
        return events[names[column_named(wanted, names, "case")]]


def _standard(events: dict[str, str]) -> Mapping:
    """The mapping the XES standard gives."""

    def there(*keys: str) -> str | None:
        return next((key for key in keys if key in events), None)

    return Mapping(
        "case:concept:name",
        "concept:name",
        "time:timestamp",
        start=there("start_timestamp"),
        resource=there("org:resource", "org:group"),
        cost=there("cost:total", "cost:amount"),
        lifecycle=there("lifecycle:transition"),
    )


def _xes_column(events: dict[str, str], key: str, role: str, name: str) -> str:
    if key in events:
        return events[key]
    if key == "time:timestamp":
        raise LogError(f"No event of {name} has a time (time:timestamp); export times.")
    if key == "concept:name":
        raise LogError(f"No event of {name} has a name (concept:name); export names.")
    names = tuple(events)
    return events[names[column_named(key, names, role)]]
