"""Criteria of gates 7 and 8."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.gates import Common, common, conditions_closed
from programmes.gating import Assessment, criterion, evidence
from programmes.models import Document, Programme
from programmes.phases import Phase
from programmes.reports import newest_change, newest_document, report_current


@dataclass(frozen=True)
class Evaluation:
    shared: Common
    report: Document | None = None
    changed_at: datetime | None = None

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.EVALUATION)
def evaluation(programme: Programme, now: datetime) -> Evaluation:
    return Evaluation(
        shared=common(programme, Phase.EVALUATION),
        report=newest_document(programme, Document.Kind.EVALUATION),
        changed_at=newest_change(programme, Phase.EVALUATION),
    )


@criterion(Phase.EVALUATION, "G7.A0", _("Conditions of earlier gates are closed"))
def evaluation_conditions(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@criterion(
    Phase.EVALUATION,
    "G7.A9",
    _("The evaluation report is issued after the last change"),
)
def evaluation_report_current(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    return report_current(
        found.programme, Document.Kind.EVALUATION, found.report, found.changed_at
    )


@dataclass(frozen=True)
class Improvement:
    shared: Common

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.IMPROVEMENT)
def improvement(programme: Programme, now: datetime) -> Improvement:
    return Improvement(shared=common(programme, Phase.IMPROVEMENT))


@criterion(Phase.IMPROVEMENT, "G8.A0", _("Conditions of earlier gates are closed"))
def improvement_conditions(found: Improvement, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)
