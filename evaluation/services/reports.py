"""Issuing the evaluation report."""

from __future__ import annotations

from datetime import datetime

from evaluation.reports import build_evaluation_report
from programmes.models import Account, Document, Programme
from programmes.services.documents import issue_report


def issue_evaluation_report(
    *, by: Account, programme: Programme, now: datetime
) -> Document:
    """Issue the report with what is known now.

    :raises NotAllowed, UnderReview, NumberTaken, PdfFailed: as for issue_report.
    """
    report = build_evaluation_report(programme, now)
    return issue_report(by=by, programme=programme, report=report, now=now)
