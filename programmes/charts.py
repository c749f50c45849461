"""Charts that several phases draw: plain numbers in, a specification out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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


@dataclass(frozen=True)
class PhaseBar:
    """A phase on the calendar: its days, the day of its gate, its number."""

    label: str
    starts: date
    ends: date
    gate: date | None
    phase: int


def phases_on_calendar(
    rows: Sequence[PhaseBar], today: date, current: int
) -> dict[str, Any]:
    """Phases as bars and their gates as diamonds, with a line for today.

    Passed phases are dark, the current one has the accent, those to come are pale.
    """
    phase = part_axis("phase", rows)
    day: dict[str, Any] = {
        "field": "from",
        "type": "temporal",
        "title": None,
        "axis": {"grid": True, "format": "%b %y", "labelOverlap": True},
    }
    bar = {"y": phase, "x": day, "x2": {"field": "to"}, "color": PHASE_LOOKS}
    gate = {"y": phase, "x": {"field": "gate", "type": "temporal"}}
    return {
        "data": {"values": [phase_values(one, current) for one in rows]},
        "height": len(rows) * BAR + 24,
        "layer": [
            {"mark": {"type": "bar", "height": 14}, "encoding": bar},
            {
                "transform": [{"filter": "datum.gate != null"}],
                "mark": GATE_MARK,
                "encoding": gate,
            },
            {
                "data": {"values": [{"today": today.isoformat()}]},
                "mark": {"type": "rule", "color": "var(--critical-solid)"},
                "encoding": {"x": {"field": "today", "type": "temporal"}},
            },
        ],
    }


PHASE_LOOKS = {
    "field": "look",
    "type": "nominal",
    "legend": None,
    "scale": {
        "domain": ["past", "now", "ahead"],
        "range": ["var(--chart-done)", "var(--accent)", "var(--accent-line)"],
    },
}
GATE_MARK = {
    "type": "point",
    "shape": "diamond",
    "size": 130,
    "filled": True,
    "fill": "var(--surface)",
    "stroke": "var(--decision-solid)",
    "strokeWidth": 2,
    "opacity": 1,
}


def phase_values(one: PhaseBar, current: int) -> dict[str, Any]:
    look = "past" if one.phase < current else "ahead"
    return {
        "phase": one.label,
        "from": one.starts.isoformat(),
        "to": (one.ends + timedelta(days=1)).isoformat(),
        "gate": one.gate.isoformat() if one.gate else None,
        "look": "now" if one.phase == current else look,
    }


def part_axis(field: str, rows: Sequence[Any]) -> dict[str, Any]:
    """The labels of the bars, from the top in the order they are given."""
    return {
        "field": field,
        "type": "nominal",
        "sort": [one.label for one in rows],
        "title": None,
        "axis": {
            "labelLimit": 230,
            "domain": False,
            "grid": False,
            "labelColor": "var(--ink)",
        },
    }


@dataclass(frozen=True)
class MoneyBar:
    """Money of one part of a budget: planned, used (ordered or paid), and paid."""

    label: str
    planned: float
    used: float
    paid: float


def money_bars(rows: Sequence[MoneyBar]) -> dict[str, Any]:
    """One bar in another for each part: what is planned, used and paid."""
    values = [
        {
            "part": one.label,
            "planned": one.planned,
            "used": one.used,
            "paid": one.paid,
            "over": one.used > one.planned,
        }
        for one in rows
    ]
    part = part_axis("part", rows)

    def amount(field: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "title": None,
            "axis": {"format": "~s"},
        }

    used = {
        "condition": {"test": "datum.over", "value": "var(--attention-solid)"},
        "value": "var(--accent-line)",
    }
    return {
        "data": {"values": values},
        "height": max(len(rows), 1) * BAR + 24,
        "layer": [
            {
                "mark": {"type": "bar", "height": 20, "color": "var(--chart-3)"},
                "encoding": {"y": part, "x": amount("planned")},
            },
            {
                "mark": {"type": "bar", "height": 12},
                "encoding": {"y": part, "x": amount("used"), "color": used},
            },
            {
                "mark": {"type": "bar", "height": 6, "color": "var(--chart-1)"},
                "encoding": {"y": part, "x": amount("paid")},
            },
        ],
    }
