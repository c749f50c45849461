"""Pictures of phases 7 and 8, from plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.maths.watch import Watched
from programmes.kit.formats import scaled, unit_said

Spec = dict[str, Any]

# What a pattern is called, for signals and charts.
PATTERNS = {
    "outside": gettext_lazy("a point outside the limits"),
    "near_limit": gettext_lazy("three of four points near a limit"),
    "run_of_eight": gettext_lazy("eight points on one side of the mean"),
    "run_of_nine": gettext_lazy("nine points on one side of the mean"),
    "two_of_three": gettext_lazy("two of three points far from the mean"),
    "four_of_five": gettext_lazy("four of five points away from the mean"),
    "trend": gettext_lazy("six points steadily up or down"),
    "alternating": gettext_lazy("fourteen points up and down by turns"),
    "hugging": gettext_lazy("fifteen points close to the mean"),
    "avoiding": gettext_lazy("eight points away from the mean"),
    "target": gettext_lazy("the target is missed"),
}


def control_chart(
    moments: Sequence[datetime],
    values: Sequence[float],
    watched: Watched,
    target: float | None,
    unit: str,
    changes: Sequence[tuple[str, str]],
) -> Spec:
    """Values with limits of each stretch, flagged points, target and changes.

    :param changes: (day, what changed) of each marked change.
    """
    rows = []
    for at, (moment, value) in enumerate(zip(moments, values, strict=True)):
        flag = watched.flag_at(at)
        why = str(PATTERNS[flag.pattern]) if flag else ""
        tone = "" if not flag else "good" if flag.is_good else "bad"
        rows.append(
            {
                "at": moment.isoformat(),
                "value": scaled(value, unit),
                "why": why,
                "tone": tone,
            }
        )
    stretches = [
        {
            "from": moments[one.first].isoformat(),
            "to": moments[one.last].isoformat(),
            "center": scaled(one.center, unit),
            "upper": scaled(one.upper, unit),
            "lower": scaled(one.lower, unit),
        }
        for one in watched.stretches
    ]
    bounded = [one for one in stretches if one["upper"] is not None]
    layers = [band(bounded)] if bounded else []
    layers += levels(stretches, bounded)
    if target is not None:
        layers.append(target_line(scaled(target, unit)))
    if changes:
        layers.append(change_rules(changes))
    return {"height": 300, "layer": [*layers, *series(rows, unit)]}


def across(extra: Spec) -> Spec:
    """A level from the first to the last day of a stretch."""
    return {
        "x": {"field": "from", "type": "temporal", "title": None},
        "x2": {"field": "to"},
        **extra,
    }


def quantity(name: str) -> Spec:
    return {
        "field": name,
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False},
    }


def band(bounded: list[Spec]) -> Spec:
    return {
        "data": {"values": bounded},
        "mark": {"type": "rect", "color": "var(--chart-band)"},
        "encoding": across({"y": quantity("lower"), "y2": {"field": "upper"}}),
    }


def levels(stretches: list[Spec], bounded: list[Spec]) -> list[Spec]:
    dashed = {"type": "rule", "strokeDash": [5, 4], "color": "var(--line-control)"}
    found = [
        {
            "data": {"values": bounded},
            "mark": dashed,
            "encoding": across({"y": quantity(name)}),
        }
        for name in (("upper", "lower") if bounded else ())
    ]
    plain = {"type": "rule", "color": "var(--line-control)"}
    center = {
        "data": {"values": stretches},
        "mark": plain,
        "encoding": across({"y": quantity("center")}),
    }
    return [*found, center]


def target_line(target: float) -> Spec:
    return {
        "data": {"values": [{"target": target}]},
        "mark": {
            "type": "rule",
            "strokeDash": [2, 3],
            "strokeWidth": 1.5,
            "color": "var(--positive-solid)",
        },
        "encoding": {"y": quantity("target")},
    }


def change_rules(changes: Sequence[tuple[str, str]]) -> Spec:
    rows = [{"day": day, "what": what[:60]} for day, what in changes]
    day = {"field": "day", "type": "temporal", "title": None}
    return {
        "data": {"values": rows},
        "encoding": {"x": day},
        "layer": [
            {"mark": {"type": "rule", "color": "var(--line-strong)"}},
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "top",
                    "dx": 5,
                    "fontSize": 11,
                    "limit": 220,
                },
                "encoding": {"text": {"field": "what"}, "y": {"value": 0}},
            },
        ],
    }


def series(rows: list[Spec], unit: str) -> list[Spec]:
    day = {"field": "at", "type": "temporal", "title": None}
    tooltip = [
        {"field": "at", "type": "temporal", "title": _("Day")},
        {"field": "value", "title": unit_said(unit) or _("Value")},
        {"field": "why", "title": _("Pattern")},
    ]
    base = {"x": day, "y": quantity("value"), "tooltip": tooltip}
    flagged = [one for one in rows if one["tone"]]
    colour = {
        "field": "tone",
        "type": "nominal",
        "legend": None,
        "scale": {
            "domain": ["good", "bad"],
            "range": ["var(--positive-solid)", "var(--critical-solid)"],
        },
    }
    line = {
        "data": {"values": rows},
        "mark": {"type": "line", "point": {"filled": True, "size": 34}},
        "encoding": base,
    }
    if not flagged:
        return [line]
    mark = {
        "type": "point",
        "shape": "diamond",
        "size": 150,
        "filled": True,
        "opacity": 1,
    }
    signals = {
        "data": {"values": flagged},
        "mark": mark,
        "encoding": {**base, "color": colour},
    }
    return [line, signals]


def cash_chart(
    years: Sequence[int], planned: Sequence[float], actual: Sequence[float]
) -> Spec:
    """Net money of each year as bars, with a mark for what was planned."""
    rows = [
        {"year": str(year), "actual": came, "planned": plan}
        for year, plan, came in zip(years, planned, actual, strict=True)
    ]
    year = {
        "field": "year",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelAngle": 0},
    }
    money = {"type": "quantitative", "title": None, "axis": {"format": "~s"}}
    tooltip = [
        {"field": "year", "title": _("Year")},
        {"field": "actual", "title": _("Actual"), "format": ",.0f"},
        {"field": "planned", "title": _("Planned"), "format": ",.0f"},
    ]
    return {
        "height": 220,
        "data": {"values": rows},
        "encoding": {"x": year, "tooltip": tooltip},
        "layer": [
            {
                "mark": {"type": "bar", "width": {"band": 0.46}},
                "encoding": {"y": {"field": "actual", **money}},
            },
            {
                "mark": {"type": "tick", "width": {"band": 0.62}},
                "encoding": {"y": {"field": "planned", **money}},
            },
        ],
    }
