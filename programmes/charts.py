"""Charts that several phases draw: plain numbers in, a specification out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from programmes.kit.formats import scaled, unit_said

BAR = 34


@dataclass(frozen=True)
class Bar:
    """A bar: its label, its length, the words at its end, and if it is to stand out."""

    label: str
    value: float
    words: str
    is_strong: bool = True


def bars(rows: Sequence[Bar], *, top: float | None = None) -> dict[str, Any]:
    """Horizontal bars in the given order, with their words at the end."""
    order = [one.label for one in rows]
    values = [
        {"label": one.label, "value": one.value, "words": one.words, "s": one.is_strong}
        for one in rows
    ]
    most = top or max([one.value for one in rows], default=0) or 1
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": None,
        # Room for the words at the end of the longest bar, on a phone too.
        "scale": {"domain": [0, most], "range": [0, {"expr": "width - 48"}]},
    }
    y = {
        "field": "label",
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": {
            "labelLimit": 260,
            "domain": False,
            "grid": False,
            "labelColor": "var(--ink)",
        },
    }
    colour = {
        "condition": {"test": "datum.s", "value": "var(--chart-1)"},
        "value": "var(--chart-3)",
    }
    return {
        "data": {"values": values},
        "height": max(len(rows), 1) * BAR,
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "mark": {"type": "bar", "height": 18},
                "encoding": {"color": colour},
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 6,
                    "color": "var(--ink)",
                    "fontWeight": 600,
                },
                "encoding": {"text": {"field": "words"}},
            },
        ],
    }


def run_chart(
    points: Sequence[tuple[str, float]], target: float | None, unit: str
) -> dict[str, Any]:
    """Values in the order of time, with the target as a dashed line."""
    values = [{"at": at, "value": scaled(value, unit)} for at, value in points]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": values},
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "at", "type": "temporal", "title": None},
                "y": {
                    "field": "value",
                    "type": "quantitative",
                    "title": unit_said(unit) or None,
                    "scale": {"zero": False},
                },
            },
        }
    ]
    if target is not None:
        layers.append(
            {
                "data": {"values": [{"target": scaled(target, unit)}]},
                "mark": {"type": "rule", "strokeDash": [4, 4]},
                "encoding": {"y": {"field": "target", "type": "quantitative"}},
            }
        )
    return {"height": 150, "layer": layers}
