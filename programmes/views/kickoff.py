"""Phase 2: registers of the kick-off, and issuing minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.kickoff import (
    AttendanceForm,
    CourseForm,
    MeetingForm,
    NoticeForm,
    ParticipationForm,
    StaffQuestionForm,
)
from programmes.kit.errors import Refusal
from programmes.kit.pages import Column, Filter
from programmes.models import (
    Attendance,
    Course,
    Meeting,
    Notice,
    Participation,
    StaffQuestion,
)
from programmes.phases import Phase
from programmes.services.kickoff import issue_minutes, withdraw_minutes
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


def with_coverage(rows: Any) -> Any:
    alive = Q(participations__deleted_at=None)
    done = Q(participations__done_on__isnull=False)
    return rows.annotate(
        people=Count("participations", filter=alive),
        trained=Count("participations", filter=alive & done),
    )


def share(part: str, whole: str) -> Any:
    def value(row: Any) -> float | None:
        total = getattr(row, whole)
        return getattr(row, part) / total if total else None

    return value


def meeting_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    rows = record.attendances.filter(deleted_at=None).select_related("person__unit")
    return {"attendances": list(rows.order_by("person__name"))}


def course_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    rows = record.participations.filter(deleted_at=None).select_related("person__unit")
    found = list(rows.order_by("person__name"))
    trained = sum(1 for one in found if one.done_on)
    return {
        "participations": found,
        "trained": trained,
        "coverage": trained / len(found) if found else None,
    }


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
        rows=with_counts,
        search=["title", "agenda", "minutes"],
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
    )
)
NOTICES = add_register(
    Register(
        slug="announcements",
        phase=Phase.KICK_OFF,
        model=Notice,
        title=gettext_lazy("Announcements"),
        one=gettext_lazy("announcement"),
        empty=gettext_lazy("What staff were told, and how many it reached."),
        icon="megaphone",
        columns=[
            Column("title", gettext_lazy("Announcement"), order="title"),
            Column("unit", gettext_lazy("Unit"), order="unit__name"),
            Column("sent_on", gettext_lazy("Sent"), kind="date", order="sent_on"),
            Column("audience", gettext_lazy("For"), kind="number", order="audience"),
            Column(
                "reached",
                gettext_lazy("Reached"),
                kind="percent",
                value=share("reached", "audience"),
            ),
        ],
        form=NoticeForm,
        rows=lambda rows: rows.select_related("unit"),
        search=["title", "text"],
    )
)
COURSES = add_register(
    Register(
        slug="training",
        phase=Phase.KICK_OFF,
        model=Course,
        title=gettext_lazy("Training"),
        one=gettext_lazy("training"),
        empty=gettext_lazy("Training in the concept, for whom, and how far it is."),
        icon="graduation-cap",
        columns=[
            Column("title", gettext_lazy("Training"), order="title"),
            Column("held_on", gettext_lazy("Date"), kind="date", order="held_on"),
            Column(
                "people", gettext_lazy("Target group"), kind="number", order="people"
            ),
            Column(
                "trained",
                gettext_lazy("Coverage"),
                kind="percent",
                value=share("trained", "people"),
            ),
        ],
        form=CourseForm,
        rows=with_coverage,
        search=["title"],
        detail="programmes/kickoff/course.html",
        detail_context=course_detail,
    )
)
PARTICIPATIONS = add_register(
    Register(
        slug="participants",
        phase=Phase.KICK_OFF,
        model=Participation,
        title=gettext_lazy("Participants"),
        one=gettext_lazy("participant"),
        empty=gettext_lazy("The target group of each training, person by person."),
        icon="user-round",
        columns=[
            Column(
                "person", gettext_lazy("Person"), kind="person", order="person__name"
            ),
            Column("course", gettext_lazy("Training"), order="course__title"),
            Column("done_on", gettext_lazy("Done"), kind="date", order="done_on"),
            Column("score", gettext_lazy("Quiz, %"), kind="number", order="score"),
        ],
        form=ParticipationForm,
        rows=lambda rows: rows.select_related("person", "course"),
        search=["person__name", "course__title"],
    )
)
QUESTIONS = add_register(
    Register(
        slug="questions",
        phase=Phase.KICK_OFF,
        model=StaffQuestion,
        title=gettext_lazy("Questions"),
        one=gettext_lazy("question"),
        empty=gettext_lazy("What staff asked, and the answers."),
        icon="circle-help",
        columns=[
            Column("text", gettext_lazy("Question"), order="text"),
            Column("asked_on", gettext_lazy("Asked"), kind="date", order="asked_on"),
            Column(
                "answered_on",
                gettext_lazy("Answered"),
                kind="date",
                order="answered_on",
            ),
        ],
        form=StaffQuestionForm,
        search=["text", "answer"],
        sort="-asked_on",
    )
)
REGISTERS = [MEETINGS, ATTENDANCES, NOTICES, COURSES, PARTICIPATIONS, QUESTIONS]


@access("meeting.edit")
@require_POST
def minutes(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Issue the minutes of a meeting, or take them back."""
    meeting = get_object_or_404(Meeting.objects.of(request.programme), pk=pk)
    change = withdraw_minutes if request.POST.get("withdraw") else issue_minutes
    try:
        change(by=request.user, meeting=meeting, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(MEETINGS.url("detail", request.programme, pk))


urlpatterns = [
    path("p/<slug:code>/meetings/<int:pk>/minutes/", minutes, name="meetings-minutes"),
]
