"""The process map as numbers, and the slowest wait in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diagnosis.mining.lenses import Log


@dataclass(frozen=True)
class MapNode:
    """An activity. `work_s` is the median service time, None without starts; so are
    what nine in ten keep within, and the sum. `cost_sum` and `cost_median` (of an
    event) are None without costs.

    `rework_cases` have it twice or more; `starts` and `ends` count cases that begin
    and end with it.
    """

    activity: str
    cases: int
    events: int
    rework_cases: int
    starts: int
    ends: int
    work_s: float | None
    work_p90_s: float | None = None
    work_sum_s: float | None = None
    cost_sum: float | None = None
    cost_median: float | None = None


@dataclass(frozen=True)
class MapEdge:
    """A direct succession; seconds are waits (to the next start) or gaps."""

    source: str
    target: str
    count: int
    cases: int
    mean_s: float
    median_s: float
    p90_s: float
    min_s: float
    max_s: float
    sum_s: float


@dataclass(frozen=True)
class ProcessMap:
    """Nodes and edges, the most frequent first.

    `waits` says whether edge times are waits (starts are known) or only the time
    between two events, which must not be called waiting.
    """

    cases: int
    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    waits: bool


@dataclass(frozen=True)
class Bottleneck:
    """The edge with the greatest count x median time, ready for a sentence.

    `share` is its part of the time between all activities, from 0 to 1.
    """

    source: str
    target: str
    count: int
    cases: int
    median_s: float
    p90_s: float
    sum_s: float
    share: float
    waits: bool


def process_map(log: Log) -> ProcessMap:
    """Activities and direct successions of the (filtered) log."""
    nodes = _nodes(log)
    waits = any(node.work_s is not None for node in nodes)
    return ProcessMap(
        sum(node.starts for node in nodes),
        tuple(sorted(nodes, key=lambda node: (-node.events, node.activity))),
        tuple(_edges(log, "wait_s" if waits else "gap_s")),
        waits,
    )


def _nodes(log: Log) -> list[MapNode]:
    events = log.events
    cost: Any = events["cost"]
    costs = (
        {"cost_sum": cost.sum(), "cost_median": cost.median()}
        if log.meta.mapping.get("cost")
        else {}
    )
    counted = events.group_by("activity").agg(
        cases=(events["nth"] == 1).sum(),
        events=events.count(),
        rework=(events["nth"] == 2).sum(),
        starts=(events["seq"] == 1).sum(),
        ends=events["next_activity"].isnull().sum(),
        work=events["work_s"].quantile([0.5, 0.9]),
        work_sum_s=events["work_s"].sum(),
        **costs,
    )
    return [_node(row) for row in log.rows(counted)]


def _node(row: dict[str, Any]) -> MapNode:
    median_s, p90_s = row["work"] or (None, None)
    return MapNode(
        row["activity"],
        row["cases"],
        row["events"],
        row["rework"],
        row["starts"],
        row["ends"],
        median_s,
        p90_s,
        row["work_sum_s"],
        row.get("cost_sum"),
        row.get("cost_median"),
    )


def _edges(log: Log, column: str) -> list[MapEdge]:
    moved = log.events.filter(log.events["next_activity"].notnull())
    time: Any = moved[column]
    counted = moved.group_by(["activity", "next_activity"]).agg(
        count=moved.count(),
        cases=moved["new_edge"].sum(),
        mean_s=time.mean(),
        middle=time.quantile([0.5, 0.9]),
        min_s=time.min(),
        max_s=time.max(),
        sum_s=time.sum(),
    )
    rows = log.rows(counted)
    rows.sort(key=lambda r: (-r["count"], r["activity"], r["next_activity"]))
    return [_edge(row) for row in rows]


def _edge(row: dict[str, Any]) -> MapEdge:
    median_s, p90_s = row.pop("middle")
    return MapEdge(
        source=row.pop("activity"),
        target=row.pop("next_activity"),
        median_s=median_s,
        p90_s=p90_s,
        **row,
    )


def dearest(nodes: Sequence[MapNode]) -> MapNode | None:
    """The activity with the greatest cost; None where none costs anything."""
    return max(
        (node for node in nodes if (node.cost_sum or 0) > 0),
        key=lambda node: node.cost_sum or 0,
        default=None,
    )


def cost_share(node: MapNode, chart: ProcessMap) -> float:
    """The part of all costs that the activity has, from 0 to 1."""
    whole = sum(max(one.cost_sum or 0, 0) for one in chart.nodes)
    return max(node.cost_sum or 0, 0) / whole if whole else 0.0


def bottleneck(chart: ProcessMap) -> Bottleneck | None:
    """The slowest wait: greatest count x median; None when nothing takes time."""
    return next(iter(slowest(chart, 1)), None)


def slowest(chart: ProcessMap, top: int) -> list[Bottleneck]:
    """The waits with the greatest count x median, the worst first."""
    whole = sum(edge.sum_s for edge in chart.edges)
    moving = [one for one in chart.edges if one.source != one.target and one.sum_s > 0]
    moving.sort(key=lambda one: (-one.count * one.median_s, -one.sum_s))
    return [
        Bottleneck(
            one.source,
            one.target,
            one.count,
            one.cases,
            one.median_s,
            one.p90_s,
            one.sum_s,
            one.sum_s / whole,
            chart.waits,
        )
        for one in moving[:top]
    ]
