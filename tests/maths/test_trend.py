"""Completion at the present pace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from programmes.maths.trend import completion


class TestCompletion:
    def test_equals_the_worked_example(self) -> None:
        found = completion([0, 7, 14, 21], [2, 4, 4, 8], 12)

        assert found.pace == pytest.approx(2 / 7)
        assert found.day == pytest.approx(35)

    @given(
        st.lists(
            st.tuples(st.integers(0, 28), st.integers(-50, 50)),
            min_size=3,
            max_size=20,
            unique_by=lambda one: one[0],
        )
    )
    def test_has_the_slope_of_the_library(self, rows: list[tuple[int, int]]) -> None:
        days, values = zip(*rows, strict=True)

        found = completion(days, values, 1000)

        assert found.pace == pytest.approx(theilslopes(values, days)[0])

    @given(st.integers(1, 9), st.integers(3, 20))
    def test_a_line_arrives_when_it_arrives(self, pace: int, n: int) -> None:
        found = completion(range(n), [pace * one for one in range(n)], pace * (n + 4))

        assert found.day == pytest.approx(n + 4)

    def test_forgets_what_was_before_the_window(self) -> None:
        found = completion([-90, 0, 10, 20], [0, 5, 5, 5], 9)

        assert (found.points, found.day, found.reason) == (3, None, "not_reached")

    @pytest.mark.parametrize(
        ("days", "values", "reason"),
        [
            ([], [], "insufficient_data"),
            ([1, 2], [1, 2], "insufficient_data"),
            ([1, 2, 3], [3, 2, 1], "not_reached"),
        ],
    )
    def test_says_why_there_is_no_day(
        self, days: list[int], values: list[int], reason: str
    ) -> None:
        assert completion(days, values, 9).reason == reason

    def test_a_reached_goal_is_reached_on_the_newest_day(self) -> None:
        assert completion([3, 1], [5, 0], 5).day == 3

    @pytest.mark.parametrize(("days", "values"), [([1, 1], [1, 2]), ([1], [1, 2])])
    def test_refuses_uneven_points(self, days: list[int], values: list[int]) -> None:
        with pytest.raises(ValueError, match="give"):
            completion(days, values, 3)
