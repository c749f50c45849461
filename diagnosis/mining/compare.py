"""Two logs beside each other, or two choices of cases: what is different, in figures.

Works on the answers of lenses, so that it asks nothing of a store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIGURES = (
    "cases", "events", "activities", "variants", "open_cases", "median_s", "mean_s",
    "p90_s", "rework_case_share", "rework_event_share",
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """A figure of both sides; None where a side has none."""

    name: str
    one: float | None
    other: float | None

    @property
    def difference(self) -> float | None:
        """The other minus the one."""
        if self.one is None or self.other is None:
            return None
        return self.other - self.one

    @property
    def relative(self) -> float | None:
        """The difference as a share of the one; None where that is nothing."""
        return self.difference / self.one if self.one and self.difference else None


@dataclass(frozen=True)
class EdgePair:
    """A direct succession on both sides: share of the cases, and median seconds.

    A side without it has the share 0 and no median.
    """

    source: str
    target: str
    one_share: float
    other_share: float
    one_median_s: float | None
    other_median_s: float | None

    @property
    def difference(self) -> float:
        """How many more of the other side's cases go this way, from -1 to 1."""
        return self.other_share - self.one_share


@dataclass(frozen=True)
class PathPair:
    """A path on both sides: share of the cases, and median seconds."""

    path: tuple[str, ...]
    one_share: float
    other_share: float
    one_median_s: float | None
    other_median_s: float | None

    @property
    def difference(self) -> float:
        """How many more of the other side's cases take it, from -1 to 1."""
        return self.other_share - self.one_share


@dataclass(frozen=True)
class Comparison:
    """Figures, activities that came or vanished, and the greatest differences first."""

    figures: tuple[Pair, ...]
    came: tuple[str, ...]
    vanished: tuple[str, ...]
    edges: tuple[EdgePair, ...]
    paths: tuple[PathPair, ...]


def compare(
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    one_paths: Sequence[Mapping[str, Any]],
    other_paths: Sequence[Mapping[str, Any]],
) -> Comparison:
    """Compare two answers of the lenses `overview` and `map`, as plain rows.

    The paths are those of the lens `variants`, all of them.
    """
    names = [
        {node["activity"] for node in side["map"]["nodes"]} for side in (one, other)
    ]
    return Comparison(
        tuple(
            Pair(name, one["overview"][name], other["overview"][name])
            for name in FIGURES
        ),
        tuple(sorted(names[1] - names[0])),
        tuple(sorted(names[0] - names[1])),
        tuple(_edges(one["map"], other["map"])),
        tuple(_paths(one_paths, other_paths)),
    )


def _edges(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[EdgePair]:
    sides = [
        {
            (edge["source"], edge["target"]): (
                edge["cases"] / max(chart["cases"], 1),
                edge["median_s"],
            )
            for edge in chart["edges"]
        }
        for chart in (one, other)
    ]
    none = (0.0, None)
    pairs = [
        EdgePair(
            *key,
            sides[0].get(key, none)[0],
            sides[1].get(key, none)[0],
            sides[0].get(key, none)[1],
            sides[1].get(key, none)[1],
        )
        for key in sides[0].keys() | sides[1].keys()
    ]
    return sorted(
        pairs, key=lambda pair: (-abs(pair.difference), pair.source, pair.target)
    )


def _paths(
    one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]
) -> list[PathPair]:
    sides = [
        {tuple(row["path"]): (row["share"], row["median_s"]) for row in rows}
        for rows in (one, other)
    ]
    none = (0.0, None)
    pairs = [
        PathPair(
            path,
            sides[0].get(path, none)[0],
            sides[1].get(path, none)[0],
            sides[0].get(path, none)[1],
            sides[1].get(path, none)[1],
        )
        for path in sides[0].keys() | sides[1].keys()
    ]
    return sorted(pairs, key=lambda pair: (-abs(pair.difference), pair.path))
