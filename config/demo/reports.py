"""Issue the reports of a programme, as the lead would on a day."""

from __future__ import annotations

from datetime import date

from config.demo.cast import Cast, at
from diagnosis.services.reports import issue_diagnosis_report
from evaluation.services.reports import issue_evaluation_report
from programmes.models import Document, GateReview, Programme
from programmes.services.gate_records import issue_gate_record, review_of


def issue_diagnosis(cast: Cast, programme: Programme, day: date) -> Document:
    """After the last change of phase 3: gate 3 looks at the order."""
    return issue_diagnosis_report(
        by=cast.account("lead"), programme=programme, now=at(day, 16)
    )


def issue_evaluation(cast: Cast, programme: Programme, day: date) -> Document:
    """After the last change of phase 7."""
    return issue_evaluation_report(
        by=cast.account("lead"), programme=programme, now=at(day, 16)
    )


def issue_record(cast: Cast, review: GateReview, day: date) -> Document:
    """The record of a decision, once nobody could undo it."""
    return issue_gate_record(
        by=cast.account("lead"), review=review_of(review.pk), now=at(day, 16)
    )
