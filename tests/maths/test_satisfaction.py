"""Shares, scores and sample sizes of surveys."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnosis.maths.satisfaction import csat_top2, margin_fpc, nps, sample_size
from programmes.maths.proportions import normal_quantile, wilson


class TestWilson:
    @pytest.mark.parametrize(
        ("successes", "n", "low", "high"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (1, 29, 0.0061, 0.1718)],
    )
    def test_equals_newcombe(
        self, successes: int, n: int, low: float, high: float
    ) -> None:
        result = wilson(successes, n)

        assert (result.low, result.high) == pytest.approx((low, high), abs=6e-5)

    def test_equals_the_hand_calculation(self) -> None:
        # z² = 4 makes (0.5 + 4/8) / (1 + 1) ± 2 √(1/16 + 1/16) / 2 for 2 of 4
        level = 0.9544997361036416

        result = wilson(2, 4, level)

        assert normal_quantile(level) == pytest.approx(2)
        assert result.center == pytest.approx(0.5)
        assert result.high == pytest.approx(0.5 + 0.125**0.5)

    def test_is_exact_at_the_ends(self) -> None:
        assert wilson(0, 20).low == 0.0
        assert wilson(20, 20).high == 1.0

    def test_is_undefined_without_a_sample(self) -> None:
        assert wilson(0, 0).reason == "insufficient_data"

    @given(st.integers(0, 500), st.integers(1, 500), st.floats(0.5, 0.999))
    def test_holds_the_share_and_mirrors(
        self, hits: int, size: int, level: float
    ) -> None:
        hits = min(hits, size)

        result, mirrored = wilson(hits, size, level), wilson(size - hits, size, level)

        assert result.low is not None
        assert result.high is not None
        assert mirrored.high is not None
        assert 0 <= result.low <= hits / size <= result.high <= 1
        assert result.low == pytest.approx(1 - mirrored.high, abs=1e-12)

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ((3, 2), "successes: give no more than n"),
            ((-1, 2), "successes: give 0 or more"),
            ((1, 2.5), "n: give a whole number"),
            ((1, 2, 1), "confidence: give less than 1"),
        ],
    )
    def test_refuses(self, inputs: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            wilson(*inputs)


class TestCsat:
    def test_equals_the_hand_calculation(self) -> None:
        result = csat_top2([5, 4, 4, 3, 5, 2, 4, 5, 1, 4])

        assert result.csat_pct == pytest.approx(70)
        assert (result.mean, result.median) == (3.7, 4)
        assert result.counts == (1, 1, 1, 4, 3)
        assert result.is_indicative is True

    def test_is_firm_from_thirty_answers(self) -> None:
        assert csat_top2([5] * 30).is_indicative is False

    def test_takes_other_scales(self) -> None:
        assert csat_top2([7, 6, 1, 1], grades=7).csat_pct == 50

    def test_is_undefined_without_answers(self) -> None:
        result = csat_top2([])

        assert (result.csat_pct, result.reason) == (None, "insufficient_data")

    @given(st.lists(st.integers(1, 5), min_size=1))
    def test_lies_inside_its_interval(self, ratings: list[int]) -> None:
        result = csat_top2(ratings)

        assert result.csat_pct is not None
        assert (result.low_pct or 0) <= result.csat_pct <= (result.high_pct or 0)

    @pytest.mark.parametrize("ratings", [[6], [0], [1.5], "5"])
    def test_refuses(self, ratings: Any) -> None:
        with pytest.raises(ValueError, match="ratings"):
            csat_top2(ratings)


class TestNps:
    def test_equals_the_published_example(self) -> None:
        result = nps(162, 108, 54)

        assert result.nps == pytest.approx(33.3333, abs=1e-4)
        assert result.se == pytest.approx(4.14, abs=0.005)
        assert result.is_indicative is False

    def test_equals_the_hand_calculation(self) -> None:
        result = nps(counts=[2, 0, 1, 1, 0, 3, 3, 8, 12, 14, 16])

        assert (result.promoters, result.passives, result.detractors) == (30, 20, 10)
        assert result.nps == pytest.approx(100 / 3)

    def test_shows_a_bound_when_all_agree(self) -> None:
        result = nps(12, 0, 0)

        assert (result.nps, result.margin) == (100, 0)
        assert result.promoters_low_pct == pytest.approx(75.75, abs=0.01)
        assert result.is_indicative is True

    def test_is_undefined_without_answers(self) -> None:
        assert nps(0, 0, 0).reason == "insufficient_data"

    @given(st.lists(st.integers(0, 99), min_size=11, max_size=11).filter(any))
    def test_lies_between_its_ends(self, counts: list[int]) -> None:
        result = nps(counts=counts)

        assert result.n == sum(counts)
        assert result.nps is not None
        assert -100 <= result.nps <= 100

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ({}, "promoters: give a number"),
            ({"promoters": 1, "passives": -1, "detractors": 0}, "passives: give 0"),
            ({"counts": [1] * 10}, "counts: give eleven counts"),
            ({"counts": [1] * 11, "promoters": 1}, "counts: give either"),
        ],
    )
    def test_refuses(self, inputs: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            nps(**inputs)


class TestSampleSize:
    @pytest.mark.parametrize(
        ("population", "n"),
        [(None, 385), (100, 80), (1000, 278), (10_000, 370), (75_000, 383), (1, 1)],
    )
    def test_equals_the_table(self, population: int | None, n: int) -> None:
        assert sample_size(0.05, population).n == n

    def test_equals_the_hand_calculation(self) -> None:
        assert sample_size(0.1).n0 == pytest.approx(96.04, abs=0.01)
        assert sample_size(0.1).n == 97

    def test_counts_invitations(self) -> None:
        result = sample_size(0.05, 1000, response_rate=0.4)

        assert (result.invitations, result.is_reachable) == (695, True)
        assert sample_size(0.05, response_rate=0.5).invitations == 770

    def test_invites_no_more_than_there_are(self) -> None:
        result = sample_size(0.05, 1000, response_rate=0.2)

        assert (result.invitations, result.is_reachable) == (1000, False)

    @given(st.floats(0.01, 0.5), st.integers(1, 10**6))
    def test_reaches_the_margin(self, margin: float, population: int) -> None:
        n = sample_size(margin, population).n

        reached = margin_fpc(n, population).margin

        assert 1 <= n <= population
        assert reached is not None
        assert reached <= margin + 1e-6

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ({"margin": 0}, "margin: give more than"),
            ({"margin": 0.1, "population": 0}, "population: give 1 or more"),
            ({"margin": 0.1, "proportion": 1}, "proportion: give less than 1"),
            ({"margin": 0.1, "response_rate": 0}, "response_rate: give more than 0"),
        ],
    )
    def test_refuses(self, inputs: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            sample_size(**inputs)


class TestMargin:
    def test_equals_the_derivation(self) -> None:
        assert margin_fpc(278, 1000).margin == pytest.approx(0.0499668, abs=1e-7)

    def test_needs_no_population(self) -> None:
        assert margin_fpc(385).margin == pytest.approx(0.04995, abs=1e-5)

    def test_vanishes_in_a_census(self) -> None:
        assert margin_fpc(10, 10).margin == 0
        assert margin_fpc(1, 1).margin == 0

    def test_is_undefined_without_answers(self) -> None:
        assert margin_fpc(0, 10).reason == "insufficient_data"

    def test_refuses_more_answers_than_people(self) -> None:
        with pytest.raises(ValueError, match="n: give no more answers than people"):
            margin_fpc(11, 10)
