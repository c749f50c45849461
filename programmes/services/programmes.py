"""Opening a programme, its team, and the signature under its mandate."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from programmes.events import announce, mandate_signed, records_changed
from programmes.gating import pack_of
from programmes.kit.canonical import hash_of
from programmes.kit.errors import Refusal
from programmes.lifecycle import GateState
from programmes.models import (
    Account,
    Enterprise,
    Estimate,
    Gate,
    Mandate,
    Membership,
    OrgUnit,
    Person,
    PhasePlan,
    Programme,
    Record,
    Signature,
)
from programmes.permissions import require, require_in_enterprise
from programmes.phases import Phase
from programmes.services import activity, ledger
from programmes.services.packs import ensure_pack
from programmes.services.people import refuse_foreign_unit
from programmes.services.records import Invalid, refuse_under_review


class CodeTaken(Refusal):
    """Another programme has this code."""

    code = "code-taken"


class AlreadySigned(Refusal):
    """The mandate is signed as it stands."""

    code = "already-signed"


class LastLead(Refusal):
    """A programme cannot be without a lead."""

    code = "last-lead"


@transaction.atomic
def create_programme(
    *,
    by: Account,
    enterprise: Enterprise,
    code: str,
    name: str,
    now: datetime,
    summary: str = "",
    unit: OrgUnit | None = None,
    starts_on: date | None = None,
    predecessor: Programme | None = None,
    phase: Phase = Phase.MASTER_PLAN,
    lead: Person | None = None,
    pack: str = "standard",
) -> Programme:
    """Open a programme with the gates of its pack; the creator becomes its lead.

    Gates of phases before the first one are inherited: passed, and to be affirmed.

    :raises NotAllowed: not a programme creator of the enterprise (starting the next
        cycle of one's own programme is allowed to its lead instead).
    :raises CodeTaken: the code is in use.
    :raises PackWrong: there is no such pack.
    """
    if predecessor is None:
        require_in_enterprise(by, "programme.create", enterprise)
    else:
        require(by, "cycle.start", predecessor)
    refuse_foreign_unit(unit, enterprise.pk)
    person = lead or Person.objects.get(enterprise=enterprise, account=by)
    try:
        with transaction.atomic():
            programme = Programme.objects.create(
                enterprise=enterprise,
                code=code,
                name=name,
                summary=summary,
                unit=unit,
                predecessor=predecessor,
                phase=phase,
                pack=ensure_pack(enterprise=enterprise, key=pack, now=now),
                created_at=now,
                created_by=by,
            )
    except IntegrityError:
        message = _("The code %(code)s is taken; choose another.") % {"code": code}
        raise CodeTaken(message, {"code": message}) from None
    furnish(programme, person, starts_on, by, now)
    return programme


def furnish(
    programme: Programme,
    lead: Person,
    starts_on: date | None,
    by: Account,
    now: datetime,
) -> None:
    """Gates, dates, an empty mandate and estimate, and the lead's membership."""

    def born(record: Record) -> None:
        record.created_at = record.updated_at = now
        record.created_by = by
        record.stamp(by, now)
        record.save()

    with transaction.atomic():
        for rules in pack_of(programme).gates:
            inherited = rules.phase < programme.phase
            Gate.objects.create(
                programme=programme,
                phase=rules.phase,
                first_phase=rules.phases[0],
                state=GateState.PASSED if inherited else GateState.PREPARING,
                to_reaffirm=inherited,
            )
        for one in Phase:
            begins_on = starts_on if one == programme.phase else None
            born(PhasePlan(programme=programme, phase=one, starts_on=begins_on))
        born(Mandate(programme=programme))
        born(Estimate(programme=programme))
        membership = Membership.objects.create(
            programme=programme, person=lead, role=Membership.Role.LEAD
        )
        activity.record(
            by=by,
            verb="started",
            label=programme.name,
            programme=programme,
            now=now,
            url=f"/p/{programme.code}/",
        )
        announce(
            records_changed, programme_id=programme.pk, phases=(int(programme.phase),)
        )
        enter_role(by, ledger.Kind.ROLE_GRANTED, membership, now)


def edit_programme(
    *,
    by: Account,
    programme: Programme,
    name: str,
    summary: str,
    unit: OrgUnit | None,
    now: datetime,
) -> None:
    """Change the name, description and business area.

    :raises NotAllowed: not the lead.
    """
    require(by, "programme.edit", programme)
    refuse_foreign_unit(unit, programme.enterprise_id)
    programme.name, programme.summary, programme.unit = name, summary, unit
    programme.save(update_fields=["name", "summary", "unit"])
    activity.record(
        by=by,
        verb="changed",
        label=name,
        programme=programme,
        now=now,
        url=f"/p/{programme.code}/",
    )


def grant_role(
    *,
    by: Account,
    programme: Programme,
    person: Person,
    role: str,
    now: datetime,
    unit: OrgUnit | None = None,
    seat: str = "",
    capacity_percent: int = 0,
) -> Membership:
    """Give a person of the enterprise a role; again with other details changes them.

    :raises NotAllowed: not the lead.
    :raises UnderReview: gate 1 is in review (the team is its evidence).
    :raises Invalid: the person belongs to another enterprise or has left.
    :raises Refusal: the unit belongs to another enterprise.
    """
    require(by, "team.edit", programme)
    refuse_under_review(programme, (Phase.MASTER_PLAN,))
    if person.enterprise_id != programme.enterprise_id or not person.is_active:
        raise Invalid(_("Choose an active person of this enterprise."))
    refuse_foreign_unit(unit, programme.enterprise_id)
    with transaction.atomic():
        ledger.lock(programme.enterprise_id)
        membership, _created = Membership.objects.update_or_create(
            programme=programme,
            person=person,
            role=role,
            unit=unit,
            defaults={"seat": seat, "capacity_percent": capacity_percent},
        )
        activity.record(
            by=by,
            verb="granted",
            programme=programme,
            now=now,
            kind=f"role.{role}",
            label=str(person),
            url=f"/p/{programme.code}/team/",
        )
        announce(
            records_changed, programme_id=programme.pk, phases=(Phase.MASTER_PLAN,)
        )
        enter_role(by, ledger.Kind.ROLE_GRANTED, membership, now)
    return membership


def enter_role(
    by: Account, kind: ledger.Kind, membership: Membership, now: datetime
) -> None:
    ledger.append(
        enterprise_id=membership.programme.enterprise_id,
        kind=kind,
        facts={
            "programme": membership.programme_id,
            "person": membership.person_id,
            "role": str(membership.role),
        },
        by=by,
        now=now,
    )


def revoke_role(*, by: Account, membership: Membership, now: datetime) -> None:
    """Take a role away.

    :raises NotAllowed: not the lead.
    :raises LastLead: it is the last lead.
    """
    programme = membership.programme
    require(by, "team.edit", programme)
    refuse_under_review(programme, (Phase.MASTER_PLAN,))
    with transaction.atomic():
        ledger.lock(programme.enterprise_id)
        leads = Membership.objects.select_for_update().filter(
            programme=programme, role=Membership.Role.LEAD
        )
        if membership.role == Membership.Role.LEAD and len(leads) < 2:
            raise LastLead(_("Name another lead first; a programme needs one."))
        membership.delete()
        activity.record(
            by=by,
            verb="revoked",
            kind=f"role.{membership.role}",
            label=str(membership.person),
            programme=programme,
            now=now,
            url=f"/p/{programme.code}/team/",
        )
        announce(
            records_changed, programme_id=programme.pk, phases=(Phase.MASTER_PLAN,)
        )
        enter_role(by, ledger.Kind.ROLE_REVOKED, membership, now)


def sign_mandate(*, by: Account, mandate: Mandate, version: int, now: datetime) -> None:
    """The sponsor signs the mandate in the version they read.

    :raises NotAllowed: not the sponsor.
    :raises AlreadySigned: signed as it stands.
    :raises Invalid: it changed since it was read, or the purpose is empty.
    """
    programme = mandate.programme
    grants = require(by, "mandate.sign", programme)
    with transaction.atomic():
        refuse_under_review(programme, mandate.evidence_of)
        locked = Mandate.objects.select_for_update().get(pk=mandate.pk)
        if locked.is_signed:
            raise AlreadySigned(_("The mandate is signed already."))
        if locked.version != version:
            raise Invalid(_("The mandate changed while you read it. Read it again."))
        if not locked.purpose.strip():
            raise Invalid(_("The mandate has no purpose yet."))
        person = Person.objects.get(
            pk__in=grants.person_ids, enterprise=programme.enterprise_id
        )
        locked.signed_at, locked.signed_by = now, person
        locked.signed_version = locked.version
        locked.stamp(by, now)
        locked.save(update_fields=["signed_at", "signed_by", "signed_version"])
        signature = Signature.objects.create(
            programme=programme,
            phase=Phase.MASTER_PLAN,
            kind="mandate",
            meaning="I entrust this programme as the mandate says.",
            name=str(person)[:120],
            person=person,
            account=by,
            mark=mark_of(locked),
            signed_at=now,
        )
        activity.record(
            by=by,
            verb="signed",
            kind="programmes.mandate",
            programme=programme,
            now=now,
            url=f"/p/{programme.code}/mandate/",
        )
        announce(
            records_changed, programme_id=programme.pk, phases=(Phase.MASTER_PLAN,)
        )
        ledger.append(
            enterprise_id=programme.enterprise_id,
            kind=ledger.Kind.MANDATE,
            facts={"programme": programme.pk, **ledger.signed(signature)},
            actor_id=person.pk,
            now=now,
        )
        announce(mandate_signed, programme_id=programme.pk, account_id=by.pk)


def mark_of(mandate: Mandate) -> str:
    """The hash of the words that are signed."""
    words = ("purpose", "direction", "authority", "limits")
    told = {name: getattr(mandate, name) for name in words}
    return hash_of({**told, "mandate": mandate.pk, "version": mandate.version})
