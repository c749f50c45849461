"""People of an enterprise, their sign-ins and enterprise roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal
from programmes.models import Account, Enterprise, EnterpriseRole, OrgUnit, Person
from programmes.permissions import require_in_enterprise
from programmes.services import activity, ledger
from programmes.services.ledger import Kind


class EmailTaken(Refusal):
    """Another person of the enterprise has this e-mail address."""

    code = "email-taken"


class LastAdministrator(Refusal):
    """An enterprise cannot be without an administrator."""

    code = "last-administrator"


@dataclass(frozen=True)
class Details:
    """What is known of a person."""

    name: str
    email: str = ""
    job_title: str = ""
    unit: OrgUnit | None = None
    external_id: str = ""


def save_person(
    *,
    by: Account | None,
    enterprise: Enterprise,
    details: Details,
    now: datetime,
    person: Person | None = None,
) -> Person:
    """Add or change a person.

    :raises NotAllowed: not an administrator.
    :raises EmailTaken: the address belongs to another person.
    :raises Refusal: the unit is of another enterprise.
    """
    if by is not None:
        require_in_enterprise(by, "people.edit", enterprise)
    refuse_foreign_unit(details.unit, enterprise.pk)
    found = person or Person(enterprise=enterprise)
    is_new = found.pk is None
    for name in ("name", "job_title", "unit", "external_id"):
        setattr(found, name, getattr(details, name))
    found.email = details.email.lower()
    try:
        with transaction.atomic():
            found.save()
            activity.record(
                by=by,
                verb="invited" if is_new else "changed",
                label=found.name,
                enterprise=enterprise,
                now=now,
            )
            if is_new:
                enter(by, Kind.PERSON_ADDED, found, now)
    except IntegrityError:
        message = _("Another person has this e-mail address.")
        raise EmailTaken(message, {"email": message}) from None
    return found


def open_account(*, by: Account | None, person: Person, now: datetime) -> Account:
    """Give a person a sign-in without a password yet; the caller sends the link.

    Doing it twice returns the same account. One e-mail address is one account, also
    over several enterprises.

    :raises NotAllowed: not an administrator.
    :raises Refusal: the person has no e-mail address.
    """
    if by is not None:
        require_in_enterprise(by, "people.edit", person.enterprise)
    if person.account_id:
        return person.account  # type: ignore[return-value]
    if not person.email:
        raise Refusal(_("Enter an e-mail address first; it is the sign-in name."))
    with transaction.atomic():
        account, created = Account.objects.get_or_create(
            email=person.email, defaults={"name": person.name}
        )
        if created:
            account.set_unusable_password()
            account.save(update_fields=["password"])
        person.account = account
        person.save(update_fields=["account"])
    return account


def is_ours_alone(account: Account, enterprise: Enterprise) -> bool:
    """Does the sign-in open nothing but this enterprise? Else its link is no one's
    to see: whoever sets the password could enter the other enterprises."""
    elsewhere = account.people.exclude(enterprise=enterprise).exists()
    return not elsewhere and not account.is_staff and not account.is_superuser


def refuse_foreign_unit(unit: OrgUnit | None, enterprise_id: int) -> None:
    """:raises Refusal: the unit is of another enterprise."""
    if unit is not None and unit.enterprise_id != enterprise_id:
        message = _("Choose a unit of this enterprise.")
        raise Refusal(message, {"unit": message})


def set_active(*, by: Account, person: Person, is_active: bool, now: datetime) -> None:
    """Somebody left, or came back. Their sign-in ends with the next request.

    :raises NotAllowed: not an administrator.
    :raises LastAdministrator: nobody would be left to administer.
    """
    require_in_enterprise(by, "people.edit", person.enterprise)
    with transaction.atomic():
        ledger.lock(person.enterprise_id)
        if not is_active:
            refuse_last_administrator(person)
        person.is_active = is_active
        person.save(update_fields=["is_active"])
        activity.record(
            by=by,
            verb="reopened" if is_active else "closed",
            label=person.name,
            enterprise=person.enterprise,
            now=now,
        )
        enter(by, Kind.PERSON_BACK if is_active else Kind.PERSON_LEFT, person, now)


def set_roles(
    *, by: Account | None, person: Person, roles: Iterable[str], now: datetime
) -> None:
    """Set the enterprise roles of a person.

    :raises NotAllowed: not an administrator.
    :raises LastAdministrator: nobody would be left to administer.
    """
    if by is not None:
        require_in_enterprise(by, "people.edit", person.enterprise)
    wanted = set(roles)
    with transaction.atomic():
        ledger.lock(person.enterprise_id)
        present = set(person.roles.values_list("role", flat=True))
        if EnterpriseRole.Role.ADMINISTRATOR in present - wanted:
            refuse_last_administrator(person)
        person.roles.filter(role__in=present - wanted).delete()
        for role in sorted(wanted - present):
            EnterpriseRole.objects.create(person=person, role=role)
        if wanted != present:
            activity.record(
                by=by,
                verb="granted",
                label=person.name,
                now=now,
                enterprise=person.enterprise,
                note=", ".join(sorted(wanted)),
            )
            enter(by, Kind.OFFICES, person, now, roles=sorted(map(str, wanted)))


def enter(
    by: Account | None, kind: Kind, person: Person, now: datetime, **facts: Any
) -> None:
    """An entry of the ledger. Its lock is taken first here, before those on rows."""
    ledger.append(
        enterprise_id=person.enterprise_id,
        kind=kind,
        facts={"person": person.pk, **facts},
        by=by,
        now=now,
    )


def refuse_last_administrator(person: Person) -> None:
    administrators = EnterpriseRole.objects.select_for_update().filter(
        person__enterprise=person.enterprise_id,
        person__is_active=True,
        role=EnterpriseRole.Role.ADMINISTRATOR,
    )
    holders = {one.person_id for one in administrators}
    if holders == {person.pk}:
        raise LastAdministrator(_("Name another administrator first."))


def refuse_loop(unit: OrgUnit | None, parent: OrgUnit | None) -> None:
    """:raises Refusal: the unit would stand above itself."""
    while parent is not None and unit is not None:
        if parent.pk == unit.pk:
            message = _("A unit cannot belong to itself or to one of its own.")
            raise Refusal(message, {"parent": message})
        parent = parent.parent


def save_unit(
    *,
    by: Account | None,
    enterprise: Enterprise,
    name: str,
    headcount: int,
    parent: OrgUnit | None = None,
    unit: OrgUnit | None = None,
) -> OrgUnit:
    """Add or change an organisational unit.

    :raises NotAllowed: not an administrator.
    :raises Refusal: the name is taken, or the parent is of another enterprise or
        below the unit.
    """
    if by is not None:
        require_in_enterprise(by, "people.edit", enterprise)
    refuse_foreign_unit(parent, enterprise.pk)
    refuse_loop(unit, parent)
    found = unit or OrgUnit(enterprise=enterprise)
    found.name, found.headcount, found.parent = name, headcount, parent
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        message = _("A unit of this name exists already.")
        raise Refusal(message, {"name": message}) from None
    return found
