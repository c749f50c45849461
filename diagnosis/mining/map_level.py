"""How much of a process map is shown: the main path, 80 % of the moves, or all."""

from dataclasses import dataclass
from itertools import pairwise

from diagnosis.mining.maps import MapEdge, MapNode, ProcessMap

START, END = "\x01start", "\x01end"
"""Keys of the two marks; no activity can have them, see `choose`."""

COMMON = 0.1
"""On the 80 % level, connections as frequent as this share of cases are shown."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class Shown:
    """The chosen part of a map.

    `spine` is the main path from START to END; `starts` and `ends` are the marks'
    connections with their cases.
    """

    nodes: tuple[MapNode, ...]
    moves: tuple[MapEdge, ...]
    starts: dict[str, int]
    ends: dict[str, int]
    spine: tuple[str, ...]

    def weights(self) -> dict[Pair, int]:
        """Every drawn connection, the marks' ones too, with its count."""
        found = {(e.source, e.target): e.count for e in self.moves}
        found.update({(START, key): count for key, count in self.starts.items()})
        found.update({(key, END): count for key, count in self.ends.items()})
        return found


def choose(chart: ProcessMap, level: str, most: int | None = None) -> Shown:
    """The part of the map for a level: 'main', '80' or 'all'.

    With `most`, the main path and the most frequent connections around it, so many in
    all.

    :raises ValueError: for another level, or an activity named like a mark.
    """
    if level not in ("main", "80", "all"):
        raise ValueError(f"There is no level “{level}”; choose main, 80 or all.")
    if any(node.activity in (START, END) for node in chart.nodes):
        raise ValueError("An activity has a control character as its name.")
    pairs = _all_pairs(chart)
    spine = main_path(chart)
    kept = set(pairwise(spine))
    if level == "80":
        kept |= _most(pairs, 0.8)
        kept |= {p for p, n in pairs.items() if n >= COMMON * chart.cases}
        kept = _joined(kept, pairs)
    elif level == "all":
        kept = set(pairs)
    if most is not None and len(kept) > most:
        kept = _grown(kept, pairs, set(pairwise(spine)), most)
    keys = {key for pair in kept for key in pair}
    if level == "main":
        kept |= {p for p in pairs if p[0] == p[1] and p[0] in keys and _often(p, pairs)}
    return Shown(
        tuple(node for node in chart.nodes if node.activity in keys),
        tuple(e for e in chart.edges if (e.source, e.target) in kept),
        {t: pairs[s, t] for s, t in sorted(kept & pairs.keys()) if s == START},
        {s: pairs[s, t] for s, t in sorted(kept & pairs.keys()) if t == END},
        spine,
    )


def _grown(
    kept: set[Pair], pairs: dict[Pair, int], spine: set[Pair], most: int
) -> set[Pair]:
    """The spine, and again and again the most frequent pair that touches what is
    there, until there are `most`."""
    found, keys = set(spine), {key for pair in spine for key in pair}
    others = sorted(kept - spine, key=lambda pair: (-pairs.get(pair, 0), pair))
    while len(found) < most:
        touching = (pair for pair in others if pair[0] in keys or pair[1] in keys)
        pair = next(touching, None)
        if pair is None:
            break
        others.remove(pair)
        found.add(pair)
        keys.update(pair)
    return found


def _often(pair: Pair, pairs: dict[Pair, int]) -> bool:
    return pairs[pair] >= 0.25 * max(pairs.values())


def _all_pairs(chart: ProcessMap) -> dict[Pair, int]:
    pairs = {(e.source, e.target): e.count for e in chart.edges}
    for node in chart.nodes:
        if node.starts:
            pairs[START, node.activity] = node.starts
        if node.ends:
            pairs[node.activity, END] = node.ends
    return pairs


def main_path(chart: ProcessMap) -> tuple[str, ...]:
    """From the commonest start along the commonest next step, no activity twice.

    It ends where more cases end than go on.
    """
    if not chart.nodes:
        return (START, END)
    out: dict[str, list[MapEdge]] = {}
    for edge in chart.edges:
        out.setdefault(edge.source, []).append(edge)
    ends = {node.activity: node.ends for node in chart.nodes}
    first = max(chart.nodes, key=lambda n: (n.starts, n.cases)).activity
    path = [first]
    while True:
        onward = [e for e in out.get(path[-1], []) if e.target not in path]
        best = max(onward, key=lambda e: (e.count, e.target), default=None)
        if best is None or ends[path[-1]] >= best.count:
            return (START, *path, END)
        path.append(best.target)


def _most(pairs: dict[Pair, int], share: float) -> set[Pair]:
    """The most frequent connections that together make the share of all moves."""
    whole, run = sum(pairs.values()), 0
    kept = set()
    for pair in sorted(pairs, key=lambda p: (-pairs[p], p)):
        if run >= share * whole:
            break
        kept.add(pair)
        run += pairs[pair]
    return kept


def _joined(kept: set[Pair], pairs: dict[Pair, int]) -> set[Pair]:
    """Give every shown activity a way from the start and a way to the end."""
    kept = set(kept)
    for forward in (True, False):
        while True:
            keys = {key for pair in kept for key in pair}
            here = _reached(kept, forward)
            lost = sorted(keys - here)
            if not lost:
                break
            bridge = _bridge(lost, pairs, forward)
            if bridge is None or bridge in kept:
                break
            kept.add(bridge)
    return kept


def _reached(kept: set[Pair], forward: bool) -> set[str]:
    seen = {START if forward else END}
    while True:
        more = {
            (t if forward else s)
            for s, t in kept
            if (s if forward else t) in seen and (t if forward else s) not in seen
        }
        if not more:
            return seen
        seen |= more


def _bridge(lost: list[str], pairs: dict[Pair, int], forward: bool) -> Pair | None:
    """The strongest connection that joins a lost activity to the others."""
    out = [
        p
        for p in pairs
        if (p[1] if forward else p[0]) in lost
        and (p[0] if forward else p[1]) not in lost
    ]
    return max(out, key=lambda p: (pairs[p], p), default=None)
