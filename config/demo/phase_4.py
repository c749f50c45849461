"""Phase 4 of a demo programme: goals, options, the case and the chosen scheme."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from config.demo.cast import Cast, at
from config.demo.phase_1 import save, set_objectives
from design.models import (
    AuxiliaryInfo,
    CaseLine,
    CaseRate,
    Goal,
    Option,
    Scheme,
    SchemeStep,
    Yardstick,
)
from design.services.options import record_scores
from design.services.schemes import save_step
from diagnosis.models.problems import Cause, Problem
from programmes.kit.formats import quantity
from programmes.models import Gate, Indicator, Objective, Programme
from programmes.phases import Phase
from programmes.services.indicators import save_indicator
from programmes.services.money import confirm_money
from programmes.services.records import fill, save_record

PROBLEMS = [
    "Cases wait for the credit check over the weekend",
    "Every third case comes without the data that is needed",
    "Nobody decides on exceptions, so they go round",
]
# code, name, unit, direction, baseline, target
INDICATORS = [
    ("cycle-time", "Cycle time, median", "days", "cost", "9.4", "5.0"),
    ("right-first-time", "Right first time", "%", "benefit", "88.1", "97.0"),
    ("cost-per-case", "Cost per case", "€", "cost", "29.5", "21.0"),
]
# title, weight, worst, best
CRITERIA = [
    ("Benefit a year", 30, "none", "over 400,000 a year"),
    ("One-off cost", 20, "over 1,000,000", "nothing"),
    ("Delivery risk", 15, "likely to fail", "done before, here"),
    ("What customers feel", 20, "worse than today", "a visible step forward"),
    ("Time to effect", 5, "over two years", "within a month"),
    ("Acceptance by staff", 10, "open resistance", "asked for by staff"),
]
# name, kind, description, effects (time, cost, quality: low, likely, high), points
OPTIONS: list[tuple[str, str, str, list[list[int | None]], list[int]]] = [
    (
        "Go on as today",
        "nothing",
        "No change. Volumes grow by 4% a year and are met with temporary staff.",
        [[0, 5, 10], [2, 4, 6], [-4, -2, 0]],
        [0, 100, 80, 5, 100, 35],
    ),
    (
        "Tune today's process",
        "improve",
        "Same structure, fewer checks: second signatures go, forms become complete.",
        [[-20, -15, -8], [-8, -5, -2], [4, 8, 12]],
        [25, 92, 88, 35, 85, 82],
    ),
    (
        "Central desk with automatic check",
        "redesign",
        "One desk takes every case, checks it at once, and decides exceptions the same "
        "day. The credit check runs in the ERP.",
        [[-55, -45, -35], [-32, -26, -18], [20, 28, 34]],
        [82, 55, 68, 80, 62, 74],
    ),
    (
        "Self-service portal",
        "automate",
        "Customers enter and follow their cases themselves; needs the new ERP module.",
        [[-60, -48, -20], [-35, -24, 5], [5, 25, 36]],
        [95, 10, 30, 92, 25, 51],
    ),
    (
        "Hand entry to a provider",
        "source",
        "A shared-service provider enters and checks the cases under contract.",
        [[-20, -12, 0], [-22, -15, -4], [-6, 2, 8]],
        [45, 78, 35, 30, 70, 20],
    ),
]
CHOSEN = 2
# option, title, kind, first year, last year, amount of each year
LINES: list[tuple[int, str, str, int, int, int]] = [
    (0, "Temporary staff for growing volumes", "cost", 1, 5, 62_000),
    (1, "Workshops and new forms", "cost", 0, 0, 74_000),
    (1, "Time of clerks saved", "benefit", 1, 5, 88_000),
    (2, "Changes to the ERP system", "cost", 0, 0, 240_000),
    (2, "Training of all affected staff", "cost", 0, 0, 66_000),
    (2, "Team and consulting", "cost", 0, 0, 264_000),
    (2, "Licences and care", "cost", 1, 5, 24_000),
    (2, "Time of clerks saved", "benefit", 1, 1, 120_000),
    (2, "Time of clerks saved", "benefit", 2, 5, 214_000),
    (2, "Fewer corrections and credit notes", "benefit", 1, 1, 60_000),
    (2, "Fewer corrections and credit notes", "benefit", 2, 5, 126_000),
    (3, "ERP module and portal", "cost", 0, 1, 640_000),
    (3, "Time of clerks saved", "benefit", 2, 5, 410_000),
    (4, "Contract with the provider", "cost", 1, 5, 190_000),
    (4, "Move of the work", "cost", 0, 0, 110_000),
    (4, "Time of clerks saved", "benefit", 1, 5, 236_000),
]
# name, role, what changes; empty: stays as it is
STEPS = [
    (
        "Take the case in",
        "Desk clerk",
        "One inbox for all channels; what is incomplete goes back within the hour.",
    ),
    (
        "Check that it is complete",
        "ERP system",
        "Done by rules at entry instead of by a second clerk.",
    ),
    (
        "Check the credit",
        "ERP system",
        "Automatic up to the agreed limit; only one case in nine reaches a person.",
    ),
    (
        "Decide the exceptions",
        "Team lead of the desk",
        "Same day, with a limit of their own; no second round to sales.",
    ),
    ("Deliver", "Warehouse", ""),
    (
        "Invoice and tell the customer",
        "Finance clerk",
        "Invoice from the delivered quantity; the customer sees the state online.",
    ),
]
INFORMATION = [
    ("Manual of the ERP credit module", "document", "IT, release 2026.1"),
    ("Credit limits by group of customers", "data", "Finance, data warehouse"),
]


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """Goals, options with scores and case, the scheme with its steps."""
    goals = set_goals(cast, programme, begin, at(begin + timedelta(days=4), 10))
    accept_others(cast, programme, goals, at(begin + timedelta(days=5), 10))
    options = compare(cast, programme, at(begin + timedelta(days=18), 15))
    reckon(cast, programme, options, at(begin + timedelta(days=30), 11))
    choose(cast, programme, options[CHOSEN], at(begin + timedelta(days=38), 16))
    now = at(begin + timedelta(days=42), 9)
    for title, kind, source in INFORMATION:
        save(
            cast,
            programme,
            AuxiliaryInfo,
            now,
            title=title,
            kind=kind,
            source=source,
            collected_on=now.date(),
        )
    gate = Gate.objects.get(programme=programme, phase=Phase.DESIGN)
    confirm_money(
        by=cast.account("controller"),
        gate=gate,
        note="Savings checked against the cost centres; benefits start in month 7.",
        now=at(begin + timedelta(days=48), 14),
    )


def set_goals(
    cast: Cast, programme: Programme, begin: date, now: datetime
) -> list[Goal]:
    """A goal for each of up to four indicators, from what the diagnosis found."""
    objectives = list(
        Objective.objects.of(programme).filter(level="programme").order_by("pk")
    ) or set_objectives(cast, programme, begin, now)
    first_of: dict[str, Problem] = {}
    for problem in Problem.objects.of(programme).order_by("pk"):
        first_of.setdefault(problem.category, problem)
    problems = list(first_of.values())[:4] or [
        save(cast, programme, Problem, now, title=title) for title in PROBLEMS
    ]
    indicators = list(Indicator.objects.of(programme).order_by("pk")[:4]) or [
        add_indicator(cast, programme, now, *row) for row in INDICATORS
    ]
    goals = []
    for index, one in enumerate(indicators):
        start, aim = reach(one)
        goals.append(
            save(
                cast,
                programme,
                Goal,
                now,
                title=f"{one.name} to {quantity(aim, one.unit)}",
                objective=objectives[index % len(objectives)],
                problem=problems[index % len(problems)],
                indicator=one,
                baseline=start,
                target=aim,
                due_on=begin + timedelta(weeks=40),
                owner=one.owner or cast.persons["owner"],
            )
        )
    return goals


def accept_others(
    cast: Cast, programme: Programme, goals: list[Goal], now: datetime
) -> None:
    """The owner lets those root causes stand whose kind no goal is about."""
    kinds = {one.problem.category for one in goals if one.problem}
    roots = Cause.objects.of(programme).filter(is_root=True)
    for one in roots.exclude(problem__category__in=kinds).select_related("programme"):
        fill(
            one,
            accepted_by=cast.persons["owner"],
            accepted_reason="Small beside the others; looked at again in a year.",
        )
        save_record(by=cast.account("lead"), record=one, now=now)


def add_indicator(
    cast: Cast, programme: Programme, now: datetime, *row: str
) -> Indicator:
    code, name, unit, direction, baseline, target = row
    record = Indicator(
        programme=programme,
        code=code,
        name=name,
        unit=unit,
        direction=direction,
        baseline=Decimal(baseline),
        target=Decimal(target),
        definition=f"{name} of {programme.name}, of all cases closed in the period",
        source="ERP",
        owner=cast.persons["owner"],
    )
    return save_indicator(by=cast.account("lead"), record=record, now=now)


def reach(indicator: Indicator) -> tuple[Decimal, Decimal]:
    """From where to where: the contract's figures, else a third better."""
    start = indicator.baseline if indicator.baseline is not None else Decimal(100)
    better = Decimal("0.67") if indicator.direction == "cost" else Decimal("1.33")
    aim = indicator.target if indicator.target is not None else start * better
    return start, aim if aim != start else start + 1


