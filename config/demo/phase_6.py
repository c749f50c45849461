"""Phase 6 of a demo programme: the work plan, the pilot, and going live."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from config.demo.cast import Cast, at
from config.demo.phase_1 import save
from design.models import Goal, Rollout, SupportScheme
from design.services.rollout import ask_head
from design.services.support import make_task
from programmes.lifecycle import Outcome
from programmes.models import (
    Dependency,
    Indicator,
    Measurement,
    Participation,
    Programme,
    WorkItem,
)
from programmes.services.decisions import Decision, decide_gate
from programmes.services.measurements import record_measurements
from programmes.services.records import fill, save_record
from programmes.services.work import finish_work, save_dependency

# title of a supporting scheme -> week it starts, working days
WEEKS: dict[str, tuple[int, int]] = {
    "One desk with eight seats": (0, 15),
    "Training for the desk clerks": (7, 15),
    "One inbox for mail, phone and portal": (1, 20),
    "Rules of completeness in the ERP": (2, 20),
    "Clean-up of customer records": (0, 20),
    "Automatic credit check": (2, 30),
    "New rule on credit limits": (0, 10),
    "Limits of decision for the team lead": (1, 5),
    "Targets by cycle time instead of volume": (4, 10),
    "State of each case for customers": (9, 20),
    "Invoice run every day": (6, 10),
}
# key, title, owner, week it starts, working days, must
OTHERS: list[tuple[str, str, int, int, bool]] = [
    ("Test with 200 old cases", "member", 8, 10, True),
    ("Pilot with two groups of customers", "owner", 10, 20, True),
    ("Go live in all units", "owner", 14, 10, True),
    ("Hand over to the process owner", "lead", 16, 10, True),
    ("Film about the new desk", "champion", 15, 5, False),
]
# what comes first -> what waits for it
AFTER = [
    ("New rule on credit limits", "Automatic credit check"),
    ("Clean-up of customer records", "Rules of completeness in the ERP"),
    ("Automatic credit check", "Test with 200 old cases"),
    ("Rules of completeness in the ERP", "Test with 200 old cases"),
    ("Test with 200 old cases", "Pilot with two groups of customers"),
    ("Training for the desk clerks", "Pilot with two groups of customers"),
    ("One desk with eight seats", "Training for the desk clerks"),
    ("Pilot with two groups of customers", "Go live in all units"),
    ("State of each case for customers", "Go live in all units"),
    ("Go live in all units", "Hand over to the process owner"),
]
FALLBACK = (
    "The old inbox stays readable for eight weeks; two clerks of the desk help on the "
    "floor in the first four."
)
# unit, its head, week of going live, cases done the new way, what was seen
UNITS = [
    ("desk", "owner", 10, 96, "Median time down from 9 to 6 days in the first month."),
    ("logistics", "member", 14, 88, "Two rules of the credit check were too strict."),
    ("service", "champion", 15, 91, "Calls about the state of cases fell by half."),
]


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """The plan, carried out to the end."""
    tasks = plan_work(cast, programme, begin)
    measure(cast, programme, begin, begin + timedelta(days=137))
    work_until(cast, tasks, begin + timedelta(days=128))
    accept(cast, programme, begin)


def begun(cast: Cast, programme: Programme, begin: date, today: date) -> None:
    """The plan, carried out up to a day; one task on the critical path is late."""
    tasks = plan_work(cast, programme, begin)
    measure(cast, programme, begin, today)
    late = tasks["Automatic credit check"]
    work_until(cast, tasks, today, without=late)


def plan_work(cast: Cast, programme: Programme, begin: date) -> dict[str, WorkItem]:
    """Tasks from the supporting schemes and others, with their order."""
    now = at(begin, 9)
    lead = cast.account("lead")
    tasks: dict[str, WorkItem] = {}
    for item in SupportScheme.objects.of(programme).select_related("programme"):
        task = make_task(by=lead, item=item, now=now)
        week, days = WEEKS.get(item.title, (0, 10))
        starts_on = begin + timedelta(weeks=week)
        fill(
            task,
            starts_on=starts_on,
            due_on=end_of(starts_on, days),
            duration_days=days,
        )
        tasks[task.title] = save_record(by=lead, record=task, now=now)
    for title, owner, week, days, is_must in OTHERS:
        starts_on = begin + timedelta(weeks=week)
        tasks[title] = save(
            cast,
            programme,
            WorkItem,
            now,
            title=title,
            owner=cast.persons[owner],
            starts_on=starts_on,
            due_on=end_of(starts_on, days),
            duration_days=days,
            is_must=is_must,
        )
    order(cast, programme, tasks, now)
    for unit, head, week, _share, note in UNITS:
        save(
            cast,
            programme,
            Rollout,
            now,
            unit=cast.units[unit],
            owner=cast.persons[head],
            go_live_on=begin + timedelta(weeks=week),
            is_pilot=unit == "desk",
            fallback=FALLBACK,
            note=note,
        )
    return tasks


def end_of(starts_on: date, days: int) -> date:
    """The last of some working days; work starts on the weekday of the phase."""
    return starts_on + timedelta(days=days // 5 * 7 - 3 if days >= 5 else days - 1)


def order(
    cast: Cast, programme: Programme, tasks: dict[str, WorkItem], now: datetime
) -> None:
    for before, after in AFTER:
        if before in tasks and after in tasks:
            save_dependency(
                by=cast.account("lead"),
                record=Dependency(
                    programme=programme, before=tasks[before], after=tasks[after]
                ),
                now=now,
            )


def work_until(
    cast: Cast, tasks: dict[str, Any], today: date, without: Any = None
) -> None:
    """Finish what is due by a day, in order; what waits for `without` stays open."""
    lead = cast.account("lead")
    waiting = {without.title} if without else set()
    for before, after in sorted(AFTER, key=lambda pair: tasks[pair[1]].due_on):
        if before in waiting:
            waiting.add(after)
    for task in sorted(tasks.values(), key=lambda one: (one.due_on, one.pk)):
        if task.due_on > today or not task.is_must or task.title in waiting:
            continue
        task.refresh_from_db()
        finish_work(by=lead, item=task, now=at(task.due_on, 17))
    for task in tasks.values():
        task.refresh_from_db()
        is_free = task.title not in waiting or task == without
        if task.state == WorkItem.State.OPEN and task.starts_on <= today and is_free:
            share = min((today - task.starts_on).days * 100 // 42, 90)
            fill(task, state=WorkItem.State.DOING, done_share=share)
            save_record(by=lead, record=task, now=at(today, 17))


def measure(cast: Cast, programme: Programme, begin: date, until: date) -> None:
    """Values of the goals' indicators, on their way from baseline to target."""
    goals = Goal.objects.of(programme).select_related("indicator")
    rows = []
    for goal in goals.exclude(indicator=None):
        step = 7 if goal.indicator.period == Indicator.Period.WEEK else 28
        total = (until - begin).days
        for days in range(total % step, total, step):
            share = Decimal(days) / Decimal(total) * Decimal("0.8")
            wobble = Decimal((days * 7) % 5 - 2) / 100
            way = (goal.target - goal.baseline) * (share + wobble)
            rows.append(
                {
                    "series": goal.indicator.code,
                    "at": (begin + timedelta(days=days)).isoformat(),
                    "value": str(round(goal.baseline + way, 2)),
                }
            )
    if rows:
        record_measurements(
            by=cast.account("lead"),
            programme=programme,
            rows=rows,
            source=Measurement.Source.API,
            now=at(until, 8),
        )


