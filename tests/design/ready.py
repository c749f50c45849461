"""Making gates 4, 5 and 6 ready, by services, as a lead would."""

from __future__ import annotations

from design.models import AuxiliaryInfo, CaseRate, Rollout, SchemeStep
from design.services.rollout import ask_head
from programmes.lifecycle import Outcome
from programmes.models import GateReview, Measurement, WorkItem
from programmes.phases import Phase
from programmes.services.decisions import Decision, decide_gate
from programmes.services.measurements import record_measurements
from programmes.services.money import confirm_money
from programmes.services.work import finish_work
from tests.design import fill
from tests.programmes.ready import gate
from tests.world import NOW, World


def ready_for_gate_4(world: World) -> None:
    """Every criterion of gate 4 is met, the controller's too."""
    fill.goal(world)
    options, _yardsticks = fill.options(world)
    for one in options[1:]:
        for name in ("time", "cost", "quality"):
            for size, value in (("low", 1), ("likely", 2), ("high", 3)):
                setattr(one, f"{name}_{size}", value)
        one.save()
    fill.case(world, options[1])
    world.save(CaseRate, percent=5)
    fill.scheme(world, options[1])
    world.save(AuxiliaryInfo, title="§Manual", source="§IT")
    money = gate(world, Phase.DESIGN)
    confirm_money(by=world.controller, gate=money, note="", now=NOW)


def ready_for_gate_5(world: World) -> SchemeStep:
    """After gate 4: one changed step, checked, supported and accounted for."""
    step = fill.step(world)
    fill.check_all(world, step)
    fill.support(world, step, cost=0)
    fill.answers(world, step)
    return step


def ready_for_gate_6(world: World) -> WorkItem:
    """After gate 4: the must is done, the rest may wait, values and units are there."""
    member = world.person("member")
    today = NOW.date()
    must = world.save(WorkItem, title="§Build", owner=member, duration_days=9)
    finish_work(by=world.lead, item=must, now=NOW)
    world.save(
        WorkItem, title="§Film", owner=member, due_on=today, is_must=False, phase=6
    )
    rows = [{"series": "lead-time-0", "at": "2026-02-20", "value": "6"}]
    record_measurements(
        by=world.lead,
        programme=world.programme,
        rows=rows,
        source=Measurement.Source.HAND,
        now=NOW,
    )
    unit = world.save(
        Rollout, unit=world.unit, go_live_on=today, owner=member, fallback="§Old list"
    )
    accept(world, unit)
    return must


def accept(world: World, unit: Rollout) -> GateReview:
    """The lead asks, and the head of the unit accepts it with one signature."""
    review = ask_head(by=world.lead, rollout=unit, now=NOW)
    return decide_gate(
        by=world.member,
        gate=review.gate,
        decision=Decision(Outcome.APPROVE),
        fingerprint=review.fingerprint,
        now=NOW,
    )
