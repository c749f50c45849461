"""After the decision: resuming a hold, affirming again, and reopening a gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.lifecycle import OPEN_GATE, GateAct, GateState, ReviewState
from programmes.models import (
    Account,
    Condition,
    Gate,
    GateReview,
    PhasePlan,
    Programme,
    Signature,
    WorkItem,
)
from programmes.services.budget import take_back_tranche
from programmes.services.conditions import Incomplete
from programmes.services.decisions import set_state
from programmes.services.gate_steps import (
    Standing,
    WrongMoment,
    enter,
    locked,
    meaning_of,
    move,
    require_chair,
    sign,
    tell,
)
from programmes.services.ledger import Kind, signed


def resume_programme(*, by: Account, gate: Gate, now: datetime) -> int:
    """End the hold; what was open when it began is due later by the days it lasted.

    :return: the days of the hold.
    :raises NotAllowed: neither the gate's chair nor their delegate.
    :raises WrongMoment: the programme is not on hold at this gate.
    """
    standing = require_chair(by, gate, now)
    with transaction.atomic():
        gate = locked(gate)
        since = gate.programme.held_at
        move(gate, GateAct.RESUME)
        if since is None:
            raise WrongMoment(_("The programme is not on hold."))
        days = (now.date() - since.date()).days
        set_state(gate.programme, Programme.State.ACTIVE, now)
        shift_clocks(gate.programme, days, since, by, now)
        review = gate.reviews.order_by("-round").first()
        signature = sign(
            gate=gate,
            review=review,
            by=by,
            standing=standing,
            kind="resume",
            meaning=f"I resume the programme at {meaning_of(gate)}.",
            mark=review.pack_hash if review else "",
            now=now,
        )
        tell(by, "resumed", gate, now)
        enter_signed(gate, Kind.RESUMED, signature, standing, now)
    return days


def shift_clocks(
    programme: Programme, days: int, since: datetime, by: Account, now: datetime
) -> None:
    """Move what was still to come when the hold began."""
    tasks = WorkItem.objects.of(programme).filter(
        state__in=[WorkItem.State.OPEN, WorkItem.State.DOING]
    )
    for item in tasks.exclude(due_on=None, starts_on=None):
        item.starts_on = later(item.starts_on, days, since)
        item.due_on = later(item.due_on, days, since, always=True)
        item.version += 1
        item.stamp(by, now, "resumed")
        item.save(update_fields=["starts_on", "due_on", "version"])
    for condition in Condition.objects.filter(
        review__gate__programme=programme, closed_at=None
    ):
        condition.due_on += timedelta(days=days)
        condition.save(update_fields=["due_on"])
    for row in PhasePlan.objects.of(programme):
        for name in ("starts_on", "ends_on", "gate_on"):
            setattr(row, name, later(getattr(row, name), days, since))
        row.version += 1
        row.stamp(by, now, "resumed")
        row.save(update_fields=["starts_on", "ends_on", "gate_on", "version"])


def later(day: Any, days: int, since: datetime, *, always: bool = False) -> Any:
    """The day after the hold that matches a day before it; the past stays."""
    if day is None or (day < since.date() and not always):
        return day
    return day + timedelta(days=days)


def reaffirm_gate(*, by: Account, gate: Gate, note: str, now: datetime) -> None:
    """The chair saw what changed since the approval, and stands by it.

    :raises NotAllowed: neither chair nor delegate.
    :raises WrongMoment: nothing is to be affirmed, or an earlier gate is reopened.
    """
    standing = require_chair(by, gate, now)
    with transaction.atomic():
        gate = locked(gate)
        if gate.state not in OPEN_GATE or not gate.is_flagged:
            raise WrongMoment(_("Nothing waits to be affirmed at this gate."))
        earlier = Gate.objects.filter(
            programme=gate.programme_id, phase__lt=gate.phase
        ).exclude(state__in=OPEN_GATE)
        first = earlier.order_by("phase").first()
        if first is not None:
            raise WrongMoment(
                _("Gate %(number)s comes first; it is open again.")
                % {"number": first.phase}
            )
        for one in [*inherited_before(gate), gate]:
            clear(one, now)
        review = last_decided(gate)
        signature = sign(
            gate=gate,
            review=review,
            by=by,
            standing=standing,
            kind="reaffirm",
            meaning=f"I saw what changed and stand by gate {gate.phase}.",
            mark=review.pack_hash if review else "",
            note=note,
            now=now,
        )
        tell(by, "reaffirmed", gate, now, note)
        enter_signed(gate, Kind.REAFFIRMED, signature, standing, now)


def clear(gate: Gate, now: datetime) -> None:
    """Take both flags off; what changed is answered by what follows."""
    gate.changed_at, gate.to_reaffirm = None, False
    gate.save(update_fields=["changed_at", "to_reaffirm"])
    gate.changes.filter(answered_at=None).update(answered_at=now)


def inherited_before(gate: Gate) -> list[Gate]:
    """Earlier gates taken over from the cycle before; one signature affirms all."""
    rows = Gate.objects.filter(
        programme=gate.programme_id,
        phase__lt=gate.phase,
        to_reaffirm=True,
        reviews=None,
    )
    return list(rows)


def reopen_gate(*, by: Account, gate: Gate, reason: str, now: datetime) -> None:
    """Take a passed gate up again. Later approvals have to be affirmed again.

    Nothing is erased, and the phases after it stay open.

    :raises NotAllowed: neither chair nor delegate.
    :raises Incomplete: no reason.
    :raises WrongMoment: the gate is not passed, or a later gate is in review.
    """
    standing = require_chair(by, gate, now)
    if not reason.strip():
        message = _("Give the reason; the team and the record will see it.")
        raise Incomplete(message, {"reason": message})
    with transaction.atomic():
        gate = locked(gate)
        if not gate.is_of_phase:
            raise WrongMoment(_("A decision outside the sequence is not reopened."))
        later_gates = Gate.objects.select_for_update().filter(
            programme=gate.programme_id, phase__gt=gate.phase
        )
        if later_gates.filter(state=GateState.IN_REVIEW).exists():
            raise WrongMoment(_("A later gate is in review; it is decided first."))
        move(gate, GateAct.REOPEN)
        review = last_decided(gate)
        if review is not None:
            review.state = ReviewState.REOPENED
            review.save(update_fields=["state"])
        clear(gate, now)
        for one in later_gates.filter(state__in=OPEN_GATE):
            one.to_reaffirm = True
            one.save(update_fields=["to_reaffirm"])
        signature = sign(
            gate=gate,
            review=review,
            by=by,
            standing=standing,
            kind="reopen",
            meaning=f"I reopen gate {gate.phase}.",
            mark=review.pack_hash if review else "",
            note=reason,
            now=now,
        )
        take_back_tranche(gate=gate, now=now, by=by)
        tell(by, "took_up", gate, now, reason)
        enter_signed(gate, Kind.REOPENED, signature, standing, now)


def enter_signed(
    gate: Gate, kind: Kind, signature: Signature, standing: Standing, now: datetime
) -> None:
    review = signature.review_id
    enter(gate, kind, now, standing=standing, review=review, **signed(signature))


def last_decided(gate: Gate) -> GateReview | None:
    found: GateReview | None = (
        gate.reviews.filter(state=ReviewState.DECIDED).order_by("-round").first()
    )
    return found
