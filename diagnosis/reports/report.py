"""The whole diagnosis report, put together from its sections."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from diagnosis.reports import (
    customers,
    environment,
    findings,
    indicators,
    log,
    problems,
    processes,
    programme,
)
from programmes.models import Document, Programme
from programmes.report_parts import Part, build, sections_of
from programmes.reports import Report

PARTS = (
    Part("summary", _("Summary"), findings.summary),
    Part("mandate", _("Programme and mandate"), programme.mandate),
    Part("scope", _("Scope"), programme.coverage),
    Part("environment", _("Environment"), environment.environment),
    Part("customers", _("Customers and staff"), customers.customers),
    Part("processes", _("Processes as they are"), processes.processes),
    Part("logs", _("How cases really flow"), log.event_logs),
    Part("problems", _("Problems and causes"), problems.problems),
    Part("indicators", _("Indicators and baselines"), indicators.indicators),
    Part("conclusions", _("Conclusions"), findings.conclusions),
)


def build_diagnosis_report(on: Programme, as_of: datetime) -> Report:
    """All facts of the report as they are now, stamped with the moment."""
    sections = sections_of(PARTS, on, as_of)
    return build(Document.Kind.DIAGNOSIS, on, as_of, sections)
