"""The activities of a process map as boxes, and its start and end."""

from diagnosis.mining.map_layout import Box
from diagnosis.mining.map_level import START
from diagnosis.mining.map_pen import Pen, clean
from diagnosis.mining.map_strokes import at, path
from diagnosis.mining.map_text import (
    count_text,
    counted,
    duration_text,
    fit,
    sum_text,
    text_width,
)
from diagnosis.mining.maps import MapNode, ProcessMap, cost_share

NODE_WIDTH = 138.0
LINE = 15.0
REWORK_SHARE = 0.25
QUIET_SHARE = 0.05


def size(node: MapNode) -> tuple[float, float]:
    lines = fit(node.activity, NODE_WIDTH - 16, 3)
    width = max(*(text_width(line, 12.5) for line in lines), 72.0) + 20
    return min(width, NODE_WIDTH), 36.0 + LINE * len(lines)


def _kind(node: MapNode, chart: ProcessMap, slow: tuple[str, str] | None) -> str:
    if slow and node.activity == slow[0]:
        return "slow"
    if node.rework_cases >= REWORK_SHARE * max(node.cases, 1):
        return "rework"
    return "quiet" if node.cases < QUIET_SHARE * chart.cases else ""


def draw_node(
    box: Box,
    node: MapNode,
    chart: ProcessMap,
    slow: tuple[str, str] | None,
    pen: Pen,
    *,
    by_cost: bool,
) -> str:
    kind = _kind(node, chart, slow)
    left, top = box.x - box.width / 2, box.y - box.height / 2
    share = min(1.0, node.cases / max(chart.cases, 1))
    words, filled = count_text(node.cases), share
    if by_cost:
        words, filled = sum_text(node.cost_sum), cost_share(node, chart)
    bar = box.width - 20
    lines = fit(node.activity, NODE_WIDTH - 16, 3)
    body = [
        f'<rect{pen.of("box", f"box {kind}".strip())} x="{at(left)}" y="{at(top)}" '
        f'width="{at(box.width)}" height="{at(box.height)}" rx="7"/>',
    ]
    for index, line in enumerate(lines):
        body.append(pen.text(box.x, top + 18 + LINE * index, line, "node-label"))
    body.append(pen.text(box.x, top + 18 + LINE * len(lines), words, "node-count"))
    for name, width in (("meter-bg", bar), ("meter", max(bar * filled, 1.0))):
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
    if node.cost_sum is not None:
        said += f", cost {sum_text(node.cost_sum)}"
    return said


def draw_terminal(box: Box, key: str, chart: ProcessMap, pen: Pen) -> str:
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
