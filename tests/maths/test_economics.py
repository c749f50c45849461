"""Present value, internal rate and payback."""

import math
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programmes.maths.economics import irr, npv, payback
from programmes.maths.roots import logarithms_of_positive_roots

MONEY = st.integers(-(10**6), 10**6)


class TestNpv:
    def test_equals_the_published_example(self) -> None:
        assert npv(0.08, [-40000, 8000, 9200, 10000, 12000, 14500]).npv == (
            pytest.approx(1922.06, abs=0.005)
        )

    def test_equals_the_hand_calculation(self) -> None:
        result = npv(0.1, [-100, 110, 121])

        assert result.npv == pytest.approx(100)
        assert result.present_values == pytest.approx((-100, 100, 100))

    def test_takes_money_as_decimal_or_text(self) -> None:
        assert npv(Decimal("0.1"), [Decimal("-100.00"), "110.00"]).npv == (
            pytest.approx(0)
        )

    @given(st.lists(MONEY, min_size=1, max_size=20))
    def test_adds_up_without_a_rate(self, flows: list[int]) -> None:
        assert npv(0, flows).npv == sum(flows)

    @given(st.lists(MONEY, min_size=1, max_size=20), st.floats(-0.5, 2))
    def test_is_linear_in_the_flows(self, flows: list[int], rate: float) -> None:
        double = npv(rate, [2 * flow for flow in flows])

        assert double.npv == pytest.approx(2 * npv(rate, flows).npv)

    @pytest.mark.parametrize(
        ("rate", "flows", "message"),
        [
            (-1, [1], "rate: give more than -1"),
            ("0.1", [1], "rate: give a number"),
            (0.1, [], "cashflows: give at least 1"),
            (0.1, [1] * 1201, "cashflows: give at most 1200"),
            (0.1, [1, "x"], r"cashflows\[2\]: give an amount"),
            (-1 + 1e-15, [1] * 600, "rate: give a rate further from -1"),
        ],
    )
    def test_refuses(self, rate: Any, flows: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            npv(rate, flows)


class TestIrr:
    def test_equals_the_published_example(self) -> None:
        result = irr([-70000, 12000, 15000, 18000, 21000, 26000])

        assert result.irr == pytest.approx(0.086630948, abs=1e-9)
        assert result.status == "ok"

    def test_equals_the_hand_calculation(self) -> None:
        assert irr([-100, 0, 121]).irr == pytest.approx(0.1, abs=1e-12)

    def test_lists_several_and_chooses_none(self) -> None:
        result = irr([-100, 230, -132])

        assert result.irr is None
        assert result.roots == pytest.approx((0.1, 0.2), abs=1e-12)
        assert result.reason == "multiple_roots"

    @pytest.mark.parametrize("flows", [[100, 50, 60], [-1, -2], [0, 0], [5]])
    def test_needs_a_change_of_sign(self, flows: list[int]) -> None:
        result = irr(flows)

        assert (result.irr, result.status) == (None, "no sign change")
        assert result.reason == "no_sign_change"

    def test_may_not_exist_in_spite_of_changes(self) -> None:
        result = irr([100, -150, 100])

        assert (result.irr, result.roots, result.status) == (None, (), "no root")

    def test_counts_a_touching_rate_once(self) -> None:
        assert irr([-100, 220, -121]).irr == pytest.approx(0.1, abs=1e-6)

    def test_finds_rates_near_total_loss(self) -> None:
        assert irr([-(10**9), 1]).irr == pytest.approx(-1 + 1e-9, abs=1e-15)

    @pytest.mark.parametrize("sign", [1, -1])
    def test_is_fast_for_fifty_years_of_months(self, sign: int) -> None:
        flows = [-1_000_000] + [sign**month * (5000 + month) for month in range(599)]
        started = time.perf_counter()

        irr(flows)

        assert time.perf_counter() - started < 5

    @given(st.integers(1, 10**6), st.lists(st.integers(1, 10**6), min_size=1))
    def test_makes_the_present_value_nothing(
        self, outlay: int, returns: list[int]
    ) -> None:
        flows = [-outlay, *returns]
        assume(len(flows) <= 60)

        rate = irr(flows).irr

        assert rate is not None
        weight = math.fsum(map(abs, npv(rate, flows).present_values))
        assert abs(npv(rate, flows).npv) <= 1e-9 * weight


class TestRoots:
    def test_are_none_for_zeros(self) -> None:
        assert logarithms_of_positive_roots([0, 0]) == []

    @given(st.lists(st.integers(1, 40), min_size=1, max_size=5, unique=True))
    def test_are_all_found(self, roots: list[int]) -> None:
        coefficients = [1.0]
        for root in roots:
            shifted = [0.0, *coefficients]
            scaled = [*(-root * one for one in coefficients), 0.0]
            coefficients = [a + b for a, b in zip(shifted, scaled, strict=True)]

        found = logarithms_of_positive_roots(coefficients)

        assert found == pytest.approx([math.log(root) for root in sorted(roots)])


class TestPayback:
    def test_interpolates_inside_the_period(self) -> None:
        result = payback([-100, 30, 40, 50, 20])

        assert result.payback == pytest.approx(2.6)
        assert result.is_lasting is True
        assert result.cumulative == (-100, -70, -30, 20, 40)

    def test_discounts_with_a_rate(self) -> None:
        assert payback([-100, 110, 121], 0.1).payback == pytest.approx(1)
        assert payback([-150, 110, 121], 0.1).payback == pytest.approx(1.5)

    def test_is_undefined_when_never_recovered(self) -> None:
        result = payback([-100, 10, 10])

        assert (result.payback, result.reason) == (None, "not_reached")
        assert result.is_lasting is None

    def test_is_nothing_without_an_outlay(self) -> None:
        assert payback([10, 20]).payback == 0
        assert payback([0]).payback == 0

    def test_begins_with_the_outlay_not_with_a_leading_zero(self) -> None:
        assert payback([0, -100, 50, 100]).payback == pytest.approx(2.5)

    def test_says_when_it_does_not_last(self) -> None:
        assert payback([-100, 120, -50, 10]).is_lasting is False

    def test_ignores_rounding(self) -> None:
        assert payback([-0.3, 0.1, 0.1, 0.1]).payback == pytest.approx(3)

    @given(st.integers(1, 10**6), st.lists(st.integers(1, 10**4), min_size=1))
    def test_comes_before_the_end_exactly_when_recovered(
        self, outlay: int, returns: list[int]
    ) -> None:
        result = payback([-outlay, *returns])

        assert (result.payback is not None) == (sum(returns) >= outlay)
        assert result.payback is None or 0 < result.payback <= len(returns)
