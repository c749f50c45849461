"""Every component in every state, on one page; routed in DEBUG only."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from programmes.kit.charts import DataTable

NAMES = (
    "Master plan",
    "Kick-off",
    "Diagnosis",
    "Optimisation design",
    "Supporting schemes",
    "Implementation",
    "Evaluation",
    "Continuous improvement",
)
GATES = ("approved", "approved", "conditional", "ready", *("todo",) * 4)
DATES = (
    "12 Jan to 13 Feb",
    "16 Feb to 13 Mar",
    "16 Mar to 2 Oct",
    "5 Oct to 25 Nov",
    "26 Nov to 5 Feb",
    "8 Feb to 28 May",
    "31 May to 9 Jul",
    "from 12 Jul 2027",
)
QUARTERS = ("Q1 25", "Q2", "Q3", "Q4", "Q1 26", "Q2 26", "Q3 26")
REALISED = (0.03, 0.08, 0.17, 0.25, 0.27, 0.33, 0.38)
PLANNED = (0.04, 0.10, 0.16, 0.22, 0.28, 0.34, 0.40)
MEASURED = (6.9, 6.1, 7.2, 6.4, 5.6, 6.8, 7.0, 5.9, 6.3, 7.1, 6.6, 6.0, 3.9, 3.6)


class SampleForm(forms.Form):
    """A form with one field of each shape."""

    goal = forms.CharField(
        label=_("Goal"),
        help_text=_("Say what gets better, in words the customer knows"),
        initial="Halve the order cycle time",
    )
    target = forms.DecimalField(label=_("Target"), max_value=9)
    owner = forms.ChoiceField(
        label=_("Owner"), choices=[("", _("Choose a person")), ("mei", "Mei Lin")]
    )
    measured = forms.ChoiceField(
        label=_("Measured"),
        choices=[("erp", _("Every week, from the ERP")), ("hand", _("By hand"))],
        widget=forms.RadioSelect,
        initial="erp",
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)
    tell = forms.BooleanField(label=_("Tell the team"), required=False)


def styleguide(request: HttpRequest) -> HttpResponse:
    """The page of all components, with invented data."""
    return render(request, "styleguide.html", sample(request))


def sample(request: HttpRequest) -> dict[str, Any]:
    wrong = SampleForm({"goal": "Halve the order cycle time", "target": "12"})
    return {
        "crumbs": [{"label": _("Design system"), "href": ""}],
        "phases": phases(),
        "names": list(enumerate(NAMES, start=1)),
        "people": people(),
        "fresh": SampleForm(auto_id="fresh_%s"),
        "wrong": wrong,
        "page": Paginator(range(146), 20).get_page(request.GET.get("page")),
        "columns": columns(),
        "columns_table": DataTable(
            (_("Quarter"), _("Realised"), _("Planned")),
            tuple(zip(QUARTERS, REALISED, PLANNED, strict=True)),
        ),
        "control": control(),
        "control_table": DataTable(
            (_("Week"), _("Days")), tuple(enumerate(MEASURED, start=1))
        ),
        "trend": list(MEASURED),
        "grades": [0, 1, 2, 6, 4],
        "found": found(),
    }


def phases() -> list[dict[str, Any]]:
    return [
        {
            "n": number,
            "name": name,
            "dates": DATES[number - 1],
            "state": "done" if number < 4 else "current" if number == 4 else "todo",
            "share": 0.95 if number == 4 else None,
            "href": "#track",
            "gate_state": GATES[number - 1],
            "gate_href": "#track",
            "gate_label": f"Gate {number}, {name}: {GATES[number - 1]}",
        }
        for number, name in enumerate(NAMES, start=1)
    ]


def people() -> list[dict[str, Any]]:
    known = (("Ingrid Solheim", "IS", 7), ("Tomás Ferreira", "TF", 3))
    more = (("Mei Lin", "ML", 1), ("Jonas Weber", "JW", 5), ("Amara Okafor", "AO", 0))
    return [{"name": n, "initials": i, "hue": h} for n, i, h in (*known, *more)]


def found() -> list[dict[str, Any]]:
    """What a palette finds: pages and actions."""
    gate = {
        "label": "Gate 4, Order-to-cash renewal",
        "href": "#track",
        "gate": "ready",
        "note": _("ready for you"),
    }
    report = {"label": _("Create gate report"), "href": "#track", "icon": "file-text"}
    return [
        {"label": _("Go to"), "items": [gate]},
        {"label": _("Do"), "items": [{**report, "hotkey": "R"}]},
    ]


def columns() -> dict[str, Any]:
    """Realised columns with a mark for what was planned."""
    return {
        "data": {
            "values": [
                {"quarter": q, "realised": r, "planned": p}
                for q, r, p in zip(QUARTERS, REALISED, PLANNED, strict=True)
            ]
        },
        "height": 240,
        "encoding": {
            "x": {
                "field": "quarter",
                "type": "nominal",
                "sort": None,
                "title": None,
                "axis": {"labelAngle": 0},
            },
            "tooltip": [
                {"field": "quarter", "title": "Quarter"},
                {"field": "realised", "title": "Realised"},
                {"field": "planned", "title": "Planned"},
            ],
        },
        "layer": [
            {
                "mark": {"type": "bar", "width": {"band": 0.46}},
                "encoding": {
                    "y": {"field": "realised", "type": "quantitative", "title": None}
                },
            },
            {
                "mark": {"type": "tick", "width": {"band": 0.62}},
                "encoding": {"y": {"field": "planned", "type": "quantitative"}},
            },
        ],
    }


def control() -> dict[str, Any]:
    """A small individuals chart: points, line, centre and limits."""
    values = [{"week": n, "days": v} for n, v in enumerate(MEASURED, start=1)]
    days = {"field": "days", "type": "quantitative", "title": None}
    limits = [{"level": 8.9, "name": "Upper"}, {"level": 3.4, "name": "Lower"}]
    band = {"type": "rule", "strokeDash": [5, 4]}
    return {
        "height": 240,
        "layer": [
            {
                "data": {"values": limits},
                "mark": band,
                "encoding": {"y": {"field": "level", "type": "quantitative"}},
            },
            {
                "data": {"values": values},
                "mark": {"type": "line", "point": {"filled": True, "size": 40}},
                "encoding": {
                    "x": {
                        "field": "week",
                        "type": "ordinal",
                        "title": None,
                        "axis": {"labelAngle": 0},
                    },
                    "y": days,
                    "tooltip": [{"field": "week"}, {"field": "days"}],
                },
            },
        ],
    }
