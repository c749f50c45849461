"""Index values, composites and the indicator tree."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.maths.index import composite, grade, normalise
from evaluation.maths.tree import tree

VALUES = st.floats(0, 100)


class TestNormalise:
    @pytest.mark.parametrize(
        ("kind", "value", "references", "index"),
        [
            ("benefit", 70, {"worst": 50, "best": 90}, 50),
            ("cost", 6, {"worst": 10, "best": 2}, 50),
            ("target", 47, {"target": 50, "max_deviation": 10}, 70),
            ("target", 53, {"target": 50, "max_deviation": 10}, 70),
            ("interval", 5, {"low": 4, "high": 6, "max_deviation": 2}, 100),
            ("interval", 3, {"low": 4, "high": 6, "max_deviation": 2}, 50),
            ("interval", 7.5, {"low": 4, "high": 6, "max_deviation": 2}, 25),
            ("efficacy", 12, {"not_allowed": 8, "satisfactory": 16}, 80),
            ("efficacy", 5, {"not_allowed": 10, "satisfactory": 2}, 85),
            ("goal_progress", 7.2, {"baseline": 12, "target": 6}, 80),
            ("goal_progress", 14, {"baseline": 12, "target": 6}, -100 / 3),
            ("attainment", 90, {"target": 100}, 90),
            ("attainment", 50, {"target": 40, "direction": "cost"}, 80),
        ],
    )
    def test_equals_the_formula(
        self, kind: Any, value: float, references: dict[str, Any], index: float
    ) -> None:
        assert normalise(kind, value, **references).index == pytest.approx(index)

    def test_clips_and_keeps_the_raw_value(self) -> None:
        result = normalise("benefit", 95, worst=50, best=90)

        assert (result.index, result.raw, result.is_clipped) == (100, 112.5, True)

    @pytest.mark.parametrize(
        ("kind", "value", "references", "reason"),
        [
            ("benefit", None, {"worst": 1, "best": 2}, "insufficient_data"),
            ("benefit", 1, {"worst": 2, "best": 2}, "zero_denominator"),
            ("cost", 1, {"worst": 2, "best": 2}, "zero_denominator"),
            ("target", 1, {"target": 2, "max_deviation": 0}, "zero_denominator"),
            ("efficacy", 1, {"not_allowed": 2, "satisfactory": 2}, "zero_denominator"),
            ("goal_progress", 1, {"baseline": 2, "target": 2}, "zero_denominator"),
            ("attainment", 1, {"target": 0}, "zero_denominator"),
        ],
    )
    def test_is_undefined_with_a_reason(
        self, kind: Any, value: Any, references: dict[str, Any], reason: str
    ) -> None:
        result = normalise(kind, value, **references)

        assert (result.index, result.reason) == (None, reason)

    @given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
    def test_mirrors_benefit_and_cost(
        self, value: float, one: float, two: float
    ) -> None:
        low, high = sorted((one, two))

        benefit = normalise("benefit", value, worst=low, best=high)
        cost = normalise("cost", value, worst=high, best=low)

        if benefit.index is None:
            assert cost.index is None
        else:
            assert 0 <= benefit.index <= 100
            assert cost.index == pytest.approx(100 - benefit.index, abs=1e-6)

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ({"kind": "best", "value": 1}, "kind: choose one of benefit, cost"),
            ({"kind": "cost", "value": 1}, "best: the kind cost needs this value"),
            (
                {"kind": "benefit", "value": 1, "worst": 2, "best": 1},
                "best: for the kind benefit give no less than worst",
            ),
            (
                {
                    "kind": "interval",
                    "value": 1,
                    "low": 2,
                    "high": 1,
                    "max_deviation": 1,
                },
                "high: for the kind interval give no less than low",
            ),
            (
                {"kind": "target", "value": 1, "target": 2, "max_deviation": -1},
                "max_deviation: give 0 or more",
            ),
            (
                {"kind": "attainment", "value": 1, "target": 2, "direction": "up"},
                "direction: choose one of benefit, cost",
            ),
            ({"kind": "attainment", "value": "1", "target": 2}, "value: give a number"),
        ],
    )
    def test_refuses(self, inputs: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            normalise(**inputs)


class TestGrade:
    @pytest.mark.parametrize(
        ("index", "name"),
        [(90, "excellent"), (89.9, "good"), (70, "medium"), (60, "pass"), (-5, "fail")],
    )
    def test_gives_a_threshold_to_the_better_class(
        self, index: float, name: str
    ) -> None:
        assert grade(index) == name


class TestComposite:
    def test_equals_the_published_example(self) -> None:
        result = composite([0.922, 0.654, 0.7354], method="geometric")

        assert result.index == pytest.approx(0.763, abs=5e-4)

    def test_equals_the_hand_calculation(self) -> None:
        result = composite([80, 60, 90], [0.5, 0.3, 0.2])

        assert result.index == pytest.approx(76)
        assert result.grade == "medium"
        assert composite([25, 100]).geometric == pytest.approx(50)

    def test_is_zero_when_geometric_meets_zero(self) -> None:
        assert composite([100, 0], method="geometric").index == 0

    def test_leaves_out_missing_values(self) -> None:
        result = composite([80, None, 60], [0.2, 0.6, 0.2])

        assert result.index == pytest.approx(70)
        assert result.coverage == pytest.approx(0.4)
        assert result.is_provisional is True

    def test_is_final_at_seventy_percent(self) -> None:
        assert composite([80, None], [0.7, 0.3]).is_provisional is False

    @pytest.mark.parametrize("values", [[], [None]])
    def test_is_undefined_without_values(self, values: list[None]) -> None:
        result = composite(values)

        assert (result.index, result.grade) == (None, None)
        assert result.reason == "insufficient_data"

    def test_has_no_geometric_mean_below_zero(self) -> None:
        result = composite([-1, 5], method="geometric")

        assert (result.index, result.arithmetic) == (None, 2)
        assert result.reason == "inconsistent"

    def test_of_no_values_takes_no_weights(self) -> None:
        assert composite([], []).reason == "insufficient_data"

    @given(st.lists(st.tuples(VALUES, st.floats(0.01, 9)), min_size=1))
    def test_geometric_never_exceeds_arithmetic(self, pairs: list[Any]) -> None:
        values, weights = zip(*pairs, strict=True)

        result = composite(values, weights)

        assert result.geometric is not None
        assert result.arithmetic is not None
        assert min(values) - 1e-6 <= result.geometric <= result.arithmetic + 1e-6

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            (([1], [1, 2]), "weights: give one weight for each of the 1"),
            (([1], [0]), "weights: give at least one weight above 0"),
            (([1], [1], "median"), "method: choose one of arithmetic, geometric"),
            ((["a"],), r"values\[1\]: give a number"),
        ],
    )
    def test_refuses(self, inputs: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            composite(*inputs)


def leaf(index: float | None, weight: float = 1) -> dict[str, Any]:
    return {"index": index, "weight": weight}


class TestTree:
    def test_equals_the_hand_calculation(self) -> None:
        result = tree(
            {
                "name": "Effect",
                "children": [
                    {"weight": 0.4, "children": [leaf(90, 0.6), leaf(70, 0.4)]},
                    {"weight": 0.4, "children": [leaf(60), leaf(80)]},
                    leaf(75, 0.2),
                ],
            }
        )

        assert result.index == pytest.approx(75.8)
        assert (result.coverage, result.is_provisional) == (1, False)
        assert [node.place for node in result.nodes] == [
            "",
            "1",
            "1.1",
            "1.2",
            "2",
            "2.1",
            "2.2",
            "3",
        ]
        assert result.nodes[0].name == "Effect"
        assert result.nodes[2].share == pytest.approx(0.24)
        assert result.nodes[4].index == pytest.approx(70)

    def test_renormalises_over_what_is_known(self) -> None:
        result = tree({"children": [leaf(82, 0.4), leaf(70, 0.2), leaf(None, 0.4)]})

        assert result.index == pytest.approx(78)
        assert result.coverage == pytest.approx(0.6)
        assert result.is_provisional is True

    def test_takes_a_leaf_for_itself(self) -> None:
        assert tree({"index": 50}).index == 50

    def test_is_undefined_without_values(self) -> None:
        result = tree({"children": [{}, {"children": [leaf(None)]}]})

        assert (result.index, result.grade) == (None, None)
        assert result.reason == "insufficient_data"

    @given(st.lists(st.tuples(VALUES, st.floats(0.01, 9)), min_size=1, max_size=9))
    def test_agrees_with_the_composite(self, pairs: list[tuple[float, float]]) -> None:
        values, weights = zip(*pairs, strict=True)

        result = tree({"children": [leaf(*pair) for pair in pairs]})

        assert result.index == pytest.approx(composite(values, weights).index)

    @pytest.mark.parametrize(
        ("node", "message"),
        [
            (5, "node: give a table"),
            ({"index": "a"}, r"node\.index: give a number"),
            ({"name": 5, "index": 1}, r"node\.name: give a text"),
            ({"children": []}, r"node\.children: give at least 1"),
            ({"index": 1, "children": [leaf(1)]}, "give either an index or children"),
            ({"children": [leaf(1, 0)]}, "give at least one weight above 0"),
            ({"children": [leaf(1, -1)]}, r"node\.1\.weight: give 0 or more"),
            ({"children": [leaf(1), 3]}, r"node\.2: give a table"),
        ],
    )
    def test_refuses(self, node: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            tree(node)

    def test_refuses_too_many_levels(self) -> None:
        node: dict[str, Any] = leaf(1)
        for _ in range(12):
            node = {"children": [node]}

        with pytest.raises(ValueError, match="give at most 12 levels"):
            tree(node)

    def test_refuses_too_many_nodes(self) -> None:
        with pytest.raises(ValueError, match="node: give at most 10000 nodes"):
            tree({"children": [leaf(1)] * 10_000})
