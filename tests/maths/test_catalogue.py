"""The registry, its JSON, and the runner of cases."""

import enum
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.maths import catalogue
from programmes.maths.catalogue import Result, difference, plain, type_label


@dataclass(frozen=True)
class Sum(Result):
    total: float
    reason: str | None = None


def add(first: float, second: float = 1, kind: Literal["a", "b"] = "a") -> Sum:
    """Add two numbers.

    Said twice.

    :param first: The first of
        the two.
    :param second: The second.
    """
    if kind == "b":
        raise TypeError("kind b is broken")
    return Sum(first * second if first > 1e200 else first + second)


@pytest.fixture
def sums(monkeypatch: pytest.MonkeyPatch) -> Iterator[catalogue.Method]:
    monkeypatch.setattr(catalogue, "_methods", dict(catalogue._methods))
    catalogue.method(
        "test.sum",
        name="Sum",
        source="Euclid",
        version="1",
        formula="a + b",
        phase=1,
        example={"first": 1},
        inputs={"kind": "Which of the two."},
    )(add)
    return catalogue.get("test.sum")


class TestMethod:
    def test_is_found_by_its_key(self, sums: catalogue.Method) -> None:
        assert catalogue.get("test.sum") is sums
        assert sums in catalogue.methods()

    def test_stands_in_the_order_of_keys(self) -> None:
        keys = [method.key for method in catalogue.methods()]

        assert keys == sorted(keys)

    def test_is_registered_once_only(self, sums: catalogue.Method) -> None:
        again = catalogue.method(
            "test.sum", name="", source="", version="", formula="", phase=1, example={}
        )

        with pytest.raises(ValueError, match=r"test\.sum: .* registered twice"):
            again(add)

    def test_is_missed_in_one_sentence(self) -> None:
        with pytest.raises(catalogue.UnknownMethod) as caught:
            catalogue.get("no.such")

        assert str(caught.value) == "There is no method called 'no.such'."
        assert isinstance(caught.value, KeyError)

    def test_describes_its_inputs(self, sums: catalogue.Method) -> None:
        first, second, kind = sums.parameters

        assert (first.name, first.required, first.default) == ("first", True, None)
        assert first.description == "The first of the two."
        assert (second.required, second.default) == (False, 1)
        assert kind.choices == ("a", "b")
        assert kind.description == "Which of the two."
        assert first.choices == ()

    def test_explains_without_the_inputs(self, sums: catalogue.Method) -> None:
        assert sums.explanation == "Add two numbers.\n\nSaid twice."

    def test_runs_on_named_inputs(self, sums: catalogue.Method) -> None:
        assert sums.run({"first": 1, "second": 2}) == {"total": 3, "reason": None}

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ([], "inputs: give a table"),
            ({"third": 1}, "third: test.sum has no such input, only first, second"),
            ({}, "first: this input is missing"),
            ({"first": 1e300, "second": 1e300}, "inputs: .* not a finite number"),
        ],
    )
    def test_refuses_by_the_name_of_the_field(
        self, sums: catalogue.Method, inputs: Any, message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            sums.run(inputs)

    def test_refuses_what_overflows(self, sums: catalogue.Method) -> None:
        with pytest.raises(ValueError, match=r"too large for test\.sum"):
            sums.run({"first": 10**400, "second": 1.5})


class TestRunJson:
    def test_reads_and_writes_json(self, sums: catalogue.Method) -> None:
        text = catalogue.run_json("test.sum", '{"first": 2}')

        assert json.loads(text) == {"total": 3, "reason": None}

    @pytest.mark.parametrize(
        "text", ["", "{", '{"first": NaN}', '{"first": -Infinity}', "[" * 100_000]
    )
    def test_refuses_what_is_no_json(self, sums: catalogue.Method, text: str) -> None:
        with pytest.raises(ValueError, match="The input is not valid JSON: "):
            catalogue.run_json("test.sum", text)


class Colour(enum.Enum):
    RED = "red"


class TestPlain:
    def test_turns_values_into_json(self) -> None:
        value = {
            1: (Decimal("1.5"), date(2024, 3, 4), Colour.RED),
            "nested": Sum(1.0),
            "nothing": [None, True, 2, "x"],
        }

        assert plain(value) == {
            "1": [1.5, "2024-03-04", "red"],
            "nested": {"total": 1.0, "reason": None},
            "nothing": [None, True, 2, "x"],
        }

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
    def test_refuses_what_is_not_finite(self, value: object) -> None:
        with pytest.raises(ValueError, match="not a finite number"):
            plain([value])

    def test_knows_no_other_types(self) -> None:
        with pytest.raises(TypeError, match="set has no JSON form"):
            plain({1, 2} - {0})

    @given(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.text()
            | st.floats(allow_nan=False, allow_infinity=False),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        )
    )
    def test_leaves_json_as_it_is(self, value: object) -> None:
        assert plain(value) == value


