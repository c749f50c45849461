"""Rows of the work plan, laid out by their dependencies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from design.maths.plan import Plan, Task, plan_of
from programmes.models import Dependency, Programme, WorkItem
from programmes.phases import Phase


def work_of(programme: Programme) -> Any:
    """Tasks and milestones of the implementation."""
    kinds = [WorkItem.Kind.TASK, WorkItem.Kind.MILESTONE]
    rows = WorkItem.objects.of(programme)
    return rows.filter(phase=Phase.IMPLEMENTATION, kind__in=kinds)


def planned(
    tasks: Iterable[WorkItem], links: Iterable[Dependency], today: date
) -> Plan:
    """The plan of those that are not dropped, from the earliest start given."""
    rows = [one for one in tasks if one.state != WorkItem.State.DROPPED]
    after: dict[int, list[int]] = {}
    for one in links:
        after.setdefault(one.after_id, []).append(one.before_id)
    begin = min((one.starts_on for one in rows if one.starts_on), default=today)
    return plan_of(
        [
            Task(
                one.pk,
                one.duration_days,
                one.starts_on,
                one.due_on,
                tuple(after.get(one.pk, ())),
            )
            for one in rows
        ],
        begin,
    )
