"""The edge for the clock: Celery rings for job rows."""

from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy

from programmes import jobs
from programmes.models import Job
from programmes.services.documents import issued_in_job
from programmes.services.mandate import issue_mandate


@shared_task(name="programmes.run_job")
def run_job(*, job_id: int, **_: Any) -> None:
    jobs.run(job_id)


@shared_task(name="programmes.sweep_jobs")
def sweep_jobs(**_: Any) -> None:
    jobs.sweep(timezone.now())


def ring_celery(job_id: int) -> None:
    run_job.apply_async(kwargs={"job_id": job_id}, retry=False)


@jobs.job("reports.issue_mandate", label=gettext_lazy("Mandate as PDF"))
def print_mandate(found: Job) -> dict[str, Any]:
    return issued_in_job(found, issue_mandate)


jobs.on_ring(ring_celery)
