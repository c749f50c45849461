"""Ballots and the panel's rules."""

from __future__ import annotations

from typing import Any

import pytest

from programmes.kit.errors import NotAllowed
from programmes.lifecycle import GateState, Outcome
from programmes.models import GateReview, Membership, Vote
from programmes.services import ballots
from programmes.services.conditions import Incomplete
from programmes.services.decisions import EvidenceChanged
from programmes.services.gate_steps import WrongMoment
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
