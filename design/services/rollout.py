"""Go-live checkpoints: the head of a unit accepts what went live there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from design.models import Rollout
from programmes.gating import rules_at
from programmes.kit.errors import Refusal
from programmes.lifecycle import GateKind, GateState
from programmes.models import Account, Gate, GateReview
from programmes.permissions import require
from programmes.services.gates import add_gate, submit_gate
from programmes.services.records import fill, save_record


class NoHead(Refusal):
    """Nobody is named who could accept it."""

    code = "no-head"
    status = 422


def open_checkpoint(*, by: Account, rollout: Rollout, now: datetime) -> Gate:
    """The checkpoint of the unit; opened where there is none.

    :raises NotAllowed: not the lead.
    :raises NoHead: no head with a sign-in is named, or it is the one who asks.
    """
    require(by, "work.edit", rollout.programme)
    with transaction.atomic():
        rows = Rollout.objects.select_for_update(of=["self"])
        fresh = rows.select_related("programme", "unit", "owner", "gate").get(
            pk=rollout.pk
        )
        refuse_without_head(fresh, by)
        if fresh.gate is None:
            gate = add_gate(
                fresh.programme,
                GateKind.GO_LIVE,
                subject=str(fresh.unit)[:120],
                chair=fresh.owner,
            )
            save_record(by=by, record=fill(fresh, gate=gate), now=now)
        elif fresh.gate.state == GateState.PREPARING:
            fresh.gate.chair = fresh.owner
            fresh.gate.save(update_fields=["chair"])
    found: Gate = fresh.gate
    found.programme = rollout.programme
    return found


def refuse_without_head(rollout: Rollout, by: Account) -> None:
    head = rollout.owner
    if head is None or head.account_id is None or not head.is_active:
        raise NoHead(_("Name the head of the unit, with a sign-in, who accepts it."))
    if head.account_id == by.pk:
        raise NoHead(_("Who asks for a decision does not take it."))


def ask_head(*, by: Account, rollout: Rollout, now: datetime) -> GateReview:
    """Ask the head of the unit to accept it, in one step.

    :raises NotAllowed, NoHead: as for open_checkpoint.
    :raises NotReady: musts are missing; the checkpoint is open and shows them.
    :raises WrongMoment: it is asked for or accepted already.
    """
    gate = open_checkpoint(by=by, rollout=rollout, now=now)
    ask = _("The new way runs in %(unit)s. Does its head accept it?")
    return submit_gate(
        by=by,
        gate=gate,
        ask=ask % {"unit": gate.subject},
        due_on=now.date() + timedelta(days=rules_at(gate).days),
        now=now,
    )


def settle(gate: Gate, now: datetime) -> None:
    """The roll-out is accepted when its checkpoint is passed, and as long as it is.

    :raises UnderReview: gate 6 is in review, which rests on it.
    """
    rollout = Rollout.objects.select_related("programme").get(gate=gate)
    is_passed = gate.state == GateState.PASSED
    given: dict[str, Any] = {
        "accepted_at": now if is_passed else None,
        "accepted_by": gate.chair if is_passed else None,
    }
    if (rollout.accepted_at is not None) != is_passed:
        save_record(by=None, record=fill(rollout, **given), now=now)
