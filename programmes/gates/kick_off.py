"""Criteria of gate 2: do people know, understand and take part?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from programmes.gates.common import Common, common, conditions_closed, page
from programmes.gating import (
    Assessment,
    Link,
    Result,
    criterion,
    evidence,
    marks,
)
from programmes.models import (
    Meeting,
    Participation,
    Programme,
)
from programmes.phases import Phase

TRAINED_SHARE = 0.85


@dataclass(frozen=True)
class KickOff:
    shared: Common
    meetings: list[Meeting]
    participations: list[Participation]

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.KICK_OFF)
def kick_off(programme: Programme, now: datetime) -> KickOff:
    alive = Q(attendances__deleted_at=None, attendances__state="attended")
    meetings = Meeting.objects.of(programme).annotate(
        present=Count("attendances", filter=alive)
    )
    participations = Participation.objects.of(programme).filter(course__deleted_at=None)
    return KickOff(
        shared=common(programme, Phase.KICK_OFF, now),
        meetings=list(meetings.order_by("pk")),
        participations=list(participations.order_by("pk")),
    )


@criterion(Phase.KICK_OFF, "G2.A0", _("Conditions of earlier gates are closed"))
def kick_off_conditions(found: KickOff, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@criterion(
    Phase.KICK_OFF, "G2.A1", _("The start-up meeting was held and its minutes issued")
)
def meeting_held(found: KickOff, limits: dict[str, Any]) -> Assessment:
    good = [
        one
        for one in found.meetings
        if one.held_on and one.issued_at and one.present  # type: ignore[attr-defined]
    ]
    if good:
        return Assessment(
            Result.PASS, 1, 1, marks(found.meetings), _("Held, and minutes are issued.")
        )
    links = tuple(
        Link(str(one), page(found.programme, "meetings-detail", one.pk))
        for one in found.meetings
    ) or (Link(_("Plan the meeting"), page(found.programme, "meetings-new")),)
    detail = _("No meeting has a date, people who attended, and issued minutes.")
    return Assessment(Result.FAIL, 0, 1, marks(found.meetings), detail, links)


@criterion(
    Phase.KICK_OFF,
    "G2.A4",
    _("The target group did the training"),
    limits={"share": TRAINED_SHARE},
)
def people_trained(found: KickOff, limits: dict[str, Any]) -> Assessment:
    rows = found.participations
    done = [one for one in rows if one.done_on]
    needed = Decimal(str(limits["G2.A4"]["share"]))
    passed = bool(rows) and len(done) >= needed * len(rows)
    links = (
        (Link(_("Participants"), page(found.programme, "participants-list")),)
        if rows
        else (Link(_("Add a training"), page(found.programme, "training-new")),)
    )
    detail = _(
        "%(done)s of %(all)s people of the target group are trained; %(least)s%% are "
        "asked for."
    ) % {"done": len(done), "all": len(rows), "least": round(100 * needed)}
    return Assessment(
        Result.PASS if passed else Result.FAIL,
        len(done),
        len(rows),
        marks(rows),
        detail,
        () if passed else links,
    )
