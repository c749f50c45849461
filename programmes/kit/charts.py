"""
One Vega-Lite (or Vega) specification for page and PDF, in the look of the house.

A specification is a plain dict. Colours in it are written as the CSS variables of
``tokens.css``, for example ``"var(--chart-1)"``: on the page the script resolves
them for the theme of the moment, in print they become the light values of ``PRINT``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise

Spec = dict[str, Any]

VEGA_LITE = "https://vega.github.io/schema/vega-lite/v6.json"
VL_VERSION = "6.4"
PRINT_WIDTH = 640
HEIGHT = 260
VARIABLE = re.compile(r"var\(--([\w-]+)\)")
COMPOSED = ("hconcat", "vconcat", "concat", "facet", "repeat")

# The light halves of tokens.css; a test compares the two.
PRINT = {
    "surface": "#FFFFFF",
    "sunken": "#F2F0EC",
    "line": "#E8E5E0",
    "line-strong": "#D6D2CB",
    "line-control": "#857F77",
    "ink": "#1B1813",
    "ink-2": "#524E47",
    "ink-3": "#6B665F",
    "ink-inverse": "#FFFFFF",
    "accent": "#21579C",
    "accent-tint": "#E9F1FB",
    "accent-line": "#9EC0EE",
    "on-accent": "#FFFFFF",
    "positive": "#126C42",
    "positive-tint": "#E5F7EB",
    "positive-solid": "#2A8558",
    "attention": "#82510D",
    "attention-tint": "#FCF1DB",
    "attention-solid": "#B87208",
    "critical": "#B12725",
    "critical-tint": "#FFEDEB",
    "critical-solid": "#C9342F",
    "decision": "#6F3E9D",
    "decision-tint": "#F4EEFD",
    "decision-solid": "#7D4BB0",
    "neutral": "#524E47",
    "neutral-tint": "#F0EEEB",
    "neutral-solid": "#8A867F",
    "phase-1": "#017272",
    "phase-2": "#0E6F81",
    "phase-3": "#046B96",
    "phase-4": "#37649E",
    "phase-5": "#525D9E",
    "phase-6": "#685698",
    "phase-7": "#7A4F8C",
    "phase-8": "#874A7B",
    "chart-1": "#21579C",
    "chart-2": "#9A948B",
    "chart-3": "#C9C4BB",
    "chart-grid": "#ECE9E4",
    "chart-band": "#F2F0EC",
    "chart-done": "#4A463F",
    "chart-reach": "#CFDDF0",
    "likert-1": "#C0604A",
    "likert-2": "#EBBFB2",
    "likert-3": "#C9C4BB",
    "likert-4": "#AFC9E6",
    "likert-5": "#21579C",
}


@dataclass(frozen=True)
class DataTable:
    """The numbers of a figure in words: heads, and rows of cells already formatted."""

    head: Sequence[str | Promise]
    rows: Sequence[Sequence[object]]


def theme() -> Spec:
    """The configuration that makes a Vega-Lite chart look like the house."""
    return {
        "font": "Inter",
        "background": None,
        "padding": {"left": 2, "right": 4, "top": 6, "bottom": 2},
        "view": {"stroke": None},
        "axis": axis(),
        "axisY": {"domain": False, "grid": True, "labelPadding": 8},
        "axisX": {"grid": False, "labelPadding": 8},
        "legend": legend(),
        "title": {
            "anchor": "start",
            "color": "var(--ink)",
            "fontSize": 13,
            "fontWeight": 600,
            "offset": 10,
        },
        "header": {"labelColor": "var(--ink-2)", "labelFontSize": 12, "title": None},
        "range": ranges(),
        **marks(),
    }


def axis() -> Spec:
    return {
        "domainColor": "var(--line-strong)",
        "gridColor": "var(--chart-grid)",
        "ticks": False,
        "labelColor": "var(--ink-3)",
        "labelFontSize": 11.5,
        "labelFontWeight": 400,
        "labelLimit": 220,
        "labelOverlap": True,
        "titleColor": "var(--ink-2)",
        "titleFontSize": 11.5,
        "titleFontWeight": 500,
        "titlePadding": 10,
        "tickCount": 5,
    }


def legend() -> Spec:
    return {
        "orient": "top",
        "direction": "horizontal",
        "title": None,
        "labelColor": "var(--ink-2)",
        "labelFontSize": 12,
        "symbolSize": 120,
        "symbolStrokeWidth": 2,
        "columnPadding": 16,
        "offset": 12,
    }


def marks() -> Spec:
    return {
        "mark": {"color": "var(--chart-1)"},
        "bar": {"color": "var(--chart-1)", "cornerRadius": 2},
        "rect": {"color": "var(--chart-band)"},
        "area": {"color": "var(--chart-reach)", "line": False},
        "line": {
            "color": "var(--chart-1)",
            "strokeWidth": 1.75,
            "strokeCap": "round",
            "strokeJoin": "round",
        },
        "point": {"color": "var(--chart-1)", "filled": True, "size": 36},
        "circle": {"color": "var(--chart-1)", "opacity": 1},
        "rule": {"color": "var(--line-control)"},
        "tick": {"color": "var(--ink)", "thickness": 2},
        "text": {"color": "var(--ink-2)", "fontSize": 12, "fontWeight": 500},
        "trail": {"color": "var(--chart-1)"},
    }


def ranges() -> Spec:
    """Categories walk over phase hues that stay clear of the status colours."""
    return {
        "category": [
            "var(--chart-1)",
            "var(--phase-7)",
            "var(--phase-1)",
            "var(--phase-5)",
            "var(--chart-2)",
            "var(--chart-3)",
        ],
        "ordinal": [f"var(--phase-{n})" for n in range(1, 9)],
        "ramp": ["var(--accent-tint)", "var(--accent-line)", "var(--accent)"],
        "heatmap": ["var(--accent-tint)", "var(--accent-line)", "var(--accent)"],
        "diverging": [f"var(--likert-{n})" for n in range(1, 6)],
    }


def for_page(spec: Mapping[str, Any]) -> Spec:
    """The specification as the script on the page embeds it, as wide as its place."""
    return prepared(spec, "container")


def for_print(spec: Mapping[str, Any], width: int = PRINT_WIDTH) -> Spec:
    """The specification for paper: a width in pixels and literal, light colours."""
    return inked(prepared(spec, width))


def prepared(spec: Mapping[str, Any], width: str | int) -> Spec:
    """A copy with schema, theme and size; what the author set is kept."""
    result = deepcopy(dict(spec))
    result.setdefault("$schema", VEGA_LITE)
    if is_vega(result):
        if isinstance(width, int):
            result.setdefault("width", width)
        return result
    result["config"] = merged(theme(), result.get("config", {}))
    parts = next((result[k] for k in ("vconcat", "hconcat") if k in result), None)
    if parts is not None and isinstance(width, int):
        share = width if "vconcat" in result else width // max(len(parts), 1) - 24
        for part in parts:
            part.setdefault("width", share - 120)
    if not any(key in result for key in COMPOSED):
        result.setdefault("width", width)
        result.setdefault("height", HEIGHT)
        result.setdefault("autosize", {"type": "fit", "contains": "padding"})
    return result


def is_vega(spec: Mapping[str, Any]) -> bool:
    return "/schema/vega/" in str(spec.get("$schema", ""))


def merged(base: Spec, over: Mapping[str, Any]) -> Spec:
    """Two configurations, deeply; the second wins."""
    result = dict(base)
    for key, value in over.items():
        held = result.get(key)
        both = isinstance(held, dict) and isinstance(value, Mapping)
        result[key] = merged(held, value) if both and held else value
    return result


def inked(spec: Spec) -> Spec:
    """
    The specification with every colour variable replaced by its light value.

    :raises KeyError: when a variable is no colour of ``PRINT``
    """
    text = VARIABLE.sub(lambda found: PRINT[found[1]], json.dumps(spec))
    result: Spec = json.loads(text)
    return result


def height_of(spec: Mapping[str, Any]) -> int:
    """The height in pixels that the page keeps free for the chart."""
    if parts := spec.get("vconcat"):
        return sum(height_of(part) + 40 for part in parts)
    if parts := spec.get("hconcat"):
        return max(height_of(part) for part in parts)
    height = spec.get("height", HEIGHT)
    return int(height) if isinstance(height, int | float) else HEIGHT


def to_svg(spec: Mapping[str, Any], width: int = PRINT_WIDTH) -> str:
    """
    The chart as SVG for a PDF, drawn without a browser.

    Call it in a worker that was never forked after drawing.
    """
    import vl_convert  # noqa: PLC0415 - slow to load, only workers draw

    with_fonts()
    drawn = for_print(spec, width)
    if is_vega(drawn):
        return str(vl_convert.vega_to_svg(drawn))
    return str(vl_convert.vegalite_to_svg(drawn, vl_version=VL_VERSION))


@cache
def with_fonts() -> None:
    """Tell the drawing engine where Inter is, once per process."""
    import fontpkg_inter  # noqa: PLC0415
    import vl_convert  # noqa: PLC0415

    vl_convert.register_font_directory(str(fontpkg_inter.ROOT / "files"))
