"""The whole evaluation report, put together from its sections."""

from __future__ import annotations

from datetime import datetime

from evaluation.reports import economics, goals, lessons, scorecard
from programmes.models import Document, Programme
from programmes.reports import Loader, Report, build, sections_of

SECTIONS: tuple[Loader, ...] = (
    goals.summary,
    goals.effects,
    scorecard.scorecard,
    scorecard.judged,
    economics.economics,
    lessons.lessons,
    lessons.advice,
)


def build_evaluation_report(on: Programme, as_of: datetime) -> Report:
    """All facts of the report as they are now, stamped with the moment."""
    sections = sections_of(SECTIONS, on, as_of)
    return build(Document.Kind.EVALUATION, on, as_of, sections)
