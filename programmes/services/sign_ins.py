"""Sign-ins in the ledger of each enterprise that the account is a person of."""

from __future__ import annotations

from datetime import datetime

from programmes.models import Account, LedgerEntry, Person
from programmes.services import ledger
from programmes.services.ledger import Kind


def persons_of(account: Account) -> list[Person]:
    """In the order of enterprises, so that two sign-ins never wait for each other."""
    return list(account.people.filter(is_active=True).order_by("enterprise"))


def note_sign_in(*, account: Account, now: datetime) -> None:
    """Somebody signed in; with how many failed tries since the time before."""
    for person in persons_of(account):
        ledger.append(
            enterprise_id=person.enterprise_id,
            kind=Kind.SIGN_IN,
            facts={"failures": failures_before(person)},
            actor_id=person.pk,
            now=now,
        )


def failures_before(person: Person) -> int:
    rows = LedgerEntry.objects.filter(enterprise=person.enterprise_id)
    last = rows.filter(kind=Kind.SIGN_IN, actor=person).order_by("-seq")
    since = last.values_list("seq", flat=True).first() or 0
    failed = rows.filter(kind=Kind.SIGN_IN_FAILED, facts__person=person.pk)
    return failed.filter(seq__gt=since).count()


def note_failure(*, email: str, now: datetime) -> None:
    """A wrong password for an account of ours; who tried is not known."""
    account = Account.objects.filter(email=email.strip().lower()).first()
    for person in persons_of(account) if account else []:
        ledger.append(
            enterprise_id=person.enterprise_id,
            kind=Kind.SIGN_IN_FAILED,
            facts={"person": person.pk},
            now=now,
        )
