"""What waits for an account: open tasks and gate decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from programmes.lifecycle import ReviewState
from programmes.models.gates import Delegation, GateReview
from programmes.models.notifications import Notification
from programmes.models.people import Account
from programmes.models.programme import Membership
from programmes.models.work import WorkItem
from programmes.phases import Phase

# Stand-ins for the account and the day in SQL that is written once a process: Django
# takes ten times longer to write these counts than PostgreSQL to answer them, and
# every page asks them.
ANYBODY, ANY_DAY = -7_410_663, date(1, 1, 1)


def waiting_for(user: Account, today: date) -> RawSQL:
    """Decisions and open tasks of the account, as a part of a query."""
    return count_of(open_tasks, decisions_for)(user, today)


def unread_for(user: Account, today: date) -> RawSQL:
    """Unread notifications of the account, as a part of a query."""
    return count_of(unread)(user, today)


Rows = Callable[[Account, date], Any]


@cache
def count_of(*kinds: Rows) -> Callable[[Account, date], RawSQL]:
    """How many rows of these kinds an account has; the SQL is written here, once."""
    parts, standing = [], []
    for kind in kinds:
        rows = kind(Account(pk=ANYBODY), ANY_DAY).order_by().values("pk")
        sql, params = rows.query.sql_with_params()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608
        standing += params

    def count(user: Account, today: date) -> RawSQL:
        known = {ANYBODY: user.pk, ANY_DAY: today}
        given = [known.get(one, one) for one in standing]
        # All of it was written by Django; what a person gives stands in the parameters.
        return RawSQL(" + ".join(parts), given, IntegerField())  # noqa: S611

    return count


def open_tasks(user: Account, _today: date) -> Any:
    return WorkItem.objects.filter(
        owner__account=user,
        owner__is_active=True,
        deleted_at=None,
        state__in=[WorkItem.State.OPEN, WorkItem.State.DOING],
    )


def unread(user: Account, _today: date) -> Any:
    return Notification.objects.filter(account=user, read_at=None)


def decisions_for(user: Account, today: date | None = None) -> Any:
    """Open reviews that wait for the user as chair or delegate; not one's own."""
    return (
        GateReview.objects.filter(state=ReviewState.OPEN)
        .exclude(submitted_by=user)
        .filter(is_chair(user, "gate__", today))
    )


def is_chair(user: Account, path: str = "", today: date | None = None) -> Q:
    """Rows at whose gate the user is the chair or stands in for one.

    The chair is a role, or the one person that the gate names.

    :param path: from the row to its gate, such as "gate__"; empty: a gate itself.
    :param today: the day that a delegation must cover; now, where none is given.
    """
    today = today or timezone.localdate()
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
