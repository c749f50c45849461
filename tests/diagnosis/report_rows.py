"""Rows of phase 3 that reports are made of."""

from __future__ import annotations

from diagnosis.models import Finding
from tests.world import World


def finding(world: World, **values: object) -> Finding:
    given = {
        "title": "§Cases wait two days",
        "cause": "§Two people check each case",
        "evidence": "§318 checks were timed",
        "advice": "§Release by rule",
        "cost_a_year": 910_000,
        "priority": Finding.Priority.CRITICAL,
    }
    return world.save(Finding, **{**given, **values})
