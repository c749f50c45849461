"""Criteria of gates 7 and 8 on what the figures rest on."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation.gates.closing import Evaluation, Improvement, alive
from evaluation.models import CorrectiveAction, CostBenefit, Rating
from programmes.gates import each, page
from programmes.gating import Assessment, Link, Result, counted, criterion, marks
from programmes.models import Indicator, WorkItem
from programmes.phases import Phase

PERIODS = {
    Indicator.Period.WEEK: timedelta(days=7),
    Indicator.Period.MONTH: timedelta(days=31),
    Indicator.Period.QUARTER: timedelta(days=92),
}


@criterion(
    Phase.EVALUATION, "G7.A1", _("The contracts of the goal indicators stand frozen")
)
def contracts_stand(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    goals = found.goals
    good = [one for one in goals if one.is_frozen]
    detail = _("%(good)s of %(all)s contracts are frozen.") % {
        "good": len(good),
        "all": len(goals),
    }
    links = tuple(
        Link(one.name, page(found.programme, "indicators-detail", one.pk))
        for one in goals
        if one not in good
    ) or (Link(_("Indicators"), page(found.programme, "indicators-list")),)
    return counted(len(good), len(goals), detail, mark=marks(goals), links=links)


@criterion(
    Phase.EVALUATION,
    "G7.A2",
    _("Each goal indicator has values enough after the change"),
    limits={"least": 6},
)
def values_enough(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    goals, least = found.goals, limits["G7.A2"]["least"]
    good = [one for one in goals if one.after_n >= least]
    detail = _(
        "%(good)s of %(all)s goal indicators have %(least)s values after it."
    ) % {
        "good": len(good),
        "all": len(goals),
        "least": f"{least:g}",
    }
    links = tuple(
        Link(one.name, page(found.programme, "indicators-detail", one.pk))
        for one in goals
        if one not in good
    ) or (Link(_("Indicators"), page(found.programme, "indicators-list")),)
    return counted(len(good), len(goals), detail, mark=marks(goals), links=links)


@criterion(
    Phase.EVALUATION,
    "G7.A5",
    _("Several groups gave grades, customers among them"),
    limits={"least": 3},
)
def groups_heard(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    """One query."""
    rows = Rating.objects.of(found.programme).filter(item__deleted_at=None)
    groups = set(rows.order_by().values_list("group", flat=True).distinct())
    least = int(limits["G7.A5"]["least"])
    wanted = {Rating.Group.CUSTOMER.value} | groups
    detail = _("%(n)s groups gave grades of %(least)s that are asked for.") % {
        "n": len(groups),
        "least": least,
    }
    link = Link(_("Ratings"), page(found.programme, "qualitative-list"))
    heard = len(groups) >= least and groups == wanted
    done = least if heard else min(len(groups), least - 1)
    mark = "-".join(sorted(groups))
    return counted(done, max(least, 1), detail, mark=mark, links=(link,))


@criterion(Phase.EVALUATION, "G7.A10", _("No benefit is counted twice"))
def counted_once(found: Evaluation, limits: dict[str, Any]) -> Assessment:
    """The same indicator, unit and period in the same year carry one benefit."""
    lines = [
        one
        for one in alive(found.lines)
        if one.kind == CostBenefit.Kind.BENEFIT and one.indicator_id
    ]
    sources = Counter(source_of(one) for one in lines)
    twice = [one for one in lines if sources[source_of(one)] > 1]
    links = tuple(
        Link(str(one), page(found.programme, "economics-edit", one.pk)) for one in twice
    )
    detail = (
        _("These benefits come from the same indicator, unit and period.")
        if twice
        else _("Each benefit has a source of its own.")
    )
    result = Result.FAIL if twice else Result.PASS
    return Assessment(result, 0, len(twice), marks(lines), detail, links)


def source_of(line: Any) -> tuple[Any, ...]:
    return (line.year, line.indicator_id, line.unit_id, line.period.strip().lower())


@criterion(
    Phase.IMPROVEMENT,
    "G8.A2",
    _("No goal indicator is silent"),
    limits={"periods": 2},
)
def none_silent(found: Improvement, limits: dict[str, Any]) -> Assessment:
    periods = limits["G8.A2"]["periods"]
    good = [
        one
        for one in found.goals
        if one.newest_at and found.now - one.newest_at <= PERIODS[one.period] * periods
    ]
    detail = _("%(good)s of %(all)s goal indicators have a fresh value.") % {
        "good": len(good),
        "all": len(found.goals),
    }
    links = tuple(
        Link(one.name, page(found.programme, "indicators-detail", one.pk))
        for one in found.goals
        if one not in good
    ) or (Link(_("Indicators"), page(found.programme, "indicators-list")),)
    return counted(
        len(good), len(found.goals), detail, mark=marks(found.goals), links=links
    )


@criterion(
    Phase.IMPROVEMENT,
    "G8.A5",
    _("No corrective action is late, and finished ones were checked"),
)
def actions_checked(found: Improvement, limits: dict[str, Any]) -> Assessment:
    """One query."""
    today = found.now.date()
    rows = CorrectiveAction.objects.of(found.programme).select_related("work_item")
    actions = list(rows.order_by("pk"))
    if not actions:
        nothing = _("There is no corrective action.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, "none", nothing)
    good = [
        one
        for one in actions
        if (
            one.effect != CorrectiveAction.Effect.OPEN
            if one.work_item.state == WorkItem.State.DONE
            else one.due_on >= today
        )
    ]
    detail = _("%(good)s of %(all)s corrective actions are in time and checked.") % {
        "good": len(good),
        "all": len(actions),
    }
    return each(actions, good, found.programme, "actions", detail)
