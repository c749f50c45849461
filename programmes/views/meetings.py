"""Phase 2: meetings with agenda, invitations, attendance, decisions and minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.kickoff import AttendanceForm, MeetingForm
from programmes.forms.meetings import (
    AgendaItemForm,
    MeetingActionForm,
    MeetingDecisionForm,
)
from programmes.kit.errors import Refusal
from programmes.kit.ics import calendar
from programmes.kit.pages import Column, Filter
from programmes.models import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingAction,
    MeetingDecision,
)
from programmes.phases import Phase
from programmes.report_minutes import documents_of
from programmes.services.attendance import invite_team, take_attendance
from programmes.services.kickoff import (
    cancel_meeting,
    event_of,
    invite,
    issue_minutes,
    save_action,
    withdraw_minutes,
)
from programmes.views.register import Register, add_register

ATTENDANCE_TONES = {
    "attended": "positive",
    "briefed": "accent",
    "absent": "critical",
}


def with_counts(rows: Any) -> Any:
    alive = Q(attendances__deleted_at=None)
    present = Q(attendances__state__in=["attended", "briefed"])
    return rows.annotate(
        people=Count("attendances", filter=alive),
        present=Count("attendances", filter=alive & present),
    )


def meeting_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    alive = {"deleted_at": None}
    agenda = list(
        record.agenda.filter(**alive)
        .select_related("presenter")
        .order_by("position", "pk")
    )
    people = record.attendances.filter(**alive).select_related("person__unit")
    return {
        "agenda": agenda,
        "agenda_minutes": sum(one.box_minutes for one in agenda),
        "attendances": list(people.order_by("person__name")),
        "states": Attendance.State.choices,
        "decisions": list(record.decisions.filter(**alive).order_by("pk")),
        "actions": list(
            record.actions.filter(**alive)
            .select_related("owner", "work_item")
            .order_by("due_on", "pk")
        ),
        "documents": list(documents_of(record)),
    }


def meeting_url(record: Any) -> str:
    """The page of the meeting that a row belongs to."""
    return MEETINGS.url("detail", record.programme, record.meeting_id)


MEETINGS = add_register(
    Register(
        slug="meetings",
        phase=Phase.KICK_OFF,
        model=Meeting,
        title=gettext_lazy("Meetings"),
        one=gettext_lazy("meeting"),
        empty=gettext_lazy("The start-up meeting, its agenda, who came, its minutes."),
        icon="users",
        columns=[
            Column("title", gettext_lazy("Meeting"), order="title"),
            Column("held_on", gettext_lazy("Date"), kind="date", order="held_on"),
            Column("place", gettext_lazy("Place")),
            Column("present", gettext_lazy("Present"), kind="number", order="present"),
            Column("people", gettext_lazy("Invited"), kind="number", order="people"),
            Column(
                "issued_at",
                gettext_lazy("Minutes issued"),
                kind="moment",
                order="issued_at",
            ),
        ],
        form=MeetingForm,
        rows=lambda rows: with_counts(rows.select_related("programme__enterprise")),
        search=["title", "purpose", "minutes"],
        detail="programmes/kickoff/meeting.html",
        detail_context=meeting_detail,
    )
)
ATTENDANCES = add_register(
    Register(
        slug="attendance",
        phase=Phase.KICK_OFF,
        model=Attendance,
        title=gettext_lazy("Attendance"),
        one=gettext_lazy("attendance"),
        empty=gettext_lazy("Who was invited, who came, who was told afterwards."),
        icon="user-check",
        columns=[
            Column(
                "person", gettext_lazy("Person"), kind="person", order="person__name"
            ),
            Column("meeting", gettext_lazy("Meeting"), order="meeting__title"),
            Column(
                "state",
                gettext_lazy("Attendance"),
                kind="choice",
                order="state",
                tones=ATTENDANCE_TONES,
            ),
        ],
        form=AttendanceForm,
        rows=lambda rows: rows.select_related("person", "meeting"),
        search=["person__name", "meeting__title"],
        filters=[
            Filter(
                "state",
                gettext_lazy("Attendance"),
                lambda: Attendance.State.choices,
                "state",
            )
        ],
        in_workspace=False,
        home=meeting_url,
    )
)
AGENDA = add_register(
    Register(
        slug="agenda",
        phase=Phase.KICK_OFF,
        model=AgendaItem,
        title=gettext_lazy("Agenda"),
        one=gettext_lazy("agenda point"),
        empty=gettext_lazy("The points of a meeting, each with its time box."),
        icon="list-ordered",
        columns=[
            Column("title", gettext_lazy("Point"), order="title"),
            Column("meeting", gettext_lazy("Meeting"), order="meeting__title"),
            Column("presenter", gettext_lazy("Presented by"), kind="person"),
            Column("box_minutes", gettext_lazy("Minutes"), kind="number"),
        ],
        form=AgendaItemForm,
        rows=lambda rows: rows.select_related("meeting", "presenter"),
        search=["title"],
        in_workspace=False,
        home=meeting_url,
    )
)
DECISIONS = add_register(
    Register(
        slug="decisions",
        phase=Phase.KICK_OFF,
        model=MeetingDecision,
        title=gettext_lazy("Decisions of meetings"),
        one=gettext_lazy("decision"),
        empty=gettext_lazy("What the meetings decided."),
        icon="gavel",
        columns=[
            Column("text", gettext_lazy("Decision"), order="text"),
            Column("meeting", gettext_lazy("Meeting"), order="meeting__title"),
            Column("decided_by", gettext_lazy("Decided by")),
        ],
        form=MeetingDecisionForm,
        rows=lambda rows: rows.select_related("meeting"),
        search=["text"],
        in_workspace=False,
        home=meeting_url,
    )
)
ACTIONS = add_register(
    Register(
        slug="meeting-actions",
        phase=Phase.KICK_OFF,
        model=MeetingAction,
        title=gettext_lazy("Actions of meetings"),
        one=gettext_lazy("action"),
        empty=gettext_lazy("What is to be done after a meeting, by whom, until when."),
        icon="list-checks",
        columns=[
            Column("text", gettext_lazy("Action"), order="text"),
            Column("meeting", gettext_lazy("Meeting"), order="meeting__title"),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
            Column("due_on", gettext_lazy("Due"), kind="date", order="due_on"),
        ],
        form=MeetingActionForm,
        rows=lambda rows: rows.select_related("meeting", "owner", "work_item"),
        search=["text"],
        in_workspace=False,
        home=meeting_url,
        save=save_action,
    )
)
REGISTERS = [MEETINGS, ATTENDANCES, AGENDA, DECISIONS, ACTIONS]


def changed(
    request: MelioraRequest, pk: int, change: Any, said: Any, **more: Any
) -> HttpResponse:
    """Do one thing to the meeting and go back to its page."""
    meeting = get_object_or_404(MEETINGS.queryset(request), pk=pk)
    try:
        change(by=request.user, meeting=meeting, now=timezone.now(), **more)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(MEETINGS.url("detail", request.programme, pk))


@access("meeting.edit")
@require_POST
def minutes(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Issue the minutes of a meeting, or take them back."""
    change = withdraw_minutes if request.POST.get("withdraw") else issue_minutes
    return changed(request, pk, change, _("Saved."))


