"""Each criterion of gates 4, 5 and 6: one way to pass, one to fail, with its links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from design.models import (
    AuxiliaryInfo,
    CaseLine,
    CaseRate,
    Goal,
    Option,
    Responsibility,
    Rollout,
    Scheme,
    SchemeStep,
    Score,
    StepDimension,
    SupportScheme,
    Yardstick,
)
from programmes import gating
from programmes.models import Measurement, Person, Programme, WorkItem
from programmes.phases import Phase
from programmes.views.gate_parts import FIGURES
from tests.design import fill
from tests.design.ready import ready_for_gate_4, ready_for_gate_5, ready_for_gate_6
from tests.world import NOW

PASS, FAIL = gating.Result.PASS, gating.Result.FAIL
NOT_APPLICABLE = gating.Result.NOT_APPLICABLE


def look(world: Any, code: str, now: Any = NOW) -> gating.Assessment:
    programme = Programme.objects.get(pk=world.programme.pk)
    verdict = gating.assess(programme, Phase(int(code[1])), now)
    return next(one.assessment for one in verdict.items if one.criterion.code == code)


def ready(world: Any) -> None:
    ready_for_gate_4(world)
    ready_for_gate_5(world)
    ready_for_gate_6(world)


def put_away(model: Any, **which: Any) -> Any:
    return lambda: model.objects.filter(**which).update(deleted_at=NOW)


BREAKS = {
    "G4.A1": lambda: Goal.objects.update(due_on=None),
    "G4.A2": lambda: Goal.objects.update(problem=None),
    "G4.A3": lambda: Yardstick.objects.update(weight=30),
    "G4.A5": lambda: Option.objects.update(time_low=None),
    "G4.A6": put_away(CaseLine, kind="benefit"),
    "G4.S": put_away(Scheme),
    "G4.F": lambda: CaseLine.objects.update(version=9),
    "G4.a1": lambda: Score.objects.filter(option__name="§Portal").update(points=76),
    "G4.a4": put_away(AuxiliaryInfo),
    "G5.A1": put_away(StepDimension, dimension="money"),
    "G5.A2": lambda: SupportScheme.objects.update(cost=None),
    "G5.A3": lambda: SupportScheme.objects.update(step=None),
    "G5.A4": lambda: Responsibility.objects.update(letter="R"),
    "G5.A9": lambda: SupportScheme.objects.update(cost=5000),
    "G6.A1": lambda: WorkItem.objects.filter(is_must=True).update(state="doing"),
    "G6.A3": lambda: Rollout.objects.update(accepted_at=None),
    "G6.A9": lambda: Measurement.objects.update(at=NOW - timedelta(days=40)),
}


class TestEachCriterion:
    @pytest.mark.parametrize("code", sorted(BREAKS))
    def test_passes_when_its_records_are_right(self, world, code: str) -> None:
        ready(world)

        found = look(world, code)

        assert found.result is PASS, found.detail
        assert found.links == ()

    @pytest.mark.parametrize("code", sorted(BREAKS))
    def test_fails_and_leads_to_the_cure(self, world, sign_in, code: str) -> None:
        ready(world)
        BREAKS[code]()

        found = look(world, code)

        assert found.result is FAIL
        assert found.links
        client = sign_in(world.lead)
        assert client.get(found.links[0].url).status_code == 200

    @pytest.mark.parametrize("code", sorted(BREAKS))
    def test_says_what_is_missing_in_an_empty_programme(
        self, world, sign_in, code: str
    ) -> None:
        found = look(world, code)

        if code in ("G5.A3", "G6.A3"):
            assert found.result in (PASS, NOT_APPLICABLE)
            return
        assert found.result is FAIL
        client = sign_in(world.lead)
        assert client.get(found.links[0].url).status_code == 200

    @pytest.mark.parametrize("phase", [4, 5, 6])
    def test_is_the_one_that_counts_its_queries(self, world, phase: int) -> None:
        ready(world)
        programme = Programme.objects.get(pk=world.programme.pk)

        with CaptureQueriesContext(connection) as queries:
            gating.assess(programme, Phase(phase), NOW)

        # The loader's eight, and those of criteria with rows of their own.
        assert len(queries) <= 12


class TestGoalsTraced:
    def test_asks_for_the_objective_too(self, world) -> None:
        fill.goal(world, objective=None)

        assert look(world, "G4.A2").result is FAIL


class TestOptionsCompared:
    @pytest.mark.parametrize(
        ("spoil", "label"),
        [
            (put_away(Option, name="§Portal"), "3 options"),
            (lambda: Option.objects.update(kind="improve"), "do nothing"),
            (lambda: Score.objects.all()[:1].get().delete(), "each criterion"),
        ],
    )
    def test_names_what_is_missing(self, world, spoil: Any, label: str) -> None:
        fill.options(world)
        spoil()

        found = look(world, "G4.A3")

        assert found.result is FAIL
        assert label in str(found.links[0].label)

    def test_scores_of_a_deleted_option_do_not_count(self, world) -> None:
        fill.options(world)
        world.save(Option, name="§Fourth")

        found = look(world, "G4.A3")

        assert found.done == 3


class TestCaseComputed:
    def test_is_about_the_chosen_option_only(self, world) -> None:
        options, _yardsticks = fill.options(world)
        fill.case(world, options[1])
        fill.scheme(world, options[2])

        found = look(world, "G4.A6")

        assert found.result is FAIL
        assert f"option={options[2].pk}" in found.links[0].url


class TestCaseConfirmed:
    def test_a_new_rate_makes_it_void(self, world) -> None:
        ready_for_gate_4(world)
        CaseRate.objects.update(version=2)

        assert look(world, "G4.F").result is FAIL


class TestSchemeChosen:
    def test_an_option_put_away_is_no_choice(self, world) -> None:
        ready_for_gate_4(world)
        Option.objects.filter(name="§Order desk").update(deleted_at=NOW)

        found = look(world, "G4.S")

        assert found.result is FAIL
        assert "deleted" in str(found.detail)


class TestAffectedSupported:
    def test_does_not_apply_where_nothing_is_affected(self, world) -> None:
        fill.scheme(world)
        fill.check_all(world, fill.step(world), affected="")

        assert look(world, "G5.A2").result is NOT_APPLICABLE

    def test_begins_the_missing_scheme_with_its_step(self, world) -> None:
        fill.scheme(world)
        step = fill.step(world)
        fill.check_all(world, step)

        found = look(world, "G5.A2")

        assert f"support/new/?step={step.pk}&dimension=it" in found.links[0].url


class TestStepsAccounted:
    def test_a_person_who_left_does_not_answer(self, world) -> None:
        fill.scheme(world)
        fill.answers(world, fill.step(world))
        Person.objects.filter(pk=world.person("owner").pk).update(is_active=False)

        found = look(world, "G5.A4")

        assert found.result is FAIL
        assert "edit" in found.links[0].url

    def test_a_role_without_a_person_is_vacant(self, world) -> None:
        fill.scheme(world)
        step = fill.step(world)
        world.save(Responsibility, step=step, letter="A", role="§Team lead")

        assert look(world, "G5.A4").result is FAIL


class TestStepsOfAnEarlierScheme:
    def test_do_not_count(self, world) -> None:
        scheme = fill.scheme(world)
        fill.step(world)
        SchemeStep.objects.update(is_changed=True)
        Scheme.objects.filter(pk=scheme.pk).update(deleted_at=NOW)

        assert look(world, "G5.A1").of == 0


class TestWorkDone:
    def test_an_optional_task_may_not_be_critical(self, world) -> None:
        world.save(
            WorkItem,
            title="§Film",
            owner=world.person("member"),
            due_on=NOW.date(),
            is_must=False,
        )

        assert look(world, "G6.A1").result is FAIL

    def test_an_optional_task_needs_an_owner(self, world) -> None:
        ready(world)
        WorkItem.objects.filter(is_must=False).update(owner=None)

        assert look(world, "G6.A1").result is FAIL


class TestUnitsLive:
    def test_does_not_apply_without_a_roll_out(self, world) -> None:
        assert look(world, "G6.A3").result is NOT_APPLICABLE


class TestGoalsMeasured:
    def test_a_goal_without_indicator_leads_to_itself(self, world) -> None:
        goal = fill.goal(world, indicator=None)

        found = look(world, "G6.A9")

        assert found.result is FAIL
        assert f"goals/{goal.pk}/edit" in found.links[0].url

    def test_a_value_ages_out_of_its_period(self, world) -> None:
        ready(world)

        assert look(world, "G6.A9").result is PASS
        assert look(world, "G6.A9", NOW + timedelta(days=60)).result is FAIL


class TestDesignFigures:
    def test_say_benefit_cost_and_worth(self, world) -> None:
        ready_for_gate_4(world)

        figures = FIGURES[Phase.DESIGN](world.programme)

        assert [str(one["value"]) for one in figures[:2]] == ["€120", "€100"]
        assert len(figures) == 5

    def test_are_empty_without_a_scheme(self, world) -> None:
        assert FIGURES[Phase.DESIGN](world.programme) == []

    def test_are_empty_without_a_case(self, world) -> None:
        fill.scheme(world)

        assert FIGURES[Phase.DESIGN](world.programme) == []
