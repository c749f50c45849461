"""Criteria of gate 6: is it really running?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Avg, Count, F, FloatField, OuterRef, Subquery, Value
from django.utils.translation import gettext_lazy as _

from design.gates.links import link_to
from design.maths.plan import Plan
from design.models import Goal, Rollout
from design.models.work import planned, work_of
from programmes.gates import Common, common, conditions_closed, each
from programmes.gating import (
    Assessment,
    Kind,
    Result,
    counted,
    criterion,
    evidence,
    marks,
)
from programmes.kit.formats import money, number
from programmes.maths.change import ELEMENTS
from programmes.models import (
    BudgetLine,
    Dependency,
    Indicator,
    Measurement,
    Participation,
    Programme,
    Pulse,
    WorkItem,
)
from programmes.models.pulses import FEWEST
from programmes.phases import Phase

PERIODS = {
    Indicator.Period.WEEK: timedelta(days=7),
    Indicator.Period.MONTH: timedelta(days=31),
    Indicator.Period.QUARTER: timedelta(days=92),
}
FINISHED = (WorkItem.State.DONE, WorkItem.State.DROPPED)


@dataclass(frozen=True)
class Implementation:
    shared: Common
    now: datetime
    tasks: list[WorkItem]
    links: list[Dependency]
    goals: list[Any]
    rollouts: list[Rollout]

    @property
    def programme(self) -> Programme:
        return self.shared.programme

    @cached_property
    def plan(self) -> Plan:
        return planned(self.tasks, self.links, self.now.date())


@evidence(Phase.IMPLEMENTATION)
def implementation(programme: Programme, now: datetime) -> Implementation:
    latest = Measurement.objects.filter(indicator=OuterRef("indicator"), at__lte=now)
    goals = Goal.objects.of(programme).select_related("indicator")
    rollouts = Rollout.objects.of(programme).select_related("unit")
    return Implementation(
        shared=common(programme, Phase.IMPLEMENTATION, now),
        now=now,
        tasks=list(work_of(programme).order_by("pk")),
        links=list(Dependency.objects.of(programme).order_by("pk")),
        goals=list(
            goals.annotate(
                latest_at=Subquery(latest.order_by("-at").values("at")[:1])
            ).order_by("pk")
        ),
        rollouts=list(rollouts.order_by("pk")),
    )


@criterion(Phase.IMPLEMENTATION, "G6.A0", _("Conditions of earlier gates are closed"))
def implementation_conditions(
    found: Implementation, limits: dict[str, Any]
) -> Assessment:
    return conditions_closed(found.shared)


@criterion(
    Phase.IMPLEMENTATION,
    "G6.A1",
    _("All tasks that must be done are; the others are owned, dated, not critical"),
)
def work_done(found: Implementation, limits: dict[str, Any]) -> Assessment:
    critical = set(found.plan.critical)
    good = [
        one
        for one in found.tasks
        if one.state in FINISHED
        or (not one.is_must and one.owner_id and one.due_on and one.pk not in critical)
    ]
    detail = _("%(good)s of %(all)s tasks are done or may wait.") % {
        "good": len(good),
        "all": len(found.tasks),
    }
    return each(found.tasks, good, found.programme, "tasks", detail)


@criterion(
    Phase.IMPLEMENTATION, "G6.A3", _("Each unit is live, and its head accepted it")
)
def units_live(found: Implementation, limits: dict[str, Any]) -> Assessment:
    good = [one for one in found.rollouts if one.accepted_at]
    mark = marks(found.rollouts)
    if not found.rollouts:
        nothing = _("No roll-out by unit is planned.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, mark, nothing)
    links = tuple(
        link_to(str(one), found.programme, "rollout-detail", one.pk)
        for one in found.rollouts
        if one not in good
    )
    detail = _("%(good)s of %(all)s units are accepted.") % {
        "good": len(good),
        "all": len(found.rollouts),
    }
    return counted(len(good), len(found.rollouts), detail, mark=mark, links=links)


@criterion(Phase.IMPLEMENTATION, "G6.A2", _("A pilot was live and accepted"))
def pilot_accepted(found: Implementation, limits: dict[str, Any]) -> Assessment:
    pilots = [one for one in found.rollouts if one.is_pilot]
    good = [one for one in pilots if one.accepted_at]
    detail = _("%(good)s of %(all)s pilots are accepted.") % {
        "good": len(good),
        "all": len(pilots),
    }
    links = tuple(
        link_to(str(one), found.programme, "rollout-detail", one.pk) for one in pilots
    ) or (link_to(_("Add a pilot"), found.programme, "rollout-new"),)
    mark = marks(pilots)
    return counted(len(good), len(pilots), detail, mark=mark, links=links)


@criterion(
    Phase.IMPLEMENTATION,
    "G6.A4",
    _("The people that are affected were trained"),
    limits={"share": 0.95},
)
def affected_trained(found: Implementation, limits: dict[str, Any]) -> Assessment:
    """One query. No mark: training goes on while the gate is in review."""
    rows = Participation.objects.of(found.programme).filter(course__deleted_at=None)
    people = list(rows.order_by("pk"))
    done = [one for one in people if one.done_on]
    least = limits["G6.A4"]["share"]
    detail = _("%(done)s of %(all)s people are trained; %(least)s%% are asked for.") % {
        "done": len(done),
        "all": len(people),
        "least": round(100 * least),
    }
    holds = bool(people) and len(done) >= least * len(people)
    link = link_to(_("Participants"), found.programme, "participants-list")
    return counted(int(holds), 1, detail, links=(link,))


@criterion(
    Phase.IMPLEMENTATION,
    "G6.A10",
    _("The cost is within its tolerance"),
    limits={"over": 10},
)
def cost_within(found: Implementation, limits: dict[str, Any]) -> Assessment:
    """One query. No mark: money is spent while the gate is in review."""
    lines = list(BudgetLine.objects.of(found.programme).order_by("pk"))
    planned = sum((one.planned for one in lines), Decimal(0))
    spent = sum((max(one.actual, one.committed) for one in lines), Decimal(0))
    most = planned * (100 + Decimal(str(limits["G6.A10"]["over"]))) / 100
    currency = found.programme.currency
    detail = _("%(spent)s is spent or committed of %(planned)s.") % {
        "spent": money(spent, currency),
        "planned": money(planned, currency),
    }
    link = link_to(_("Budget"), found.programme, "budget-list")
    holds = bool(lines) and spent <= most
    return counted(int(holds), 1, detail, links=(link,))


@criterion(
    Phase.IMPLEMENTATION,
    "G6.A9",
    _("The indicator of each goal has a value of the last period"),
    limits={"periods": 1},
)
def goals_measured(found: Implementation, limits: dict[str, Any]) -> Assessment:
    periods = limits["G6.A9"]["periods"]
    good = [one for one in found.goals if is_fresh(one, found.now, periods)]
    detail = _("%(good)s of %(all)s goals have a fresh value.") % {
        "good": len(good),
        "all": len(found.goals),
    }
    links = tuple(
        link_to(
            str(one.indicator), found.programme, "indicators-detail", one.indicator_id
        )
        if one.indicator_id
        else link_to(str(one), found.programme, "goals-edit", one.pk)
        for one in found.goals
        if one not in good
    ) or (link_to(_("Add the first goal"), found.programme, "goals-new"),)
    mark = marks(found.goals)
    return counted(len(good), len(found.goals), detail, mark=mark, links=links)


def is_fresh(goal: Any, now: datetime, periods: float) -> bool:
    """The newest value of its indicator is not older than these periods."""
    if goal.indicator is None or goal.latest_at is None:
        return False
    longest = PERIODS[goal.indicator.period] * periods
    return bool(now - goal.latest_at <= longest)


@criterion(
    Phase.IMPLEMENTATION,
    "G6.a3",
    _("The pulse is no lower than at the kick-off"),
    kind=Kind.SHOULD,
)
def pulse_held(found: Implementation, limits: dict[str, Any]) -> Assessment:
    """One query. Groups too small to be shown are not compared."""
    whole = sum((F(f"answers__{name}") for name in ELEMENTS), Value(0))
    pulses = (
        Pulse.objects.of(found.programme)
        .filter(closed_at__isnull=False)
        .annotate(n=Count("answers"), mean=Avg(whole, output_field=FloatField()))
        .filter(n__gte=FEWEST)
    )
    rows = list(pulses.order_by("closed_at", "pk"))
    if not rows:
        nothing = _("No pulse was taken at the kick-off.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, "", nothing)
    first, last = rows[0], rows[-1]
    link = link_to(_("Pulse"), found.programme, "pulses-list")
    if first is last:
        again = _("The pulse was not taken again since the kick-off.")
        return counted(0, 1, again, links=(link,))
    size = len(ELEMENTS)
    detail = _("It was %(first)s of 5, and is %(last)s now.") % {
        "first": number(first.mean / size, 1),
        "last": number(last.mean / size, 1),
    }
    return counted(int(last.mean >= first.mean), 1, detail, links=(link,))


@criterion(
    Phase.IMPLEMENTATION,
    "G6.a1",
    _("The fallback of each unit was tested"),
    Kind.SHOULD,
)
def fallback_tested(found: Implementation, limits: dict[str, Any]) -> Assessment:
    good = [
        one for one in found.rollouts if one.fallback.strip() and one.fallback_tested_on
    ]
    detail = _("%(good)s of %(all)s units tested their fallback.") % {
        "good": len(good),
        "all": len(found.rollouts),
    }
    return each(found.rollouts, good, found.programme, "rollout", detail)


@criterion(
    Phase.IMPLEMENTATION,
    "G6.a2",
    _("Most cases of each unit go the new way"),
    Kind.SHOULD,
    limits={"share": 0.8},
)
def way_adopted(found: Implementation, limits: dict[str, Any]) -> Assessment:
    least = limits["G6.a2"]["share"]
    good = [
        one
        for one in found.rollouts
        if one.adoption is not None and float(one.adoption) >= 100 * least
    ]
    detail = _("%(good)s of %(all)s units reach the %(least)s%% asked for.") % {
        "good": len(good),
        "all": len(found.rollouts),
        "least": round(100 * least),
    }
    return each(found.rollouts, good, found.programme, "rollout", detail)