@access("meeting.edit")
@require_POST
def invitation(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Mail the invitations, or cancel the meeting."""
    if request.POST.get("cancel"):
        return changed(request, pk, cancel_meeting, _("The cancellation is mailed."))
    return changed(request, pk, invite, _("The invitations are mailed."))


@access("meeting.edit")
@require_POST
def attendance(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Take the attendance of everybody on the list at once, or add the team."""
    if request.POST.get("team"):
        return changed(request, pk, invite_team, _("The team is on the list."))
    prefix = "state-"
    states = {
        name.removeprefix(prefix): value
        for name, value in request.POST.items()
        if name.startswith(prefix)
    }
    return changed(request, pk, take_attendance, _("Saved."), states=states)


@access("programme.read")
def calendar_file(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The meeting as a file for one's calendar."""
    meeting = get_object_or_404(MEETINGS.queryset(request), pk=pk)
    try:
        event = event_of(meeting, meeting.created_by, meeting.updated_at)
    except Refusal:
        raise Http404(pk) from None
    response = HttpResponse(calendar(event), content_type="text/calendar")
    response["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return response


BASE = "p/<slug:code>/meetings/<int:pk>/"
urlpatterns = [
    path(f"{BASE}minutes/", minutes, name="meetings-minutes"),
    path(f"{BASE}invitation/", invitation, name="meetings-invitation"),
    path(f"{BASE}attendance/", attendance, name="meetings-attendance"),
    path(f"{BASE}calendar.ics", calendar_file, name="meetings-calendar"),
]
