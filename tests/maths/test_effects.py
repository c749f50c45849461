"""The change from before to after."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.maths.effects import difference

SLEEP_BEFORE = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_AFTER = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


class TestDifference:
    def test_equals_the_published_example(self) -> None:
        result = difference(SLEEP_BEFORE, SLEEP_AFTER)

        assert result.change == pytest.approx(1.58)
        assert (result.mean_before, result.mean_after) == pytest.approx((0.75, 2.33))
        assert (result.sd_before, result.sd_after) == pytest.approx(
            (1.789010, 2.002249), abs=1e-6
        )

    def test_equals_the_hand_calculation(self) -> None:
        result = difference([12, 11, 13, 12], [9, 8, 10, 9], "lower")

        assert (result.n_before, result.n_after) == (4, 4)
        assert (result.change, result.median_change) == (-3, -3)
        assert result.relative_change == pytest.approx(-0.25)
        assert result.median_relative_change == pytest.approx(-0.25)
        assert (result.direction, result.is_descriptive) == ("better", False)

    @pytest.mark.parametrize(
        ("after", "better", "direction"),
        [
            (2, "higher", "better"),
            (2, "lower", "worse"),
            (0.5, "higher", "worse"),
            (1, "higher", "same"),
        ],
    )
    def test_tells_the_direction(
        self, after: float, better: Any, direction: str
    ) -> None:
        assert difference([1], [after], better).direction == direction

    def test_counts_from_the_size_of_a_negative_level(self) -> None:
        assert difference([-4], [-2]).relative_change == pytest.approx(0.5)

    @pytest.mark.parametrize(
        ("before", "after", "is_descriptive"),
        [
            ([1, 2], [1, 2, 3], True),
            ([1, 2, 3], [4, 5], True),
            ([1, 1, 1], [2, 2, 2], True),
            ([1, 1, 1], [2, 2, 3], False),
        ],
    )
    def test_stays_descriptive_without_enough_to_compare(
        self, before: list[int], after: list[int], is_descriptive: bool
    ) -> None:
        assert difference(before, after).is_descriptive is is_descriptive

    def test_has_no_relative_change_from_zero(self) -> None:
        result = difference([0, 0], [1, 1])

        assert (result.change, result.relative_change) == (1, None)
        assert result.reason == "zero_denominator"

    @pytest.mark.parametrize(("before", "after"), [([], [1]), ([1], []), ([], [])])
    def test_is_undefined_with_an_empty_side(
        self, before: list[int], after: list[int]
    ) -> None:
        result = difference(before, after)

        assert (result.change, result.direction) == (None, None)
        assert result.reason == "insufficient_data"

    @given(
        st.lists(st.integers(-1000, 1000), min_size=1),
        st.lists(st.integers(-1000, 1000), min_size=1),
    )
    def test_turns_round_with_its_sides(
        self, before: list[int], after: list[int]
    ) -> None:
        there, back = difference(before, after), difference(after, before)

        assert there.change is not None
        assert back.change == pytest.approx(-there.change)
        assert (
            there.direction
            == difference(
                [-value for value in before], [-value for value in after], "lower"
            ).direction
        )

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ((["a"], [1]), r"before\[1\]: give a number"),
            (([1], None), "after: give a list"),
            (([1], [1], "more"), "better: choose one of higher, lower"),
        ],
    )
    def test_refuses(self, inputs: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            difference(*inputs)
