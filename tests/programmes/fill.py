"""Rows of phases 1 and 2 for the page tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from django.core.files.base import ContentFile

from programmes.models import (
    AgendaItem,
    ApiToken,
    Attendance,
    BudgetLine,
    Condition,
    Course,
    Dependency,
    Document,
    Gate,
    GateReview,
    Indicator,
    ItAsset,
    Job,
    Measurement,
    Meeting,
    MeetingAction,
    MeetingDecision,
    Membership,
    Need,
    Notice,
    Objective,
    OrgUnit,
    Participation,
    Person,
    StaffQuestion,
    Tranche,
    WorkItem,
)
from programmes.services.kickoff import save_action
from programmes.services.measurements import record_measurements
from programmes.services.tokens import create_token
from tests.world import NOW, World, scope_process


def fill(world: World) -> None:
    """One row of each register of phases 1 and 2, so that each page has one."""
    today = NOW.date()
    member = world.person("member")
    objective = world.save(
        Objective,
        title="§Halve the cycle time",
        owner=world.person("sponsor"),
        measure="§Median days",
        target=5,
        unit="§days",
        due_on=today,
    )
    world.save(
        Need,
        title="§Less waiting",
        source="§Sales",
        priority="1must",
        objective=objective,
    )
    scope_process(world)
    world.save(
        ItAsset,
        name="§ERP",
        owner=member,
        state="live",
        interface="api",
        data_quality=3,
        fit=3,
        ease=2,
    )
    world.save(BudgetLine, title="§Team", phase=1, category="people", planned=100)
    world.save(Tranche, gate=1, amount=100)
    meeting = world.save(
        Meeting,
        title="§Start-up",
        held_on=today,
        starts_at=time(9, 30),
        minutes="§All well",
    )
    world.save(Attendance, meeting=meeting, person=member, state="attended")
    world.save(AgendaItem, meeting=meeting, title="§Why", presenter=member)
    world.save(MeetingDecision, meeting=meeting, text="§Two people a unit")
    action = MeetingAction(
        programme=world.programme,
        meeting=meeting,
        text="§Name them",
        owner=member,
        due_on=today,
    )
    save_action(by=world.lead, record=action, now=NOW)
    world.save(Notice, title="§We begin", text="§Soon", audience=10, reached=9)
    course = world.save(Course, title="§Basics", held_on=today)
    world.save(Participation, course=course, person=member, done_on=today, score=80)
    world.save(StaffQuestion, text="§Why?", asked_on=today, answer="§Because")
    first = world.save(WorkItem, title="§First", owner=member, due_on=today)
    second = world.save(WorkItem, title="§Second", owner=member, due_on=today)
    world.save(Dependency, before=first, after=second)
    world.save(
        Indicator,
        code="cycle",
        name="§Cycle time",
        definition="§Median",
        unit="§d",
        source="§ERP",
        owner=world.person("owner"),
        baseline=9,
        target=5,
    )
    fill_shared(world)


def fill_shared(world: World) -> None:
    """A value, a token, a job, a document, and a gate that asks for something."""
    programme, lead = world.programme, world.lead
    indicator = Indicator.objects.of(programme).get(code="cycle")
    record_measurements(
        by=lead,
        programme=programme,
        rows=[{"series": "cycle", "at": "2026-03-01", "value": "8.5"}],
        source=Measurement.Source.HAND,
        now=NOW,
    )
    indicator.refresh_from_db()
    create_token(
        by=world.admin,
        enterprise=world.enterprise,
        name="§ERP",
        scopes=["kpi:write"],
        expires_on=NOW.date() + timedelta(days=30),
        now=NOW,
    )
    Job.objects.create(kind="§none", programme=programme, created_by=lead)
    Document.objects.create(
        programme=programme,
        kind="diagnosis",
        number=1,
        facts={},
        facts_sha256="0" * 64,
        pdf=ContentFile(b"%PDF-1.7", name="report.pdf"),
        sha256="0" * 64,
        pages=1,
        issued_by=lead,
        issued_at=NOW,
    )
    review = GateReview.objects.create(
        gate=Gate.objects.get(programme=programme, phase=1),
        round=1,
        state="decided",
        ask="§May we begin?",
        evidence={},
        fingerprint="0" * 64,
        submitted_by=lead,
        submitted_at=NOW,
        due_on=NOW.date(),
        outcome="approve_with_conditions",
        rationale="§Yes, if",
        decided_by=world.sponsor,
        decided_at=NOW,
    )
    owner = world.person("owner")
    task = world.save(WorkItem, title="§Train them", owner=owner, due_on=NOW.date())
    Condition.objects.create(
        review=review,
        text="§Train them",
        owner=owner,
        due_on=NOW.date(),
        work_item=task,
    )


def row_of(model: Any, **scope: Any) -> Callable[[str, World], int]:
    """The key of the first row; scope: lookups whose values come from the world."""

    def found(_parameter: str, world: World) -> int:
        lookups = {path: read(world) for path, read in scope.items()}
        row = model.objects.filter(**lookups).order_by("pk").first()
        return row.pk if row else 0

    return found


def ours(world: World) -> Any:
    return world.programme


def enterprise(world: World) -> Any:
    return world.enterprise


def value_row(parameter: str, world: World) -> int:
    model = Measurement if parameter == "value" else Indicator
    path = "indicator__programme" if parameter == "value" else "programme"
    return row_of(model, **{path: ours})(parameter, world)


ROWS = {
    "document-pdf": row_of(Document, programme=ours),
    "gate-condition": row_of(Condition, review__gate__programme=ours),
    "job": row_of(Job, programme=ours),
    "job-again": row_of(Job, programme=ours),
    "job-cancel": row_of(Job, programme=ours),
    "person-activate": row_of(Person, enterprise=enterprise),
    "person-edit": row_of(Person, enterprise=enterprise),
    "person-invite": row_of(Person, enterprise=enterprise),
    "team-revoke": row_of(Membership, programme=ours),
    "token-revoke": row_of(ApiToken, enterprise=enterprise),
    "unit-edit": row_of(OrgUnit, enterprise=enterprise),
    "indicators-value-remove": value_row,
}