class TestTypeLabel:
    @pytest.mark.parametrize(
        ("hint", "label"),
        [
            (int, "whole number"),
            (int | float | Decimal | None, "number"),
            (Optional[float], "number"),  # noqa: UP045
            (int | float | Decimal | str, "amount"),
            (str, "text"),
            (bool, "yes or no"),
            (Literal["a", "b"], "one of a, b"),
            (Sequence[float], "list of numbers"),
            (Sequence[Sequence[float | None]], "list of lists of numbers"),
            (Sequence[bool] | None, "list of yes or no answers"),
            (Mapping[str, int], "table"),
        ],
    )
    def test_names_the_type(self, hint: Any, label: str) -> None:
        assert type_label(hint) == label


class TestDifference:
    @pytest.mark.parametrize(
        ("got", "want"),
        [
            (1.05, 1),
            (None, None),
            ("x", "x"),
            (True, True),
            ([1, 2], [1.1, 1.9]),
            ({"a": 1, "b": 2}, {"a": 1}),
            ({}, {}),
        ],
    )
    def test_is_nothing_within_the_tolerance(self, got: Any, want: Any) -> None:
        assert difference("result", got, want, 0.1001) == ""

    @pytest.mark.parametrize(
        ("got", "want", "message"),
        [
            (1.2, 1, "result is 1.2, expected 1"),
            (None, 0, "result is None, expected 0"),
            (0, None, "result is 0, expected None"),
            (1, True, "result is 1, expected True"),
            ("x", "y", "result is 'x', expected 'y'"),
            ([1], [1, 2], r"result is \[1\], expected"),
            ([1, 3], [1, 2], r"result\[1\] is 3"),
            ({"a": {"b": 1}}, {"a": {"b": 2}}, r"result\.a\.b is 1"),
            ({}, {"a": None}, r"result\.a is Ellipsis"),
            ([], {"a": 1}, r"result is \[\]"),
        ],
    )
    def test_names_the_place(self, got: Any, want: Any, message: str) -> None:
        import re

        assert re.match(message, difference("result", got, want, 0.1))


def case(**changes: Any) -> dict[str, Any]:
    return {
        "id": "one",
        "method": "test.sum",
        "inputs": {"first": 1},
        "expected": {"total": 2},
        "tolerance": 0,
        **changes,
    }


class TestRunCases:
    def test_counts_and_names_failures(
        self, sums: catalogue.Method, tmp_path: Path
    ) -> None:
        cases = [
            case(),
            case(id="off", expected={"total": 3}),
            case(id="bad", inputs={}),
            case(id="bug", inputs={"first": 1, "kind": "b"}),
            case(method="no.such"),
        ]
        path = tmp_path / "cases.json"
        path.write_text(json.dumps({"cases": cases}))

        report = catalogue.run_cases(path)

        assert report.summary == "1 passed, 3 failed, 1 not implemented"
        assert report.lines == (
            "off (test.sum): result.total is 2, expected 3",
            "bad (test.sum): raised ValueError: first: this input is missing.",
            "bug (test.sum): raised TypeError: kind b is broken",
        )

    @pytest.mark.parametrize("text", ["[]", "{}", '{"cases": 1}'])
    def test_refuses_a_file_of_another_form(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "cases.json"
        path.write_text(text)

        with pytest.raises(ValueError, match="has no list named cases"):
            catalogue.run_cases(path)

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="cannot be read"):
            catalogue.run_cases(tmp_path / "none.json")

    @pytest.mark.parametrize("broken", [1, {"id": "one"}])
    def test_refuses_a_case_without_its_parts(self, broken: Any) -> None:
        with pytest.raises(ValueError, match="A case needs expected, id, inputs"):
            catalogue.check_cases([broken])
