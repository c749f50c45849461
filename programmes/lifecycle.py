"""State tables: (state, act) -> state. A pair that is not here cannot happen."""

from enum import StrEnum
from typing import TypeVar


class GateKind(StrEnum):
    """At the end of a phase, or outside the sequence."""

    PHASE = "phase"
    EXCEPTION = "exception"
    GO_LIVE = "go_live"


class GateState(StrEnum):
    PREPARING = "preparing"
    IN_REVIEW = "in_review"
    PASSED = "passed"
    CONDITIONAL = "conditional"
    ON_HOLD = "on_hold"
    STOPPED = "stopped"


class ReviewState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"
    REOPENED = "reopened"


class Outcome(StrEnum):
    APPROVE = "approve"
    CONDITIONS = "approve_with_conditions"
    RETURN = "return"
    HOLD = "hold"
    STOP = "stop"


class GateAct(StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    CONDITIONS = "approve_with_conditions"
    RETURN = "return"
    HOLD = "hold"
    STOP = "stop"
    RESUME = "resume"
    CLOSE_CONDITIONS = "close_conditions"
    REOPEN_CONDITIONS = "reopen_conditions"
    UNDO = "undo"
    REOPEN = "reopen"


# What opens the way to the next phase.
OPENING = frozenset({Outcome.APPROVE, Outcome.CONDITIONS})
OPEN_GATE = frozenset({GateState.PASSED, GateState.CONDITIONAL})
# Where an exception stands until it is approved or the programme ends.
UNDECIDED = (GateState.PREPARING, GateState.IN_REVIEW, GateState.ON_HOLD)

GATE: dict[tuple[GateState, GateAct], GateState] = {
    (GateState.PREPARING, GateAct.SUBMIT): GateState.IN_REVIEW,
    (GateState.IN_REVIEW, GateAct.WITHDRAW): GateState.PREPARING,
    (GateState.IN_REVIEW, GateAct.APPROVE): GateState.PASSED,
    (GateState.IN_REVIEW, GateAct.CONDITIONS): GateState.CONDITIONAL,
    (GateState.IN_REVIEW, GateAct.RETURN): GateState.PREPARING,
    (GateState.IN_REVIEW, GateAct.HOLD): GateState.ON_HOLD,
    (GateState.IN_REVIEW, GateAct.STOP): GateState.STOPPED,
    (GateState.ON_HOLD, GateAct.RESUME): GateState.PREPARING,
    (GateState.CONDITIONAL, GateAct.CLOSE_CONDITIONS): GateState.PASSED,
    (GateState.PASSED, GateAct.REOPEN_CONDITIONS): GateState.CONDITIONAL,
    # Undo opens a new round with the same evidence, whatever was decided.
    (GateState.PASSED, GateAct.UNDO): GateState.IN_REVIEW,
    (GateState.CONDITIONAL, GateAct.UNDO): GateState.IN_REVIEW,
    (GateState.PREPARING, GateAct.UNDO): GateState.IN_REVIEW,
    (GateState.ON_HOLD, GateAct.UNDO): GateState.IN_REVIEW,
    (GateState.STOPPED, GateAct.UNDO): GateState.IN_REVIEW,
    # The chair takes a gate up again; the review at gate 8 comes again and again.
    (GateState.PASSED, GateAct.REOPEN): GateState.PREPARING,
    (GateState.CONDITIONAL, GateAct.REOPEN): GateState.PREPARING,
}

S = TypeVar("S")
A = TypeVar("A")


class Impossible(ValueError):
    """The act does not fit the state."""


def step(table: dict[tuple[S, A], S], state: S, act: A) -> S:
    """Return the next state.

    :raises Impossible: when the table has no such pair.
    """
    try:
        return table[(state, act)]
    except KeyError:
        raise Impossible(f"{act} is not possible while {state}") from None
