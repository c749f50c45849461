"""Criteria on controls, sources of benefits, incentives, adoption and agreement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from design.models import (
    AuxiliaryInfo,
    CaseLine,
    Dimension,
    Goal,
    Rollout,
    SupportScheme,
)
from diagnosis.models import Cause, Evidence, Problem
from evaluation.models import QualitativeItem, Rating
from programmes import gating
from programmes.models import Risk, ScopeItem
from tests.design import fill
from tests.evaluation.criteria import EachCriterion, look
from tests.evaluation.test_proofs import rated
from tests.world import NOW, World


def heard(world: World) -> None:
    world.save(ScopeItem, kind="unit", name="§Desk", unit=world.unit)
    world.save(Problem, title="§Orders wait", unit=world.unit)


def controlled(world: World) -> None:
    world.save(
        Risk,
        title="§Pile",
        category="process",
        probability=5,
        impact=5,
        control="§Count at noon",
    )


def claimed(world: World) -> None:
    """Two benefits of one indicator, in different years."""
    option = fill.scheme(world).option
    source = fill.goal(world).indicator
    for year in (1, 2):
        world.save(
            CaseLine,
            option=option,
            title=f"§Saved {year}",
            kind="benefit",
            year=year,
            amount=9,
            indicator=source,
        )


def rewarded(world: World) -> None:
    world.save(
        SupportScheme, title="§Course", dimension=Dimension.PEOPLE, incentive="§None"
    )


def looked_up(world: World) -> None:
    world.save(
        AuxiliaryInfo,
        title="§Works agreement",
        kind="rule",
        source="§HR",
        collected_on=NOW.date(),
        finding="§Allowed for teams",
    )


def live(world: World) -> None:
    world.save(
        Rollout,
        unit=world.unit,
        fallback="§Old list",
        fallback_tested_on=NOW.date(),
        adoption=80,
    )


def answered(world: World) -> None:
    """A weighty problem with a proven root cause, and a goal about it."""
    problem = proven(world, "§Forms", severity=9)
    fill.goal(world, problem=problem)


def proven(world: World, category: str, severity: int) -> Problem:
    problem: Problem = world.save(
        Problem,
        title=f"§Wait, {category}",
        category=category,
        severity=severity,
        occurrence=9,
        detection=9,
    )
    cause = world.save(Cause, problem=problem, text="§Nobody decides", is_root=True)
    world.save(Evidence, cause=cause, kind="data", text="§Log")
    return problem


def closed(world: World) -> None:
    fill.goal(world, outcome="partly", outcome_reason="§Late")


# Code -> what makes it pass, and what breaks it then.
CASES: dict[str, tuple[Callable[[World], None], Callable[[], Any]]] = {
    "G3.a2": (heard, lambda: Problem.objects.update(unit=None)),
    "G4.A7": (answered, lambda: Goal.objects.update(problem=None)),
    "G4.A8": (controlled, lambda: Risk.objects.update(control=" ")),
    "G4.A10": (claimed, lambda: CaseLine.objects.update(year=1)),
    "G5.a1": (rewarded, lambda: SupportScheme.objects.update(incentive="")),
    "G5.a2": (looked_up, lambda: AuxiliaryInfo.objects.update(finding="")),
    "G6.a1": (live, lambda: Rollout.objects.update(fallback_tested_on=None)),
    "G6.a2": (live, lambda: Rollout.objects.update(adoption=79)),
    "G7.A7": (closed, lambda: Goal.objects.update(outcome_reason="")),
    "G7.a2": (rated, lambda: Rating.objects.filter(group="staff").update(grade=1)),
}
# What asks nothing of a programme without its records.
EMPTY = {"G3.a2", "G4.A7", "G4.A8", "G4.A10", "G7.a2"}


class TestEachCriterion(EachCriterion):
    cases = CASES
    empty = EMPTY


class TestCausesAnswered:
    def test_a_goal_answers_all_causes_of_its_kind(self, world) -> None:
        answered(world)
        proven(world, "§Forms", severity=9)

        assert look(world, "G4.A7").result is gating.Result.PASS

    def test_the_rest_is_accepted_by_name_and_with_a_reason(self, world) -> None:
        answered(world)
        for _number in range(4):
            proven(world, "§Forms", severity=9)
        other = proven(world, "§Prices", severity=10)
        rest = Cause.objects.filter(problem=other)
        rest.update(accepted_by=world.person("owner"))

        before = look(world, "G4.A7")
        rest.update(accepted_reason="§Gone with the new ERP")
        after = look(world, "G4.A7")

        assert before.result is gating.Result.FAIL
        assert f"causes/{rest.get().pk}/edit" in before.links[0].url
        assert after.result is gating.Result.PASS

    def test_what_is_only_thought_does_not_count(self, world) -> None:
        answered(world)
        Evidence.objects.update(kind="opinion")

        assert look(world, "G4.A7").result is gating.Result.NOT_APPLICABLE


class TestBenefitsOnce:
    def test_goes_by_the_words_where_no_indicator_is_named(self, world) -> None:
        claimed(world)
        CaseLine.objects.update(indicator=None, year=1, title="§Saved")

        assert look(world, "G4.A10").result is gating.Result.FAIL

    def test_two_units_do_not_count_double(self, world) -> None:
        claimed(world)
        CaseLine.objects.update(year=1)
        CaseLine.objects.filter(title="§Saved 1").update(unit=world.unit)

        assert look(world, "G4.A10").result is gating.Result.PASS


class TestRisksControlled:
    @pytest.mark.parametrize("values", [{"category": "time"}, {"impact": 1}])
    def test_is_about_high_ones_in_the_running_business(
        self, world, values: dict[str, Any]
    ) -> None:
        controlled(world)
        Risk.objects.update(control="", **values)

        assert look(world, "G4.A8").result is gating.Result.NOT_APPLICABLE


class TestIncentivesConsidered:
    def test_does_not_apply_where_no_step_affects_people(self, world) -> None:
        fill.scheme(world)
        fill.check_all(world, fill.step(world))

        assert look(world, "G5.a1").result is gating.Result.NOT_APPLICABLE


class TestRatersAgree:
    def test_an_item_put_away_does_not_count(self, world) -> None:
        rated(world)
        QualitativeItem.objects.update(deleted_at=NOW)

        assert look(world, "G7.a2").result is gating.Result.NOT_APPLICABLE
