"""Criteria on what the figures, the people and the money rest on: met and not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import F

from design.models import Dimension, Rollout, SupportScheme
from diagnosis.models import EventLog, Process, Step
from evaluation.models import (
    CorrectiveAction,
    CostBenefit,
    EvaluationSetup,
    Lesson,
    QualitativeItem,
    Rating,
)
from evaluation.services.monitoring import save_action
from evaluation.services.scorecard import save_setup
from programmes.models import (
    BudgetLine,
    Course,
    Gate,
    GateReview,
    Indicator,
    ItAsset,
    Measurement,
    Participation,
    Pulse,
    PulseAnswer,
    Tranche,
    WorkItem,
)
from tests.evaluation.criteria import EachCriterion
from tests.evaluation.fill import series
from tests.programmes.ready import taken_pulse
from tests.world import NOW, World, scope_process

TODAY = NOW.date()
LONG = timedelta(days=90)
LESSONS = [f"G{number}.A0d" for number in range(1, 7)]


def goal(world: World, **values: Any) -> Indicator:
    return world.save(
        Indicator, code="k", name="§K", baseline=10, target=5, period="month", **values
    )


def lessons(world: World) -> None:
    for phase in range(1, 7):
        world.save(
            Lesson,
            title="§L",
            phase=phase,
            kind="success",
            happened="§x",
            advice="§y",
        )


def contract(world: World) -> None:
    found = goal(world)
    Indicator.objects.filter(pk=found.pk).update(frozen_at=NOW)


def measured(world: World) -> None:
    goal(world)
    record = EvaluationSetup(
        programme=world.programme,
        baseline_until=TODAY - timedelta(days=90),
        measured_from=TODAY - timedelta(days=80),
    )
    save_setup(by=world.lead, record=record, now=NOW)
    series(world, "k", [5, 6, 5, 6, 5, 6])


def rated(world: World) -> None:
    item = world.save(QualitativeItem, title="§Q", weight=100)
    for group in ("customer", "staff", "team"):
        Rating.objects.create(
            programme=world.programme,
            item=item,
            group=group,
            grade=4,
            created_at=NOW,
            updated_at=NOW,
        )


def benefits(world: World) -> None:
    found = goal(world)
    for year in (2026, 2027):
        world.save(
            CostBenefit,
            title="§Saved",
            kind="benefit",
            year=year,
            plan=10,
            indicator=found,
            unit=world.unit,
        )


def fresh(world: World) -> None:
    goal(world)
    series(world, "k", [5, 6])


def acted(world: World) -> None:
    action = CorrectiveAction(
        programme=world.programme,
        title="§Contain",
        owner=world.person("owner"),
        due_on=TODAY,
    )
    save_action(by=world.lead, record=action, now=NOW)


def timed(world: World) -> None:
    process = world.save(Process, scope_item=scope_process(world), trigger="§Order")
    for key in ("1", "2"):
        world.save(
            Step, process=process, key=key, name="§S", role="§Clerk", work_minutes=5
        )


def logged(world: World) -> None:
    world.save(ItAsset, name="§ERP", owner=world.person("member"))
    EventLog.objects.create(
        programme=world.programme,
        name="§Log",
        state="ready",
        created_at=NOW,
        updated_at=NOW,
    )


def drafted(world: World) -> None:
    world.save(
        SupportScheme, title="§Rule", dimension=Dimension.RULES, state="drafted", cost=5
    )


def covered(world: World) -> None:
    drafted(world)
    world.save(Tranche, gate=5, amount=9)


def piloted(world: World) -> None:
    world.save(Rollout, unit=world.unit, is_pilot=True, owner=world.person("owner"))
    Rollout.objects.update(accepted_at=NOW)


def trained(world: World) -> None:
    course = world.save(Course, title="§Basics", held_on=TODAY)
    world.save(
        Participation, course=course, person=world.person("member"), done_on=TODAY
    )


def budgeted(world: World) -> None:
    world.save(BudgetLine, title="§Team", phase=6, category="people", planned=100)
    BudgetLine.objects.update(actual=60, committed=50)


def money(world: World) -> None:
    for kind, year in (("cost", 2026), ("benefit", 2026)):
        world.save(CostBenefit, title="§M", kind=kind, year=year, plan=10, actual=12)
    CostBenefit.objects.update(confirmed_version=F("version"))


def kept(world: World) -> None:
    """Gate 7 was approved on values that reached the target."""
    goal(world)
    record = EvaluationSetup(
        programme=world.programme,
        baseline_until=TODAY - timedelta(days=90),
        measured_from=TODAY - timedelta(days=80),
    )
    save_setup(by=world.lead, record=record, now=NOW)
    series(world, "k", [5, 5, 5, 5, 5, 5])
    GateReview.objects.create(
        gate=Gate.objects.get(programme=world.programme, phase=7),
        round=1,
        state="decided",
        outcome="approve",
        ask="§?",
        evidence=[],
        fingerprint="x",
        submitted_by=world.lead,
        submitted_at=NOW,
        due_on=TODAY,
        decided_by=world.accounts["sponsor"],
        decided_at=NOW - timedelta(days=3),
    )


def lost() -> None:
    newest = Measurement.objects.order_by("-at")[:3].values("pk")
    Measurement.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).update(
        value=10
    )


def asked_twice(world: World) -> None:
    for turn in range(2):
        pulse = taken_pulse(world)
        closed = NOW + timedelta(days=turn)
        Pulse.objects.filter(pk=pulse.pk).update(closed_at=closed)


# Code -> what makes it pass, and what breaks it then.
CASES: dict[str, tuple[Callable[[World], None], Callable[[], Any]]] = {
    **{code: (lessons, lambda: Lesson.objects.all().delete()) for code in LESSONS},
    "G3.a1": (timed, lambda: Step.objects.filter(key="1").update(role="")),
    "G3.a3": (logged, lambda: EventLog.objects.update(state="failed")),
    "G5.A6": (drafted, lambda: SupportScheme.objects.update(state="planned")),
    "G5.A10": (covered, lambda: SupportScheme.objects.update(cost=10)),
    "G6.A2": (piloted, lambda: Rollout.objects.update(accepted_at=None)),
    "G6.A4": (trained, lambda: Participation.objects.update(done_on=None)),
    "G6.a3": (
        asked_twice,
        lambda: PulseAnswer.objects.filter(
            pulse=Pulse.objects.latest("closed_at")
        ).update(desire=1),
    ),
    "G6.A10": (budgeted, lambda: BudgetLine.objects.update(actual=111)),
    "G7.A1": (contract, lambda: Indicator.objects.update(frozen_at=None)),
    "G7.A2": (
        measured,
        lambda: EvaluationSetup.objects.update(measured_from=TODAY),
    ),
    "G7.A5": (
        rated,
        lambda: Rating.objects.filter(group="customer").update(group="partner"),
    ),
    "G7.A6": (
        money,
        lambda: CostBenefit.objects.filter(kind="benefit").update(version=9),
    ),
    "G7.a1": (money, lambda: CostBenefit.objects.update(actual=None)),
    "G7.A10": (benefits, lambda: CostBenefit.objects.update(year=2026)),
    "G8.A2": (fresh, lambda: Measurement.objects.update(at=F("at") - LONG)),
    "G8.A4": (kept, lost),
    "G8.A5": (acted, lambda: WorkItem.objects.update(state="done")),
}


# What asks nothing of a programme without its records.
EMPTY = {
    *("G3.a3", "G5.A6", "G5.A10", "G6.a3", "G7.a1", "G7.A10", "G8.A4", "G8.A5"),
}


class TestEachCriterion(EachCriterion):
    cases = CASES
    empty = EMPTY