def compare(cast: Cast, programme: Programme, now: datetime) -> list[Option]:
    """Options, criteria and all scores, given by the steering group."""
    yardsticks = [
        save(
            cast,
            programme,
            Yardstick,
            now,
            title=title,
            weight=weight,
            worst=worst,
            best=best,
        )
        for title, weight, worst, best in CRITERIA
    ]
    options = [
        add_option(cast, programme, now, name, kind, text, effects)
        for name, kind, text, effects, _points in OPTIONS
    ]
    points = {
        (option.pk, yardstick.pk): Decimal(value)
        for option, row in zip(options, OPTIONS, strict=True)
        for yardstick, value in zip(yardsticks, row[4], strict=True)
    }
    record_scores(by=cast.account("lead"), programme=programme, points=points, now=now)
    return options


def add_option(
    cast: Cast,
    programme: Programme,
    now: datetime,
    name: str,
    kind: str,
    text: str,
    effects: list[list[int | None]],
) -> Option:
    values: dict[str, Any] = {}
    for part, (low, likely, high) in zip(
        ("time", "cost", "quality"), effects, strict=True
    ):
        values |= {
            f"{part}_low": low,
            f"{part}_likely": likely,
            f"{part}_high": high,
        }
    option: Option = save(
        cast, programme, Option, now, name=name, kind=kind, description=text, **values
    )
    return option


