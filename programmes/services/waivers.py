"""Letting a must go for one decision: asked by the lead, answered by the chair."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from programmes import gating
from programmes.kit.errors import NotAllowed, Refusal
from programmes.lifecycle import GateState
from programmes.models import Account, Gate, Waiver
from programmes.permissions import require
from programmes.services import activity, notifications
from programmes.services.conditions import Incomplete
from programmes.services.gate_steps import (
    WrongMoment,
    enter,
    gate_url,
    locked,
    require_chair,
    tell,
)
from programmes.services.ledger import Kind


class NotWaivable(Refusal):
    """The pack does not let this criterion go."""

    code = "not-waivable"


def ask_waiver(
    *, by: Account, gate: Gate, code: str, reason: str, now: datetime
) -> Waiver:
    """Ask the chair to let a criterion go for the coming decision.

    :raises NotAllowed: not the lead.
    :raises NotWaivable: the pack keeps it, or it is no criterion of this gate.
    :raises Incomplete: no reason.
    :raises WrongMoment: the gate is not in preparation, or it was asked already.
    """
    require(by, "waiver.ask", gate.programme)
    if not reason.strip():
        message = _("Say why the gate can be decided without it.")
        raise Incomplete(message, {"reason": message})
    with transaction.atomic():
        gate = locked(gate)
        if gate.state != GateState.PREPARING:
            raise WrongMoment(_("A waiver is asked for before the gate is submitted."))
        titles = {one.code: one.title for one in gating.criteria_at(gate)}
        rules = gating.rules_at(gate)
        if code not in rules.waivable & set(titles):
            raise NotWaivable(_("This criterion cannot be let go."))
        there = Waiver.objects.filter(gate=gate, code=code, review=None)
        if there.exclude(state=Waiver.State.DECLINED).exists():
            raise WrongMoment(_("This waiver is asked for already."))
        waiver = Waiver.objects.create(
            gate=gate, code=code, reason=reason, asked_by=by, asked_at=now
        )
        activity.record(
            by=by,
            verb="asked_waiver",
            label=str(titles[code]),
            note=reason,
            programme=gate.programme,
            now=now,
            url=gate_url(gate),
        )
        enter(gate, Kind.WAIVER_ASKED, now, by=by, waiver=waiver.pk, code=waiver.code)
        chairs = notifications.chairs_of(gate, now.date())
        notifications.notify(chairs, "waiver", gate, key=f"w{waiver.pk}", now=now)
    return waiver


def answer_waiver(
    *, by: Account, waiver: Waiver, grant: bool, answer: str, now: datetime
) -> Waiver:
    """The chair grants or declines.

    :raises NotAllowed: neither chair nor delegate, or the one who asked.
    :raises Incomplete: declined without a reason.
    :raises WrongMoment: answered already.
    """
    gate = waiver.gate
    standing = require_chair(by, gate, now)
    if waiver.asked_by_id == by.pk:
        raise NotAllowed(_("Who asks for a waiver does not grant it."))
    if not grant and not answer.strip():
        message = _("Give the reason; the lead will see it.")
        raise Incomplete(message, {"answer": message})
    with transaction.atomic():
        gate = locked(gate)
        row = Waiver.objects.select_for_update().get(pk=waiver.pk)
        if row.state != Waiver.State.ASKED:
            raise WrongMoment(_("This waiver is answered already."))
        row.state = Waiver.State.GRANTED if grant else Waiver.State.DECLINED
        row.answered_by, row.answered_at, row.answer = by, now, answer
        row.save()
        tell(by, "granted_waiver" if grant else "declined_waiver", gate, now, answer)
        notifications.notify(
            [row.asked_by], "waiver_answer", gate, key=f"w{row.pk}", now=now
        )
        kind = Kind.WAIVER_GRANTED if grant else Kind.WAIVER_DECLINED
        enter(gate, kind, now, standing=standing, waiver=row.pk, code=row.code)
    return row
