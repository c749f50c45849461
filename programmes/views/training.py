"""Phase 2: training with sessions, participants, quiz and certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.kickoff import CourseForm, ParticipationForm
from programmes.forms.training import QuizQuestionForm, TrainingSessionForm
from programmes.kit.errors import Refusal
from programmes.kit.pages import Column
from programmes.models import Course, Participation, QuizQuestion, TrainingSession
from programmes.phases import Phase
from programmes.services.training import (
    add_target_group,
    certificate,
    coverage,
    has_passed,
    invite_to_quiz,
    quiz_of,
    save_participation,
    take_part,
)
from programmes.views.register import Register, add_register


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


def course_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    alive = {"deleted_at": None}
    rows = record.participations.filter(**alive)
    found = list(
        rows.select_related("person__unit", "session").order_by("person__name")
    )
    sessions = record.sessions.filter(**alive).select_related("trainer")
    enrolled = Count("enrolled", filter=Q(enrolled__deleted_at=None))
    trained = sum(1 for one in found if one.done_on)
    scores = [one.score for one in found if one.score is not None]
    return {
        "participations": found,
        "trained": trained,
        "coverage": trained / len(found) if found else None,
        "mean_score": sum(scores) / len(scores) if scores else None,
        "units": coverage(found),
        "sessions": list(sessions.annotate(taken=enrolled).order_by("held_on", "pk")),
        "quiz": quiz_of(record),
    }


def participant_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    quiz = quiz_of(record.course)
    passed = has_passed(record, record.course)
    return {"has_certificate": bool(record.done_on) and (passed or not quiz)}


def session_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    rows = record.enrolled.filter(deleted_at=None).select_related("person__unit")
    return {"enrolled": list(rows.order_by("person__name"))}


def course_url(record: Any) -> str:
    """The page of the training that a row belongs to."""
    return COURSES.url("detail", record.programme, record.course_id)


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
        rows=lambda rows: rows.select_related("person__unit", "course", "session"),
        search=["person__name", "course__title"],
        in_workspace=False,
        home=course_url,
        save=save_participation,
        detail="programmes/kickoff/participant.html",
        detail_context=participant_detail,
    )
)
SESSIONS = add_register(
    Register(
        slug="sessions",
        phase=Phase.KICK_OFF,
        model=TrainingSession,
        title=gettext_lazy("Training sessions"),
        one=gettext_lazy("session"),
        empty=gettext_lazy("When and where a training is held, and for how many."),
        icon="calendar",
        columns=[
            Column("held_on", gettext_lazy("Date"), kind="date", order="held_on"),
            Column("course", gettext_lazy("Training"), order="course__title"),
            Column("place", gettext_lazy("Place")),
            Column("capacity", gettext_lazy("Places"), kind="number"),
        ],
        form=TrainingSessionForm,
        rows=lambda rows: rows.select_related("course", "trainer"),
        search=["place", "course__title"],
        in_workspace=False,
        home=course_url,
        detail="programmes/kickoff/session.html",
        detail_context=session_detail,
    )
)
QUIZ = add_register(
    Register(
        slug="quiz",
        phase=Phase.KICK_OFF,
        model=QuizQuestion,
        title=gettext_lazy("Quiz"),
        one=gettext_lazy("quiz question"),
        empty=gettext_lazy("A few questions that show what was understood."),
        icon="list-checks",
        columns=[
            Column("text", gettext_lazy("Question"), order="text"),
            Column("course", gettext_lazy("Training"), order="course__title"),
        ],
        form=QuizQuestionForm,
        rows=lambda rows: rows.select_related("course"),
        search=["text"],
        in_workspace=False,
        home=course_url,
    )
)
REGISTERS = [COURSES, PARTICIPATIONS, SESSIONS, QUIZ]


def changed(
    request: MelioraRequest, pk: int, change: Any, said: Callable[[int], str]
) -> HttpResponse:
    """Do one thing with the training, say for how many, and go back to its page."""
    course = get_object_or_404(COURSES.queryset(request), pk=pk)
    try:
        n = change(by=request.user, course=course, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said(n))
    return HttpResponseRedirect(COURSES.url("detail", request.programme, pk))


def added_words(n: int) -> str:
    return ngettext("%(n)s person added.", "%(n)s people added.", n) % {"n": n}


def asked_words(n: int) -> str:
    said = ngettext(
        "The quiz goes to %(n)s person.", "The quiz goes to %(n)s people.", n
    )
    return said % {"n": n}


@access("training.edit")
@require_POST
def group(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Put all staff of the units in scope on the list."""
    return changed(request, pk, add_target_group, added_words)


@access("training.edit")
@require_POST
def mail(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Mail the quiz to all whose result is open."""
    return changed(request, pk, invite_to_quiz, asked_words)


@access("training.edit")
@require_POST
def came(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Who of the enrolled came."""
    session = get_object_or_404(SESSIONS.queryset(request), pk=pk)
    people = [int(one) for one in request.POST.getlist("came") if one.isdigit()]
    try:
        take_part(by=request.user, session=session, came=people, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(SESSIONS.url("detail", request.programme, pk))


@access("programme.read")
def certificate_pdf(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The certificate of a participant."""
    rows = PARTICIPATIONS.queryset(request).select_related("course__programme")
    row = get_object_or_404(rows.select_related("person"), pk=pk)
    try:
        file = certificate(participation=row, asks_quiz=bool(quiz_of(row.course)))
    except Refusal as refusal:
        raise Http404(str(refusal)) from None
    return pdf_answer(file)


def pdf_answer(file: bytes) -> HttpResponse:
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="certificate.pdf"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


urlpatterns = [
    path("p/<slug:code>/training/<int:pk>/group/", group, name="training-group"),
    path("p/<slug:code>/training/<int:pk>/mail/", mail, name="training-mail"),
    path("p/<slug:code>/sessions/<int:pk>/came/", came, name="sessions-came"),
    path(
        "p/<slug:code>/participants/<int:pk>/certificate.pdf",
        certificate_pdf,
        name="participants-certificate",
    ),
]
