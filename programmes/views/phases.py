"""The workspace of a phase: what it produces, where that stands, what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Count, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes import gating
from programmes.access import MelioraRequest, access
from programmes.deliverables import CRITERIA, Deliverable, deliverables_of
from programmes.method_packs import GateRules
from programmes.models import Programme
from programmes.phases import QUESTIONS, Phase
from programmes.views.looking_back import remembers
from programmes.views.phases_past import phase_then
from programmes.views.register import REGISTERS, Register
from programmes.views.shell import track
from programmes.views.workspace import TILES, Tile, read_phase


@access("programme.read")
def phase(request: MelioraRequest, code: str, number: int) -> HttpResponse:
    here = read_phase(number)
    programme = request.programme
    rules = replace(gating.rules_of(programme, here), phases=(int(here),))
    verdict = gating.assess(programme, here, timezone.now(), rules)
    steps = track(programme)
    context = {
        "phase": here,
        "question": QUESTIONS[here],
        "step": steps[number - 1],
        "tiles": tiles_of(programme, here),
        "verdict": verdict,
        "deliverables": deliverables_here(rules, verdict, here),
        "missing": verdict.missing,
        "met": len(verdict.musts) - len(verdict.missing),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {"label": here.label},
        ],
        "nav": f"phase{number}",
    }
    return render(request, "programmes/phases/phase.html", context)


def deliverables_here(
    rules: GateRules, verdict: gating.Verdict, here: Phase
) -> list[Deliverable]:
    """Those of the phase, where its gate closes others too."""
    found = deliverables_of(rules, verdict)
    mine = f"G{int(here)}."
    return [
        one
        for name, one in zip(rules.deliverables, found, strict=True)
        if CRITERIA.get(name, mine).startswith(mine)
    ]


def tiles_of(programme: Programme, here: Phase) -> list[dict[str, Any]]:
    extra = [one for one in TILES if one.phase == here]
    registers = [one for one in REGISTERS if one.phase == here and one.in_workspace]
    first = [tile_row(programme, one) for one in extra if one.first]
    counts = counts_of(programme, [one for one in registers if one.can_add])
    middle = [register_row(programme, one, counts) for one in registers]
    last = [tile_row(programme, one) for one in extra if not one.first]
    return [*first, *middle, *last]


def tile_row(programme: Programme, tile: Tile) -> dict[str, Any]:
    return {
        "label": tile.label,
        "icon": tile.icon,
        "href": tile.url(programme),
        "state": tile.state(programme) if tile.state else "",
    }


def counts_of(programme: Programme, registers: list[Register]) -> dict[str, int]:
    """How many rows each register has, in one query."""
    counts: dict[str, Any] = {}
    for register in registers:
        manager: Any = register.model._default_manager
        own = manager.of(programme).order_by().values("programme")
        counts[register.slug.replace("-", "_")] = Subquery(
            own.annotate(rows=Count("pk")).values("rows")
        )
    rows: Any = Programme.objects.filter(pk=programme.pk).values(**counts)
    found: dict[str, Any] = rows.get()
    return {name.replace("_", "-"): number or 0 for name, number in found.items()}


def register_row(
    programme: Programme, register: Register, counts: dict[str, int]
) -> dict[str, Any]:
    count = counts[register.slug] if register.can_add else None
    state = (
        ""
        if count is None
        else ngettext("%(count)s entry", "%(count)s entries", count) % {"count": count}
    )
    return {
        "label": register.title,
        "icon": register.icon,
        "href": register.url("list", programme),
        "state": state if count or count is None else _("nothing yet"),
    }


urlpatterns = [
    path(
        "p/<slug:code>/phases/<int:number>/",
        remembers(phase, phase_then),
        name="phase",
    ),
]
