"""Waivers, and standing in for somebody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from programmes.kit.errors import NotAllowed
from programmes.lifecycle import GateState, Outcome
from programmes.models import Membership, Waiver
from programmes.services import ballots, delegations, waivers
from programmes.services.conditions import Incomplete
from programmes.services.delegations import BadDelegation, Handover
from programmes.services.gate_steps import WrongMoment
from programmes.services.gates import NotReady
from tests.programmes.ready import decide, gate, ready_for_gate_1, submitted
from tests.world import NOW, World

TODAY = NOW.date()


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

        cast = ballots.cast_vote(
            by=world.viewer, gate=review.gate, outcome=Outcome.APPROVE, now=NOW
        )

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
            ("taker", lambda w: {"taker": w.person("outsider")}),
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