def accept(cast: Cast, programme: Programme, begin: date) -> None:
    """The head of each unit accepts it at its checkpoint, weeks after it went live."""
    rows = Rollout.objects.of(programme).select_related("unit", "programme")
    by_unit = {one.unit_id: one for one in rows}
    for unit, head, week, share, _note in UNITS:
        live, day = begin + timedelta(weeks=week), begin + timedelta(weeks=week + 3)
        rollout = by_unit[cast.units[unit].pk]
        train_rest(cast, rollout, live)
        fill(rollout, fallback_tested_on=live - timedelta(days=6), adoption=share)
        save_record(by=cast.account("lead"), record=rollout, now=at(day, 8))
        review = ask_head(by=cast.account("lead"), rollout=rollout, now=at(day, 9))
        decide_gate(
            by=cast.account(head),
            gate=review.gate,
            decision=Decision(Outcome.APPROVE),
            fingerprint=review.fingerprint,
            now=at(day, 16),
        )


def train_rest(cast: Cast, rollout: Rollout, day: date) -> None:
    """Whoever of the unit missed the course took it before the go-live."""
    rows = Participation.objects.of(rollout.programme).filter(
        person__unit=rollout.unit, done_on=None
    )
    for one in rows.select_related("programme"):
        save_record(
            by=cast.account("lead"),
            record=fill(one, done_on=day - timedelta(days=4)),
            now=at(day, 8),
        )
