"""A table of steps drawn as a swimlane picture.

Colours come from classes; with `print=True` they are written out for the PDF. Names
are hostile text and are escaped wherever they appear.
"""

from collections.abc import Sequence
from hashlib import sha256
from html import escape

from diagnosis.bpmn.flow import FlowStep
from diagnosis.bpmn.flow_layout import Arrow, Picture, Spot, half_size, place_flow

__all__ = ["FlowStep", "draw_flow"]

EM = 0.54
LITERAL = {
    "lane": 'fill="none" stroke="#B4B0AB"',
    "lane-head": 'fill="#F2F0EC"',
    "lane-label": 'fill="#524E47" font-family="Inter" font-size="12" font-weight="600"',
    "task": 'fill="#FFFFFF" stroke="#8A857D"',
    "task-label": 'fill="#1B1813" font-family="Inter" font-size="12" font-weight="500"',
    "event": 'fill="#FFFFFF" stroke="#524E47" stroke-width="1.5"',
    "event end": 'fill="#FFFFFF" stroke="#524E47" stroke-width="3.5"',
    "gateway": 'fill="#FFFFFF" stroke="#524E47" stroke-width="1.5"',
    "flow": 'fill="none" stroke="#6B665F" stroke-width="1.25"',
    "arrow": 'fill="#6B665F"',
    "tick": 'fill="#6B665F" font-family="Inter" font-size="11.5"',
}


class _Pen:
    """Writes elements; in print the look of a class is written beside it."""

    def __init__(self, literal: bool) -> None:
        self.literal = literal

    def of(self, name: str) -> str:
        """The class attribute, and its literal look in print."""
        look = f" {LITERAL[name]}" if self.literal else ""
        return f' class="{name}"{look}'

    def text(
        self, x: float, y: float, words: str, name: str, anchor: str = "middle"
    ) -> str:
        """One line of text."""
        return (
            f'<text{self.of(name)} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
            f"{clean(words)}</text>"
        )


def clean(words: str) -> str:
    """Text for XML: escaped, without characters XML does not know."""
    return escape(
        "".join(
            sign
            for sign in words
            if (ord(sign) >= 32 or sign in "\t\n\r")
            and not 0xD800 <= ord(sign) <= 0xDFFF
            and ord(sign) not in (0xFFFE, 0xFFFF)
        )
    )


def draw_flow(
    steps: Sequence[FlowStep],
    *,
    title: str = "Flow",
    told: str = "",
    print: bool = False,
) -> str:
    """SVG of a flow with a lane for each role, the same for the same table.

    `told` is the flow in words, for those who do not see the picture.

    Ways to steps that do not exist are left out; `check_flow` names them.
    """
    pen = _Pen(print)
    picture = place_flow(steps)
    known = {step.key: step for step in steps}
    body = "".join(
        _lane(lane.role, lane.top, lane.height, picture, pen) for lane in picture.lanes
    )
    body += "".join(_way(arrow, pen) for arrow in picture.arrows)
    body += "".join(_step(known[key], spot, pen) for key, spot in picture.spots.items())
    body += _labels(picture, known, pen)
    return _svg(picture, title, told, body)


def _lane(role: str, top: float, height: float, picture: Picture, pen: _Pen) -> str:
    middle = top + height / 2
    most = int((height - 10) / (EM * 12))
    words = role if len(role) <= most else role[: max(most - 1, 1)].rstrip() + "…"
    return (
        f'<rect{pen.of("lane-head")} x="1" y="{top:.1f}" width="30" '
        f'height="{height:.1f}"/>'
        f'<rect{pen.of("lane")} x="1" y="{top:.1f}" width="{picture.width - 2:.1f}" '
        f'height="{height:.1f}"/>'
        f'<text{pen.of("lane-label")} text-anchor="middle" '
        f'transform="translate(20 {middle:.1f}) rotate(-90)">{clean(words)}</text>'
    )


def _step(step: FlowStep, spot: Spot, pen: _Pen) -> str:
    x, y = spot.x, spot.y
    told = f"{step.name} ({step.role or 'no role'}, {step.kind})"
    if step.kind == "task":
        shape = _task(step, x, y, pen)
    elif step.kind == "decision":
        shape = (
            f"<path{pen.of('gateway')} "
            f'd="M{x:.1f} {y - 21:.1f}l21 21l-21 21l-21 -21z"/>'
            f'<path{pen.of("flow")} d="M{x - 6:.1f} {y - 6:.1f}l12 12m0 -12l-12 12"/>'
        )
        shape += _caption(step.name, x, y - 27, pen, upward=True)
    else:
        name = "event end" if step.kind == "end" else "event"
        shape = f'<circle{pen.of(name)} cx="{x:.1f}" cy="{y:.1f}" r="12"/>'
        shape += _caption(step.name, x, y + 28, pen)
    return f'<g class="step"><title>{clean(told)}</title>{shape}</g>'


