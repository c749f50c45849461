"""Working days: how many there are, where so many lead, and a plan that is moved.

A day is worked unless it is of the weekend or a holiday. Both are given: this module
knows no country.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from programmes.maths.catalogue import Result, method
from programmes.maths.checks import entry, listed, refuse, table, text, whole

WEEKEND = (5, 6)
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
LONGEST_DAYS = 5_000
MOST_ROWS = 100
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays(Result):
    """How many working days there are from the first to the last day."""

    days: int


@dataclass(frozen=True)
class LastDay(Result):
    """The first working day of a piece of work and its last one."""

    starts: date
    ends: date


@dataclass(frozen=True)
class Span:
    """One phase: its first and last day and the day of its gate; None: not dated."""

    id: str
    starts: date | None = None
    ends: date | None = None
    gate: date | None = None


@dataclass(frozen=True)
class Rescheduled(Result):
    """The phases in their order with their new dates, and which of them moved."""

    rows: tuple[Span, ...]
    moved: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What is wanted of one phase; None leaves it as it is."""

    starts: date | None = None
    days: int | None = None
    gate: date | None = None


class Calendar:
    """Counts and walks along working days."""

    def __init__(
        self, holidays: Sequence[date] = (), weekend: Sequence[int] = WEEKEND
    ) -> None:
        mask = [day not in weekend for day in range(7)]
        if not any(mask):
            refuse("weekend", "leave at least one working day a week")
        self.days = np.busdaycalendar(mask, list(holidays))

    def on_or_after(self, day: date) -> date:
        return self.step(day, 0)

    def is_free(self, day: date) -> bool:
        return self.on_or_after(day) != day

    def step(self, day: date, count: int) -> date:
        """The working day so many after `day` (before it, if negative)."""
        found = np.busday_offset(
            day.isoformat(), count, roll="forward", busdaycal=self.days
        )
        return date.fromisoformat(str(found))

    def between(self, first: date, last: date) -> int:
        """Working days from first up to but without last; negative if it is before."""
        if last < first:
            return -self.between(last, first)
        count = np.busday_count(
            first.isoformat(), last.isoformat(), busdaycal=self.days
        )
        return int(count)

    def length(self, first: date, last: date) -> int:
        """Working days from first to last, both counted."""
        return self.between(first, last + ONE_DAY)

    def end(self, first: date, days: int) -> date:
        """The last day of work that takes so many working days; 1 ends as it starts."""
        return self.step(self.on_or_after(first), days - 1)


def calendar(holidays: object, weekend: object) -> Calendar:
    """Read the holidays and the free days of the week (0 is Monday)."""
    free = [
        whole(one, f"weekend[{place}]", least=0, most=6)
        for place, one in enumerate(listed(weekend, "weekend", most=7), 1)
    ]
    days = [
        day(one, f"holidays[{place}]")
        for place, one in enumerate(listed(holidays, "holidays"), 1)
    ]
    return Calendar(days, free)


def day(value: object, field: str) -> date:
    """A day written as 2026-03-02, in a range that calendars know."""
    try:
        found = date.fromisoformat(text(value, field))
    except ValueError:
        refuse(field, "give a day such as 2026-03-02")
    if not FIRST <= found <= LAST:
        refuse(field, "give a day between 1900 and 2200")
    return found


@method(
    "plan.working_days",
    name="Working days",
    source="Counting; numpy.busday_count",
    version="1",
    formula="n = number of days from start to end that are neither weekend nor holiday",
    phase=1,
    example={
        "start": "2026-04-01",
        "end": "2026-04-08",
        "holidays": ["2026-04-03", "2026-04-06"],
    },
)
def working_days(
    start: str,
    end: str,
    holidays: Sequence[str] = (),
    weekend: Sequence[int] = WEEKEND,
) -> WorkingDays:
    """Days worked from the first to the last one, both counted.

    Edges: 0 when every day is free; the end may not be before the start.

    Worked example: Wednesday 1 to Wednesday 8 April 2026 with Good Friday and Easter
    Monday free: 1, 2, 7 and 8 April are four working days.

    :param start: First day, as 2026-04-01.
    :param end: Last day.
    :param holidays: Days that nobody works.
    :param weekend: Free days of the week, Monday is 0; Saturday and Sunday by default.
    """
    first, last = day(start, "start"), day(end, "end")
    if last < first:
        refuse("end", "give a day that is not before the start")
    return WorkingDays(calendar(holidays, weekend).length(first, last))


@method(
    "plan.end",
    name="End of so many working days",
    source="Counting; numpy.busday_offset",
    version="1",
    formula="end = the n-th working day, the first working day from the start being 1",
    phase=1,
    example={"start": "2026-04-01", "days": 4, "holidays": ["2026-04-03"]},
)
def end(
    start: str,
    days: int,
    holidays: Sequence[str] = (),
    weekend: Sequence[int] = WEEKEND,
) -> LastDay:
    """The day on which work of so many working days ends.

    Edges: a start on a free day moves to the next working day; one day ends as it
    starts.

    Worked example: four days from Wednesday 1 April 2026 with Good Friday free: 1, 2,
    6 and 7 April, so it ends on 7 April.

    :param start: First day, as 2026-04-01.
    :param days: Working days that the work takes, at least 1.
    :param holidays: Days that nobody works.
    :param weekend: Free days of the week, Monday is 0.
    """
    days = whole(days, "days", least=1, most=LONGEST_DAYS)
    known = calendar(holidays, weekend)
    first = known.on_or_after(day(start, "start"))
    return LastDay(first, known.end(first, days))


