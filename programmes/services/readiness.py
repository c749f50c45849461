"""The stored readiness that dashboards and the portfolio read."""

from __future__ import annotations

from datetime import datetime

from programmes import gating
from programmes.models import Gate, Programme, Readiness
from programmes.phases import Phase


def refresh_readiness(*, programme: Programme, now: datetime) -> Readiness:
    """Compute the stored readiness of the present phase's gate."""
    phase = Phase(programme.phase)
    verdict = gating.assess(programme, phase, now)
    gate = Gate.objects.get(programme=programme, phase=phase)
    missing = [
        {
            "code": one.criterion.code,
            "links": [link.url for link in one.assessment.links][:1],
        }
        for one in verdict.missing
    ]
    readiness, _created = Readiness.objects.update_or_create(
        gate=gate,
        defaults={
            "met": len(verdict.musts) - len(verdict.missing),
            "needed": len(verdict.musts),
            "missing": missing,
            "computed_at": now,
        },
    )
    return readiness
