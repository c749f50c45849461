"""Little's law, value added, and the input-processing-output grid."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnosis.maths.flow import littles_law, value_added
from diagnosis.maths.ipo import grid_completeness

POSITIVE = st.floats(0.001, 1000)


class TestLittlesLaw:
    def test_equals_the_published_example(self) -> None:
        assert littles_law(arrival_rate=150, wip=90).cycle_time == pytest.approx(0.6)

    def test_equals_the_hand_calculation(self) -> None:
        assert littles_law(arrival_rate=2, cycle_time=3).wip == 6
        assert littles_law(wip=6, cycle_time=3).arrival_rate == 2

    @given(POSITIVE, POSITIVE)
    def test_finds_its_way_back(self, rate: float, time: float) -> None:
        wip = littles_law(arrival_rate=rate, cycle_time=time).wip

        assert littles_law(arrival_rate=rate, wip=wip).cycle_time == pytest.approx(time)
        assert littles_law(wip=wip, cycle_time=time).arrival_rate == pytest.approx(rate)

    def test_is_undefined_without_arrivals(self) -> None:
        result = littles_law(arrival_rate=0, wip=5)

        assert (result.cycle_time, result.reason) == (None, "zero_denominator")
        assert littles_law(wip=5, cycle_time=0).arrival_rate is None

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ({"wip": 1}, "give exactly two of"),
            ({"wip": 1, "arrival_rate": 1, "cycle_time": 1}, "give exactly two of"),
            ({"wip": -1, "arrival_rate": 1}, "wip: give 0 or more"),
        ],
    )
    def test_refuses(self, inputs: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            littles_law(**inputs)


def step(kind: str, processing: float, waiting: float = 0) -> dict[str, Any]:
    return {"class": kind, "processing": processing, "waiting": waiting}


class TestValueAdded:
    def test_equals_the_hand_calculation(self) -> None:
        result = value_added(
            [
                step("VA", 30, 120),
                step("BVA", 20),
                step("NVA", 10, 60),
                step("VA", 15, 225),
            ]
        )

        assert (result.processing, result.waiting, result.cycle_time) == (75, 405, 480)
        assert result.va_ratio == pytest.approx(0.6)
        assert result.pce == pytest.approx(0.09375)
        assert result.cte == pytest.approx(0.15625)
        assert result.shares == pytest.approx({"VA": 0.6, "BVA": 4 / 15, "NVA": 2 / 15})

    def test_equals_the_published_efficiency(self) -> None:
        cycle_hours = 8.65 * 8

        result = value_added([step("VA", 8.9, cycle_hours - 8.9)])

        assert result.cte == pytest.approx(0.129, abs=5e-4)

    def test_is_undefined_without_time(self) -> None:
        result = value_added([])

        assert (result.va_ratio, result.cte) == (None, None)
        assert result.reason == "zero_denominator"

    def test_counts_waiting_without_processing(self) -> None:
        result = value_added([step("NVA", 0, 5)])

        assert (result.va_ratio, result.cte) == (None, 0)

    @given(
        st.lists(
            st.builds(step, st.sampled_from(["VA", "BVA", "NVA"]), POSITIVE, POSITIVE),
            min_size=1,
        )
    )
    def test_shares_add_up(self, steps: list[dict[str, Any]]) -> None:
        result = value_added(steps)

        assert sum(share or 0 for share in result.shares.values()) == pytest.approx(1)
        assert (result.pce or 0) <= (result.cte or 0) <= 1

    @pytest.mark.parametrize(
        ("steps", "message"),
        [
            ([{"processing": 1}], r"steps\[1\]\.class: this value is missing"),
            ([{"class": "X", "processing": 1}], "choose one of VA, BVA, NVA"),
            ([{"class": "VA"}], r"steps\[1\]\.processing: this value is missing"),
            ([step("VA", -1)], r"steps\[1\]\.processing: give 0 or more"),
            ([step("VA", 1, -1)], r"steps\[1\]\.waiting: give 0 or more"),
        ],
    )
    def test_refuses(self, steps: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            value_added(steps)


class TestGridCompleteness:
    def test_equals_the_hand_calculation(self) -> None:
        result = grid_completeness(
            {
                "input": {
                    "contents": {"text": "order", "severity": 1},
                    "forms": {"text": "paper", "severity": 3},
                },
                "output": {"methods": {"not_applicable": "collected by the customer"}},
            }
        )

        assert result.completeness == pytest.approx(3 / 9)
        assert (result.filled, result.not_applicable) == (2, 1)
        assert ("input", "methods") in result.missing
        assert result.severity == 3
        assert result.worst == (("input", "forms"),)

    def test_starts_empty(self) -> None:
        result = grid_completeness({})

        assert (result.completeness, result.severity, result.worst) == (0, None, ())
        assert len(result.missing) == 9

    def test_has_no_worst_cell_without_harm(self) -> None:
        result = grid_completeness({"input": {"forms": {"text": "mail"}}})

        assert (result.severity, result.worst) == (0, ())

    @given(st.integers(0, 9))
    def test_grows_by_ninths(self, filled: int) -> None:
        places = [
            (row, column)
            for row in ("input", "processing", "output")
            for column in ("contents", "forms", "methods")
        ]
        grid: dict[str, Any] = {row: {} for row, _ in places}
        for row, column in places[:filled]:
            grid[row][column] = {"text": "known"}

        result = grid_completeness(grid)

        assert result.completeness == pytest.approx(filled / 9)
        assert len(result.missing) == 9 - filled

    @pytest.mark.parametrize(
        ("grid", "message"),
        [
            ([], "grid: give a table"),
            ({"inputs": {}}, r"grid\.inputs: choose one of input, processing"),
            ({"input": {"form": {}}}, r"grid\.input\.form: choose one of contents"),
            ({"input": {"forms": 1}}, r"grid\.input\.forms: give a table"),
            ({"input": {"forms": {"text": 1}}}, r"forms\.text: give a text"),
            (
                {"input": {"forms": {"text": "a", "severity": 4}}},
                r"forms\.severity: give 3 or less",
            ),
            (
                {"input": {"forms": {"text": "a", "not_applicable": "b"}}},
                "give either a text or not_applicable",
            ),
        ],
    )
    def test_refuses(self, grid: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            grid_completeness(grid)
