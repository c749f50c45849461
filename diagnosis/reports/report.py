"""The whole diagnosis report, put together from its sections."""

from __future__ import annotations

from datetime import datetime

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
from programmes.reports import Loader, Report, build, sections_of

SECTIONS: tuple[Loader, ...] = (
    findings.summary,
    programme.mandate,
    programme.coverage,
    environment.environment,
    customers.customers,
    processes.processes,
    log.event_logs,
    problems.problems,
    indicators.indicators,
    findings.conclusions,
)


def build_diagnosis_report(on: Programme, as_of: datetime) -> Report:
    """All facts of the report as they are now, stamped with the moment."""
    sections = sections_of(SECTIONS, on, as_of)
    return build(Document.Kind.DIAGNOSIS, on, as_of, sections)
