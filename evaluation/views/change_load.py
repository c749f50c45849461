"""What all programmes together ask of each unit, month by month."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.load_charts import heat_map
from evaluation.services.change_load import (
    HOURS_A_HEAD,
    Cell,
    Load,
    change_load,
    months_from,
    overloaded,
)
from programmes.access import MelioraRequest, access
from programmes.kit.charts import DataTable
from programmes.kit.errors import Text
from programmes.kit.formats import number

MOST_HOURS = 200
MOST_WARNINGS = 8


def limit_of(text: str) -> float:
    """The hours a head that one asks for; what is no such number is the default."""
    clean = text.strip()
    if clean.isascii() and clean.isdigit() and 0 < int(clean[:6]) <= MOST_HOURS:
        return float(clean)
    return HOURS_A_HEAD


@access()
def load(request: MelioraRequest) -> HttpResponse:
    today = timezone.localdate()
    limit = limit_of(request.GET.get("limit", ""))
    loads: list[Load] = []
    if request.person is not None:
        loads = change_load(request.user, request.person.enterprise, today, limit)
    over = overloaded(loads)
    months = [date_format(one, "M Y") for one in months_from(today)]
    context: dict[str, Any] = {
        "loads": loads,
        "months": months,
        "limit": limit,
        "finding": finding(loads, over, limit),
        "over": [
            {"unit": one.unit, "month": date_format(cell.month, "F Y"), "cell": cell}
            for one, cell in over[:MOST_WARNINGS]
        ],
        "chart": heat_map(
            [(one.unit.name, [cell.a_head for cell in one.cells]) for one in loads],
            months,
            limit,
        ),
        "table": DataTable(
            (_("Unit"), *months),
            [
                (one.unit.name, *(number(cell.a_head, 1) for cell in one.cells))
                for one in loads
            ],
        ),
        "crumbs": [{"label": _("Change load")}],
        "nav": "load",
    }
    return render(request, "evaluation/portfolio/change_load.html", context)


def finding(loads: list[Load], over: list[tuple[Load, Cell]], limit: float) -> Text:
    if not loads:
        return _("Nothing is asked of any unit")
    if not over:
        return _("No unit is asked for more than %(hours)s hours a head") % {
            "hours": number(limit, 0)
        }
    units = {one.unit.pk for one, _cell in over}
    said = ngettext(
        "%(n)s unit is asked for more than %(hours)s hours a head",
        "%(n)s units are asked for more than %(hours)s hours a head",
        len(units),
    )
    return said % {"n": len(units), "hours": number(limit, 0)}


urlpatterns = [path("change-load/", load, name="change-load")]
