"""Charts of an event log, from plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from programmes.kit import formats
from programmes.kit.charts import DataTable
from programmes.kit.formats import duration, number

MOST_PERIODS = 60
UNITS = (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0))


def month_label(day: str) -> str:
    return date_format(date.fromisoformat(day), "M Y")


def throughput_chart(months: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Cases started and completed by month."""
    started, ended = _("started"), _("completed")
    values = [
        {"month": month_label(one["start"]), "what": what, "cases": one[key]}
        for one in months
        for what, key in ((started, "started"), (ended, "ended"))
    ]
    return {
        "data": {"values": values},
        "height": 220,
        "mark": {"type": "line", "point": {"filled": True, "size": 30}},
        "encoding": {
            "x": {"field": "month", "type": "nominal", "sort": None, "title": None},
            "y": {"field": "cases", "type": "quantitative", "title": _("Cases")},
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {
                    "domain": [started, ended],
                    "range": ["var(--chart-2)", "var(--chart-1)"],
                },
            },
            "tooltip": [
                {"field": "month", "title": _("Month")},
                {"field": "what", "title": _("Cases")},
                {"field": "cases", "title": _("Number")},
            ],
        },
    }


def throughput_table(months: Sequence[dict[str, Any]]) -> DataTable:
    return DataTable(
        (_("Month"), _("Started"), _("Completed")),
        tuple(
            (month_label(one["start"]), number(one["started"]), number(one["ended"]))
            for one in months
        ),
    )


def unit_of(bins: Sequence[dict[str, Any]]) -> tuple[str, float]:
    """The unit in which the longest case is at least two."""
    longest = bins[-1]["to_s"] if bins else 0
    return next((one for one in UNITS if longest >= 2 * one[1]), UNITS[-1])


def durations_chart(bins: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How many cases took how long."""
    name, size = unit_of(bins)
    values = [
        {
            "from": one["from_s"] / size,
            "to": one["to_s"] / size,
            "cases": one["cases"],
            "span": span(one),
        }
        for one in bins
    ]
    return {
        "data": {"values": values},
        "height": 220,
        "mark": {
            "type": "rect",
            "color": "var(--chart-1)",
            "stroke": "var(--surface)",
            "strokeWidth": 1,
        },
        "encoding": {
            "x": {
                "field": "from",
                "type": "quantitative",
                "title": _("Throughput time, %(unit)s") % {"unit": name},
            },
            "x2": {"field": "to"},
            "y": {"field": "cases", "type": "quantitative", "title": _("Cases")},
            "y2": {"datum": 0},
            "tooltip": [
                {"field": "span", "title": _("Took")},
                {"field": "cases", "title": _("Cases")},
            ],
        },
    }


def span(one: dict[str, Any]) -> str:
    return f"{duration(one['from_s'])} – {duration(one['to_s'])}"


def durations_table(bins: Sequence[dict[str, Any]]) -> DataTable:
    return DataTable(
        (_("Took"), _("Cases")),
        tuple((span(one), number(one["cases"])) for one in bins),
    )


def period_label(day: str, unit: str) -> str:
    """A month as its name, a week as its Monday."""
    return month_label(day) if unit == "month" else formats.day(date.fromisoformat(day))


def open_chart(periods: Sequence[dict[str, Any]], unit: str) -> dict[str, Any]:
    """Cases open at the end of each period."""
    values = [
        {
            "at": one["start"],
            "label": period_label(one["start"], unit),
            "open": one["open"],
            "arrived": one["arrived"],
            "left": one["left"],
        }
        for one in periods
    ]
    return {
        "data": {"values": values},
        "height": 220,
        "mark": {
            "type": "area",
            "line": {"color": "var(--chart-1)"},
            "color": "var(--chart-reach)",
            "interpolate": "monotone",
        },
        "encoding": {
            "x": {"field": "at", "type": "temporal", "title": None},
            "y": {"field": "open", "type": "quantitative", "title": _("Open cases")},
            "tooltip": [
                {"field": "label", "title": _("Begins")},
                {"field": "arrived", "title": _("Arrived")},
                {"field": "left", "title": _("Left")},
                {"field": "open", "title": _("Open at the end")},
            ],
        },
    }


def open_table(periods: Sequence[dict[str, Any]], unit: str) -> DataTable:
    return DataTable(
        (_("Period"), _("Arrived"), _("Left"), _("Open at the end")),
        tuple(
            (
                period_label(one["start"], unit),
                number(one["arrived"]),
                number(one["left"]),
                number(one["open"]),
            )
            for one in periods[-MOST_PERIODS:]
        ),
    )
