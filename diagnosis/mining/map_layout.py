"""A layered layout for process maps: layers, order, coordinates, routes.

The method is Sugiyama's: break cycles, give each node a layer (longest path over the
strong connections only, so that rare ones do not stretch the map), order each layer
by barycentres, then place nodes as near to their neighbours as the gaps allow, with
the main path held straight. Everything is deterministic.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from diagnosis.mining.map_layers import (
    SPINE_WEIGHT,
    SWEEPS,
    Chain,
    Link,
    assign_layers,
    chain_links,
    neighbours,
    order_layers,
)

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A placed node: layer, centre and size in pixels."""

    key: str
    layer: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Route:
    """The way of a link: points in drawing direction, in pairs along straight runs.

    `backward` links run against the layers. Loops and links inside one layer have
    two points on the same side of their boxes.
    """

    source: str
    target: str
    points: tuple[Point, ...]
    backward: bool


@dataclass(frozen=True)
class Layout:
    """Placed boxes and routes; `across` says that layers run from left to right."""

    width: float
    height: float
    boxes: dict[str, Box]
    routes: tuple[Route, ...]
    across: bool


@dataclass(frozen=True)
class Spacing:
    """Pixels between layers, between boxes of a layer, and beside passing lines."""

    layer: float = 64
    box: float = 26
    line: float = 16
    margin: float = 12


def lay_out(
    sizes: dict[str, tuple[float, float]],
    links: Sequence[Link],
    spine: Sequence[str],
    *,
    across: bool = True,
    spacing: Spacing = Spacing(),
) -> Layout:
    """Place nodes and route links.

    `spine` is the main path, first node first; its first node opens the map. Sizes
    are (width, height) in pixels.
    """
    layers = assign_layers(list(sizes), links, spine)
    chains = chain_links(links, layers)
    order = order_layers(list(sizes), layers, chains, spine)
    thick = {k: (h if across else w) for k, (w, h) in sizes.items()}
    place = _coordinates(order, chains, thick, spine, spacing)
    starts, depth = _layer_starts(order, sizes, across, spacing)
    ports = _ports(chains, layers, place, sizes, across)
    frame = _Frame(layers, place, starts, depth, sizes, ports, across)
    return _assemble(frame, chains, spacing)


