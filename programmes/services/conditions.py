"""Conditions of a decision: each is a task that the next gate asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.events import announce, records_changed
from programmes.kit.errors import Refusal
from programmes.lifecycle import GateAct, GateState
from programmes.models import Account, Condition, Gate, GateReview, Person, WorkItem
from programmes.permissions import require
from programmes.services import activity
from programmes.services.gate_steps import gate_url, locked, move

MOST_CONDITIONS = 5


class Incomplete(Refusal):
    """A reason or condition is missing."""

    code = "incomplete"
    status = 422


@dataclass(frozen=True)
class Wanted:
    """A condition of the chair: what, by whom, until when."""

    text: str
    owner: Person
    due_on: date
    proof: str = ""


def add_condition(
    review: GateReview, gate: Gate, wanted: Wanted, by: Account, now: datetime
) -> Condition:
    """A condition is a task of its owner that the next gate asks for."""
    if wanted.owner.enterprise_id != gate.programme.enterprise_id:
        raise Incomplete(_("Choose an owner of this enterprise."))
    item = WorkItem(
        programme=gate.programme,
        title=wanted.text,
        owner=wanted.owner,
        due_on=wanted.due_on,
        kind=WorkItem.Kind.CONDITION,
        phase=gate.programme.phase,
        reason_label=str(gate),
        reason_url=gate_url(gate),
        created_at=now,
        created_by=by,
        updated_at=now,
    )
    item.stamp(by, now)
    item.save()
    return Condition.objects.create(
        review=review,
        text=wanted.text,
        owner=wanted.owner,
        due_on=wanted.due_on,
        proof=wanted.proof,
        work_item=item,
    )


def close_condition(*, by: Account, condition: Condition, now: datetime) -> None:
    """The condition is met; with the last one the gate's amber goes.

    :raises NotAllowed: neither lead nor sponsor.
    """
    gate = condition.review.gate
    require(by, "condition.close", gate.programme)
    with transaction.atomic():
        gate = locked(gate)
        if condition.closed_at is None:
            condition.closed_at, condition.closed_by = now, by
            condition.save(update_fields=["closed_at", "closed_by"])
            item = condition.work_item
            item.state, item.done_at, item.done_share = WorkItem.State.DONE, now, 100
            item.updated_at = now
            item.stamp(by, now)
            item.save(update_fields=["state", "done_at", "done_share", "updated_at"])
            activity.record(
                by=by,
                verb="closed",
                label=condition.text,
                now=now,
                programme=gate.programme,
                url=gate_url(gate),
            )
        still_open = condition.review.conditions.filter(closed_at=None)
        if gate.state == GateState.CONDITIONAL and not still_open.exists():
            move(gate, GateAct.CLOSE_CONDITIONS)
        announce(
            records_changed,
            programme_id=gate.programme_id,
            phases=(int(gate.programme.phase),),
        )


def reopen_condition(*, by: Account, condition: Condition, now: datetime) -> None:
    """Undo of `close_condition`.

    :raises NotAllowed: neither lead nor sponsor.
    """
    gate = condition.review.gate
    require(by, "condition.close", gate.programme)
    with transaction.atomic():
        gate = locked(gate)
        if condition.closed_at is None:
            return
        condition.closed_at = condition.closed_by = None
        condition.save(update_fields=["closed_at", "closed_by"])
        item = condition.work_item
        item.state, item.done_at, item.done_share = WorkItem.State.OPEN, None, 0
        item.stamp(by, now)
        item.save(update_fields=["state", "done_at", "done_share"])
        if gate.state == GateState.PASSED:
            move(gate, GateAct.REOPEN_CONDITIONS)
        activity.record(
            by=by,
            verb="reopened",
            label=condition.text,
            now=now,
            programme=gate.programme,
            url=gate_url(gate),
        )
        announce(
            records_changed,
            programme_id=gate.programme_id,
            phases=(int(gate.programme.phase),),
        )
