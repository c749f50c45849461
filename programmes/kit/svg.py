"""
Small pictures drawn by the server: sparkline, bullet, dots and the row-sized track.

Pure functions from numbers to SVG. Colours come from CSS classes, so the same
picture serves light, dark and forced colours; in a PDF ``charts-print.css`` colours
it. Every picture has a title, and a description where the title is not enough.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from lxml import etree

NAMESPACE = "{http://www.w3.org/2000/svg}"
SHAPES = frozenset(
    ("svg", "title", "desc", "g", "path", "rect", "circle", "line", "text", "tspan")
)
HARMLESS = re.compile(r"(?!on|href|style)[a-zA-Z-]+")
Number = float | int
Words = str | Promise

DIAMOND_LARGE = 4.6
DIAMOND_SMALL = 3.0
PROMINENT = {"ready", "returned"}


def drawn(svg: str) -> SafeString:
    """
    A picture that a layout engine made as text, checked before a page shows it.

    Its links only ask the same page for something else.

    :raises ValueError: when it holds anything but shapes and words
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        root = etree.fromstring(svg.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("this is no picture") from error
    for element in root.iter():
        name = str(element.tag).removeprefix(NAMESPACE)
        names = set(element.attrib)
        if name == "a" and element.get("href", "").startswith("?"):
            name, names = "g", names - {"href"}
        if name not in SHAPES or not all(map(HARMLESS.fullmatch, names)):
            raise ValueError(f"a picture holds no {name}")
    return mark_safe(svg)  # noqa: S308 - checked above: shapes, words, own queries


def coordinate(value: Number) -> str:
    """A number for an attribute: one decimal at most, a point in every language."""
    return f"{value:.1f}".removesuffix(".0")


def picture(
    width: Number,
    height: Number,
    body: SafeString,
    *,
    kind: str,
    title: Words,
    description: Words = "",
) -> SafeString:
    """An SVG element with its title and description."""
    told = format_html("<desc>{}</desc>", description) if description else ""
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        'role="img"><title>{}</title>{}{}</svg>',
        kind,
        title,
        told,
        body,
        w=coordinate(width),
        h=coordinate(height),
    )


def scale(
    low: float, high: float, start: float, end: float
) -> Callable[[float], float]:
    """A linear map from [low, high] to [start, end]; a point range maps to start."""
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def box(
    x: float, y: float, width: float, height: float, kind: str, radius: float = 2
) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
        kind,
        *(coordinate(v) for v in (x, y, max(width, 0), height, radius)),
    )


def rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
        kind,
        *(coordinate(v) for v in (x1, y1, x2, y2)),
    )


def disc(x: float, y: float, radius: float, kind: str) -> SafeString:
    return format_html(
        '<circle class="{}" cx="{}" cy="{}" r="{}"/>',
        kind,
        *(coordinate(v) for v in (x, y, radius)),
    )


def polyline(points: Sequence[tuple[float, float]], kind: str) -> SafeString:
    """A line through points, as a path (WeasyPrint draws arrowheads on paths only)."""
    steps = "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)
    return format_html('<path class="{}" d="M{}"/>', kind, steps)


