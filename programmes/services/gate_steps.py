"""One step of a gate's state, under its lock."""

from __future__ import annotations

from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal
from programmes.lifecycle import GATE, GateAct, GateState, Impossible, step
from programmes.models import Gate


class WrongMoment(Refusal):
    """The gate is not in a state for this."""

    code = "wrong-moment"


def gate_url(gate: Gate) -> str:
    return f"/p/{gate.programme.code}/gates/{gate.phase}/"


def move(gate: Gate, act: GateAct) -> None:
    """Step the locked gate and save it.

    :raises WrongMoment: the state table has no such step.
    """
    try:
        gate.state = step(GATE, GateState(gate.state), act)
    except Impossible:
        message = _("This cannot be done while the gate is: %(state)s.")
        raise WrongMoment(message % {"state": gate.get_state_display()}) from None
    gate.save(update_fields=["state"])


def locked(gate: Gate) -> Gate:
    gates = Gate.objects.select_for_update(of=("self",))
    found: Gate = gates.select_related("programme__enterprise").get(pk=gate.pk)
    return found
