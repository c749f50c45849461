"""Criteria of gate 1: entrusted, wanted, bounded and paid for?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.charter import team_of
from programmes.gates.common import (
    Common,
    common,
    each,
    page,
)
from programmes.gating import (
    Assessment,
    Kind,
    Link,
    counted,
    criterion,
    evidence,
    marks,
)
from programmes.kit.together import together
from programmes.models import (
    BudgetLine,
    Estimate,
    ItAsset,
    Mandate,
    Membership,
    Need,
    Objective,
    PhasePlan,
    Programme,
    ScopeItem,
    Tranche,
)
from programmes.phases import Phase

RISKS_NEEDED = 3


@dataclass(frozen=True)
class MasterPlan:
    shared: Common
    mandate: Mandate
    objectives: list[Objective]
    needs: list[Need]
    systems: list[ItAsset]
    scope: list[ScopeItem]
    budget: list[BudgetLine]
    tranches: list[Tranche]
    estimate: Estimate
    plan: list[PhasePlan]
    members: list[Membership]

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.MASTER_PLAN)
def master_plan(programme: Programme, now: datetime) -> MasterPlan:
    """Three queries."""
    rows: dict[str, Any] = together(
        programme,
        mandate=Mandate.objects.filter(programme=programme),
        objectives=Objective.objects.of(programme).order_by("pk"),
        needs=Need.objects.of(programme).order_by("pk"),
        systems=ItAsset.objects.of(programme).order_by("pk"),
        scope=ScopeItem.objects.of(programme).order_by("pk"),
        budget=BudgetLine.objects.of(programme).order_by("pk"),
        tranches=Tranche.objects.of(programme).order_by("pk"),
        estimate=Estimate.objects.filter(programme=programme),
        plan=PhasePlan.objects.of(programme).order_by("phase"),
        members=team_of(programme),
    )
    [mandate], [estimate] = rows.pop("mandate"), rows.pop("estimate")
    shared = common(programme, Phase.MASTER_PLAN, now)
    return MasterPlan(shared=shared, mandate=mandate, estimate=estimate, **rows)


@criterion(Phase.MASTER_PLAN, "G1.A1", _("The mandate is signed by the sponsor"))
def mandate_signed(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    mark = f"mandate-{found.mandate.pk}-v{found.mandate.version}"
    links = (Link(_("Mandate"), page(found.programme, "mandate")),)
    if found.mandate.is_signed:
        return counted(1, 1, _("Signed as it stands."), mark=mark)
    return counted(0, 1, _("Not signed as it stands."), mark=mark, links=links)


@criterion(
    Phase.MASTER_PLAN, "G1.A2", _("Each objective has an owner, a measure and a target")
)
def objectives_complete(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    rows = [one for one in found.objectives if one.level == Objective.Level.PROGRAMME]
    good = [
        one for one in rows if one.owner_id and one.measure and one.target is not None
    ]
    detail = _("%(good)s of %(all)s programme objectives are complete.") % {
        "good": len(good),
        "all": len(rows),
    }
    return each(rows, good, found.programme, "objectives", detail)


@criterion(
    Phase.MASTER_PLAN,
    "G1.A3",
    _("Each need has source and priority, and serves an objective or is declared out"),
)
def needs_placed(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    good = [
        one
        for one in found.needs
        if one.source and one.priority and (one.objective_id or one.is_out)
    ]
    detail = _("%(good)s of %(all)s needs are placed.") % {
        "good": len(good),
        "all": len(found.needs),
    }
    return each(found.needs, good, found.programme, "needs", detail)


@criterion(
    Phase.MASTER_PLAN,
    "G1.A4",
    _("Each IT system has an owner, state, interface possibility and all ratings"),
)
def systems_rated(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    good = [
        one
        for one in found.systems
        if one.owner_id
        and one.state
        and one.interface
        and one.data_quality
        and one.fit
        and one.ease
    ]
    detail = _("%(good)s of %(all)s systems are described and rated.") % {
        "good": len(good),
        "all": len(found.systems),
    }
    return each(found.systems, good, found.programme, "it", detail)


@criterion(
    Phase.MASTER_PLAN,
    "G1.A5",
    _("The scope says what is in and out, with a process and a unit"),
)
def scope_bounded(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    kinds = {one.kind for one in found.scope if one.is_in}
    parts = [
        (_("a process in scope"), ScopeItem.Kind.PROCESS in kinds),
        (_("a unit in scope"), ScopeItem.Kind.UNIT in kinds),
        (_("something left out"), not all(one.is_in for one in found.scope)),
    ]
    missing = [str(label) for label, there in parts if not there]
    detail = (
        _("Missing: %(parts)s.") % {"parts": ", ".join(missing)}
        if missing
        else _("In and out are given.")
    )
    link = Link(_("Add to the scope"), page(found.programme, "scope-new"))
    return counted(3 - len(missing), 3, detail, mark=marks(found.scope), links=(link,))


@criterion(
    Phase.MASTER_PLAN,
    "G1.a1",
    _("Risks are named, each with an owner"),
    Kind.SHOULD,
    limits={"least": RISKS_NEEDED},
)
def risks_named(found: MasterPlan, limits: dict[str, Any]) -> Assessment:
    needed = int(limits["G1.a1"]["least"])
    rows = found.shared.risks
    good = [one for one in rows if one.owner_id]
    links = [
        Link(str(one), page(found.programme, "risks-edit", one.pk))
        for one in rows
        if not one.owner_id
    ]
    if len(good) < needed:
        links.append(Link(_("Add a risk"), page(found.programme, "risks-new")))
    detail = _("%(good)s open risks have an owner, %(needed)s are asked for.") % {
        "good": len(good),
        "needed": needed,
    }
    return counted(
        min(len(good), needed), needed, detail, mark=marks(rows), links=tuple(links)
    )
