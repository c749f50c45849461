"""What the cases of a log cost, and what they are worth."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis import log_charts, log_findings
from diagnosis.log_words import money, short
from diagnosis.mining.spelling import spell
from diagnosis.services import log_lenses
from diagnosis.views import log_frame
from diagnosis.views.log_filters import query_of
from programmes.access import MelioraRequest, access
from programmes.kit.formats import number
from programmes.kit.sheets import Sheet

SHOWN = 50
LONGEST_CHIPS = 14


@access("programme.read")
def costs(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Costs by activity, case and path; amounts of all and of open cases."""
    asked = log_frame.ask(request, pk, log_lenses.money)
    cost, worth = asked.found["costs"], asked.found["amounts"]
    context = {
        "cost": cost,
        "worth": worth,
        "column": asked.log.mapping.get("cost", ""),
        "figures": [*cost_figures(cost), *worth_figures(worth)],
        "says": log_findings.costs(cost, worth, money),
        **(details(cost, asked.texts) if cost else {}),
    }
    return log_frame.page(request, asked, "log-costs", context)


def cost_figures(cost: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    """Label, value and note of the cards."""
    if cost is None:
        return []
    return [
        (
            _("Median cost of a case"),
            money(cost["median"]),
            _("nine in ten within %(p90)s") % {"p90": money(cost["p90"])},
        ),
        (
            _("Cost of all cases"),
            money(cost["total"]),
            _("%(n)s cases have none") % {"n": number(cost["without"])}
            if cost["without"]
            else _("%(n)s a case") % {"n": money(cost["mean"])},
        ),
    ]


def worth_figures(worth: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    if worth is None:
        return []
    return [
        (
            _("Median amount of a case"),
            money(worth["median"]),
            _("from “%(name)s”") % {"name": short(worth["name"])},
        ),
        (_("Amount of all cases"), money(worth["total"]), ""),
        (
            _("Amount of open cases"),
            money(worth["open_total"]),
            _("%(n)s cases") % {"n": number(worth["open_cases"])},
        ),
    ]


def details(cost: dict[str, Any], texts: list[str]) -> dict[str, Any]:
    """The tables and the chart."""
    held = cost["activities"]
    top = max((one["share"] or 0 for one in held), default=0) or 1
    return {
        "activities": [
            {
                **one,
                "bar": max(one["share"] or 0, 0) / top,
                "total_words": money(one["total"]),
                "median_words": money(one["median"]),
            }
            for one in held[:SHOWN]
        ],
        "paths": [
            {
                **one,
                "chips": one["path"][:LONGEST_CHIPS],
                "more": max(len(one["path"]) - LONGEST_CHIPS, 0),
                "href": f"?{query_of([*texts, spell('variant', one['number'], True)])}",
                "total_words": money(one["total"]),
                "median_words": money(one["median"]),
            }
            for one in cost["paths"]
        ],
        "has_spread": len(cost["bins"]) > 1,
        "spread": log_charts.costs_chart(cost["bins"], money),
        "spread_table": log_charts.costs_table(cost["bins"], money),
    }


def tables(request: MelioraRequest, pk: int) -> log_frame.Tables:
    """The activities and the dearest paths, in full figures."""
    asked = log_frame.ask(request, pk, log_lenses.money)
    cost = asked.found["costs"] or {"activities": [], "paths": []}
    head: list[Any] = [
        gettext_lazy("Activity"),
        gettext_lazy("Events with a cost"),
        gettext_lazy("Cases"),
        gettext_lazy("Cost"),
        gettext_lazy("Median of an event"),
        gettext_lazy("Share"),
    ]
    keys = ("activity", "events", "cases", "total", "median", "share")
    rows = ([one[key] for key in keys] for one in cost["activities"])
    path_head: list[Any] = [
        gettext_lazy("No."),
        gettext_lazy("Path"),
        gettext_lazy("Cases"),
        gettext_lazy("Cost"),
        gettext_lazy("Median of a case"),
    ]
    path_rows = (
        [one["number"], " → ".join(one["path"])]
        + [one[key] for key in ("cases", "total", "median")]
        for one in cost["paths"]
    )
    sheets = [
        Sheet(_("Activities"), head, rows),
        Sheet(_("Paths"), path_head, path_rows),
    ]
    return log_frame.Tables(asked.log, _("costs"), sheets)


BASE = "p/<slug:code>/logs/<int:pk>/"
urlpatterns = [
    path(f"{BASE}costs/", costs, name="log-costs"),
    *log_frame.export_paths(f"{BASE}costs", "log-costs", tables),
]
