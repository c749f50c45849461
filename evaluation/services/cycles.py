"""The next cycle: a new programme that begins with what this one found."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.models import Signal
from programmes.kit.errors import Refusal
from programmes.models import Account, Membership, Need, Programme
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services.programmes import create_programme, grant_role
from programmes.services.records import save_record


class TooEarly(Refusal):
    """Only a programme in phase 8 has a next cycle."""

    code = "too-early"


def start_cycle(
    *,
    by: Account,
    programme: Programme,
    code: str,
    name: str,
    now: datetime,
    starts_on: date | None = None,
) -> Programme:
    """Open the next cycle with the same team; open signals become its needs.

    :raises NotAllowed: not the lead.
    :raises TooEarly: the programme is not in phase 8 yet.
    :raises CodeTaken: the code is in use.
    """
    grants = require(by, "cycle.start", programme)
    if programme.phase < Phase.IMPROVEMENT:
        raise TooEarly(_("The next cycle starts from phase 8."))
    with transaction.atomic():
        fresh = create_programme(
            by=by,
            enterprise=programme.enterprise,
            code=code,
            name=name,
            now=now,
            summary=programme.summary,
            unit=programme.unit,
            starts_on=starts_on,
            predecessor=programme,
        )
        carry_team(by, programme, fresh, grants.person_ids, now)
        carry_signals(by, programme, fresh, now)
    return fresh


def carry_team(
    by: Account,
    programme: Programme,
    fresh: Programme,
    own: frozenset[int],
    now: datetime,
) -> None:
    team = Membership.objects.filter(programme=programme, person__is_active=True)
    lead = Membership.Role.LEAD
    for one in team.select_related("person", "unit").order_by("pk"):
        if one.role == lead and one.person_id in own:
            continue
        grant_role(
            by=by,
            programme=fresh,
            person=one.person,
            role=one.role,
            unit=one.unit,
            seat=one.seat,
            capacity_percent=one.capacity_percent,
            now=now,
        )


def carry_signals(
    by: Account, programme: Programme, fresh: Programme, now: datetime
) -> None:
    source = _("Monitoring of %(programme)s") % {"programme": programme.name}
    signals = Signal.objects.of(programme).still_open().select_related("indicator")
    for one in signals.order_by("pk"):
        title = _("%(indicator)s: %(what)s") % {
            "indicator": one.indicator.name,
            "what": one.get_kind_display(),
        }
        need = Need(
            programme=fresh,
            title=title[:200],
            source=source[:200],
            priority=Need.Priority.SHOULD,
        )
        save_record(by=by, record=need, now=now)
