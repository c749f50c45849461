"""Phase 4: goals, each an indicator moved from baseline to target."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy

from design.forms.goals import GoalForm
from design.models import Goal
from programmes.access import MelioraRequest
from programmes.kit.errors import Text
from programmes.kit.formats import scaled, unit_said
from programmes.kit.pages import Column
from programmes.models import Measurement
from programmes.phases import Phase
from programmes.views.register import REGISTERS as ALL
from programmes.views.register import Register, add_register


def goal_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    """The thread: problem, objective, goal, indicator with its present value."""
    code = request.programme.code
    latest = None
    if record.indicator:
        latest = record.indicator.measurements.order_by("-at", "-pk").first()
    return {
        "latest": latest,
        "progress": progress_of(record, latest.value if latest else None),
        "problem_url": url_of("problems", code, record.problem_id),
        "objective_url": url_of("objectives", code, record.objective_id),
        "indicator_url": url_of("indicators", code, record.indicator_id),
    }


def url_of(slug: str, code: str, pk: int | None) -> str:
    """The page of a record, where its register exists."""
    if pk is None or slug not in {one.slug for one in ALL}:
        return ""
    return reverse(f"{slug}-detail", args=[code, pk])


def progress_of(goal: Goal, value: Any) -> Any:
    """Share of the way from baseline to target; nothing where it is not known."""
    if value is None or goal.baseline is None or goal.target is None:
        return None
    return (value - goal.baseline) / (goal.target - goal.baseline)


def tree(request: MelioraRequest) -> dict[str, Any]:
    """Objectives with their goals, for the picture above the list."""
    newest = Measurement.objects.filter(indicator=OuterRef("indicator"))
    newest = newest.order_by("-at", "-pk")
    rows = (
        Goal.objects.visible_to(request.user)
        .of(request.programme)
        .select_related("objective", "owner", "indicator")
        .annotate(latest_value=Subquery(newest.values("value")[:1]))
        .order_by("objective__title", "pk")
    )
    branches: dict[Any, list[Goal]] = {}
    for one in rows:
        progress = progress_of(one, one.latest_value)
        one.progress = None if progress is None else min(max(progress, 0), 1)
        branches.setdefault(one.objective, []).append(one)
    return {"branches": list(branches.items())}


def measured(name: str, label: Text) -> Column:
    """A value in the unit of the goal's indicator."""
    return Column(
        name,
        label,
        kind="number",
        order=name,
        value=lambda row: scaled(getattr(row, name), row.unit_of(name)),
    )


GOALS = add_register(
    Register(
        slug="goals",
        phase=Phase.DESIGN,
        model=Goal,
        title=gettext_lazy("Goals"),
        one=gettext_lazy("goal"),
        empty=gettext_lazy(
            "What gets better, from where to where and until when, "
            "for which problem and objective."
        ),
        icon="goal",
        columns=[
            Column("title", gettext_lazy("Goal"), order="title"),
            Column("indicator", gettext_lazy("Indicator"), order="indicator__name"),
            measured("baseline", gettext_lazy("Baseline")),
            measured("target", gettext_lazy("Target")),
            Column(
                "unit",
                gettext_lazy("Unit"),
                order="indicator__unit",
                value=lambda row: unit_said(row.unit_of("target")),
            ),
            Column("due_on", gettext_lazy("By"), kind="date", order="due_on"),
            Column("problem", gettext_lazy("Problem"), order="problem__title"),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
        ],
        form=GoalForm,
        rows=lambda rows: rows.select_related(
            "indicator", "problem", "objective", "owner"
        ),
        search=["title", "indicator__name"],
        detail="design/goals/goal.html",
        detail_context=goal_detail,
        list_template="design/goals/list.html",
        list_context=tree,
    )
)
REGISTERS = [GOALS]