@method(
    "plan.reschedule",
    name="Phases moved in working days",
    source="Forward pass with fixed durations and lags (Kelley & Walker 1959)",
    version="1",
    formula="startᵢ = endᵢ₋₁ + gapᵢ, endᵢ = startᵢ + durationᵢ, gateᵢ = endᵢ + lagᵢ",
    phase=1,
    example={
        "rows": [
            {"id": "1", "starts": "2026-03-02", "ends": "2026-03-06"},
            {"id": "2", "starts": "2026-03-09", "ends": "2026-03-13"},
        ],
        "changes": [{"id": "1", "days": 7}],
    },
)
def reschedule(
    rows: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    holidays: Sequence[str] = (),
    weekend: Sequence[int] = WEEKEND,
) -> Rescheduled:
    """Move phases; the later ones follow and keep durations and gaps in working days.

    A phase that is changed begins and lasts as wanted. Each later one keeps its own
    length, its distance to the phase before it (overlaps are negative distances) and
    the distance of its gate to its end, all counted in working days.

    Edges: what lies before the first change stays as it is; a phase without dates
    stays without and is stepped over; a wanted start on a free day moves to the next
    working day.

    Worked example: 1 runs Monday 2 to Friday 6 March, 2 the week after. With seven days
    for 1 it ends on Tuesday 10, and 2 runs from Wednesday 11 to Tuesday 17 March.

    :param rows: The phases in their order: id, starts, ends and gate (days or nothing).
    :param changes: What is wanted: id and any of starts, days and gate.
    :param holidays: Days that nobody works.
    :param weekend: Free days of the week, Monday is 0.
    """
    given = listed(rows, "rows", most=MOST_ROWS)
    spans = [span(one, f"rows[{n}]") for n, one in enumerate(given, 1)]
    known = {one.id for one in spans}
    if len(known) < len(spans):
        refuse("rows", "give each id once")
    wanted = {}
    for place, one in enumerate(listed(changes, "changes"), 1):
        name, change = change_of(one, f"changes[{place}]")
        if name not in known:
            refuse(f"changes[{place}].id", f"there is no row {name}")
        wanted[name] = change
    return moved(spans, wanted, calendar(holidays, weekend))


def span(row: object, field: str) -> Span:
    given = table(row, field)
    name = text(entry(given, "id", field), f"{field}.id")
    found = Span(
        name, *(optional(given, key, field) for key in ("starts", "ends", "gate"))
    )
    if found.starts and found.ends and found.ends < found.starts:
        refuse(field, "it ends before it starts")
    return found


def change_of(row: object, field: str) -> tuple[str, Change]:
    given = table(row, field)
    name = text(entry(given, "id", field), f"{field}.id")
    days = given.get("days")
    if days is not None:
        days = whole(days, f"{field}.days", least=1, most=LONGEST_DAYS)
    starts, gate = (optional(given, key, field) for key in ("starts", "gate"))
    return name, Change(starts, days, gate)


def optional(given: Mapping[str, object], key: str, field: str) -> date | None:
    value = given.get(key)
    return None if value is None else day(value, f"{field}.{key}")


def moved(
    spans: Sequence[Span], wanted: Mapping[str, Change], known: Calendar
) -> Rescheduled:
    """The phases after the changes."""
    rows: list[Span] = []
    before: Span | None = None
    after: Span | None = None
    for one in spans:
        placed = place(one, wanted.get(one.id, Change()), before, after, known)
        rows.append(placed)
        if one.ends or placed.ends:
            before, after = one, placed
    changed = tuple(new.id for old, new in zip(spans, rows, strict=True) if old != new)
    return Rescheduled(tuple(rows), changed)


def place(
    one: Span, wanted: Change, before: Span | None, after: Span | None, known: Calendar
) -> Span:
    """Where a phase comes to lie, given the phase before it as it was and as it is."""
    starts = wanted.starts or one.starts
    if starts is None:
        return one
    if wanted.starts is None and before and after and before.ends != after.ends:
        starts = followed(starts, before.ends, after.ends, known)
    if wanted == Change() and starts == one.starts:
        return one
    starts = known.on_or_after(starts)
    days = wanted.days
    if days is None and one.starts and one.ends:
        days = max(known.length(one.starts, one.ends), 1)
    ends = known.end(starts, days) if days else None
    return Span(one.id, starts, ends, gate_of(one, wanted, ends, known))


def followed(starts: date, was: date | None, now: date | None, known: Calendar) -> date:
    """The same distance from the end of the phase before, in working days."""
    if was is None or now is None:
        return starts
    return known.step(now + ONE_DAY, known.between(was + ONE_DAY, starts))


def gate_of(
    one: Span, wanted: Change, ends: date | None, known: Calendar
) -> date | None:
    if wanted.gate or ends is None or one.ends is None or one.gate is None:
        return wanted.gate or one.gate or ends
    return known.step(ends, known.between(one.ends, one.gate))