def _coordinates(
    order: list[list[str]],
    chains: list[Chain],
    thick: dict[str, float],
    spine: Sequence[str],
    spacing: Spacing,
) -> dict[str, float]:
    """Centre of each key across the layers, the main path at zero."""
    near = neighbours(chains)
    steps = set(pairwise(spine))
    held = set(spine).union(
        *(keys for link, keys in chains if (link.source, link.target) in steps)
    )
    place: dict[str, float] = {}
    for row in order:
        shift = next((i for i, key in enumerate(row) if key in held), len(row) // 2)
        place.update({key: (index - shift) * 40.0 for index, key in enumerate(row)})
    for sweep in range(SWEEPS):
        for row in order if sweep % 2 == 0 else order[::-1]:
            wish, weights = [], []
            for key in row:
                pairs = [*near[key][-1], *near[key][1]]
                whole = sum(weight for _, weight in pairs)
                mean = (
                    sum(place[o] * w for o, w in pairs) / whole if whole else place[key]
                )
                wish.append(0.0 if key in held else mean)
                weights.append(SPINE_WEIGHT if key in held else 1 + _own(key))
            gaps = [_gap(a, b, thick, spacing) for a, b in pairwise(row)]
            place.update(zip(row, separate(wish, weights, gaps), strict=True))
    return place


def _own(key: str) -> float:
    return 3.0 if key.startswith("\x00") else 0.0


def _gap(a: str, b: str, thick: dict[str, float], spacing: Spacing) -> float:
    room = spacing.box if a in thick and b in thick else spacing.line
    return (thick.get(a, 0) + thick.get(b, 0)) / 2 + room


def separate(
    wish: Sequence[float], weights: Sequence[float], gaps: Sequence[float]
) -> list[float]:
    """The places nearest to the wishes (weighted squares) that keep order and gaps.

    Pool adjacent violators: `gaps[i]` is the least distance of i and i + 1.
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    blocks: list[tuple[float, float, int]] = []
    for value, weight, offset in zip(wish, weights, offsets, strict=True):
        mean, whole, size = value - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, heavy, many = blocks.pop()
            mean = (mean * whole + before * heavy) / (whole + heavy)
            whole, size = whole + heavy, size + many
        blocks.append((mean, whole, size))
    means = [mean for mean, _, size in blocks for _ in range(size)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _layer_starts(
    order: list[list[str]],
    sizes: dict[str, tuple[float, float]],
    across: bool,
    spacing: Spacing,
) -> tuple[list[float], list[float]]:
    """Where each layer begins and how deep it is."""
    starts, depths, at = [], [], 0.0
    for row in order:
        own = [sizes[key][0 if across else 1] for key in row if key in sizes]
        depth = max(own, default=0.0)
        starts.append(at)
        depths.append(depth)
        at += depth + spacing.layer
    return starts, depths


@dataclass(frozen=True)
class _Frame:
    """Everything known before pixels are drawn: layers, places, ports."""

    layers: dict[str, int]
    place: dict[str, float]
    starts: list[float]
    depth: list[float]
    sizes: dict[str, tuple[float, float]]
    ports: "Ports"
    across: bool

    def side(self, key: str, side: int) -> float:
        """Where a box ends towards the next (1) or the former layer (-1)."""
        layer = self.layers[key]
        middle = self.starts[layer] + self.depth[layer] / 2
        return middle + side * self.sizes[key][0 if self.across else 1] / 2


def _assemble(frame: _Frame, chains: list[Chain], spacing: Spacing) -> Layout:
    """Boxes and routes in pixels from the two coordinates."""
    place, sizes, across = frame.place, frame.sizes, frame.across
    low = min(_edges_of(place, sizes, across, -1)) - spacing.margin
    high = max(_edges_of(place, sizes, across, 1)) + spacing.margin

    def at(along: float, beside: float) -> Point:
        pair = (along + spacing.margin, beside - low)
        return pair if across else (pair[1], pair[0])

    boxes = {}
    for key, (width, height) in sizes.items():
        layer = frame.layers[key]
        middle = frame.starts[layer] + frame.depth[layer] / 2
        x, y = at(middle, place[key])
        boxes[key] = Box(key, layer, x, y, width, height)
    routes = []
    for number, (link, keys) in enumerate(chains):
        points = _points(number, keys, frame)
        backward = frame.layers[link.source] > frame.layers[link.target]
        path = tuple(at(*point) for point in (points[::-1] if backward else points))
        routes.append(Route(link.source, link.target, path, backward))
    length = frame.starts[-1] + frame.depth[-1] + 2 * spacing.margin
    size = (length, high - low) if across else (high - low, length)
    return Layout(*size, boxes, tuple(routes), across)


def _edges_of(
    place: dict[str, float],
    sizes: dict[str, tuple[float, float]],
    across: bool,
    side: int,
) -> Iterable[float]:
    for key, value in place.items():
        half = sizes[key][1 if across else 0] / 2 if key in sizes else 6
        yield value + side * half


Ports = dict[tuple[int, str, int], float]


def _ports(
    chains: list[Chain],
    layers: dict[str, int],
    place: dict[str, float],
    sizes: dict[str, tuple[float, float]],
    across: bool,
) -> Ports:
    """Where each link touches a box: the heaviest in the middle, the others beside it.

    Keys are (number of the chain, node, side): side 1 faces the next layer.
    """
    asked: dict[tuple[str, int], list[tuple[float, float, int]]] = defaultdict(list)
    for number, (link, keys) in enumerate(chains):
        if len(keys) == 2 and layers[keys[0]] == layers[keys[1]]:
            continue
        asked[keys[0], 1].append((place[keys[1]], link.weight, number))
        asked[keys[-1], -1].append((place[keys[-2]], link.weight, number))
    ports: Ports = {}
    for (node, side), wanted in asked.items():
        room = sizes[node][1 if across else 0] * 0.72
        wanted.sort()
        heavy = max(range(len(wanted)), key=lambda i: (wanted[i][1], -i))
        below = min(14.0, room / 2 / max(len(wanted) - 1 - heavy, 1))
        above = min(14.0, room / 2 / max(heavy, 1))
        for index, (_, _, number) in enumerate(wanted):
            step = below if index > heavy else above
            ports[number, node, side] = place[node] + (index - heavy) * step
    return ports


def _points(number: int, keys: list[str], frame: _Frame) -> list[Point]:
    """Points (along, beside) from the first key of a chain to its last."""
    first, last = keys[0], keys[-1]
    if frame.layers[first] == frame.layers[last]:
        return [(frame.side(key, 1), frame.place[key]) for key in (first, last)]
    points = [(frame.side(first, 1), frame.ports[number, first, 1])]
    for key in keys[1:-1]:
        layer = frame.layers[key]
        begin, end = frame.starts[layer], frame.starts[layer] + frame.depth[layer]
        points += [(begin, frame.place[key]), (end, frame.place[key])]
    return [*points, (frame.side(last, -1), frame.ports[number, last, -1])]
