"""Issuing the diagnosis report."""

from __future__ import annotations

from datetime import datetime

from diagnosis.reports import build_diagnosis_report
from programmes.models import Account, Document, Programme
from programmes.services.documents import issue_report


def issue_diagnosis_report(
    *, by: Account, programme: Programme, now: datetime
) -> Document:
    """Issue the report with what is known now.

    :raises NotAllowed, UnderReview, NumberTaken, PdfFailed: as for issue_report.
    """
    report = build_diagnosis_report(programme, now)
    return issue_report(by=by, programme=programme, report=report, now=now)
