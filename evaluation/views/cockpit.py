"""A programme at a glance: track, next step, indicators, readiness, activity."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from programmes.access import MelioraRequest, access
from programmes.gating import criteria
from programmes.lifecycle import GateState
from programmes.models import (
    Activity,
    BudgetLine,
    Estimate,
    Indicator,
    Membership,
    Programme,
    Readiness,
    WorkItem,
)
from programmes.phases import QUESTIONS, Phase
from programmes.views.activity import feed_rows
from programmes.views.shell import track

MOST_INDICATORS = 4
MOST_ACTIVITIES = 5


@access("programme.read")
def cockpit(request: MelioraRequest, code: str) -> HttpResponse:
    programme = request.programme
    phase = Phase(programme.phase)
    readiness = (
        Readiness.objects.filter(gate__programme=programme, gate__phase=phase)
        .select_related("gate")
        .first()
    )
    members = list(
        Membership.objects.filter(programme=programme)
        .select_related("person")
        .order_by("pk")
    )
    context = {
        "phase": phase,
        "question": QUESTIONS[phase],
        "track": track(programme),
        "readiness": readiness,
        "missing": missing_of(readiness),
        "next_step": next_step(request, readiness),
        "members": members,
        "sponsor": first(members, "sponsor"),
        "lead": first(members, "lead"),
        "money": money_of(programme),
        "indicators": indicators_of(programme),
        "upcoming": upcoming(programme),
        "activities": feed_rows(
            Activity.objects.filter(programme=programme)
            .select_related("actor")
            .order_by("-at", "-pk")[:MOST_ACTIVITIES]
        ),
        "may_edit": request.grants.may("programme.edit"),
        "crumbs": [{"label": _("Portfolio"), "href": "/"}, {"label": programme.name}],
        "nav": "overview",
    }
    return render(request, "evaluation/cockpit/cockpit.html", context)


def first(members: list[Membership], role: str) -> Any:
    return next((one.person for one in members if one.role == role), None)


def missing_of(readiness: Readiness | None) -> list[dict[str, Any]]:
    """Titles in the reader's language for the stored codes, with their links."""
    if readiness is None:
        return []
    titles = {one.code: one.title for one in criteria(Phase(readiness.gate.phase))}
    return [
        {
            "title": titles.get(one["code"], one["code"]),
            "href": (one["links"] or [""])[0],
        }
        for one in readiness.missing
    ]


def next_step(
    request: MelioraRequest, readiness: Readiness | None
) -> dict[str, Any] | None:
    """The one thing to do next, for this reader."""
    programme = request.programme
    gate_href = f"/p/{programme.code}/gates/{programme.phase}/"
    if readiness is None:
        return None
    number = {"number": programme.phase}
    if readiness.gate.state == GateState.IN_REVIEW:
        chair = request.grants.may(
            "gate8.decide" if programme.phase == Phase.IMPROVEMENT else "gate.decide"
        )
        title = (
            _("Gate %(number)s is ready for your decision")
            if chair
            else _("Gate %(number)s waits for a decision")
        )
        return {
            "tone": "decision",
            "gate": "ready",
            "title": title % number,
            "text": QUESTIONS[Phase(programme.phase)],
            "href": gate_href,
            "label": _("Review and decide") if chair else _("Open the gate"),
        }
    if readiness.gate.state == GateState.PASSED:
        return {
            "tone": "positive",
            "gate": "approved",
            "title": _("All gates are passed; the owner goes on"),
            "text": _("The next cycle begins with what this one found."),
            "href": f"/p/{programme.code}/cycle/",
            "label": _("The next cycle"),
        }
    left = readiness.needed - readiness.met
    if left == 0:
        return {
            "tone": "positive",
            "gate": "preparing",
            "title": _("Gate %(number)s is ready to be submitted") % number,
            "text": _("All that the gate asks for is there."),
            "href": gate_href,
            "label": _("Open the gate"),
        }
    return {
        "tone": "accent",
        "gate": "preparing",
        "title": _("%(met)s of %(needed)s are met for gate %(number)s")
        % {"met": readiness.met, "needed": readiness.needed, **number},
        "text": "",
        "href": gate_href,
        "label": _("What is missing"),
    }


def money_of(programme: Programme) -> dict[str, Any]:
    sums = BudgetLine.objects.of(programme).aggregate(
        planned=Sum("planned"), committed=Sum("committed"), actual=Sum("actual")
    )
    estimate = Estimate.objects.filter(programme=programme).first()
    return {**sums, "benefit": estimate.benefit_likely if estimate else None}


def indicators_of(programme: Programme) -> list[Any]:
    rows = Indicator.objects.of(programme).with_latest()
    return list(rows.order_by("pk")[:MOST_INDICATORS])


def upcoming(programme: Programme) -> list[Any]:
    rows = WorkItem.objects.of(programme).filter(
        due_on__gte=timezone.now().date(), state__in=["open", "doing"]
    )
    return list(rows.select_related("owner").order_by("due_on")[:5])


urlpatterns = [path("p/<slug:code>/", cockpit, name="cockpit")]
