"""One list of what a person has to do: decide, confirm, sign, finish."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.views.portfolio import waiting_decisions
from programmes.access import MelioraRequest, access
from programmes.models import Mandate, WorkItem


@access()
def my_work(request: MelioraRequest) -> HttpResponse:
    today = timezone.now().date()
    tasks = open_tasks(request)
    context = {
        "decisions": waiting_decisions(request),
        "mandates": mandates_to_sign(request),
        "late": [one for one in tasks if one.due_on and one.due_on < today],
        "tasks": [one for one in tasks if not one.due_on or one.due_on >= today],
        "crumbs": [{"label": _("My work")}],
        "nav": "work",
    }
    return render(request, "evaluation/my_work/my_work.html", context)


@access()
def done(request: MelioraRequest) -> HttpResponse:
    rows = WorkItem.objects.filter(
        owner__in=request.people, deleted_at=None, state=WorkItem.State.DONE
    )
    context = {
        "tasks": rows.select_related("programme").order_by("-done_at")[:100],
        "crumbs": [{"label": _("My work"), "href": "/work/"}, {"label": _("Done")}],
        "nav": "work",
    }
    return render(request, "evaluation/my_work/done.html", context)


def open_tasks(request: MelioraRequest) -> list[Any]:
    rows = WorkItem.objects.filter(
        owner__in=request.people,
        deleted_at=None,
        state__in=[WorkItem.State.OPEN, WorkItem.State.DOING],
    )
    return list(rows.select_related("programme").order_by("due_on", "pk")[:200])


def mandates_to_sign(request: MelioraRequest) -> list[Mandate]:
    """Mandates with a purpose that their sponsor has not signed as they stand."""
    rows = Mandate.objects.filter(
        programme__memberships__person__in=request.people,
        programme__memberships__role="sponsor",
        programme__phase=1,
    ).exclude(purpose="")
    found = rows.select_related("programme").distinct()
    return [one for one in found if not one.is_signed]


urlpatterns = [
    path("work/", my_work, name="my-work"),
    path("work/done/", done, name="my-work-done"),
]
