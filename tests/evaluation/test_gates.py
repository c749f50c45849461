"""Each criterion of gates 7 and 8 once met and once not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from evaluation.models import (
    CorrectiveAction,
    CostBenefit,
    EvaluationSetup,
    Lesson,
    QualitativeItem,
    ScoreRule,
    Signal,
)
from evaluation.services.dashboards import refresh_dashboard
from evaluation.services.monitoring import save_action
from evaluation.services.scorecard import give_ratings, save_setup
from programmes import gating
from programmes.models import Document, Gate, Indicator, Programme
from programmes.phases import Phase
from programmes.services.money import confirm_money
from tests.evaluation.fill import series, steady
from tests.world import NOW

RATERS = ("sponsor", "owner", "member")


def found(world, code, now=NOW):
    phase = Phase(int(code[1]))
    verdict = gating.assess(world.programme, phase, now)
    return next(one.assessment for one in verdict.items if one.criterion.code == code)


def passes(world, code):
    return found(world, code).result is gating.Result.PASS


@pytest.fixture
def goal(world):
    return world.save(
        Indicator, code="k", name="§K", branch="economic", baseline=10, target=5
    )


def split(world, **weights):
    today = NOW.date()
    record = EvaluationSetup(
        programme=world.programme,
        baseline_until=today - timedelta(days=3),
        measured_from=today - timedelta(days=2),
        **weights,
    )
    return save_setup(by=world.lead, record=record, now=NOW)


def lesson(world, phase, kind):
    return world.save(
        Lesson, title="§L", phase=phase, kind=kind, happened="§x", advice="§y"
    )


def report(world, at):
    return Document.objects.create(
        programme=world.programme,
        kind="evaluation",
        number=1,
        facts={},
        facts_sha256="0" * 64,
        sha256="a" * 64,
        pdf=ContentFile(b"%PDF", name="r.pdf"),
        issued_by=world.lead,
        issued_at=at,
    )


class TestEffectsComputed:
    def test_passes_with_three_values_on_each_side(self, world, goal):
        split(world)
        series(world, "k", [10, 10, 11, 5, 6, 4])

        assert passes(world, "G7.A3")

    def test_fails_without_values(self, world, goal):
        split(world)

        answer = found(world, "G7.A3")

        assert answer.result is gating.Result.FAIL
        assert answer.links[0].url == f"/p/o2c/indicators/{goal.pk}/"

    def test_fails_without_periods(self, world, goal):
        series(world, "k", [10, 10, 11, 5, 6, 4])

        assert found(world, "G7.A3").links[0].url == "/p/o2c/evaluation/setup/"

    def test_fails_without_goals(self, world):
        split(world)

        assert found(world, "G7.A3").links[0].url == "/p/o2c/indicators/"

    def test_new_values_do_not_move_the_mark(self, world, goal):
        split(world)
        before = found(world, "G7.A3").mark

        series(world, "k", [10, 10, 11])

        assert found(world, "G7.A3").mark == before


class TestIndexComplete:
    def build(self, world, goal, raters=RATERS):
        split(world, economic=60, management=0, qualitative=40)
        world.save(ScoreRule, indicator=goal, weight=100)
        item = world.save(QualitativeItem, title="§Q", weight=100)
        series(world, "k", [6])
        for key in raters:
            give_ratings(
                by=world.accounts[key],
                programme=world.programme,
                grades={item.pk: 4},
                group="team",
                now=NOW,
            )
        return item

    def test_passes_when_whole_and_scored(self, world, goal):
        self.build(world, goal)

        assert passes(world, "G7.A4")

    def test_fails_with_two_raters(self, world, goal):
        item = self.build(world, goal, RATERS[:2])

        answer = found(world, "G7.A4")

        assert answer.links[0].url == f"/p/o2c/qualitative/{item.pk}/"

    def test_fails_when_weights_are_not_whole(self, world, goal):
        self.build(world, goal)
        world.save(QualitativeItem, title="§More", weight=10)

        assert "Qualitative" in str(found(world, "G7.A4").detail)

    def test_fails_without_a_value(self, world, goal):
        self.build(world, goal)
        goal.measurements.all().delete()

        assert found(world, "G7.A4").links[0].url == f"/p/o2c/indicators/{goal.pk}/"


class TestLessonsDrawn:
    def test_passes_with_both_kinds_for_each_phase(self, world):
        lesson(world, 1, "success")
        lesson(world, 1, "failure")

        assert passes(world, "G7.A8")

    def test_fails_with_links_to_what_is_missing(self, world):
        lesson(world, 1, "success")

        answer = found(world, "G7.A8")

        assert answer.links[0].url == "/p/o2c/lessons/new/?phase=1&kind=failure"


class TestReportCurrent:
    def test_passes_when_issued_after_the_last_change(self, world):
        lesson(world, 1, "success")
        issued = report(world, NOW + timedelta(hours=1))

        answer = found(world, "G7.A9")

        assert answer.result is gating.Result.PASS
        assert answer.mark == issued.sha256

    def test_fails_after_a_change(self, world):
        report(world, NOW - timedelta(hours=1))
        lesson(world, 1, "success")

        assert not passes(world, "G7.A9")

    def test_fails_without_a_report(self, world):
        assert not passes(world, "G7.A9")


class TestEconomicsConfirmed:
    def test_passes_once_confirmed(self, world):
        world.save(CostBenefit, title="§B", kind="benefit", year=2026, plan=9)
        gate = Gate.objects.get(programme=world.programme, phase=7)
        before = passes(world, "G7.F")

        confirm_money(by=world.controller, gate=gate, note="", now=NOW)

        assert not before
        assert passes(world, "G7.F")

    def test_fails_without_lines(self, world):
        assert found(world, "G7.F").links[0].url == "/p/o2c/economics/"


class TestGoalsWatched:
    def test_passes_with_owner_limits_and_reaction(self, world):
        world.save(
            Indicator,
            code="k",
            name="§K",
            baseline=10,
            target=5,
            owner=world.person("owner"),
            reaction="§Look",
        )
        series(world, "k", steady(12))

        assert passes(world, "G8.A1")

    def test_fails_without_a_reaction_plan(self, world, goal):
        answer = found(world, "G8.A1")

        assert answer.links[0].url == f"/p/o2c/indicators/{goal.pk}/edit/"

    def test_fails_with_too_few_values(self, world, goal):
        goal.owner, goal.reaction = world.person("owner"), "§Look"
        goal.save()

        answer = found(world, "G8.A1")

        assert answer.links[0].url == f"/p/o2c/indicators/{goal.pk}/"

    def test_fails_without_goals(self, world):
        assert not passes(world, "G8.A1")


class TestSignalsSettled:
    def test_fails_then_passes_with_an_action(self, world, goal):
        series(world, "k", [*steady(), 9.0])
        refresh_dashboard(programme=world.programme, now=NOW)
        before = found(world, "G8.A3")

        save_action(
            by=world.lead,
            record=CorrectiveAction(
                programme=world.programme,
                signal=Signal.objects.get(),
                title="§Fix",
                owner=world.person("owner"),
                due_on=NOW.date(),
            ),
            now=NOW,
        )

        assert before.links[0].url == f"/p/o2c/monitor/{goal.pk}/"
        assert passes(world, "G8.A3")


class TestQueries:
    @pytest.mark.parametrize(("phase", "most"), [(7, 10), (8, 6)])
    def test_evidence_is_loaded_with_few(
        self, world, goal, phase, most, django_assert_max_num_queries
    ):
        Programme.objects.filter(pk=world.programme.pk).update(phase=phase)

        with django_assert_max_num_queries(most):
            gating.assess(world.programme, Phase(phase), NOW)
