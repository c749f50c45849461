"""Background work of this app."""

from __future__ import annotations

from typing import Any

from evaluation.services.reports import issue_evaluation_report
from programmes.jobs import job
from programmes.models import Job
from programmes.services.documents import issued_in_job


@job("reports.issue_evaluation")
def issue_evaluation(found: Job) -> dict[str, Any]:
    return issued_in_job(found, issue_evaluation_report)
