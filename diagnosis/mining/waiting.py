"""Waiting against working, and how many cases are open over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from diagnosis.mining.lenses import Log, closed_cases

WEEK = timedelta(days=7)
MOST_PERIODS = 1_200


@dataclass(frozen=True)
class Spread:
    """How long something takes: how many times, and seconds in the middle."""

    count: int
    median_s: float
    p90_s: float
    sum_s: float


@dataclass(frozen=True)
class ActivityTime:
    """An activity, the time spent in it and the time before it.

    `timed` counts events with a start. `work` is from start to end, None without
    starts. `before` is the wait from the end of the event before to the start of this
    one, floored at 0, where every event has a start (`is_wait`); else the time between
    the two ends, called transition time and never waiting. None where the activity
    only begins cases.
    """

    activity: str
    events: int
    timed: int
    is_wait: bool
    work: Spread | None
    before: Spread | None


@dataclass(frozen=True)
class Times:
    """All activities, those with the most time before them first.

    `work_s`, `wait_s` and `transition_s` are sums over all of them.
    """

    activities: tuple[ActivityTime, ...]
    work_s: float
    wait_s: float
    transition_s: float

    @property
    def work_share(self) -> float | None:
        """Working of working and waiting, 0 to 1; None where starts are not known."""
        whole = self.work_s + self.wait_s
        return self.work_s / whole if self.work_s and whole else None


def times(log: Log) -> Times:
    """Service and waiting time of each activity.

    A start after its end is no start (the import says so); overlapping work has a
    wait of 0.
    """
    events = log.events
    counted = events.group_by("activity").agg(
        events=events.count(), timed=events["work_s"].count()
    )
    counts = {r["activity"]: (r["events"], r["timed"]) for r in log.rows(counted)}
    has_work = any(timed for _, timed in counts.values())
    work = _spreads(log, "activity", "work_s") if has_work else {}
    waited = {name for name, (all_, timed) in counts.items() if timed == all_}
    wait = _spreads(log, "next_activity", "wait_s") if waited else {}
    gaps = len(waited) < len(counts)
    between = _spreads(log, "next_activity", "gap_s") if gaps else {}
    before = {name: (wait if name in waited else between).get(name) for name in counts}
    return gathered(counts, work, before)


def gathered(
    counts: dict[str, tuple[int, int]],
    work: dict[str, Spread],
    before: dict[str, Spread | None],
) -> Times:
    """The rows of activities from (events, timed) and their times."""
    rows = [
        ActivityTime(name, events, timed, timed == events, work.get(name), before[name])
        for name, (events, timed) in counts.items()
    ]
    rows.sort(key=lambda row: (-_sum(row.before), row.activity))
    return Times(
        tuple(rows),
        sum(_sum(row.work) for row in rows),
        sum(_sum(row.before) for row in rows if row.is_wait),
        sum(_sum(row.before) for row in rows if not row.is_wait),
    )


def _sum(spread: Spread | None) -> float:
    return spread.sum_s if spread else 0.0


def _spreads(log: Log, by: str, column: str) -> dict[str, Spread]:
    """Count, median, p90 and sum of a column of seconds."""
    rows = log.events.filter(log.events[column].notnull() & log.events[by].notnull())
    seconds: Any = rows[column]
    counted = rows.group_by(by).agg(
        count=rows.count(), middle=seconds.quantile([0.5, 0.9]), sum_s=seconds.sum()
    )
    found = {}
    for row in log.rows(counted):
        median_s, p90_s = row["middle"]
        found[row[by]] = Spread(row["count"], median_s, p90_s, row["sum_s"])
    return found


@dataclass(frozen=True)
class OpenCases:
    """A week or month that begins on `start`: arrivals, departures, open at its end."""

    start: date
    arrived: int
    left: int
    open: int


def open_cases(
    log: Log, unit: str = "month", closing: Sequence[str] = ()
) -> list[OpenCases]:
    """Cases that came, went and were open by 'month' or 'week' (from Monday, UTC).

    Every period from the first to the last is there. A case leaves with its last
    event; with `closing`, only if that is one of these activities: the others stay
    open. Before its first case a log knows nothing, so its first periods read low.
    A log of more than 1,200 periods shows its last ones.
    """
    letter = {"month": "M", "week": "W"}[unit]
    arrived = _by_period(log, log.cases, "start", letter)
    left = _by_period(log, closed_cases(log, closing), "end", letter)
    if not arrived:
        return []
    day, last = min(arrived), max([*arrived, *left])
    found, still = [], 0
    while day <= last:
        came, went = arrived.get(day, 0), left.get(day, 0)
        still += came - went
        found.append(OpenCases(day, came, went, still))
        day = _next(day, unit)
    return found[-MOST_PERIODS:]


def _by_period(log: Log, cases: Any, column: str, letter: str) -> dict[date, int]:
    marked = cases.mutate(period=cases[column].truncate(letter))
    rows = log.rows(marked.group_by("period").agg(cases=marked.count()))
    return {_day(row["period"]): row["cases"] for row in rows}


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _next(day: date, unit: str) -> date:
    if unit == "week":
        return day + WEEK
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
