"""Criteria of gates 4, 5 and 6."""

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
class Design:
    shared: Common

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.DESIGN)
def design(programme: Programme, now: datetime) -> Design:
    return Design(shared=common(programme, Phase.DESIGN))


@criterion(Phase.DESIGN, "G4.A0", _("Conditions of earlier gates are closed"))
def design_conditions(found: Design, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@dataclass(frozen=True)
class Support:
    shared: Common

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.SUPPORT)
def support(programme: Programme, now: datetime) -> Support:
    return Support(shared=common(programme, Phase.SUPPORT))


@criterion(Phase.SUPPORT, "G5.A0", _("Conditions of earlier gates are closed"))
def support_conditions(found: Support, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@dataclass(frozen=True)
class Implementation:
    shared: Common

    @property
    def programme(self) -> Programme:
        return self.shared.programme


@evidence(Phase.IMPLEMENTATION)
def implementation(programme: Programme, now: datetime) -> Implementation:
    return Implementation(shared=common(programme, Phase.IMPLEMENTATION))


@criterion(Phase.IMPLEMENTATION, "G6.A0", _("Conditions of earlier gates are closed"))
def implementation_conditions(
    found: Implementation, limits: dict[str, Any]
) -> Assessment:
    return conditions_closed(found.shared)
