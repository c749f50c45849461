"""Refusals name the field and say what to give instead."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.maths import checks


class TestNumber:
    @given(st.floats(min_value=-1e100, max_value=1e100))
    def test_keeps_ordinary_numbers(self, value: float) -> None:
        kept = checks.number(value, "x")

        assert kept == value or abs(value) < checks.SMALLEST

    def test_takes_whole_numbers_and_decimals(self) -> None:
        assert checks.number(3, "x") == 3.0
        assert checks.number(Decimal("1.5"), "x") == 1.5
        assert checks.number(1e-300, "x") == 0.0

    @pytest.mark.parametrize("value", [None, True, "1", [], 1j])
    def test_refuses_what_is_no_number(self, value: object) -> None:
        with pytest.raises(ValueError, match=r"^x: give a number\.$"):
            checks.number(value, "x")

    @pytest.mark.parametrize(
        "value",
        [float("nan"), float("-inf"), 1e101, 10**400, Decimal("NaN"), Decimal("sNaN")],
    )
    def test_refuses_what_is_not_finite(self, value: object) -> None:
        with pytest.raises(ValueError, match=r"^x: give a finite number"):
            checks.number(value, "x")

    @pytest.mark.parametrize(
        ("bound", "value", "message"),
        [
            ({"least": 1}, 0.5, "give 1 or more"),
            ({"most": 1}, 1.5, "give 1 or less"),
            ({"above": 0}, 0, "give more than 0"),
            ({"below": 1}, 1, "give less than 1"),
        ],
    )
    def test_refuses_what_is_out_of_bounds(
        self, bound: dict[str, float], value: float, message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            checks.number(value, "x", **bound)

    def test_allows_the_bounds_themselves(self) -> None:
        assert checks.number(1, "x", least=1, most=1, above=0, below=2) == 1.0


class TestAmount:
    @given(st.decimals(-(10**12), 10**12, places=2))
    def test_reads_decimal_text(self, value: Decimal) -> None:
        assert checks.amount(str(value), "x") == checks.amount(value, "x")

    @pytest.mark.parametrize("value", ["", "1,5", "ten", "NaN", "Infinity"])
    def test_refuses_other_text(self, value: str) -> None:
        with pytest.raises(ValueError, match=r"^x: give a"):
            checks.amount(value, "x")


REFUSALS: list[tuple[Callable[..., Any], Any, str]] = [
    (checks.whole, 1.5, "x: give a whole number"),
    (checks.confidence_level, 1, "confidence: give less than 1"),
    (checks.listed, "abc", "x: give a list"),
    (checks.listed, {"a": 1}, "x: give a list"),
    (checks.listed, [0] * 10_001, "x: give at most 10000"),
    (checks.numbers, [1, "a"], r"x\[2\]: give a number"),
    (checks.amounts, ["a"], r"x\[1\]: give an amount"),
    (checks.table, [], "x: give a table"),
    (checks.table, {1: 2}, "x: give a text"),
    (checks.table, {str(n): n for n in range(10_001)}, "x: give at most 10000"),
    (checks.text, "  ", "x: give a text"),
    (checks.text, 5, "x: give a text"),
    (checks.text, "a" * 501, "x: give at most 500"),
]


class TestRefusals:
    @pytest.mark.parametrize(("check", "value", "message"), REFUSALS)
    def test_name_the_field(
        self, check: Callable[..., Any], value: object, message: str
    ) -> None:
        fields = () if check is checks.confidence_level else ("x",)

        with pytest.raises(ValueError, match=f"^{message}"):
            check(value, *fields)

    def test_name_too_short_a_list(self) -> None:
        with pytest.raises(ValueError, match="x: give at least 2"):
            checks.listed([1], "x", least=2)

    def test_name_the_missing_part_of_a_row(self) -> None:
        with pytest.raises(ValueError, match=r"rows\[1\]\.id: this value is missing"):
            checks.entry({}, "id", "rows[1]")

    @pytest.mark.parametrize("value", ["c", 1, None])
    def test_name_the_options(self, value: object) -> None:
        with pytest.raises(ValueError, match="x: choose one of a, b"):
            checks.choice(value, "x", ("a", "b"))
