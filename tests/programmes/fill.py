"""Rows of phases 1 and 2 for the page tests."""

from __future__ import annotations

from programmes.models import (
    Attendance,
    BudgetLine,
    Course,
    Dependency,
    Indicator,
    ItAsset,
    Meeting,
    Need,
    Notice,
    Objective,
    Participation,
    StaffQuestion,
    Tranche,
    WorkItem,
)
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
    meeting = world.save(Meeting, title="§Start-up", held_on=today, minutes="§All well")
    world.save(Attendance, meeting=meeting, person=member, state="attended")
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
