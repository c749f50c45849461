"""Phase 2: invitations, actions and minutes of a meeting."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programmes import jobs
from programmes.kit import formats
from programmes.kit.errors import Refusal
from programmes.kit.ics import Event, calendar
from programmes.models import (
    Account,
    Document,
    Meeting,
    MeetingAction,
    Programme,
    WorkItem,
)
from programmes.permissions import require
from programmes.phases import Phase
from programmes.report_minutes import build_minutes
from programmes.services.documents import issue_report
from programmes.services.records import fill, save_record

INVITE = "kickoff.invite"
MINUTES = "reports.issue_minutes"


class NothingToIssue(Refusal):
    """The meeting has no date or no minutes yet."""

    code = "nothing-to-issue"


class NobodyToInvite(Refusal):
    """Day, time or people with an e-mail address are missing."""

    code = "nobody-to-invite"


def address(programme: Programme, name: str, pk: int) -> str:
    return reverse(name, kwargs={"code": programme.code, "pk": pk})


# --- minutes ----------------------------------------------------------------------


def issue_minutes(*, by: Account, meeting: Meeting, now: datetime) -> Meeting:
    """Declare the minutes final; their document is made in the background.

    :raises NotAllowed: not the lead.
    :raises NothingToIssue: date or minutes are missing.
    """
    require(by, meeting.act, meeting.programme, meeting)
    if not meeting.minutes.strip() or meeting.held_on is None:
        raise NothingToIssue(_("Enter the date and the minutes of the meeting first."))
    meeting.issued_at = now
    with transaction.atomic():
        saved = save_record(by=by, record=meeting, now=now)
        jobs.enqueue(
            MINUTES,
            {"meeting": meeting.pk, "language": get_language() or "en"},
            programme=meeting.programme,
            by=by,
            key=f"minutes-{meeting.pk}",
        )
    return saved


def issue_minutes_document(*, by: Account, meeting: Meeting, now: datetime) -> Document:
    """The minutes as they stand, as an issued document.

    :raises NothingToIssue: they were taken back meanwhile.
    """
    if meeting.issued_at is None:
        raise NothingToIssue(_("The minutes were taken back meanwhile."))
    report = build_minutes(meeting, now)
    return issue_report(by=by, programme=meeting.programme, report=report, now=now)


def withdraw_minutes(*, by: Account, meeting: Meeting, now: datetime) -> Meeting:
    """Take issued minutes back, to correct them. Issued documents stay.

    :raises NotAllowed: not the lead.
    """
    require(by, meeting.act, meeting.programme, meeting)
    meeting.issued_at = None
    return save_record(by=by, record=meeting, now=now)


# --- actions ----------------------------------------------------------------------


def save_action(
    *,
    by: Account,
    record: MeetingAction,
    now: datetime,
    version: int | None = None,
    act: str = "",
    reason: str = "",
) -> MeetingAction:
    """Save an action of a meeting with its task, which links back to the meeting.

    :raises NotAllowed, UnderReview, Conflict, Invalid: as for save_record.
    """
    with transaction.atomic():
        task = record.work_item or WorkItem(
            programme=record.programme,
            phase=Phase.KICK_OFF,
            reason_label=str(record.meeting)[:200],
            reason_url=address(record.programme, "meetings-detail", record.meeting_id),
        )
        is_new = task.pk is None
        fill(task, title=record.text, owner=record.owner, due_on=record.due_on)
        if is_new:
            save_record(
                by=by, record=record, now=now, version=version, act=act, reason=reason
            )
            save_record(by=by, record=task, now=now)
            record.work_item = task
            record.stamp(by, now)
            record.save(update_fields=["work_item"])
            return record
        save_record(by=by, record=task, now=now)
        return save_record(
            by=by, record=record, now=now, version=version, act=act, reason=reason
        )


# --- invitations ------------------------------------------------------------------


def invite(*, by: Account, meeting: Meeting, now: datetime) -> Meeting:
    """Mail the invitation, or its newest version, to everybody on the list.

    :raises NotAllowed: not the lead.
    :raises NobodyToInvite: day, time or people with an e-mail address are missing.
    """
    require(by, meeting.act, meeting.programme, meeting)
    if meeting.begins_at is None:
        raise NobodyToInvite(_("Enter the day and the time of the meeting first."))
    return send(by, meeting, now, cancelled_at=None)


def cancel_meeting(*, by: Account, meeting: Meeting, now: datetime) -> Meeting:
    """Take the meeting out of everybody's calendar.

    :raises NotAllowed: not the lead.
    :raises NobodyToInvite: nobody was invited.
    """
    require(by, meeting.act, meeting.programme, meeting)
    if meeting.invited_at is None:
        raise NobodyToInvite(_("Nobody was invited to this meeting."))
    return send(by, meeting, now, cancelled_at=now)


def send(
    by: Account, meeting: Meeting, now: datetime, cancelled_at: datetime | None
) -> Meeting:
    if not invited(meeting):
        raise NobodyToInvite(_("Put people with an e-mail address on the list first."))
    with transaction.atomic():
        sequence = meeting.sequence + 1 if meeting.invited_at else 0
        fill(meeting, sequence=sequence, invited_at=now, cancelled_at=cancelled_at)
        save_record(by=by, record=meeting, now=now)
        jobs.enqueue(
            INVITE, {"meeting": meeting.pk}, programme=meeting.programme, by=by
        )
    return meeting


def invited(meeting: Meeting) -> list[Any]:
    """People on the list who can be mailed."""
    rows = meeting.attendances.filter(deleted_at=None).exclude(person__email="")
    return [one.person for one in rows.select_related("person").order_by("pk")]


def event_of(meeting: Meeting, organizer: Account, now: datetime) -> Event:
    """The meeting for a calendar.

    :raises NobodyToInvite: day or time are missing.
    """
    begins, ends = meeting.begins_at, meeting.ends_at
    if begins is None or ends is None:
        raise NobodyToInvite(_("Enter the day and the time of the meeting first."))
    host = urlsplit(settings.SITE_URL).hostname or "meliora"
    points = meeting.agenda.filter(deleted_at=None).order_by("position", "pk")
    agenda = [f"{one.box_minutes}' {one.title}" for one in points]
    here = address(meeting.programme, "meetings-detail", meeting.pk)
    return Event(
        uid=f"meeting-{meeting.pk}@{host}",
        sequence=meeting.sequence,
        stamped_at=now,
        begins_at=begins,
        ends_at=ends,
        summary=f"{meeting.programme.name}: {meeting.title}",
        location=meeting.place,
        description="\n".join(one for one in [meeting.purpose, *agenda] if one),
        url=settings.SITE_URL.rstrip("/") + here,
        organizer=(str(organizer), organizer.email),
        attendees=tuple((one.name, one.email) for one in invited(meeting)),
        is_cancelled=meeting.cancelled_at is not None,
    )


def mail_invitations(*, by: Account, meeting: Meeting, now: datetime) -> int:
    """Mail the calendar file to each person on the list; returns how many.

    Called by the job: a mail that is sent twice carries the same sequence.
    """
    event = event_of(meeting, by, now)
    file = calendar(event)
    subject = _("Cancelled: %(title)s") if event.is_cancelled else _("%(title)s")
    lines = [
        event.summary,
        f"{formats.day(meeting.held_on)}, {meeting.starts_at:%H:%M}",
        event.location,
        event.description,
        event.url,
    ]
    body = "\n\n".join(one for one in lines if one)
    mails = []
    for _name, email in event.attendees:
        mail = EmailMessage(
            one_line(subject % {"title": event.summary}), body, None, [email]
        )
        mail.attach("meeting.ics", file, f"text/calendar; method={event.method}")
        mails.append(mail)
    get_connection().send_messages(mails)
    return len(mails)


def one_line(text: str) -> str:
    """A subject holds no line end."""
    return " ".join(text.split())
