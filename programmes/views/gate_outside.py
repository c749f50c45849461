"""What the page of a gate outside the sequence shows beside what every gate has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from programmes.access import MelioraRequest
from programmes.forms.reviews import CaseForm
from programmes.gates.exception import figures_at
from programmes.lifecycle import GateKind, GateState
from programmes.models import Gate, GateReview

# Kind -> what its page shows: (request, gate, newest round) -> context.
Shown = Callable[[MelioraRequest, Gate, GateReview | None], dict[str, Any]]
OUTSIDE: dict[GateKind, Shown] = {}


def shown_outside(
    request: MelioraRequest, gate: Gate, last: GateReview | None
) -> dict[str, Any]:
    """Empty for the gate of a phase."""
    show = OUTSIDE.get(GateKind(gate.kind))
    return show(request, gate, last) if show else {}


def exception_shown(
    request: MelioraRequest, gate: Gate, last: GateReview | None
) -> dict[str, Any]:
    """The figures, as frozen once it is asked for, and the case with its form."""
    case = gate.case
    is_open = gate.state == GateState.PREPARING
    may_edit = is_open and request.grants.may("exception.edit")
    form = CaseForm(programme=gate.programme, user=request.user, instance=case)
    return {
        "plan_figures": figures_at(gate),
        "case": case,
        "case_form": form if may_edit else None,
    }


OUTSIDE[GateKind.EXCEPTION] = exception_shown
