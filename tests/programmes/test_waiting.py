"""What waits for an account; a decision waits for the chair only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from programmes.models import (
    Delegation,
    Gate,
    GateReview,
    Person,
    Readiness,
    Vote,
    Waiver,
    WorkItem,
    waiting_for,
)
from tests.world import NOW


@pytest.fixture
def review(world):
    gate = Gate.objects.get(programme=world.programme, phase=1)
    return GateReview.objects.create(
        gate=gate,
        round=1,
        ask="§Approve?",
        evidence=[],
        fingerprint="x",
        submitted_by=world.lead,
        submitted_at=NOW,
        due_on=NOW.date() + timedelta(days=5),
    )


def waiting(account) -> int:
    person = Person.objects.filter(account=account)
    found: int = (
        person.annotate(waiting=waiting_for(account, timezone.localdate()))
        .get()
        .waiting
    )
    return found


class TestWaitingFor:
    @pytest.mark.parametrize(
        ("role", "n"), [("sponsor", 1), ("lead", 0), ("owner", 0), ("viewer", 0)]
    )
    def test_counts_the_decision_of_the_chair(self, world, review, role, n) -> None:
        found = waiting(getattr(world, role))

        assert found == n

    def test_gives_the_last_gate_to_the_owner(self, world, review) -> None:
        review.gate = Gate.objects.get(programme=world.programme, phase=8)
        review.save()

        assert (waiting(world.owner), waiting(world.sponsor)) == (1, 0)

    def test_counts_open_tasks(self, world) -> None:
        for state in ("open", "doing", "done"):
            world.save(
                WorkItem, title="§Task", owner=world.person("member"), state=state
            )

        assert waiting(world.member) == 2


class TestAsked:
    """What the chair, the panel and the controller find on My work."""

    def page(self, account, sign_in) -> str:
        return sign_in(account).get("/work/").content.decode()

    def test_a_delegate_sees_the_decision(self, world, review, sign_in) -> None:
        today = timezone.localdate()
        assert "§Approve?" not in self.page(world.viewer, sign_in)
        Delegation.objects.create(
            programme=world.programme,
            giver=world.person("sponsor"),
            taker=world.person("viewer"),
            starts_on=today,
            ends_on=today,
            reason="§Leave",
            created_by=world.sponsor,
            created_at=NOW,
        )

        assert "§Approve?" in self.page(world.viewer, sign_in)
        assert waiting(world.viewer) == 1

    def test_a_seat_without_a_ballot_is_asked_to_vote(
        self, world, review, sign_in
    ) -> None:
        person = world.person("gatekeeper")
        review.panel = [{"person": person.pk, "role": "gatekeeper", "seat": ""}]
        review.save()

        before = self.page(world.gatekeeper, sign_in)
        Vote.objects.create(
            review=review,
            person=person,
            account=world.gatekeeper,
            role="gatekeeper",
            outcome="approve",
            cast_at=NOW,
        )
        after = self.page(world.gatekeeper, sign_in)

        assert "#ballot" in before
        assert "#ballot" not in after

    def test_the_chair_is_asked_to_affirm_and_to_answer(self, world, sign_in) -> None:
        gate = Gate.objects.get(programme=world.programme, phase=1)
        Waiver.objects.create(
            gate=gate, code="G1.A3", reason="§Later", asked_by=world.lead, asked_at=NOW
        )
        gate.state, gate.changed_at = "passed", NOW
        gate.save()

        page = self.page(world.sponsor, sign_in)

        assert "Affirm the approval" in page
        assert "Answer a request" in page
        assert "Affirm the approval" not in self.page(world.lead, sign_in)

    def test_the_controller_confirms_when_nothing_else_is_missing(
        self, world, sign_in
    ) -> None:
        gate = Gate.objects.get(programme=world.programme, phase=1)
        row = Readiness.objects.update_or_create(
            gate=gate, defaults={"missing": [{"code": "G1.F"}], "computed_at": NOW}
        )[0]

        assert "Confirm costs and benefits" in self.page(world.controller, sign_in)
        row.missing.append({"code": "G1.A1"})
        row.save()
        assert "Confirm costs" not in self.page(world.controller, sign_in)
