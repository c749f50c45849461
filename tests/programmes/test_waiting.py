"""What waits for the person: decisions, signatures and tasks in one list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from programmes.models import Gate, GateReview, Person, WorkItem, waiting_for
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
    found: int = person.annotate(waiting=waiting_for(account)).get().waiting
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
