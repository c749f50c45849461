"""How far the forecast is from the plan that was approved: time, cost and benefit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.gating import pack_of
from programmes.kit.errors import Text
from programmes.kit.formats import day, money
from programmes.kit.together import together
from programmes.lifecycle import OPENING, GateKind, ReviewState
from programmes.method_packs import Tolerances
from programmes.models import (
    BudgetLine,
    Estimate,
    Gate,
    GateReview,
    PhasePlan,
    Programme,
)
from programmes.phases import Phase

WORDS: dict[str, Text] = {"time": _("time"), "cost": _("cost"), "benefit": _("benefit")}
Rows = dict[int, dict[str, str]]
# As approved, as it looks now, and by how many per cent that is worse.
Pair = tuple[Any, Any, float] | None


@dataclass(frozen=True)
class Forecast:
    """Per cent by which it is worse than approved; None: nothing to say."""

    time: float | None = None
    cost: float | None = None
    benefit: float | None = None

    def beyond(self, limits: Tolerances) -> list[str]:
        """What leaves its tolerance."""
        return [
            name for name in WORDS if (getattr(self, name) or 0) > getattr(limits, name)
        ]


@dataclass(frozen=True)
class Figure:
    """One of the three, as approved and as it looks now: days or money."""

    name: str
    approved: date | Decimal
    forecast: date | Decimal
    over: float
    tolerance: int

    @property
    def label(self) -> Text:
        return WORDS[self.name]

    @property
    def is_beyond(self) -> bool:
        return self.over > self.tolerance

    def frozen(self) -> dict[str, Any]:
        """For a pack; figures_in reads it back."""
        return {
            "name": self.name,
            "approved": str(self.approved),
            "forecast": str(self.forecast),
            "over": round(self.over, 1),
            "tolerance": self.tolerance,
        }


def figures_in(pack: dict[str, Any]) -> list[Figure]:
    """The figures that were frozen with a round."""
    read: dict[str, Callable[[str], Any]] = {"time": date.fromisoformat}
    found = []
    for one in pack.get("figures", ()):
        value = read.get(one["name"], Decimal)
        found.append(
            Figure(
                one["name"],
                value(one["approved"]),
                value(one["forecast"]),
                one["over"],
                one["tolerance"],
            )
        )
    return found


def figure_words(value: date | Decimal, currency: str) -> str:
    return day(value) if isinstance(value, date) else money(value, currency)


@dataclass(frozen=True)
class Comparison:
    """The plan that was approved last, and how far the forecast is from it."""

    programme: Programme
    gate: Gate
    review_id: int
    pairs: dict[str, Pair]

    @property
    def forecast(self) -> Forecast:
        return Forecast(**{name: one and one[2] for name, one in self.pairs.items()})

    @property
    def limits(self) -> Tolerances:
        return pack_of(self.programme).tolerances

    @property
    def beyond(self) -> list[str]:
        return self.forecast.beyond(self.limits)

    @property
    def figures(self) -> list[Figure]:
        """Those of the three of which there is something to say."""
        return [
            Figure(name, *one, getattr(self.limits, name))
            for name, one in self.pairs.items()
            if one is not None
        ]


def approved_round(programme: Programme) -> GateReview | None:
    """The decision that holds as plan: of gate 1, or of a later exception review."""
    is_first = Q(gate__kind=GateKind.PHASE, gate__first_phase=Phase.MASTER_PLAN)
    rounds = GateReview.objects.filter(
        is_first | Q(gate__kind=GateKind.EXCEPTION),
        gate__programme=programme,
        state=ReviewState.DECIDED,
        outcome__in=list(OPENING),
    )
    found: GateReview | None = (
        rounds.select_related("gate").order_by("-decided_at", "-pk").first()
    )
    return found


def compare(programme: Programme) -> Comparison | None:
    """Against the pack that was frozen with the plan; None: there is none. Two queries.

    Time: the largest slip of a gate in parts of the planned duration. Cost: what the
    lines are foreseen to cost over the plan. Benefit: the likely estimate under that.
    """
    review = approved_round(programme)
    if review is None or not review.pack:
        return None
    rows = together(
        programme,
        plan=PhasePlan.objects.of(programme).order_by("phase"),
        budget=BudgetLine.objects.of(programme),
        estimate=Estimate.objects.of(programme),
    )
    frozen: dict[str, Rows] = {}
    for one in review.pack.get("evidence", ()):
        frozen.setdefault(one["type"], {})[one["id"]] = one["fields"]
    plan = frozen.get("programmes.phaseplan", {})
    cost = approved_cost(review.pack, frozen.get("programmes.budgetline", {}))
    estimate = frozen.get("programmes.estimate", {})
    pairs = {
        "time": slip(plan, rows["plan"]),
        "cost": overrun(cost, rows["budget"]),
        "benefit": shortfall(estimate, rows["estimate"]),
    }
    return Comparison(programme, review.gate, review.pk, pairs)


def slip(approved: Rows, rows: list[Any]) -> Pair:
    """The gate that slips most: when it was due, is due now, and the share of that."""
    days = [
        date.fromisoformat(one[name])
        for one in approved.values()
        for name in ("starts_on", "gate_on")
        if one.get(name)
    ]
    late = [
        (one.gate_on - due, due, one.gate_on)
        for one in rows
        if one.gate_on and (due := due_in(approved, one.pk))
    ]
    length = (max(days) - min(days)).days if days else 0
    if not late or not length:
        return None
    slipped, due, now = max(late)
    return due, now, 100 * slipped.days / length


def due_in(approved: Rows, key: int) -> date | None:
    text = approved.get(key, {}).get("gate_on")
    return date.fromisoformat(text) if text else None


def approved_cost(pack: dict[str, Any], lines: Rows) -> Decimal:
    """What an exception review foresaw, or what the budget of gate 1 planned."""
    if "cost" in pack:
        return Decimal(pack["cost"])
    return sum((Decimal(one["planned"]) for one in lines.values()), Decimal(0))


def overrun(approved: Decimal, rows: list[Any]) -> Pair:
    foreseen = foreseen_cost(rows)
    if not approved or not rows:
        return None
    return approved, foreseen, float(100 * (foreseen - approved) / approved)


def foreseen_cost(lines: list[BudgetLine]) -> Decimal:
    """Each line costs what is planned, ordered or paid, whichever is most."""
    each = (max(one.planned, one.committed, one.actual) for one in lines)
    return sum(each, Decimal(0))


def shortfall(approved: Rows, rows: list[Any]) -> Pair:
    was = [one.get("benefit_likely") for one in approved.values()]
    now = [one.benefit_likely for one in rows]
    if not (was and was[0] and now and now[0] is not None and Decimal(was[0])):
        return None
    before = Decimal(was[0])
    return before, now[0], float(100 * (before - now[0]) / before)


def beyond_in_words(figures: list[Figure]) -> str:
    """“time 12%, cost 14%”: those that left their tolerance."""
    return ", ".join(f"{one.label} {one.over:.0f}%" for one in figures if one.is_beyond)
