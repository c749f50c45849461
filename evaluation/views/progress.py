"""How long a programme has been quiet, against what is usual in its phase."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.models import PhasePace
from programmes.lifecycle import GateState
from programmes.maths.pace import FALLBACK_DAYS
from programmes.models import Activity, Gate, Membership, Person, Programme


def progress() -> dict[str, Any]:
    """The last change by somebody, and how long it may be ago in this phase."""
    changes = (
        Activity.objects.changes()
        .filter(programme=OuterRef("programme"))
        .order_by("-at")
    )
    pace = PhasePace.objects.filter(
        enterprise=OuterRef("programme__enterprise"), phase=OuterRef("programme__phase")
    )
    fallback = Value(float(FALLBACK_DAYS))
    return {
        "moved_at": Coalesce(
            Subquery(changes.values("at")[:1]), F("programme__created_at")
        ),
        "usual_days": Subquery(pace.values("usual_days")[:1]),
        "limit_days": Coalesce(Subquery(pace.values("limit_days")[:1]), fallback),
    }


def quiet_days(found: Any, today: date) -> int:
    """Days since somebody changed something."""
    return max((today - timezone.localdate(found.moved_at)).days, 0)


def is_stalled(found: Any, today: date) -> bool:
    """Quiet for longer than is usual in the phase.

    While a panel decides or the programme rests, nobody is expected to move.

    :param found: a gate or a standing with what `progress` adds.
    """
    moves = found.programme_state == Programme.State.ACTIVE
    waits = found.state == GateState.PREPARING
    return bool(moves and waits and quiet_days(found, today) > found.limit_days)


def quiet_words(found: Any, today: date) -> str:
    """How long nothing changed, and from when on that is long."""
    days = quiet_days(found, today)
    said = ngettext(
        "Nothing has changed for %(days)s day",
        "Nothing has changed for %(days)s days",
        days,
    ) % {"days": days}
    if found.usual_days is None:
        usual = _("too little is known of this phase; more than %(limit)s is long")
    else:
        usual = _("in this phase more than %(limit)s is long")
    return f"{said}; {usual % {'limit': round(found.limit_days)}}."


def stalled_led_by(people: list[Person], today: date) -> list[Any]:
    """Present gates of stalled programmes that one of the people leads; one query."""
    gates = Gate.objects.filter(
        programme__in=Membership.objects.filter(
            person__in=people, role=Membership.Role.LEAD
        ).values("programme"),
        programme__state=Programme.State.ACTIVE,
        state=GateState.PREPARING,
        first_phase__lte=F("programme__phase"),
        phase__gte=F("programme__phase"),
    ).annotate(programme_state=F("programme__state"), **progress())
    rows = [one for one in gates.select_related("programme") if is_stalled(one, today)]
    return sorted(rows, key=lambda one: one.moved_at)
