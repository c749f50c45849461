"""A flow told in words, and what is wrong with it."""

from __future__ import annotations

from typing import get_args

import pytest

from diagnosis.bpmn.flow import Fault, FlowProblem, FlowStep
from diagnosis.flow_words import FAULTS, flow_said, problem_said


class TestProblemSaid:
    @pytest.mark.parametrize("code", get_args(Fault))
    def test_has_a_sentence_for_each_fault(self, code) -> None:
        said = problem_said(FlowProblem(code, "Check", "zz", 2))

        assert said.endswith(".")
        assert "%" not in said

    def test_knows_no_fault_that_the_check_does_not(self) -> None:
        assert set(FAULTS) == set(get_args(Fault))

    def test_names_the_step_and_where_it_goes(self) -> None:
        said = problem_said(FlowProblem("no_target", "Go", "zz"))

        assert said == "“Go” goes on to zz, which does not exist."

    def test_is_not_confused_by_percent_signs(self) -> None:
        said = problem_said(FlowProblem("no_role", "100%s"))

        assert said == "“100%s” has no role."


class TestFlowSaid:
    def test_tells_each_step_and_its_ways(self) -> None:
        flow = [
            FlowStep("d", "Free?", "decision", "Credit", (("r", "yes"), ("x", ""))),
            FlowStep("r", "Release", "end"),
        ]

        assert flow_said(flow) == [
            "1/2, Credit, Decision: Free?. Then: yes: Release; x.",
            "2/2, no role, End: Release.",
        ]