def together(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def spark(
    values: Sequence[Number],
    target: Number | None = None,
    *,
    title: Words,
    description: Words = "",
    signal: bool = False,
    width: int = 112,
    height: int = 32,
) -> SafeString:
    """
    A sparkline with its last point and, if given, the target as a dashed line.

    Without values the picture holds the target line alone; one value is one point.
    """
    shown = [float(v) for v in values]
    reach = [*shown, float(target)] if target is not None else shown
    low, high = (min(reach), max(reach)) if reach else (0.0, 1.0)
    margin = (high - low) * 0.08 or 1.0
    x = scale(0, max(len(shown) - 1, 1), 3, width - 5)
    y = scale(low - margin, high + margin, height - 3, 3)
    parts: list[SafeString] = []
    if target is not None:
        parts.append(rule(0, y(float(target)), width, y(float(target)), "ref"))
    points = [(x(place), y(value)) for place, value in enumerate(shown)]
    if len(points) > 1:
        parts.append(polyline(points, "series"))
    if points:
        last = points[-1]
        parts.append(disc(*last, 3, "point-signal" if signal else "point"))
    return picture(
        width,
        height,
        together(parts),
        kind="spark",
        title=title,
        description=description,
    )


def bullet(
    value: Number,
    target: Number | None = None,
    top: Number | None = None,
    *,
    title: Words,
    tone: str = "accent",
    width: int = 160,
    height: int = 18,
) -> SafeString:
    """
    A pale bar to the target and a strong bar for the value, on a scale to ``top``.

    Rows of one column share ``top``; left out, it is the larger of the two.
    """
    reach = float(top) if top else max(float(value), float(target or 0), 0.0) or 1.0
    x = scale(0, reach, 0, width)
    middle = height / 2
    held = x(min(max(float(value), 0.0), reach))
    parts = [box(0, middle - 4, held, 8, f"bar {tone}")]
    if target is not None:
        aim = x(min(max(float(target), 0.0), reach))
        parts.insert(0, box(0, middle - 4, aim, 8, "reach"))
        mark = min(max(aim - 1, 0), width - 2)
        parts.append(box(mark, middle - 7, 2, 14, "marker", 0))
    return picture(width, height, together(parts), kind="bullet", title=title)


def index_bar(
    index: Number, *, title: Words, top: Number = 160, width: int = 170
) -> SafeString:
    """An index against 100: green from 100, amber from 80, red below."""
    x = scale(0, float(top), 0, width)
    tone = "positive" if index >= 100 else "attention" if index >= 80 else "critical"
    held = x(min(max(float(index), 0.0), float(top)))
    parts = [
        box(0, 7, width, 8, "band"),
        box(0, 7, held, 8, f"bar {tone}"),
        box(x(100) - 1, 2, 2, 18, "marker", 0),
    ]
    return picture(width, 22, together(parts), kind="bullet", title=title)


def dots(
    counts: Sequence[int], *, title: Words, width: int = 150, height: int = 22
) -> SafeString:
    """How often each grade was given, as discs whose area is the count."""
    most = max(counts, default=0) or 1
    x = scale(0, max(len(counts) - 1, 1), 14, width - 14)
    parts = [rule(10, height / 2, width - 10, height / 2, "grid")]
    parts += [
        disc(x(place), height / 2, 2.2 + 6.2 * (count / most) ** 0.5, "vote")
        for place, count in enumerate(counts)
        if count
    ]
    return picture(width, height, together(parts), kind="dots", title=title)


def minitrack(phases: Sequence[Any], *, title: Words) -> SafeString:
    """
    The track in a table row, 168 px wide: a cell for each phase, then its gate.

    :param phases: mappings or objects with state (done, current, todo), gate_state
        (empty where no gate closes the phase) and share (0 to 1, optional)
    """
    cell, gap = 11, 10
    parts: list[SafeString] = []
    for place, phase in enumerate(phases):
        start = place * (cell + gap)
        state = read(phase, "state", "todo")
        parts.append(box(start, 5, cell, 6, "cell done" if state == "done" else "cell"))
        if state == "current":
            share = float(read(phase, "share", None) or 0.5)
            parts.append(box(start, 5, max(cell * share, 3), 6, "cell current"))
        if gate := read(phase, "gate_state", ""):
            size = DIAMOND_LARGE if gate in PROMINENT else DIAMOND_SMALL
            parts.append(diamond(start + cell + gap / 2, 8, size, f"gate {gate}"))
    width = max(len(phases), 1) * (cell + gap)
    return picture(width, 16, together(parts), kind="minitrack", title=title)


def diamond(x: float, y: float, size: float, kind: str) -> SafeString:
    s = coordinate(size)
    return format_html(
        '<path class="{0}" d="M{1} {2}l{3} {3}l-{3} {3}l-{3} -{3}z"/>',
        kind,
        coordinate(x),
        coordinate(y - size),
        s,
    )


def read(thing: Any, name: str, default: Any) -> Any:
    """A value of a mapping or of an object, as templates read it."""
    if isinstance(thing, Mapping):
        return thing.get(name, default)
    return getattr(thing, name, default)
