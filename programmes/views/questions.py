"""Phase 2: questions of staff, how long they wait, and the published answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.kickoff import StaffQuestionForm
from programmes.kit.errors import Refusal
from programmes.kit.pages import Column
from programmes.models import StaffQuestion
from programmes.phases import Phase
from programmes.services.questions import (
    LATE_DAYS,
    ask_question,
    days_open,
    published,
    save_question,
)
from programmes.views.register import Register, add_register
from programmes.views.workspace import Tile, add_tile


def ageing(request: MelioraRequest) -> dict[str, Any]:
    """The open questions, the oldest first."""
    today = timezone.localdate()
    rows = StaffQuestion.objects.of(request.programme).filter(answered_on=None)
    waiting = [
        {"question": one, "days": days, "is_late": days > LATE_DAYS}
        for one in rows.order_by("asked_on", "pk")
        if (days := days_open(one, today)) is not None
    ]
    return {
        "waiting": waiting[:10],
        "open": len(waiting),
        "late": sum(one["is_late"] for one in waiting),
        "limit": LATE_DAYS,
        "may_ask": request.grants.may("question.ask"),
    }


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
            Column("unit", gettext_lazy("Unit"), order="unit__name"),
            Column("owner", gettext_lazy("Answered by"), kind="person"),
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
        rows=lambda rows: rows.select_related("unit", "owner"),
        list_template="programmes/kickoff/questions.html",
        list_context=ageing,
        save=save_question,
    )
)
REGISTERS = [QUESTIONS]


@access("programme.read")
def faq(request: MelioraRequest, code: str) -> HttpResponse:
    """Questions and answers for everybody of the programme."""
    context = {
        "rows": published(request.programme),
        "may_ask": request.grants.may("question.ask"),
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {
                "label": QUESTIONS.title,
                "href": QUESTIONS.url("list", request.programme),
            },
            {"label": _("Answers")},
        ],
        "nav": "phase2",
    }
    return render(request, "programmes/kickoff/faq.html", context)


@access("question.ask")
@require_POST
def ask(request: MelioraRequest, code: str) -> HttpResponse:
    """Ask a question in the app."""
    mine = [
        one
        for one in request.people
        if one.enterprise_id == request.programme.enterprise_id
    ]
    try:
        ask_question(
            by=request.user,
            person=mine[0] if mine else None,
            programme=request.programme,
            text=request.POST.get("text", ""),
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your question is on the list."))
    return HttpResponseRedirect(QUESTIONS.url("list", request.programme))


add_tile(
    Tile(Phase.KICK_OFF, gettext_lazy("Answers for staff"), "messages-square", "faq")
)
urlpatterns = [
    path("p/<slug:code>/faq/", faq, name="faq"),
    path("p/<slug:code>/questions/ask/", ask, name="questions-ask"),
]
