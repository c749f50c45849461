"""Control charts of single values and their rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.maths.control import D2, RANGE_LIMIT, RULE_SETS, rules, xmr

FLOW_RATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
SERIES = st.lists(st.floats(-1000, 1000), min_size=2, max_size=40)


class TestXmr:
    def test_equals_the_published_example(self) -> None:
        result = xmr(FLOW_RATE)

        assert result.center == pytest.approx(50.81)
        assert result.mr_bar == pytest.approx(1.8778, abs=1e-4)
        assert (result.lcl, result.ucl) == pytest.approx((45.8159, 55.8041), abs=2e-3)
        assert result.signals == ()

    def test_knows_the_constants(self) -> None:
        assert pytest.approx(1.128379, abs=1e-6) == D2
        assert pytest.approx(3.2665, abs=1e-4) == RANGE_LIMIT

    def test_equals_the_hand_calculation(self) -> None:
        result = xmr([1, 3, 2])

        assert result.moving_ranges == (2, 1)
        assert result.sigma == pytest.approx(1.5 / D2)

    def test_judges_later_points_by_the_baseline(self) -> None:
        result = xmr([5, 6, 5, 6, 5, 20], baseline=5)

        assert result.center == pytest.approx(5.4)
        assert result.mr_bar == 1
        assert result.signals == (6,)
        assert result.mr_signals == (6,)

    def test_has_no_signal_without_variation(self) -> None:
        result = xmr([0.1] * 9)

        assert (result.center, result.ucl, result.lcl) == (0.1, 0.1, 0.1)
        assert (result.sigma, result.signals, result.mr_signals) == (0, (), ())

    def test_signals_a_move_away_from_a_constant_baseline(self) -> None:
        assert xmr([0, 0, 0, 5], baseline=3).signals == (4,)

    @pytest.mark.parametrize(("values", "center"), [([], None), ([5], 5)])
    def test_has_no_limits_below_two_points(
        self, values: list[int], center: int | None
    ) -> None:
        result = xmr(values)

        assert (result.center, result.ucl) == (center, None)
        assert result.reason == "insufficient_data"

    @given(SERIES, st.floats(-100, 100))
    def test_moves_with_the_series(self, values: list[float], shift: float) -> None:
        plain, moved = xmr(values), xmr([value + shift for value in values])

        assert plain.center is not None
        assert moved.center == pytest.approx(plain.center + shift, abs=1e-6)
        assert moved.sigma == pytest.approx(plain.sigma, abs=1e-6)

    @pytest.mark.parametrize(
        ("values", "baseline", "message"),
        [
            ([1, "a"], None, r"values\[2\]: give a number"),
            ([1, 2], 1, "baseline: give 2 or more"),
            ([1, 2], 3, "baseline: give 2 or less"),
        ],
    )
    def test_refuses(self, values: Any, baseline: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            xmr(values, baseline)


class TestNelsonRules:
    @pytest.mark.parametrize(
        ("rule", "values", "points"),
        [
            ("1", [0, 3.01, -3.5, 3.0, -3.0], (2, 3)),
            ("2", [0.1] * 10, (9, 10)),
            ("2", [0.1] * 8 + [0] + [0.1] * 8, ()),
            ("3", [1, 2, 3, 4, 5, 6, 7], (6, 7)),
            ("3", [6, 5, 4, 3, 2, 1], (6,)),
            ("3", [1, 2, 3, 3, 4, 5, 6], ()),
            ("4", [0.5, -0.5] * 7, (14,)),
            ("4", [0.5, -0.5] * 6 + [-0.5, 0.5], ()),
            ("5", [2.1, 0, 2.2], (3,)),
            ("5", [2.1, -2.2, 0, 2.0, 2.1], ()),
            ("5", [2.1, 2.2], (2,)),
            ("6", [1.1, 1.2, 0.2, 1.5, 1.4, 0], (5,)),
            ("7", [0.9, -0.9, 0] * 5, (15,)),
            ("7", [0.9] * 7 + [1.0] + [0.9] * 7, ()),
            ("8", [1.2, -1.4] * 4, (8,)),
            ("8", [1.2, -1.4] * 3 + [1.0, 1.2], ()),
        ],
    )
    def test_flag_the_last_point_of_the_pattern(
        self, rule: str, values: list[float], points: tuple[int, ...]
    ) -> None:
        assert rules(values, 0, 1, "nelson").signals[rule] == points


class TestOtherRules:
    def test_of_western_electric(self) -> None:
        result = rules([0.2, 2.3, 2.4, 1.2, 1.3, 0.1], 0, 1, "western_electric")

        assert result.signals == {"1": (), "2": (3,), "3": (5,), "4": ()}
        assert result.points == (3, 5)

    def test_of_wheeler_are_the_default(self) -> None:
        result = rules([0, 1.6, 0.2, 1.7, 1.8, 0, 0, 0], 0, 1)

        assert result.rule_set == "wheeler"
        assert result.signals == {"1": (), "2": (5,), "3": ()}
        assert set(result.descriptions) == {"1", "2", "3"}

    def test_flag_a_run_of_eight(self) -> None:
        assert rules([-0.2] * 8, 0, 1).signals["3"] == (8,)


class TestRules:
    def test_may_be_chosen_one_by_one(self) -> None:
        result = rules([4] * 9, 0, 1, "nelson", only=[2, 1])

        assert list(result.signals) == ["1", "2"]

    def test_take_a_point_on_a_limit_for_no_signal_in_spite_of_rounding(self) -> None:
        assert rules([0.1 + 3 * 0.1], 0.1, 0.1).points == ()
        assert rules([0.7], 0.1, 0.2).points == ()

    @pytest.mark.parametrize("rule_set", RULE_SETS)
    def test_find_nothing_in_a_constant_series(self, rule_set: Any) -> None:
        assert rules([5] * 30, 5, 0, rule_set).points == ()
        assert rules([], 5, 1, rule_set).points == ()

    @given(st.lists(st.integers(-40, 40).map(lambda tenth: tenth / 10), max_size=30))
    def test_treat_both_sides_alike(self, values: list[float]) -> None:
        mirrored = [-value for value in values]

        for rule_set in RULE_SETS:
            assert rules(values, 0, 1, rule_set) == rules(mirrored, 0, 1, rule_set)

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            (([1], 0, -1), "sigma: give 0 or more"),
            (([1], None, 1), "center: give a number"),
            (([1], 0, 1, "shewhart"), "rule_set: choose one of nelson"),
            (([1], 0, 1, "wheeler", [4]), "only: give 3 or less"),
            (([1], 0, 1, "wheeler", []), "only: give at least 1"),
        ],
    )
    def test_refuse(self, inputs: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            rules(*inputs)
