"""The head of a unit accepts what went live there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from design.models import Rollout
from design.services.people import person_of
from programmes.kit.errors import NotAllowed, Refusal
from programmes.models import Account
from programmes.services.records import save_record


class NotLive(Refusal):
    """The unit has not gone live yet."""

    code = "not-live"


def accept_rollout(*, by: Account, rollout: Rollout, now: datetime) -> Rollout:
    """Sign that the scheme runs in the unit. Doing it twice does no harm.

    :raises NotAllowed: not the head of the unit.
    :raises UnderReview: gate 6 is in review.
    :raises NotLive: it has no go-live day, or that lies ahead.
    """
    person = person_of(by, rollout.programme)
    if person is None or person.pk != rollout.owner_id:
        raise NotAllowed(_("The head of the unit accepts this."))
    if rollout.go_live_on is None or rollout.go_live_on > now.date():
        raise NotLive(_("The unit has not gone live yet."))
    with transaction.atomic():
        fresh: Rollout = Rollout.objects.select_for_update(of=["self"]).get(
            pk=rollout.pk
        )
        if fresh.accepted_at:
            return fresh
        fresh.accepted_at, fresh.accepted_by = now, person
        return save_record(by=by, record=fresh, now=now, act="work.finish")
