"""Chart specifications of the diagnosis, from plain numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from diagnosis.maths.pareto import Pareto

Spec = dict[str, Any]

ROW, LABEL_FROM, WRAP, SHORT_WRAP = 44, 0.08, 30, 13
THRESHOLD = 80


def lines(text: str, width: int, most: int = 3) -> str:
    return "\n".join(textwrap.wrap(text, width, max_lines=most, placeholder="…"))


def likert(rows: Sequence[tuple[str, Sequence[float]]]) -> Spec:
    """Diverging bars: five shares a question, the middle one across the centre."""
    values = [
        segment
        for number, (text, shares) in enumerate(rows)
        for segment in segments(number, text, shares)
    ]
    y = {
        "field": "question",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {
            "labelExpr": "split(datum.label, '\\n')",
            "labelLimit": 230,
            "domain": False,
            "grid": False,
        },
    }
    return {
        "data": {"values": values},
        "height": ROW * max(len(rows), 1),
        "encoding": {"y": y},
        "layer": [bars(), labels(), centre()],
    }


def segments(number: int, text: str, shares: Sequence[float]) -> list[Spec]:
    """Each share as a piece of the bar, measured from the middle of the centre one."""
    left = -(shares[0] + shares[1] + shares[2] / 2)
    name = f"{lines(text, WRAP)}"
    found = []
    for grade, share in enumerate(shares, start=1):
        found.append(
            {
                "question": name,
                "order": number,
                "grade": str(grade),
                "share": share,
                "from": left,
                "to": left + share,
                "middle": left + share / 2,
                "label": f"{100 * share:.0f}" if share >= LABEL_FROM else "",
            }
        )
        left += share
    return found


def bars() -> Spec:
    colours = [f"var(--likert-{grade})" for grade in range(1, 6)]
    return {
        "mark": {"type": "bar", "height": 20, "cornerRadius": 1},
        "encoding": {
            "x": {
                "field": "from",
                "type": "quantitative",
                "title": None,
                "axis": None,
            },
            "x2": {"field": "to"},
            "color": {
                "field": "grade",
                "type": "nominal",
                "scale": {"domain": list("12345"), "range": colours},
                "legend": None,
            },
            "tooltip": [
                {"field": "grade", "title": _("Grade")},
                {"field": "share", "title": _("Share"), "format": ".0%"},
            ],
        },
    }


def labels() -> Spec:
    dark = {"test": "datum.grade == '1' || datum.grade == '5'"}
    return {
        "mark": {"type": "text", "fontSize": 11},
        "encoding": {
            "x": {"field": "middle", "type": "quantitative"},
            "text": {"field": "label"},
            "color": {
                "condition": {**dark, "value": "var(--ink-inverse)"},
                "value": "var(--ink)",
            },
        },
    }


def centre() -> Spec:
    return {
        "mark": {"type": "rule", "color": "var(--line-control)"},
        "data": {"values": [{"at": 0}]},
        "encoding": {
            "x": {"field": "at", "type": "quantitative"},
            "y": None,
        },
    }


def pareto(found: Pareto) -> Spec:
    """Bars and running share on one scale of percent; the vital few in colour."""
    values = [
        {
            "cause": lines(row.name, SHORT_WRAP, 4),
            "count": row.occurrences,
            "share": (row.percent or 0) / 100,
            "running": (row.cumulative_percent or 0) / 100,
            "vital": row.name in found.vital_few,
        }
        for row in found.rows
    ]
    x = {
        "field": "cause",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {
            "labelAngle": 0,
            "labelExpr": "split(datum.label, '\\n')",
            "labelOverlap": False,
            "labelFontSize": 10.5,
        },
    }
    return {
        "data": {"values": values},
        "height": 260,
        "encoding": {"x": x},
        "layer": [*pareto_bars(), *running_share()],
    }


def share_axis(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, 1.04], "nice": False},
        "axis": {"format": ".0%", "values": [0.2, 0.4, 0.6, 0.8, 1.0]},
    }


def pareto_bars() -> list[Spec]:
    vital = {"test": "datum.vital", "value": "var(--chart-1)"}
    tooltip = [
        {"field": "cause", "title": _("Cause")},
        {"field": "count", "title": _("Problems")},
        {"field": "running", "title": _("Running share"), "format": ".0%"},
    ]
    return [
        {
            "mark": {"type": "bar", "width": {"band": 0.66}},
            "encoding": {
                "y": share_axis("share"),
                "color": {"condition": vital, "value": "var(--chart-3)"},
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "text", "baseline": "bottom", "dy": -4},
            "encoding": {"y": share_axis("share"), "text": {"field": "count"}},
        },
    ]


def running_share() -> list[Spec]:
    rule = {"type": "rule", "strokeDash": [3, 3], "color": "var(--chart-done)"}
    return [
        {
            "data": {"values": [{"at": THRESHOLD / 100}]},
            "mark": rule,
            "encoding": {"x": None, "y": share_axis("at")},
        },
        {
            "mark": {
                "type": "line",
                "color": "var(--chart-done)",
                "strokeWidth": 1.25,
                "point": {"filled": False, "fill": "var(--surface)", "size": 28},
            },
            "encoding": {"y": share_axis("running")},
        },
    ]
