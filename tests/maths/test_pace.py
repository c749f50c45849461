"""Stalled against the usual pace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import quantile

from programmes.maths import catalogue
from programmes.maths.pace import FALLBACK_DAYS, GRACE_DAYS, stalled


class TestStalled:
    def test_equals_the_worked_example(self) -> None:
        found = stalled(**catalogue.get("progress.stalled").example)

        assert (found.usual, found.limit, found.gaps) == (4, 25, 21)
        assert found.is_stalled

    @given(st.lists(st.integers(0, 400), min_size=20, max_size=60))
    def test_has_the_quantile_of_the_library(self, gaps: list[int]) -> None:
        found = stalled(0, gaps, grace=0)

        assert found.limit == pytest.approx(quantile(gaps, 0.9))
        assert not found.is_stalled

    def test_calls_nobody_stalled_within_the_grace(self) -> None:
        found = stalled(GRACE_DAYS, [1] * 20)

        assert (found.limit, found.is_stalled) == (GRACE_DAYS, False)

    def test_falls_back_where_there_are_too_few(self) -> None:
        found = stalled(FALLBACK_DAYS + 1, [1] * 19)

        assert (found.usual, found.limit) == (None, FALLBACK_DAYS)
        assert (found.is_stalled, found.reason) == (True, "insufficient_data")

    @pytest.mark.parametrize(
        ("inputs", "field"),
        [
            ({"quiet": -1, "gaps": []}, "quiet"),
            ({"quiet": 1, "gaps": [-1]}, "gaps"),
            ({"quiet": 1, "gaps": [], "fallback": -1}, "fallback"),
            ({"quiet": 1, "gaps": [], "grace": -1}, "grace"),
        ],
    )
    def test_refuses_what_no_day_is(self, inputs, field: str) -> None:
        with pytest.raises(ValueError, match=field):
            stalled(**inputs)
