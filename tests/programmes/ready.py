"""Making the first gates ready, by services, as a lead would."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from programmes.lifecycle import Outcome
from programmes.models import (
    Attendance,
    BudgetLine,
    Course,
    Estimate,
    Gate,
    GateReview,
    ItAsset,
    Mandate,
    Meeting,
    Need,
    Notice,
    Objective,
    Participation,
    PhasePlan,
    Pulse,
    Risk,
    ScopeItem,
    StaffQuestion,
    Stakeholder,
    SystemUse,
    Tranche,
)
from programmes.services.conditions import Wanted
from programmes.services.decisions import Decision, decide_gate
from programmes.services.gates import submit_gate
from programmes.services.kickoff import issue_minutes
from programmes.services.money import confirm_money
from programmes.services.programmes import sign_mandate
from programmes.services.pulses import answer_pulse, turn_pulse
from programmes.services.records import fill, save_record
from tests.world import NOW, World, scope_process


def ready_for_gate_1(world: World) -> None:
    """Every must of gate 1 is met."""
    lead = world.lead
    mandate = Mandate.objects.get(programme=world.programme)
    save_record(by=lead, record=fill(mandate, purpose="§Why"), now=NOW)
    sign_mandate(by=world.sponsor, mandate=mandate, version=mandate.version, now=NOW)
    objective = world.save(
        Objective,
        title="§Faster",
        owner=world.person("owner"),
        measure="§Days",
        target=5,
    )
    world.save(
        Need,
        title="§Less waiting",
        source="§Sales",
        priority="1must",
        objective=objective,
    )
    system = world.save(
        ItAsset,
        name="§ERP",
        owner=world.person("member"),
        state="live",
        interface="api",
        data_quality=3,
        fit=3,
        ease=2,
    )
    world.save(SystemUse, system=system, process=scope_process(world))
    world.save(ScopeItem, kind="unit", name="§Desk", unit=world.unit)
    world.save(ScopeItem, kind="process", name="§Returns", is_in=False)
    world.save(BudgetLine, title="§Team", phase=1, category="people", planned=100)
    world.save(Tranche, gate=1, amount=100)
    estimate = Estimate.objects.get(programme=world.programme)
    fill(estimate, benefit_low=1, benefit_likely=2, benefit_high=3, contingency=10)
    fill(estimate, owner=world.person("owner"), basis="§Cases times minutes")
    save_record(by=lead, record=estimate, now=NOW)
    plan_all_phases(world)
    name_risks(world)
    confirm_money(by=world.controller, gate=gate(world, 1), note="§Fine", now=NOW)


def name_risks(world: World) -> None:
    """Three risks with an owner, looked at, each with a response."""
    for title in ("§Data", "§People", "§Time"):
        world.save(
            Risk,
            title=title,
            probability=3,
            impact=5,
            owner=world.person("owner"),
            response="reduce",
            response_text="§Begin early",
            reviewed_on=NOW.date(),
        )


def plan_all_phases(world: World) -> None:
    for row in PhasePlan.objects.filter(programme=world.programme):
        start = date(2026, 3, 2) + timedelta(weeks=row.phase * 4)
        fill(row, starts_on=start, ends_on=start + timedelta(days=20))
        row.gate_on = row.ends_on
        save_record(by=world.lead, record=row, now=NOW)


def ready_for_gate_2(world: World) -> None:
    """Every criterion of gate 2 is met."""
    today = NOW.date()
    meeting = world.save(Meeting, title="§Start-up", held_on=today, minutes="§Well")
    for name in ("owner", "sponsor"):
        world.save(
            Attendance, meeting=meeting, person=world.person(name), state="attended"
        )
    issue_minutes(by=world.lead, meeting=meeting, now=NOW)
    course = world.save(Course, title="§Basics", held_on=today)
    world.save(
        Participation,
        course=course,
        person=world.person("member"),
        done_on=today,
        score=80,
    )
    world.save(Notice, title="§Soon", text="§T", sent_on=today, audience=9, reached=9)
    world.save(StaffQuestion, text="§Why?", asked_on=today)
    world.save(
        Stakeholder,
        name="§Works council",
        influence=5,
        stance=-1,
        strategy="§Talk first",
        owner=world.person("lead"),
    )
    taken_pulse(world)


def taken_pulse(world: World, awareness: int = 4) -> Pulse:
    """A closed pulse that six of ten answered."""
    pulse: Pulse = world.save(Pulse, title="§Pulse", population=10)
    turn_pulse(by=world.lead, pulse=pulse, now=NOW)
    for number in range(6):
        answer_pulse(
            pulse=pulse,
            nonce=uuid.UUID(int=pulse.pk * 100 + number),
            unit=world.unit,
            group="staff",
            scores={
                "awareness": awareness,
                "desire": 4,
                "knowledge": 3,
                "ability": 4,
                "reinforcement": 4,
            },
            now=NOW,
        )
    turn_pulse(by=world.lead, pulse=pulse, now=NOW)
    return pulse


def gate(world: World, phase: int) -> Gate:
    return Gate.objects.select_related("programme__enterprise").get(
        programme=world.programme, first_phase__lte=phase, phase__gte=phase
    )


def submitted(world: World, phase: int = 1) -> GateReview:
    """The gate of the phase, submitted by the lead."""
    return submit_gate(
        by=world.lead,
        gate=gate(world, phase),
        ask="§Yes?",
        due_on=NOW.date() + timedelta(days=5),
        now=NOW,
    )


def decide(
    world: World,
    review: GateReview,
    outcome: Outcome = Outcome.APPROVE,
    by: str = "sponsor",
    **more: Any,
) -> GateReview:
    fingerprint = more.pop("fingerprint", review.fingerprint)
    return decide_gate(
        by=world.accounts[by],
        gate=review.gate,
        fingerprint=fingerprint,
        now=more.pop("now", NOW),
        decision=Decision(outcome, **more),
    )


def condition(world: World, text: str = "§Ask the night shift") -> Wanted:
    return Wanted(text, world.person("member"), NOW.date())
