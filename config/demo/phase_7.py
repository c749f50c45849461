"""Phase 7 of the demo: what it was worth, and what was learned."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from config.demo.cast import Cast, at
from config.demo.lessons import LESSONS
from config.demo.measurements import record_series
from design.models import Goal
from evaluation.models import (
    CostBenefit,
    EvaluationSetup,
    Lesson,
    QualitativeItem,
    ScoreRule,
)
from evaluation.scoring import is_goal
from evaluation.services.dashboards import refresh_dashboard
from evaluation.services.economics import confirm_economics
from evaluation.services.scorecard import give_ratings, save_score_rule, save_setup
from programmes.models import Gate, Indicator, Measurement, Programme
from programmes.phases import Phase
from programmes.services.indicators import save_indicator
from programmes.services.money import confirm_money
from programmes.services.records import save_record

# code, name, unit, branch, direction, baseline, target
OWN = [
    ("cost-per-case", "Cost per case", "€", "economic", "cost", 7.8, 4.5),
    ("running-cost", "Annual running cost", "€k", "economic", "cost", 3420, 2570),
    ("touchless", "Touchless cases", "%", "management", "benefit", 22, 70),
    ("right-first", "Right first time", "%", "management", "benefit", 71, 92),
    ("queries", "Queries of customers", "a week", "management", "cost", 205, 90),
]
# title, question, weight, grades of the six people and two customers
ITEMS: list[tuple[str, str, int, list[int]]] = [
    (
        "Clarity of responsibilities",
        "Do you know who decides and who does what in the new process?",
        30,
        [4, 5, 4, 4, 3, 5, 4, 4],
    ),
    (
        "Ease of the new process",
        "How easy is the new way of working in daily life?",
        30,
        [4, 3, 4, 3, 2, 4, 4, 5],
    ),
    (
        "Cooperation between departments",
        "How well do the departments work hand in hand?",
        20,
        [4, 4, 3, 4, 4, 4, 5, 3],
    ),
    (
        "Quality of training",
        "Did the training fit your work?",
        20,
        [3, 3, 4, 2, 3, 4, 3, 2],
    ),
]
RATERS = [
    ("sponsor", "management"),
    ("controller", "management"),
    ("owner", "staff"),
    ("member", "team"),
    ("champion", "staff"),
    ("gatekeeper", "management"),
]
# title, kind, year after the first, planned, actual, evidence, code of the indicator
LINES: list[tuple[str, str, int, int, int | None, str, str]] = [
    ("Project team and consultants", "cost", 0, 310_000, 328_000, "measured", ""),
    ("Licences and interfaces", "cost", 0, 120_000, 112_500, "measured", ""),
    ("Training and communication", "cost", 1, 45_000, 41_200, "measured", ""),
    ("Running the new system", "cost", 1, 38_000, 40_400, "measured", ""),
    ("Running the new system", "cost", 2, 38_000, None, "estimated", ""),
    (
        "Fewer touches for each case",
        "benefit",
        1,
        280_000,
        312_000,
        "measured",
        "cost-per-case",
    ),
    (
        "Fewer reworked cases",
        "benefit",
        1,
        140_000,
        126_500,
        "measured",
        "right-first",
    ),
    (
        "Fewer touches for each case",
        "benefit",
        2,
        390_000,
        None,
        "estimated",
        "cost-per-case",
    ),
    ("Fewer reworked cases", "benefit", 2, 180_000, None, "estimated", "right-first"),
    ("Less capital tied up", "benefit", 2, 60_000, None, "assumed", "queries"),
]


def tell(cast: Cast, programme: Programme, begin: date) -> None:
    """Measure, weigh, grade, count the money, and write down the lessons."""
    before, after = begin - timedelta(days=150), begin - timedelta(days=70)
    add_indicators(cast, programme, begin)
    goals = [one for one in Indicator.objects.of(programme) if is_goal(one)]
    for one in goals:
        measure(cast, programme, one, before, after, begin + timedelta(days=28))
    setup = EvaluationSetup(
        programme=programme, baseline_until=before, measured_from=after
    )
    save_setup(by=cast.account("lead"), record=setup, now=at(begin))
    weigh(cast, programme, goals, begin + timedelta(days=2))
    grade(cast, programme, begin + timedelta(days=9))
    count_money(cast, programme, begin + timedelta(days=14))
    learn(cast, programme, begin + timedelta(days=16))
    close_goals(cast, programme, begin + timedelta(days=18))
    confirm(cast, programme, begin + timedelta(days=20))
    refresh_dashboard(programme=programme, now=at(begin + timedelta(days=28), 19))


def save(
    cast: Cast, day: date, model: type[Any], programme: Programme, **v: Any
) -> Any:
    record = model(programme=programme, **v)
    return save_record(by=cast.account("lead"), record=record, now=at(day, 11))


def add_indicators(cast: Cast, programme: Programme, begin: date) -> None:
    """Those of our own that nobody has defined earlier."""
    known = set(Indicator.objects.of(programme).values_list("code", flat=True))
    for code, name, unit, branch, direction, baseline, target in OWN:
        if code in known:
            continue
        indicator = Indicator(
            programme=programme,
            code=code,
            name=name,
            definition=f"{name}, mean of the week, all cases of {programme.name}.",
            unit=unit,
            branch=branch,
            direction=direction,
            period="week",
            source="ERP, by interface",
            owner=cast.persons["owner"],
            baseline=Decimal(str(baseline)),
            target=Decimal(str(target)),
            reaction="Look at the week's cases with the team lead, tell the owner.",
        )
        now = at(begin - timedelta(days=360))
        save_indicator(by=cast.account("lead"), record=indicator, now=now)


def measure(
    cast: Cast,
    programme: Programme,
    indicator: Indicator,
    before: date,
    after: date,
    last: date,
) -> None:
    """A year of weekly values; what was measured in the diagnosis is kept."""
    if indicator.baseline is None or indicator.target is None:
        return
    base, aim = float(indicator.baseline), float(indicator.target)
    known = Measurement.objects.filter(indicator=indicator, at__date__lte=before)
    first = before - timedelta(days=168)
    if known.count() >= 6:
        first = before + timedelta(days=7)
    record_series(
        cast,
        programme,
        indicator,
        first=first,
        last=last,
        level=base,
        shift_on=after,
        level_after=base + 1.08 * (aim - base),
        spread=0.06 * abs(aim - base),
    )


def weigh(cast: Cast, programme: Programme, goals: list[Indicator], day: date) -> None:
    """Equal weights in each branch; the last one takes what rounding leaves."""
    for branch in ("economic", "management"):
        rows = [one for one in goals if one.branch == branch]
        share = round(Decimal(100) / max(len(rows), 1), 1)
        for place, one in enumerate(rows, 1):
            weight = share if place < len(rows) else 100 - share * (len(rows) - 1)
            rule = ScoreRule(programme=programme, indicator=one, weight=weight)
            save_score_rule(by=cast.account("lead"), record=rule, now=at(day, 10))


def grade(cast: Cast, programme: Programme, day: date) -> None:
    items = [
        save(
            cast,
            day,
            QualitativeItem,
            programme,
            title=title,
            question=question,
            weight=weight,
        )
        for title, question, weight, _grades in ITEMS
    ]
    panels = list(zip(*(grades for *_rest, grades in ITEMS), strict=True))
    for place, given in enumerate(panels):
        inside = place < len(RATERS)
        key, group = RATERS[place] if inside else ("lead", "customer")
        give_ratings(
            by=cast.account(key),
            programme=programme,
            grades={item.pk: one for item, one in zip(items, given, strict=True)},
            group=group,
            is_anonymous=key == "champion",
            is_outside=not inside,
            now=at(day, 12, place),
        )


def count_money(cast: Cast, programme: Programme, day: date) -> None:
    known = {one.code: one for one in Indicator.objects.of(programme)}
    for title, kind, after, plan, actual, basis, code in LINES:
        year = day.year - 1 + after
        save(
            cast,
            day,
            CostBenefit,
            programme,
            title=title,
            kind=kind,
            year=year,
            plan=plan,
            actual=actual,
            basis=basis,
            indicator=known.get(code),
            unit=cast.units["desk"] if kind == "benefit" else None,
            period=f"{year}" if kind == "benefit" else "",
        )
    lines = CostBenefit.objects.of(programme).exclude(actual=None)
    confirm_economics(
        by=cast.account("controller"),
        programme=programme,
        lines=list(lines),
        now=at(day, 16),
    )


def learn(cast: Cast, programme: Programme, day: date) -> None:
    for phase, kind, title, happened, cause, advice, tags in LESSONS:
        save(
            cast,
            day,
            Lesson,
            programme,
            phase=phase,
            kind=kind,
            title=title,
            happened=happened,
            cause=cause,
            advice=advice,
            tags=tags,
        )


def confirm(cast: Cast, programme: Programme, day: date) -> None:
    gate = Gate.objects.get(programme=programme, phase=Phase.EVALUATION)
    confirm_money(
        by=cast.account("controller"),
        gate=gate,
        note="Reconciled with the ledger of the cost centres.",
        now=at(day, 15),
    )


def close_goals(cast: Cast, programme: Programme, day: date) -> None:
    """The last of several goals is met in part, the others in full."""
    goals = list(Goal.objects.of(programme).order_by("pk"))
    for one in goals:
        is_late = one == goals[-1] and len(goals) > 1
        one.outcome = Goal.Outcome.PARTLY if is_late else Goal.Outcome.MET
        one.outcome_reason = (
            "Two units came late into the roll-out; the rest of the way is theirs."
            if is_late
            else "The values since the change stay at the target or beyond."
        )
        save_record(by=cast.account("lead"), record=one, now=at(day, 10))
