"""Rows of phases 7 and 8 for the page tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from evaluation.models import (
    CorrectiveAction,
    CostBenefit,
    Lesson,
    LimitChange,
    QualitativeItem,
    ScoreRule,
    Signal,
)
from evaluation.services.dashboards import refresh_dashboard
from evaluation.services.monitoring import save_action
from evaluation.services.scorecard import give_ratings
from programmes.models import Indicator
from programmes.services.measurements import record_measurements
from tests.world import NOW, World


def series(world: World, code: str, values: list[float], now: Any = NOW) -> None:
    """Daily values that end today."""
    first = NOW.date() - timedelta(days=len(values) - 1)
    rows = [
        {"series": code, "at": str(first + timedelta(days=at)), "value": str(value)}
        for at, value in enumerate(values)
    ]
    record_measurements(
        by=world.lead, programme=world.programme, rows=rows, source="api", now=now
    )


def steady(n: int = 20) -> list[float]:
    return [5.0 + (0.2 if at % 2 else -0.2) for at in range(n)]


def fill(world: World) -> None:
    """One row of each register, an indicator with a signal, and its dashboard."""
    indicator = world.save(
        Indicator,
        code="wait",
        name="§Waiting time",
        unit="§h",
        owner=world.person("owner"),
        baseline=9,
        target=6,
    )
    world.save(ScoreRule, indicator=indicator, weight=100)
    item = world.save(QualitativeItem, title="§Clarity", weight=100)
    give_ratings(
        by=world.member,
        programme=world.programme,
        grades={item.pk: 4},
        group="team",
        comment="§Well done",
        now=NOW,
    )
    world.save(
        CostBenefit, title="§Less waiting", kind="benefit", year=2026, plan=9, actual=8
    )
    world.save(
        Lesson,
        title="§Early tests help",
        kind="success",
        phase=1,
        happened="§Tests found faults",
        advice="§Test early",
        tags="§tests",
    )
    series(world, "wait", [*steady(), 9.0])
    world.save(
        LimitChange,
        indicator=indicator,
        starts_on=NOW.date() - timedelta(days=400),
        reason="§New system",
    )
    refresh_dashboard(programme=world.programme, now=NOW)
    signal = Signal.objects.get(indicator=indicator)
    save_action(
        by=world.lead,
        record=CorrectiveAction(
            programme=world.programme,
            signal=signal,
            title="§Bring back",
            owner=world.person("owner"),
            due_on=NOW.date(),
        ),
        now=NOW,
    )


def signal_key(parameter: str, world: World) -> int:
    return Signal.objects.of(world.programme).order_by("pk").first().pk


def watched_key(parameter: str, world: World) -> int:
    return Signal.objects.of(world.programme).order_by("pk").first().indicator_id


ROWS = {
    "monitor-one": watched_key,
    "signal-action": signal_key,
    "signal-close": signal_key,
}
