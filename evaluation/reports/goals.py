"""Summary and effects: how far each indicator has come from its baseline."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.maths.index import normalise
from evaluation.scoring import Effect, effects_of, setup_of
from programmes.charts import Bar, bars, run_chart
from programmes.kit import formats
from programmes.models import Indicator, Measurement, Programme
from programmes.reports import (
    Block,
    Cell,
    Chart,
    Figure,
    Figures,
    Note,
    Section,
    Table,
    table,
    words,
)

MOST_DRAWN = 6
FEWEST_POINTS = 6


@dataclass(frozen=True)
class Goal:
    """An indicator with a baseline and a target, and how far it has come."""

    indicator: Indicator
    value: Decimal | None
    progress: float | None

    @property
    def is_reached(self) -> bool:
        return self.progress is not None and self.progress >= 100


def goals_of(programme: Programme) -> list[Goal]:
    """The furthest first; one query."""
    rows = (
        Indicator.objects.of(programme)
        .exclude(baseline=None)
        .exclude(target=None)
        .with_latest()
        .select_related("process", "owner")
    )
    found = [goal_of(one) for one in rows.order_by("name", "pk")]
    return sorted(found, key=lambda one: -(one.progress or 0))


def goal_of(indicator: Indicator) -> Goal:
    latest: Decimal | None = indicator.latest_value  # type: ignore[attr-defined]
    index = normalise(
        "goal_progress",
        None if latest is None else float(latest),
        baseline=float(indicator.baseline or 0),
        target=float(indicator.target or 0),
    )
    return Goal(indicator, latest, index.index)


def summary(programme: Programme, as_of: datetime) -> Section:
    """The first chapter, always there."""
    goals = goals_of(programme)
    reached = sum(one.is_reached for one in goals)
    lead = (
        ngettext(
            "%(reached)s of %(n)s goal is reached.",
            "%(reached)s of %(n)s goals are reached.",
            len(goals),
        )
        % {"reached": reached, "n": len(goals)}
        if goals
        else _("No goal with a baseline and a target is measured yet.")
    )
    measured = [one.progress for one in goals if one.progress is not None]
    mean = sum(measured) / len(measured) / 100 if measured else None
    figures = Figures(
        (
            Figure(_("Goals"), str(len(goals)), _("with baseline and target")),
            Figure(_("Reached"), str(reached), _("goal progress of 100% or more")),
            Figure(
                _("Mean progress"),
                formats.percent(mean),
                _("0% baseline, 100% target"),
            ),
        )
    )
    blocks: list[Block] = [figures]
    if measured:
        blocks.append(progress_chart(goals))
    notes = (Note(goal_note(as_of), "indicator.normalise"),)
    return Section("summary", _("Summary"), lead, tuple(blocks), notes)


def goal_note(as_of: datetime) -> str:
    return _(
        "Goal progress is 0 at the baseline and 100 at the target; it is not "
        "clipped. Newest values recorded up to %(day)s."
    ) % {"day": formats.day(as_of)}


def progress_chart(goals: list[Goal]) -> Chart:
    rows = [
        Bar(
            one.indicator.name,
            max(one.progress, 0.0),
            formats.percent(one.progress / 100),
            one.is_reached,
        )
        for one in goals
        if one.progress is not None
    ]
    return Chart(
        _("How far each goal has come"),
        _("Share of the way from baseline to target; blue: reached."),
        _("Bars of goal progress, the furthest first."),
        bars(rows),
        (_("Goal"), _("Progress")),
        tuple((one.label, one.words) for one in rows),
    )


def effects(programme: Programme, as_of: datetime) -> Section | None:
    """Each goal with its figures, and its course where there are points enough."""
    goals = goals_of(programme)
    if not goals:
        return None
    points: dict[int, list[Measurement]] = defaultdict(list)
    values = Measurement.objects.filter(
        indicator__in=[one.indicator for one in goals], at__lte=as_of
    )
    for one in values.order_by("at", "pk"):
        points[one.indicator_id].append(one)
    drawn = [one for one in goals if len(points[one.indicator.pk]) >= FEWEST_POINTS]
    blocks: list[Block] = [goal_table(goals)]
    changes = effects_of(programme, setup_of(programme))
    measured = [one for one in changes if one.difference.change is not None]
    if measured:
        blocks.append(change_table(measured))
    blocks += [course(one, points[one.indicator.pk]) for one in drawn[:MOST_DRAWN]]
    best = goals[0]
    lead = _("“%(name)s” has come furthest: %(share)s of its way.") % {
        "name": best.indicator.name,
        "share": formats.percent((best.progress or 0) / 100),
    }
    said = _("Means before and after, as the periods of the evaluation are set.")
    notes = (Note(said, "effect.difference"),) if measured else ()
    return Section("effects", _("Goals and effects"), lead, tuple(blocks), notes)


def change_table(changes: list[Effect]) -> Table:
    head = [
        _("Goal"),
        _("Before"),
        _("Values"),
        _("After"),
        _("Values"),
        _("Change"),
        _("Relative"),
    ]
    rows = [
        (
            one.indicator.name,
            formats.number(one.difference.mean_before, 2),
            str(one.difference.n_before),
            formats.number(one.difference.mean_after, 2),
            str(one.difference.n_after),
            formats.number(one.difference.change, 2, signed=True),
            formats.percent(one.difference.relative_change, 1, signed=True),
        )
        for one in changes
    ]
    return table(head, rows, title=_("Before and after"), numbers=list(range(1, 7)))


def goal_table(goals: list[Goal]) -> Table:
    head = [
        _("Goal"),
        _("Unit"),
        _("Baseline"),
        _("Target"),
        _("Now"),
        _("Progress"),
        _("State"),
    ]
    rows = [
        (
            one.indicator.name,
            words(formats.unit_said(one.indicator.unit)),
            said(one, one.indicator.baseline),
            said(one, one.indicator.target),
            said(one, one.value),
            formats.percent(None if one.progress is None else one.progress / 100),
            state_of(one),
        )
        for one in goals
    ]
    return table(head, rows, title=_("Goals"), numbers=[2, 3, 4, 5])


def said(goal: Goal, value: Decimal | None) -> str:
    """A value of the goal's indicator; its unit stands in a column of its own."""
    return formats.number(formats.scaled(value, goal.indicator.unit))


def state_of(goal: Goal) -> Cell:
    if goal.progress is None:
        return Cell(_("Not measured"), tone="attention")
    if goal.is_reached:
        return Cell(_("Reached"), tone="positive")
    return Cell(_("On its way") if goal.progress > 0 else _("Worse than before"))


def course(goal: Goal, points: list[Measurement]) -> Chart:
    one = goal.indicator
    target = None if one.target is None else float(one.target)
    spec = run_chart(
        [(point.at.date().isoformat(), float(point.value)) for point in points],
        target,
        one.unit,
    )
    told = {"n": len(points), "source": one.source or formats.MISSING}
    ends = {
        "begin": formats.quantity(points[0].value, one.unit),
        "end": formats.quantity(points[-1].value, one.unit),
    }
    return Chart(
        one.name,
        _("%(n)s values; dashed: target. Source: %(source)s.") % told,
        _("A line from %(begin)s to %(end)s.") % ends,
        spec,
        (_("Day"), _("Value")),
        tuple(
            (formats.day(point.at), formats.quantity(point.value, one.unit))
            for point in points
        ),
    )
