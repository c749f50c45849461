"""How many hours of change each unit is asked for, month by month, over programmes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from diagnosis.models import Survey
from programmes.kit.together import together
from programmes.models import (
    Account,
    Attendance,
    Enterprise,
    OrgUnit,
    Participation,
    Programme,
    Pulse,
    ScopeItem,
    WorkItem,
)

MONTHS_BACK, MONTHS = 5, 12
HOURS_A_HEAD = 8.0
PULSE_HOURS = 2 / 60
QUESTION_HOURS = 12 / 3600
SOURCES = ("meetings", "training", "surveys", "tasks")


@dataclass(frozen=True)
class Ask:
    """Hours that a unit is asked for in a month, and for what."""

    unit_id: int
    month: date
    source: str
    hours: float


@dataclass(frozen=True)
class Cell:
    """What a unit is asked for in a month."""

    month: date
    hours: float
    a_head: float
    is_over: bool


@dataclass(frozen=True)
class Load:
    """A unit with its months, and its hours by what they are for."""

    unit: OrgUnit
    cells: tuple[Cell, ...]
    sources: tuple[float, ...]

    @property
    def hours(self) -> float:
        return sum(self.sources)


def months_from(today: date) -> list[date]:
    """Twelve months, five of them past; each by its first day."""
    first = today.year * 12 + today.month - 1 - MONTHS_BACK
    return [date(n // 12, n % 12 + 1, 1) for n in range(first, first + MONTHS)]


def change_load(
    user: Account, enterprise: Enterprise, today: date, limit: float = HOURS_A_HEAD
) -> list[Load]:
    """The load of each unit that is asked for anything; one query.

    :param limit: hours a head and month from which on a unit is overloaded.
    """
    rows = rows_of(user, enterprise)
    units = {one.pk: one for one in rows["units"]}
    months = months_from(today)
    hours: dict[tuple[int, date], float] = defaultdict(float)
    sources: dict[tuple[int, str], float] = defaultdict(float)
    for one in asks(rows, units, float(enterprise.hours_per_day)):
        if one.unit_id in units and one.month in months:
            hours[one.unit_id, one.month] += one.hours
            sources[one.unit_id, one.source] += one.hours
    found = []
    for pk, unit in units.items():
        heads = max(unit.headcount, unit.members, 1)
        cells = []
        for month in months:
            asked = hours[pk, month]
            cells.append(Cell(month, asked, asked / heads, asked / heads > limit))
        if any(one.hours for one in cells):
            parts = tuple(sources[pk, name] for name in SOURCES)
            found.append(Load(unit, tuple(cells), parts))
    return found


def rows_of(user: Account, enterprise: Enterprise) -> dict[str, list[Any]]:
    """What is asked of people in the programmes that the user may see."""
    programmes = Programme.objects.visible_to(user).filter(enterprise=enterprise)
    here = Q(programme__in=programmes.exclude(state=Programme.State.STOPPED))
    alive = here & Q(deleted_at=None)
    staff = Q(audience=Survey.Audience.STAFF, opens_on__isnull=False)
    asked = Count("questions", filter=Q(questions__deleted_at=None))
    return together(
        enterprise,
        units=OrgUnit.objects.filter(enterprise=enterprise)
        .annotate(members=Count("people", filter=Q(people__is_active=True)))
        .order_by("name", "pk"),
        attendances=Attendance.objects.filter(
            alive, meeting__deleted_at=None, meeting__cancelled_at=None
        )
        .exclude(state=Attendance.State.ABSENT)
        .select_related("meeting", "person")
        .order_by("pk"),
        participations=Participation.objects.filter(alive, course__deleted_at=None)
        .select_related("course", "session", "person")
        .order_by("pk"),
        tasks=WorkItem.objects.filter(alive, due_on__isnull=False, owner__isnull=False)
        .exclude(state=WorkItem.State.DROPPED)
        .exclude(kind=WorkItem.Kind.MILESTONE)
        .select_related("owner")
        .order_by("pk"),
        pulses=Pulse.objects.filter(alive, opened_at__isnull=False).order_by("pk"),
        surveys=Survey.objects.filter(alive & staff)
        .annotate(asked=asked)
        .order_by("pk"),
        scope=ScopeItem.objects.filter(
            alive, kind=ScopeItem.Kind.UNIT, is_in=True, unit__isnull=False
        ).order_by("pk"),
    )


def asks(
    rows: dict[str, list[Any]], units: dict[int, OrgUnit], hours_a_day: float
) -> Iterator[Ask]:
    for one in rows["attendances"]:
        if one.meeting.held_on and one.person.unit_id:
            month = one.meeting.held_on.replace(day=1)
            hours = one.meeting.duration_minutes / 60
            yield Ask(one.person.unit_id, month, "meetings", hours)
    for one in rows["participations"]:
        session = one.session.held_on if one.session else one.course.held_on
        day = one.done_on or session
        if day and one.person.unit_id:
            hours = float(one.course.hours)
            yield Ask(one.person.unit_id, day.replace(day=1), "training", hours)
    yield from survey_asks(rows, units)
    for one in rows["tasks"]:
        if one.owner.unit_id:
            whole = one.duration_days * hours_a_day
            for month, share in spread(one.starts_on or one.due_on, one.due_on):
                yield Ask(one.owner.unit_id, month, "tasks", whole * share)


def survey_asks(rows: dict[str, list[Any]], units: dict[int, OrgUnit]) -> Iterator[Ask]:
    """Surveys and pulses go to the units in scope, by their headcounts."""
    scope: dict[int, set[int]] = defaultdict(set)
    for one in rows["scope"]:
        scope[one.programme_id].add(one.unit_id)
    for one in rows["pulses"]:
        day, hours = one.opened_at.date(), PULSE_HOURS
        yield from by_heads(scope[one.programme_id], units, day, hours)
    for one in rows["surveys"]:
        hours = one.asked * QUESTION_HOURS
        yield from by_heads(scope[one.programme_id], units, one.opens_on, hours)


def by_heads(
    keys: Iterable[int], units: dict[int, OrgUnit], day: date, hours: float
) -> Iterator[Ask]:
    for pk in keys:
        heads = units[pk].headcount if pk in units else 0
        yield Ask(pk, day.replace(day=1), "surveys", heads * hours)


def spread(begin: date, end: date) -> list[tuple[date, float]]:
    """The shares of the months in the days from begin to end, both included."""
    days: dict[date, int] = defaultdict(int)
    total = max((end - begin).days, 0) + 1
    for number in range(min(total, 3660)):
        days[(begin + timedelta(days=number)).replace(day=1)] += 1
    return [(month, n / sum(days.values())) for month, n in days.items()]


def overloaded(loads: Sequence[Load]) -> list[tuple[Load, Cell]]:
    """Units and months over the limit, the heaviest first."""
    found = [(one, cell) for one in loads for cell in one.cells if cell.is_over]
    return sorted(found, key=lambda pair: -pair[1].a_head)
