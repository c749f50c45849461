"""Working time against a reference that looks at every quarter of an hour."""

import tempfile
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnosis.mining.lenses import open_log
from diagnosis.mining.working import (
    WorkingClock,
    WorkingWeek,
    plain_week,
    shift_week,
    working_durations,
    working_times,
)
from tests.diagnosis.mining import small_logs
from tests.diagnosis.mining.small_logs import quantile, traces

BEGIN = datetime(2025, 3, 26)  # noqa: DTZ001 - the clocks of Europe move on the 30th
QUARTERS = 8 * 24 * 4
ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata"]
SPLIT = WorkingWeek(
    (((8, 12), (13, 17)), ((0, 24),), (), ((22, 24),), ((0, 2.5),), (), ((1, 4),)),
    frozenset({date(2025, 3, 31)}),
)


def slowly(week: WorkingWeek, earlier: datetime, later: datetime) -> int:
    """Working seconds, quarter by quarter of an hour."""
    zone, found = ZoneInfo(week.zone), 0
    while earlier < later:
        local = earlier.replace(tzinfo=UTC).astimezone(zone)
        hour = local.hour + local.minute / 60
        is_open = local.date() not in week.holidays and any(
            since <= hour < until for since, until in week.days[local.weekday()]
        )
        found += 900 * is_open
        earlier += timedelta(minutes=15)
    return found


def by_days(week: WorkingWeek, earlier: datetime, later: datetime) -> float:
    """Working seconds by the parts of each day, in clock times of a zone's summer."""
    zone, found = ZoneInfo(week.zone), 0.0
    begin, end = (one.replace(tzinfo=UTC) for one in (earlier, later))
    for number in range(-1, (later - earlier).days + 3):
        day = begin.astimezone(zone).date() + timedelta(days=number)
        for since, until in week.days[day.weekday()]:
            opens = datetime(day.year, day.month, day.day, since, tzinfo=zone)
            closes = opens.replace(hour=until)
            overlap = min(closes.astimezone(UTC), end) - max(
                opens.astimezone(UTC), begin
            )
            found += max(overlap.total_seconds(), 0)
    return found


def micro(moment: datetime) -> int:
    return round(moment.replace(tzinfo=UTC).timestamp()) * 1_000_000


class TestWorkingClock:
    @pytest.mark.parametrize("zone", ZONES)
    @settings(max_examples=12, deadline=None)
    @given(since=st.integers(0, QUARTERS), more=st.integers(0, 3 * 24 * 4))
    def test_counts_as_if_every_quarter_were_looked_at(self, zone, since, more):
        week = WorkingWeek(SPLIT.days, SPLIT.holidays, zone)
        earlier = BEGIN + timedelta(minutes=15 * since)
        later = earlier + timedelta(minutes=15 * more)
        clock = WorkingClock(week, BEGIN, BEGIN + timedelta(days=12))

        found = clock.between(np.array([micro(earlier)]), np.array([micro(later)]))

        assert found[0] == slowly(week, earlier, later)

    def test_counts_a_plain_week(self):
        week = plain_week(8, 9, holidays=[date(2025, 4, 1)])
        monday = datetime(2025, 3, 31, 16)  # noqa: DTZ001
        clock = WorkingClock(week, monday, monday + timedelta(days=9))

        spans = [timedelta(minutes=30), timedelta(hours=20), timedelta(days=7)]
        found = [
            clock.between(np.array([micro(monday)]), np.array([micro(monday + span)]))
            for span in spans
        ]

        assert [one[0] / 3600 for one in found] == [0.5, 1, 32]

    def test_begins_earlier_where_the_day_would_pass_midnight(self):
        assert plain_week(20, 8).days[0] == ((4, 24),)

    def test_knows_nobody_who_works(self):
        week = WorkingWeek(((),) * 7)
        clock = WorkingClock(week, BEGIN, BEGIN)

        assert clock.between(np.array([micro(BEGIN)]), np.array([2**60])) == [0]

    @pytest.mark.parametrize(
        "days",
        [((),) * 6, (((8, 7),),) * 7, (((0, 25),),) * 7, (((8, 12), (9, 10)),) * 7],
    )
    def test_refuses_what_is_no_week(self, days):
        with pytest.raises(ValueError, match="Give"):
            WorkingWeek(days)

    def test_refuses_a_span_of_centuries(self):
        with pytest.raises(ValueError, match="three centuries"):
            WorkingClock(SPLIT, datetime(1500, 1, 1), BEGIN)  # noqa: DTZ001


