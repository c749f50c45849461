"""Criteria of gate 3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from diagnosis.gate_processes import (
    ProcessEvidence,
    assess_confirmed,
    assess_described,
    assess_measured,
    process_evidence,
)
from programmes.gates import Common, common, conditions_closed
from programmes.gating import Assessment, criterion, evidence
from programmes.models import Document, Programme
from programmes.phases import Phase
from programmes.reports import newest_change, newest_document, report_current


@dataclass(frozen=True)
class Diagnosis:
    shared: Common
    processes: ProcessEvidence
    report: Document | None = None
    changed_at: datetime | None = None

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.DIAGNOSIS)
def diagnosis(programme: Programme, now: datetime) -> Diagnosis:
    return Diagnosis(
        shared=common(programme, Phase.DIAGNOSIS),
        processes=process_evidence(programme),
        report=newest_document(programme, Document.Kind.DIAGNOSIS),
        changed_at=newest_change(programme, Phase.DIAGNOSIS),
    )


@criterion(Phase.DIAGNOSIS, "G3.A0", _("Conditions of earlier gates are closed"))
def diagnosis_conditions(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@criterion(Phase.DIAGNOSIS, "G3.A3", _("The processes in scope are described"))
def processes_described(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return assess_described(found.processes)


@criterion(Phase.DIAGNOSIS, "G3.A4", _("Flows are sound and confirmed by the owners"))
def processes_confirmed(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return assess_confirmed(found.processes)


@criterion(Phase.DIAGNOSIS, "G3.A5", _("Processes have a measured baseline"))
def processes_measured(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return assess_measured(found.processes)


@criterion(
    Phase.DIAGNOSIS, "G3.A9", _("The diagnosis report is issued after the last change")
)
def diagnosis_report_current(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return report_current(
        found.programme, Document.Kind.DIAGNOSIS, found.report, found.changed_at
    )
