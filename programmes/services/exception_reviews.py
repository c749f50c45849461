"""Exception reviews: told when a forecast leaves its tolerance, opened by the lead.

Nothing opens or approves itself. One is open at a time; what an approved one froze is
the plan from then on, so the same figures ask for no second review.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from programmes.forecast import Comparison, compare
from programmes.lifecycle import UNDECIDED, GateKind, GateState
from programmes.models import (
    Account,
    ExceptionCase,
    Gate,
    Membership,
    Programme,
    Readiness,
)
from programmes.permissions import require
from programmes.services import notifications
from programmes.services.gate_steps import WrongMoment, locked, tell
from programmes.services.gates import add_gate
from programmes.services.records import save_record


def open_one(programme: Programme) -> Gate | None:
    """The exception review that is not decided yet."""
    rows = Gate.every.filter(programme=programme, kind=GateKind.EXCEPTION)
    found: Gate | None = rows.filter(state__in=UNDECIDED).first()
    return found


def open_exception(*, by: Account, programme: Programme, now: datetime) -> Gate:
    """Open a review outside the sequence, at the gate of the phase that runs.

    :raises NotAllowed: not the lead.
    :raises WrongMoment: the forecast is within its tolerance, or one is open already.
    """
    require(by, "exception.edit", programme)
    with transaction.atomic():
        programme = Programme.objects.select_for_update(of=("self",)).get(
            pk=programme.pk
        )
        found = compare(programme)
        if found is None or not found.beyond:
            raise WrongMoment(_("Time, cost and benefit are within their tolerances."))
        if open_one(programme) is not None:
            raise WrongMoment(_("An exception review is open already."))
        gate = add_gate(programme, GateKind.EXCEPTION)
        ExceptionCase.objects.create(
            programme=programme,
            gate=gate,
            created_at=now,
            updated_at=now,
            created_by=by,
        )
        tell(by, "launched", gate, now)
    return gate


def save_case(
    *,
    by: Account,
    gate: Gate,
    texts: dict[str, str],
    version: int | None,
    now: datetime,
) -> ExceptionCase:
    """Write down cause, options and plan.

    :raises NotAllowed: not the lead.
    :raises WrongMoment: the review is asked for or decided.
    :raises Conflict: somebody saved since the person opened the page.
    """
    require(by, "exception.edit", gate.programme)
    with transaction.atomic():
        gate = locked(gate)
        if gate.state != GateState.PREPARING:
            raise WrongMoment(
                _("This cannot be done while the gate is: %(state)s.")
                % {"state": gate.get_state_display()}
            )
        case = ExceptionCase.objects.get(gate=gate)
        case.programme = gate.programme
        for name, text in texts.items():
            setattr(case, name, text)
        return save_record(by=by, record=case, version=version, now=now)


def watch(*, programme: Programme, readiness: Readiness, now: datetime) -> None:
    """Keep what left its tolerance for other pages, and tell the leads once."""
    found = compare(programme)
    beyond = found.beyond if found else []
    if beyond != readiness.beyond:
        readiness.beyond = beyond
        readiness.save(update_fields=["beyond"])
    if found and beyond and open_one(programme) is None:
        tell_leads(found, readiness.gate, now)


def tell_leads(found: Comparison, gate: Gate, now: datetime) -> None:
    """Once for each approved plan and what left it."""
    notifications.notify(
        notifications.in_roles(found.programme, Membership.Role.LEAD),
        "exception",
        gate,
        key=f"r{found.review_id}-{'-'.join(found.beyond)}",
        now=now,
        url=reverse("reviews", args=[found.programme.code]),
    )