class TestWorkingTimes:
    @settings(max_examples=5, deadline=None)
    @given(small_logs.rows())
    def test_are_those_of_the_reference(self, rows):
        week = plain_week(8, 9, zone="Europe/Berlin")
        held = traces(rows)
        work, before = defaultdict(list), defaultdict(list)
        timed = defaultdict(list)
        for trace in held.values():
            for row in trace:
                timed[row.activity].append(row.start is not None)
                if row.start:
                    work[row.activity].append(by_days(week, row.start, row.end))
        for trace in held.values():
            for row, then in pairwise(trace):
                until = then.start if all(timed[then.activity]) else then.end
                before[then.activity].append(by_days(week, row.end, until))

        with (
            tempfile.TemporaryDirectory() as folder,
            open_log(small_logs.store_of(rows, Path(folder))) as log,
        ):
            found = working_times(log, week)
            spread = working_durations(log, week)

        assert {row.activity for row in found.activities} == set(timed)
        for row in found.activities:
            same(row.work, work[row.activity])
            same(row.before, before[row.activity])
        firsts = {
            case: min(min(row.start or row.end, row.end) for row in trace)
            for case, trace in held.items()
        }
        same(
            spread,
            [
                by_days(week, firsts[case], trace[-1].end)
                for case, trace in held.items()
            ],
        )


def same(found, values):
    if not values:
        assert found is None
        return
    assert found.count == len(values)
    assert found.median_s == pytest.approx(median(values))
    assert found.p90_s == pytest.approx(quantile(values, 0.9))
    assert found.sum_s == pytest.approx(sum(values))


def worked(week: WorkingWeek, begin: str, end: str) -> float:
    """Working hours between two moments of UTC."""
    moments = [datetime.fromisoformat(one) for one in (begin, end)]
    clock = WorkingClock(week, *moments)
    found = clock.between(*(np.array([micro(one)]) for one in moments))
    return float(found[0]) / 3600


class TestShiftWeek:
    """Counted by hand: 3 November 2025 is a Monday."""

    WEEK = ("2025-11-03T00:00", "2025-11-10T00:00")

    def test_takes_a_break_out(self) -> None:
        week = shift_week(range(5), [(8, 12), (13, 16.5)])

        assert worked(week, *self.WEEK) == 5 * 7.5
        assert worked(week, "2025-11-03T11:00", "2025-11-03T14:00") == 2

    def test_counts_two_shifts(self) -> None:
        week = shift_week([0, 5], [(6, 14), (14, 22)])

        assert week.days[0] == ((6, 22),)
        assert worked(week, *self.WEEK) == 32

    def test_goes_on_after_midnight(self) -> None:
        week = shift_week([4], [(22, 6)])

        assert week.days[4:6] == (((22, 24.0),), ((0.0, 6),))
        assert worked(week, *self.WEEK) == 8
        assert worked(week, "2025-11-07T23:00", "2025-11-08T09:00") == 7

    def test_goes_from_sunday_into_monday(self) -> None:
        week = shift_week([6], [(20, 2)])

        assert worked(week, *self.WEEK) == 4 + 2

    def test_counts_hours_in_two_shifts_once(self) -> None:
        week = shift_week([0, 1], [(22, 6), (5, 9)])

        assert week.days[1] == ((0.0, 9), (22, 24.0))
        assert worked(week, *self.WEEK) == (4 + 2) + (9 + 2) + 6

    def test_is_a_whole_day_where_it_ends_as_it_begins(self) -> None:
        assert worked(shift_week([2], [(0, 0)]), *self.WEEK) == 24
        assert worked(shift_week([2], [(8, 8)]), *self.WEEK) == 24

    def test_leaves_out_the_part_on_a_holiday(self) -> None:
        week = shift_week([3, 4], [(22, 6)], [date(2025, 11, 7)])

        assert worked(week, *self.WEEK) == 2 + 6

    def test_knows_the_zone(self) -> None:
        week = shift_week([0], [(8, 16)], zone="Europe/Berlin")

        assert worked(week, "2025-11-03T07:00", "2025-11-03T08:00") == 1
        assert worked(week, "2025-11-03T06:00", "2025-11-03T07:00") == 0

    @pytest.mark.parametrize(
        ("days", "shifts"), [([], [(8, 16)]), ([0], []), ([0], [(8, 25)])]
    )
    def test_refuses_what_is_no_week(self, days, shifts) -> None:
        with pytest.raises(ValueError, match="Give"):
            shift_week(days, shifts)
