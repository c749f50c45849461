"""Working days, the end of work, and a plan that is moved."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.maths.calendars import (
    Calendar,
    Change,
    Span,
    end,
    moved,
    reschedule,
    working_days,
)

EASTER = ["2026-04-03", "2026-04-06"]
MONDAY = date(2026, 3, 2)
ROWS = [
    {"id": "1", "starts": "2026-03-02", "ends": "2026-03-06", "gate": "2026-03-09"},
    {"id": "2", "starts": "2026-03-10", "ends": "2026-03-16", "gate": "2026-03-16"},
    {"id": "3"},
    {"id": "4", "starts": "2026-03-12", "ends": "2026-03-20", "gate": "2026-03-20"},
]


class TestWorkingDays:
    def test_leave_out_weekend_and_holidays(self) -> None:
        assert working_days("2026-04-01", "2026-04-08", EASTER).days == 4

    def test_are_none_on_a_free_day(self) -> None:
        assert working_days("2026-04-03", "2026-04-06", EASTER).days == 0

    def test_follow_the_weekend_of_the_country(self) -> None:
        assert working_days("2026-03-06", "2026-03-08", weekend=[4, 5]).days == 1

    @pytest.mark.parametrize(
        ("start", "finish", "weekend"),
        [
            ("2026-04-02", "2026-04-01", [5, 6]),
            ("never", "2026-04-01", [5, 6]),
            ("1800-01-01", "2026-04-01", [5, 6]),
            ("2026-04-01", "2026-04-02", [0, 1, 2, 3, 4, 5, 6]),
            ("2026-04-01", "2026-04-02", [7]),
        ],
    )
    def test_refuse_what_is_no_span(self, start, finish, weekend) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(ValueError, match=r"give|leave|number"):
            working_days(start, finish, weekend=weekend)


class TestEnd:
    def test_steps_over_free_days(self) -> None:
        found = end("2026-04-01", 4, EASTER)

        assert found.ends == date(2026, 4, 8)

    def test_begins_on_the_next_working_day(self) -> None:
        found = end("2026-03-07", 1)

        assert (found.starts, found.ends) == (date(2026, 3, 9), date(2026, 3, 9))

    @given(st.integers(1, 400), st.integers(0, 300))
    def test_is_the_inverse_of_counting(self, days: int, shift: int) -> None:
        start = (MONDAY + timedelta(days=shift)).isoformat()

        found = end(start, days, EASTER)

        last = found.ends.isoformat()
        assert working_days(found.starts.isoformat(), last, EASTER).days == days


class TestReschedule:
    def test_moves_the_later_phases_by_working_days(self) -> None:
        found = reschedule(ROWS, [{"id": "1", "days": 7}])

        first, second, third, fourth = found.rows
        assert (first.ends, first.gate) == (date(2026, 3, 10), date(2026, 3, 11))
        assert (second.starts, second.ends) == (date(2026, 3, 12), date(2026, 3, 18))
        assert third.starts is None
        assert (fourth.starts, fourth.ends) == (date(2026, 3, 16), date(2026, 3, 24))
        assert found.moved == ("1", "2", "4")

    def test_leaves_what_lies_before(self) -> None:
        found = reschedule(ROWS, [{"id": "4", "starts": "2026-03-14"}])

        assert found.moved == ("4",)
        assert found.rows[3].starts == date(2026, 3, 16)

    def test_sets_a_gate_apart(self) -> None:
        found = reschedule(ROWS, [{"id": "1", "gate": "2026-03-31"}])

        assert found.rows[0].gate == date(2026, 3, 31)
        assert found.moved == ("1",)

    def test_dates_a_phase_that_had_none(self) -> None:
        found = reschedule(ROWS, [{"id": "3", "starts": "2026-03-17", "days": 2}])

        assert found.rows[2] == Span(
            "3", date(2026, 3, 17), date(2026, 3, 18), date(2026, 3, 18)
        )

    def test_keeps_a_start_without_a_length(self) -> None:
        rows = [{"id": "1", "starts": "2026-03-02"}]

        found = reschedule(rows, [{"id": "1", "starts": "2026-03-03"}])

        assert found.rows[0] == Span("1", date(2026, 3, 3))

    @pytest.mark.parametrize(
        ("rows", "changes"),
        [
            ([*ROWS, {"id": "1"}], []),
            (ROWS, [{"id": "9"}]),
            (ROWS, [{"id": "1", "days": 0}]),
            ([{"id": "1", "starts": "2026-03-02", "ends": "2026-03-01"}], []),
        ],
    )
    def test_refuses_what_makes_no_sense(self, rows, changes) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(ValueError, match=r"once|no row|1 or more|before"):
            reschedule(rows, changes)

    @given(
        st.lists(
            st.tuples(st.integers(-5, 20), st.integers(1, 40), st.integers(-3, 9)),
            min_size=2,
            max_size=8,
        ),
        st.integers(1, 60),
    )
    def test_keeps_lengths_gaps_and_lags(
        self, shapes: list[tuple[int, int, int]], days: int
    ) -> None:
        known = Calendar([date(2026, 4, 3), date(2026, 4, 6)])
        spans, before = [], MONDAY
        for place, (gap, length, lag) in enumerate(shapes):
            starts = known.step(before, gap)
            ends = known.end(starts, length)
            spans.append(Span(str(place), starts, ends, known.step(ends, lag)))
            before = ends + timedelta(days=1)

        found = moved(spans, {"0": Change(days=days)}, known)

        for old, new in zip(spans[1:], found.rows[1:], strict=True):
            assert measures(old, known) == measures(new, known)
        for old, new in zip(pairwise(spans), pairwise(found.rows), strict=True):
            assert gap_of(*old, known) == gap_of(*new, known)


def measures(one: Span, known: Calendar) -> tuple[int, int]:
    assert one.starts
    assert one.ends
    assert one.gate
    return known.length(one.starts, one.ends), known.between(one.ends, one.gate)


def gap_of(one: Span, two: Span, known: Calendar) -> int:
    assert one.ends
    assert two.starts
    return known.between(one.ends + timedelta(days=1), two.starts)
