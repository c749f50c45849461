"""A log in one answer: what the command `analyse_log` prints.

Order semantics: by case, then timestamp, then position in the file. Gaps run from
one event's time to the next event's time, whatever starts are known; only in XES
whose events have a `start_timestamp`, the attribute of logs of intervals, successions
are in the order of the starts and gaps run to the next start.
"""
# ruff: noqa: S608 - paths pass through `literal`

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diagnosis.mining.engine import connect
from diagnosis.mining.enrich import store_sql
from diagnosis.mining.sources import Mapping
from diagnosis.mining.store import import_log, read_meta

if TYPE_CHECKING:
    import duckdb

TOTALS = ("cases", "events", "activities", "variants")
"""What the import has counted already."""
INTERVALS = "start_timestamp"
STARTED = """(
    SELECT activity, lead(activity) OVER line AS next_activity,
        date_diff('microsecond', ts, lead(begun) OVER line) / 1e6 AS gap_s
    FROM (SELECT *, coalesce(start_ts, ts) AS begun FROM events)
    WINDOW line AS (PARTITION BY "case" ORDER BY begun, ts, position)
)"""
"""Successions of a log of intervals: from a completion to the next start."""


def analyse_log(path: Path, mapping: Mapping | None = None) -> dict[str, Any]:
    """Import a log into a folder that is thrown away, and analyse it.

    Every event counts, the start events of a lifecycle too. Columns are guessed
    when no mapping is given.
    :raises LogError: when the log cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="log-") as folder:
        directory = Path(folder) / "store"
        import_log(path, directory, mapping, fold=False)
        return analyse_store(directory)


def analyse_store(directory: Path) -> dict[str, Any]:
    """The same answer from a store that is there already."""
    meta = read_meta(directory)
    of_intervals = meta.kind == "xes" and meta.mapping.get("start") == INTERVALS
    with connect([directory]) as link:
        for name in ("events/*", "cases/*", "variants"):
            source = store_sql(str(directory.resolve() / f"{name}.parquet"))
            view = name.partition("/")[0]
            link.execute(f"CREATE VIEW {view} AS SELECT * FROM {source}")
        answer: dict[str, Any] = {name: getattr(meta, name) for name in TOTALS}
        answer["dfg"] = _edges(link, STARTED if of_intervals else "events")
        answer.update(_counts(link))
        answer["case_duration_s"] = _durations(link)
    answer["bad_rows"] = meta.quality["bad_rows"]
    return answer


def _edges(link: "duckdb.DuckDBPyConnection", events: str) -> list[dict[str, Any]]:
    """Direct successions, the most frequent first; seconds between the two times.

    Microseconds are summed, so that no order of the rows moves the last digit.
    """
    rows = link.execute(
        f"""SELECT activity, next_activity, count(*),
            sum(CAST(round(gap_s * 1e6) AS BIGINT)) / 1e6 / count(gap_s),
            median(gap_s), min(gap_s), max(gap_s),
            sum(CAST(round(gap_s * 1e6) AS BIGINT)) / 1e6
        FROM {events} WHERE next_activity IS NOT NULL
        GROUP BY ALL ORDER BY count(*) DESC, activity, next_activity"""
    ).fetchall()
    names = ("from", "to", "count", "mean_s", "median_s", "min_s", "max_s", "sum_s")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _counts(link: "duckdb.DuckDBPyConnection") -> dict[str, Any]:
    """Starts, ends, variants and rework, the most frequent first."""
    ranked = "GROUP BY ALL ORDER BY count(*) DESC, 1"
    starts = link.execute(f"SELECT first_activity, count(*) FROM cases {ranked}")
    first = dict(starts.fetchall())
    ends = link.execute(f"SELECT last_activity, count(*) FROM cases {ranked}")
    last = dict(ends.fetchall())
    variants = link.execute("SELECT cases FROM variants ORDER BY variant").fetchall()
    rework = link.execute(
        f"SELECT activity, count(*) FROM events WHERE nth = 2 {ranked}"
    )
    return {
        "start": first,
        "end": last,
        "variant_counts": [cases for (cases,) in variants],
        "rework": dict(rework.fetchall()),
    }


def _durations(link: "duckdb.DuckDBPyConnection") -> dict[str, float]:
    """Last event minus first event of the cases, in seconds."""
    row = link.execute(
        """SELECT min(span_s), median(span_s), avg(span_s), quantile_cont(span_s, 0.9),
            max(span_s) FROM cases"""
    ).fetchall()[0]
    return dict(zip(("min", "median", "mean", "p90", "max"), row, strict=True))
