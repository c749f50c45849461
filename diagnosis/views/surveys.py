"""Surveys: the builder with its preview, opening and closing, results, import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from diagnosis.forms.surveys import (
    AnswerForm,
    AnswersFileForm,
    QuestionForm,
    SurveyForm,
)
from diagnosis.models import Question, Response, Survey
from diagnosis.models.survey_results import needed_answers
from diagnosis.services import survey_answers
from diagnosis.services import surveys as services
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal, Text
from programmes.kit.pages import Column, Filter
from programmes.phases import Phase
from programmes.views.register import Register, add_register, crumbs

STATE_TONES = {"draft": "neutral", "open": "accent", "closed": "positive"}


def survey_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    questions = list(services.questions_of(record))
    return {
        "questions": questions,
        "preview": AnswerForm(survey=record, questions=questions),
        "answered": Response.objects.filter(survey=record).count(),
        "needed": needed_answers(record.population),
        "link": request.build_absolute_uri(
            reverse("survey-answer", args=[record.token])
        ),
        "state_tone": STATE_TONES[record.state],
    }


SURVEYS = add_register(
    Register(
        slug="surveys",
        phase=Phase.DIAGNOSIS,
        model=Survey,
        title=gettext_lazy("Surveys"),
        one=gettext_lazy("survey"),
        empty=gettext_lazy("Ask customers and staff, anonymously, by an open link."),
        icon="clipboard-list",
        columns=[
            Column("title", gettext_lazy("Survey"), order="title"),
            Column(
                "audience", gettext_lazy("Audience"), kind="choice", order="audience"
            ),
            Column(
                "state",
                gettext_lazy("State"),
                kind="choice",
                order="state",
                tones=STATE_TONES,
            ),
            Column(
                "population",
                gettext_lazy("People asked about"),
                kind="number",
                order="population",
            ),
            Column(
                "launched_at",
                gettext_lazy("Launched"),
                kind="moment",
                order="launched_at",
            ),
            Column(
                "closed_at", gettext_lazy("Closed"), kind="moment", order="closed_at"
            ),
        ],
        form=SurveyForm,
        rows=lambda rows: rows.select_related("programme__enterprise"),
        search=["title", "introduction"],
        filters=[
            Filter(
                "state", gettext_lazy("State"), lambda: Survey.State.choices, "state"
            )
        ],
        save=services.save_survey,
        detail="diagnosis/surveys/survey.html",
        detail_context=survey_detail,
    )
)
REGISTERS = [SURVEYS]


def find(request: MelioraRequest, pk: int) -> Survey:
    found: Survey = get_object_or_404(SURVEYS.queryset(request), pk=pk)
    return found


def find_question(request: MelioraRequest, survey: Survey, number: int) -> Question:
    found: Question = get_object_or_404(services.questions_of(survey), pk=number)
    return found


def back_to(request: MelioraRequest, pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(SURVEYS.url("detail", request.programme, pk))


def attempt(request: MelioraRequest, change: Callable[[], object], said: Text) -> None:
    """Do it and say so, or say why not."""
    try:
        change()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(said))


@access("survey.edit")
def new_question(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    survey = find(request, pk)
    question = Question(programme=request.programme, survey=survey)
    return question_page(request, survey, question)


@access("survey.edit")
def edit_question(
    request: MelioraRequest, code: str, pk: int, question: int
) -> HttpResponse:
    survey = find(request, pk)
    return question_page(request, survey, find_question(request, survey, question))


def question_page(
    request: MelioraRequest, survey: Survey, question: Question
) -> HttpResponse:
    is_new = question.pk is None
    form = QuestionForm(
        request.POST or None,
        instance=question,
        programme=request.programme,
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_question(
                by=request.user,
                record=form.instance,
                now=timezone.now(),
                version=form.seen_version,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if request.POST.get("add_another"):
                return HttpResponseRedirect(request.path)
            return back_to(request, survey.pk)
    title = _("New question") if is_new else _("Edit question")
    back = SURVEYS.url("detail", request.programme, survey.pk)
    context = {
        "register": SURVEYS,
        "form": form,
        "title": title,
        "is_new": is_new,
        "back_url": back,
        "crumbs": crumbs(
            request, SURVEYS, {"label": survey.title, "href": back}, {"label": title}
        ),
        "nav": "phase3",
    }
    status = 422 if form.errors else 200
    return render(request, "records/form.html", context, status=status)


@access("survey.edit")
@require_POST
def move(request: MelioraRequest, code: str, pk: int, question: int) -> HttpResponse:
    found = find_question(request, find(request, pk), question)
    up = request.POST.get("to") == "up"
    attempt(
        request,
        lambda: services.move_question(
            by=request.user,
            question=found,
            up=up,
            now=timezone.now(),
        ),
        _("Question moved."),
    )
    return back_to(request, pk)


@access("survey.edit")
@require_POST
def delete_question(
    request: MelioraRequest, code: str, pk: int, question: int
) -> HttpResponse:
    found = find_question(request, find(request, pk), question)
    attempt(
        request,
        lambda: services.delete_question(
            by=request.user,
            question=found,
            now=timezone.now(),
        ),
        _("Question deleted."),
    )
    return back_to(request, pk)


TURNS: dict[str, tuple[Callable[..., object], Text]] = {
    "launch": (services.launch_survey, gettext_lazy("The survey is open.")),
    "close": (services.close_survey, gettext_lazy("The survey is closed.")),
    "reopen": (services.reopen_survey, gettext_lazy("The survey is open again.")),
}


@access("survey.edit")
@require_POST
def turn(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Launch, close or reopen."""
    survey = find(request, pk)
    change, said = TURNS.get(request.POST.get("to", ""), (None, ""))
    if change is None:
        messages.error(request, _("That did not work. Nothing was changed."))
    else:
        attempt(
            request,
            lambda: change(by=request.user, survey=survey, now=timezone.now()),
            said,
        )
    return back_to(request, pk)


