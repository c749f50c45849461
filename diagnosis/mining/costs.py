"""What the cases of a log cost: by activity, by case, by path.

Costs are numbers as the source has them, in its own currency, at the events that bear
one; an event without one adds nothing, and a case without any has no cost.
"""

from dataclasses import dataclass
from typing import Any

from diagnosis.mining.lenses import Log
from diagnosis.mining.neighbours import SEPARATOR


@dataclass(frozen=True)
class ActivityCost:
    """What an activity costs.

    `events` bear a cost and lie in `cases`; `median` is that of an event, `share` the
    part of all costs (None where they add up to nothing).
    """

    activity: str
    events: int
    cases: int
    total: float
    median: float
    share: float | None


@dataclass(frozen=True)
class PathCost:
    """What the cases of a path cost; `cases` are those that have a cost."""

    number: int
    path: tuple[str, ...]
    cases: int
    total: float
    median: float


@dataclass(frozen=True)
class CostBin:
    """Cases that cost from `low` up to, not including, `high`; the last with it."""

    low: float
    high: float
    cases: int


@dataclass(frozen=True)
class Costs:
    """Costs of the (filtered) log; figures of a case are of those that have a cost."""

    cases: int
    without: int
    total: float
    mean: float
    median: float
    p90: float
    least: float
    most: float
    activities: tuple[ActivityCost, ...]
    paths: tuple[PathCost, ...]
    bins: tuple[CostBin, ...]


def has_costs(log: Log) -> bool:
    """Whether a column of the log was chosen as its cost."""
    return bool(log.meta.mapping.get("cost"))


def costs(log: Log, top: int = 12, bins: int = 24) -> Costs | None:
    """Costs of activities, of the `top` dearest paths, and how cases spread.

    Activities and paths with the greatest sum come first. None where the log has no
    cost, or none of the chosen cases bears one.
    """
    if not has_costs(log):
        return None
    cases = log.cases
    cost: Any = cases["cost"]
    row = log.rows(
        cases.aggregate(
            all=cases.count(),
            cases=cost.count(),
            total=cost.sum(),
            mean=cost.mean(),
            q=cost.quantile([0.5, 0.9]),
            least=cost.min(),
            most=cost.max(),
        )
    )[0]
    if not row["cases"]:
        return None
    median, p90 = row["q"]
    return Costs(
        row["cases"],
        row["all"] - row["cases"],
        row["total"],
        row["mean"],
        median,
        p90,
        row["least"],
        row["most"],
        tuple(_activities(log)),
        tuple(_paths(log, top)),
        tuple(_bins(log, row["least"], row["most"], bins)),
    )


def _activities(log: Log) -> list[ActivityCost]:
    events = log.events.filter(log.events["cost"].notnull())
    cost: Any = events["cost"]
    counted = events.group_by("activity").agg(
        events=events.count(),
        cases=events[log.key].nunique(),
        total=cost.sum(),
        median=cost.median(),
    )
    rows = log.rows(counted)
    rows.sort(key=lambda row: (-row["total"], row["activity"]))
    whole = sum(row["total"] for row in rows)
    return [
        ActivityCost(**row, share=row["total"] / whole if whole else None)
        for row in rows
    ]


def _paths(log: Log, top: int) -> list[PathCost]:
    cases = log.cases.filter(log.cases["cost"].notnull())
    cost: Any = cases["cost"]
    counted = cases.group_by("variant").agg(
        cases=cases.count(), total=cost.sum(), median=cost.median()
    )
    first = counted.order_by([counted["total"].desc(), counted["variant"]]).limit(top)
    paths = first.inner_join(log.variants.select("variant", "path"), "variant")
    rows = log.rows(paths.order_by([paths["total"].desc(), paths["variant"]]))
    return [
        PathCost(
            row["variant"],
            tuple(row["path"].split(SEPARATOR)),
            row["cases"],
            row["total"],
            row["median"],
        )
        for row in rows
    ]


def _bins(log: Log, least: float, most: float, bins: int) -> list[CostBin]:
    """Equal bins from the least to the most; one bin where all cost the same."""
    number = bins if most > least else 1
    width = (most - least) / number
    cases = log.cases.filter(log.cases["cost"].notnull())
    place: Any = (cases["cost"] - least) / (width or 1.0)
    marked = cases.mutate(bin=place.floor().cast("int64"))
    found = [0] * number
    for row in log.rows(marked.group_by("bin").agg(cases=marked.count())):
        found[min(max(row["bin"], 0), number - 1)] += row["cases"]
    return [
        CostBin(least + index * width, least + (index + 1) * width, cases)
        for index, cases in enumerate(found)
    ]
