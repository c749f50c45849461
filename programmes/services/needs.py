"""Triage of needs: several at once, and one undo for all of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.models import Account, Need, Objective, Programme
from programmes.permissions import require
from programmes.services.records import Invalid, fill, save_record


@dataclass(frozen=True)
class Triage:
    """What the chosen needs get; what is empty stays as it is."""

    priority: str = ""
    objective: Objective | None = None
    is_out: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Before:
    """How a need stood before, and the version that the triage made of it."""

    need: int
    version: int
    priority: str
    objective: int | None
    is_out: bool
    reason: str

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def triage_needs(
    *, by: Account, programme: Programme, keys: list[int], triage: Triage, now: datetime
) -> list[Before]:
    """Give all chosen needs a priority or an objective, or declare them out.

    :raises Invalid: nothing is chosen, or both an objective and out.
    :raises NotAllowed, UnderReview, ReasonNeeded: as for save_record; none is changed.
    """
    require(by, Need.act, programme)
    if triage.objective and triage.is_out:
        text = _("A need serves an objective or is out, not both.")
        raise Invalid(text, {"is_out": text})
    if not (triage.priority or triage.objective or triage.is_out):
        raise Invalid(_("Choose a priority or an objective, or declare them out."))
    needs = list(Need.objects.of(programme).filter(pk__in=keys).order_by("pk"))
    if not needs:
        raise Invalid(_("Choose at least one need."))
    before = []
    with transaction.atomic():
        for need in needs:
            stood = (need.priority, need.objective_id, need.is_out, need.reason)
            placed(need, triage)
            save_record(by=by, record=need, now=now, reason=triage.reason)
            before.append(Before(need.pk, need.version, *stood))
    return before


def placed(need: Need, triage: Triage) -> None:
    if triage.priority:
        need.priority = triage.priority
    if triage.objective:
        fill(need, objective=triage.objective, is_out=False, reason="")
    if triage.is_out:
        fill(need, objective=None, is_out=True, reason=triage.reason)


def undo_triage(
    *, by: Account, programme: Programme, before: list[Before], now: datetime
) -> int:
    """Put the needs back as they stood; those changed since are left alone.

    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, Need.act, programme)
    stood = {one.need: one for one in before}
    done = 0
    with transaction.atomic():
        for need in Need.objects.of(programme).filter(pk__in=stood).order_by("pk"):
            old = stood[need.pk]
            if need.version != old.version:
                continue
            fill(need, priority=old.priority, objective_id=old.objective)
            fill(need, is_out=old.is_out, reason=old.reason)
            save_record(by=by, record=need, now=now, reason=_("Undone"))
            done += 1
    return done
