"""Risks over the whole programme: the largest ones, and looking at all again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from programmes.models import Account, Programme, Risk
from programmes.permissions import require
from programmes.services.records import save_record


def largest_risks(programme: Programme, limit: int = 3) -> list[Risk]:
    """The open risks with the highest probability times impact; one query."""
    rows = Risk.objects.of(programme).filter(state=Risk.State.OPEN)
    ranked = rows.order_by(-(F("probability") * F("impact")), "-impact", "pk")
    return list(ranked.select_related("owner")[:limit])


def review_risks(*, by: Account, programme: Programme, now: datetime) -> int:
    """Note that all open risks were looked at today; how many there are.

    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, Risk.act, programme)
    rows = Risk.objects.of(programme).filter(state=Risk.State.OPEN)
    due = list(rows.exclude(reviewed_on=now.date()).order_by("pk"))
    with transaction.atomic():
        for risk in due:
            risk.reviewed_on = now.date()
            save_record(by=by, record=risk, now=now, version=risk.version)
    return rows.count()
