"""Pictures of phase 2: plain numbers in, a Vega-Lite specification out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROW = 34
# From against to in favour, colours that differ in lightness too.
STANCES = [f"var(--likert-{place})" for place in range(1, 6)]


@dataclass(frozen=True)
class Dot:
    """A stakeholder: interest and influence from 1 to 5, stances from -2 to 2."""

    name: str
    interest: int
    influence: int
    stance: int
    wanted: int


def spread(dots: Sequence[Dot]) -> list[tuple[Dot, float]]:
    """Dots of one field one below the other, so that no name covers another."""
    seen: dict[tuple[int, int], int] = {}
    placed = []
    for one in dots:
        place = seen.get((one.interest, one.influence), 0)
        seen[one.interest, one.influence] = place + 1
        placed.append((one, one.influence - 0.26 * place))
    return placed


def grade(field: str, domain: list[float]) -> dict[str, Any]:
    """An axis from 1 to 5 with a little room at its ends."""
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"domain": domain, "nice": False},
        "axis": {"values": [1, 2, 3, 4, 5], "format": "d", "grid": True},
    }


def stakeholder_map(dots: Sequence[Dot], stances: Sequence[str]) -> dict[str, Any]:
    """Influence against interest; the colour is the stance of today."""
    values = [
        {
            "name": one.name,
            "interest": one.interest,
            "influence": height,
            "stance": stances[one.stance + 2],
        }
        for one, height in spread(dots)
    ]
    encoding = {
        "x": grade("interest", [0.6, 5.9]),
        "y": grade("influence", [0.4, 5.4]),
    }
    colour = {
        "field": "stance",
        "type": "nominal",
        "scale": {"domain": list(stances), "range": STANCES},
        "legend": {"columns": 3},
    }
    return {
        "data": {"values": values},
        "height": 380,
        "encoding": encoding,
        "layer": [
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "size": 160,
                    "opacity": 1,
                    "stroke": "var(--line-control)",
                    "strokeWidth": 1,
                },
                "encoding": {"color": colour},
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 11,
                    "color": "var(--ink)",
                    "limit": 150,
                },
                "encoding": {"text": {"field": "name"}},
            },
        ],
    }


def dot_plot(
    rows: Sequence[tuple[str, Mapping[str, float]]], elements: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """A row for each element, a dot for each group; the line at 3 is the barrier.

    :param rows: name of the group and its means by element.
    :param elements: (key, label) in the order of the elements.
    """
    values = [
        {"group": name, "element": label, "mean": round(means[key], 2)}
        for name, means in rows
        for key, label in elements
    ]
    names = [name for name, _means in rows]
    labels = [label for _key, label in elements]
    x = {
        "field": "mean",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [1, 5]},
        "axis": {"values": [1, 2, 3, 4, 5], "format": "d", "grid": True},
    }
    y = {
        "field": "element",
        "type": "nominal",
        "sort": labels,
        "title": None,
        "axis": {"domain": False, "labelColor": "var(--ink)"},
    }
    return {
        "height": len(labels) * ROW + 30,
        "layer": [
            {
                "data": {"values": [{"barrier": 3}]},
                "mark": {"type": "rule", "strokeDash": [4, 4]},
                "encoding": {"x": {"field": "barrier", "type": "quantitative"}},
            },
            {
                "data": {"values": values},
                "mark": {"type": "point", "filled": True, "size": 110, "opacity": 0.9},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {"field": "group", "type": "nominal", "sort": names},
                    "shape": {
                        "field": "group",
                        "type": "nominal",
                        "sort": names,
                        "legend": None,
                    },
                },
            },
        ],
    }
