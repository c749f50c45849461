"""Times in working hours: the same figures, counted only while people work."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from diagnosis.mining.lenses import Log
from diagnosis.mining.waiting import Spread, Times, gathered

MICRO = 1e6
DAY = timedelta(days=1)
MOST_DAYS = 110_000
"""More than a store can span: it takes the years 1900 to 2200."""
BATCH = 200_000
Moments = NDArray[np.int64]
Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class WorkingWeek:
    """When people work: intervals of each weekday (0 is Monday), holidays, a zone.

    An interval is (from, to) in hours of the local clock, 0 to 24; those of a day do
    not overlap. A day whose clock is moved is as long as it is.
    """

    days: tuple[tuple[tuple[float, float], ...], ...]
    holidays: frozenset[date] = frozenset()
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise ValueError("Give the intervals of seven weekdays.")
        for intervals in self.days:
            bounds = [bound for interval in intervals for bound in interval]
            if bounds != sorted(bounds) or not all(0 <= one <= 24 for one in bounds):
                raise ValueError("Give intervals in order, from 0 to 24 hours.")


class WorkingClock:
    """Counts the working seconds between moments of a span of days."""

    def __init__(self, week: WorkingWeek, first: datetime, last: datetime) -> None:
        """`first` and `last` are in UTC, without zone, as a store has them.

        :raises ValueError: the span is longer than three centuries.
        """
        if (last - first).days > MOST_DAYS:
            raise ValueError("The log spans more than three centuries.")
        opened = list(_opened(week, first.date() - DAY, last.date() + DAY))
        self.begins = np.array([one for one, _ in opened] or [0], np.int64)
        self.ends = np.array([one for _, one in opened] or [0], np.int64)
        lengths = self.ends - self.begins
        self.before = np.concatenate([[0], np.cumsum(lengths)[:-1]])

    def worked(self, moments: Moments) -> Moments:
        """Working microseconds since the clock began, at these microseconds."""
        place = np.searchsorted(self.begins, moments, "right") - 1
        known = np.maximum(place, 0)
        inside = np.minimum(moments, self.ends[known]) - self.begins[known]
        return np.where(place < 0, 0, self.before[known] + np.maximum(inside, 0))

    def between(self, earlier: Moments, later: Moments) -> Seconds:
        """Working seconds from each moment to the other, 0 where none lie between."""
        passed: Seconds = (self.worked(later) - self.worked(earlier)) / MICRO
        return passed


def _opened(week: WorkingWeek, first: date, last: date) -> Iterator[tuple[int, int]]:
    """The working intervals in UTC, as microseconds since 1970, in order."""
    zone = ZoneInfo(week.zone)
    for number in range((last - first).days + 1):
        day = first + number * DAY
        if day in week.holidays:
            continue
        for since, until in week.days[day.weekday()]:
            begin, end = (_micro(day, hour, zone) for hour in (since, until))
            if begin < end:
                yield begin, end


def _micro(day: date, hour: float, zone: ZoneInfo) -> int:
    """A local clock time in microseconds since 1970 in UTC; 24 is the next midnight."""
    if hour >= 24:
        day, hour = day + DAY, 0.0
    minutes = round(hour * 60)
    local = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    return round(local.astimezone(UTC).timestamp() * MICRO)


def plain_week(
    hours_per_day: float,
    begins: float = 8.0,
    free: Sequence[int] = (5, 6),
    holidays: Sequence[date] = (),
    zone: str = "UTC",
) -> WorkingWeek:
    """So many hours from `begins` on every weekday that is not free.

    A day that would end after midnight begins as much earlier.
    """
    begins = min(begins, 24 - hours_per_day)
    day = ((begins, begins + hours_per_day),)
    return WorkingWeek(
        tuple(() if weekday in free else day for weekday in range(7)),
        frozenset(holidays),
        zone,
    )


def shift_week(
    weekdays: Collection[int],
    shifts: Sequence[tuple[float, float]],
    holidays: Sequence[date] = (),
    zone: str = "UTC",
) -> WorkingWeek:
    """The same shifts, in hours of the local clock, on each of the weekdays.

    A shift that does not end after it begins goes on into the next day, whether that
    is one of the weekdays or not; a holiday cuts off what lies on it. Shifts that
    touch or overlap count once.

    :raises ValueError: there is no weekday or no shift, or hours are none of a day.
    """
    hours: list[list[tuple[float, float]]] = [[] for _ in range(7)]
    if not weekdays or not shifts:
        raise ValueError("Give at least one weekday and one shift.")
    for weekday in weekdays:
        for since, until in shifts:
            if since < until:
                hours[weekday].append((since, until))
                continue
            hours[weekday].append((since, 24.0))
            hours[(weekday + 1) % 7].append((0.0, until))
    return WorkingWeek(tuple(_joined(day) for day in hours), frozenset(holidays), zone)


def _joined(shifts: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """The shifts of a day in order, those that touch as one, empty ones left out."""
    found: list[tuple[float, float]] = []
    for since, until in sorted(shifts):
        if since == until:
            continue
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return tuple(found)


def working_times(log: Log, week: WorkingWeek) -> Times:
    """`waiting.times` in working seconds of the calendar.

    Work and waits outside of working hours count nothing, so a median may be 0.
    """
    clock = _clock_of(log, week)
    counts = _counts(log)
    waited = {name for name, (events, timed) in counts.items() if events == timed}
    work: dict[str, list[Seconds]] = defaultdict(list)
    before: dict[str, list[Seconds]] = defaultdict(list)
    for batch in _batches(log):
        done = batch["work_s"]
        took = clock.between(batch["ts"] - _whole(done), batch["ts"])
        _share_out(work, batch["activity"], took, ~np.isnan(done))
        _waits(clock, batch, before, waited)
    return gathered(
        counts,
        {name: _spread(parts) for name, parts in work.items()},
        {name: _spread(before[name]) if before[name] else None for name in counts},
    )


def working_durations(log: Log, week: WorkingWeek) -> Spread | None:
    """From first to last of each case in working seconds; None without cases."""
    clock = _clock_of(log, week)
    cases = log.cases.select("start", "end")
    found = log.table(cases)
    if not len(found):
        return None
    begin, end = (_moments(found.column(name)) for name in ("start", "end"))
    return _spread([clock.between(begin, end)])


def _clock_of(log: Log, week: WorkingWeek) -> WorkingClock:
    first, last = (
        datetime.fromisoformat(one) for one in (log.meta.start, log.meta.end)
    )
    return WorkingClock(week, first, last)


def _counts(log: Log) -> dict[str, tuple[int, int]]:
    """Events, and events with a start, of each activity."""
    events = log.events
    counted = events.group_by("activity").agg(
        events=events.count(), timed=events["work_s"].count()
    )
    return {row["activity"]: (row["events"], row["timed"]) for row in log.rows(counted)}


NAMES = ("activity", "next_activity")
NUMBERS = ("work_s", "wait_s", "gap_s")


@dataclass(frozen=True)
class Named:
    """The activities of some rows: codes into `names`, -1 where there is none."""

    codes: NDArray[np.int64]
    names: tuple[str, ...]


def _batches(log: Log) -> Iterator[dict[str, Any]]:
    """The events, some hundred thousand at a time, as arrays."""
    chosen = log.events.select(*NAMES, "ts", *NUMBERS)
    for batch in log.batches(chosen, BATCH):
        read: dict[str, Any] = {"ts": _moments(batch.column("ts"))}
        for name in NAMES:
            coded = batch.column(name).dictionary_encode()
            codes = coded.indices.fill_null(-1).to_numpy().astype(np.int64)
            read[name] = Named(codes, tuple(coded.dictionary.to_pylist()))
        for name in NUMBERS:
            read[name] = batch.column(name).to_numpy(zero_copy_only=False)
        yield read


def _moments(column: Any) -> Moments:
    """A column of times as microseconds since 1970."""
    found: Moments = np.asarray(column).astype("datetime64[us]").astype(np.int64)
    return found


def _whole(seconds: Seconds) -> Moments:
    """Seconds as microseconds; those that are not known as 0."""
    return np.round(np.nan_to_num(seconds) * MICRO).astype(np.int64)


def _waits(
    clock: WorkingClock,
    batch: dict[str, Any],
    before: dict[str, list[Seconds]],
    waited: set[str],
) -> None:
    """Add the time before the next event: its wait, or the gap where starts lack."""
    following: Named = batch["next_activity"]
    of_name = np.array([*(name in waited for name in following.names), False], bool)
    passed = np.where(of_name[following.codes], batch["wait_s"], batch["gap_s"])
    took = clock.between(batch["ts"], batch["ts"] + _whole(passed))
    _share_out(before, following, took, following.codes >= 0)


def _share_out(
    held: dict[str, list[Seconds]],
    named: Named,
    took: Seconds,
    known: NDArray[np.bool_],
) -> None:
    """Append the times of a batch to the activity that each belongs to."""
    for code, name in enumerate(named.names):
        mine = took[known & (named.codes == code)]
        if len(mine):
            held[name].append(mine)


def _spread(parts: list[Seconds]) -> Spread:
    seconds = np.concatenate(parts)
    median_s, p90_s = np.quantile(seconds, [0.5, 0.9])
    return Spread(len(seconds), float(median_s), float(p90_s), float(seconds.sum()))
