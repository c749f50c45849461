"""The open link of a survey: one plain form, for people without a sign-in.

It knows nobody: no session is read or written, the address is only counted (as a keyed
hash, for a minute), and a wrong link looks like one that was never given out.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from diagnosis.forms.surveys import AnswerForm
from diagnosis.models import Survey
from diagnosis.services.survey_answers import SurveyClosed, record_response
from diagnosis.services.surveys import questions_of
from programmes.access import access
from programmes.kit.errors import Refusal
from programmes.kit.open_links import closed, guard, missing, thanks_for_answers

DOOR = "survey"
SECONDS_A_QUESTION = 12


def find(token: str) -> Survey | None:
    rows = Survey.objects.public(token).select_related("programme__enterprise")
    found: Survey | None = rows.first()
    return found


@access(public=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    if refused := guard(request, DOOR):
        return refused
    survey = find(token)
    if survey is None:
        return missing(request)
    if not survey.takes_answers(timezone.localdate()):
        return closed(request, survey.programme.enterprise.name)
    questions = list(questions_of(survey))
    form = AnswerForm(request.POST or None, survey=survey, questions=questions)
    if request.method == "POST" and form.is_valid():
        try:
            record_response(
                survey=survey,
                answers=form.answers(),
                nonce=form.cleaned_data["nonce"],
                now=timezone.now(),
            )
        except SurveyClosed:
            return closed(request, survey.programme.enterprise.name)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("survey-thanks", args=[token]))
    status = 422 if form.errors else 200
    return render(
        request, "diagnosis/surveys/answer.html", page(survey, form), status=status
    )


def page(survey: Survey, form: AnswerForm) -> dict[str, Any]:
    count = len(form.questions)
    return {
        "survey": survey,
        "issuer": survey.programme.enterprise.name,
        "form": form,
        "rows": form.rows(),
        "count": count,
        "minutes": max(1, round(count * SECONDS_A_QUESTION / 60)),
    }


@access(public=True)
@never_cache
@require_http_methods(["GET", "HEAD"])
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    if refused := guard(request, DOOR):
        return refused
    survey = find(token)
    if survey is None:
        return missing(request)
    return thanks_for_answers(request, survey.programme.enterprise.name)


urlpatterns = [
    path("s/<slug:token>/", answer, name="survey-answer"),
    path("s/<slug:token>/thanks/", thanks, name="survey-thanks"),
]
