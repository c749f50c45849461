"""The portfolio on one calendar: planned and actual gates of every programme."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.timeline import Lane, Milestone, Stretch, drawing, sample
from evaluation.views.portfolio import listed
from evaluation.views.standing import behind, newest, standings_of
from programmes.access import MelioraRequest, access
from programmes.kit.formats import day
from programmes.lifecycle import GateState, Outcome, ReviewState
from programmes.models import Gate, GateReview, PhasePlan, Programme
from programmes.phases import Phase

# A lane draws eight bars and eight gates, and each stands in the table again.
PER_PAGE = 10
UNDECIDED = (GateState.PREPARING, GateState.IN_REVIEW)


@access()
def timeline(request: MelioraRequest) -> HttpResponse:
    today = timezone.localdate()
    found = listed(request, standings_of(request.user), per_page=PER_PAGE)
    programmes = list(found.page)
    gates, plans = gates_of(programmes), plans_of(programmes)
    rows = [row_of(one, gates[one.pk], today) for one in programmes]
    lanes = [
        Lane(stretches(row["programme"], plans[row["programme"].pk]), row["gates"])
        for row in rows
    ]
    context = {
        "listing": found,
        "rows": rows,
        "picture": drawing(lanes, today) if rows else "",
        "phases": list(Phase),
        "finding": finding_of(rows),
        "legend": legend(),
        "crumbs": [
            {"label": _("Portfolio"), "href": reverse("portfolio")},
            {"label": _("Timeline")},
        ],
        "nav": "portfolio",
    }
    return render(request, "evaluation/portfolio/timeline.html", context)


def gates_of(programmes: list[Programme]) -> dict[int, list[Any]]:
    """The gates of each programme in order, with both days; one query."""
    plans = PhasePlan.objects.filter(
        programme=OuterRef("programme"), phase=OuterRef("phase"), deleted_at=None
    )
    approved = GateReview.objects.filter(
        gate=OuterRef("pk"),
        state=ReviewState.DECIDED,
        outcome__in=[Outcome.APPROVE, Outcome.CONDITIONS],
    ).order_by("-round")
    rows = Gate.objects.filter(programme__in=programmes).annotate(
        planned_on=newest(plans, "gate_on"),
        decided_at=Subquery(approved.values("decided_at")[:1]),
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for gate in rows.order_by("phase"):
        found[gate.programme_id].append(gate)
    return found


def plans_of(programmes: list[Programme]) -> dict[int, list[PhasePlan]]:
    rows = PhasePlan.objects.filter(
        programme__in=programmes,
        deleted_at=None,
        starts_on__isnull=False,
        ends_on__isnull=False,
    )
    found: dict[int, list[PhasePlan]] = defaultdict(list)
    for plan in rows.order_by("phase"):
        found[plan.programme_id].append(plan)
    return found


def stretches(programme: Programme, plans: list[PhasePlan]) -> list[Stretch]:
    return [
        Stretch(one.starts_on, one.ends_on, look_of(programme, one.phase))
        for one in plans
        if one.starts_on and one.ends_on
    ]


def look_of(programme: Programme, phase: int) -> str:
    if phase == programme.phase:
        return "current"
    return "done" if phase < programme.phase else "todo"


def row_of(programme: Programme, gates: list[Any], today: date) -> dict[str, Any]:
    """A programme with its gates; `cells` has a place for each of the eight."""
    milestones = {one.phase: milestone(programme, one, today) for one in gates}
    return {
        "programme": programme,
        "href": f"/p/{programme.code}/",
        "gates": list(milestones.values()),
        "late": sum(one.is_late for one in milestones.values()),
        "cells": [(int(phase), milestones.get(int(phase))) for phase in Phase],
    }


def milestone(programme: Programme, gate: Any, today: date) -> Milestone:
    passed = None
    if gate.state in (GateState.PASSED, GateState.CONDITIONAL) and gate.decided_at:
        passed = timezone.localdate(gate.decided_at)
    planned = gate.planned_on
    is_late = bool(
        planned
        and planned < today
        and gate.state in UNDECIDED
        and programme.state == Programme.State.ACTIVE
    )
    words = [str(gate)]
    if planned:
        words.append(_("planned %(day)s") % {"day": day(planned)})
    if passed:
        words.append(_("passed %(day)s") % {"day": day(passed)})
    if is_late:
        words.append(behind((today - planned).days))
    return Milestone(
        planned,
        passed,
        is_late,
        f"/p/{programme.code}/gates/{gate.phase}/",
        ", ".join(words),
    )


def finding_of(rows: list[dict[str, Any]]) -> str:
    late = sum(row["late"] for row in rows)
    if not late:
        return _("No gate is overdue")
    return ngettext(
        "%(count)s gate is overdue", "%(count)s gates are overdue", late
    ) % {"count": late}


def legend() -> list[tuple[Any, str]]:
    return [
        (sample("open"), _("Gate, planned")),
        (sample("late"), _("Overdue, with ! and a line up to today")),
        (sample("passed"), _("Passed")),
        (sample("plan"), _("Where it was planned")),
    ]


urlpatterns = [path("timeline/", timeline, name="portfolio-timeline")]
