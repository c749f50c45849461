"""Who works on the cases, who hands over to whom, and when work is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from diagnosis.mining.lenses import Log

if TYPE_CHECKING:
    import ibis.expr.types as ir

HOUR = timedelta(hours=1)
QUARTERS = 4


@dataclass(frozen=True)
class Resource:
    """Someone or something that does work. `share` is of the events with a resource."""

    name: str
    events: int
    share: float
    cases: int
    activities: int


@dataclass(frozen=True)
class Resources:
    """The busiest resources, how many there are, and events that name none."""

    rows: tuple[Resource, ...]
    total: int
    named: int
    unnamed: int


def resources(log: Log, top: int = 200) -> Resources:
    """Events, cases and activities of each resource, the busiest first."""
    events = log.events
    counts = log.rows(events.group_by("resource").agg(events=events.count()))
    unnamed = sum(row["events"] for row in counts if not row["resource"])
    known = [row for row in counts if row["resource"]]
    known.sort(key=lambda row: (-row["events"], row["resource"]))
    named = sum(row["events"] for row in known)
    shown = [row["resource"] for row in known[:top]]
    more = _touched(log, shown, len(shown) == len(known))
    rows = tuple(
        Resource(
            row["resource"],
            row["events"],
            row["events"] / named,
            *more[row["resource"]],
        )
        for row in known[:top]
    )
    return Resources(rows, len(known), named, unnamed)


def _touched(log: Log, names: list[str], every: bool) -> dict[str, tuple[int, int]]:
    """Cases and activities of these resources, or of `every` one."""
    if not names:
        return {}
    events = log.events
    if not every:
        events = events.filter(events["resource"].isin(names))
    counted = events.group_by("resource").agg(
        cases=events[log.key].nunique(), activities=events["activity"].nunique()
    )
    rows = log.rows(counted)
    return {row["resource"]: (row["cases"], row["activities"]) for row in rows}


@dataclass(frozen=True)
class HandOvers:
    """Successive events of a case by two resources.

    `counts[giver][taker]` follows `names` in both directions; a last row and column
    holds all others together, `names` does not name it. The diagonal is 0, but for
    the hand-overs among the others. `per_case` is the mean of a case; `kept` are the
    successive events that stay with one resource.
    """

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    total: int
    kept: int
    per_case: float | None


def hand_overs(log: Log, top: int = 12) -> HandOvers:
    """The matrix of hand-overs between the busiest resources and all others.

    Events without a resource neither give nor take.
    """
    moved = log.events.filter(
        [log.events[one].nullif("").notnull() for one in ("resource", "next_resource")]
    )
    names = _givers(log, moved, top)
    if not names:
        return HandOvers((), (), 0, 0, None)
    pairs = moved.mutate(
        giver=_one_of(moved["resource"], names),
        taker=_one_of(moved["next_resource"], names),
        changes=moved["resource"] != moved["next_resource"],
    )
    counted = pairs.group_by(["giver", "taker", "changes"]).agg(n=pairs.count())
    place = {name: index for index, name in enumerate(names)}
    rest = len(names)
    counts = [[0] * (rest + 1) for _ in range(rest + 1)]
    kept = 0
    for row in log.rows(counted):
        if row["changes"]:
            giver, taker = (place.get(row[one], rest) for one in ("giver", "taker"))
            counts[giver][taker] += row["n"]
        else:
            kept += row["n"]
    total = sum(map(sum, counts))
    cases = log.rows(log.cases.aggregate(n=log.cases.count()))[0]["n"]
    matrix = tuple(tuple(line) for line in counts)
    return HandOvers(tuple(names), matrix, total, kept, total / cases)


def _givers(log: Log, moved: "ir.Table", top: int) -> list[str]:
    """The resources of most successions, so that the matrix shows the most."""
    busy = moved.group_by("resource").agg(n=moved.count())
    rows = log.rows(busy.order_by([busy["n"].desc(), busy["resource"]]).limit(top))
    return [row["resource"] for row in rows]


def _one_of(column: Any, names: list[str]) -> Any:
    """The name where it is one of these, else NULL."""
    return column.isin(names).ifelse(column, None)


@dataclass(frozen=True)
class Workload:
    """Events by weekday (0 is Monday) and hour, in the time zone of the log.

    `hours[weekday][hour]` are counts, `weekend` is the share of Saturday and Sunday.
    """

    hours: tuple[tuple[int, ...], ...]
    zone: str
    total: int
    weekend: float | None


def workload(log: Log) -> Workload:
    """When events are recorded, in the zone that the import was told."""
    zone = ZoneInfo(log.meta.mapping.get("timezone") or "UTC")
    hours = [[0] * 24 for _ in range(7)]
    for moment, count in _by_hour(log, zone):
        local = moment.astimezone(zone)
        hours[local.weekday()][local.hour] += count
    total = sum(map(sum, hours))
    free = sum(map(sum, hours[5:]))
    return Workload(
        tuple(tuple(line) for line in hours),
        zone.key,
        total,
        free / total if total else None,
    )


def _by_hour(log: Log, zone: ZoneInfo) -> Iterator[tuple[datetime, int]]:
    """Events by hour in UTC; by quarter where the zone is not whole hours away.

    An hour is the same hour of the week wherever its parts are, but for the days on
    which clocks change: so whole hours are enough.
    """
    moments: Any = log.events["ts"]
    marked = log.events.mutate(hour=moments.truncate("h"))
    by = ["hour"]
    if not _is_whole(log, zone):
        marked = marked.mutate(quarter=(moments.minute() / 15).floor().cast("int64"))
        by.append("quarter")
    for row in log.rows(marked.group_by(by).agg(n=marked.count())):
        yield (
            row["hour"].replace(tzinfo=UTC) + row.get("quarter", 0) * (HOUR / QUARTERS),
            row["n"],
        )


def _is_whole(log: Log, zone: ZoneInfo) -> bool:
    """Whether the zone was always whole hours away in the years of the log."""
    first, last = (
        datetime.fromisoformat(one) for one in (log.meta.start, log.meta.end)
    )
    years = range(first.year, last.year + 1)
    days = [datetime(y, m, 1, tzinfo=UTC) for y in years for m in (1, 7)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return all(not one % HOUR for one in offsets if one is not None)
