"""Many sponsors press the button at once: each gate gets one decision."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from programmes.lifecycle import GateState, Outcome
from programmes.models import Account, Gate, GateReview, Membership
from programmes.services import programmes
from programmes.services.decisions import AlreadyDecided, Decision, decide_gate
from tests.world import NOW, World, add_person

GATES, DECIDERS = 60, 16

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sponsors(world: World) -> list[Account]:
    people = [
        add_person(world.enterprise, f"chair{number}") for number in range(DECIDERS)
    ]
    return [one.account for one in people if one.account]


def gate_in_review(world: World, sponsors: list[Account], number: int) -> Gate:
    programme = programmes.create_programme(
        by=world.lead,
        enterprise=world.enterprise,
        code=f"race-{number}",
        name=f"§Race {number}",
        starts_on=date(2026, 3, 2),
        now=NOW,
    )
    Membership.objects.bulk_create(
        Membership(programme=programme, person=one.people.get(), role="sponsor")
        for one in sponsors
    )
    gate = Gate.objects.get(programme=programme, phase=1)
    GateReview.objects.create(
        gate=gate,
        round=1,
        ask="§May we?",
        evidence={},
        fingerprint="0" * 64,
        submitted_by=world.lead,
        submitted_at=NOW,
        due_on=NOW.date(),
    )
    gate.state = GateState.IN_REVIEW
    gate.save()
    return gate


def press(by: Account, gate: Gate, together: Barrier) -> str:
    """What the person is told: empty when the decision is theirs."""
    try:
        together.wait()
        decide_gate(
            by=by,
            gate=gate,
            decision=Decision(Outcome.RETURN, rationale="§Not yet"),
            fingerprint="0" * 64,
            now=NOW,
        )
    except AlreadyDecided as refusal:
        return str(refusal)
    return ""


def leave(together: Barrier) -> None:
    """Each thread closes the connection that it kept from gate to gate."""
    together.wait()
    connection.close()


class TestSimultaneousDecisions:
    def test_each_gate_gets_exactly_one(
        self, world: World, sponsors: list[Account]
    ) -> None:
        gates = [gate_in_review(world, sponsors, one) for one in range(GATES)]

        told: list[list[str]] = []
        with ThreadPoolExecutor(DECIDERS) as pool:
            for gate in gates:
                together = Barrier(DECIDERS)
                answers = [pool.submit(press, by, gate, together) for by in sponsors]
                told.append([one.result() for one in answers])
            together = Barrier(DECIDERS)
            for one in [pool.submit(leave, together) for _chair in sponsors]:
                one.result()

        for gate, answers_of_gate in zip(gates, told, strict=True):
            review = GateReview.objects.get(gate=gate, state="decided")
            assert answers_of_gate.count("") == 1
            others = [one for one in answers_of_gate if one]
            assert all(str(review.decided_by) in one for one in others)
        assert GateReview.objects.filter(state="decided").count() == GATES
