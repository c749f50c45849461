"""A programme and a phase as they were: gates, and how much each list held."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Subquery, Value
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.access import MelioraRequest
from programmes.lifecycle import OPEN_GATE, Outcome, ReviewState
from programmes.models import Gate, GateReview, Programme, ReadinessPoint
from programmes.moments import Moment
from programmes.past import Past
from programmes.phases import QUESTIONS, Phase
from programmes.views.looking_back import banner
from programmes.views.register import REGISTERS, Register
from programmes.views.workspace import read_phase

LOOKS = {
    Outcome.APPROVE: "approved",
    Outcome.CONDITIONS: "conditional",
    Outcome.RETURN: "returned",
    Outcome.HOLD: "hold",
    Outcome.STOP: "stopped",
}


def phase_then(
    request: MelioraRequest, moment: Moment, code: str, number: int
) -> HttpResponse:
    here = read_phase(number)
    programme = request.programme
    registers = [one for one in registers_shown() if one.phase == here]
    counts = counts_then(programme, moment, registers)
    gate = gates_then(programme, moment)[here]
    context = {
        "phase": here,
        "question": QUESTIONS[here],
        "gate": gate,
        "point": readiness_then(gate["gate"], moment),
        "tiles": [tile_then(programme, one, counts, moment) for one in registers],
        "overview_url": f"/p/{code}/?as_of={moment.asked}",
        "crumbs": [
            {"label": programme.name, "href": f"/p/{code}/"},
            {"label": here.label},
        ],
        "nav": f"phase{number}",
        **banner(request, moment),
    }
    return render(request, "programmes/past/phase.html", context)


def overview_then(request: MelioraRequest, moment: Moment, code: str) -> HttpResponse:
    """In place of the cockpit: the eight phases with their gates."""
    programme = request.programme
    counts = counts_then(programme, moment, registers_shown())
    gates = gates_then(programme, moment)
    rows = [
        {
            **gates[one],
            "phase": one,
            "href": f"{reverse('phase', args=[code, int(one)])}?as_of={moment.asked}",
            "entries": sum(
                counts.get(register.slug, 0)
                for register in registers_shown()
                if register.phase == one
            ),
        }
        for one in Phase
    ]
    context = {
        "rows": rows,
        "crumbs": [{"label": _("Portfolio"), "href": "/"}, {"label": programme.name}],
        "nav": "overview",
        **banner(request, moment),
    }
    return render(request, "programmes/past/overview.html", context)


def registers_shown() -> list[Register]:
    return [one for one in REGISTERS if one.in_workspace]


def counts_then(
    programme: Programme, moment: Moment, registers: list[Register]
) -> dict[str, int]:
    """How many rows each list had, in one query."""
    past = Past(programme, moment.at)
    parts = [
        past.newest(one.model)
        .select_related(None)
        .annotate(slug=Value(one.slug))
        .values_list("slug", "history_type", "deleted_at")
        for one in registers
    ]
    counts = dict.fromkeys((one.slug for one in registers), 0)
    if not parts:
        return counts
    for slug, kind, deleted_at in parts[0].union(*parts[1:], all=True):
        counts[slug] += kind != "-" and deleted_at is None
    return counts


def tile_then(
    programme: Programme, register: Register, counts: dict[str, int], moment: Moment
) -> dict[str, Any]:
    count = counts[register.slug]
    words = ngettext("%(count)s entry", "%(count)s entries", count)
    return {
        "label": register.title,
        "icon": register.icon,
        "href": f"{register.url('list', programme)}?as_of={moment.asked}",
        "state": words % {"count": count} if count else _("nothing yet"),
    }


def gates_then(programme: Programme, moment: Moment) -> dict[int, dict[str, Any]]:
    """Phase -> its gate, how it stood, and the round it stood in; two queries."""
    state = GateReview.history.filter(
        id=OuterRef("pk"), history_date__lte=moment.at
    ).order_by("-history_date", "-history_id")
    reviews = (
        GateReview.objects.filter(
            gate__programme=programme, submitted_at__lte=moment.at
        )
        .annotate(state_then=Subquery(state.values("state")[:1]))
        .select_related("decided_by")
        .order_by("gate", "-round")
        .distinct("gate")
    )
    rounds = {one.gate_id: one for one in reviews}
    found = {}
    asked = Exists(GateReview.objects.filter(gate=OuterRef("pk")))
    for gate in Gate.objects.filter(programme=programme).annotate(is_asked=asked):
        review = rounds.get(gate.pk)
        look = look_then(review, moment) if review else untouched(gate)
        for phase in gate.phases:
            found[int(phase)] = {"gate": gate, "look": look, "review": review}
    return found


def look_then(review: Any, moment: Moment) -> str:
    """The shape of the gate's diamond."""
    is_decided = review.decided_at is not None and review.decided_at <= moment.at
    taken_back = (ReviewState.WITHDRAWN, ReviewState.UNDONE, ReviewState.REOPENED)
    if review.state_then in taken_back:
        return "preparing"
    return LOOKS[Outcome(review.outcome)] if is_decided else "ready"


def untouched(gate: Any) -> str:
    """No round was asked for: passed only where the programme inherited it."""
    is_inherited = gate.state in OPEN_GATE and not gate.is_asked
    return "approved" if is_inherited else "todo"


def readiness_then(gate: Gate, moment: Moment) -> ReadinessPoint | None:
    points = ReadinessPoint.objects.filter(gate=gate, on__lte=moment.day)
    return points.order_by("-on").first()
