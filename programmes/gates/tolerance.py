"""Is the forecast still near what was approved? Time, cost and benefit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.forecast import WORDS, beyond_in_words, compare
from programmes.gates.common import page
from programmes.gating import Assessment, Kind, Link, Result, criterion
from programmes.models import Programme
from programmes.phases import Phase

PAGES = {
    "time": "phase-plan-list",
    "cost": "budget-list",
    "benefit": "benefit-range-list",
}


def within_tolerance(programme: Programme) -> Assessment:
    """Its mark never moves: money and dates go on while a gate is in review."""
    found = compare(programme)
    if found is None:
        nothing = _("Nothing was approved to compare with.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, "", nothing)
    if not found.beyond:
        said = _("Time, cost and benefit are near what was approved at %(gate)s.")
        return Assessment(Result.PASS, 1, 1, "", said % {"gate": found.gate.words})
    detail = _("Further from the approved plan than is tolerated: %(parts)s.")
    links = (
        *(Link(WORDS[name], page(programme, PAGES[name])) for name in found.beyond),
        Link(_("Exception review"), page(programme, "reviews")),
    )
    said_parts = {"parts": beyond_in_words(found.figures)}
    return Assessment(Result.FAIL, 0, 1, "", detail % said_parts, links)


def register(phase: Phase) -> None:
    title = _("The forecast is within its tolerance")

    @criterion(phase, f"G{int(phase)}.a0b", title, Kind.SHOULD)
    def tolerated(found: Any, limits: dict[str, Any]) -> Assessment:
        return within_tolerance(found.programme)


for _phase in Phase:
    if _phase > Phase.MASTER_PLAN:
        register(_phase)
