"""Weighted scoring, ranking, risk priority and Pareto."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from design.maths.scoring import weighted_scores
from diagnosis.maths.pareto import pareto
from diagnosis.maths.risk import risk_priorities
from programmes.maths.ranking import competition_ranks

SCORES = st.floats(0, 100)


class TestCompetitionRanks:
    def test_share_the_better_rank(self) -> None:
        assert competition_ranks([10, 7, None, 7, 1]) == [1, 2, None, 2, 4]

    def test_see_through_rounding(self) -> None:
        assert competition_ranks([0.1 + 0.2, 0.3]) == [1, 1]

    def test_of_nothing_are_nothing(self) -> None:
        assert competition_ranks([]) == []

    @given(st.lists(st.integers(0, 9), min_size=1))
    def test_count_those_ahead(self, scores: list[int]) -> None:
        ranks = competition_ranks(scores)

        for score, rank in zip(scores, ranks, strict=True):
            assert rank == 1 + sum(other > score for other in scores)


class TestWeightedScores:
    def test_equal_the_published_example(self) -> None:
        matrix = [
            [0.3088, 0.2897, 0.3867, 0.1922],
            [0.2163, 0.3458, 0.1755, 0.6288],
            [0.4509, 0.2473, 0.1194, 0.1575],
            [0.024, 0.1172, 0.3184, 0.0215],
        ]

        result = weighted_scores(matrix, [0.3277, 0.3058, 0.2876, 0.079])

        assert result.scores == pytest.approx((0.3162, 0.2768, 0.2702, 0.137), abs=1e-4)
        assert result.ranks == (1, 2, 3, 4)

    def test_equal_the_hand_calculation(self) -> None:
        result = weighted_scores([[80, 60, 90]], [5, 3, 2])

        assert result.scores == pytest.approx((76,))
        assert result.contributions == (pytest.approx((40, 18, 18)),)

    def test_leave_out_the_incomplete_and_rule_out_the_failed(self) -> None:
        result = weighted_scores(
            [[1, None], [9, 9], [5, 5]], [1, 1], [True, False, True]
        )

        assert result.standings == ("incomplete", "ruled_out", "ranked")
        assert result.scores == (None, 9, 5)
        assert result.ranks == (None, None, 1)

    def test_of_no_option_are_empty(self) -> None:
        assert weighted_scores([], [1]).scores == ()

    @given(
        st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=6),
        st.tuples(st.floats(0.1, 9), st.floats(0.1, 9)),
        st.floats(0.1, 9),
    )
    def test_do_not_depend_on_the_scale_of_the_weights(
        self, matrix: list[Any], weights: tuple[float, float], factor: float
    ) -> None:
        scaled = weighted_scores(matrix, [factor * weight for weight in weights])

        assert scaled.scores == pytest.approx(weighted_scores(matrix, weights).scores)

    @pytest.mark.parametrize(
        ("matrix", "weights", "passes", "message"),
        [
            ([[1]], [], None, "weights: give at least 1"),
            ([[1]], [0], None, "weights: give at least one weight above 0"),
            ([[1]], [-1], None, r"weights\[1\]: give 0 or more"),
            ([[1]], [1] * 201, None, "weights: give at most 200"),
            ([[1, 2]], [1], None, r"matrix\[1\]: give one score for each of the 1"),
            ([["a"]], [1], None, r"matrix\[1\]\[1\]: give a number"),
            ([[1]], [1], [], "passes: give one answer for each of the 1"),
            ([[1]], [1], [1], "passes: give yes or no only"),
        ],
    )
    def test_refuse(self, matrix: Any, weights: Any, passes: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            weighted_scores(matrix, weights, passes)


class TestRiskPriorities:
    def test_equal_the_hand_calculation(self) -> None:
        rows = [(8, 5, 6), (10, 2, 3), (4, 9, 7)]

        result = risk_priorities(
            [
                {"severity": severity, "occurrence": occurrence, "detection": detection}
                for severity, occurrence, detection in rows
            ]
        )

        assert result.rpn == (240, 60, 252)
        assert result.ranks == (2, 3, 1)
        assert result.is_grave == (False, True, False)

    def test_of_nothing_are_nothing(self) -> None:
        assert risk_priorities([]).rpn == ()

    @given(st.tuples(*[st.integers(1, 10)] * 3))
    def test_lie_between_1_and_1000(self, row: tuple[int, int, int]) -> None:
        keys = ("severity", "occurrence", "detection")

        result = risk_priorities([dict(zip(keys, row, strict=True))])

        assert 1 <= result.rpn[0] <= 1000

    @pytest.mark.parametrize("severity", [0, 11, 2.5, None])
    def test_refuse(self, severity: Any) -> None:
        row = {"severity": severity, "occurrence": 1, "detection": 1}

        with pytest.raises(ValueError, match=r"problems\[1\]\.severity: give "):
            risk_priorities([row])

    def test_refuse_a_row_without_detection(self) -> None:
        with pytest.raises(ValueError, match=r"problems\[1\]\.detection: .* missing"):
            risk_priorities([{"severity": 1, "occurrence": 1}])


class TestPareto:
    def test_equals_the_published_example(self) -> None:
        result = pareto(
            {"price": 80, "date": 27, "code": 66, "contact": 94, "part": 33}
        )

        assert [row.name for row in result.rows[:2]] == ["contact", "price"]
        assert [row.cumulative_percent for row in result.rows] == pytest.approx(
            [31.3333, 58, 80, 91, 100], abs=1e-3
        )
        assert result.vital_few == ("contact", "price", "code")

    def test_includes_the_one_that_crosses(self) -> None:
        assert pareto({"a": 79, "b": 11, "c": 10}).vital_few == ("a", "b")

    def test_takes_another_threshold(self) -> None:
        assert pareto({"a": 79, "b": 11, "c": 10}, 50).vital_few == ("a",)

    def test_keeps_the_order_of_entry_in_ties(self) -> None:
        result = pareto({"b": 1, "a": 1, "c": 2})

        assert [row.name for row in result.rows] == ["c", "b", "a"]

    @pytest.mark.parametrize("counts", [{}, {"a": 0}])
    def test_is_undefined_without_a_total(self, counts: dict[str, int]) -> None:
        result = pareto(counts)

        assert (result.vital_few, result.reason) == ((), "zero_denominator")
        assert all(row.percent is None for row in result.rows)

    @given(
        st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, 99), min_size=1)
    )
    def test_ends_at_a_hundred_and_the_few_are_few_enough(
        self, counts: dict[str, int]
    ) -> None:
        result = pareto(counts)

        assert result.rows[-1].cumulative_percent == pytest.approx(100)
        few = sum(counts[name] for name in result.vital_few)
        last = counts[result.vital_few[-1]]
        assert 100 * few / result.total >= 80 - 1e-6 > 0
        assert 100 * (few - last) / result.total < 80

    @pytest.mark.parametrize(
        ("counts", "threshold", "message"),
        [
            ({"a": -1}, 80, r"counts\.a: give 0 or more"),
            ([1], 80, "counts: give a table"),
            ({"a": 1}, 0, "threshold: give more than 0"),
        ],
    )
    def test_refuses(self, counts: Any, threshold: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            pareto(counts, threshold)
