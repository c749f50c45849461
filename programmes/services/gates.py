"""Submitting, withdrawing, deciding and undoing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from programmes import gating
from programmes.events import announce, gate_passed, records_changed
from programmes.kit.errors import NotAllowed, Refusal
from programmes.lifecycle import GateAct, GateState, Outcome, ReviewState
from programmes.models import Account, Gate, GateReview, Programme, WorkItem
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services import activity
from programmes.services.conditions import (
    MOST_CONDITIONS,
    Incomplete,
    Wanted,
    add_condition,
)
from programmes.services.gate_steps import WrongMoment, gate_url, locked, move

UNDO_MINUTES = 10


class NotReady(Refusal):
    """Musts are missing; the message counts them."""

    code = "not-ready"


class AlreadyDecided(Refusal):
    """Somebody decided this round; the message says who."""

    code = "already-decided"


class EvidenceChanged(Refusal):
    """What was submitted no longer holds."""

    code = "evidence-changed"


def decide_act(phase: int) -> str:
    """The line of the policy table for the decision: gate 8 belongs to the owner."""
    return "gate8.decide" if phase == Phase.IMPROVEMENT else "gate.decide"


def open_review(gate: Gate) -> GateReview | None:
    return gate.reviews.filter(state=ReviewState.OPEN).first()


def submit_gate(
    *, by: Account, gate: Gate, ask: str, due_on: date, now: datetime
) -> GateReview:
    """Freeze the evidence and ask the chair for a decision.

    :raises NotAllowed: not the lead.
    :raises WrongMoment: not the gate of the present phase, or in review already.
    :raises NotReady: musts are missing.
    """
    require(by, "gate.submit", gate.programme)
    with transaction.atomic():
        gate = locked(gate)
        programme = gate.programme
        if gate.phase != programme.phase:
            raise WrongMoment(
                _("The programme is in phase %(phase)s; its gate comes first.")
                % {"phase": programme.phase}
            )
        move(gate, GateAct.SUBMIT)
        verdict = gating.assess(programme, Phase(gate.phase), now)
        if not verdict.is_ready:
            raise NotReady(
                _("Still missing: %(titles)s.")
                % {
                    "titles": "; ".join(
                        str(one.criterion.title) for one in verdict.missing
                    )
                }
            )
        review = GateReview.objects.create(
            gate=gate,
            round=gate.reviews.count() + 1,
            ask=ask,
            evidence=verdict.frozen(),
            fingerprint=verdict.fingerprint(),
            submitted_by=by,
            submitted_at=now,
            due_on=due_on,
        )
        activity.record(
            by=by,
            verb="submitted",
            kind=f"gate.{gate.phase}",
            programme=programme,
            now=now,
            url=gate_url(gate),
            note=ask,
        )
    return review


def withdraw_gate(*, by: Account, gate: Gate, now: datetime) -> None:
    """Take the question back, so that the evidence can be changed.

    :raises NotAllowed: not the lead.
    :raises WrongMoment: nothing is waiting for a decision.
    """
    require(by, "gate.withdraw", gate.programme)
    with transaction.atomic():
        gate = locked(gate)
        move(gate, GateAct.WITHDRAW)
        review = gate.reviews.get(state=ReviewState.OPEN)
        review.state = ReviewState.WITHDRAWN
        review.save(update_fields=["state"])
        activity.record(
            by=by,
            verb="withdrew",
            kind=f"gate.{gate.phase}",
            programme=gate.programme,
            now=now,
            url=gate_url(gate),
        )


def decide_gate(
    *,
    by: Account,
    gate: Gate,
    outcome: Outcome,
    fingerprint: str,
    now: datetime,
    rationale: str = "",
    conditions: Sequence[Wanted] = (),
) -> GateReview:
    """Record the decision of the chair on the evidence they saw.

    :raises NotAllowed: not the chair, or the one who submitted.
    :raises AlreadyDecided: this round has its decision; the message says whose.
    :raises EvidenceChanged: the evidence is not what was submitted, or a must is red.
    :raises Incomplete: a reason or the conditions are missing.
    """
    require(by, decide_act(gate.phase), gate.programme)
    check_words(outcome, rationale, conditions)
    with transaction.atomic():
        gate = locked(gate)
        review = open_review(gate)
        if review is None:
            raise AlreadyDecided(who_decided(gate))
        if review.submitted_by_id == by.pk:
            raise NotAllowed(_("Who asks for a decision does not take it."))
        if outcome is not Outcome.RETURN:
            refuse_changed_evidence(gate, review, fingerprint, now)
        move(gate, GateAct(outcome))
        review.state, review.outcome = ReviewState.DECIDED, outcome
        review.rationale, review.decided_by, review.decided_at = rationale, by, now
        review.save()
        for wanted in conditions:
            add_condition(review, gate, wanted, by, now)
        if outcome is not Outcome.RETURN:
            open_next_phase(gate)
        verbs = {
            Outcome.APPROVE: "approved",
            Outcome.CONDITIONS: "approved_with_conditions",
            Outcome.RETURN: "returned",
        }
        activity.record(
            by=by,
            verb=verbs[outcome],
            kind=f"gate.{gate.phase}",
            note=rationale,
            programme=gate.programme,
            now=now,
            url=gate_url(gate),
        )
        announce(
            records_changed,
            programme_id=gate.programme_id,
            phases=(int(gate.programme.phase),),
        )
    return review


def check_words(outcome: Outcome, rationale: str, conditions: Sequence[Wanted]) -> None:
    """:raises Incomplete: naming what is missing."""
    if outcome is not Outcome.APPROVE and not rationale.strip():
        message = _("Give the reason; the team and the record will see it.")
        raise Incomplete(message, {"rationale": message})
    if outcome is Outcome.CONDITIONS and not 1 <= len(conditions) <= MOST_CONDITIONS:
        message = _("Give one to five conditions, each with an owner and a date.")
        raise Incomplete(message, {"conditions": message})
    if outcome is not Outcome.CONDITIONS and conditions:
        raise Incomplete(_("Conditions go with approving with conditions only."))


def who_decided(gate: Gate) -> str:
    decided = gate.reviews.filter(state=ReviewState.DECIDED)
    last = decided.select_related("decided_by").order_by("-round").first()
    if last is None:
        return _("No decision is waiting at this gate.")
    return _("%(name)s has decided already: %(outcome)s.") % {
        "name": last.decided_by,
        "outcome": last.get_outcome_display(),
    }


def refuse_changed_evidence(
    gate: Gate, review: GateReview, fingerprint: str, now: datetime
) -> None:
    verdict = gating.assess(gate.programme, Phase(gate.phase), now)
    if fingerprint != review.fingerprint or verdict.fingerprint() != review.fingerprint:
        raise EvidenceChanged(
            _(
                "The evidence changed since it was submitted. Return the gate or ask "
                "the lead to submit it again."
            )
        )
    if verdict.missing:
        raise EvidenceChanged(
            _("No longer met: %(titles)s.")
            % {"titles": "; ".join(str(one.criterion.title) for one in verdict.missing)}
        )


def open_next_phase(gate: Gate) -> None:
    programme = Programme.objects.select_for_update().get(pk=gate.programme_id)
    if gate.phase < Phase.IMPROVEMENT:
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
    require(by, decide_act(gate.phase), gate.programme)
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
        for condition in review.conditions.select_related("work_item"):
            item = condition.work_item
            item.state, item.deleted_at = WorkItem.State.DROPPED, now
            item.save(update_fields=["state", "deleted_at"])
        again = GateReview.objects.create(
            gate=gate,
            round=review.round + 1,
            ask=review.ask,
            evidence=review.evidence,
            fingerprint=review.fingerprint,
            submitted_by=review.submitted_by,
            submitted_at=review.submitted_at,
            due_on=review.due_on,
        )
        programme = Programme.objects.select_for_update().get(pk=gate.programme_id)
        programme.phase = gate.phase
        programme.save(update_fields=["phase"])
        activity.record(
            by=by,
            verb="undid",
            kind=f"gate.{gate.phase}",
            programme=programme,
            now=now,
            url=gate_url(gate),
        )
        announce(records_changed, programme_id=programme.pk, phases=(gate.phase,))
    return again


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
    later = Gate.objects.filter(
        programme=gate.programme_id, phase__gt=gate.phase
    ).exclude(state=GateState.PREPARING)
    if later.exists():
        raise WrongMoment(_("The next gate is in review already."))
