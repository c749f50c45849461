"""The controller's confirmation of costs and benefits at the money gates."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from programmes import gating
from programmes.events import announce, records_changed
from programmes.models import Account, Gate, Person, Programme, Signature
from programmes.permissions import require
from programmes.phases import MONEY_GATES, Phase
from programmes.services import activity
from programmes.services.gate_steps import (
    Standing,
    WrongMoment,
    enter,
    gate_url,
    locked,
    sign,
)
from programmes.services.ledger import Kind, signed

MONEY = "money"


def money_phases(gate: Gate) -> list[Phase]:
    """Phases closed by the gate whose money the controller confirms."""
    phases = gate.phases if gate.is_of_phase else ()
    return [one for one in phases if one in MONEY_GATES]


def confirm_money(
    *, by: Account, gate: Gate, note: str, now: datetime
) -> list[Signature]:
    """The controller confirms costs and benefits of the gate's phases as they stand.

    A later change of the money makes the confirmation void, since its mark moves.

    :raises NotAllowed: not the controller.
    :raises WrongMoment: this gate asks for no confirmation, or it is given already.
    """
    grants = require(by, "gate.confirm", gate.programme)
    phases = money_phases(gate)
    if not phases:
        raise WrongMoment(_("This gate needs no confirmation of money."))
    with transaction.atomic():
        gate = locked(gate)
        marks = {one: money_mark(gate.programme, one, now) for one in phases}
        left = {
            one: mark
            for one, mark in marks.items()
            if not is_confirmed(gate, one, mark)
        }
        if not left:
            raise WrongMoment(_("The money is confirmed as it stands."))
        person = Person.objects.get(
            pk__in=grants.person_ids, enterprise=gate.programme.enterprise_id
        )
        standing = Standing(person)
        signatures = [
            sign(
                gate=gate,
                review=None,
                by=by,
                standing=standing,
                kind=MONEY,
                meaning="I confirm the costs and benefits as they stand.",
                mark=mark,
                note=note,
                now=now,
                phase=phase,
            )
            for phase, mark in left.items()
        ]
        activity.record(
            by=by,
            verb="confirmed",
            programme=gate.programme,
            now=now,
            note=note,
            kind=f"money.{gate.phase}",
            url=gate_url(gate),
        )
        announce(
            records_changed,
            programme_id=gate.programme_id,
            phases=tuple(int(one) for one in left),
        )
        for one in signatures:
            enter(gate, Kind.MONEY, now, standing=standing, **signed(one))
    return signatures


def is_confirmed(gate: Gate, phase: Phase, mark: str) -> bool:
    rows = Signature.objects.filter(programme=gate.programme_id, kind=MONEY)
    return rows.filter(phase=phase, mark=mark).exists()


def money_mark(programme: Programme, phase: Phase, now: datetime) -> str:
    """The mark of the costs and benefits that the gate's criterion F looks at."""
    verdict = gating.assess(programme, phase, now)
    code = f"G{int(phase)}.F"
    return next(
        one.assessment.mark for one in verdict.items if one.criterion.code == code
    )
