"""Is the forecast still near what gate 1 approved? Time, cost and benefit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.gates.common import page
from programmes.gating import Assessment, Kind, Link, Result, criterion, pack_of
from programmes.kit.errors import Text
from programmes.kit.together import together
from programmes.lifecycle import ReviewState
from programmes.method_packs import Tolerances
from programmes.models import BudgetLine, Estimate, GateReview, PhasePlan, Programme
from programmes.phases import Phase

WORDS: dict[str, Text] = {"time": _("time"), "cost": _("cost"), "benefit": _("benefit")}
PAGES = {
    "time": "phase-plan-list",
    "cost": "budget-list",
    "benefit": "benefit-range-list",
}


@dataclass(frozen=True)
class Forecast:
    """Per cent by which it is worse than approved at gate 1; None: nothing to say."""

    time: float | None = None
    cost: float | None = None
    benefit: float | None = None

    def beyond(self, limits: Tolerances) -> list[str]:
        """What leaves its tolerance."""
        return [
            name for name in WORDS if (getattr(self, name) or 0) > getattr(limits, name)
        ]


def forecast_of(programme: Programme) -> Forecast | None:
    """Against the pack that was frozen at gate 1; None: it is not passed. Two queries.

    Time: the largest slip of a gate in parts of the planned duration. Cost: what is
    spent and committed over the plan. Benefit: the likely estimate under that one.
    """
    rounds = GateReview.objects.filter(
        gate__programme=programme,
        gate__first_phase=Phase.MASTER_PLAN,
        state=ReviewState.DECIDED,
    )
    pack = rounds.order_by("-round").values_list("pack", flat=True).first()
    if not pack:
        return None
    rows = together(
        programme,
        plan=PhasePlan.objects.of(programme),
        budget=BudgetLine.objects.of(programme),
        estimate=Estimate.objects.of(programme),
    )
    frozen: dict[str, dict[int, dict[str, str]]] = {}
    for one in pack.get("evidence", ()):
        frozen.setdefault(one["type"], {})[one["id"]] = one["fields"]
    return Forecast(
        time=slip(frozen.get("programmes.phaseplan", {}), rows["plan"]),
        cost=overrun(frozen.get("programmes.budgetline", {}), rows["budget"]),
        benefit=shortfall(frozen.get("programmes.estimate", {}), rows["estimate"]),
    )


def slip(approved: dict[int, dict[str, str]], rows: list[Any]) -> float | None:
    days = [
        date.fromisoformat(one[name])
        for one in approved.values()
        for name in ("starts_on", "gate_on")
        if one.get(name)
    ]
    late = [
        (one.gate_on - date.fromisoformat(approved[one.pk]["gate_on"])).days
        for one in rows
        if one.gate_on and approved.get(one.pk, {}).get("gate_on")
    ]
    length = (max(days) - min(days)).days if days else 0
    return 100 * max(late) / length if late and length else None


def overrun(approved: dict[int, dict[str, str]], rows: list[Any]) -> float | None:
    planned = sum((Decimal(one["planned"]) for one in approved.values()), Decimal(0))
    spent = sum((one.actual + one.committed for one in rows), Decimal(0))
    return float(100 * (spent - planned) / planned) if planned else None


def shortfall(approved: dict[int, dict[str, str]], rows: list[Any]) -> float | None:
    was = [one.get("benefit_likely") for one in approved.values()]
    now = [one.benefit_likely for one in rows]
    if not (was and was[0] and now and now[0] is not None and Decimal(was[0])):
        return None
    return float(100 * (Decimal(was[0]) - now[0]) / Decimal(was[0]))


def within_tolerance(programme: Programme) -> Assessment:
    """Its mark never moves: money and dates go on while a gate is in review."""
    forecast = forecast_of(programme)
    if forecast is None:
        nothing = _("Nothing was approved to compare with.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, "", nothing)
    out = forecast.beyond(pack_of(programme).tolerances)
    if not out:
        said = _("Time, cost and benefit are near what was approved at gate 1.")
        return Assessment(Result.PASS, 1, 1, "", said)
    parts = [f"{WORDS[name]} {getattr(forecast, name):.0f}%" for name in out]
    detail = _("Further from the approved plan than is tolerated: %(parts)s.")
    links = tuple(Link(WORDS[name], page(programme, PAGES[name])) for name in out)
    return Assessment(
        Result.FAIL, 0, 1, "", detail % {"parts": ", ".join(parts)}, links
    )


def register(phase: Phase) -> None:
    title = _("The forecast is within its tolerance")

    @criterion(phase, f"G{int(phase)}.a0b", title, Kind.SHOULD)
    def tolerated(found: Any, limits: dict[str, Any]) -> Assessment:
        return within_tolerance(found.programme)


for _phase in Phase:
    if _phase > Phase.MASTER_PLAN:
        register(_phase)
