"""The decision at a gate, what it sets off, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.events import announce, gate_passed
from programmes.kit.errors import NotAllowed, Refusal
from programmes.lifecycle import OPENING, GateAct, GateKind, Outcome, ReviewState
from programmes.models import Account, Gate, GateReview, Programme, WorkItem
from programmes.phases import Phase
from programmes.services import ballots, notifications
from programmes.services.conditions import (
    MOST_CONDITIONS,
    Incomplete,
    Wanted,
    add_condition,
)
from programmes.services.gate_steps import (
    Standing,
    WrongMoment,
    enter,
    locked,
    meaning_of,
    move,
    open_review,
    refuse_submitter,
    require_chair,
    settle,
    sign,
    tell,
)
from programmes.services.ledger import (
    Kind,
    seal_of_ballot,
    seal_of_decision,
    signed,
)
from programmes.services.readiness import verdict_of

UNDO_MINUTES = 10
VERBS = {
    Outcome.APPROVE: "approved",
    Outcome.CONDITIONS: "approved_with_conditions",
    Outcome.RETURN: "returned",
    Outcome.HOLD: "held",
    Outcome.STOP: "stopped",
}
# The programme is not the head's of a unit to hold or stop.
OF_A_UNIT = (Outcome.APPROVE, Outcome.RETURN)
# Printed with the signature; a record keeps the words in which it was signed.
MEANINGS = {
    Outcome.APPROVE: "I approve {gate}.",
    Outcome.CONDITIONS: "I approve {gate} with the conditions listed.",
    Outcome.RETURN: "I return {gate} for rework.",
    Outcome.HOLD: "I put the programme on hold at {gate}.",
    Outcome.STOP: "I stop the programme at {gate}.",
}


class AlreadyDecided(Refusal):
    """Somebody decided this round; the message says who."""

    code = "already-decided"


class EvidenceChanged(Refusal):
    """What was submitted no longer holds."""

    code = "evidence-changed"


@dataclass(frozen=True)
class Decision:
    """What the chair says.

    :param review_on: when a hold is looked at again.
    :param disposal: what becomes of people, contracts and assets of a stopped one.
    :param closes: at gate 8: the programme is over, its gain is handed over.
    """

    outcome: Outcome
    rationale: str = ""
    conditions: Sequence[Wanted] = ()
    review_on: date | None = None
    disposal: str = ""
    closes: bool = False


def decide_gate(
    *, by: Account, gate: Gate, decision: Decision, fingerprint: str, now: datetime
) -> GateReview:
    """Record the decision of the chair, or of their delegate, on the evidence they saw.

    :raises NotAllowed: neither of them, or the one who submitted.
    :raises AlreadyDecided: this round has its decision; the message says whose.
    :raises EvidenceChanged: the evidence is not what was submitted, or a must is red.
    :raises Incomplete: a reason, the conditions or a date are missing.
    :raises WrongMoment: the panel's rule stands against it.
    """
    with transaction.atomic():
        gate = locked(gate)
        review, standing = check_decision(
            by=by, gate=gate, decision=decision, fingerprint=fingerprint, now=now
        )
        move(gate, GateAct(decision.outcome))
        record_decision(review, decision, gate, now)
        review.decided_by, review.decided_for = by, standing.on_behalf_of
        review.save()
        signature = sign(
            gate=gate,
            review=review,
            by=by,
            standing=standing,
            kind="decision",
            meaning=MEANINGS[decision.outcome].format(gate=meaning_of(gate)),
            mark=review.pack_hash,
            note=decision.rationale,
            now=now,
        )
        for wanted in decision.conditions:
            add_condition(review, gate, wanted, by, now)
        take_effect(gate, decision, now)
        settle(gate, now)
        tell(by, VERBS[decision.outcome], gate, now, decision.rationale)
        notifications.tell_decided(review, now)
        enter(
            gate,
            Kind.DECIDED,
            now,
            standing=standing,
            review=review.pk,
            round=review.round,
            outcome=decision.outcome,
            pack=review.pack_hash,
            decision=seal_of_decision(review),
            **signed(signature),
        )
    return review


def check_decision(
    *, by: Account, gate: Gate, decision: Decision, fingerprint: str, now: datetime
) -> tuple[GateReview, Standing]:
    """Could this decision be signed? The round and the standing of who signs.

    :raises: as for decide_gate.
    """
    standing = require_chair(by, gate, now)
    review = open_review(gate)
    if review is None:
        raise AlreadyDecided(who_decided(gate))
    refuse_submitter(review, by, standing)
    if gate.kind == GateKind.GO_LIVE and decision.outcome not in OF_A_UNIT:
        raise WrongMoment(_("The head of a unit accepts it or returns it."))
    check_words(review, decision, now.date())
    ballots.refuse_by_rule(review, decision.outcome)
    if decision.outcome in OPENING:
        refuse_changed_evidence(gate, review, decision.outcome, fingerprint, now)
    return review, standing


def record_decision(
    review: GateReview, decision: Decision, gate: Gate, now: datetime
) -> None:
    review.state, review.outcome = ReviewState.DECIDED, decision.outcome
    review.rationale, review.decided_at = decision.rationale, now
    review.review_on, review.disposal = decision.review_on, decision.disposal
    review.phase_before = gate.programme.phase
    # Whoever voted is seen now, also when the chair did not wait for all.
    review.revealed_at = review.revealed_at or now


def check_words(review: GateReview, decision: Decision, today: date) -> None:
    """:raises Incomplete: naming what is missing."""
    outcome = decision.outcome
    dissent = outcome is Outcome.APPROVE and ballots.tally(review).dissent
    if (outcome is not Outcome.APPROVE or dissent) and not decision.rationale.strip():
        message = _("Give the reason; the team and the record will see it.")
        raise Incomplete(message, {"rationale": message})
    wants_conditions = outcome is Outcome.CONDITIONS
    if wants_conditions and not 1 <= len(decision.conditions) <= MOST_CONDITIONS:
        message = _("Give one to five conditions, each with an owner and a date.")
        raise Incomplete(message, {"conditions": message})
    if not wants_conditions and decision.conditions:
        raise Incomplete(_("Conditions go with approving with conditions only."))
    if outcome is Outcome.HOLD and not (
        decision.review_on and decision.review_on > today
    ):
        message = _("Say when the hold is looked at again; it is never open-ended.")
        raise Incomplete(message, {"review_on": message})
    if outcome is Outcome.STOP and not decision.disposal.strip():
        message = _("Say what becomes of the people, contracts and assets.")
        raise Incomplete(message, {"disposal": message})


def who_decided(gate: Gate) -> str:
    decided = gate.reviews.filter(state=ReviewState.DECIDED)
    last = decided.select_related("decided_by").order_by("-round").first()
    if last is None:
        return _("No decision is waiting at this gate.")
    return _("%(name)s has decided already: %(outcome)s.") % {
        "name": last.decided_by,
        "outcome": last.outcome_words,
    }


def refuse_changed_evidence(
    gate: Gate, review: GateReview, outcome: Outcome, fingerprint: str, now: datetime
) -> None:
    verdict = verdict_of(gate, now)
    if fingerprint != review.fingerprint or verdict.fingerprint() != review.fingerprint:
        raise EvidenceChanged(
            _(
                "The evidence changed since it was submitted. Return the gate or ask "
                "the lead to submit it again."
            )
        )
    with_conditions = outcome is Outcome.CONDITIONS
    red = verdict.closed_for_conditions if with_conditions else verdict.missing
    if red:
        titles = "; ".join(str(one.criterion.title) for one in red)
        raise EvidenceChanged(_("No longer met: %(titles)s.") % {"titles": titles})


def take_effect(gate: Gate, decision: Decision, now: datetime) -> None:
    """Open the next phase, or hold, stop or close the programme."""
    if decision.outcome in OPENING:
        gate.changed_at, gate.to_reaffirm = None, False
        gate.save(update_fields=["changed_at", "to_reaffirm"])
        if gate.is_of_phase:
            open_next_phase(gate)
        if decision.closes and gate.phase == Phase.IMPROVEMENT:
            set_state(gate.programme, Programme.State.CLOSED, now)
    elif decision.outcome is Outcome.HOLD:
        set_state(gate.programme, Programme.State.HOLD, now)
    elif decision.outcome is Outcome.STOP:
        set_state(gate.programme, Programme.State.STOPPED, now)


def set_state(programme: Programme, state: Programme.State, now: datetime) -> None:
    row = Programme.objects.select_for_update().get(pk=programme.pk)
    row.state = state
    row.held_at = now if state == Programme.State.HOLD else None
    row.save(update_fields=["state", "held_at"])
    programme.state, programme.held_at = row.state, row.held_at


def open_next_phase(gate: Gate) -> None:
    """Never back: a gate that was reopened leaves later phases open."""
    programme = Programme.objects.select_for_update().get(pk=gate.programme_id)
    if programme.phase <= gate.phase < Phase.IMPROVEMENT:
        programme.phase = gate.phase + 1
        programme.save(update_fields=["phase"])
    gate.programme.phase = programme.phase
    announce(gate_passed, programme_id=programme.pk, phase=int(gate.phase))


def undo_decision(*, by: Account, gate: Gate, now: datetime) -> GateReview:
    """Take a decision back within ten minutes; a new round has the same evidence.

    What was entered in the next phase meanwhile is kept.

    :raises NotAllowed: not the one who decided.
    :raises WrongMoment: too late, or the next gate is in review already.
    """
    require_chair(by, gate, now)
    with transaction.atomic():
        gate = locked(gate)
        review = gate.reviews.order_by("-round").first()
        if review is None or review.state != ReviewState.DECIDED:
            raise WrongMoment(_("There is no decision to undo."))
        if review.decided_by_id != by.pk:
            raise NotAllowed(_("Only the person who decided can undo it."))
        refuse_late_undo(gate, review, now)
        move(gate, GateAct.UNDO)
        review.state = ReviewState.UNDONE
        review.save(update_fields=["state"])
        drop_conditions(review, by, now)
        again = same_again(review)
        step_back(gate, review)
        settle(gate, now)
        tell(by, "undid", gate, now)
        notifications.untell(review)
        enter(
            gate,
            Kind.UNDONE,
            now,
            by=by,
            review=review.pk,
            again=again.pk,
            pack=again.pack_hash,
            ballots=[
                [vote.person_id, seal_of_ballot(vote)] for vote in again.votes.all()
            ],
        )
    return again


def drop_conditions(review: GateReview, by: Account, now: datetime) -> None:
    for condition in review.conditions.select_related("work_item"):
        item = condition.work_item
        item.state, item.deleted_at = WorkItem.State.DROPPED, now
        item.stamp(by, now)
        item.save(update_fields=["state", "deleted_at"])


def same_again(review: GateReview) -> GateReview:
    """A new round on the same pack; ballots and waivers stay what they were."""
    again = GateReview.objects.create(
        gate=review.gate,
        round=review.round + 1,
        ask=review.ask,
        evidence=review.evidence,
        fingerprint=review.fingerprint,
        pack=review.pack,
        pack_hash=review.pack_hash,
        panel=review.panel,
        submitted_by=review.submitted_by,
        submitted_at=review.submitted_at,
        due_on=review.due_on,
        revealed_at=review.revealed_at if review.votes.exists() else None,
    )
    for vote in review.votes.all():
        vote.pk, vote.review = None, again
        vote.save()
    for waiver in review.waivers.all():
        waiver.review = again
        waiver.save(update_fields=["review"])
    return again


def step_back(gate: Gate, review: GateReview) -> None:
    """Put the programme where it stood before the decision."""
    programme = Programme.objects.select_for_update().get(pk=gate.programme_id)
    if gate.is_of_phase:
        programme.phase = review.phase_before or gate.phase
    programme.state, programme.held_at = Programme.State.ACTIVE, None
    programme.save(update_fields=["phase", "state", "held_at"])
    gate.programme = programme


def can_undo(review: GateReview, by: Account, now: datetime) -> bool:
    """Is the undo button of this decision worth showing to this account?"""
    return (
        review.state == ReviewState.DECIDED
        and review.decided_by_id == by.pk
        and review.decided_at is not None
        and now - review.decided_at <= timedelta(minutes=UNDO_MINUTES)
    )


def refuse_late_undo(gate: Gate, review: GateReview, now: datetime) -> None:
    if not can_undo(review, review.decided_by, now):  # type: ignore[arg-type]
        raise WrongMoment(
            _("A decision can be undone for %(minutes)s minutes; this one stands.")
            % {"minutes": UNDO_MINUTES}
        )
    later = GateReview.objects.filter(
        gate__programme=gate.programme_id,
        gate__kind=GateKind.PHASE,
        gate__phase__gt=gate.phase,
        submitted_at__gte=review.decided_at,
    )
    if later.exists():
        raise WrongMoment(_("The next gate is in review already."))
