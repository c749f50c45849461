"""The diagnosis report: its preview, and issuing it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from diagnosis.reports import PARTS
from programmes.access import MelioraRequest, access
from programmes.models import Document
from programmes.phases import Phase
from programmes.views.report_pages import preview, start_issue, state_of
from programmes.views.workspace import Tile, add_tile

KIND = Document.Kind.DIAGNOSIS
add_tile(
    Tile(
        phase=Phase.DIAGNOSIS,
        label=gettext_lazy("Diagnosis report"),
        icon="file-text",
        view="report-diagnosis",
        state=lambda programme: state_of(programme, KIND),
    )
)


@access("programme.read")
def diagnosis_report(request: MelioraRequest, code: str) -> HttpResponse:
    return preview(request, KIND, PARTS)


@access("report.issue")
@require_POST
def issue(request: MelioraRequest, code: str) -> HttpResponse:
    return start_issue(request, KIND)


urlpatterns = [
    path("p/<slug:code>/reports/diagnosis/", diagnosis_report, name="report-diagnosis"),
    path(
        "p/<slug:code>/reports/diagnosis/issue/", issue, name="report-diagnosis-issue"
    ),
]
