"""What gate 8 compares to tell if a gain is kept: a part of its query of indicators."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Avg, OuterRef, Q, Subquery

from evaluation.models import EvaluationSetup
from programmes.lifecycle import GateKind, Outcome, ReviewState
from programmes.models import GateReview, Measurement, Programme
from programmes.phases import Phase

# So many of the newest values say if a gain is kept.
RECENT = 3


def gains(programme: Programme) -> dict[str, Any]:
    """The mean that gate 7 was approved on, and the newest values."""
    setups = EvaluationSetup.objects.of(programme).order_by("pk")
    approved = GateReview.objects.filter(
        gate__programme=programme,
        gate__kind=GateKind.PHASE,
        gate__first_phase__lte=Phase.EVALUATION,
        gate__phase__gte=Phase.EVALUATION,
        state=ReviewState.DECIDED,
        outcome__in=[Outcome.APPROVE, Outcome.CONDITIONS],
    ).order_by("-round")
    newest = Measurement.objects.filter(indicator=OuterRef("pk")).order_by("-at", "-pk")
    then = Q(
        measurements__at__date__gte=Subquery(setups.values("measured_from")[:1]),
        measurements__at__lte=Subquery(approved.values("decided_at")[:1]),
    )
    return {
        "confirmed": Avg("measurements__value", filter=then),
        "recent": ArraySubquery(newest.values("value")[:RECENT]),
    }
