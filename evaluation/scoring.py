"""From rows to scores: the one place where the tables meet the methods of phase 7."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from evaluation.maths.effects import Difference, difference
from evaluation.maths.index import normalise
from evaluation.maths.tree import tree
from evaluation.models import (
    CostBenefit,
    EvaluationSetup,
    QualitativeItem,
    Rating,
)
from programmes.maths.economics import irr, npv, payback
from programmes.models import Indicator, Measurement, Programme

GRADES = (1, 2, 3, 4, 5)
BRANCHES = (
    Indicator.Branch.ECONOMIC,
    Indicator.Branch.MANAGEMENT,
    Indicator.Branch.QUALITATIVE,
)


def is_goal(indicator: Indicator) -> bool:
    """A goal is an indicator with a baseline and a target.

    The goals of the design join here: whatever says which indicators are goals, gates
    7 and 8, the effects and the missed targets ask this function.
    """
    return indicator.baseline is not None and indicator.target is not None


def better_of(indicator: Indicator) -> Any:
    """The good side as the methods call it."""
    sides = {"benefit": "higher", "cost": "lower", "target": "target"}
    return sides[indicator.direction]


def setup_of(programme: Programme) -> EvaluationSetup:
    """The evaluation system of a programme; its defaults while nobody saved one."""
    found: EvaluationSetup | None = EvaluationSetup.objects.of(programme).first()
    return found or EvaluationSetup(programme=programme)


def number(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)


def index_of(
    direction: str, value: float | None, worst: float | None, best: float | None
) -> float | None:
    """The index value from 0 to 100, None where it is not defined."""
    if value is None or worst is None or best is None:
        return None
    if direction == "target":
        return normalise(
            "target", value, target=best, max_deviation=abs(worst - best)
        ).index
    if (best < worst) == (direction == "benefit"):
        return None
    kind: Any = direction
    return normalise(kind, value, worst=worst, best=best).index


def progress_of(
    baseline: float | None, target: float | None, value: float | None
) -> float | None:
    """0 at the baseline, 100 at the target, not clipped."""
    if baseline is None or target is None or value is None:
        return None
    return normalise("goal_progress", value, baseline=baseline, target=target).raw


@dataclass(frozen=True)
class Leaf:
    """One line of the scorecard."""

    pk: int
    slug: str
    name: str
    unit: str
    branch: str
    weight: float
    baseline: float | None
    target: float | None
    actual: float | None
    before: float | None
    index: float | None
    progress: float | None
    raters: int = 0
    grades: tuple[int, ...] = ()

    @property
    def share(self) -> float:
        return self.weight / 100

    @property
    def has_index(self) -> bool:
        return self.index is not None


@dataclass(frozen=True)
class Branch:
    """One branch of the tree with its lines."""

    key: str
    weight: float
    index: float | None
    before: float | None
    leaves: tuple[Leaf, ...]

    @property
    def whole(self) -> bool:
        """The weights of its lines add up to 100%; a branch without weight is empty."""
        total = sum(one.weight for one in self.leaves)
        return abs(total - 100) < 0.005 if self.weight else not self.leaves


@dataclass(frozen=True)
class Scorecard:
    """The whole tree: the composite index now and before, and how much is known."""

    branches: tuple[Branch, ...]
    index: float | None
    before: float | None
    coverage: float
    is_provisional: bool
    grade: str | None

    @property
    def leaves(self) -> list[Leaf]:
        return [leaf for branch in self.branches for leaf in branch.leaves]


def scored_indicators(programme: Programme) -> QuerySet[Any]:
    """Indicators with their latest value and the rule by which they count."""
    rows: QuerySet[Any] = Indicator.objects.of(programme).with_latest()
    rule = FilteredRelation("score_rules", condition=Q(score_rules__deleted_at=None))
    scored: QuerySet[Any] = rows.annotate(rule=rule).annotate(
        rule_id=F("rule__pk"),
        rule_version=F("rule__version"),
        rule_at=F("rule__updated_at"),
        weight=F("rule__weight"),
        worst=F("rule__worst"),
        best=F("rule__best"),
    )
    return scored


def leaf_of(row: Any) -> Leaf:
    baseline, target = number(row.baseline), number(row.target)
    worst = baseline if row.worst is None else number(row.worst)
    best = target if row.best is None else number(row.best)
    actual = number(row.latest_value)
    return Leaf(
        pk=row.pk,
        slug="indicators",
        name=row.name,
        unit=row.unit,
        branch=row.branch,
        weight=float(row.weight or 0),
        baseline=baseline,
        target=target,
        actual=actual,
        before=index_of(row.direction, baseline, worst, best),
        index=index_of(row.direction, actual, worst, best),
        progress=progress_of(baseline, target, actual),
    )


def item_leaf(item: QualitativeItem, grades: dict[int, int]) -> Leaf:
    counts = tuple(grades.get(grade, 0) for grade in GRADES)
    raters = sum(counts)
    total = sum(grade * count for grade, count in zip(GRADES, counts, strict=True))
    mean = total / raters if raters else None
    return Leaf(
        pk=item.pk,
        slug="qualitative",
        name=item.title,
        unit="",
        branch=Indicator.Branch.QUALITATIVE,
        weight=float(item.weight),
        baseline=None,
        target=float(item.target),
        actual=mean,
        before=None,
        index=index_of("benefit", mean, 1.0, 5.0),
        progress=progress_of(1.0, float(item.target), mean),
        raters=raters,
        grades=counts,
    )


def grades_of(programme: Programme) -> dict[int, dict[int, int]]:
    """item -> grade -> how often."""
    rows = (
        Rating.objects.of(programme)
        .filter(item__deleted_at=None)
        .values("item", "grade")
        .annotate(n=Count("pk"))
    )
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row["item"], {})[row["grade"]] = row["n"]
    return found


def scorecard_of(programme: Programme, setup: EvaluationSetup) -> Scorecard:
    """The scorecard from three queries."""
    rows = scored_indicators(programme).filter(weight__gt=0).order_by("pk")
    items = QualitativeItem.objects.of(programme).order_by("pk")
    grades = grades_of(programme)
    leaves = [leaf_of(one) for one in rows]
    leaves += [item_leaf(one, grades.get(one.pk, {})) for one in items]
    return score(leaves, setup)


def score(leaves: Sequence[Leaf], setup: EvaluationSetup) -> Scorecard:
    weights = {
        "economic": float(setup.economic),
        "management": float(setup.management),
        "qualitative": float(setup.qualitative),
    }
    groups = [
        tuple(one for one in leaves if one.branch == key and one.weight > 0)
        for key in BRANCHES
    ]
    now = tree(root(groups, weights, "index"))
    past = tree(root(groups, weights, "before"))
    places = {one.place: one for one in now.nodes}
    earlier = {one.place: one for one in past.nodes}
    branches = tuple(
        Branch(
            key=key,
            weight=weights[key],
            index=places[str(place)].index,
            before=earlier[str(place)].index,
            leaves=group,
        )
        for place, (key, group) in enumerate(zip(BRANCHES, groups, strict=True), 1)
    )
    return Scorecard(
        branches, now.index, past.index, now.coverage, now.is_provisional, now.grade
    )


def root(
    groups: Sequence[Sequence[Leaf]], weights: dict[str, float], value: str
) -> dict[str, Any]:
    children: list[dict[str, Any]] = []
    for key, group in zip(BRANCHES, groups, strict=True):
        child: dict[str, Any] = {"weight": weights[key]}
        if group:
            child["children"] = [
                {"weight": one.weight, "index": getattr(one, value)} for one in group
            ]
        children.append(child)
    return {"children": children}


@dataclass(frozen=True)
class Effect:
    """What changed at one goal indicator."""

    indicator: Indicator
    difference: Difference


def effects_of(programme: Programme, setup: EvaluationSetup) -> list[Effect]:
    """Before and after for each goal indicator, from two queries."""
    rows = Indicator.objects.of(programme).order_by("pk")
    goals = [one for one in rows if is_goal(one)]
    before: dict[int, list[float]] = {}
    after: dict[int, list[float]] = {}
    for pk, at, value in Measurement.objects.filter(
        indicator__in=[one.pk for one in goals]
    ).values_list("indicator", "at", "value"):
        side = side_of(at, setup)
        if side:
            (before if side == "before" else after).setdefault(pk, []).append(
                float(value)
            )
    return [
        Effect(
            one,
            difference(
                before.get(one.pk, []),
                after.get(one.pk, []),
                "higher" if better_of(one) == "higher" else "lower",
            ),
        )
        for one in goals
    ]


def side_of(at: datetime, setup: EvaluationSetup) -> str:
    day: date = at.date()
    if setup.baseline_until and day <= setup.baseline_until:
        return "before"
    if setup.measured_from and day >= setup.measured_from:
        return "after"
    return ""


@dataclass(frozen=True)
class Economics:
    """What the programme was worth, planned and as it came."""

    years: list[int] = field(default_factory=list)
    planned: list[float] = field(default_factory=list)
    actual: list[float] = field(default_factory=list)
    npv: float | None = None
    planned_npv: float | None = None
    irr: float | None = None
    payback: float | None = None
    benefit: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    confirmed: Decimal = Decimal(0)
    doubled: list[CostBenefit] = field(default_factory=list)


def economics_of(lines: Sequence[CostBenefit], rate: float) -> Economics:
    """Flows by year: the actual amount where there is one, else the planned one."""
    if not lines:
        return Economics()
    first, last = min(one.year for one in lines), max(one.year for one in lines)
    years = list(range(first, last + 1))
    planned = [flow(lines, year, "plan") for year in years]
    actual = [flow(lines, year, "actual") for year in years]
    benefits = [one for one in lines if one.kind == CostBenefit.Kind.BENEFIT]
    costs = [one for one in lines if one.kind == CostBenefit.Kind.COST]
    return Economics(
        years=years,
        planned=planned,
        actual=actual,
        npv=npv(rate, actual).npv,
        planned_npv=npv(rate, planned).npv,
        irr=irr(actual).irr,
        payback=payback(actual).payback,
        benefit=total(benefits),
        cost=total(costs),
        confirmed=total(one for one in benefits if one.is_confirmed),
        doubled=doubled(benefits),
    )


def amount(line: CostBenefit, which: str) -> Decimal:
    """The planned amount, or the actual one while it is known."""
    if which == "plan" or line.actual is None:
        return line.plan
    return line.actual


def flow(lines: Iterable[CostBenefit], year: int, which: str) -> float:
    signs = {CostBenefit.Kind.BENEFIT: 1, CostBenefit.Kind.COST: -1}
    return float(
        sum(
            (
                signs[CostBenefit.Kind(one.kind)] * amount(one, which)
                for one in lines
                if one.year == year
            ),
            Decimal(0),
        )
    )


def total(lines: Iterable[CostBenefit]) -> Decimal:
    """What came so far; plans of later years are not in it."""
    return sum((one.actual or Decimal(0) for one in lines), Decimal(0))


def doubled(benefits: Sequence[CostBenefit]) -> list[CostBenefit]:
    """Benefits that name the same indicator, unit, period and year as another one."""
    claims = [one.claim for one in benefits if one.indicator_id]
    return [one for one in benefits if one.indicator_id and claims.count(one.claim) > 1]
