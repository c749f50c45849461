"""The process map as SVG: what is shown, how it reads, how it is drawn.

Colours come from classes; with `print=True` they are written out for the PDF. Names
of activities are hostile text and are escaped wherever they appear.
"""

from hashlib import sha256
from itertools import pairwise

from diagnosis.mining.map_labels import area, free_place
from diagnosis.mining.map_layers import Link
from diagnosis.mining.map_layout import Box, Layout, Route, Spacing, lay_out
from diagnosis.mining.map_level import END, START, Shown, choose
from diagnosis.mining.map_nodes import draw_node, draw_terminal, size
from diagnosis.mining.map_pen import Address, Pen, clean
from diagnosis.mining.map_strokes import bulge, head, path, smooth
from diagnosis.mining.map_text import (
    count_text,
    counted,
    cut,
    duration_text,
    sum_text,
    text_width,
)
from diagnosis.mining.maps import ProcessMap, bottleneck, cost_share, dearest

PRINT_WIDTH = 700.0
"""Pixels that fit on a page; a wider map is laid out in rows."""
WIDE_LAYERS = 9
MOST_LABELS = 48


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
    `measure`: 'time' (median seconds as labels), 'frequency' (counts) or 'cost' (sums
    in the activities). Line width shows cases; the slowest wait, or the dearest
    activity, is red, rework amber and dashed. With an `address`
    activities and labels are links: it gives that of one, or of a connection. `most`
    bounds the connections: the main path and the most frequent others.
    """
    shown = choose(chart, level, most)
    pen = Pen(print, address)
    layout = _layout(chart, shown, print)
    by_cost = measure == "cost"
    slow = _dearest(shown) if by_cost else _slow(chart, shown)
    parts = [_lines(layout, shown, slow, pen)]
    parts += [
        draw_node(layout.boxes[node.activity], node, chart, slow, pen, by_cost=by_cost)
        for node in shown.nodes
    ]
    parts += [draw_terminal(layout.boxes[key], key, chart, pen) for key in (START, END)]
    parts.append(_labels(layout, shown, slow, measure, pen))
    desc = describe(chart, shown, slow, by_cost=by_cost)
    role = "img" if address is None else "group"
    return _svg(layout, title, desc, "".join(parts), role)


def describe(
    chart: ProcessMap,
    shown: Shown,
    slow: tuple[str, str] | None,
    *,
    by_cost: bool = False,
) -> str:
    """The map in two sentences, for those who do not see it."""
    nodes, moves = len(chart.nodes), len(chart.edges)
    said = (
        f"{len(shown.nodes)} of {nodes} {'activity' if nodes == 1 else 'activities'} "
        f"and {len(shown.moves)} of {counted(moves, 'connection')}, "
        f"{counted(chart.cases, 'case')}."
    )
    dear = dearest(shown.nodes) if by_cost else None
    if dear is not None:
        return (
            f"{said} Most cost arises in {dear.activity}: {sum_text(dear.cost_sum)}, "
            f"{cost_share(dear, chart):.0%}."
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


def _dearest(shown: Shown) -> tuple[str, str] | None:
    """The activity that costs most, and no connection of it."""
    dear = dearest(shown.nodes)
    return (dear.activity, "") if dear else None


def _layout(chart: ProcessMap, shown: Shown, printed: bool) -> Layout:
    sizes = {node.activity: size(node) for node in shown.nodes}
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


def _width(count: float, most: float) -> float:
    return 1.25 + 3.75 * min(1.0, count / max(most, 1))


def _lines(layout: Layout, shown: Shown, slow: tuple[str, str] | None, pen: Pen) -> str:
    """All connections, the rare ones first so that the main path lies on top; above
    them the heads of the arrows. What looks alike is one path."""
    weights = shown.weights()
    most = max(weights.values(), default=1)
    strokes: dict[tuple[str, str], str] = {}
    heads: dict[str, str] = {}

    def draw(kind: str, width: float, line: str, tip: str) -> None:
        look = (f"{width:.1f}", kind)
        strokes[look] = strokes.get(look, "") + line
        heads[kind] = heads.get(kind, "") + tip

    for route in layout.routes:
        width = _width(weights[route.source, route.target], most)
        draw(edge_kind(route, slow), width, *_line(route, layout, width))
    for edge in shown.moves:
        if edge.source == edge.target:
            width = min(_width(edge.count, most), 3.0)
            draw("rework", width, *_loop(layout.boxes[edge.source]))
    lines = "".join(
        _stroke(line, kind, width, pen)
        for (width, kind), line in sorted(strokes.items())
    )
    return lines + "".join(
        f'<path{pen.of(ARROWS[kind])} d="{tips}"/>'
        for kind, tips in sorted(heads.items())
    )


ARROWS = {"": "arrow", "slow": "arrow critical", "rework": "arrow rework"}


def _stroke(line: str, kind: str, width: str, pen: Pen) -> str:
    name = f"edge {kind}".strip()
    return f'<path{pen.of(name)} d="{line}" stroke-width="{width}"/>'


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
    pen: Pen,
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
