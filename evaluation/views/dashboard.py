"""KPI dashboards of a programme and of the portfolio: they read computed rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from evaluation.charts import PATTERNS
from evaluation.models import DashboardSnapshot, IndicatorStatus
from evaluation.views.monitor import state_row
from programmes.access import MelioraRequest, access
from programmes.kit.formats import scaled, unit_said, with_unit
from programmes.models import Programme
from programmes.phases import Phase

MOST_TILES = 8
PER_PAGE = 30
# A longer unit stands below the value, not beside it.
LONGEST_UNIT = 5
MONEY = ("budget", "spent", "expected", "benefit", "cost", "confirmed")
COUNTS = (
    "indicators",
    "goals",
    "on_target",
    "off_target",
    "signals",
    "actions",
    "late",
)
RAG_LOOKS = {
    "green": ("positive", "check"),
    "amber": ("attention", "minus"),
    "red": ("critical", "x"),
    "": ("neutral", "minus"),
}


@access("programme.read")
def dashboard(request: MelioraRequest, code: str) -> HttpResponse:
    """Two queries for all figures, however many indicators there are."""
    programme = request.programme
    snapshot = DashboardSnapshot.objects.filter(programme=programme).first()
    states = IndicatorStatus.objects.filter(
        programme=programme, indicator__deleted_at=None
    ).select_related("indicator__owner")
    rows = [kpi_row(one) for one in states.order_by("indicator__branch", "indicator")]
    first = sorted(rows, key=urgency)
    context = {
        "snapshot": snapshot,
        "numbers": snapshot.numbers if snapshot else {},
        "rows": rows,
        "tiles": first[:MOST_TILES],
        "crumbs": [
            {"label": programme.name, "href": f"/p/{code}/"},
            {"label": _("KPI dashboard")},
        ],
        "nav": "dashboard",
    }
    return render(request, "evaluation/dashboard/dashboard.html", context)


def kpi_row(state: IndicatorStatus) -> dict[str, Any]:
    row = state_row(state)
    tone, icon = RAG_LOOKS[state.rag]
    unit, said = state.indicator.unit, unit_said(state.indicator.unit)
    is_signal = state.chart == IndicatorStatus.Chart.SIGNAL
    return {
        **row,
        "unit": said if len(said) <= LONGEST_UNIT else "",
        "more": "" if len(said) <= LONGEST_UNIT else said,
        "now": with_unit(row["value"], unit),
        "baseline": scaled(state.baseline, unit),
        "target": scaled(state.target, unit),
        "rag_tone": tone,
        "rag_icon": icon,
        "is_signal": is_signal,
        "why": PATTERNS[state.pattern] if state.pattern else "",
        "flag": _("Signal") if is_signal else "",
    }


def urgency(row: dict[str, Any]) -> tuple[int, int]:
    """Signals first, then what is furthest from its target."""
    order = {"red": 0, "amber": 1, "green": 2, "": 3}
    return (0 if row["is_signal"] else 1, order[row["state"].rag])


@access()
def portfolio_dashboard(request: MelioraRequest) -> HttpResponse:
    """The sum over the programmes that one may see, and a row for each, by pages."""
    programmes = Programme.objects.visible_to(request.user).select_related(
        "dashboard", "enterprise"
    )
    rows = [programme_row(one) for one in programmes.order_by("name", "pk")]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    known = [one for one in rows if one["snapshot"]]
    currencies = {one["programme"].currency for one in known}
    context = {
        "page": page,
        "known": len(known),
        "totals": totals([one["numbers"] for one in known]),
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "as_of": min((one["snapshot"].as_of for one in known), default=None),
        "crumbs": [{"label": _("Portfolio"), "href": "/"}, {"label": _("Dashboard")}],
        "nav": "portfolio",
    }
    return render(request, "evaluation/dashboard/portfolio.html", context)


def programme_row(programme: Programme) -> dict[str, Any]:
    snapshot = getattr(programme, "dashboard", None)
    numbers = snapshot.numbers if snapshot else {}
    goals = numbers.get("goals") or 0
    return {
        "programme": programme,
        "phase_label": Phase(programme.phase).label,
        "snapshot": snapshot,
        "numbers": numbers,
        "share": numbers["on_target"] / goals if goals else None,
        "benefit": Decimal(numbers.get("benefit", "0")),
        "cost": Decimal(numbers.get("cost", "0")),
    }


def totals(numbers: list[dict[str, Any]]) -> dict[str, Any]:
    counts = {name: sum(one.get(name, 0) for one in numbers) for name in COUNTS}
    money = {
        name: sum((Decimal(one.get(name, "0")) for one in numbers), Decimal(0))
        for name in MONEY
    }
    return {**counts, **money}


urlpatterns = [
    path("p/<slug:code>/dashboard/", dashboard, name="dashboard"),
    path("dashboard/", portfolio_dashboard, name="portfolio-dashboard"),
]
