"""How ready a gate is: the live verdict, and the stored row that other pages read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from programmes import gating
from programmes.gating import Verdict
from programmes.lifecycle import GateState
from programmes.maths.trend import completion
from programmes.models import Gate, Programme, Readiness, ReadinessPoint, Waiver
from programmes.phases import Phase

PACE_DAYS = 28
# Beyond two years a forecast says nothing.
FARTHEST_DAYS = 730


def verdict_of(
    gate: Gate, now: datetime, waived: frozenset[str] | None = None
) -> Verdict:
    """The criteria of the gate as they stand, by the pack and the waivers granted.

    :param waived: what the chair lets go, where the caller has loaded that already.
    """
    waived = waived_codes(gate) if waived is None else waived
    rules = gating.rules_at(gate)
    if not gate.is_of_phase:
        return gating.assess_outside(gate, now, rules, waived)
    return gating.assess(gate.programme, Phase(gate.phase), now, rules, waived)


def waived_codes(gate: Gate) -> frozenset[str]:
    """Codes of the musts that the chair lets go for the coming decision."""
    open_round = gate.reviews.filter(state="open").values("pk")
    rows = Waiver.objects.filter(gate=gate, state=Waiver.State.GRANTED)
    rows = rows.filter(review=None) | rows.filter(review__in=open_round)
    return frozenset(rows.values_list("code", flat=True))


def present_gate(programme: Programme) -> Gate:
    """The gate that closes the phase the programme is in."""
    gates = Gate.objects.filter(
        programme=programme,
        first_phase__lte=programme.phase,
        phase__gte=programme.phase,
    )
    found: Gate = gates.get()
    found.programme = programme
    return found


def points_of_pace(today: date) -> ArraySubquery:
    """Days of the last four weeks with what was left, as a part of a query of gates."""
    rows = ReadinessPoint.objects.filter(
        gate=OuterRef("pk"), on__lt=today, on__gte=today - timedelta(days=PACE_DAYS)
    )
    return ArraySubquery(
        rows.values(json=JSONObject(on="on", left=F("met") - F("needed")))
    )


def ready_on(gate: Gate, met: int, needed: int, today: date) -> date | None:
    """When the gate will be ready at the pace of the last four weeks.

    None where it is ready, in no preparation, or too little moves to say so. A day
    without a point is as the one before it; today is as it stands.
    """
    if gate.state != GateState.PREPARING or met >= needed:
        return None
    rows: Any = getattr(gate, "pace", None)
    if rows is None:
        gates = Gate.every.filter(pk=gate.pk)
        rows = gates.annotate(pace=points_of_pace(today)).values_list("pace").get()[0]
    left = {date.fromisoformat(one["on"]): one["left"] for one in rows}
    left[today] = met - needed
    found = completion(
        [(on - today).days for on in left], list(left.values()), 0, PACE_DAYS
    )
    if found.day is None or found.day > FARTHEST_DAYS:
        return None
    return today + timedelta(days=ceil(found.day))


def refresh_readiness(*, programme: Programme, now: datetime) -> Readiness:
    """Compute the stored readiness of the present gate, and today's point of it."""
    gate = present_gate(programme)
    verdict = verdict_of(gate, now)
    missing = [
        {
            "code": one.criterion.code,
            "links": [link.url for link in one.assessment.links][:1],
        }
        for one in verdict.missing
    ]
    numbers = {
        "met": len(verdict.musts) - len(verdict.missing),
        "needed": len(verdict.musts),
    }
    readiness, _created = Readiness.objects.update_or_create(
        gate=gate, defaults={**numbers, "missing": missing, "computed_at": now}
    )
    ReadinessPoint.objects.update_or_create(gate=gate, on=now.date(), defaults=numbers)
    return readiness
