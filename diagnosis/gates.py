"""Criteria of gate 3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.gates import Common, common, conditions_closed
from programmes.gating import Assessment, criterion, evidence
from programmes.models import Programme
from programmes.phases import Phase


@dataclass(frozen=True)
class Diagnosis:
    shared: Common

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.DIAGNOSIS)
def diagnosis(programme: Programme, now: datetime) -> Diagnosis:
    return Diagnosis(shared=common(programme, Phase.DIAGNOSIS))


@criterion(Phase.DIAGNOSIS, "G3.A0", _("Conditions of earlier gates are closed"))
def diagnosis_conditions(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)
