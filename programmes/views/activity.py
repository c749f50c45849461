"""The activity feed of a programme."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from programmes.access import MelioraRequest, access
from programmes.models import Activity
from programmes.services.activity import VERBS, noun

ICONS = {
    "approved": ("check", "positive"),
    "approved_with_conditions": ("check", "attention"),
    "returned": ("undo-2", "attention"),
    "submitted": ("pen-line", "decision"),
    "signed": ("pen-line", "positive"),
    "confirmed": ("check", "positive"),
    "issued": ("file-text", "neutral"),
    "deleted": ("trash-2", "neutral"),
}


def feed_rows(rows: Any) -> list[dict[str, Any]]:
    """Activities as the timeline component shows them."""
    found = []
    for one in rows:
        icon, tone = ICONS.get(one.verb, ("history", "neutral"))
        found.append(
            {
                "icon": icon,
                "tone": tone,
                "actor": one.actor,
                "verb": VERBS[one.verb],
                "label": ": ".join(filter(None, [noun(one.kind), one.label])),
                "url": one.url,
                "note": one.note,
                "at": one.at,
            }
        )
    return found


@access("programme.read")
def activity(request: MelioraRequest, code: str) -> HttpResponse:
    rows = Activity.objects.filter(programme=request.programme)
    page = Paginator(rows.select_related("actor").order_by("-at", "-pk"), 50).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": feed_rows(page),
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {"label": _("Activity")},
        ],
        "nav": "activity",
    }
    return render(request, "programmes/activity/activity.html", context)


urlpatterns = [path("p/<slug:code>/activity/", activity, name="activity")]
