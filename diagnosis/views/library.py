"""The process library: every process in scope of the programmes one may see."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.models import Process
from programmes.access import MelioraRequest, access
from programmes.kit.pages import Column, listing
from programmes.models import ScopeItem

COLUMNS = [
    Column("name", gettext_lazy("Process"), order="name"),
    Column("programme", gettext_lazy("Programme"), order="programme__name"),
    Column("unit", gettext_lazy("Unit"), order="unit__name"),
    Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
]


@access()
def library(request: MelioraRequest) -> HttpResponse:
    described = Process.objects.alive().filter(scope_item=OuterRef("pk"))
    rows = (
        ScopeItem.objects.visible_to(request.user)
        .alive()
        .filter(kind=ScopeItem.Kind.PROCESS, is_in=True)
        .select_related("programme", "unit", "owner")
        .annotate(described=Subquery(described.values("pk")[:1]))
    )
    found = listing(rows, request.GET, COLUMNS, search=["name"], default="name")
    context = {
        "listing": found,
        "crumbs": [{"label": _("Process library")}],
        "nav": "library",
    }
    return render(request, "diagnosis/library/library.html", context)


urlpatterns = [path("library/", library, name="library")]
