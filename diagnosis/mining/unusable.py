"""Rows that an import cannot use, each with its place and the reason."""

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from diagnosis.mining import enrich
from diagnosis.mining.sources import LogError
from diagnosis.mining.staging import BadRow, Staged
from diagnosis.mining.tables import KEPT_EXAMPLES

if TYPE_CHECKING:
    import duckdb

FAR_YEAR = re.compile(r"(?<!\d)(?:0\d{3}|1[0-8]\d\d|2[2-9]\d\d|[3-9]\d{3})(?=[-/.])")


def _kept(link: "duckdb.DuckDBPyConnection") -> int:
    """Events that became part of a case."""
    counted = "SELECT coalesce(sum(events), 0) FROM grouped"
    return int(link.execute(counted).fetchall()[0][0])


def problems_of(link: "duckdb.DuckDBPyConnection", staged: Staged) -> dict[str, Any]:
    """Rows that no case has, and starts that cannot be: how many, and the first."""
    total = 0
    rows: list[tuple[int, str, str]] = []
    if _kept(link) < staged.rows - staged.bad_total:
        total, rows = enrich.bad_rows(link, KEPT_EXAMPLES)
    missing = [_bad(staged, position, role, value) for position, role, value in rows]
    listed = sorted([*staged.bad, *missing], key=lambda bad: (bad.file, bad.row))
    starts, examples = (
        enrich.bad_starts(link, KEPT_EXAMPLES) if "start" in staged.roles else (0, [])
    )
    name = staged.name_of("start")
    reason = "the start cannot be read or lies after the end"
    return {
        "bad_rows": [asdict(bad) for bad in listed[:KEPT_EXAMPLES]],
        "bad_rows_total": total + staged.bad_total,
        "bad_starts": [
            asdict(_row(staged, position, name, reason, value))
            for position, value in examples
        ],
        "bad_starts_total": starts,
    }


def _bad(staged: Staged, position: int, role: str, value: str) -> BadRow:
    reasons = {"case": "the case is empty", "activity": "the activity is empty"}
    unread = "the time cannot be read" if value.strip() else "the time is empty"
    if FAR_YEAR.search(value):
        unread = "the time lies outside the years 1900 to 2200"
    reason = reasons.get(role, unread)
    return _row(staged, position, staged.name_of(role), reason, value)


def _row(staged: Staged, position: int, name: str, reason: str, value: str) -> BadRow:
    row, file = staged.row_of(position), staged.file_of(position)
    return BadRow(row, name, reason, value[:200], file)


def nothing_usable(problems: dict[str, Any]) -> LogError:
    """What to say of a log without a usable row."""
    if not problems["bad_rows"]:
        return LogError("The log has blank rows only; export it once more.")
    first = problems["bad_rows"][0]
    value = f" (“{first['value'][:40]}”)" if first["value"] else ""
    return LogError(
        f"No row can be used: in row {first['row']} {first['reason']}{value}; "
        "check which columns and which date format are chosen.",
        first["row"],
    )
