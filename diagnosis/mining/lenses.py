"""Questions asked of a log, written once for any database that Ibis speaks.

Lenses read the three tables of a store and nothing else; durations are numbers of
seconds already, so there is no ordered aggregate and no arithmetic with dates.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from diagnosis.mining.engine import DEFAULT_MEMORY, DEFAULT_THREADS, connect
from diagnosis.mining.enrich import store_sql
from diagnosis.mining.filters import Filter
from diagnosis.mining.neighbours import SEPARATOR
from diagnosis.mining.sources import LogError
from diagnosis.mining.store import ImportedLog, attributes_of, read_meta

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAY = 86_400.0
OWN = {"resource": "resource", "activity": "activity", "lifecycle": "lifecycle"}


@dataclass(frozen=True)
class Log:
    """An open store, perhaps with some of its cases left out.

    Use it as a context manager, in one thread; `where(filters)` gives a smaller log
    on the same connection.
    """

    backend: Any
    events: "ir.Table"
    cases: "ir.Table"
    variants: "ir.Table"
    meta: ImportedLog
    filtered: bool = False

    def where(self, filters: Sequence[Filter]) -> "Log":
        """The log with only the cases that pass every filter."""
        if not filters:
            return self
        chosen = self.cases.filter([each.where(self) for each in filters])
        kept = self.events.filter(self.events[self.key].isin(chosen[self.key]))
        return replace(self, cases=chosen, events=kept, filtered=True)

    @property
    def key(self) -> str:
        """The column that tells cases apart: a number, in old stores the name."""
        return "case_no" if "case_no" in self.cases.columns else "case"

    def column_of(self, attribute: str) -> tuple[str, str]:
        """Level and column of an attribute of the file, as filters ask for it.

        :raises LogError: when the log has no such attribute.
        """
        for entry in attributes_of(self.meta):
            if entry.name == attribute:
                return entry.level, entry.column
        roles = {
            name: role
            for role, name in self.meta.mapping.items()
            if isinstance(name, str)
        }
        if roles.get(attribute) == "cost":
            return "case", "cost"
        column = OWN.get(attribute) or OWN.get(roles.get(attribute, ""))
        if column:
            return "event", column
        raise LogError(f"The log has no attribute “{attribute[:80]}”.")

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        """The answer of an expression as plain rows."""
        found: list[dict[str, Any]] = self.table(expression).to_pylist()
        return found

    def table(self, expression: Any) -> Any:
        """The answer as an Arrow table, without the second that pandas takes to load.

        Ibis loads pandas in its own `to_pyarrow`, though nothing here needs it.
        """
        if self.backend.name != "duckdb":
            return self.backend.to_pyarrow(expression)
        found = self.backend.con.sql(self.backend.compile(expression))
        return found.to_arrow_table().cast(expression.schema().to_pyarrow())

    def batches(self, expression: Any, size: int) -> Iterator[Any]:
        """The answer as Arrow batches of so many rows, never all of it held."""
        if self.backend.name != "duckdb":
            yield from self.backend.to_pyarrow_batches(expression, chunk_size=size)
            return
        # Ibis 12 asks DuckDB 2 for them by a name that is gone.
        query = self.backend.compile(expression)
        yield from self.backend.con.sql(query).to_arrow_reader(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        with suppress(AttributeError):
            self.backend.disconnect()


def open_log(
    directory: Path,
    *,
    memory: str = DEFAULT_MEMORY,
    threads: int = DEFAULT_THREADS,
) -> Log:
    """Open a finished store for reading; nothing outside of it can be reached."""
    import ibis  # noqa: PLC0415  (half a second, only where it is needed)

    place = directory.resolve()
    link = connect([place], memory=memory, threads=threads, lock=False)
    files = {
        "events": place / "events" / "*.parquet",
        "cases": place / "cases" / "*.parquet",
        "variants": place / "variants.parquet",
    }
    for name, pattern in files.items():
        source = store_sql(str(pattern))
        link.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}")  # noqa: S608
    backend = ibis.duckdb.from_connection(link)
    tables = [backend.table(name) for name in files]
    link.execute("SET lock_configuration = true")
    return Log(backend, tables[0], tables[1], tables[2], read_meta(directory))


@dataclass(frozen=True)
class Overview:
    """A log in figures. Times in UTC, durations in seconds, shares from 0 to 1.

    `open_cases` are those whose last activity is none of the closing ones; they are
    left out of the durations and of rework. Empty logs have None for durations.
    """

    cases: int
    events: int
    activities: int
    variants: int
    start: datetime | None
    end: datetime | None
    median_s: float | None
    p90_s: float | None
    mean_s: float | None
    min_s: float | None
    max_s: float | None
    rework_case_share: float
    rework_event_share: float
    open_cases: int


def overview(log: Log, closing: Sequence[str] = ()) -> Overview:
    """Counts, span, durations and rework of the cases.

    `closing` names the activities that end a case; without it every case counts as
    closed.
    """
    cases = log.cases
    closed = closed_cases(log, closing)
    all_row = log.rows(
        cases.aggregate(
            cases=cases.count(),
            events=cases["events"].sum(),
            variants=cases["variant"].nunique(),
            start=cases["start"].min(),
            end=cases["end"].max(),
        )
    )[0]
    done = _closed_figures(log, closed)
    activities = log.rows(log.events.aggregate(n=log.events["activity"].nunique()))
    return Overview(
        all_row["cases"],
        all_row["events"] or 0,
        activities[0]["n"],
        all_row["variants"],
        all_row["start"],
        all_row["end"],
        done["median_s"],
        done["p90_s"],
        done["mean_s"],
        done["min_s"],
        done["max_s"],
        (done["rework"] or 0) / max(done["closed"], 1),
        (done["repeats"] or 0) / max(done["events"] or 0, 1),
        all_row["cases"] - done["closed"],
    )


def _closed_figures(log: Log, closed: "ir.Table") -> dict[str, Any]:
    """Durations and rework of the closed cases, in one row."""
    return log.rows(
        closed.aggregate(
            closed=closed.count(),
            events=closed["events"].sum(),
            median_s=closed["duration_s"].median(),
            p90_s=closed["duration_s"].quantile(0.9),
            mean_s=closed["duration_s"].mean(),
            min_s=closed["duration_s"].min(),
            max_s=closed["duration_s"].max(),
            rework=(closed["repeats"] > 0).sum(),
            repeats=closed["repeats"].sum(),
        )
    )[0]


def closed_cases(log: Log, closing: Sequence[str]) -> "ir.Table":
    """The cases whose last activity is one of `closing`; all when it is empty."""
    if not closing:
        return log.cases
    return log.cases.filter(log.cases["last_activity"].isin(tuple(closing)))


@dataclass(frozen=True)
class Variant:
    """A path through the process: how often and how long (seconds)."""

    number: int
    path: tuple[str, ...]
    cases: int
    share: float
    median_s: float


def variants(log: Log, top: int = 20) -> list[Variant]:
    """The most frequent paths; shares are of all cases of the (filtered) log."""
    cases = log.cases
    total = log.rows(cases.aggregate(n=cases.count()))[0]["n"]
    counted = cases.group_by("variant").agg(
        cases=cases.count(), median_s=cases["duration_s"].median()
    )
    first = counted.order_by([counted["cases"].desc(), counted["variant"]]).limit(top)
    paths = first.inner_join(log.variants.select("variant", "path"), "variant")
    rows = log.rows(paths.order_by([paths["cases"].desc(), paths["variant"]]))
    return [
        Variant(
            row["variant"],
            tuple(row["path"].split(SEPARATOR)),
            row["cases"],
            row["cases"] / total,
            row["median_s"],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class DurationBin:
    """Cases that took from `from_s` up to, not including, `to_s` seconds."""

    from_s: float
    to_s: float
    cases: int


def durations(log: Log, bins: int = 30) -> list[DurationBin]:
    """Equal bins of throughput time up to the longest case; empty ones included."""
    cases = log.cases
    longest = log.rows(cases.aggregate(m=cases["duration_s"].max()))[0]["m"]
    if longest is None:
        return []
    width = max(longest / bins, 1e-6)
    marked = cases.mutate(bin=(cases["duration_s"] / width).floor().cast("int64"))
    counted = marked.group_by("bin").agg(cases=marked.count())
    found = [0] * bins
    for row in log.rows(counted):
        found[min(row["bin"], bins - 1)] += row["cases"]
    return [
        DurationBin(index * width, (index + 1) * width, number)
        for index, number in enumerate(found)
    ]


@dataclass(frozen=True)
class Rework:
    """An activity that is repeated: cases with two or more, and the repeats."""

    activity: str
    cases: int
    share: float
    repeats: int


def rework(log: Log) -> list[Rework]:
    """Activities repeated inside a case, the most affected cases first."""
    events = log.events
    counted = events.group_by("activity").agg(
        cases=(events["nth"] == 2).sum(),
        repeats=(events["nth"] > 1).sum(),
        once=(events["nth"] == 1).sum(),
    )
    rows = log.rows(counted.filter(counted["cases"] > 0))
    rows.sort(key=lambda row: (-row["cases"], row["activity"]))
    return [
        Rework(r["activity"], r["cases"], r["cases"] / r["once"], r["repeats"])
        for r in rows
    ]


@dataclass(frozen=True)
class Throughput:
    """Cases started and ended in a period that begins on `start`."""

    start: date
    started: int
    ended: int


def throughput(log: Log, unit: str = "month") -> list[Throughput]:
    """Cases started and ended by 'month' or 'week' (from Monday), gaps left out."""
    letter = {"month": "M", "week": "W"}[unit]
    counts: dict[date, list[int]] = {}
    for place, column in enumerate(("start", "end")):
        marked = log.cases.mutate(period=log.cases[column].truncate(letter))
        rows = log.rows(marked.group_by("period").agg(cases=marked.count()))
        for row in rows:
            counts.setdefault(_day(row["period"]), [0, 0])[place] = row["cases"]
    return [Throughput(day, *counts[day]) for day in sorted(counts)]


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
