"""The heat map of the change load, from plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from programmes.kit.formats import number

ROW = 34


def names(field: str, order: list[str], axis: dict[str, Any]) -> dict[str, Any]:
    """An axis of names in the order given."""
    return {
        "field": field,
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": axis,
    }


def cells(colour: dict[str, Any]) -> dict[str, Any]:
    """The coloured cells; those over the limit are framed."""
    frame = {"test": "datum.over", "value": "var(--critical-solid)"}
    return {
        "mark": {"type": "rect", "cornerRadius": 0},
        "encoding": {
            "color": colour,
            "stroke": {"condition": frame, "value": "var(--line)"},
            "strokeWidth": {
                "condition": {"test": "datum.over", "value": 2.5},
                "value": 1,
            },
        },
    }


def heat_map(
    rows: Sequence[tuple[str, Sequence[float]]], months: Sequence[str], limit: float
) -> dict[str, Any]:
    """Units by months; darker is more hours a head, framed is over the limit."""
    values: list[dict[str, Any]] = [
        {
            "unit": unit,
            "month": month,
            "hours": round(hours, 2),
            "words": number(hours, 1) if hours >= 0.05 else "",
            "over": hours > limit,
        }
        for unit, row in rows
        for month, hours in zip(months, row, strict=True)
    ]
    top = max([limit, *(hours for _unit, row in rows for hours in row)])
    x = names("month", list(months), {"labelAngle": 0, "domain": False})
    units = [unit for unit, _row in rows]
    ink = {"labelColor": "var(--ink)", "domain": False, "grid": False}
    y = names("unit", units, ink)
    colour = {
        "field": "hours",
        "type": "quantitative",
        "scale": {
            "domain": [0, top],
            "range": ["var(--surface)", "var(--chart-1)"],
            "interpolate": "rgb",
        },
        "legend": None,
    }
    return {
        "data": {"values": values},
        "height": max(len(rows), 1) * ROW,
        "encoding": {"x": x, "y": y},
        "layer": [
            cells(colour),
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    "text": {"field": "words"},
                    "color": {
                        "condition": {
                            "test": f"datum.hours > {top / 2}",
                            "value": "var(--surface)",
                        },
                        "value": "var(--ink)",
                    },
                },
            },
        ],
    }
