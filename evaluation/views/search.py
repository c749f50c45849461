"""Find pages, programmes, problems, processes and people; the palette's answer."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from programmes.access import MelioraRequest, access
from programmes.models import Objective, Person, Programme, ScopeItem, WorkItem
from programmes.phases import Phase

MOST = 6


@access()
def search(request: MelioraRequest) -> HttpResponse:
    """The fragment that the command palette fetches."""
    context = {"groups": groups_for(request, request.GET.get("q", ""))}
    return render(request, "components/palette_results.html", context)


@access()
def search_page(request: MelioraRequest) -> HttpResponse:
    """The same as a page, for phones and without script."""
    query = request.GET.get("q", "")
    context = {
        "query": query,
        "groups": groups_for(request, query),
        "crumbs": [{"label": _("Search")}],
        "nav": "search",
    }
    return render(request, "evaluation/search/search.html", context)


def groups_for(request: MelioraRequest, query: str) -> list[dict[str, Any]]:
    query = query.replace("\0", "").strip()[:80]
    groups = [
        {"label": _("Go to"), "items": places(query)},
        {"label": _("Programmes"), "items": programmes(request, query)},
    ]
    if len(query) >= 2:
        groups += [
            {"label": _("Processes"), "items": processes(request, query)},
            {"label": _("Objectives"), "items": objectives(request, query)},
            {"label": _("Tasks"), "items": tasks(request, query)},
            {"label": _("People"), "items": people(request, query)},
        ]
    return [one for one in groups if one["items"]]


def places(query: str) -> list[dict[str, Any]]:
    pages = [
        (_("Portfolio"), "/", "layout-dashboard", "G H"),
        (_("My work"), reverse("my-work"), "inbox", "G W"),
        (_("Process library"), reverse("library"), "workflow", ""),
        (_("Reports"), reverse("reports"), "file-text", ""),
        (_("Methods"), reverse("methods"), "calculator", ""),
        (_("Settings"), reverse("settings"), "settings", ""),
        (_("Help"), reverse("help"), "life-buoy", ""),
    ]
    return [
        {"label": label, "href": href, "icon": icon, "keys": keys}
        for label, href, icon, keys in pages
        if query.lower() in label.lower()
    ]


def programmes(request: MelioraRequest, query: str) -> list[dict[str, Any]]:
    rows = Programme.objects.visible_to(request.user)
    rows = rows.filter(Q(name__icontains=query) | Q(code__icontains=query))
    return [
        {
            "label": one.name,
            "href": f"/p/{one.code}/",
            "icon": "diamond",
            "note": Phase(one.phase).label,
        }
        for one in rows.order_by("name")[:MOST]
    ]


def processes(request: MelioraRequest, query: str) -> list[dict[str, Any]]:
    rows = ScopeItem.objects.visible_to(request.user).alive()
    rows = rows.filter(name__icontains=query).select_related("programme")
    return [
        {
            "label": one.name,
            "href": reverse("scope-detail", args=[one.programme.code, one.pk]),
            "icon": "workflow",
            "note": one.programme.name,
        }
        for one in rows.order_by("name")[:MOST]
    ]


def objectives(request: MelioraRequest, query: str) -> list[dict[str, Any]]:
    rows = Objective.objects.visible_to(request.user).alive()
    rows = rows.filter(title__icontains=query).select_related("programme")
    return [
        {
            "label": one.title,
            "href": reverse("objectives-detail", args=[one.programme.code, one.pk]),
            "icon": "target",
            "note": one.programme.name,
        }
        for one in rows.order_by("title")[:MOST]
    ]


def tasks(request: MelioraRequest, query: str) -> list[dict[str, Any]]:
    rows = WorkItem.objects.visible_to(request.user).alive()
    rows = rows.filter(title__icontains=query).select_related("programme")
    return [
        {
            "label": one.title,
            "href": reverse("tasks-detail", args=[one.programme.code, one.pk]),
            "icon": "list-checks",
            "note": one.programme.name,
        }
        for one in rows.order_by("title")[:MOST]
    ]


def people(request: MelioraRequest, query: str) -> list[dict[str, Any]]:
    rows = Person.objects.visible_to(request.user).active()
    rows = rows.filter(name__icontains=query, memberships__isnull=False)
    found = rows.prefetch_related("memberships__programme").order_by("name")
    seen = Programme.objects.visible_to(request.user).values_list("pk", flat=True)
    allowed = set(seen)
    items = []
    for person in found.distinct()[:MOST]:
        for member in person.memberships.all():
            if member.programme_id in allowed:
                items.append(
                    {
                        "label": person.name,
                        "href": f"/p/{member.programme.code}/team/",
                        "icon": "user-round",
                        "note": member.programme.name,
                    }
                )
                break
    return items


urlpatterns = [
    path("search/", search, name="search"),
    path("search/all/", search_page, name="search-page"),
]
