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
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from diagnosis.forms.surveys import AnswerForm
from diagnosis.models import Survey
from diagnosis.services.survey_answers import SurveyClosed, record_response
from diagnosis.services.surveys import questions_of
from programmes.access import access
from programmes.kit.callers import too_large, too_many
from programmes.kit.errors import Refusal

LARGEST_BODY = 64 * 1024
SECONDS_A_QUESTION = 12


def guard(request: HttpRequest) -> HttpResponse | None:
    """The answer to those who come too often or bring too much."""
    if too_large(request, LARGEST_BODY):
        said = _("This is more than the form can take. Please shorten your text.")
        return notice(request, _("Too much text"), said, status=413)
    if too_many(request, "survey"):
        said = _("Please wait a minute and try again. Nothing is lost if you go back.")
        response = notice(request, _("One moment, please"), said, status=429)
        response["Retry-After"] = "60"
        return response
    return None


def notice(
    request: HttpRequest, title: str, text: str, status: int = 200, issuer: str = ""
) -> HttpResponse:
    context = {"title": title, "text": text, "issuer": issuer}
    return render(request, "diagnosis/surveys/notice.html", context, status=status)


def missing(request: HttpRequest) -> HttpResponse:
    said = _("Please check the link, or ask the person who sent it to you.")
    return notice(request, _("This link leads nowhere"), said, status=404)


def find(token: str) -> Survey | None:
    rows = Survey.objects.public(token).select_related("programme__enterprise")
    found: Survey | None = rows.first()
    return found


@access(public=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    if refused := guard(request):
        return refused
    survey = find(token)
    if survey is None:
        return missing(request)
    if not survey.takes_answers(timezone.localdate()):
        return closed(request, survey)
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
            return closed(request, survey)
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


def closed(request: HttpRequest, survey: Survey) -> HttpResponse:
    return notice(
        request,
        _("This survey takes no answers now"),
        _("Thank you for your interest."),
        status=410,
        issuer=survey.programme.enterprise.name,
    )


@access(public=True)
@never_cache
@require_http_methods(["GET", "HEAD"])
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    if refused := guard(request):
        return refused
    survey = find(token)
    if survey is None:
        return missing(request)
    return notice(
        request,
        _("Thank you"),
        _("Your answers have been stored, without anything that leads back to you."),
        issuer=survey.programme.enterprise.name,
    )


urlpatterns = [
    path("s/<slug:token>/", answer, name="survey-answer"),
    path("s/<slug:token>/thanks/", thanks, name="survey-thanks"),
]
