"""Taking a demo programme through its gates."""

from __future__ import annotations

from datetime import date, timedelta

from config.demo.cast import Cast, at
from programmes.lifecycle import Outcome
from programmes.models import Gate, GateReview, Programme
from programmes.phases import Phase
from programmes.services.conditions import Wanted
from programmes.services.decisions import Decision, decide_gate
from programmes.services.gates import submit_gate

ASKS = {
    Phase.MASTER_PLAN: "Entrust the programme and release the first tranche.",
    Phase.KICK_OFF: "Staff know and take part; open data and diaries for diagnosis.",
    Phase.DIAGNOSIS: "The causes are known from evidence; start the design.",
    Phase.DESIGN: "Go ahead with the central order desk and automatic credit check.",
    Phase.SUPPORT: "All that the new process leans on is planned; release the budget.",
    Phase.IMPLEMENTATION: "The new way runs in all units; start the evaluation.",
    Phase.EVALUATION: "The goals are met and confirmed; hand over to the owner.",
    Phase.IMPROVEMENT: "The gain holds; continue under the owner.",
}


def submit(cast: Cast, programme: Programme, day: date) -> GateReview:
    """The lead asks for the decision of the present phase's gate."""
    programme.refresh_from_db()
    gate = Gate.objects.get(programme=programme, phase=programme.phase)
    return submit_gate(
        by=cast.account("lead"),
        gate=gate,
        ask=ASKS[Phase(programme.phase)],
        due_on=day + timedelta(days=5),
        now=at(day, 11),
    )


def approve(
    cast: Cast, programme: Programme, day: date, condition: Wanted | None = None
) -> None:
    """Submit and approve; with conditions where one is given."""
    review = submit(cast, programme, day)
    chair = "owner" if programme.phase == Phase.IMPROVEMENT else "sponsor"
    decide_gate(
        by=cast.account(chair),
        gate=review.gate,
        decision=Decision(
            Outcome.CONDITIONS if condition else Outcome.APPROVE,
            rationale="Good work; one thing is left." if condition else "",
            conditions=[condition] if condition else [],
        ),
        fingerprint=review.fingerprint,
        now=at(day + timedelta(days=1), 15),
    )
    programme.refresh_from_db()
