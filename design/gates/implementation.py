"""Criteria of gate 6: is it really running?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from design.gates.links import link_to
from design.maths.plan import Plan
from design.models import Goal, Rollout
from design.models.work import planned, work_of
from programmes.gates import Common, common, conditions_closed, each
from programmes.gating import (
    Assessment,
    Result,
    counted,
    criterion,
    evidence,
    marks,
)
from programmes.models import Dependency, Indicator, Measurement, Programme, WorkItem
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
