"""What follows here from what happens at gates."""

from design.services.rollout import settle
from programmes.lifecycle import GateKind
from programmes.services.gate_steps import AFTERWARDS

AFTERWARDS[GateKind.GO_LIVE] = settle
