"""Where a budget stands, and what a benefit range is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.maths.budget import benefit_range, standing

MONEY = st.integers(0, 10**6)


class TestStanding:
    def test_equals_the_hand_calculation(self) -> None:
        found = standing(
            [
                {"planned": "100", "committed": "60", "actual": "40"},
                {"planned": 50, "actual": 62},
            ],
            20,
        )

        assert (found.planned, found.committed, found.actual) == (150, 60, 102)
        assert (found.free, found.overrun, found.forecast) == (28, 12, 162)
        assert found.contingency_left == 8
        assert found.spent_share == pytest.approx(0.68)

    def test_has_no_share_of_nothing(self) -> None:
        assert standing([]).reason == "zero_denominator"

    @given(st.lists(st.tuples(MONEY, MONEY, MONEY), max_size=9), MONEY)
    def test_balances(self, rows: list[tuple[int, int, int]], reserve: int) -> None:
        lines = [
            dict(zip(("planned", "committed", "actual"), r, strict=True)) for r in rows
        ]

        found = standing(lines, reserve)

        assert found.forecast >= found.planned
        assert found.forecast + found.contingency_left == found.planned + reserve


class TestBenefitRange:
    def test_equals_the_hand_calculation(self) -> None:
        found = benefit_range(600, 200, 300, 400, 3)

        assert [one.payback_years for one in (found.low, found.likely, found.high)] == [
            3,
            2,
            1.5,
        ]
        assert [one.roi for one in (found.low, found.likely, found.high)] == [0, 0.5, 1]

    def test_never_pays_back_without_a_benefit(self) -> None:
        found = benefit_range("600", 0, 0, 1)

        assert found.low.reason == "not_reached"
        assert found.low.payback_years is None
        assert found.low.roi == -1

    def test_pays_back_at_once_without_a_cost(self) -> None:
        found = benefit_range(0, 1, 2, 3)

        assert found.likely.payback_years == 0
        assert found.likely.reason == "zero_denominator"

    @pytest.mark.parametrize(
        ("given_", "match"),
        [
            ((600, 3, 2, 1, 3), "order"),
            ((-1, 1, 2, 3, 3), "cost"),
            ((600, 1, 2, 3, 0), "years"),
            ((600, 1, 2, 3, 21), "years"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, given_, match: str) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(ValueError, match=match):
            benefit_range(*given_)

    @given(st.integers(1, 10**6), MONEY)
    def test_returns_nothing_at_the_end_of_its_payback(
        self, cost: int, benefit: int
    ) -> None:
        worth = benefit_range(cost, benefit, benefit, benefit, 1).likely

        paid_back = worth.payback_years is not None and worth.payback_years <= 1
        assert paid_back == (worth.roi is not None and worth.roi >= 0)
