"""Criteria of a go-live checkpoint: is it really running in this unit?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from design.gates.links import link_to
from design.models import Rollout
from design.models.work import work_of
from programmes.gate_packs import OUTSIDE
from programmes.gating import Assessment, Result, counted, criterion, evidence
from programmes.kit.formats import day
from programmes.lifecycle import GateKind
from programmes.models import Gate, Participation, Record, WorkItem

GO_LIVE = GateKind.GO_LIVE
FINISHED = (WorkItem.State.DONE, WorkItem.State.DROPPED)


@dataclass(frozen=True)
class GoingLive:
    rollout: Rollout
    tasks: list[WorkItem]
    trained: list[Participation]
    today: date

    @property
    def edit(self) -> Any:
        return link_to(
            str(self.rollout), self.rollout.programme, "rollout-edit", self.rollout.pk
        )


@evidence(GO_LIVE)
def going_live(gate: Gate, now: datetime) -> GoingLive:
    """Three queries."""
    rollout = Rollout.objects.select_related("unit").get(gate=gate)
    rollout.programme = gate.programme
    due = work_of(gate.programme).filter(is_must=True)
    if rollout.go_live_on:
        due = due.filter(due_on__lte=rollout.go_live_on)
    people = Participation.objects.of(gate.programme).filter(
        course__deleted_at=None, person__unit=rollout.unit
    )
    return GoingLive(
        rollout,
        list(due.order_by("pk")),
        list(people.order_by("pk")),
        now.date(),
    )


@criterion(GO_LIVE, "L.A1", _("The unit has gone live"))
def went_live(found: GoingLive, limits: dict[str, Any]) -> Assessment:
    on = found.rollout.go_live_on
    is_live = on is not None and on <= found.today
    detail = _("On %(day)s.") % {"day": day(on)} if on else _("No day is given.")
    mark = str(found.rollout.version)
    return counted(int(is_live), 1, detail, mark=mark, links=(found.edit,))


@criterion(
    GO_LIVE, "L.A2", _("The people of the unit were trained"), limits={"share": 0.95}
)
def unit_trained(found: GoingLive, limits: dict[str, Any]) -> Assessment:
    """No mark: training goes on while the head looks at it."""
    if not found.trained:
        nothing = _("Nobody of the unit is on a list of participants.")
        return Assessment(Result.NOT_APPLICABLE, detail=nothing)
    done = [one for one in found.trained if one.done_on]
    least = limits["L.A2"]["share"]
    detail = _("%(done)s of %(all)s people are trained; %(least)s%% are asked for.") % {
        "done": len(done),
        "all": len(found.trained),
        "least": round(100 * least),
    }
    holds = len(done) >= least * len(found.trained)
    link = link_to(_("Participants"), found.rollout.programme, "participants-list")
    return counted(int(holds), 1, detail, links=(link,))


@criterion(GO_LIVE, "L.A3", _("Tasks that had to be done by then are done"))
def tasks_done(found: GoingLive, limits: dict[str, Any]) -> Assessment:
    """No mark: tasks live on while the head looks at it."""
    if not found.tasks:
        return Assessment(Result.NOT_APPLICABLE, detail=_("None was due by then."))
    late = [one for one in found.tasks if one.state not in FINISHED]
    links = tuple(
        link_to(str(one), found.rollout.programme, "tasks-edit", one.pk) for one in late
    )
    good = len(found.tasks) - len(late)
    detail = _("%(good)s of %(all)s are done.") % {
        "good": good,
        "all": len(found.tasks),
    }
    return counted(good, len(found.tasks), detail, links=links)


@criterion(GO_LIVE, "L.A4", _("Fallback and hypercare are named"))
def fallback_named(found: GoingLive, limits: dict[str, Any]) -> Assessment:
    named = bool(found.rollout.fallback.strip())
    detail = _("It is written down.") if named else _("Nothing is written down.")
    mark = str(found.rollout.version)
    return counted(int(named), 1, detail, mark=mark, links=(found.edit,))


def records_of(gate: Gate) -> Iterator[Record]:
    yield Rollout.objects.get(gate=gate)


OUTSIDE[GO_LIVE] = records_of
