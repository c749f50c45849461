"""Who is on the list of a meeting, and who came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.models import Account, Attendance, Meeting, Person
from programmes.permissions import require
from programmes.services.records import Invalid, save_record


def invite_team(*, by: Account, meeting: Meeting, now: datetime) -> int:
    """Put everybody with a role in the programme on the list; returns how many.

    :raises NotAllowed, UnderReview: as for save_record.
    """
    require(by, meeting.act, meeting.programme, meeting)
    there = meeting.attendances.filter(deleted_at=None).values("person")
    people = Person.objects.filter(
        memberships__programme=meeting.programme, is_active=True
    ).exclude(pk__in=there)
    found = list(people.distinct().order_by("pk"))
    with transaction.atomic():
        for person in found:
            row = Attendance(
                programme=meeting.programme, meeting=meeting, person=person
            )
            save_record(by=by, record=row, now=now)
    return len(found)


def take_attendance(
    *, by: Account, meeting: Meeting, states: Mapping[str, str], now: datetime
) -> int:
    """Set who came; returns how many rows changed.

    :param states: key of the row on the list -> its state.
    :raises NotAllowed, UnderReview: as for save_record.
    :raises Invalid: there is no such state.
    """
    require(by, meeting.act, meeting.programme, meeting)
    if set(states.values()) - set(Attendance.State.values):
        raise Invalid(_("Choose one of the listed answers."))
    rows = meeting.attendances.filter(deleted_at=None).order_by("pk")
    changed = [one for one in rows if states.get(str(one.pk), one.state) != one.state]
    with transaction.atomic():
        for row in changed:
            row.state = states[str(row.pk)]
            save_record(by=by, record=row, now=now)
    return len(changed)
