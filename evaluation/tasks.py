"""The edge for the clock: jobs that compute figures, and their sweep."""

from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy

from evaluation.services import dashboards, pace
from evaluation.services.reports import issue_evaluation_report
from programmes.jobs import job
from programmes.models import Job, Programme
from programmes.services.documents import issued_in_job


@job(dashboards.REFRESH, label=gettext_lazy("Calculation of the figures"))
def refresh_dashboard(found: Job) -> dict[str, Any]:
    if found.programme_id is None:
        raise LookupError("the job names no programme")
    programme = Programme.objects.select_related("enterprise").get(
        pk=found.programme_id
    )
    snapshot = dashboards.refresh_dashboard(programme=programme, now=timezone.now())
    return {"indicators": snapshot.numbers["indicators"]}


@shared_task(name="evaluation.sweep_dashboards")
def sweep_dashboards(**_: Any) -> None:
    dashboards.sweep_dashboards()


@shared_task(name="evaluation.sweep_paces")
def sweep_paces(**_: Any) -> None:
    pace.sweep_paces(now=timezone.now())


@job("reports.issue_evaluation", label=gettext_lazy("Evaluation report"))
def issue_evaluation(found: Job) -> dict[str, Any]:
    return issued_in_job(found, issue_evaluation_report)
