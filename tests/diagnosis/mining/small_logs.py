"""Small random logs, as rows and as a store, and the plain figures to compare with."""

import csv
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st

from diagnosis.mining import export
from diagnosis.mining.lenses import open_log
from diagnosis.mining.sources import Mapping
from diagnosis.mining.store import import_log

LOGS = Path(os.environ.get("MELIORA_SHARED", "../shared")) / "data" / "logs"
MOST = 60
ORIGIN = datetime(2025, 3, 28, 20, 30)  # noqa: DTZ001 - a store has UTC without zone
HEAD = ["case", "activity", "start", "end", "who", "region", "amount"]


@dataclass(frozen=True)
class Row:
    case: str
    activity: str
    start: datetime | None
    end: datetime
    who: str
    region: str
    amount: float


def real_rows(name: str, directory: Path) -> list[Row]:
    """The events of a log that is given, its region and amount left empty."""
    path = LOGS / name
    if not path.is_file():
        pytest.skip("the log is not given")
    import_log(path, directory / "real")
    columns = ("case", "activity", "start_ts", "ts", "resource")
    with open_log(directory / "real") as log:
        return [
            Row(case, activity, start, end, who or "", "", 0.0)
            for case, activity, start, end, who in export.rows(log, columns)
        ]


def moment(minutes: int) -> datetime:
    return ORIGIN + timedelta(minutes=minutes)


@st.composite
def rows(draw, starts: bool | None = None) -> list[Row]:
    """Up to forty events of up to eight cases; starts for all, some or none."""
    found = []
    timed = (
        draw(st.sampled_from(["all", "some", "none"]))
        if starts is None
        else ("all" if starts else "none")
    )
    for _ in range(draw(st.integers(1, MOST))):
        end = draw(st.integers(0, 90 * 24 * 60))
        has = timed == "all" or (timed == "some" and draw(st.booleans()))
        length = draw(st.integers(0, 3_000))
        found.append(
            Row(
                draw(st.sampled_from("ABCDEFGH")),
                draw(st.sampled_from(["a", "b", "c", "d"])),
                moment(end - length) if has else None,
                moment(end),
                draw(st.sampled_from(["Ann", "Bo", "Cy", "Di", ""])),
                draw(st.sampled_from(["north", "south", ""])),
                float(draw(st.integers(0, 50))),
            )
        )
    return found


def store_of(found: list[Row], directory, zone: str = "UTC", *, costed: bool = False):
    """Write the rows as CSV and import them; with `costed` the amount is the cost."""
    path = directory / "log.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for row in found:
            start = row.start.replace(tzinfo=UTC).isoformat() if row.start else ""
            end = row.end.replace(tzinfo=UTC).isoformat()
            writer.writerow(
                [row.case, row.activity, start, end, row.who, row.region, row.amount]
            )
    mapping = Mapping(
        case="case",
        activity="activity",
        timestamp="end",
        start="start" if any(row.start for row in found) else None,
        resource="who",
        cost="amount" if costed else None,
        timezone=zone,
    )
    import_log(path, directory / "store", mapping)
    return directory / "store"


def traces(found: list[Row]) -> dict[str, list[Row]]:
    """The events of each case by time, then position."""
    held = defaultdict(list)
    for row in sorted(found, key=lambda row: row.end):
        held[row.case].append(row)
    return dict(held)


def length(trace: list[Row]) -> float:
    """Seconds from the first start, or end, to the last end."""
    first = min(min(row.start or row.end, row.end) for row in trace)
    return (trace[-1].end - first).total_seconds()


def quantile(values: list[float], share: float) -> float:
    """The quantile between two values in a straight line."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
