"""A programme at a glance: track, next step, indicators, readiness, activity."""

from __future__ import annotations

from typing import Any

from django.db.models import FilteredRelation, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.charts import PATTERNS
from evaluation.models import IndicatorStatus
from evaluation.views.monitor import brief
from evaluation.views.progress import is_stalled, quiet_words
from evaluation.views.standing import gate_of
from programmes.access import MelioraRequest, access
from programmes.forecast import WORDS
from programmes.gating import known_criteria, rules_of
from programmes.kit.formats import day, unit_said
from programmes.lifecycle import GateState
from programmes.models import (
    Activity,
    Membership,
    Person,
    Programme,
    Readiness,
    WorkItem,
)
from programmes.pack_words import question_of
from programmes.phases import Phase
from programmes.services.readiness import ready_on
from programmes.views.activity import feed_rows
from programmes.views.looking_back import remembers
from programmes.views.phases_past import overview_then
from programmes.views.shell import track

MOST_INDICATORS = 4
MOST_GOALS = 8
# A longer unit stands below the value, not beside it.
LONGEST_UNIT = 5
MOST_ACTIVITIES = 5


@access("programme.read")
def cockpit(request: MelioraRequest, code: str) -> HttpResponse:
    programme = request.programme
    today = timezone.localdate()
    phase = Phase(programme.phase)
    gate = gate_of(programme)
    readiness = getattr(gate, "readiness", None)
    states, goals = figures_of(programme)
    members = list(
        Membership.objects.filter(programme=programme)
        .select_related("person")
        .order_by("pk")
    )
    context = {
        "phase": phase,
        "question": question_of(rules_of(programme, gate.phase)),
        "track": track(programme),
        "readiness": readiness,
        "missing": missing_of(readiness),
        "ready_on": readiness
        and ready_on(gate, readiness.met, readiness.needed, today),
        "gate": gate,
        "quiet": quiet_words(gate, today) if is_stalled(gate, today) else "",
        "exception": exception_of(request, readiness, gate),
        "next_step": next_step(request, readiness, gate),
        "members": members,
        "sponsor": first(members, "sponsor"),
        "lead": first(members, "lead"),
        "tiles": [tile_of(one) for one in states[:MOST_INDICATORS]],
        "indicators": len(states),
        "goals": goals[:MOST_GOALS],
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


def exception_of(
    request: MelioraRequest, readiness: Readiness | None, gate: Any
) -> dict[str, Any] | None:
    """What left its tolerance, and whether a review of it is open."""
    if readiness is None or not readiness.beyond:
        return None
    return {
        "parts": ", ".join(str(WORDS[one]) for one in readiness.beyond),
        "is_open": gate.exception is not None,
        "may_open": gate.exception is None and request.grants.may("exception.edit"),
    }


def missing_of(readiness: Readiness | None) -> list[dict[str, Any]]:
    """Titles in the reader's language for the stored codes, with their links."""
    if readiness is None:
        return []
    titles = {one.code: one.title for one in known_criteria().values()}
    return [
        {
            "title": titles.get(one["code"], one["code"]),
            "href": (one["links"] or [""])[0],
        }
        for one in readiness.missing
    ]


def next_step(
    request: MelioraRequest, readiness: Readiness | None, gate: Any
) -> dict[str, Any] | None:
    """The one thing to do next, for this reader."""
    programme = request.programme
    gate_href = f"/p/{programme.code}/gates/{gate.phase}/"
    if readiness is None:
        return None
    if gate.state == GateState.IN_REVIEW:
        return decision_step(request, readiness, gate, gate_href)
    if gate.state == GateState.PASSED:
        return {
            "tone": "positive",
            "gate": "approved",
            "title": _("All gates are passed; the owner goes on"),
            "text": _("The next cycle begins with what this one found."),
            "href": f"/p/{programme.code}/cycle/",
            "label": _("The next cycle"),
        }
    return preparing_step(readiness, gate, gate_href)


def decision_step(
    request: MelioraRequest, readiness: Readiness, gate: Any, href: str
) -> dict[str, Any]:
    """The gate is in review: its chair decides, the others wait."""
    is_last = gate.phase == Phase.IMPROVEMENT
    is_chair = request.grants.may("gate8.decide" if is_last else "gate.decide")
    title = (
        _("Gate %(number)s is ready for your decision")
        if is_chair
        else _("Gate %(number)s waits for a decision")
    )
    return {
        "tone": "decision",
        "gate": "ready",
        "title": title % {"number": gate.phase},
        "text": review_text(request.programme, readiness, gate),
        "href": href,
        "label": _("Review and decide") if is_chair else _("Open the gate"),
    }


def preparing_step(readiness: Readiness, gate: Any, href: str) -> dict[str, Any]:
    """What the gate still needs, or that it can be submitted."""
    number = {"number": gate.phase}
    if readiness.needed == readiness.met:
        return {
            "tone": "positive",
            "gate": "preparing",
            "title": _("Gate %(number)s is ready to be submitted") % number,
            "text": _("All that the gate asks for is there."),
            "href": href,
            "label": _("Open the gate"),
        }
    return {
        "tone": "accent",
        "gate": "preparing",
        "title": _("%(met)s of %(needed)s are met for gate %(number)s")
        % {"met": readiness.met, "needed": readiness.needed, **number},
        "text": "",
        "href": href,
        "label": _("What is missing"),
    }


def review_text(programme: Programme, readiness: Readiness, gate: Any) -> str:
    """The question, how much of the evidence is there, and when it is due."""
    met = _("%(met)s of %(needed)s mandatory criteria are met") % {
        "met": readiness.met,
        "needed": readiness.needed,
    }
    said = f"{question_of(rules_of(programme, gate.phase))} {met}."
    if gate.review_due is None:
        return said
    due = _("Decide by %(day)s to keep the plan.") % {
        "day": day(gate.review_due, timezone.localdate())
    }
    return f"{said} {due}"


def figures_of(
    programme: Programme,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Where the indicators stand and the goals that use them, in one query.

    Indicators of goals come first.
    """
    rows = IndicatorStatus.objects.filter(
        programme=programme, indicator__deleted_at=None
    ).annotate(
        goal=FilteredRelation(
            "indicator__goals", condition=Q(indicator__goals__deleted_at=None)
        )
    )
    found = list(rows.order_by("goal__pk", "indicator").values(*COLUMNS))
    states = {one["indicator"]: one for one in found}
    goals = [goal_of(one) for one in found if one["goal__pk"]]
    return list(states.values()), goals


COLUMNS = [
    *("indicator", "indicator__name", "indicator__unit"),
    *("value", "baseline", "target", "rag", "chart", "pattern", "spark", "computed_at"),
    *("goal__pk", "goal__title", "goal__baseline", "goal__target", "goal__due_on"),
    "goal__owner__name",
]
RAG_TONES = {"green": "positive", "amber": "attention", "red": "critical"}
RAG_ICONS = {"green": "check", "amber": "minus", "red": "x"}


def goal_of(row: dict[str, Any]) -> dict[str, Any]:
    owner, unit = row["goal__owner__name"], row["indicator__unit"]
    return {
        "pk": row["goal__pk"],
        "title": row["goal__title"],
        "indicator": row["indicator__name"],
        "unit": unit_said(unit),
        "baseline": brief(row["goal__baseline"], unit),
        "now": brief(row["value"], unit),
        "target": brief(row["goal__target"], unit),
        "due_on": row["goal__due_on"],
        "tone": RAG_TONES.get(row["rag"], "neutral"),
        "icon": RAG_ICONS.get(row["rag"], ""),
        "label": IndicatorStatus.Rag(row["rag"]).label if row["rag"] else "",
        "owner": Person(name=owner) if owner else None,
    }


def tile_of(row: dict[str, Any]) -> dict[str, Any]:
    """What the tile of an indicator shows."""
    unit, said = row["indicator__unit"], unit_said(row["indicator__unit"])
    is_signal = row["chart"] == IndicatorStatus.Chart.SIGNAL
    baseline, target = row["baseline"], row["target"]
    lines = [
        said if len(said) > LONGEST_UNIT else "",
        _("from %(value)s") % {"value": brief(baseline, unit)}
        if baseline is not None
        else "",
        _("target %(value)s") % {"value": brief(target, unit)}
        if target is not None
        else "",
    ]
    return {
        "pk": row["indicator"],
        "name": row["indicator__name"],
        "value": brief(row["value"], unit),
        "unit": said if len(said) <= LONGEST_UNIT else "",
        "spark": row["spark"],
        "target": target,
        "lines": [one for one in lines if one],
        "is_signal": is_signal,
        "flag": _("Signal") if is_signal else "",
        "why": PATTERNS[row["pattern"]] if row["pattern"] else "",
    }


def upcoming(programme: Programme) -> list[Any]:
    rows = WorkItem.objects.of(programme).filter(
        due_on__gte=timezone.now().date(), state__in=["open", "doing"]
    )
    return list(rows.select_related("owner").order_by("due_on")[:5])


urlpatterns = [
    path("p/<slug:code>/", remembers(cockpit, overview_then), name="cockpit")
]
