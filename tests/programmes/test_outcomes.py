"""Hold, stop, resume; changed since approval; affirming again and reopening."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from programmes.kit.errors import NotAllowed
from programmes.lifecycle import GateState, Outcome, ReviewState
from programmes.models import (
    BudgetLine,
    EvidenceChange,
    Gate,
    Objective,
    PhasePlan,
    Programme,
    Signature,
    WorkItem,
)
from programmes.services import decisions, reopening
from programmes.services.conditions import Incomplete
from programmes.services.gate_steps import WrongMoment
from programmes.services.material import ReasonNeeded
from programmes.services.records import (
    UnderReview,
    delete_record,
    restore_record,
    save_record,
)
from tests.programmes.ready import (
    decide,
    gate,
    ready_for_gate_1,
    ready_for_gate_2,
    submitted,
)
from tests.world import NOW, World

LATER = NOW + timedelta(days=10)
HOLD = {"rationale": "§Wait", "review_on": LATER.date()}
STOP = {"rationale": "§No more", "disposal": "§People go back"}


def programme(world: World) -> Programme:
    return Programme.objects.get(pk=world.programme.pk)


def passed(world: World, phase: int = 1) -> Gate:
    """Gate 1 is passed, and gate 2 too where it is asked for."""
    ready_for_gate_1(world)
    decide(world, submitted(world))
    world.programme.refresh_from_db()
    if phase == 2:
        ready_for_gate_2(world)
        decide(world, submitted(world, 2))
        world.programme.refresh_from_db()
    return gate(world, phase)


class TestHold:
    def test_freezes_the_programme_and_resuming_moves_what_was_open(
        self, world
    ) -> None:
        ready_for_gate_1(world)
        task = world.save(WorkItem, title="§Open", due_on=NOW.date())
        review = submitted(world)

        decide(world, review, Outcome.HOLD, **HOLD)

        assert gate(world, 1).state == GateState.ON_HOLD
        assert programme(world).state == Programme.State.HOLD
        world.programme.refresh_from_db()
        with pytest.raises(NotAllowed, match="on hold"):
            world.save(Objective, title="§New")

        days = reopening.resume_programme(by=world.sponsor, gate=review.gate, now=LATER)

        task.refresh_from_db()
        assert days == 10
        assert task.due_on == LATER.date()
        assert PhasePlan.objects.get(
            programme=world.programme, phase=8
        ).ends_on == NOW.date() + timedelta(weeks=32, days=30)
        assert gate(world, 1).state == GateState.PREPARING
        assert programme(world).state == Programme.State.ACTIVE

    def test_is_never_open_ended(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        for more in ({}, {"review_on": NOW.date()}):
            with pytest.raises(Incomplete) as refusal:
                decide(world, review, Outcome.HOLD, rationale="§Wait", **more)
            assert "review_on" in refusal.value.fields

    def test_is_resumed_by_the_chair_once(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(world, review, Outcome.HOLD, **HOLD)

        with pytest.raises(NotAllowed):
            reopening.resume_programme(by=world.lead, gate=review.gate, now=LATER)
        reopening.resume_programme(by=world.sponsor, gate=review.gate, now=LATER)
        with pytest.raises(WrongMoment):
            reopening.resume_programme(by=world.sponsor, gate=review.gate, now=LATER)

    @pytest.mark.parametrize(("outcome", "more"), [("hold", HOLD), ("stop", STOP)])
    def test_and_stop_are_undone(self, world, outcome, more) -> None:
        ready_for_gate_1(world)
        review = submitted(world)
        decide(world, review, Outcome(outcome), **more)

        again = decisions.undo_decision(by=world.sponsor, gate=review.gate, now=NOW)

        assert programme(world).state == Programme.State.ACTIVE
        assert gate(world, 1).state == GateState.IN_REVIEW
        assert (again.round, again.pack_hash) == (2, review.pack_hash)


class TestStop:
    def test_leaves_the_programme_to_be_read(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        decide(world, review, Outcome.STOP, **STOP)

        client = sign_in(world.lead)
        assert programme(world).state == Programme.State.STOPPED
        assert client.get("/p/o2c/gates/1/").status_code == 200
        assert client.get("/p/o2c/objectives/new/").status_code == 403

    def test_says_what_becomes_of_people_and_assets(self, world) -> None:
        ready_for_gate_1(world)
        review = submitted(world)

        with pytest.raises(Incomplete) as refusal:
            decide(world, review, Outcome.STOP, rationale="§No more")

        assert "disposal" in refusal.value.fields


class TestChangedSinceApproval:
    def change(self, world: World, reason: str = "", **values: Any) -> BudgetLine:
        line = BudgetLine.objects.get()
        for name, value in values.items():
            setattr(line, name, value)
        return save_record(by=world.lead, record=line, now=LATER, reason=reason)

    def test_of_a_material_field_asks_for_a_reason_and_marks(self, world) -> None:
        passed(world)

        with pytest.raises(ReasonNeeded, match="Gate 1"):
            self.change(world, planned=200)
        self.change(world, "§Dearer", planned=200)

        change = EvidenceChange.objects.get()
        assert gate(world, 1).changed_at == LATER
        assert (change.field, change.before, change.after) == (
            "planned",
            "100",
            "200",
        )
        assert change.reason == "§Dearer"

    def test_of_another_field_does_not(self, world) -> None:
        passed(world)

        self.change(world, note="§Only words")

        assert gate(world, 1).changed_at is None

    def test_before_the_approval_does_not(self, world) -> None:
        ready_for_gate_1(world)

        self.change(world, planned=200)

        assert not EvidenceChange.objects.exists()

    def test_in_review_is_refused(self, world) -> None:
        ready_for_gate_1(world)
        submitted(world)

        with pytest.raises(UnderReview):
            self.change(world, "§Why", planned=200)

    def test_of_what_came_later_does_not(self, world) -> None:
        passed(world)
        line = BudgetLine(programme=world.programme, title="§New", planned=5)
        save_record(by=world.lead, record=line, now=LATER)
        line.planned = 6

        save_record(by=world.lead, record=line, now=LATER)

        assert gate(world, 1).changed_at is None

    def test_by_deleting_and_restoring_marks(self, world) -> None:
        passed(world)
        line = BudgetLine.objects.get()

        delete_record(by=world.lead, record=line, now=LATER)
        restore_record(by=world.lead, record=line, now=LATER)

        kinds = EvidenceChange.objects.order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["deleted", "restored"]
        assert gate(world, 1).changed_at == LATER

    def test_blocks_the_next_gate_until_it_is_affirmed(self, world) -> None:
        from programmes.services.readiness import verdict_of

        passed(world)
        self.change(world, "§Dearer", planned=200)
        ready_for_gate_2(world)
        codes = {one.criterion.code for one in verdict_of(gate(world, 2), NOW).missing}
        assert "G2.A0b" in codes

        reopening.reaffirm_gate(
            by=world.sponsor, gate=gate(world, 1), note="§Fine", now=LATER
        )

        codes = {one.criterion.code for one in verdict_of(gate(world, 2), NOW).missing}
        assert "G2.A0b" not in codes
        assert EvidenceChange.objects.get().answered_at == LATER
        assert Signature.objects.filter(kind="reaffirm", note="§Fine").exists()

    def test_form_asks_for_the_reason_and_keeps_the_words(self, world, sign_in) -> None:
        passed(world)
        line = BudgetLine.objects.get()
        client = sign_in(world.lead)
        url = f"/p/o2c/budget/{line.pk}/edit/"

        page = client.get(url).content.decode()
        given = {
            "title": "§Team",
            "phase": 1,
            "category": "people",
            "planned": "250",
            "committed": "0",
            "actual": "0",
            "record_version": line.version,
        }
        refused = client.post(url, given)
        saved = client.post(url, {**given, "change_reason": "§Dearer"})

        assert "Gate 1 was approved on this" in page
        assert refused.status_code == 422
        assert 'value="250"' in refused.content.decode()
        assert saved.status_code == 302
        assert EvidenceChange.objects.get().reason == "§Dearer"


class TestReaffirm:
    def test_needs_something_to_affirm_and_the_chair(self, world) -> None:
        found = passed(world)

        with pytest.raises(WrongMoment):
            reopening.reaffirm_gate(by=world.sponsor, gate=found, note="", now=NOW)
        with pytest.raises(NotAllowed):
            reopening.reaffirm_gate(by=world.lead, gate=found, note="", now=NOW)


class TestReopen:
    def reopen(self, world: World, reason: str = "§Look again") -> None:
        reopening.reopen_gate(
            by=world.sponsor, gate=gate(world, 1), reason=reason, now=LATER
        )

    def test_goes_back_and_later_gates_wait_to_be_affirmed(self, world) -> None:
        passed(world, 2)

        self.reopen(world)

        review = gate(world, 1).reviews.get()
        assert gate(world, 1).state == GateState.PREPARING
        assert review.state == ReviewState.REOPENED
        assert gate(world, 2).to_reaffirm
        assert programme(world).phase == 3
        with pytest.raises(WrongMoment, match="Gate 1 comes first"):
            reopening.reaffirm_gate(
                by=world.sponsor, gate=gate(world, 2), note="", now=LATER
            )

    def test_is_passed_again_without_stepping_back(self, world) -> None:
        passed(world, 2)
        self.reopen(world)

        decide(world, submitted(world))
        reopening.reaffirm_gate(
            by=world.sponsor, gate=gate(world, 2), note="", now=LATER
        )

        assert programme(world).phase == 3
        assert not gate(world, 2).is_flagged

    def test_needs_a_reason_a_chair_and_a_passed_gate(self, world) -> None:
        with pytest.raises(WrongMoment):
            self.reopen(world)
        passed(world)
        with pytest.raises(Incomplete):
            self.reopen(world, " ")
        with pytest.raises(NotAllowed):
            reopening.reopen_gate(
                by=world.lead, gate=gate(world, 1), reason="§", now=NOW
            )

    def test_waits_for_a_later_review(self, world) -> None:
        passed(world)
        ready_for_gate_2(world)
        submitted(world, 2)

        with pytest.raises(WrongMoment, match="later gate"):
            self.reopen(world)

    def test_shows_what_changed_in_the_next_round(self, world, sign_in) -> None:
        passed(world)
        self.reopen(world)
        objective = Objective.objects.get()
        objective.target = 4
        save_record(by=world.lead, record=objective, now=LATER)
        submitted(world)

        page = sign_in(world.sponsor).get("/p/o2c/gates/1/").content.decode()

        assert "What changed since the round before" in page
        assert "§Faster" in page
