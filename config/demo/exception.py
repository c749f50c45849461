"""A demo programme whose forecast left its tolerance, and what its sponsor decided."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from config.demo import risks
from config.demo.cast import Cast, at
from programmes.lifecycle import Outcome
from programmes.models import Estimate, Gate, Programme
from programmes.phases import Phase
from programmes.services.decisions import Decision, decide_gate
from programmes.services.exception_reviews import open_exception, save_case
from programmes.services.gates import submit_gate
from programmes.services.records import fill, save_record
from programmes.services.reopening import reaffirm_gate

CASE = {
    "cause": "Two of the four dealer groups keep their own claim forms until their "
    "contracts end in March. Their claims, a fifth of all, cannot be settled by rule "
    "before. Known since the talks of last week.",
    "options": "1. Wait for the two groups: the benefit comes nine months later.\n"
    "2. Read their forms by hand: 1.5 posts, which eats the gain of their claims.\n"
    "3. Go live with the other two groups now and with these when their contracts "
    "end: no further cost, a fifth less benefit in the first year.",
    "plan": "Option 3. Service goes live with two groups as planned; the new contracts "
    "carry the common form, signed by the end of January. Owner: head of service.",
}
KEPT = Decimal("0.8")


def tell(cast: Cast, programme: Programme, day: date) -> None:
    """The benefit falls short; the lead asks, and the sponsor agrees to the plan."""
    lead, sponsor = cast.account("lead"), cast.account("sponsor")
    estimate = Estimate.objects.of(programme).get()
    less = {
        name: (getattr(estimate, name) * KEPT).quantize(Decimal(1))
        for name in ("benefit_low", "benefit_likely")
    }
    save_record(
        by=lead,
        record=fill(estimate, **less),
        now=at(day, 9),
        reason="Two dealer groups keep their forms until March",
    )
    programme.refresh_from_db()
    gate = open_exception(by=lead, programme=programme, now=at(day, 10))
    save_case(by=lead, gate=gate, texts=CASE, version=None, now=at(day, 11))
    risks.look_again(cast, programme, day)
    review = submit_gate(
        by=lead,
        gate=gate,
        ask="Go on with two dealer groups and the smaller benefit of the first year.",
        due_on=day + timedelta(days=7),
        now=at(day, 15),
    )
    decided = at(day + timedelta(days=2), 14)
    decide_gate(
        by=sponsor,
        gate=review.gate,
        decision=Decision(
            Outcome.APPROVE,
            rationale="Better a fifth less this year than nine months for nobody.",
        ),
        fingerprint=review.fingerprint,
        now=decided,
    )
    reaffirm_gate(
        by=sponsor,
        gate=Gate.objects.get(programme=programme, first_phase=Phase.MASTER_PLAN),
        note="The smaller range was decided in exception review 1.",
        now=decided + timedelta(minutes=20),
    )
