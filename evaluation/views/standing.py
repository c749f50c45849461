"""Where programmes stand: next gate, money, signals and what is late; one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import ngettext

from evaluation.models import CostBenefit, DashboardSnapshot, Signal
from evaluation.views.progress import is_stalled, progress, quiet_days
from programmes.lifecycle import UNDECIDED, GateKind, GateState, Outcome, ReviewState
from programmes.models import (
    BudgetLine,
    Condition,
    Estimate,
    Gate,
    GateReview,
    PhasePlan,
    WorkItem,
)
from programmes.models.programme import Programme
from programmes.views.shell import GATE_LOOKS

SOON = 30
MOST_YEARS = 5
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """The present gate of one programme, and its figures."""

    programme: int
    code: str
    name: str
    phase: int
    state: str
    programme_state: str
    review_due: date | None
    planned_on: date | None
    last_outcome: str
    last_reason: str
    planned: Decimal
    actual: Decimal
    expected: Decimal
    running: Decimal
    measured: Decimal
    foreseen: Decimal
    late: int
    late_title: str
    signals: int
    signal_name: str
    signal_pattern: str
    signal_at: datetime | None
    as_of: datetime | None
    moved_at: datetime
    usual_days: float | None
    limit_days: float
    conditions_late: int
    flagged: int
    beyond: list[str]

    @property
    def due_on(self) -> date | None:
        """When the decision is due: as asked for, else as planned."""
        return self.review_due or self.planned_on

    @property
    def is_in_review(self) -> bool:
        return self.state == GateState.IN_REVIEW

    @property
    def is_returned(self) -> bool:
        return self.state == GateState.PREPARING and self.last_outcome == Outcome.RETURN

    @property
    def look(self) -> str:
        return "returned" if self.is_returned else GATE_LOOKS[GateState(self.state)]

    @property
    def gate_label(self) -> str:
        return str(Gate(state=self.state).get_state_display())

    @property
    def reach(self) -> Decimal:
        """How far its bullet reaches, for the scale that all rows share."""
        return max(self.expected, self.running)

    def days_late(self, today: date) -> int:
        """Days since the planned gate, while nobody asked for its decision."""
        if self.state != GateState.PREPARING or self.planned_on is None:
            return 0
        return max((today - self.planned_on).days, 0)

    def quiet_days(self, today: date) -> int:
        return quiet_days(self, today)

    def is_stalled(self, today: date) -> bool:
        return is_stalled(self, today)

    def is_undecided(self, today: date) -> bool:
        """The panel has let the day pass that was asked for."""
        return bool(self.is_in_review and self.review_due and self.review_due < today)

    def is_soon(self, today: date) -> bool:
        waits = self.state in (GateState.PREPARING, GateState.IN_REVIEW)
        return bool(waits and self.due_on and 0 <= (self.due_on - today).days <= SOON)


def standings_of(user: Any) -> dict[int, Standing]:
    """Of every programme the user may see, by its key."""
    gates = Gate.objects.filter(
        programme__in=Programme.objects.visible_to(user),
        first_phase__lte=F("programme__phase"),
        phase__gte=F("programme__phase"),
    )
    rows = gates.annotate(
        code=F("programme__code"),
        name=F("programme__name"),
        programme_state=F("programme__state"),
        **decisions(),
        **money(),
        **warnings(timezone.localdate()),
        **progress(),
        **exceptions(timezone.localdate()),
    ).values_list(*FIELDS)
    return {
        row[0]: Standing(**dict(zip(Standing.__dataclass_fields__, row, strict=True)))
        for row in rows
    }


def gate_of(programme: Programme) -> Any:
    """The present gate of one programme, its readiness and figures with it."""
    gates = Gate.objects.filter(
        programme=programme,
        first_phase__lte=programme.phase,
        phase__gte=programme.phase,
    )
    exceptions = Gate.every.filter(
        programme=programme, kind=GateKind.EXCEPTION, state__in=UNDECIDED
    )
    return gates.select_related("readiness").annotate(
        exception=Subquery(exceptions.values("number")[:1]),
        programme_state=F("programme__state"),
        **decisions(),
        **money(),
        **warnings(timezone.localdate()),
        **progress(),
    )[0]


# Column of the query for each field of a standing, in its order.
FIELDS = [
    {"programme": "programme_id"}.get(name, name)
    for name in Standing.__dataclass_fields__
]


def newest(rows: QuerySet[Any], column: str, default: Any = None) -> Any:
    found = Subquery(rows.values(column)[:1])
    if default is None:
        return found
    return Coalesce(found, Value(default), output_field=TextField())


def decisions() -> dict[str, Any]:
    reviews = GateReview.objects.filter(gate=OuterRef("pk")).order_by("-round")
    decided = reviews.filter(state=ReviewState.DECIDED)
    plans = PhasePlan.objects.filter(
        programme=OuterRef("programme"), phase=OuterRef("phase")
    )
    return {
        "review_due": newest(reviews.filter(state=ReviewState.OPEN), "due_on"),
        "planned_on": newest(plans, "gate_on"),
        "last_outcome": newest(decided, "outcome", ""),
        "last_reason": newest(decided, "rationale", ""),
    }


def total(rows: QuerySet[Any], column: str) -> Any:
    """The sum of a column over the rows of one programme."""
    rows = rows.order_by().values("programme").annotate(whole=Sum(column))
    return Coalesce(Subquery(rows.values("whole")[:1]), NOTHING)


def money() -> dict[str, Any]:
    here = {"programme": OuterRef("programme"), "deleted_at": None}
    budget = BudgetLine.objects.filter(**here)
    estimate = Estimate.objects.filter(programme=OuterRef("programme"))
    benefits = CostBenefit.objects.filter(
        **here, kind=CostBenefit.Kind.BENEFIT, actual__isnull=False
    )
    years = benefits.order_by("-year").values("year").annotate(whole=Sum("actual"))
    return {
        "planned": total(budget, "planned"),
        "actual": total(budget, "actual"),
        "expected": Coalesce(Subquery(estimate.values("benefit_likely")[:1]), NOTHING),
        "running": Coalesce(Subquery(years.values("whole")[:1]), NOTHING),
        "measured": total(benefits, "actual"),
        "foreseen": total(benefits, "plan"),
    }


def warnings(today: date) -> dict[str, Any]:
    late = WorkItem.objects.filter(
        programme=OuterRef("programme"),
        deleted_at=None,
        due_on__lt=today,
        state__in=["open", "doing"],
    ).order_by("due_on", "pk")
    signals = Signal.objects.filter(
        programme=OuterRef("programme"), closed_at=None
    ).order_by("-at", "-pk")
    snapshots = DashboardSnapshot.objects.filter(programme=OuterRef("programme"))
    return {
        "late": how_many(late),
        "late_title": newest(late, "title", ""),
        "signals": how_many(signals),
        "signal_name": newest(signals, "indicator__name", ""),
        "signal_pattern": newest(signals, "pattern", ""),
        "signal_at": newest(signals, "at"),
        "as_of": newest(snapshots, "as_of"),
    }


def exceptions(today: date) -> dict[str, Any]:
    late = Condition.objects.filter(
        review__gate__programme=OuterRef("programme"), closed_at=None, due_on__lt=today
    )
    flagged = Gate.objects.filter(
        Q(changed_at__isnull=False) | Q(to_reaffirm=True),
        programme=OuterRef("programme"),
    )
    snapshots = DashboardSnapshot.objects.filter(programme=OuterRef("programme"))
    return {
        "conditions_late": how_many(late, "review__gate__programme"),
        "flagged": how_many(flagged),
        "beyond": Coalesce(
            Subquery(snapshots.values("numbers__beyond")[:1]),
            Value([], JSONField()),
            output_field=JSONField(),
        ),
    }


def how_many(rows: QuerySet[Any], path: str = "programme") -> Any:
    counted = rows.order_by().values(path).annotate(rows=Count("pk"))
    return Coalesce(Subquery(counted.values("rows")[:1]), 0)


def years_of(user: Any) -> list[dict[str, Any]]:
    """Benefits planned and measured by year, of all programmes one may see."""
    lines = CostBenefit.objects.filter(
        programme__in=Programme.objects.visible_to(user),
        deleted_at=None,
        kind=CostBenefit.Kind.BENEFIT,
    )
    rows = lines.values("year").annotate(
        planned=Sum("plan"),
        measured=Sum("actual"),
        confirmed=Sum("actual", filter=Q(confirmed_version=F("version"))),
    )
    return list(rows.order_by("-year")[:MOST_YEARS])


def behind(days: int) -> str:
    words = ngettext("%(days)s day behind plan", "%(days)s days behind plan", days)
    return words % {"days": days}
