"""Criteria of gates 1 and 2, and those that every gate shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programmes.charter import team_of
from programmes.gating import (
    Assessment,
    Link,
    Result,
    counted,
    criterion,
    evidence,
    marks,
)
from programmes.kit.together import together
from programmes.models import (
    BudgetLine,
    Condition,
    Estimate,
    ItAsset,
    Mandate,
    Meeting,
    Membership,
    Need,
    Objective,
    Participation,
    PhasePlan,
    Programme,
    ScopeItem,
    Signature,
    Tranche,
)
from programmes.phases import Phase

TRAINED_SHARE = Decimal("0.85")


@dataclass(frozen=True)
class Common:
    """What every gate looks at."""

    programme: Programme
    open_conditions: list[Condition]
    confirmed: frozenset[str]


def common(programme: Programme, phase: Phase) -> Common:
    """Two queries: open conditions of earlier gates, and confirmed money marks."""
    conditions = Condition.objects.filter(
        review__gate__programme=programme,
        review__state="decided",
        review__gate__phase__lt=phase,
        closed_at=None,
    ).select_related("review__gate")
    confirmed = Signature.objects.filter(
        programme=programme, phase=phase, kind="money"
    ).values_list("mark", flat=True)
    return Common(programme, list(conditions), frozenset(confirmed))


def conditions_closed(shared: Common) -> Assessment:
    links = tuple(
        Link(
            one.text,
            reverse("gate", args=[shared.programme.code, one.review.gate.phase]),
        )
        for one in shared.open_conditions
    )
    left = len(links)
    detail = (
        ngettext(
            "%(left)s condition of an earlier gate is open.",
            "%(left)s conditions of earlier gates are open.",
            left,
        )
        % {"left": left}
        if left
        else _("No condition of an earlier gate is open.")
    )
    if left:
        return Assessment(Result.FAIL, 0, left, "", detail, links)
    return Assessment(Result.PASS, 0, 0, "closed", detail)


def money_confirmed(shared: Common, phase: Phase, mark: str) -> Assessment:
    """The controller signed the money in the version that stands now."""
    if mark in shared.confirmed:
        return Assessment(
            Result.PASS, 1, 1, mark, _("The controller confirmed costs and benefits.")
        )
    url = reverse("gate", args=[shared.programme.code, int(phase)])
    return Assessment(
        Result.FAIL,
        0,
        1,
        mark,
        _("The controller has not confirmed the costs and benefits as they stand."),
        (Link(_("Confirm on the gate page"), url + "#money"),),
    )


def page(programme: Programme, name: str, pk: int | None = None) -> str:
    arguments: dict[str, Any] = {"code": programme.code}
    if pk is not None:
        arguments["pk"] = pk
    return reverse(name, kwargs=arguments)


def each(
    rows: list[Any], good: list[Any], programme: Programme, slug: str, detail: Any
) -> Assessment:
    """All rows must be good; the links lead to those that are not."""
    bad = [one for one in rows if one not in good]
    links = tuple(
        Link(str(one), page(programme, f"{slug}-edit", one.pk)) for one in bad
    )
    if not rows:
        links = (Link(_("Add the first"), page(programme, f"{slug}-new")),)
    return counted(len(good), len(rows), detail, mark=marks(rows), links=links)


# --- gate 1 -----------------------------------------------------------------------


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
    shared = common(programme, Phase.MASTER_PLAN)
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


# --- gate 2 -----------------------------------------------------------------------


@dataclass(frozen=True)
class KickOff:
    shared: Common
    meetings: list[Meeting]
    participations: list[Participation]

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.KICK_OFF)
def kick_off(programme: Programme, now: datetime) -> KickOff:
    alive = Q(attendances__deleted_at=None, attendances__state="attended")
    meetings = Meeting.objects.of(programme).annotate(
        present=Count("attendances", filter=alive)
    )
    participations = Participation.objects.of(programme).filter(course__deleted_at=None)
    return KickOff(
        shared=common(programme, Phase.KICK_OFF),
        meetings=list(meetings.order_by("pk")),
        participations=list(participations.order_by("pk")),
    )


@criterion(Phase.KICK_OFF, "G2.A0", _("Conditions of earlier gates are closed"))
def kick_off_conditions(found: KickOff, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@criterion(
    Phase.KICK_OFF, "G2.A1", _("The start-up meeting was held and its minutes issued")
)
def meeting_held(found: KickOff, limits: dict[str, Any]) -> Assessment:
    good = [
        one
        for one in found.meetings
        if one.held_on and one.issued_at and one.present  # type: ignore[attr-defined]
    ]
    if good:
        return Assessment(
            Result.PASS, 1, 1, marks(found.meetings), _("Held, and minutes are issued.")
        )
    links = tuple(
        Link(str(one), page(found.programme, "meetings-detail", one.pk))
        for one in found.meetings
    ) or (Link(_("Plan the meeting"), page(found.programme, "meetings-new")),)
    detail = _("No meeting has a date, people who attended, and issued minutes.")
    return Assessment(Result.FAIL, 0, 1, marks(found.meetings), detail, links)


@criterion(
    Phase.KICK_OFF, "G2.A4", _("At least 85% of the target group did the training")
)
def people_trained(found: KickOff, limits: dict[str, Any]) -> Assessment:
    rows = found.participations
    done = [one for one in rows if one.done_on]
    needed = limits.get("trained_share", TRAINED_SHARE)
    passed = bool(rows) and len(done) >= needed * len(rows)
    links = (
        (Link(_("Participants"), page(found.programme, "participants-list")),)
        if rows
        else (Link(_("Add a training"), page(found.programme, "training-new")),)
    )
    detail = _("%(done)s of %(all)s people of the target group are trained.") % {
        "done": len(done),
        "all": len(rows),
    }
    return Assessment(
        Result.PASS if passed else Result.FAIL,
        len(done),
        len(rows),
        marks(rows),
        detail,
        () if passed else links,
    )
