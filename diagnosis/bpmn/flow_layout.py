"""Where the steps of a swimlane picture stand and how the arrows run.

Columns follow the flow (longest path, ways back left out), lanes follow the roles in
the order they appear. Arrows are right-angled: they run through the channels between
columns and the gutters between rows, each on a track of its own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from diagnosis.bpmn.flow import FlowStep

Point = tuple[float, float]
HEAD = 34.0
COLUMN = 112.0
CHANNEL = 44.0
ROW = 64.0
GUTTER = 20.0
TRACK = 7.0
HALF = {"task": (52.0, 24.0), "start": (13.0, 13.0), "end": (13.0, 13.0)}
DECISION = (21.0, 21.0)


@dataclass(frozen=True)
class Spot:
    """A placed step: column, row over all lanes, centre in pixels."""

    column: int
    row: int
    x: float
    y: float


@dataclass(frozen=True)
class Arrow:
    """A way from step to step: its corners, and where its label stands."""

    source: str
    target: str
    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Lane:
    """A role with its strip of the picture."""

    role: str
    top: float
    height: float


@dataclass(frozen=True)
class Picture:
    """Everything placed; `lanes` from top to bottom."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    spots: dict[str, Spot]
    arrows: tuple[Arrow, ...]


def half_size(step: FlowStep) -> tuple[float, float]:
    """Half of width and height of a step's shape."""
    return DECISION if step.kind == "decision" else HALF[step.kind]


def place_flow(steps: Sequence[FlowStep]) -> Picture:
    """Place the steps and route the arrows; ways to unknown steps are left out."""
    known = {step.key: step for step in steps}
    columns = _columns(list(known.values()))
    roles = list(dict.fromkeys(step.role for step in known.values()))
    rows, lane_rows = _rows(known, columns, roles)
    ways = [
        (step.key, target, label)
        for step in known.values()
        for target, label in step.next
        if target in known
    ]
    plans = [_plan(way, known, columns, rows) for way in ways]
    grid = _Grid.measured(max(columns.values(), default=0) + 1, len(lane_rows), plans)
    spots = {
        key: Spot(columns[key], rows[key], grid.x(columns[key]), grid.y(rows[key]))
        for key in known
    }
    arrows = tuple(_arrow(plan, known, spots, grid) for plan in plans)
    lanes = []
    for role in roles:
        mine = [row for row, owner in enumerate(lane_rows) if owner == role]
        top = grid.row_top(mine[0])
        lanes.append(Lane(role, top, grid.row_top(mine[-1] + 1) - top))
    return Picture(grid.width, grid.height, tuple(lanes), spots, arrows)


def _columns(steps: list[FlowStep]) -> dict[str, int]:
    """Longest path from the start; ways back to a step on the way are left out."""
    after: dict[str, list[str]] = {s.key: [t for t, _ in s.next] for s in steps}
    forward: dict[str, list[str]] = defaultdict(list)
    order: list[str] = []
    state: dict[str, int] = {}
    starts = [s.key for s in steps if s.kind == "start"]
    for first in [*starts, *(s.key for s in steps)]:
        stack = [(first, iter(after[first]))] if first not in state else []
        state.setdefault(first, 1)
        while stack:
            key, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                state[key] = 2
                order.append(key)
                stack.pop()
            elif target in after and state.get(target) != 1:
                forward[key].append(target)
                if target not in state:
                    state[target] = 1
                    stack.append((target, iter(after[target])))
    columns = dict.fromkeys(after, 0)
    for key in reversed(order):
        for target in forward[key]:
            columns[target] = max(columns[target], columns[key] + 1)
    return columns


def _rows(
    known: dict[str, FlowStep], columns: dict[str, int], roles: list[str]
) -> tuple[dict[str, int], list[str]]:
    """A row for each step; lanes get as many rows as their fullest column has."""
    rows: dict[str, int] = {}
    lane_rows: list[str] = []
    for role in roles:
        filled: dict[int, int] = defaultdict(int)
        base = len(lane_rows)
        for step in known.values():
            if step.role == role:
                rows[step.key] = base + filled[columns[step.key]]
                filled[columns[step.key]] += 1
        lane_rows += [role] * max(filled.values())
    return rows, lane_rows


@dataclass(frozen=True)
class _Plan:
    """A way before it has pixels: the channels and the gutter it uses, if any.

    Channel c lies before column c; gutter r lies under row r.
    """

    source: str
    target: str
    label: str
    leave: int | None
    gutter: int | None
    enter: int | None


