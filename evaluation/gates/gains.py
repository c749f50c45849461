"""Criteria of gates 7 and 8 on money and gains: confirmed, foreseen, and kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from design.models import Goal
from evaluation.gates.closing import Evaluation, Improvement, alive
from evaluation.models import CostBenefit
from evaluation.scoring import number, progress_of
from programmes.gates import each, page
from programmes.gating import Assessment, Kind, Link, Result, counted, criterion, marks
from programmes.kit.formats import number as said
from programmes.phases import Phase


@criterion(
    Phase.EVALUATION,
    "G7.A6",
    _("Most of the measured benefits are confirmed, and the costs are closed"),
    limits={"share": 0.8},
)
def money_closed(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    lines = alive(found.lines)
    benefits = [
        one
        for one in lines
        if one.kind == CostBenefit.Kind.BENEFIT and one.actual is not None
    ]
    claimed = sum((one.actual for one in benefits), Decimal(0))
    sure = sum((one.actual for one in benefits if one.is_confirmed), Decimal(0))
    costs = [one for one in lines if one.kind == CostBenefit.Kind.COST]
    loose = [one for one in costs if one.actual is None]
    share = float(sure / claimed) if claimed else 0.0
    holds = bool(costs) and not loose and claimed > 0
    holds = holds and share >= limits["G7.A6"]["share"]
    detail = _("%(share)s%% of the measured benefits are confirmed; %(n)s costs open.")
    unsure = [one for one in benefits if not one.is_confirmed]
    links = tuple(
        Link(str(one), page(found.programme, "economics-detail", one.pk))
        for one in [*loose, *unsure]
    ) or (Link(_("Costs and benefits"), page(found.programme, "economics-list")),)
    return counted(
        int(holds),
        1,
        detail % {"share": round(100 * share), "n": len(loose)},
        mark=marks(lines),
        links=links,
    )


@criterion(
    Phase.EVALUATION,
    "G7.a1",
    _("What was forecast is set against what was measured"),
    kind=Kind.SHOULD,
)
def forecast_compared(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    """Benefits of the years that have begun; what is still to come is no error."""
    year = found.shared.today.year
    lines = [
        one
        for one in alive(found.lines)
        if one.kind == CostBenefit.Kind.BENEFIT and one.year <= year
    ]
    if not lines:
        nothing = _("No benefit was foreseen for the years so far.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, "", nothing)
    good = [one for one in lines if one.actual is not None]
    planned = sum((one.plan for one in good), Decimal(0))
    measured = sum((one.actual for one in good), Decimal(0))
    error = round(100 * (measured - planned) / planned) if planned else 0
    detail = _("%(good)s of %(all)s benefits are measured, %(error)s%% off the plan.")
    links = tuple(
        Link(str(one), page(found.programme, "economics-edit", one.pk))
        for one in lines
        if one not in good
    )
    said = detail % {"good": len(good), "all": len(lines), "error": f"{error:+d}"}
    return counted(len(good), len(lines), said, mark=marks(lines), links=links)


@criterion(
    Phase.IMPROVEMENT,
    "G8.A4",
    _("The confirmed gain is kept, or an action is open"),
    limits={"share": 0.8},
)
def gain_kept(found: Improvement, limits: dict[str, Any]) -> Assessment:
    """The newest values against the mean that gate 7 was approved on."""
    acted = {
        one.indicator_id for one in found.signals if one.is_open and one.has_action
    }
    least = limits["G8.A4"]["share"]
    judged = [one for one in found.goals if (confirmed_gain(one) or 0) > 0]
    good = [one for one in judged if one.pk in acted or kept_share(one) >= least]
    if not judged:
        nothing = _("No gain was confirmed yet to compare with.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, marks(found.goals), nothing)
    detail = _("%(good)s of %(all)s gains are kept or have an action.")
    links = tuple(
        Link(one.name, page(found.programme, "monitor-one", one.pk))
        for one in judged
        if one not in good
    )
    said = detail % {"good": len(good), "all": len(judged)}
    return counted(len(good), len(judged), said, mark=marks(found.goals), links=links)


def confirmed_gain(one: Any) -> float | None:
    """Goal progress as it was when the evaluation was approved."""
    base, aim = number(one.baseline), number(one.target)
    return progress_of(base, aim, number(one.confirmed))


def kept_share(one: Any) -> float:
    """How much of it the newest values still have."""
    mean = sum(one.recent, Decimal(0)) / len(one.recent)
    base, aim = number(one.baseline), number(one.target)
    return (progress_of(base, aim, number(mean)) or 0) / (confirmed_gain(one) or 1)


@criterion(
    Phase.EVALUATION,
    "G7.A7",
    _("Each goal is closed as met, partly or not, with reason"),
)
def goals_closed(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    """One query."""
    goals = list(Goal.objects.of(found.programme).order_by("pk"))
    good = [one for one in goals if one.is_closed]
    detail = _("%(good)s of %(all)s goals are closed with a reason.") % {
        "good": len(good),
        "all": len(goals),
    }
    return each(goals, good, found.programme, "goals", detail)


@criterion(
    Phase.EVALUATION,
    "G7.a2",
    _("The raters agree: their grades lie close together"),
    kind=Kind.SHOULD,
    limits={"most": 1},
)
def raters_agree(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    """The spread of the grades of an item is their standard deviation."""
    items = [one for one in alive(found.items) if one.spread is not None]
    if not items:
        nothing = _("Nothing is graded yet.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, "none", nothing)
    most = limits["G7.a2"]["most"]
    good = [one for one in items if one.spread <= most]
    links = tuple(
        Link(str(one), page(found.programme, "qualitative-detail", one.pk))
        for one in items
        if one not in good
    )
    detail = _("Grades spread by up to %(widest)s; %(most)s is let go.") % {
        "widest": said(max(one.spread for one in items), 2),
        "most": f"{most:g}",
    }
    return counted(len(good), len(items), detail, mark=marks(items), links=links)
