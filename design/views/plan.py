"""Phase 6: the work plan with its critical path, as a picture and as a table."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from design import charts
from design.maths.plan import Plan
from design.models.work import planned, work_of
from programmes.access import MelioraRequest, access
from programmes.kit import formats
from programmes.kit.charts import DataTable
from programmes.models import Dependency, WorkItem
from programmes.phases import Phase
from programmes.views.workspace import Tile, add_tile

# A picture with more bars than this is no picture; the table has them all.
MOST_BARS = 60
FINISHED = (WorkItem.State.DONE, WorkItem.State.DROPPED)

add_tile(
    Tile(
        Phase.IMPLEMENTATION,
        gettext_lazy("Work plan"),
        "calendar-range",
        "work-plan",
        first=True,
    )
)


@access("programme.read")
def work_plan(request: MelioraRequest, code: str) -> HttpResponse:
    programme = request.programme
    today = timezone.localdate()
    tasks = list(work_of(programme).select_related("owner").order_by("pk"))
    links = list(Dependency.objects.of(programme))
    plan = planned(tasks, links, today)
    rows = rows_of(tasks, plan, today)
    late = [one for one in rows if one["days_late"]]
    context = {
        "rows": rows,
        "late": sorted(late, key=lambda one: -one["days_late"]),
        "loop": [one.title for one in tasks if one.pk in plan.loop],
        "finding": finding(rows, late, plan),
        "meta": meta(tasks, plan),
        "critical": [one for one in rows if one["is_critical"]],
        "may_add": request.grants.may("work.edit"),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{code}/"},
            {
                "label": Phase.IMPLEMENTATION.label,
                "href": reverse("phase", args=[code, int(Phase.IMPLEMENTATION)]),
            },
            {"label": _("Work plan")},
        ],
        "nav": "phase6",
        **picture(rows, today),
    }
    return render(request, "design/plan/plan.html", context)


def rows_of(tasks: list[WorkItem], plan: Plan, today: date) -> list[dict[str, Any]]:
    """The tasks that are not dropped, by start, with where each stands."""
    rows = []
    for one in tasks:
        placed = plan.placed.get(one.pk)
        if placed is None:
            continue
        is_open = one.state not in FINISHED
        days_late = (today - placed.ends_on).days if is_open else 0
        rows.append(
            {
                "task": one,
                "starts": placed.starts_on,
                "ends": placed.ends_on,
                "slack": placed.slack,
                "is_critical": placed.is_critical,
                "is_open": is_open,
                "days_late": max(days_late, 0),
                "share": 1.0 if not is_open else one.done_share / 100,
                "look": look(placed.is_critical, is_open and days_late > 0),
            }
        )
    return sorted(rows, key=lambda row: (row["starts"], row["ends"], row["task"].pk))


def look(is_critical: bool, is_late: bool) -> str:
    if is_late:
        return "late"
    return "critical" if is_critical else "usual"


def meta(tasks: list[WorkItem], plan: Plan) -> list[str]:
    standing = [one for one in tasks if one.state != WorkItem.State.DROPPED]
    done = [one for one in standing if one.state == WorkItem.State.DONE]
    words = [
        ngettext("%(n)s task, %(done)s done", "%(n)s tasks, %(done)s done", len(tasks))
        % {"n": len(standing), "done": len(done)}
    ]
    if plan.duration is not None:
        days = formats.number(plan.duration, 0)
        words.append(_("%(days)s working days on the critical path") % {"days": days})
    return words


def finding(
    rows: list[dict[str, Any]], late: list[dict[str, Any]], plan: Plan
) -> dict[str, str]:
    """The plan in one heading and one sentence."""
    if not rows:
        return {}
    if plan.loop:
        text = _("Remove one of the dependencies to get a critical path.")
        return {"tone": "critical", "title": _("The plan is a circle"), "text": text}
    critical = [one for one in late if one["is_critical"]]
    if critical:
        most = max(one["days_late"] for one in critical)
        title = ngettext(
            "The critical path is %(n)s day behind",
            "The critical path is %(n)s days behind",
            most,
        ) % {"n": most}
        return {"tone": "critical", "title": title, "text": names(critical)}
    if late:
        title = ngettext(
            "%(n)s task is late, none of them critical",
            "%(n)s tasks are late, none of them critical",
            len(late),
        ) % {"n": len(late)}
        return {"tone": "attention", "title": title, "text": names(late)}
    if not any(one["is_open"] for one in rows):
        return {"tone": "positive", "title": _("All tasks are done"), "text": ""}
    last = max(one["ends"] for one in rows)
    text = _("The last task ends %(day)s.") % {"day": formats.day(last)}
    return {"tone": "positive", "title": _("No task is late"), "text": text}


def names(rows: list[dict[str, Any]]) -> str:
    first = ", ".join(one["task"].title for one in rows[:3])
    return first if len(rows) <= 3 else f"{first} …"


def picture(rows: list[dict[str, Any]], today: date) -> dict[str, Any]:
    """The Gantt chart and its numbers."""
    if not rows or len(rows) > MOST_BARS:
        return {}
    seen: dict[str, int] = {}
    bars = []
    for row in rows:
        title = row["task"].title
        seen[title] = seen.get(title, 0) + 1
        # Two tasks of one name need two rows.
        label = title if seen[title] == 1 else f"{title} ({seen[title]})"
        bars.append(
            {
                "title": label,
                "starts": row["starts"],
                "ends": row["ends"],
                "done": row["share"],
                "look": row["look"],
            }
        )
    return {
        "chart": charts.gantt(bars, today),
        "chart_table": DataTable(
            (_("Task"), _("Starts"), _("Ends"), _("Done")),
            [
                (
                    one["title"],
                    formats.day(one["starts"]),
                    formats.day(one["ends"]),
                    formats.percent(one["done"]),
                )
                for one in bars
            ],
        ),
    }


urlpatterns = [path("p/<slug:code>/plan/", work_plan, name="work-plan")]
