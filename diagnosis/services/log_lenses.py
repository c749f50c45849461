"""The lenses behind the tabs of a log, each answered once and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from diagnosis.answers import answer
from diagnosis.mining import cases, contrast, resources, waiting, working
from diagnosis.mining.lenses import Log
from diagnosis.mining.spelling import read_filter
from diagnosis.models import EventLog
from diagnosis.stores import open_store, silence
from programmes.kit import holidays
from programmes.models import Programme
from programmes.services.plan import calendar_of

MOST_EXPORTED = 100_000
USUAL_BEGIN = 8
Filters = Sequence[str]


def asked(
    log: EventLog,
    lens: str,
    filters: Filters,
    ask: Callable[[Log], Any],
    **more: Any,
) -> Any:
    """The cached answer of a lens on the chosen cases.

    :raises LogError: a filter names an attribute that the log does not have.
    """
    chosen = sorted(filters)

    def of_chosen(whole: Log) -> Any:
        return ask(whole.where([read_filter(one) for one in chosen]))

    return answer(log, lens, of_chosen, filters=chosen, **more)


def activities(log: EventLog) -> list[str]:
    """The activities of the whole log, the most frequent first."""

    def ask(opened: Log) -> list[str]:
        events = opened.events
        rows = opened.rows(events.group_by("activity").agg(n=events.count()))
        rows.sort(key=lambda row: (-row["n"], row["activity"]))
        return [row["activity"] for row in rows]

    found: list[str] = answer(log, "activities", ask)
    return found


def case_page(
    log: EventLog, filters: Filters, *, sort: str, page: int, search: str
) -> dict[str, Any]:
    """One page of the cases."""
    given: dict[str, Any] = {"sort": sort, "page": page, "search": search}
    found: dict[str, Any] = asked(
        log,
        "cases",
        filters,
        lambda one: asdict(cases.case_page(one, **given)),
        **given,
    )
    return found


def all_cases(
    log: EventLog, filters: Filters, *, sort: str, search: str
) -> Iterator[cases.CaseRow]:
    """The cases for a file, at most a hundred thousand."""
    with open_store(log) as whole, silence():
        opened = whole.where([read_filter(one) for one in filters])
        yield from cases.all_cases(opened, sort, search, MOST_EXPORTED)


def timeline(log: EventLog, case: str) -> dict[str, Any] | None:
    """One case and its events."""

    def ask(opened: Log) -> dict[str, Any] | None:
        found = cases.timeline(opened, case)
        return asdict(found) if found else None

    found: dict[str, Any] | None = answer(log, "case", ask, case=case)
    return found


def path_page(
    log: EventLog, filters: Filters, page: int, size: int = 25
) -> dict[str, Any]:
    """One page of the paths."""

    def ask(opened: Log) -> dict[str, Any]:
        return asdict(cases.path_page(opened, page, size))

    found: dict[str, Any] = asked(log, "paths", filters, ask, page=page, size=size)
    return found


def work(log: EventLog, filters: Filters) -> dict[str, Any]:
    """Resources and hand-overs."""

    def ask(opened: Log) -> dict[str, Any]:
        return {
            "resources": asdict(resources.resources(opened)),
            "hand_overs": asdict(resources.hand_overs(opened)),
        }

    found: dict[str, Any] = asked(log, "work", filters, ask)
    return found


def workload(log: EventLog, filters: Filters) -> dict[str, Any]:
    """Events by weekday and hour."""
    found: dict[str, Any] = asked(
        log, "workload", filters, lambda one: asdict(resources.workload(one))
    )
    return found


def times(
    log: EventLog, filters: Filters, week: working.WorkingWeek | None = None
) -> dict[str, Any]:
    """Working and waiting of the activities, by the clock or in working time."""

    def ask(opened: Log) -> dict[str, Any]:
        if week is None:
            found = waiting.times(opened)
            return {**asdict(found), "work_share": found.work_share, "cases": None}
        found = working.working_times(opened, week)
        spread = working.working_durations(opened, week)
        return {
            **asdict(found),
            "work_share": found.work_share,
            "cases": asdict(spread) if spread else None,
        }

    held: dict[str, Any] = asked(log, "times", filters, ask, week=spelt(week))
    return held


def spelt(week: working.WorkingWeek | None) -> Any:
    """A week as the cache names it."""
    if week is None:
        return None
    return [week.days, sorted(day.isoformat() for day in week.holidays), week.zone]


def week_of(programme: Programme, log: EventLog, begins: int) -> working.WorkingWeek:
    """The hours of the enterprise on the working days of the programme."""
    calendar = calendar_of(programme)
    enterprise = programme.enterprise
    return working.plain_week(
        min(max(float(enterprise.hours_per_day), 0.0), 24.0),
        begins,
        holidays.weekend(calendar.country),
        free_days(calendar.country, calendar.region, log),
        enterprise.timezone,
    )


def free_days(country: str, region: str, log: EventLog) -> list[date]:
    """The holidays in the years of the log."""
    if log.first_at is None or log.last_at is None:
        return []
    years = range(log.first_at.year, log.last_at.year + 1)
    return list(holidays.free_days(country, region, years))


def open_cases(log: EventLog, filters: Filters, unit: str) -> list[dict[str, Any]]:
    """Arrivals, departures and open cases by week or month."""
    closing = tuple(log.closing)

    def ask(opened: Log) -> list[dict[str, Any]]:
        return [asdict(one) for one in waiting.open_cases(opened, unit, closing)]

    found: list[dict[str, Any]] = asked(
        log, "open", filters, ask, unit=unit, closing=closing
    )
    return found


def slow_and_fast(
    log: EventLog, filters: Filters, threshold_s: float | None
) -> dict[str, Any]:
    """What slow and fast cases differ in."""

    def ask(opened: Log) -> dict[str, Any]:
        return asdict(contrast.contrast(opened, threshold_s))

    found: dict[str, Any] = asked(
        log, "contrast", filters, ask, threshold_s=threshold_s
    )
    return found


def moment_of(text: str) -> datetime:
    """A moment of a store, out of the cache."""
    return datetime.fromisoformat(f"{text}+00:00")
