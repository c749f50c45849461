"""The work plan on the calendar: dates given, and where none is, those computed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from programmes.maths.schedule import cpm

SATURDAY = 5


@dataclass(frozen=True)
class Task:
    """Work of some working days, after other work."""

    key: int
    days: int
    starts_on: date | None = None
    due_on: date | None = None
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Placed:
    """Where a task lies; slack in working days, nothing where the plan is a circle."""

    starts_on: date
    ends_on: date
    slack: float | None
    is_critical: bool


@dataclass(frozen=True)
class Plan:
    """The tasks on the calendar; duration in working days."""

    duration: float | None
    placed: dict[int, Placed]
    critical: tuple[int, ...]
    loop: tuple[int, ...] = ()


def working_day(begin: date, offset: int) -> date:
    """The day that is `offset` working days after `begin` (Monday to Friday)."""
    day = begin
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    weeks, days = divmod(offset, 5)
    day += timedelta(weeks=weeks)
    for _step in range(days):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day


def plan_of(tasks: Sequence[Task], begin: date) -> Plan:
    """Critical path, slack and dates of the tasks.

    Links to tasks that are not among them are left out. A task without dates is placed
    as early as its predecessors allow, counted from `begin`.
    """
    known = {one.key for one in tasks}
    path = cpm(
        [
            {
                "id": str(one.key),
                "duration": one.days,
                "pred": [str(key) for key in one.after if key in known],
            }
            for one in tasks
        ]
    )
    critical = tuple(int(key) for key in path.critical_path)
    placed = {}
    for one in tasks:
        early = path.earliest_start.get(str(one.key), 0.0)
        starts_on, ends_on = dates_of(one, begin, int(early))
        slack = path.slack.get(str(one.key))
        placed[one.key] = Placed(starts_on, ends_on, slack, one.key in critical)
    return Plan(path.duration, placed, critical, numbers(path.loop))


def numbers(keys: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(key) for key in keys)


def dates_of(task: Task, begin: date, early: int) -> tuple[date, date]:
    """The given dates; a missing one follows from the other and the duration."""
    starts_on = task.starts_on
    if starts_on is None:
        computed = working_day(begin, early)
        starts_on = min(computed, task.due_on) if task.due_on else computed
    ends_on = task.due_on or working_day(starts_on, max(task.days - 1, 0))
    return starts_on, ends_on
