"""Background work of this app."""

from __future__ import annotations

from typing import Any

from diagnosis.services.reports import issue_diagnosis_report
from programmes.jobs import job
from programmes.models import Job
from programmes.services.documents import issued_in_job


@job("reports.issue_diagnosis")
def issue_diagnosis(found: Job) -> dict[str, Any]:
    return issued_in_job(found, issue_diagnosis_report)
