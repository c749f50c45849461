"""Confirming costs and benefits, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.models import CostBenefit
from programmes.events import announce, records_changed
from programmes.kit.errors import Refusal
from programmes.models import Account, Person, Programme
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services import activity


class NoActual(Refusal):
    """There is no actual amount to confirm."""

    code = "no-actual"


def confirm_economics(
    *, by: Account, programme: Programme, lines: Sequence[CostBenefit], now: datetime
) -> int:
    """The controller confirms lines as they stand; says how many were new.

    A later change of a line makes its confirmation void. Twice does no harm.

    :raises NotAllowed: not the controller.
    :raises NoActual: a line has no actual amount yet.
    """
    grants = require(by, "economics.confirm", programme)
    person = Person.objects.get(
        pk__in=grants.person_ids, enterprise=programme.enterprise_id
    )
    with transaction.atomic():
        rows = CostBenefit.objects.of(programme).select_for_update(of=("self",))
        found = list(rows.filter(pk__in=[one.pk for one in lines]).order_by("pk"))
        fresh = [one for one in found if not one.is_confirmed]
        for line in fresh:
            if line.actual is None:
                raise NoActual(_("%(line)s has no actual amount yet.") % {"line": line})
            line.confirmed_at, line.confirmed_by = now, person
            line.confirmed_version = line.version
            line.stamp(by, now)
            line.save(
                update_fields=["confirmed_at", "confirmed_by", "confirmed_version"]
            )
        if fresh:
            activity.record(
                by=by,
                verb="confirmed",
                label=", ".join(one.title for one in fresh),
                programme=programme,
                now=now,
                url=f"/p/{programme.code}/economics/",
            )
            announce(
                records_changed, programme_id=programme.pk, phases=(Phase.EVALUATION,)
            )
    return len(fresh)
