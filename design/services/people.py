"""Who an account is in the enterprise of a programme."""

from __future__ import annotations

from programmes.models import Account, Person, Programme


def person_of(account: Account, programme: Programme) -> Person | None:
    rows = Person.objects.filter(account=account, enterprise=programme.enterprise_id)
    return rows.order_by("pk").first()
