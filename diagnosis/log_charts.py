"""Charts of an event log, from plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from programmes.kit import formats
from programmes.kit.charts import DataTable
from programmes.kit.formats import duration, number

MOST_PERIODS = 44
UNITS = (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0))


def grouped(periods: Sequence[dict[str, Any]], unit: str) -> tuple[list[Any], int]:
    """At most forty-four periods: neighbours are joined, and how many make one.

    What happens in a period is summed, what is open at its end is that of the last.
    """
    steps = (1, 3, 6, 12) if unit == "month" else (1, 2, 4, 13)
    for size in (*steps, *range(steps[-1], len(periods) + steps[-1], steps[-1])):
        held: dict[int, dict[str, Any]] = {}
        for place, one in enumerate(periods):
            key = (month_number(one["start"]) if unit == "month" else place) // size
            into = held.setdefault(key, dict(one))
            if into["start"] != one["start"]:
                for name, value in one.items():
                    if name != "start":
                        into[name] = value + (0 if name == "open" else into[name])
        if len(held) <= MOST_PERIODS:
            break
    return list(held.values()), size


def month_number(day: str) -> int:
    month = date.fromisoformat(day)
    return month.year * 12 + month.month - 1


def span_said(unit: str, size: int) -> str:
    """How long each of the joined periods is."""
    if (unit, size) in ((("month", 3)), ("month", 12)):
        return _("one quarter") if size == 3 else _("one year")
    one = _("one month") if unit == "month" else _("one week")
    many = _("%(n)s months") if unit == "month" else _("%(n)s weeks")
    return one if size == 1 else many % {"n": size}


def month_label(day: str) -> str:
    return date_format(date.fromisoformat(day), "M Y")


def compact(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> dict[str, Any]:
    """Data of a chart. Short names keep its page light; CSV would be lighter, but its
    reader in the browser writes code, which the policy of our pages forbids."""
    return {"values": [dict(zip(names, row, strict=True)) for row in rows]}


def flow_chart(periods: Sequence[dict[str, Any]], unit: str) -> dict[str, Any]:
    """Cases begun and completed in each period; the data are those of `open_table`."""
    begun, done = _("begun"), _("completed")
    rows = [
        (one["start"], period_label(one["start"], unit), one["arrived"], one["left"])
        for one in periods
    ]
    return {
        "data": compact(rows, ("a", "l", begun, done)),
        "transform": [{"fold": [begun, done], "as": ["what", "cases"]}],
        "height": 220,
        "mark": {"type": "line", "point": {"filled": True, "size": 24}},
        "encoding": {
            "x": {"field": "a", "type": "temporal", "title": None},
            "y": {"field": "cases", "type": "quantitative", "title": _("Cases")},
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {
                    "domain": [begun, done],
                    "range": ["var(--chart-2)", "var(--chart-1)"],
                },
            },
            "tooltip": [
                {"field": "l", "title": _("Begins")},
                {"field": "what", "title": _("Cases")},
                {"field": "cases", "title": _("Number"), "type": "quantitative"},
            ],
        },
    }


def unit_of(bins: Sequence[dict[str, Any]]) -> tuple[str, float]:
    """The unit in which the longest case is at least two."""
    longest = bins[-1]["to_s"] if bins else 0
    return next((one for one in UNITS if longest >= 2 * one[1]), UNITS[-1])


def durations_chart(bins: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How many cases took how long."""
    name, size = unit_of(bins)
    rows = [
        (
            span(one),
            round(one["from_s"] / size, 4),
            round(one["to_s"] / size, 4),
            one["cases"],
        )
        for one in bins
    ]
    title = _("Throughput time, %(unit)s") % {"unit": name}
    return spread(rows, title, _("Took"))


def spread(
    rows: list[tuple[str, float, float, int]], title: str, label: str
) -> dict[str, Any]:
    """Columns from one bound to the next: words, bounds and number of cases."""
    return {
        "data": compact(rows, ("l", "f", "t", "n")),
        "height": 220,
        "mark": {
            "type": "rect",
            "color": "var(--chart-1)",
            "stroke": "var(--surface)",
            "strokeWidth": 1,
        },
        "encoding": {
            "x": {"field": "f", "type": "quantitative", "title": title},
            "x2": {"field": "t"},
            "y": {"field": "n", "type": "quantitative", "title": _("Cases")},
            "y2": {"datum": 0},
            "tooltip": [
                {"field": "l", "title": label},
                {"field": "n", "title": _("Cases")},
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
    names = ("arrived", "left", "open")
    rows = [
        (
            one["start"],
            period_label(one["start"], unit),
            *(one[name] for name in names),
        )
        for one in periods
    ]
    return {
        "data": compact(rows, ("a", "l", "b", "c", "o")),
        "height": 220,
        "mark": {
            "type": "area",
            "line": {"color": "var(--chart-1)"},
            "color": "var(--chart-reach)",
            "interpolate": "monotone",
        },
        "encoding": {
            "x": {"field": "a", "type": "temporal", "title": None},
            "y": {"field": "o", "type": "quantitative", "title": _("Open cases")},
            "tooltip": [
                {"field": "l", "title": _("Begins")},
                {"field": "b", "title": _("Begun")},
                {"field": "c", "title": _("Completed")},
                {"field": "o", "title": _("Open at the end")},
            ],
        },
    }


def open_table(periods: Sequence[dict[str, Any]], unit: str) -> DataTable:
    return DataTable(
        (_("Period"), _("Begun"), _("Completed"), _("Open at the end")),
        tuple(
            (
                period_label(one["start"], unit),
                number(one["arrived"]),
                number(one["left"]),
                number(one["open"]),
            )
            for one in periods
        ),
    )


Words = Callable[[float | None], str]
"""Writes a sum."""


def costs_chart(bins: Sequence[dict[str, Any]], words: Words) -> dict[str, Any]:
    """How many cases cost how much."""
    rows = [
        (cost_span(one, words), one["low"], one["high"], one["cases"]) for one in bins
    ]
    return spread(rows, _("Cost of a case"), _("Cost"))


def cost_span(one: dict[str, Any], words: Words) -> str:
    return f"{words(one['low'])} – {words(one['high'])}"


def costs_table(bins: Sequence[dict[str, Any]], words: Words) -> DataTable:
    return DataTable(
        (_("Cost"), _("Cases")),
        tuple((cost_span(one, words), number(one["cases"])) for one in bins),
    )
