"""Layers of a process map, and the order of the nodes inside each layer."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 10
SPINE_WEIGHT = 1e6


@dataclass(frozen=True)
class Link:
    """A connection to lay out; a heavier one is kept forward and straight."""

    source: str
    target: str
    weight: float


def forward_links(links: Sequence[Link], first: str) -> set[tuple[str, str]]:
    """Pairs kept forward: first the ways by which nodes are reached, then the rest.

    Each is kept unless it would close a cycle, the heaviest first.
    """
    after: dict[str, set[str]] = defaultdict(set)
    kept = set()
    heavy = sorted(links, key=lambda x: (-x.weight, x.source, x.target))
    for link in [*_tree(heavy, first), *heavy]:
        if link.source != link.target and not _reaches(after, link.target, link.source):
            after[link.source].add(link.target)
            kept.add((link.source, link.target))
    return kept


def _tree(heavy: list[Link], first: str) -> list[Link]:
    """From `first`, again and again the heaviest link to a node not yet reached."""
    reached: set[str] = {first}
    tree: list[Link] = []
    while True:
        fresh = (x for x in heavy if x.source in reached and x.target not in reached)
        link = next(fresh, None)
        if link is None:
            return tree
        reached.add(link.target)
        tree.append(link)


def _reaches(after: dict[str, set[str]], source: str, target: str) -> bool:
    stack, seen = [source], {source}
    while stack:
        node = stack.pop()
        if node == target:
            return True
        for other in after[node] - seen:
            seen.add(other)
            stack.append(other)
    return False


def assign_layers(
    nodes: list[str], links: Sequence[Link], spine: Sequence[str]
) -> dict[str, int]:
    """A layer for each node: longest path over the strong forward connections."""
    on_spine = set(pairwise(spine))
    lifted = [
        Link(x.source, x.target, x.weight + SPINE_WEIGHT)
        if (x.source, x.target) in on_spine
        else x
        for x in links
    ]
    kept = forward_links(lifted, spine[0] if spine else "")
    strong = _strong([x for x in lifted if (x.source, x.target) in kept])
    layers = dict.fromkeys(nodes, 0)
    for _ in nodes:
        moved = False
        for source, target in strong:
            if layers[target] <= layers[source]:
                layers[target] = layers[source] + 1
                moved = True
        if not moved:
            break
    return _ends_apart(layers, spine)


def _strong(links: list[Link]) -> list[tuple[str, str]]:
    """The heaviest link into and out of each node, and all that come near them."""
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for link in links:
        into[link.target] = max(into[link.target], link.weight)
        out[link.source] = max(out[link.source], link.weight)
    return [
        (x.source, x.target)
        for x in links
        if x.weight >= 0.6 * into[x.target] or x.weight >= 0.6 * out[x.source]
    ]


def _ends_apart(layers: dict[str, int], spine: Sequence[str]) -> dict[str, int]:
    """The first node of the spine alone in front, its last one behind all others."""
    if len(spine) < 2 or len(layers) < 3:
        return layers
    first, last = spine[0], spine[-1]
    inner = {node: layer for node, layer in layers.items() if node not in (first, last)}
    used = sorted(set(inner.values()))
    rank = {layer: index + 1 for index, layer in enumerate(used)}
    packed = {node: rank[layer] for node, layer in inner.items()}
    return {**packed, first: 0, last: len(used) + 1}


Chain = tuple[Link, list[str]]


def chain_links(links: Sequence[Link], layers: dict[str, int]) -> list[Chain]:
    """Each link as a chain of keys over the layers it passes, in layer order.

    Keys of passing lines are invented ("\\x00number:layer") and added to `layers`.
    """
    chains = []
    for number, link in enumerate(links):
        low, high = sorted((layers[link.source], layers[link.target]))
        passing = [f"\x00{number}:{layer}" for layer in range(low + 1, high)]
        layers.update(zip(passing, range(low + 1, high), strict=True))
        forward = layers[link.source] <= layers[link.target]
        ends = (link.source, link.target) if forward else (link.target, link.source)
        chains.append((link, [ends[0], *passing, ends[1]]))
    return chains


def order_layers(
    nodes: list[str], layers: dict[str, int], chains: list[Chain], spine: Sequence[str]
) -> list[list[str]]:
    """Order inside each layer: barycentre sweeps, the fewest crossings win."""
    rows: list[list[str]] = [[] for _ in range(max(layers.values()) + 1)]
    rank = {key: index for index, key in enumerate([*spine, *nodes])}
    for key in sorted(layers, key=lambda k: (rank.get(k, len(rank)), k)):
        rows[layers[key]].append(key)
    near = neighbours(chains)
    best, fewest = [list(row) for row in rows], _crossings(rows, near)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        upward = sweep % 2 == 1
        for row in rows[::-1] if upward else rows:
            _sort_row(row, rows, layers, near, -1 if not upward else 1)
        crossings = _crossings(rows, near)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


Near = dict[str, dict[int, list[tuple[str, float]]]]


def neighbours(chains: list[Chain]) -> Near:
    """For each key its neighbours in the layer before (-1) and after (1)."""
    near: Near = defaultdict(lambda: {-1: [], 1: []})
    for link, keys in chains:
        for left, right in pairwise(keys):
            if left != right:
                near[left][1].append((right, link.weight))
                near[right][-1].append((left, link.weight))
    return near


def _sort_row(
    row: list[str],
    rows: list[list[str]],
    layers: dict[str, int],
    near: Near,
    side: int,
) -> None:
    if not row:
        return
    beside = layers[row[0]] + side
    if not 0 <= beside < len(rows):
        return
    place = {
        key: index / max(len(rows[beside]), 1) for index, key in enumerate(rows[beside])
    }
    now = {key: index / len(row) for index, key in enumerate(row)}
    mean = {}
    for key in row:
        pairs = [(place[o], w) for o, w in near[key][side] if o in place]
        whole = sum(weight for _, weight in pairs)
        mean[key] = sum(p * w for p, w in pairs) / whole if whole else now[key]
    row.sort(key=lambda key: (mean[key], now[key]))


def _crossings(rows: list[list[str]], near: Near) -> int:
    """Pairs of lines that cross between neighbouring layers."""
    total = 0
    for left, right in pairwise(rows):
        place = {key: index for index, key in enumerate(right)}
        seen: list[int] = []
        for key in left:
            targets = sorted(place[o] for o, _ in near[key][1] if o in place)
            total += sum(len(seen) - bisect_left(seen, t + 1) for t in targets)
            for target in targets:
                insort(seen, target)
    return total
