"""Figures of dashboards: computed into rows, so that pages only read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum

from evaluation.models import (
    CorrectiveAction,
    CostBenefit,
    DashboardSnapshot,
    IndicatorStatus,
    Signal,
)
from evaluation.scoring import economics_of, scorecard_of, setup_of
from evaluation.services.monitoring import refresh_indicators
from programmes import jobs
from programmes.forecast import compare
from programmes.models import (
    BudgetLine,
    Estimate,
    Job,
    Measurement,
    Programme,
    WorkItem,
)

REFRESH = "evaluation.refresh_dashboard"
# A delivery may commit later than one that arrived after it: look again for so long.
GRACE = timedelta(seconds=60)


def ask_refresh(*, programme: Programme) -> Job:
    """Have the figures of a programme computed; waiting jobs of one are one."""
    key = f"dashboard:{programme.pk}"
    return jobs.enqueue(REFRESH, {}, programme=programme, key=key)


def refresh_dashboard(*, programme: Programme, now: datetime) -> DashboardSnapshot:
    """Compute all statuses, signals and figures of a programme anew."""
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        states = refresh_indicators(programme=programme, now=now)
        arrivals = [one.refreshed_at for one in states if one.refreshed_at]
        snapshot, _created = DashboardSnapshot.objects.update_or_create(
            programme=programme,
            defaults={
                "numbers": figures_of(programme, states, now),
                "as_of": now,
                "watermark": min(max(arrivals, default=now), now - GRACE),
            },
        )
    return snapshot


def figures_of(
    programme: Programme, states: list[IndicatorStatus], now: datetime
) -> dict[str, Any]:
    """The figures as JSON: money as text, so that no cent is lost."""
    setup = setup_of(programme)
    lines = list(CostBenefit.objects.of(programme))
    worth = economics_of(lines, float(setup.rate) / 100)
    card = scorecard_of(programme, setup)
    budget = BudgetLine.objects.of(programme).aggregate(
        planned=Sum("planned"), actual=Sum("actual")
    )
    estimate = Estimate.objects.filter(programme=programme).first()
    late = WorkItem.objects.of(programme).filter(
        due_on__lt=now.date(), state__in=["open", "doing"]
    )
    actions = CorrectiveAction.objects.of(programme).filter(
        work_item__state__in=["open", "doing"]
    )
    aims = [one for one in states if one.rag]
    return {
        "indicators": len(states),
        "goals": len(aims),
        "on_target": sum(1 for one in aims if one.rag == IndicatorStatus.Rag.GREEN),
        "off_target": sum(1 for one in aims if one.rag == IndicatorStatus.Rag.RED),
        "values": sum(one.points for one in states),
        "signals": Signal.objects.of(programme).still_open().count(),
        "actions": actions.count(),
        "late": late.count(),
        "beyond": beyond_tolerance(programme),
        "budget": str(budget["planned"] or 0),
        "spent": str(budget["actual"] or 0),
        "expected": str(estimate.benefit_likely or 0) if estimate else "0",
        "benefit": str(worth.benefit),
        "cost": str(worth.cost),
        "confirmed": str(worth.confirmed),
        "npv": worth.npv,
        "index": card.index,
        "index_before": card.before,
        "coverage": card.coverage,
    }


def beyond_tolerance(programme: Programme) -> list[str]:
    """What the forecast takes out of its tolerance: time, cost, benefit."""
    found = compare(programme)
    return found.beyond if found else []


def outdated() -> QuerySet[Programme]:
    """Programmes with values that arrived after their figures were computed.

    By the moment of arrival, so that late values with old dates count as well.
    """
    newest = Measurement.objects.filter(indicator__programme=OuterRef("pk")).order_by(
        "-received_at"
    )
    rows = Programme.objects.annotate(newest=Subquery(newest.values("received_at")[:1]))
    stale = Q(newest__gt=F("dashboard__watermark")) | Q(dashboard__isnull=True)
    return rows.filter(stale).order_by("pk")


def sweep_dashboards() -> int:
    """Ask for every figure that is behind its data. Says how many."""
    found = list(outdated())
    for programme in found:
        ask_refresh(programme=programme)
    return len(found)
