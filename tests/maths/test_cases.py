"""The reference cases: published examples, library results, exact derivations."""

import os
from pathlib import Path

import pytest

import design.maths
import diagnosis.maths
import evaluation.maths
import programmes.maths
from programmes.maths import catalogue

HOMES = (programmes.maths, diagnosis.maths, design.maths, evaluation.maths)
CASES = Path(__file__).with_name("cases.json")
SHARED = Path(os.environ.get("MELIORA_SHARED", "../shared"))
OTHERS = SHARED / "methods" / "cases_third_party_data.json"


class TestReferenceCases:
    def test_hold_for_every_method_that_is_registered(self) -> None:
        report = catalogue.run_cases(CASES)

        assert report.lines == ()
        assert report.failed == 0
        assert report.passed >= 55

    def test_are_counted_where_the_method_is_not_registered(self) -> None:
        report = catalogue.run_cases(CASES)
        size = len(catalogue.parse_json(CASES.read_text(encoding="utf-8"))["cases"])

        assert report.passed + report.not_implemented == size

    @pytest.mark.skipif(not OTHERS.exists(), reason="the shared data is absent")
    def test_hold_for_the_data_of_others(self) -> None:
        report = catalogue.run_cases(OTHERS)

        assert report.lines == ()


class TestEveryMethod:
    @pytest.mark.parametrize("method", catalogue.methods(), ids=lambda one: one.key)
    def test_computes_its_own_example(self, method: catalogue.Method) -> None:
        result = method.run(method.example)

        assert result

    @pytest.mark.parametrize("method", catalogue.methods(), ids=lambda one: one.key)
    def test_explains_itself(self, method: catalogue.Method) -> None:
        assert "Worked example" in method.explanation
        assert "Edges" in method.explanation
        assert ":param" not in method.explanation
        assert method.formula
        assert method.source
        assert 1 <= method.phase <= 8

    @pytest.mark.parametrize("method", catalogue.methods(), ids=lambda one: one.key)
    def test_describes_each_input(self, method: catalogue.Method) -> None:
        for parameter in method.parameters:
            assert parameter.description, parameter.name
            assert parameter.type_label, parameter.name

    @pytest.mark.parametrize("method", catalogue.methods(), ids=lambda one: one.key)
    @pytest.mark.parametrize(
        "rubbish",
        [
            None,
            True,
            "x",
            "",
            -1,
            1.5,
            float("nan"),
            float("inf"),
            10**400,
            [],
            {},
            [None],
            ["x"],
            [[]],
            [{}],
            {"x": None},
            {1: 2},
            [float("nan")],
            object(),
        ],
        ids=lambda one: f"{type(one).__name__} {one!r}".split(" at ")[0][:20],
    )
    def test_refuses_rubbish_by_name_or_computes(
        self, method: catalogue.Method, rubbish: object
    ) -> None:
        for parameter in method.parameters:
            inputs = {**method.example, parameter.name: rubbish}

            assert outcome(method, inputs), parameter.name


def outcome(method: catalogue.Method, inputs: dict[str, object]) -> bool:
    """Say whether a method computes, or refuses by the name of a field."""
    try:
        return bool(method.run(inputs))
    except ValueError as error:
        return ": " in str(error)