def _plan(
    way: tuple[str, str, str],
    known: dict[str, FlowStep],
    columns: dict[str, int],
    rows: dict[str, int],
) -> _Plan:
    source, target, label = way
    taken = {(columns[k], rows[k]) for k in known}
    c1, c2, r1, r2 = columns[source], columns[target], rows[source], rows[target]

    def free(row: int, low: int, high: int) -> bool:
        return not any((column, row) in taken for column in range(low, high))

    if c2 > c1 and r1 == r2 and free(r1, c1 + 1, c2):
        return _Plan(source, target, label, None, None, None)
    if c2 > c1 and free(r2, c1 + 1, c2):
        return _Plan(source, target, label, c1 + 1, None, None)
    if c2 > c1 and free(r1, c1 + 1, c2):
        return _Plan(source, target, label, None, None, c2)
    gutter = r1 if r2 >= r1 else r1 - 1 if r1 > 0 and c2 > c1 else r1
    return _Plan(source, target, label, c1 + 1, gutter, c2)


@dataclass(frozen=True)
class _Grid:
    """Pixels of columns and rows; channels and gutters grow with their tracks."""

    lefts: tuple[float, ...]
    tops: tuple[float, ...]
    channel_tracks: dict[tuple[int, str, str], float]
    gutter_tracks: dict[tuple[int, str, str], float]
    width: float
    height: float

    @classmethod
    def measured(cls, columns: int, rows: int, plans: list[_Plan]) -> "_Grid":
        channels, channel_use = _tracks(
            [(c, p) for p in plans for c in (p.leave, p.enter) if c is not None]
        )
        gutters, gutter_use = _tracks(
            [(p.gutter, p) for p in plans if p.gutter is not None]
        )
        lefts, x = [], HEAD
        for column in range(columns + 1):
            x += CHANNEL + TRACK * max(0, channel_use.get(column, 0) - 2)
            lefts.append(x)
            x += COLUMN
        tops, y = [], 1.0
        for row in range(rows + 1):
            tops.append(y)
            y += ROW + 2 * GUTTER + TRACK * max(0, gutter_use.get(row, 0) - 2)
        return cls(
            tuple(lefts), tuple(tops), channels, gutters, lefts[-1], tops[-1] + 1
        )

    def x(self, column: int) -> float:
        return self.lefts[column] + COLUMN / 2

    def y(self, row: int) -> float:
        return self.tops[row] + GUTTER + ROW / 2

    def row_top(self, row: int) -> float:
        return self.tops[row]

    def channel(self, column: int, plan: _Plan) -> float:
        """Where in the channel before a column this way runs."""
        track = self.channel_tracks[column, plan.source, plan.target + plan.label]
        return self.lefts[column] - 20 - TRACK * track

    def gutter(self, row: int, plan: _Plan) -> float:
        """Where in the gutter under a row this way runs."""
        track = self.gutter_tracks[row, plan.source, plan.target + plan.label]
        return self.tops[row + 1] - 10 - TRACK * track


Tracks = dict[tuple[int, str, str], float]


def _tracks(used: list[tuple[int, _Plan]]) -> tuple[Tracks, dict[int, int]]:
    tracks: Tracks = {}
    count: dict[int, int] = defaultdict(int)
    for place, plan in used:
        key = (place, plan.source, plan.target + plan.label)
        if key not in tracks:
            tracks[key] = count[place]
            count[place] += 1
    return tracks, count


def _arrow(
    plan: _Plan, known: dict[str, FlowStep], spots: dict[str, Spot], grid: _Grid
) -> Arrow:
    source, target = spots[plan.source], spots[plan.target]
    out = half_size(known[plan.source])
    into = half_size(known[plan.target])
    below = {(spot.column, spot.row) for spot in spots.values()}
    points = [(source.x + out[0], source.y)]
    if (
        known[plan.source].kind == "decision"
        and plan.leave is not None
        and plan.gutter is None
        and target.row == source.row + 1
        and (source.column, target.row) not in below
    ):
        points = [(source.x, source.y + out[1]), (source.x, target.y)]
    if plan.leave is not None and len(points) == 1:
        points.append((grid.channel(plan.leave, plan), points[-1][1]))
    if plan.gutter is not None and plan.enter is not None:
        y = grid.gutter(plan.gutter, plan)
        x = grid.channel(plan.enter, plan)
        points += [(points[-1][0], y), (x, y), (x, target.y)]
    elif plan.enter is not None:
        x = grid.channel(plan.enter, plan)
        points += [(x, points[-1][1]), (x, target.y)]
    else:
        points.append((points[-1][0], target.y))
    points.append((target.x - into[0], target.y))
    return Arrow(plan.source, plan.target, plan.label, _tidy(points))


def _tidy(points: list[Point]) -> tuple[Point, ...]:
    """Without repeated points and points in the middle of a straight run."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and _straight(kept[-2], kept[-1], point):
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)


def _straight(a: Point, b: Point, c: Point) -> bool:
    return (a[0] == b[0] == c[0]) or (a[1] == b[1] == c[1])
