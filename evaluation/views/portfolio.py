"""Where each programme stands: decisions, exceptions, one row a programme."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programmes.access import MelioraRequest, access
from programmes.kit.pages import Column, Filter, csv_answer, listing
from programmes.lifecycle import GateState
from programmes.models import (
    BudgetLine,
    Estimate,
    Gate,
    GateReview,
    Membership,
    PhasePlan,
    Programme,
    WorkItem,
)
from programmes.phases import QUESTIONS, Phase
from programmes.views.shell import GATE_LOOKS, decisions_for, may_create_programmes

COLUMNS = [
    Column("name", gettext_lazy("Programme"), order="name"),
    Column("phase", gettext_lazy("Phase"), kind="choice", order="phase"),
    Column("state", gettext_lazy("Status"), kind="choice", order="state"),
]
FILTERS = [
    Filter("phase", gettext_lazy("Phase"), lambda: Phase.choices, "phase"),
    Filter("state", gettext_lazy("State"), lambda: Programme.State.choices, "state"),
]
PER_PAGE = 50


@access()
def portfolio(request: MelioraRequest) -> HttpResponse:
    today = timezone.now().date()
    found = listing(
        programmes_of(request),
        request.GET,
        COLUMNS,
        search=["name", "code"],
        filters=FILTERS,
        default="name",
        per_page=PER_PAGE,
    )
    rows = rows_of(list(found.page), today)
    waiting = waiting_decisions(request)
    context = {
        "listing": found,
        "rows": rows,
        "waiting": waiting,
        "tiles": tiles_of(rows, today),
        "exceptions": [one for row in rows for one in row["exceptions"]][:8],
        "may_create": request.person is not None
        and may_create_programmes(request.person),
        "today": timezone.now(),
        "crumbs": [{"label": _("Portfolio")}],
        "nav": "portfolio",
    }
    return render(request, "evaluation/portfolio/portfolio.html", context)


def programmes_of(request: MelioraRequest) -> QuerySet[Programme]:
    return Programme.objects.visible_to(request.user).select_related(
        "enterprise", "unit"
    )


def waiting_decisions(request: MelioraRequest) -> list[dict[str, Any]]:
    reviews = decisions_for(request.user).select_related(
        "gate__programme", "submitted_by"
    )
    return [
        {
            "title": _("Gate %(number)s, %(programme)s: %(question)s")
            % {
                "number": one.gate.phase,
                "programme": one.gate.programme.name,
                "question": QUESTIONS[Phase(one.gate.phase)],
            },
            "ask": one.ask,
            "by": one.submitted_by,
            "due_on": one.due_on,
            "href": f"/p/{one.gate.programme.code}/gates/{one.gate.phase}/",
        }
        for one in reviews.order_by("due_on")
    ]


def rows_of(programmes: list[Programme], today: Any) -> list[dict[str, Any]]:
    """One dict a programme from six queries, however many there are."""
    ids = [one.pk for one in programmes]
    facts = Facts(ids, today)
    return [row_of(one, facts, today) for one in programmes]


class Facts:
    """What the rows of a page need, keyed by programme."""

    def __init__(self, ids: list[int], today: Any) -> None:
        self.gates: dict[int, dict[int, Gate]] = {}
        for gate in Gate.objects.filter(programme__in=ids).select_related("readiness"):
            self.gates.setdefault(gate.programme_id, {})[gate.phase] = gate
        self.plans = {
            (one.programme_id, one.phase): one
            for one in PhasePlan.objects.filter(programme__in=ids)
        }
        budget = BudgetLine.objects.filter(programme__in=ids, deleted_at=None)
        self.money = {
            one["programme"]: one
            for one in budget.values("programme").annotate(
                planned=Sum("planned"), actual=Sum("actual")
            )
        }
        self.estimates = {
            one.programme_id: one for one in Estimate.objects.filter(programme__in=ids)
        }
        leads = Membership.objects.filter(programme__in=ids, role="lead")
        self.leads = {
            one.programme_id: one.person
            for one in leads.select_related("person").order_by("-pk")
        }
        late = WorkItem.objects.filter(
            programme__in=ids,
            deleted_at=None,
            due_on__lt=today,
            state__in=["open", "doing"],
        )
        self.late: dict[int, list[WorkItem]] = {}
        for item in late.order_by("due_on"):
            self.late.setdefault(item.programme_id, []).append(item)
        returned = GateReview.objects.filter(
            gate__programme__in=ids,
            outcome="return",
            state="decided",
            gate__state=GateState.PREPARING,
        ).select_related("gate")
        self.returned = {one.gate.programme_id: one for one in returned}


def row_of(programme: Programme, facts: Facts, today: Any) -> dict[str, Any]:
    gates = facts.gates.get(programme.pk, {})
    gate = gates[programme.phase]
    plan = facts.plans.get((programme.pk, programme.phase))
    money = facts.money.get(programme.pk, {})
    estimate = facts.estimates.get(programme.pk)
    gate_on = plan.gate_on if plan else None
    row = {
        "programme": programme,
        "href": f"/p/{programme.code}/",
        "phase_label": Phase(programme.phase).label,
        "track": small_track(programme, gates),
        "gate": gate,
        "gate_look": GATE_LOOKS[GateState(gate.state)],
        "gate_on": gate_on,
        "planned": money.get("planned") or Decimal(0),
        "actual": money.get("actual") or Decimal(0),
        "benefit": estimate.benefit_likely if estimate else None,
        "lead": facts.leads.get(programme.pk),
        "readiness": getattr(gate, "readiness", None),
    }
    row["exceptions"] = exceptions_of(row, facts, today)
    row["status"] = status_of(row)
    return row


def small_track(programme: Programme, gates: dict[int, Gate]) -> list[dict[str, Any]]:
    steps = []
    for phase in Phase:
        gate = gates[phase]
        look = GATE_LOOKS[GateState(gate.state)]
        if look == "preparing" and phase != programme.phase:
            look = "todo"
        state = "done" if phase < programme.phase else "todo"
        if phase == programme.phase:
            state = "current"
        steps.append(
            {"n": int(phase), "name": phase.label, "state": state, "gate_state": look}
        )
    return steps


def exceptions_of(
    row: dict[str, Any], facts: Facts, today: Any
) -> list[dict[str, Any]]:
    programme = row["programme"]
    found = []
    returned = facts.returned.get(programme.pk)
    if returned:
        found.append(
            exception(
                _("%(programme)s was returned at gate %(number)s")
                % {"programme": programme.name, "number": returned.gate.phase},
                returned.rationale,
                "undo-2",
                "attention",
                f"/p/{programme.code}/gates/{returned.gate.phase}/",
            )
        )
    gate_on = row["gate_on"]
    if gate_on and gate_on < today and row["gate"].state == GateState.PREPARING:
        days = (today - gate_on).days
        words = ngettext("%(days)s day behind plan", "%(days)s days behind plan", days)
        found.append(
            exception(
                _("Gate %(number)s of %(programme)s is late")
                % {"number": programme.phase, "programme": programme.name},
                words % {"days": days},
                "clock",
                "attention",
                f"/p/{programme.code}/gates/{programme.phase}/",
            )
        )
    late = facts.late.get(programme.pk, [])
    if late:
        words = ngettext("%(n)s task is late", "%(n)s tasks are late", len(late))
        found.append(
            exception(
                f"{programme.name}: {words % {'n': len(late)}}",
                late[0].title,
                "clock",
                "attention",
                f"/p/{programme.code}/tasks/?sort=due_on",
            )
        )
    return found


def exception(title: str, text: str, icon: str, tone: str, href: str) -> dict[str, Any]:
    return {"title": title, "text": text, "icon": icon, "tone": tone, "href": href}


def status_of(row: dict[str, Any]) -> dict[str, Any]:
    programme = row["programme"]
    if programme.state != Programme.State.ACTIVE:
        return {
            "tone": "neutral",
            "label": programme.get_state_display(),
            "icon": "pause",
        }
    if row["gate"].state == GateState.IN_REVIEW:
        return {"tone": "decision", "label": _("In review"), "icon": "pen-line"}
    if row["exceptions"]:
        icon = row["exceptions"][0]["icon"]
        label = _("Returned") if icon == "undo-2" else _("Late")
        return {"tone": "attention", "label": label, "icon": icon}
    return {"tone": "positive", "label": _("On track"), "icon": "check"}


def tiles_of(rows: list[dict[str, Any]], today: Any) -> dict[str, Any]:
    soon = [
        row
        for row in rows
        if row["gate_on"] and 0 <= (row["gate_on"] - today).days <= 30
    ]
    return {
        "benefit": sum((row["benefit"] or Decimal(0) for row in rows), Decimal(0)),
        "planned": sum((row["planned"] for row in rows), Decimal(0)),
        "actual": sum((row["actual"] for row in rows), Decimal(0)),
        "gates": [row["gate_look"] for row in soon],
        "late": sum(1 for row in rows if row["exceptions"]),
    }


@access()
def export(request: MelioraRequest) -> HttpResponse:
    """The portfolio as CSV, all pages."""
    found = listing(
        programmes_of(request),
        request.GET,
        COLUMNS,
        search=["name", "code"],
        filters=FILTERS,
        default="name",
        per_page=10_000,
    )
    rows = rows_of(list(found.page), timezone.now().date())
    head = [
        _("Code"),
        _("Programme"),
        _("Phase"),
        _("Gate"),
        _("Gate due"),
        _("Status"),
        _("Yearly benefit, likely"),
        _("Planned"),
        _("Actual"),
        _("Currency"),
        _("Lead"),
    ]
    lines = (
        [
            row["programme"].code,
            row["programme"].name,
            row["phase_label"],
            row["gate"].get_state_display(),
            row["gate_on"],
            row["status"]["label"],
            row["benefit"],
            row["planned"],
            row["actual"],
            row["programme"].currency,
            row["lead"] or "",
        ]
        for row in rows
    )
    return csv_answer("portfolio", head, lines)


urlpatterns = [
    path("", portfolio, name="portfolio"),
    path("export.csv", export, name="portfolio-export"),
]
