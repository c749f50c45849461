"""The evaluation report: its preview, and issuing it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from evaluation.reports import PARTS
from programmes.access import MelioraRequest, access
from programmes.models import Document
from programmes.phases import Phase
from programmes.views.report_pages import preview, start_issue, state_of
from programmes.views.workspace import Tile, add_tile

KIND = Document.Kind.EVALUATION
add_tile(
    Tile(
        phase=Phase.EVALUATION,
        label=gettext_lazy("Evaluation report"),
        icon="file-text",
        view="report-evaluation",
        state=lambda programme: state_of(programme, KIND),
    )
)


@access("programme.read")
def evaluation_report(request: MelioraRequest, code: str) -> HttpResponse:
    return preview(request, KIND, PARTS)


@access("report.issue")
@require_POST
def issue(request: MelioraRequest, code: str) -> HttpResponse:
    return start_issue(request, KIND)


urlpatterns = [
    path(
        "p/<slug:code>/reports/evaluation/", evaluation_report, name="report-evaluation"
    ),
    path(
        "p/<slug:code>/reports/evaluation/issue/", issue, name="report-evaluation-issue"
    ),
]
