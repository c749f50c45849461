"""What waits for an account: open tasks and gate decisions."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, Subquery

from programmes.lifecycle import ReviewState
from programmes.models.gates import GateReview
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
    """Open reviews that the user chairs and did not submit."""
    chairs = Membership.objects.filter(
        programme=OuterRef("gate__programme"),
        person__account=user,
        person__is_active=True,
    )
    is_last = Q(gate__phase=Phase.IMPROVEMENT)
    return (
        GateReview.objects.filter(state=ReviewState.OPEN)
        .exclude(submitted_by=user)
        .filter(
            (~is_last & Exists(chairs.filter(role=Membership.Role.SPONSOR)))
            | (is_last & Exists(chairs.filter(role=Membership.Role.OWNER)))
        )
    )
