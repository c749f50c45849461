"""What a survey says, as a page and as a file; single answers are shown to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from diagnosis import charts
from diagnosis.models.survey_results import (
    QuestionResult,
    SurveyResults,
    results_of,
)
from diagnosis.views.surveys import SURVEYS, find
from programmes.access import MelioraRequest, access
from programmes.kit.charts import DataTable
from programmes.kit.errors import Text
from programmes.kit.formats import number, percent
from programmes.kit.pages import csv_answer
from programmes.views.exports import note_export
from programmes.views.register import crumbs


@access("programme.read")
def results(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    survey = find(request, pk)
    found = results_of(survey)
    scales = [one for one in found.questions if one.csat]
    context = {
        "survey": survey,
        "results": found,
        "finding": finding(found),
        "scales": scales,
        "chart": charts.likert(
            [(one.question.text, [o.share for o in one.options]) for one in scales]
        ),
        "chart_table": scale_table(scales),
        "others": [one for one in found.questions if not one.csat],
        "may_export": request.grants.may("export"),
        "crumbs": crumbs(
            request,
            SURVEYS,
            {
                "label": survey.title,
                "href": SURVEYS.url("detail", request.programme, pk),
            },
            {"label": _("Results")},
        ),
        "nav": "phase3",
    }
    return render(request, "diagnosis/surveys/results.html", context)


def finding(found: SurveyResults) -> Text:
    """The heading of the scales: the worst one, in the words of its question."""
    rated = [
        (one.csat.csat_pct, one)
        for one in found.questions
        if one.csat and one.csat.csat_pct is not None
    ]
    if not rated:
        return ""
    share, worst = min(rated, key=lambda pair: pair[0])
    return _("Least satisfied, %(share)s: %(question)s") % {
        "share": percent(share / 100),
        "question": worst.question.text,
    }


def scale_table(scales: list[QuestionResult]) -> DataTable:
    return DataTable(
        (_("Question"), "1", "2", "3", "4", "5", _("Answers")),
        [
            (
                one.question.text,
                *(percent(option.share) for option in one.options),
                number(one.n),
            )
            for one in scales
        ],
    )


@access("export")
def export(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The counted answers; under the thresholds a question has no rows."""
    survey = find(request, pk)
    head = [_("Question"), _("Kind"), _("Answer"), _("Count"), _("Share"), _("Figure")]
    rows = [row for one in results_of(survey).questions for row in rows_of(one)]
    note_export(request, "survey-results")
    return csv_answer(f"{code}-survey-{pk}", head, rows)


def rows_of(one: QuestionResult) -> Iterator[list[Any]]:
    kind = one.question.get_kind_display()
    if one.is_suppressed:
        yield [one.question.text, kind, _("too few answers"), "", "", ""]
        return
    figure = summary(one)
    for option in one.options:
        yield [
            one.question.text,
            kind,
            option.label,
            option.count,
            round(option.share, 4),
            figure,
        ]
        figure = ""
    for text in one.texts:
        yield [one.question.text, kind, text, "", "", ""]


def summary(one: QuestionResult) -> Any:
    if one.csat:
        return one.csat.csat_pct
    return one.nps.nps if one.nps else ""


BASE = "p/<slug:code>/surveys/<int:pk>/results/"
urlpatterns = [
    path(BASE, results, name="survey-results"),
    path(f"{BASE}export.csv", export, name="survey-results-export"),
]
