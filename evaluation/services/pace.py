"""How long programmes are usually quiet in each phase: computed once a day."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from evaluation.models import PhasePace
from programmes.lifecycle import GateKind, Outcome, ReviewState
from programmes.maths.pace import stalled
from programmes.models import Activity, Enterprise, GateReview
from programmes.phases import Phase

# What happened longer ago is no measure of today.
WINDOW = timedelta(days=3 * 365)
OUTDATED = timedelta(days=1)
# As many as a method takes.
MOST_GAPS = 10_000


@transaction.atomic
def refresh_pace(*, enterprise: Enterprise, now: datetime) -> dict[Phase, PhasePace]:
    """Compute the usual gaps of each phase anew, in two queries and a write each."""
    by_phase = gaps_of(enterprise, now)
    found = {}
    for phase in Phase:
        pace = stalled(0, by_phase.get(phase, [])[-MOST_GAPS:])
        found[phase], _created = PhasePace.objects.update_or_create(
            enterprise=enterprise,
            phase=phase,
            defaults={
                "usual_days": pace.usual,
                "limit_days": pace.limit,
                "gaps": pace.gaps,
                "computed_at": now,
            },
        )
    return found


def gaps_of(enterprise: Enterprise, now: datetime) -> dict[int, list[float]]:
    """Days between two days with changes, by the phase in which the gap began."""
    passed = passed_gates(enterprise)
    rows = (
        Activity.objects.changes()
        .filter(programme__enterprise=enterprise, at__gt=now - WINDOW)
        .annotate(on=TruncDate("at"))
        .order_by("programme", "on")
        .values_list("programme", "on")
        .distinct()
    )
    found: dict[int, list[float]] = defaultdict(list)
    for programme, days in groupby(rows, key=itemgetter(0)):
        for phase, gap in gaps(days_of(days), passed[programme]):
            found[phase].append(gap)
    return found


def days_of(rows: Iterable[tuple[int, date]]) -> list[date]:
    return [on for _programme, on in rows]


def gaps(
    days: list[date], passed: list[tuple[date, int]]
) -> Iterable[tuple[int, float]]:
    """Each gap with its phase: one after the gates that had been passed by then."""
    moments = [on for on, _phase in passed]
    for first, second in pairwise(days):
        before = passed[: bisect_left(moments, first)]
        phase = max((phase for _on, phase in before), default=0) + 1
        yield min(phase, max(Phase)), float((second - first).days)


def passed_gates(enterprise: Enterprise) -> dict[int, list[tuple[date, int]]]:
    """When each programme passed its gates, in the order of time."""
    rows = GateReview.objects.filter(
        gate__programme__enterprise=enterprise,
        gate__kind=GateKind.PHASE,
        state=ReviewState.DECIDED,
        outcome__in=[Outcome.APPROVE, Outcome.CONDITIONS],
    ).order_by("decided_at")
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for programme, phase, at in rows.values_list(
        "gate__programme", "gate__phase", "decided_at"
    ):
        if at is not None:
            found[programme].append((timezone.localdate(at), phase))
    return found


def outdated(now: datetime) -> QuerySet[Enterprise]:
    """Enterprises whose pace was never computed, or not since yesterday."""
    newest = PhasePace.objects.filter(enterprise=OuterRef("pk")).order_by(
        "-computed_at"
    )
    rows = Enterprise.objects.annotate(seen=Subquery(newest.values("computed_at")[:1]))
    return rows.filter(Q(seen=None) | Q(seen__lte=now - OUTDATED)).order_by("pk")


def sweep_paces(*, now: datetime) -> int:
    """Compute what is older than a day. Says for how many enterprises."""
    found = list(outdated(now))
    for enterprise in found:
        refresh_pace(enterprise=enterprise, now=now)
    return len(found)
