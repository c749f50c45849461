"""The process map as SVG: what is shown, how it reads, how it is drawn.

Colours come from classes; with `print=True` they are written out for the PDF. Names
of activities are hostile text and are escaped wherever they appear.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from itertools import pairwise

from diagnosis.mining.map_labels import area, free_place
from diagnosis.mining.map_layers import Link
from diagnosis.mining.map_layout import Box, Layout, Route, Spacing, lay_out
from diagnosis.mining.map_level import END, START, Shown, choose
from diagnosis.mining.map_strokes import at, bulge, head, path, smooth
from diagnosis.mining.map_text import (
    count_text,
    counted,
    cut,
    duration_text,
    fit,
    text_width,
)
from diagnosis.mining.maps import MapNode, ProcessMap, bottleneck

NODE_WIDTH = 138.0
LINE = 15.0
PRINT_WIDTH = 700.0
"""Pixels that fit on a page; a wider map is laid out in rows."""
WIDE_LAYERS = 9
MOST_LABELS = 48
REWORK_SHARE = 0.25
QUIET_SHARE = 0.05
WRITTEN = 'text-anchor="middle" font-family="Inter"'
LITERAL = {
    "edge": 'fill="none" stroke="#9A948B"',
    "edge slow": 'fill="none" stroke="#C9342F"',
    "edge rework": 'fill="none" stroke="#B87208" stroke-dasharray="6 4"',
    "arrow": 'fill="#9A948B"',
    "arrow critical": 'fill="#C9342F"',
    "arrow rework": 'fill="#B87208"',
    "box": 'fill="#FFFFFF" stroke="#B4B0AB"',
    "box slow": 'fill="#FFFFFF" stroke="#C9342F" stroke-width="1.75"',
    "box rework": 'fill="#FCF1DB" stroke="#D9AC5E"',
    "box quiet": 'fill="#FFFFFF" stroke="#B4B0AB" stroke-dasharray="4 3"',
    "meter-bg": 'fill="#F2F0EC"',
    "meter": 'fill="#9A948B"',
    "meter slow": 'fill="#C9342F"',
    "meter rework": 'fill="#B87208"',
    "node-label": f'fill="#1B1813" {WRITTEN} font-size="12.5" font-weight="600"',
    "node-count": f'fill="#6B665F" {WRITTEN} font-size="11.5"',
    "edge-label": f'fill="#524E47" {WRITTEN} font-size="12"',
    "edge-label slow": f'fill="#B12725" {WRITTEN} font-size="12" font-weight="700"',
    "edge-label rework": f'fill="#82510D" {WRITTEN} font-size="12"',
    "terminal": 'fill="#6B665F"',
}


Address = Callable[[str, str | None], str]


@dataclass(frozen=True)
class _Pen:
    """Writes elements; in print the look of a class is written beside it."""

    literal: bool
    address: Address | None = None

    def of(self, name: str, look: str = "") -> str:
        """The class attribute, and its literal look in print."""
        said = f' class="{name}"'
        if not self.literal:
            return said
        return f"{said} {LITERAL.get(look or name, LITERAL.get(name.split()[0], ''))}"

    def text(self, x: float, y: float, words: str, name: str) -> str:
        """One line of text, centred on x."""
        return f'<text{self.of(name)} x="{at(x)}" y="{at(y)}">{clean(words)}</text>'

    def link(self, body: str, told: str, source: str, target: str | None = None) -> str:
        """The elements under their title; a link, where the map has addresses."""
        titled = f"<title>{clean(told)}</title>{body}"
        if self.address is None:
            return f"<g>{titled}</g>"
        return f'<a href="{clean(self.address(source, target))}">{titled}</a>'


def clean(words: str) -> str:
    """Text for XML: escaped, without characters XML does not know."""
    known = "".join(
        sign
        for sign in words
        if sign in "\t\n\r" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) <= 0xDFFF)
        if ord(sign) not in (0xFFFE, 0xFFFF)
    )
    return escape(known)


def draw_map(
    chart: ProcessMap,
    *,
    level: str = "80",
    measure: str = "time",
    title: str = "Process map",
    print: bool = False,
    address: Address | None = None,
    most: int | None = None,
) -> str:
    """SVG of a process map, the same for the same numbers.

    `level`: 'main' (the main path), '80' (what carries 80 % of the moves) or 'all';
    `measure`: 'time' (median seconds as labels) or 'frequency' (counts). Line width
    shows cases; the slowest wait is red, rework amber and dashed. With an `address`
    activities and labels are links: it gives that of one, or of a connection. `most`
    bounds the connections: the main path and the most frequent others.
    """
    shown = choose(chart, level, most)
    pen = _Pen(print, address)
    layout = _layout(chart, shown, print)
    slow = _slow(chart, shown)
    parts = [_lines(layout, shown, slow, pen)]
    parts += [
        _node(layout.boxes[node.activity], node, chart, slow, pen)
        for node in shown.nodes
    ]
    parts += [_terminal(layout.boxes[key], key, chart, pen) for key in (START, END)]
    parts.append(_labels(layout, shown, slow, measure, pen))
    desc = describe(chart, shown, slow)
    role = "img" if address is None else "group"
    return _svg(layout, title, desc, "".join(parts), role)


def describe(chart: ProcessMap, shown: Shown, slow: tuple[str, str] | None) -> str:
    """The map in two sentences, for those who do not see it."""
    nodes, moves = len(chart.nodes), len(chart.edges)
    said = (
        f"{len(shown.nodes)} of {nodes} {'activity' if nodes == 1 else 'activities'} "
        f"and {len(shown.moves)} of {counted(moves, 'connection')}, "
        f"{counted(chart.cases, 'case')}."
    )
    edge = next((e for e in shown.moves if (e.source, e.target) == slow), None)
    if edge is None:
        return said
    kind = "wait" if chart.waits else "gap"
    return (
        f"{said} The slowest {kind} lies between {edge.source} and {edge.target}: "
        f"median {duration_text(edge.median_s)}, {counted(edge.count, 'time')}."
    )


def _slow(chart: ProcessMap, shown: Shown) -> tuple[str, str] | None:
    worst = bottleneck(ProcessMap(chart.cases, shown.nodes, shown.moves, chart.waits))
    return (worst.source, worst.target) if worst else None


def _layout(chart: ProcessMap, shown: Shown, printed: bool) -> Layout:
    sizes = {node.activity: _size(node) for node in shown.nodes}
    loops = {e.source for e in shown.moves if e.source == e.target}
    sizes[START] = sizes[END] = (22.0, 22.0)
    links = [
        Link(source, target, float(weight))
        for (source, target), weight in shown.weights().items()
        if source != target
    ]
    room = 58.0 if chart.nodes else 40.0
    spacing = Spacing(layer=room, box=30 if loops else 24)
    wide = lay_out(sizes, links, shown.spine, across=True, spacing=spacing)
    layers = 1 + max(box.layer for box in wide.boxes.values())
    fits = wide.width <= PRINT_WIDTH if printed else layers <= WIDE_LAYERS + 2
    if fits:
        return wide
    rows = Spacing(layer=46.0, box=22, line=14)
    return lay_out(sizes, links, shown.spine, across=False, spacing=rows)


def _size(node: MapNode) -> tuple[float, float]:
    lines = fit(node.activity, NODE_WIDTH - 16, 3)
    width = max(*(text_width(line, 12.5) for line in lines), 72.0) + 20
    return min(width, NODE_WIDTH), 36.0 + LINE * len(lines)


def _kind(node: MapNode, chart: ProcessMap, slow: tuple[str, str] | None) -> str:
    if slow and node.activity == slow[0]:
        return "slow"
    if node.rework_cases >= REWORK_SHARE * max(node.cases, 1):
        return "rework"
    return "quiet" if node.cases < QUIET_SHARE * chart.cases else ""


def _node(
    box: Box,
    node: MapNode,
    chart: ProcessMap,
    slow: tuple[str, str] | None,
    pen: _Pen,
) -> str:
    kind = _kind(node, chart, slow)
    left, top = box.x - box.width / 2, box.y - box.height / 2
    share = min(1.0, node.cases / max(chart.cases, 1))
    bar = box.width - 20
    lines = fit(node.activity, NODE_WIDTH - 16, 3)
    body = [
        f'<rect{pen.of("box", f"box {kind}".strip())} x="{at(left)}" y="{at(top)}" '
        f'width="{at(box.width)}" height="{at(box.height)}" rx="7"/>',
    ]
    for index, line in enumerate(lines):
        body.append(pen.text(box.x, top + 18 + LINE * index, line, "node-label"))
    body.append(
        pen.text(
            box.x, top + 18 + LINE * len(lines), count_text(node.cases), "node-count"
        )
    )
    for name, width in (("meter-bg", bar), ("meter", max(bar * share, 1.0))):
        look = f"meter {kind}" if name == "meter" else name
        body.append(
            f'<rect{pen.of(name, look)} x="{at(left + 10)}" '
            f'y="{at(top + box.height - 9)}" width="{at(width)}" height="4" rx="2"/>'
        )
    name = f"node {kind}".strip()
    drawn = f'<g class="{name}">{"".join(body)}</g>'
    return pen.link(drawn, _told(node, share), node.activity)


def _told(node: MapNode, share: float) -> str:
    said = (
        f"{node.activity}: {counted(node.cases, 'case')} ({share:.0%}), "
        f"{counted(node.events, 'time')}"
    )
    if node.rework_cases:
        said += f", repeated in {counted(node.rework_cases, 'case')}"
    if node.work_s is not None:
        said += f", median work {duration_text(node.work_s)}"
    return said


def _terminal(box: Box, key: str, chart: ProcessMap, pen: _Pen) -> str:
    words = "Start" if key == START else "End"
    told = f"{words}: {counted(chart.cases, 'case')}"
    x, y = box.x, box.y
    if key == START:
        shape = path("M", x - 6, y - 8, "L", x + 9, y, "L", x - 6, y + 8, "z")
    else:
        shape = path("M", x - 7, y - 7, "h14v14h-14z")
    return (
        f'<g class="mark"><title>{clean(told)}</title>'
        f'<path{pen.of("terminal")} d="{shape}"/></g>'
    )


def _width(count: float, most: float) -> float:
    return 1.25 + 3.75 * min(1.0, count / max(most, 1))


def _lines(
    layout: Layout, shown: Shown, slow: tuple[str, str] | None, pen: _Pen
) -> str:
    """All connections, the rare ones first so that the main path lies on top; above
    them the heads of the arrows, those of one look in one path."""
    weights = shown.weights()
    most = max(weights.values(), default=1)
    drawn = []
    heads: dict[str, str] = {}
    for route in layout.routes:
        pair = (route.source, route.target)
        kind = edge_kind(route, slow)
        width = _width(weights[pair], most)
        line, tip = _line(route, layout, width)
        drawn.append((weights[pair], _stroke(line, kind, width, pen)))
        heads[kind] = heads.get(kind, "") + tip
    for edge in shown.moves:
        if edge.source == edge.target:
            width = min(_width(edge.count, most), 3.0)
            line, tip = _loop(layout.boxes[edge.source])
            drawn.append((edge.count, _stroke(line, "rework", width, pen)))
            heads["rework"] = heads.get("rework", "") + tip
    lines = "".join(line for _, line in sorted(drawn))
    return lines + "".join(
        f'<path{pen.of(ARROWS[kind])} d="{tips}"/>'
        for kind, tips in sorted(heads.items())
    )


ARROWS = {"": "arrow", "slow": "arrow critical", "rework": "arrow rework"}


def _stroke(line: str, kind: str, width: float, pen: _Pen) -> str:
    name = f"edge {kind}".strip()
    return f'<path{pen.of(name)} d="{line}" stroke-width="{width:.1f}"/>'


def edge_kind(route: Route, slow: tuple[str, str] | None) -> str:
    """'slow', 'rework' (back to an earlier step) or ''."""
    if (route.source, route.target) == slow:
        return "slow"
    return "rework" if route.backward else ""


def _line(route: Route, layout: Layout, width: float) -> tuple[str, str]:
    """The way of a connection up to its arrow, and the arrow."""
    points = list(route.points)
    sign = -1 if route.backward else 1
    same = layout.boxes[route.source].layer == layout.boxes[route.target].layer
    tip = 5.0 + width
    along = 0 if layout.across else 1
    end = list(points[-1])
    end[along] -= tip * (-1 if same else sign)
    tipped = head(points[-1], along, -1 if same else sign, tip, width)
    points[-1] = (end[0], end[1])
    return (bulge(points, along) if same else smooth(points, along)), tipped


def _loop(box: Box) -> tuple[str, str]:
    """A small arc over the right corner, and its arrow: the activity repeats itself."""
    x, y = box.x + box.width / 2 - 14, box.y - box.height / 2
    line = path("M", x, y, "C", x, y - 16, x - 24, y - 16, x - 24, y - 6)
    return line, path("M", x - 24, y, "l-4-7h8z")


def _labels(
    layout: Layout,
    shown: Shown,
    slow: tuple[str, str] | None,
    measure: str,
    pen: _Pen,
) -> str:
    """Labels where there is room, the important connections first."""
    moves = {(e.source, e.target): e for e in shown.moves}
    taken = [area(box.x, box.y, box.width, box.height) for box in layout.boxes.values()]
    spine = set(pairwise(shown.spine))
    routes = [r for r in layout.routes if (r.source, r.target) in moves]
    routes.sort(
        key=lambda r: (
            (r.source, r.target) != slow,
            (r.source, r.target) not in spine,
            -moves[r.source, r.target].count,
        )
    )
    written = []
    for route in routes[:MOST_LABELS]:
        pair = (route.source, route.target)
        edge = moves[pair]
        words = (
            duration_text(edge.median_s)
            if measure == "time"
            else count_text(edge.count)
        )
        place = free_place(route, text_width(words, 12) + 4, taken, layout.across)
        if place is None:
            continue
        taken.append(area(*place, text_width(words, 12) + 4, 15))
        name = f"edge-label {edge_kind(route, slow)}".strip()
        label = pen.text(place[0], place[1] + 4, words, name)
        told = f"{cut(edge.source)} → {cut(edge.target)}: {words}"
        written.append(pen.link(label, told, edge.source, edge.target))
    return "".join(written)


def _svg(layout: Layout, title: str, desc: str, body: str, role: str) -> str:
    mark = sha256((title + desc + body).encode("utf-8", "replace")).hexdigest()[:10]
    width, height = round(layout.width), round(layout.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart map" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="{role}" aria-labelledby="m{mark}t m{mark}d">'
        f'<title id="m{mark}t">{clean(title)}</title>'
        f'<desc id="m{mark}d">{clean(desc)}</desc>{body}</svg>'
    )
