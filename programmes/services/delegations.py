"""Deciding and voting for somebody else, for a time and for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal
from programmes.models import Account, Delegation, Gate, Membership, Person, Programme
from programmes.permissions import require
from programmes.services import activity, ledger
from programmes.services.gate_steps import WrongMoment

LONGEST_DAYS = 366


class BadDelegation(Refusal):
    """The delegation cannot hold; the message says why."""

    code = "bad-delegation"
    status = 422


@dataclass(frozen=True)
class Handover:
    """Who stands in, from when to when, at which gate (None: at all), and why."""

    taker: Person
    starts_on: date
    ends_on: date
    reason: str
    gate: Gate | None = None


def delegate(
    *, by: Account, programme: Programme, handover: Handover, now: datetime
) -> Delegation:
    """Let another person decide or vote in one's place. It is not passed on.

    :raises NotAllowed: no role whose vote could be handed over.
    :raises BadDelegation: to oneself, to a lead, to nobody with a sign-in, without a
        reason, in the past or for more than a year.
    """
    grants = require(by, "gate.delegate", programme)
    giver = Person.objects.get(
        pk__in=grants.person_ids, enterprise=programme.enterprise_id
    )
    check(programme, giver, handover, now.date())
    with transaction.atomic():
        found = Delegation.objects.create(
            programme=programme,
            gate=handover.gate,
            giver=giver,
            taker=handover.taker,
            starts_on=handover.starts_on,
            ends_on=handover.ends_on,
            reason=handover.reason,
            created_by=by,
            created_at=now,
        )
        tell(by, "delegated", found, now)
        enter(found, ledger.Kind.DELEGATED, now)
    return found


def check(programme: Programme, giver: Person, given: Handover, today: date) -> None:
    """:raises BadDelegation: naming the field."""
    wrong = {"taker": wrong_taker(programme, giver, given.taker)}
    if given.ends_on < given.starts_on or given.ends_on < today:
        wrong["ends_on"] = _("It ends before it begins.")
    elif (given.ends_on - given.starts_on).days > LONGEST_DAYS:
        wrong["ends_on"] = _("At most one year at a time.")
    if not given.reason.strip():
        wrong["reason"] = _("Give the reason; the record will show it.")
    if given.gate is not None and given.gate.programme_id != programme.pk:
        wrong["gate"] = _("Choose a gate of this programme.")
    wrong = {name: text for name, text in wrong.items() if text}
    if wrong:
        raise BadDelegation(" ".join(wrong.values()), wrong)


def wrong_taker(programme: Programme, giver: Person, taker: Person) -> str:
    """Why this person cannot stand in; empty: they can."""
    if taker.enterprise_id != programme.enterprise_id or not taker.is_active:
        return _("Choose an active person of this enterprise.")
    if taker.account_id is None:
        return _("%(name)s has no sign-in.") % {"name": taker}
    if taker == giver:
        return _("Choose somebody else.")
    roles = set(
        Membership.objects.filter(programme=programme, person=taker).values_list(
            "role", flat=True
        )
    )
    if not roles:
        return _("%(name)s has no role here; the lead can add them as a viewer.") % {
            "name": taker
        }
    if Membership.Role.LEAD in roles:
        return _("Who asks for a decision does not take it.")
    return ""


def revoke_delegation(*, by: Account, delegation: Delegation, now: datetime) -> None:
    """End it now; what was decided under it stands.

    :raises NotAllowed: not the giver.
    :raises WrongMoment: it is over already.
    """
    grants = require(by, "gate.delegate", delegation.programme)
    if delegation.giver_id not in grants.person_ids:
        raise BadDelegation(_("Only %(name)s can end it.") % {"name": delegation.giver})
    with transaction.atomic():
        row = Delegation.objects.select_for_update().get(pk=delegation.pk)
        if row.revoked_at is not None:
            raise WrongMoment(_("This delegation is over already."))
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        tell(by, "undelegated", row, now)
        enter(row, ledger.Kind.UNDELEGATED, now)


def tell(by: Account, verb: str, found: Delegation, now: datetime) -> None:
    activity.record(
        by=by,
        verb=verb,
        label=str(found.taker),
        note=found.reason,
        programme=found.programme,
        now=now,
        url=f"/p/{found.programme.code}/delegations/",
    )


def enter(found: Delegation, kind: ledger.Kind, now: datetime) -> None:
    ledger.append(
        enterprise_id=found.programme.enterprise_id,
        kind=kind,
        facts={
            "programme": found.programme_id,
            "gate": int(found.gate.phase) if found.gate else None,
            "delegation": found.pk,
            "giver": found.giver_id,
            "taker": found.taker_id,
            "from": found.starts_on.isoformat(),
            "to": found.ends_on.isoformat(),
        },
        actor_id=found.giver_id,
        now=now,
    )
