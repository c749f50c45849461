"""Pictures of phases 4 and 6 as Vega-Lite specifications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from programmes.kit.charts import Spec
from programmes.kit.errors import Text

ROW = 26
ROOM_ABOVE = 60
HUES = (
    "var(--chart-1)",
    "var(--phase-7)",
    "var(--phase-1)",
    "var(--phase-5)",
    "var(--chart-2)",
    "var(--chart-3)",
)


def case_flow(
    flows: Sequence[float], cumulative: Sequence[float], words: dict[str, Text]
) -> Spec:
    """Money of each year as bars, and the sum so far as a line.

    :param words: year, money, flow, sum: titles of axes and legend.
    """
    rows = [
        {"year": year, "flow": flow, "sum": total, "side": "in" if flow >= 0 else "out"}
        for year, (flow, total) in enumerate(zip(flows, cumulative, strict=True))
    ]
    year = {
        "field": "year",
        "type": "ordinal",
        "title": str(words["year"]),
        "axis": {"labelAngle": 0},
    }
    money = {
        "type": "quantitative",
        "title": str(words["money"]),
        "axis": {"format": "~s"},
    }
    return {
        "data": {"values": rows},
        "height": 240,
        "layer": [
            {
                "mark": {"type": "bar", "size": 28},
                "encoding": {
                    "x": year,
                    "y": {"field": "flow", **money},
                    "color": {
                        "field": "side",
                        "type": "nominal",
                        "legend": None,
                        "scale": {
                            "domain": ["in", "out"],
                            "range": ["var(--chart-1)", "var(--chart-2)"],
                        },
                    },
                },
            },
            {
                "mark": {"type": "line", "color": "var(--chart-done)", "point": True},
                "encoding": {"x": year, "y": {"field": "sum", **money}},
            },
            {
                "mark": {"type": "rule", "color": "var(--line-control)"},
                "encoding": {"y": {"datum": 0}},
            },
        ],
    }


def hue(position: int) -> str:
    """The colour of the criterion at a position; they repeat after the sixth."""
    return HUES[position % len(HUES)]


def contributions(parts: Sequence[dict[str, Any]], order: Sequence[str]) -> Spec:
    """What each criterion adds to the score of each option.

    :param parts: option, criterion, points, n (position of the criterion).
    :param order: the options, the best first.
    """
    hues = {part["criterion"]: hue(part["n"]) for part in parts}
    return {
        "data": {"values": list(parts)},
        "height": max(len(order), 1) * 40 + 20,
        "mark": {"type": "bar", "size": 20, "cornerRadius": 0},
        "encoding": {
            "y": {
                "field": "option",
                "type": "nominal",
                "sort": list(order),
                "title": None,
                "axis": {"labelLimit": 220},
            },
            "x": {
                "field": "points",
                "type": "quantitative",
                "stack": "zero",
                "title": None,
                "scale": {"domain": [0, 100]},
            },
            "color": {
                "field": "criterion",
                "type": "nominal",
                "sort": {"field": "n"},
                "legend": None,
                "scale": {
                    "domain": list(hues),
                    "range": list(hues.values()),
                },
            },
            "order": {"field": "n"},
        },
    }


def gantt(rows: Sequence[dict[str, Any]], today: date) -> Spec:
    """Tasks as bars on the calendar, the done part dark, and a line for today.

    :param rows: title, starts, ends (dates; the end is the last day), done (share),
        look: critical, late, usual.
    """
    values = []
    for row in rows:
        end = row["ends"] + timedelta(days=1)
        reached = row["starts"] + (end - row["starts"]) * row["done"]
        values.append(
            {
                "task": row["title"],
                "from": row["starts"].isoformat(),
                "to": end.isoformat(),
                "reached": reached.isoformat(),
                "look": row["look"],
            }
        )
    task = {
        "field": "task",
        "type": "nominal",
        "sort": [row["title"] for row in rows],
        "title": None,
        "axis": {"labelLimit": 230, "grid": False},
    }
    start: dict[str, Any] = {
        "field": "from",
        "type": "temporal",
        "title": None,
        "axis": {"grid": True, "format": "%d %b", "labelOverlap": True},
    }
    return {
        "data": {"values": values},
        "height": len(values) * ROW + ROOM_ABOVE,
        "layer": [
            bars(task, start),
            {
                "mark": {"type": "bar", "height": 5, "color": "var(--chart-done)"},
                "encoding": {"y": task, "x": start, "x2": {"field": "reached"}},
            },
            {
                "data": {"values": [{"today": today.isoformat()}]},
                "mark": {"type": "rule", "color": "var(--critical-solid)"},
                "encoding": {"x": {"field": "today", "type": "temporal"}},
            },
        ],
    }


def bars(task: dict[str, Any], start: dict[str, Any]) -> dict[str, Any]:
    """The bars themselves: critical ones strong, late ones in the warning colour."""
    return {
        "mark": {"type": "bar", "height": 14},
        "encoding": {
            "y": task,
            "x": start,
            "x2": {"field": "to"},
            "color": {
                "field": "look",
                "type": "nominal",
                "legend": None,
                "scale": {
                    "domain": ["critical", "late", "usual"],
                    "range": [
                        "var(--accent)",
                        "var(--attention-solid)",
                        "var(--accent-line)",
                    ],
                },
            },
        },
    }
