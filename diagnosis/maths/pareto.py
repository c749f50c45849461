"""The vital few causes behind most of the trouble."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Number, number, table

NEGLIGIBLE = 1e-9


class ParetoRow(NamedTuple):
    """One category with its percent of the total and the percent up to here."""

    name: str
    occurrences: float
    percent: float | None
    cumulative_percent: float | None


@dataclass(frozen=True)
class Pareto(Result):
    """Categories in falling order, and those that together make up the threshold."""

    rows: tuple[ParetoRow, ...]
    total: float
    vital_few: tuple[str, ...]
    reason: Reason | None = None


@method(
    "problem.pareto",
    name="Pareto analysis",
    source="Juran (1951); R package qcc 3.0, defect example",
    version="1",
    formula="cumulative % = 100 Σ counts so far / Σ all counts",
    phase=3,
    example={
        "counts": {
            "price code": 80,
            "schedule date": 27,
            "supplier code": 66,
            "contact num.": 94,
            "part num.": 33,
        }
    },
)
def pareto(counts: Mapping[str, Number], threshold: Number = 80) -> Pareto:
    """Order categories by count and find the few behind most of the total.

    The vital few are the categories up to and including the one whose cumulative
    percent reaches the threshold. Equal counts keep the order of entry.

    Edges: a total of zero leaves percents undefined (zero_denominator) and no vital
    few. Counts may be any amount of 0 or more, such as costs.

    Worked example (qcc): 94, 80, 66, 33, 27 are 31.33, 58, 80, 91 and 100 % cumulated;
    the first three are the vital few.

    :param counts: Number of occurrences of each category.
    :param threshold: Percent of the total that the vital few make up.
    """
    limit = number(threshold, "threshold", above=0, most=100) * (1 - NEGLIGIBLE)
    given = {
        name: number(count, f"counts.{name}", least=0)
        for name, count in table(counts, "counts").items()
    }
    falling = sorted(given.items(), key=lambda pair: -pair[1])
    total = math.fsum(count for _, count in falling)
    if total == 0:
        empty = tuple(ParetoRow(name, count, None, None) for name, count in falling)
        return Pareto(empty, total, (), "zero_denominator")
    rows, vital, so_far = [], [], 0.0
    for name, count in falling:
        if 100 * so_far / total < limit:
            vital.append(name)
        so_far += count
        rows.append(ParetoRow(name, count, 100 * count / total, 100 * so_far / total))
    return Pareto(tuple(rows), total, tuple(vital))
