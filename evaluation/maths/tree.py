"""The indicator tree: indices of branches from those of their leaves."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluation.maths.index import grade, is_provisional
from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import LONGEST, listed, number, refuse, table, text

DEEPEST = 12


@dataclass(frozen=True)
class TreeNode:
    """One node: its place (1.2 is the second child of the first), index and weight."""

    place: str
    name: str | None
    level: int
    index: float | None
    coverage: float
    share: float


@dataclass(frozen=True)
class IndicatorTree(Result):
    """The index of the root, how much of it is known, and every node in order."""

    index: float | None
    coverage: float
    is_provisional: bool
    grade: str | None
    nodes: tuple[TreeNode, ...]
    reason: Reason | None = None


@method(
    "indicator.tree",
    name="Indicator tree",
    source="Recursive weighted mean; OECD, Handbook on Composite Indicators (2008)",
    version="1",
    formula="parent = Σ w c / Σ w over the children with a value",
    phase=7,
    example={
        "node": {
            "name": "Effect",
            "children": [
                {"name": "Economic", "weight": 0.4, "index": 82},
                {
                    "name": "Management",
                    "weight": 0.4,
                    "children": [{"index": 60}, {"index": 80}],
                },
                {"name": "Qualitative", "weight": 0.2},
            ],
        }
    },
)
def tree(node: Mapping[str, Any]) -> IndicatorTree:
    """Weighted means from the leaves up; siblings' weights are renormalised.

    Children without a value are left out of the mean. Coverage is the share of the
    weight that has data, level by level; below 0.7 the index is provisional. The share
    of a node is its weight in the root when everything is known.

    Edges: no value at all gives nothing (insufficient_data); a leaf alone is its own
    index; weights are 1 when not given; at most 12 levels.

    Worked example: .4 · 82 and .4 · (60 + 80)/2 without the .2: 76, coverage 0.8.

    :param node: A node with index (a leaf) or children; each child has a weight beside.
    """
    nodes: list[TreeNode] = []
    root = _walk(node, "node", (), 1.0, nodes)
    return IndicatorTree(
        root.index,
        root.coverage,
        is_provisional(root.coverage),
        None if root.index is None else grade(root.index),
        tuple(nodes),
        "insufficient_data" if root.index is None else None,
    )


def _walk(
    node: object,
    field: str,
    path: tuple[int, ...],
    share: float,
    nodes: list[TreeNode],
) -> TreeNode:
    """Append the node and those below it, and return it."""
    if len(path) >= DEEPEST:
        refuse(field, f"give at most {DEEPEST} levels")
    if len(nodes) >= LONGEST:
        refuse("node", f"give at most {LONGEST} nodes")
    given = table(node, field)
    name = None if given.get("name") is None else text(given["name"], f"{field}.name")
    slot = len(nodes)
    empty = TreeNode(".".join(map(str, path)), name, len(path), None, 0.0, share)
    nodes.append(empty)
    index, coverage = (
        _branch(given, field, path, share, nodes)
        if "children" in given
        else _leaf(given, field)
    )
    nodes[slot] = replace(empty, index=index, coverage=coverage)
    return nodes[slot]


def _leaf(given: Mapping[str, object], field: str) -> tuple[float | None, float]:
    if given.get("index") is None:
        return None, 0.0
    return number(given["index"], f"{field}.index"), 1.0


def _branch(
    given: Mapping[str, object],
    field: str,
    path: tuple[int, ...],
    share: float,
    nodes: list[TreeNode],
) -> tuple[float | None, float]:
    if given.get("index") is not None:
        refuse(field, "give either an index or children")
    children = listed(given["children"], f"{field}.children", least=1)
    weights = _weights(children, field)
    total = math.fsum(weights)
    if total == 0:
        refuse(f"{field}.children", "give at least one weight above 0")
    found = [
        _walk(child, f"{field}.{place}", (*path, place), share * weight / total, nodes)
        for place, (child, weight) in enumerate(zip(children, weights, strict=True), 1)
    ]
    pairs = list(zip(found, weights, strict=True))
    coverage = math.fsum(child.coverage * weight for child, weight in pairs) / total
    return _mean(pairs), coverage


def _weights(children: Sequence[object], field: str) -> list[float]:
    return [
        number(
            table(child, f"{field}.{place}").get("weight", 1),
            f"{field}.{place}.weight",
            least=0,
        )
        for place, child in enumerate(children, 1)
    ]


def _mean(pairs: list[tuple[TreeNode, float]]) -> float | None:
    known = [
        (child.index, weight) for child, weight in pairs if child.index is not None
    ]
    total = math.fsum(weight for _, weight in known)
    if total == 0:
        return None
    return math.fsum(index * weight for index, weight in known) / total
