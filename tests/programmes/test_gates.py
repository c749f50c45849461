"""Submitting, deciding, undoing; the lock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programmes.kit.errors import NotAllowed
from programmes.lifecycle import GateState, Outcome, ReviewState
from programmes.models import (
    Activity,
    BudgetLine,
    Meeting,
    Need,
    Programme,
    WorkItem,
)
from programmes.services import conditions, decisions, gate_steps, gates
from programmes.services.records import UnderReview, delete_record, save_record
from tests.programmes.ready import (
    condition,
    decide,
    gate,
    ready_for_gate_1,
    ready_for_gate_2,
    submitted,
)
from tests.world import NOW


class TestSubmitGate:
    def test_freezes_the_evidence(self, world) -> None:
        ready_for_gate_1(world)

        review = submitted(world)

        assert gate(world, 1).state == GateState.IN_REVIEW
        assert {one["code"] for one in review.evidence} >= {"G1.A1", "G1.F"}
        musts = [one for one in review.evidence if one["kind"] == "must"]
        assert all(one["result"] == "pass" for one in musts)
        assert len(review.fingerprint) == 64

    def test_names_what_is_missing(self, world) -> None:
        with pytest.raises(gates.NotReady) as refusal:
            submitted(world)

        assert "The mandate is signed by the sponsor" in str(refusal.value)
        assert gate(world, 1).state == GateState.PREPARING

    def test_refuses_another_phase(self, world) -> None:
        with pytest.raises(gate_steps.WrongMoment, match="phase 1"):
            submitted(world, 2)

    def test_refuses_twice(self, world) -> None:
        ready_for_gate_1(world)
        submitted(world)

        with pytest.raises(gate_steps.WrongMoment):
            submitted(world)

    def test_is_the_leads(self, world) -> None:
        with pytest.raises(NotAllowed):
            gates.submit_gate(
                by=world.sponsor,
                gate=gate(world, 1),
                ask="§",
                due_on=NOW.date(),
                now=NOW,
            )


class TestLockInReview:
    def test_refuses_edits_of_evidence(self, world) -> None:
        ready_for_gate_1(world)
        line = BudgetLine.objects.get()
        submitted(world)

        with pytest.raises(UnderReview):
            save_record(by=world.lead, record=line, now=NOW)
        with pytest.raises(UnderReview):
            delete_record(by=world.lead, record=line, now=NOW)
        with pytest.raises(UnderReview):
            world.save(Need, title="§New")

    def test_opens_with_withdrawal(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        gates.withdraw_gate(by=world.lead, gate=review.gate, now=NOW)

        review.refresh_from_db()
        assert review.state == ReviewState.WITHDRAWN
        assert world.save(Need, title="§New").pk

    def test_withdrawal_needs_a_review(self, world) -> None:
        with pytest.raises(gate_steps.WrongMoment):
            gates.withdraw_gate(by=world.lead, gate=gate(world, 1), now=NOW)


class TestDecideGate:
    def test_approves_and_opens_the_next_phase(self, world) -> None:
        ready_for_gate_1(world)

        decide(world, submitted(world))

        assert gate(world, 1).state == GateState.PASSED
        assert Programme.objects.get(pk=world.programme.pk).phase == 2
        assert Activity.objects.filter(verb="approved").count() == 1

    def test_refuses_who_is_not_the_chair(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        for name in ("lead", "controller", "gatekeeper", "owner", "viewer", "admin"):
            with pytest.raises(NotAllowed):
                decide(world, review, by=name)

    def test_refuses_the_submitter(self, world) -> None:
        from programmes.models import Membership

        ready_for_gate_1(world)
        review = submitted(world)
        Membership.objects.create(
            programme=world.programme, person=world.person("lead"), role="sponsor"
        )

        with pytest.raises(NotAllowed, match="asks for a decision"):
            decide(world, review, by="lead")

    def test_says_who_decided_already(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(world, review)

        with pytest.raises(decisions.AlreadyDecided, match="§Sponsor Person"):
            decide(world, review)

    def test_without_a_review_says_so(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        gates.withdraw_gate(by=world.lead, gate=review.gate, now=NOW)

        with pytest.raises(decisions.AlreadyDecided, match="No decision is waiting"):
            decide(world, review)

    def test_refuses_another_fingerprint(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        review.fingerprint = "0" * 64

        with pytest.raises(decisions.EvidenceChanged):
            decide(world, review)

    def test_refuses_evidence_that_changed_underneath(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        BudgetLine.objects.update(version=99)

        with pytest.raises(decisions.EvidenceChanged):
            decide(world, review)

    def test_refuses_a_must_that_turned_red(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        BudgetLine.objects.update(category="")

        with pytest.raises(decisions.EvidenceChanged, match="No longer met"):
            decide(world, review)

    def test_returns_also_with_changed_evidence(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        BudgetLine.objects.update(version=99)

        decide(world, review, Outcome.RETURN, rationale="§Show the risk")

        assert gate(world, 1).state == GateState.PREPARING
        assert Programme.objects.get(pk=world.programme.pk).phase == 1

    def test_asks_for_a_reason(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        with pytest.raises(conditions.Incomplete) as refusal:
            decide(world, review, Outcome.RETURN)

        assert "rationale" in refusal.value.fields

    def test_asks_for_conditions(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        with pytest.raises(conditions.Incomplete):
            decide(world, review, Outcome.CONDITIONS, rationale="§But")
        with pytest.raises(conditions.Incomplete):
            decide(world, review, conditions=[condition(world)])

    def test_refuses_an_owner_of_elsewhere(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        foreign = conditions.Wanted("§X", world.person("stranger"), NOW.date())

        with pytest.raises(conditions.Incomplete):
            decide(
                world,
                review,
                Outcome.CONDITIONS,
                rationale="§But",
                conditions=[foreign],
            )


class TestUndoDecision:
    def test_opens_a_new_round_with_the_same_evidence(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(world, review)

        again = decisions.undo_decision(
            by=world.sponsor, gate=review.gate, now=NOW + timedelta(minutes=9)
        )

        assert (again.round, again.fingerprint) == (2, review.fingerprint)
        assert gate(world, 1).state == GateState.IN_REVIEW
        assert Programme.objects.get(pk=world.programme.pk).phase == 1

    def test_takes_back_the_conditions(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(
            world,
            review,
            Outcome.CONDITIONS,
            rationale="§But",
            conditions=[condition(world)],
        )

        decisions.undo_decision(by=world.sponsor, gate=review.gate, now=NOW)

        assert not WorkItem.objects.alive().exists()

    def test_keeps_what_was_entered_in_the_next_phase(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(world, review)
        ready_for_gate_2(world)

        decisions.undo_decision(by=world.sponsor, gate=review.gate, now=NOW)

        assert Meeting.objects.of(world.programme).count() == 1

    def test_ends_after_ten_minutes(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(world, review)

        with pytest.raises(gate_steps.WrongMoment, match="10 minutes"):
            decisions.undo_decision(
                by=world.sponsor, gate=review.gate, now=NOW + timedelta(minutes=11)
            )

    def test_is_the_deciders_alone(self, world) -> None:
        from programmes.models import Membership

        ready_for_gate_1(world)
        review = submitted(world)
        decide(world, review)
        Membership.objects.create(
            programme=world.programme, person=world.person("viewer"), role="sponsor"
        )

        with pytest.raises(NotAllowed, match="Only the person"):
            decisions.undo_decision(by=world.viewer, gate=review.gate, now=NOW)

    def test_needs_a_decision(self, world) -> None:
        with pytest.raises(gate_steps.WrongMoment, match="no decision"):
            decisions.undo_decision(by=world.sponsor, gate=gate(world, 1), now=NOW)

    def test_stops_when_the_next_gate_moved_on(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(world, review)
        ready_for_gate_2(world)
        submitted(world, 2)

        with pytest.raises(gate_steps.WrongMoment, match="next gate"):
            decisions.undo_decision(by=world.sponsor, gate=review.gate, now=NOW)
