"""Phase 1: which system supports which process, and what has none."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programmes.access import MelioraRequest, access
from programmes.models import ItAsset, ScopeItem
from programmes.phases import Phase
from programmes.services.systems import uses_of
from programmes.views.mandate import IT_ASSETS
from programmes.views.workspace import Tile, add_tile

# A wider matrix is no longer read; the list and its file have them all.
MOST_SYSTEMS = 40
MOST_PROCESSES = 60

add_tile(
    Tile(
        Phase.MASTER_PLAN,
        gettext_lazy("Systems of the processes"),
        "network",
        "it-matrix",
    )
)


@access("programme.read")
def matrix(request: MelioraRequest, code: str) -> HttpResponse:
    """Processes in scope by systems; three queries."""
    programme = request.programme
    systems = list(ItAsset.objects.of(programme).order_by("name", "pk"))
    processes = list(
        ScopeItem.objects.of(programme)
        .filter(kind=ScopeItem.Kind.PROCESS, is_in=True)
        .order_by("name", "pk")
    )
    pairs = set(uses_of(programme).values_list("process", "system"))
    bare = [
        one for one in processes if not any((one.pk, s.pk) in pairs for s in systems)
    ]
    idle = [
        one for one in systems if not any((p.pk, one.pk) in pairs for p in processes)
    ]
    context = {
        "systems": systems[:MOST_SYSTEMS],
        "rows": [
            {
                "process": one,
                "cells": [
                    (system, (one.pk, system.pk) in pairs)
                    for system in systems[:MOST_SYSTEMS]
                ],
            }
            for one in processes[:MOST_PROCESSES]
        ],
        "bare": bare,
        "idle": idle,
        "finding": finding_of(len(systems), len(processes), len(bare), len(idle)),
        "is_cut": len(systems) > MOST_SYSTEMS or len(processes) > MOST_PROCESSES,
        "may_edit": request.grants.may("it.edit"),
        "crumbs": IT_ASSETS.crumbs(programme, {"label": _("Systems of the processes")}),
        "nav": "phase1",
    }
    return render(request, "programmes/alignment/matrix.html", context)


def finding_of(systems: int, processes: int, bare: int, idle: int) -> str:
    """What has no counterpart, in one sentence."""
    if not systems or not processes:
        return _("There is nothing to set against each other yet")
    parts: list[Any] = []
    if bare:
        said = ngettext(
            "%(count)s process has no system",
            "%(count)s processes have no system",
            bare,
        )
        parts.append(said % {"count": bare})
    if idle:
        said = ngettext(
            "%(count)s system supports no process",
            "%(count)s systems support no process",
            idle,
        )
        parts.append(said % {"count": idle})
    if not parts:
        return _("Every process has a system, and every system a process")
    return "; ".join(parts)


urlpatterns = [path("p/<slug:code>/it/processes/", matrix, name="it-matrix")]