def reckon(
    cast: Cast, programme: Programme, options: list[Option], now: datetime
) -> None:
    """Costs and benefits of each option; the size of the programme varies them."""
    size = 10 + sum(map(ord, programme.code)) % 5
    save(
        cast,
        programme,
        CaseRate,
        now,
        percent=Decimal(8),
        source="Finance, investment guideline 2026",
    )
    shown = list(Indicator.objects.of(programme).order_by("pk")[:2])
    for index, title, kind, first, last, amount in LINES:
        source = shown[0 if "clerks" in title else -1] if kind == "benefit" else None
        for year in range(first, last + 1):
            save(
                cast,
                programme,
                CaseLine,
                now,
                option=options[index],
                title=title,
                kind=kind,
                year=year,
                amount=Decimal(amount * size // 10),
                basis="measured" if "clerks" in title else "estimated",
                indicator=source,
            )


def choose(cast: Cast, programme: Programme, option: Option, now: datetime) -> Scheme:
    scheme: Scheme = save(
        cast,
        programme,
        Scheme,
        now,
        title=f"{programme.name}: {option.name}",
        option=option,
        reason="Best on what customers feel at a risk we can carry. The portal brings "
        "more, but not before the new ERP; it can follow on top of the desk.",
    )
    for position, (name, role, change) in enumerate(STEPS, start=1):
        step = SchemeStep(
            programme=programme,
            position=position,
            name=name,
            role=role,
            change=change,
            is_changed=bool(change),
        )
        save_step(by=cast.account("lead"), record=step, now=now)
    return scheme