def _task(step: FlowStep, x: float, y: float, pen: _Pen) -> str:
    wide, high = half_size(step)
    lines = wrap(step.name, 2 * wide - 10, 3)
    shape = (
        f'<rect{pen.of("task")} x="{x - wide:.1f}" y="{y - high:.1f}" '
        f'width="{2 * wide:.1f}" height="{2 * high:.1f}" rx="7"/>'
    )
    for index, line in enumerate(lines):
        middle = y + 4 + (index - (len(lines) - 1) / 2) * 14
        shape += pen.text(x, middle, line, "task-label")
    return shape


def _caption(name: str, x: float, y: float, pen: _Pen, upward: bool = False) -> str:
    """The name of an event below it, of a decision above it, in two lines at most."""
    lines = wrap(name, 108, 2, 11.5)
    first = y - 13 * (len(lines) - 1) if upward else y
    return "".join(
        pen.text(x, first + 13 * index, line, "tick")
        for index, line in enumerate(lines)
    )


def _way(arrow: Arrow, pen: _Pen) -> str:
    """The line of an arrow with a head of its own."""
    points = list(arrow.points)
    (x1, y1), (x2, y2) = points[-2], points[-1]
    if abs(x2 - x1) >= abs(y2 - y1):
        sign = 1 if x2 >= x1 else -1
        head = f"M{x2:.1f} {y2:.1f}l{-9 * sign} -4v8z"
        points[-1] = (x2 - 8 * sign, y2)
    else:
        sign = 1 if y2 >= y1 else -1
        head = f"M{x2:.1f} {y2:.1f}l-4 {-9 * sign}h8z"
        points[-1] = (x2, y2 - 8 * sign)
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path{pen.of("flow")} d="{line}"/><path{pen.of("arrow")} d="{head}"/>'


Area = tuple[float, float, float, float]


def _labels(picture: Picture, known: dict[str, FlowStep], pen: _Pen) -> str:
    """Labels beside the first free run of their ways."""
    taken = [
        area for key, spot in picture.spots.items() for area in _areas(known[key], spot)
    ]
    written = []
    for arrow in picture.arrows:
        if arrow.label:
            x, y, words = _label_place(arrow, taken)
            taken.append((x, y - 11, x + EM * 11.5 * len(words), y + 3))
            written.append(pen.text(x, y, words, "tick", "start"))
    return "".join(written)


def _areas(step: FlowStep, spot: Spot) -> list[Area]:
    """What a step covers: its shape, and its caption when it stands outside."""
    wide, high = half_size(step)
    shape = (spot.x - wide, spot.y - high, spot.x + wide, spot.y + high)
    if step.kind == "task":
        return [shape]
    lines = wrap(step.name, 108, 2, 11.5)
    half = max((len(line) for line in lines), default=0) * EM * 11.5 / 2
    tall = 13 * len(lines)
    top = spot.y - 26 - tall if step.kind == "decision" else spot.y + 16
    return [shape, (spot.x - half, top, spot.x + half, top + tall)]


def _label_place(arrow: Arrow, taken: list[Area]) -> tuple[float, float, str]:
    """Left end and base line of a label, and the label cut to its room."""
    words = arrow.label if len(arrow.label) <= 24 else arrow.label[:23].rstrip() + "…"
    wide = EM * 11.5 * len(words)
    places = []
    for (x1, y1), (x2, y2) in zip(arrow.points, arrow.points[1:], strict=False):
        if y1 == y2:
            left = x1 + 5 if x2 >= x1 else x1 - wide - 5
            places += [(left, y1 - 5), (left, y1 + 14)]
        else:
            near = y1 + (15 if y2 > y1 else -7)
            places += [(x1 + 5, near), (x1 - wide - 5, near), (x1 + 5, (y1 + y2) / 2)]
    for x, y in places:
        area = (x, y - 10, x + wide, y + 2)
        if not any(_meet(area, other) for other in taken):
            return x, y, words
    return *places[0], words


def _meet(a: Area, b: Area) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def wrap(words: str, width: float, lines: int, size: float = 12.0) -> list[str]:
    """The words in at most so many lines of that width, cut with … if need be."""
    most = max(1, int(width / (EM * size)))
    pieces = [
        word[at : at + most]
        for word in words.split()
        for at in range(0, len(word), most)
    ]
    found: list[str] = []
    for piece in pieces:
        if found and len(found[-1]) + 1 + len(piece) <= most:
            found[-1] += f" {piece}"
        else:
            found.append(piece)
    if len(found) > lines:
        cut = f"{found[lines - 1]} {found[lines]}"[: most - 1]
        found = [*found[: lines - 1], cut.rstrip() + "…"]
    return found


def _svg(picture: Picture, title: str, desc: str, body: str) -> str:
    mark = sha256((title + body).encode("utf-8", "replace")).hexdigest()[:10]
    width, height = round(picture.width), round(picture.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart bpmn" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="f{mark}t f{mark}d">'
        f'<title id="f{mark}t">{clean(title)}</title>'
        f'<desc id="f{mark}d">{clean(desc)}</desc>{body}</svg>'
    )
