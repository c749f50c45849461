"""What gates, their states and the answers at them are called."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programmes.lifecycle import GateKind, GateState, Outcome, ReviewState

GATE_STATES = [
    (GateState.PREPARING, _("In preparation")),
    (GateState.IN_REVIEW, _("In review")),
    (GateState.PASSED, _("Passed")),
    (GateState.CONDITIONAL, _("Passed with conditions")),
    (GateState.ON_HOLD, _("On hold")),
    (GateState.STOPPED, _("Stopped")),
]
REVIEW_STATES = [
    (ReviewState.OPEN, _("Waiting for a decision")),
    (ReviewState.DECIDED, _("Decided")),
    (ReviewState.WITHDRAWN, _("Withdrawn")),
    (ReviewState.UNDONE, _("Decision undone")),
    (ReviewState.REOPENED, _("Gate reopened")),
]
OUTCOMES = [
    (Outcome.APPROVE, _("Approve")),
    (Outcome.CONDITIONS, _("Approve with conditions")),
    (Outcome.RETURN, _("Return for rework")),
    (Outcome.HOLD, _("Put on hold")),
    (Outcome.STOP, _("Stop the programme")),
]
GATE_KINDS = [
    (GateKind.PHASE, _("Gate of a phase")),
    (GateKind.EXCEPTION, _("Exception review")),
    (GateKind.GO_LIVE, _("Go-live")),
]


def gate_name(kind: str, number: int, subject: str = "") -> str:
    """What a gate is called, in the language that is active."""
    names = {
        GateKind.EXCEPTION: _("Exception review %(number)s"),
        GateKind.GO_LIVE: _("Go-live of %(subject)s"),
    }
    return named(names.get(GateKind(kind), _("Gate %(number)s")), kind, number, subject)


def gate_words(kind: str, number: int, subject: str = "") -> str:
    """The same within a sentence."""
    names = {
        GateKind.EXCEPTION: _("exception review %(number)s"),
        GateKind.GO_LIVE: _("the go-live of %(subject)s"),
    }
    return named(names.get(GateKind(kind), _("gate %(number)s")), kind, number, subject)


def named(words: Any, kind: str, number: int, subject: str) -> str:
    """Exception reviews are counted among themselves; their subject is that count."""
    shown = subject or number if kind == GateKind.EXCEPTION else number
    return str(words % {"number": shown, "subject": subject})


def outcome_words(outcome: str, kind: str = GateKind.PHASE) -> str:
    """What was decided; empty where nothing was. A go-live is accepted."""
    if outcome == Outcome.APPROVE and kind == GateKind.GO_LIVE:
        return gettext("Accept")
    return str(dict(OUTCOMES)[Outcome(outcome)]) if outcome else ""
