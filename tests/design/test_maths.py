"""The case by year and the plan on the calendar, against hand calculations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from design.maths.case import Line, business_case
from design.maths.plan import Task, plan_of, working_day
from design.maths.sensitivity import sensitivity, weight_ranges

MONDAY = date(2026, 3, 2)


class TestBusinessCase:
    def test_adds_up_by_year_and_values(self) -> None:
        lines = [
            Line(False, 0, Decimal(100)),
            Line(True, 1, Decimal(60)),
            Line(True, 2, Decimal(70)),
            Line(False, 2, Decimal(10)),
        ]

        case = business_case(lines, Decimal(10))

        assert case.flows == (-100, 60, 60)
        assert case.cumulative == [-100, -40, 20]
        assert (case.cost, case.benefit) == (110, 130)
        assert case.npv == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
        assert case.payback_years == pytest.approx(1 + 40 / 60)
        assert case.irr == pytest.approx(0.130662, abs=1e-6)

    def test_years_between_count_as_nothing(self) -> None:
        case = business_case([Line(True, 3, Decimal(5))], Decimal(0))

        assert case.flows == (0, 0, 0, 5)
        assert case.irr is None

    def test_never_paid_back_is_nothing(self) -> None:
        case = business_case([Line(False, 0, Decimal(5))], Decimal(8))

        assert case.payback_years is None

    def test_refuses_no_lines(self) -> None:
        with pytest.raises(ValueError, match="at least one"):
            business_case([], Decimal(8))


class TestWorkingDay:
    @pytest.mark.parametrize(
        ("begin", "offset", "day"),
        [
            (MONDAY, 0, date(2026, 3, 2)),
            (MONDAY, 4, date(2026, 3, 6)),
            (MONDAY, 5, date(2026, 3, 9)),
            (date(2026, 3, 5), 3, date(2026, 3, 10)),
            (date(2026, 3, 7), 0, date(2026, 3, 9)),
            (date(2026, 3, 8), 6, date(2026, 3, 17)),
        ],
    )
    def test_leaves_weekends_out(self, begin: date, offset: int, day: date) -> None:
        assert working_day(begin, offset) == day


class TestPlanOf:
    def test_places_tasks_as_early_as_they_can(self) -> None:
        tasks = [Task(1, 3), Task(2, 2), Task(3, 4, after=(1, 2, 99))]

        plan = plan_of(tasks, MONDAY)

        assert plan.duration == 7
        assert plan.critical == (1, 3)
        assert plan.placed[2].slack == 1
        assert plan.placed[3].starts_on == date(2026, 3, 5)
        assert plan.placed[3].ends_on == date(2026, 3, 10)

    def test_keeps_given_dates(self) -> None:
        due = date(2026, 5, 1)

        plan = plan_of([Task(1, 3, starts_on=MONDAY, due_on=due)], MONDAY)

        assert (plan.placed[1].starts_on, plan.placed[1].ends_on) == (MONDAY, due)

    def test_never_starts_after_the_due_day(self) -> None:
        due = date(2026, 2, 27)

        plan = plan_of([Task(1, 3, due_on=due)], MONDAY)

        assert plan.placed[1].starts_on == due

    def test_names_a_circle(self) -> None:
        plan = plan_of([Task(1, 1, after=(2,)), Task(2, 1, after=(1,))], MONDAY)

        assert plan.duration is None
        assert set(plan.loop) == {1, 2}
        assert plan.placed[1].slack is None

    def test_nothing_lasts_nothing(self) -> None:
        assert plan_of([], MONDAY).duration == 0


class TestWeightRanges:
    def test_ends_where_a_rival_overtakes(self) -> None:
        matrix = [[80, 70], [10, 90], [90, 30]]

        first, second = weight_ranges(matrix, [0.6, 0.4], 0)

        assert (first.low, first.high) == (pytest.approx(20 / 90), pytest.approx(0.8))
        assert (first.below, first.above) == (1, 2)
        assert (second.low, second.high) == (
            pytest.approx(0.2),
            pytest.approx(70 / 90),
        )
        assert (second.below, second.above) == (2, 1)

    def test_is_everything_where_nobody_can_overtake(self) -> None:
        found = weight_ranges([[9, 9], [1, 1], [9, 8]], [0.5, 0.5], 0)

        assert [(one.low, one.high) for one in found] == [(0, 1), (0, 1)]

    def test_has_no_room_where_one_has_all_the_weight(self) -> None:
        found = weight_ranges([[9, 1], [1, 9]], [1, 0], 0)

        assert (found[0].low, found[0].high) == (1, 1)
        assert found[1].high == 0.5


class TestSensitivity:
    def test_names_the_smallest_change_that_reverses_a_pair(self) -> None:
        found = sensitivity([[80, 70], [10, 90], [90, 30]], [0.6, 0.4])

        assert found.scores == (76, 42, 66)
        assert found.relative_change_pct["1-2"] == (
            pytest.approx(100 * (34 / 70) / 0.6),
            pytest.approx(100 * (-34 / 20) / 0.4),
        )
        assert found.top_critical is not None
        assert found.top_critical.pair == "1-3"
        assert found.top_critical.change_pct == pytest.approx(62.5)

    def test_has_no_change_where_nothing_can_reverse(self) -> None:
        found = sensitivity([[9, 5], [1, 5]], [1, 0])

        assert found.top_critical is None or found.top_critical.change_pct == 100
        assert found.relative_change_pct["1-2"][1] is None

    def test_counts_who_is_first(self) -> None:
        clear = sensitivity([[9, 9], [1, 1]], [0.5, 0.5])
        tied = sensitivity([[5, 5], [5, 5]], [0.5, 0.5])
        open_race = sensitivity([[10, 0], [0, 10]], [0.5, 0.5])

        assert clear.first_shares == (1, 0)
        assert tied.first_shares == (1, 1)
        assert open_race.first_shares[0] == pytest.approx(0.5, abs=0.02)

    def test_takes_all_zeros(self) -> None:
        found = sensitivity([[0], [0]], [1])

        assert found.any_critical is None
        assert found.first_shares == (1, 1)

    @pytest.mark.parametrize(
        ("matrix", "weights", "field"),
        [
            ([[1]], [1], "matrix"),
            ([[1, 2], [3]], [1, 1], "matrix\\[2\\]"),
            ([[1], [2]], [0], "weights"),
            ([[1] * 51, [2] * 51], [1] * 51, "weights"),
        ],
    )
    def test_refuses_by_name(self, matrix: list, weights: list, field: str) -> None:
        with pytest.raises(ValueError, match=field):
            sensitivity(matrix, weights)
