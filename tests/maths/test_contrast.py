"""Shares and numbers of two groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnosis.maths.contrast import cliffs_delta, dominance, share_contrast

GROUPS = st.tuples(*[st.integers(1, 40)] * 4)


class TestShareContrast:
    def test_gives_the_worked_example(self):
        found = share_contrast(30, 100, 10, 100)

        assert found.difference == pytest.approx(0.2)
        assert found.odds_ratio == pytest.approx(27 / 7)
        assert found.low == pytest.approx(1.767, abs=5e-4)
        assert found.high == pytest.approx(8.422, abs=5e-4)
        assert found.cramers_v == pytest.approx(0.25)

    def test_agrees_with_scipy(self):
        from scipy.stats.contingency import association, odds_ratio

        table = np.array([[7, 13], [19, 5]])
        found = share_contrast(7, 20, 19, 24)
        theirs = odds_ratio(table, kind="sample")

        interval = theirs.confidence_interval(0.95)
        assert found.odds_ratio == pytest.approx(theirs.statistic)
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
        assert found.cramers_v == pytest.approx(association(table, method="cramer"))

    @given(GROUPS)
    def test_turns_with_the_groups(self, cells):
        a, b, c, d = cells
        one, other = (
            share_contrast(a, a + b, c, c + d),
            share_contrast(c, c + d, a, a + b),
        )

        assert one.difference == pytest.approx(-other.difference)
        assert one.odds_ratio == pytest.approx(1 / other.odds_ratio)
        assert one.low == pytest.approx(1 / other.high)
        assert one.cramers_v == pytest.approx(other.cramers_v)
        assert 0 <= one.cramers_v <= 1 + 1e-9

    def test_stays_finite_with_zeros(self):
        found = share_contrast(5, 5, 0, 5)

        assert found.odds_ratio == pytest.approx(121)
        assert found.cramers_v == pytest.approx(1)

    def test_says_why_there_is_nothing(self):
        assert share_contrast(0, 0, 1, 2).reason == "insufficient_data"
        assert share_contrast(3, 3, 2, 2).reason == "zero_variance"
        assert share_contrast(0, 3, 0, 2).difference == 0

    def test_refuses_more_than_there_are(self):
        with pytest.raises(ValueError, match="other_having: give at most"):
            share_contrast(1, 2, 3, 2)


class TestDominance:
    def test_gives_the_worked_example(self):
        found = dominance([5, 7, 9], [1, 5, 6])

        assert found.delta == pytest.approx(6 / 9)
        assert (found.median, found.other_median) == (7, 5)

    def test_says_why_there_is_nothing(self):
        assert dominance([], [1]).reason == "insufficient_data"

    @given(
        st.lists(st.integers(0, 9), min_size=1, max_size=30),
        st.lists(st.integers(0, 9), min_size=1, max_size=30),
    )
    def test_counts_every_pair(self, values, others):
        signs = [(x > y) - (x < y) for x in values for y in others]

        found = cliffs_delta(np.array(values, float), np.array(others, float))

        assert found == pytest.approx(sum(signs) / len(signs))
