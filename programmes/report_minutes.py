"""The minutes of a meeting as the facts of a document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from programmes.kit import formats
from programmes.models import Attendance, Document, Meeting
from programmes.report_parts import cover_of
from programmes.reports import PHASES, Report, Section, Words, pairs, table, words


def key_of(meeting: Meeting) -> str:
    """The key of the first section: it says which meeting a document is of."""
    return f"meeting-{meeting.pk}"


def documents_of(meeting: Meeting) -> Any:
    """The issued minutes of the meeting, without their facts, the newest first."""
    rows = Document.objects.filter(
        programme=meeting.programme_id,
        kind=Document.Kind.MINUTES,
        facts__sections__0__key=key_of(meeting),
    )
    return rows.defer("facts").order_by("-number")


def build_minutes(meeting: Meeting, as_of: datetime) -> Report:
    """Five queries: agenda, attendance, decisions, actions, and the cover."""
    programme = meeting.programme
    kind = Document.Kind.MINUTES
    sections = [held(meeting), told(meeting), decided(meeting), to_do(meeting)]
    return Report(
        kind=kind.value,
        title=_("Minutes: %(title)s") % {"title": meeting.title},
        programme=programme.name,
        code=programme.code,
        enterprise=programme.enterprise.name,
        phase=int(PHASES[kind]),
        message=sections[0].lead,
        as_of=as_of.isoformat(),
        as_of_words=formats.moment(as_of),
        cover=cover_of(programme, as_of),
        sections=tuple(one for one in sections if one.blocks),
    )


def alive(rows: Any, *order: str) -> list[Any]:
    return list(rows.filter(deleted_at=None).order_by(*order, "pk"))


def held(meeting: Meeting) -> Section:
    rows = meeting.attendances.select_related("person__unit")
    people = alive(rows, "person__name")
    came = [one for one in people if one.state == Attendance.State.ATTENDED]
    lead = _("%(came)s of %(all)s invited people came.") % {
        "came": len(came),
        "all": len(people),
    }
    begins = f"{meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    facts = pairs(
        [
            (_("Date"), formats.day(meeting.held_on)),
            (_("Begins"), begins),
            (_("Place"), meeting.place),
            (_("Purpose"), meeting.purpose),
        ]
    )
    there = table(
        (_("Person"), _("Unit"), _("Attendance")),
        [
            (one.person.name, words(one.person.unit), str(one.get_state_display()))
            for one in people
        ],
    )
    return Section(key_of(meeting), _("The meeting"), lead, (facts, there))


def told(meeting: Meeting) -> Section:
    points = alive(meeting.agenda.select_related("presenter"), "position")
    agenda = table(
        (_("Point"), _("Presented by"), _("Minutes planned")),
        [
            (one.title, words(one.presenter), formats.number(one.box_minutes))
            for one in points
        ],
        title=_("Agenda"),
        numbers=(2,),
    )
    text = Words(meeting.minutes, _("What was said"))
    blocks = (agenda, text) if points else (text,)
    return Section("minutes", _("Agenda and minutes"), "", blocks)


def decided(meeting: Meeting) -> Section:
    rows = alive(meeting.decisions)
    found = table(
        (_("Decision"), _("Decided by")),
        [(one.text, words(one.decided_by)) for one in rows],
    )
    return Section("decisions", _("Decisions"), "", (found,) if rows else ())


def to_do(meeting: Meeting) -> Section:
    rows = alive(meeting.actions.select_related("owner"), "due_on")
    found = table(
        (_("Action"), _("Owner"), _("Due")),
        [(one.text, one.owner.name, formats.day(one.due_on)) for one in rows],
    )
    return Section("actions", _("Actions"), "", (found,) if rows else ())
