"""Start-up checks: each phase has a required criterion."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from programmes.gating import Kind, criteria
from programmes.phases import Phase


@register()
def each_phase_has_a_must(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"Gate {int(phase)} has no required criterion.", id="meliora.E001")
        for phase in Phase
        if not any(one.kind is Kind.MUST for one in criteria(phase))
    ]
