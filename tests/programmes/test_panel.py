"""Ballots, the panel's rules, waivers and standing in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from programmes.kit.errors import NotAllowed
from programmes.lifecycle import GateState, Outcome
from programmes.models import GateReview, Membership, Vote, Waiver
from programmes.services import ballots, delegations, waivers
from programmes.services.conditions import Incomplete
from programmes.services.decisions import EvidenceChanged
from programmes.services.delegations import BadDelegation, Handover
from programmes.services.gate_steps import WrongMoment
from programmes.services.gates import NotReady
from tests.programmes.ready import (
    condition,
    decide,
    gate,
    ready_for_gate_1,
    submitted,
)
from tests.world import NOW, World, add_person

TODAY = NOW.date()


def keep_pack(world: World, **rules: Any) -> None:
    """Other rules for gate 1 in the pack of the programme."""
    pack = world.programme.pack
    assert pack is not None
    pack.content["gates"][0].update(rules)
    pack.save()


def voter(world: World, key: str, role: str = "gatekeeper") -> Any:
    person = add_person(world.enterprise, key, world.unit)
    Membership.objects.create(programme=world.programme, person=person, role=role)
    return person.account


@pytest.fixture
def panel(world: World) -> list[Any]:
    """Three gatekeepers; the rule is a majority with the chair."""
    keep_pack(world, rule="majority", panel=["gatekeeper"], veto=["controller"])
    accounts = [world.gatekeeper, voter(world, "second"), voter(world, "third")]
    ready_for_gate_1(world)
    return accounts


def vote(review: GateReview, by: Any, outcome: str = "approve", **more: Any) -> Vote:
    return ballots.cast_vote(
        by=by,
        gate=review.gate,
        outcome=Outcome(outcome),
        now=more.pop("now", NOW),
        **more,
    )


class TestCastVote:
    def test_is_sealed_until_the_quorum_has_voted(self, world, panel) -> None:
        review = submitted(world)
        assert len(review.panel) == 4  # three gatekeepers and the controller's veto

        vote(review, panel[0], "return", comment="§No")
        seen = ballots.visible_votes(GateReview.objects.get(), world.sponsor)
        own = ballots.visible_votes(GateReview.objects.get(), panel[0])
        vote(review, panel[1])

        opened = GateReview.objects.get()
        assert (seen, len(own)) == ([], 1)
        assert opened.revealed_at == NOW
        assert len(ballots.visible_votes(opened, world.sponsor)) == 2

    def test_can_be_changed_before_the_reveal_only(self, world, panel) -> None:
        review = submitted(world)
        vote(review, panel[0], "return")

        vote(review, panel[0], "approve")

        assert Vote.objects.get().outcome == "approve"
        vote(review, panel[1])
        with pytest.raises(WrongMoment, match="revealed"):
            vote(review, panel[1], "return")
        assert vote(review, panel[2]).is_late

    def test_needs_a_seat(self, world, panel) -> None:
        review = submitted(world)

        for name in ("viewer", "owner", "sponsor", "lead"):
            with pytest.raises(NotAllowed):
                vote(review, world.accounts[name])

    def test_needs_a_review(self, world, panel) -> None:
        with pytest.raises(WrongMoment, match="No decision"):
            ballots.cast_vote(
                by=panel[0], gate=gate(world, 1), outcome=Outcome.APPROVE, now=NOW
            )

    def test_refuses_the_submitter_with_a_seat(self, world) -> None:
        Membership.objects.create(
            programme=world.programme, person=world.person("lead"), role="gatekeeper"
        )
        ready_for_gate_1(world)
        review = submitted(world)

        with pytest.raises(NotAllowed):
            vote(review, world.lead)

    @pytest.mark.parametrize("scores", [{"fit": 6}, {"fit": 0}, {"nothing": 3}])
    def test_refuses_wrong_scores(self, world, panel, scores) -> None:
        review = submitted(world)

        with pytest.raises(ballots.BadScore):
            vote(review, panel[0], scores=scores)


class TestCloseVoting:
    def test_opens_what_is_there(self, world, panel) -> None:
        review = submitted(world)
        vote(review, panel[0], "return", comment="§No")

        ballots.close_voting(by=world.sponsor, gate=review.gate, now=NOW)

        assert ballots.visible_votes(GateReview.objects.get(), world.viewer)
        with pytest.raises(WrongMoment):
            ballots.close_voting(by=world.sponsor, gate=review.gate, now=NOW)

    def test_is_the_chairs(self, world, panel) -> None:
        review = submitted(world)

        with pytest.raises(NotAllowed):
            ballots.close_voting(by=panel[0], gate=review.gate, now=NOW)


class TestRules:
    def test_majority_needs_a_quorum(self, world, panel) -> None:
        review = submitted(world)
        vote(review, panel[0])

        with pytest.raises(WrongMoment, match="1 of 2 ballots"):
            decide(world, review)

        decide(world, review, Outcome.RETURN, rationale="§Back")

    def test_majority_against_closes_approving(self, world, panel) -> None:
        review = submitted(world)
        vote(review, panel[0], "return")
        vote(review, panel[1], "return")

        with pytest.raises(WrongMoment, match="majority"):
            decide(world, review, rationale="§Still")

    def test_dissent_asks_for_a_reason(self, world, panel) -> None:
        review = submitted(world)
        vote(review, panel[0])
        vote(review, panel[1], "return")

        with pytest.raises(Incomplete):
            decide(world, review)
        decide(world, review, rationale="§I heard it")

        assert gate(world, 1).state == GateState.PASSED

    def test_a_veto_stands_against_it(self, world, panel) -> None:
        review = submitted(world)
        for one in panel:
            vote(review, one)
        vote(review, world.controller, "return")

        with pytest.raises(WrongMoment, match="veto"):
            decide(world, review, rationale="§All others agree")

    def test_unanimity_needs_every_seat(self, world, panel) -> None:
        keep_pack(world, rule="unanimous", veto=[])
        review = submitted(world)
        vote(review, panel[0])
        vote(review, panel[1])

        with pytest.raises(WrongMoment, match="2 of 3 seats"):
            decide(world, review)
        vote(review, panel[2])
        decide(world, review)

        assert gate(world, 1).state == GateState.PASSED

    def test_the_hurdle_closes_approving_but_not_conditions(self, world, panel) -> None:
        review = submitted(world)
        vote(review, panel[0], scores={"fit": 2})
        vote(review, panel[1], scores={"fit": 3})

        with pytest.raises(WrongMoment, match="50 of 100"):
            decide(world, review)
        decide(
            world,
            review,
            Outcome.CONDITIONS,
            rationale="§If",
            conditions=[condition(world)],
        )

        assert gate(world, 1).state == GateState.CONDITIONAL

    def test_the_chair_alone_decides_by_default_and_opens_the_ballots(
        self, world
    ) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        decide(world, review)

        assert GateReview.objects.get().revealed_at == NOW

    def test_score_is_weighted(self, world, panel) -> None:
        keep_pack(
            world,
            judged=[
                {"key": "a", "title": "§A", "weight": 3},
                {"key": "b", "title": "§B", "weight": 1},
            ],
        )
        review = submitted(world)
        vote(review, panel[0], scores={"a": 5, "b": 1})
        vote(review, panel[1], scores={"a": 5})

        # (3 × 5/5 + 1 × 1/5) / 4
        assert ballots.tally(review).score == pytest.approx(0.8)


class TestWaiver:
    def ask(self, world: World, code: str = "G1.A3", reason: str = "§Later") -> Waiver:
        return waivers.ask_waiver(
            by=world.lead, gate=gate(world, 1), code=code, reason=reason, now=NOW
        )

    def answer(self, world: World, waiver: Waiver, **more: Any) -> Waiver:
        given = {"grant": True, "answer": "", **more}
        by = world.accounts[given.pop("by", "sponsor")]
        return waivers.answer_waiver(by=by, waiver=waiver, now=NOW, **given)

    def test_lets_the_gate_be_submitted_and_is_in_the_pack(self, world) -> None:
        from programmes.models import Need

        ready_for_gate_1(world)
        world.save(Need, title="§Unplaced")
        with pytest.raises(NotReady):
            submitted(world)

        self.answer(world, self.ask(world))
        review = submitted(world)

        assert review.pack["waivers"][0]["code"] == "G1.A3"
        assert next(c for c in review.evidence if c["code"] == "G1.A3")["waived"]
        decide(world, review)
        assert gate(world, 1).state == GateState.PASSED

    def test_serves_one_decision_only(self, world) -> None:
        ready_for_gate_1(world)
        self.answer(world, self.ask(world))
        decide(world, submitted(world), Outcome.RETURN, rationale="§No")

        assert self.ask(world).state == Waiver.State.ASKED

    def test_asked_for_is_not_granted(self, world) -> None:
        from programmes.models import Need

        ready_for_gate_1(world)
        world.save(Need, title="§Unplaced")
        self.ask(world)

        with pytest.raises(NotReady):
            submitted(world)

    def test_refuses_what_the_pack_keeps(self, world) -> None:
        with pytest.raises(waivers.NotWaivable):
            self.ask(world, "G1.A1")
        with pytest.raises(waivers.NotWaivable):
            self.ask(world, "G2.A4")
        with pytest.raises(Incomplete):
            self.ask(world, reason=" ")
        self.ask(world)
        with pytest.raises(WrongMoment):
            self.ask(world)

    def test_is_answered_by_the_chair_once(self, world) -> None:
        waiver = self.ask(world)

        for name in ("lead", "controller", "gatekeeper"):
            with pytest.raises(NotAllowed):
                self.answer(world, waiver, by=name)
        with pytest.raises(Incomplete):
            self.answer(world, waiver, grant=False)
        self.answer(world, waiver, grant=False, answer="§No")
        with pytest.raises(WrongMoment):
            self.answer(world, waiver)
        assert self.ask(world).pk != waiver.pk

    def test_needs_preparation(self, world) -> None:
        ready_for_gate_1(world)
        submitted(world)

        with pytest.raises(WrongMoment):
            self.ask(world)


def handover(world: World, **more: Any) -> Handover:
    given = {
        "taker": world.person("viewer"),
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=5),
        "reason": "§Leave",
        **more,
    }
    return Handover(**given)


class TestDelegate:
    def hand(self, world: World, by: str = "sponsor", **more: Any) -> Any:
        return delegations.delegate(
            by=world.accounts[by],
            programme=world.programme,
            handover=handover(world, **more),
            now=NOW,
        )

    def test_lets_the_taker_decide_in_the_givers_name(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        with pytest.raises(NotAllowed):
            decide(world, review, by="viewer")

        self.hand(world)
        decided = decide(world, review, by="viewer")

        signature = decided.signatures.get()
        assert decided.decided_for == world.person("sponsor")
        assert signature.on_behalf_of == world.person("sponsor")
        assert signature.name == "§Viewer Person"

    def test_holds_in_its_days_only_and_at_its_gate(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        self.hand(world, starts_on=TODAY + timedelta(days=1))
        self.hand(world, gate=gate(world, 2))

        with pytest.raises(NotAllowed):
            decide(world, review, by="viewer")

    def test_ends_when_revoked(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        found = self.hand(world)

        with pytest.raises(BadDelegation):
            delegations.revoke_delegation(by=world.owner, delegation=found, now=NOW)
        delegations.revoke_delegation(by=world.sponsor, delegation=found, now=NOW)

        with pytest.raises(NotAllowed):
            decide(world, review, by="viewer")
        with pytest.raises(WrongMoment):
            delegations.revoke_delegation(by=world.sponsor, delegation=found, now=NOW)

    def test_is_not_passed_on(self, world) -> None:
        self.hand(world)

        with pytest.raises(NotAllowed):
            self.hand(world, by="viewer", taker=world.person("member"))

    def test_covers_a_ballot(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        self.hand(world, by="gatekeeper")

        cast = vote(review, world.viewer)

        assert cast.person == world.person("gatekeeper")
        assert cast.account == world.viewer

    def test_of_the_submitter_does_not_decide(self, world) -> None:
        Membership.objects.create(
            programme=world.programme, person=world.person("lead"), role="sponsor"
        )
        ready_for_gate_1(world)
        review = submitted(world)
        self.hand(world, by="lead")

        with pytest.raises(NotAllowed, match="asks for a decision"):
            decide(world, review, by="viewer")

    @pytest.mark.parametrize(
        ("name", "wrong"),
        [
            ("taker", lambda w: {"taker": w.person("sponsor")}),
            ("taker", lambda w: {"taker": w.person("lead")}),
            ("taker", lambda w: {"taker": w.person("stranger")}),
            ("ends_on", lambda w: {"ends_on": TODAY - timedelta(days=1)}),
            ("ends_on", lambda w: {"ends_on": TODAY + timedelta(days=900)}),
            ("reason", lambda w: {"reason": " "}),
        ],
    )
    def test_names_what_is_wrong(self, world, name, wrong) -> None:
        with pytest.raises(BadDelegation) as refusal:
            self.hand(world, **wrong(world))

        assert name in refusal.value.fields


class TestEvidenceAtTheDecision:
    def test_conditions_need_what_cannot_be_let_go(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        Membership.objects.filter(role="controller").delete()

        with pytest.raises(EvidenceChanged):
            decide(
                world,
                review,
                Outcome.CONDITIONS,
                rationale="§If",
                conditions=[condition(world)],
            )
