"""The edge for the clock: Celery rings for job rows."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy

from programmes import jobs
from programmes.jobs import job
from programmes.models import Account, Document, Enterprise, Job
from programmes.services import gate_clock, gate_records
from programmes.services.documents import issued_in_job
from programmes.services.ledger_check import check_ledger
from programmes.services.mandate import issue_mandate


@shared_task(name="programmes.run_job")
def run_job(*, job_id: int, **_: Any) -> None:
    jobs.run(job_id)


@shared_task(name="programmes.sweep_jobs")
def sweep_jobs(**_: Any) -> None:
    jobs.sweep(timezone.now())


@job("ledger.check", label=gettext_lazy("Check of the ledger"))
def check_one(found: Job) -> dict[str, Any]:
    enterprise = Enterprise.objects.get(pk=found.payload["enterprise"])
    by = found.created_by
    row = check_ledger(enterprise=enterprise, by=by, now=timezone.now())
    return {"findings": len(row.findings)}


@shared_task(name="programmes.check_ledgers")
def check_ledgers(**_: Any) -> None:
    """Every ledger once a day; the heads go to the log."""
    for enterprise in Enterprise.objects.order_by("pk"):
        check_ledger(enterprise=enterprise, now=timezone.now())


@job(gate_records.KIND, label=gettext_lazy("Gate record"))
def issue_gate_record(found: Job) -> dict[str, Any]:
    def issue_now(*, by: Account, now: datetime, **_: Any) -> Document:
        review = gate_records.review_of(found.payload["review"])
        by_clock = found.payload.get("by_clock", False)
        return gate_records.issue_gate_record(
            by=None if by_clock else by, review=review, now=now
        )

    return issued_in_job(found, issue_now)


@shared_task(name="programmes.sweep_gates")
def sweep_gates(**_: Any) -> None:
    """Reminders, lapsed conditions, released money, mails."""
    gate_clock.sweep(timezone.now())


@shared_task(name="programmes.sweep_gate_records")
def sweep_gate_records(**_: Any) -> None:
    """Packs of questions, and records of decisions that nobody can undo any more."""
    gate_records.sweep(timezone.now())


def ring_celery(job_id: int) -> None:
    run_job.apply_async(kwargs={"job_id": job_id}, retry=False)


@jobs.job("reports.issue_mandate", label=gettext_lazy("Mandate as PDF"))
def print_mandate(found: Job) -> dict[str, Any]:
    return issued_in_job(found, issue_mandate)


jobs.on_ring(ring_celery)
