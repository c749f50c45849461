"""The edge for the clock and for jobs of this app."""

from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy

from diagnosis.services import connected_logs, log_sweeps
from diagnosis.services.reports import issue_diagnosis_report
from programmes.jobs import job
from programmes.models import Job
from programmes.services.documents import issued_in_job


@shared_task(name="diagnosis.sweep_logs")
def sweep_logs(**_: Any) -> None:
    """Files of deleted logs go after thirty days."""
    log_sweeps.sweep_logs(timezone.now())


@shared_task(name="diagnosis.sweep_stopped_imports")
def sweep_stopped(**_: Any) -> None:
    """Imports whose job is over without a word say so."""
    log_sweeps.sweep_stopped()


@shared_task(name="diagnosis.refresh_connected_logs")
def refresh_connected(**_: Any) -> None:
    """Connected logs are read again each day, their indicators with them."""
    connected_logs.refresh_old(timezone.now())


@job("reports.issue_diagnosis", label=gettext_lazy("Diagnosis report"))
def issue_diagnosis(found: Job) -> dict[str, Any]:
    return issued_in_job(found, issue_diagnosis_report)
