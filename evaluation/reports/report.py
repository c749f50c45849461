"""The whole evaluation report, put together from its sections."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from evaluation.reports import economics, goals, lessons, scorecard
from programmes.models import Document, Programme
from programmes.report_parts import Part, build, sections_of
from programmes.reports import Report

PARTS = (
    Part("summary", _("Summary"), goals.summary),
    Part("effects", _("Goals and effects"), goals.effects),
    Part("scorecard", _("Scorecard"), scorecard.scorecard),
    Part("judged", _("Qualitative evaluation"), scorecard.judged),
    Part("economics", _("Costs and benefits"), economics.economics),
    Part("lessons", _("Lessons"), lessons.lessons),
    Part("advice", _("Advice for process management"), lessons.advice),
)


def build_evaluation_report(on: Programme, as_of: datetime) -> Report:
    """All facts of the report as they are now, stamped with the moment."""
    sections = sections_of(PARTS, on, as_of)
    return build(Document.Kind.EVALUATION, on, as_of, sections)