@access("survey.edit")
def upload(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Answers given elsewhere, from a CSV: all rows or none."""
    survey = find(request, pk)
    form = AnswersFileForm(request.POST or None, request.FILES or None)
    errors: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            result = survey_answers.import_responses(
                by=request.user,
                survey=survey,
                content=form.cleaned_data["file"].read(),
                now=timezone.now(),
            )
        except survey_answers.RowsRejected as refusal:
            form.add_error("file", str(refusal))
            errors = refusal.errors
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, imported(result))
            return back_to(request, pk)
    context = {
        "survey": survey,
        "questions": list(services.questions_of(survey)),
        "form": form,
        "errors": errors[:100],
        "error_count": len(errors),
        "back_url": SURVEYS.url("detail", request.programme, pk),
        "crumbs": crumbs(
            request,
            SURVEYS,
            {
                "label": survey.title,
                "href": SURVEYS.url("detail", request.programme, pk),
            },
            {"label": _("Import answers")},
        ),
        "nav": "phase3",
    }
    status = 422 if form.errors else 200
    return render(request, "diagnosis/surveys/upload.html", context, status=status)


def imported(result: survey_answers.Imported) -> str:
    if result.known:
        return _("This file was imported before; nothing was stored twice.")
    return ngettext(
        "%(n)s answer imported.", "%(n)s answers imported.", result.stored
    ) % {"n": result.stored}


BASE = "p/<slug:code>/surveys/<int:pk>/"
urlpatterns = [
    path(f"{BASE}questions/new/", new_question, name="survey-question-new"),
    path(
        f"{BASE}questions/<int:question>/", edit_question, name="survey-question-edit"
    ),
    path(f"{BASE}questions/<int:question>/move/", move, name="survey-question-move"),
    path(
        f"{BASE}questions/<int:question>/delete/",
        delete_question,
        name="survey-question-delete",
    ),
    path(f"{BASE}turn/", turn, name="survey-turn"),
    path(f"{BASE}import/", upload, name="survey-import"),
]
