"""What waits for an account: open tasks and gate decisions."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, Subquery
from django.utils import timezone

from programmes.lifecycle import ReviewState
from programmes.models.gates import Delegation, GateReview
from programmes.models.people import Account
from programmes.models.programme import Membership
from programmes.models.work import WorkItem
from programmes.phases import Phase


class CountOf(Subquery):
    """How many rows a query has, as part of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def waiting_for(user: Account) -> Any:
    """Decisions and open tasks of the account, as a part of a query."""
    tasks = WorkItem.objects.filter(
        owner__account=user,
        owner__is_active=True,
        deleted_at=None,
        state__in=[WorkItem.State.OPEN, WorkItem.State.DOING],
    )
    return CountOf(tasks.values("pk")) + CountOf(decisions_for(user).values("pk"))


def decisions_for(user: Account) -> Any:
    """Open reviews that wait for the user as chair or delegate; not one's own."""
    return (
        GateReview.objects.filter(state=ReviewState.OPEN)
        .exclude(submitted_by=user)
        .filter(is_chair(user, "gate__"))
    )


def is_chair(user: Account, path: str = "") -> Q:
    """Rows at whose gate the user is the chair or stands in for one.

    The chair is a role, or the one person that the gate names.

    :param path: from the row to its gate, such as "gate__"; empty: a gate itself.
    """
    today = timezone.localdate()
    chairs = Membership.objects.filter(
        programme=OuterRef(f"{path}programme"),
        person__account=user,
        person__is_active=True,
    )
    # The gate of a row, where the row is the gate: its own key.
    gate = OuterRef(f"{path}pk" if path else "pk")
    handed = Delegation.objects.filter(
        programme=OuterRef(f"{path}programme"),
        taker__account=user,
        taker__is_active=True,
        giver__is_active=True,
        starts_on__lte=today,
        ends_on__gte=today,
        revoked_at=None,
        giver__memberships__programme=OuterRef(f"{path}programme"),
    ).filter(Q(gate=None) | Q(gate=gate))
    by_role = Q(**{f"{path}chair": None})
    named = Q(**{f"{path}chair__account": user, f"{path}chair__is_active": True})
    stands_in = ~by_role & Exists(handed.filter(giver=OuterRef(f"{path}chair")))
    is_last = Q(**{f"{path}phase": Phase.IMPROVEMENT})
    sponsor, owner = Membership.Role.SPONSOR, Membership.Role.OWNER
    in_role = (
        ~is_last
        & (
            Exists(chairs.filter(role=sponsor))
            | Exists(handed.filter(giver__memberships__role=sponsor))
        )
    ) | (
        is_last
        & (
            Exists(chairs.filter(role=owner))
            | Exists(handed.filter(giver__memberships__role=owner))
        )
    )
    return named | Q(stands_in) | Q(by_role & in_role)


def votes_for(user: Account, persons: list[int]) -> Any:
    """Open reviews with a seat of these people that has no ballot yet."""
    seat = Q()
    for pk in persons:
        seat |= Q(panel__contains=[{"person": pk}])
    rows = GateReview.objects.filter(state=ReviewState.OPEN).exclude(submitted_by=user)
    return rows.filter(seat).exclude(votes__person__in=persons) if seat else rows.none()
