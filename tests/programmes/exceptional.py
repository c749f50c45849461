"""An approved plan whose cost left its tolerance, and an exception review of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from programmes.models import (
    BudgetLine,
    ExceptionCase,
    Gate,
    GateReview,
    Programme,
)
from programmes.services.exception_reviews import open_exception, save_case
from programmes.services.gates import submit_gate
from tests.programmes.ready import decide, ready_for_gate_1, submitted
from tests.world import NOW, World

TEXTS = {"cause": "§Two suppliers", "options": "§Wait or pay", "plan": "§Pay"}
LATER = NOW + timedelta(hours=1)


def programme_of(world: World) -> Programme:
    return Programme.objects.select_related("enterprise").get(pk=world.programme.pk)


def breach(world: World) -> None:
    """Gate 1 is approved, and more is spent than its tolerance allows."""
    ready_for_gate_1(world)
    decide(world, submitted(world))
    BudgetLine.objects.update(actual=60, committed=111)


def place_exception(world: World) -> None:
    """A review in preparation, where no plan was approved that it could rest on."""
    gate = Gate.every.create(
        programme=world.programme, kind="exception", number=1, phase=1, first_phase=1
    )
    ExceptionCase.objects.create(
        programme=world.programme,
        gate=gate,
        created_at=NOW,
        updated_at=NOW,
        created_by=world.lead,
        cause="§Two suppliers",
    )


def opened(world: World, now: Any = LATER) -> Gate:
    return open_exception(by=world.lead, programme=programme_of(world), now=now)


def written(world: World) -> Gate:
    gate = opened(world)
    save_case(by=world.lead, gate=gate, texts=TEXTS, version=None, now=LATER)
    return gate


def asked(world: World) -> GateReview:
    return submit_gate(
        by=world.lead,
        gate=written(world),
        ask="§Continue?",
        due_on=NOW.date() + timedelta(days=5),
        now=LATER,
    )
