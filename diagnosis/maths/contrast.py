"""What two groups differ in: a share, or a number."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, median

import numpy as np
from numpy.typing import NDArray

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import (
    Number,
    confidence_level,
    numbers,
    refuse,
    whole,
)

HALF = 0.5


@dataclass(frozen=True)
class ShareContrast(Result):
    """Two shares, their difference, the odds ratio with its interval, Cramér's V."""

    share: float | None
    other_share: float | None
    difference: float | None
    odds_ratio: float | None
    low: float | None
    high: float | None
    cramers_v: float | None
    reason: Reason | None = None


@method(
    "mining.share_contrast",
    name="Difference of two shares",
    source="Woolf, Ann. Hum. Genet. 19 (1955); Haldane (1956); Cramér (1946), ch. 21",
    version="1",
    formula="OR = ad / bc; ln OR ± z √(1/a + 1/b + 1/c + 1/d); V = √(χ²/n)",
    phase=3,
    example={"having": 30, "size": 100, "other_having": 10, "other_size": 100},
)
def share_contrast(
    having: int,
    size: int,
    other_having: int,
    other_size: int,
    confidence: Number = 0.95,
) -> ShareContrast:
    """Compare how many of two groups have something, such as slow and fast cases.

    a and b are those of the first group that have it and do not, c and d those of the
    other. With a zero among the four, 0.5 is added to each (Haldane) for the odds ratio
    and its interval. Cramér's V of such a table is |phi|, from 0 to 1. The difference
    of shares equals Cliff's delta of the yes or no.

    Edges: an empty group gives nothing (insufficient_data); where all have it or none
    has, the difference and V are 0 and there is no odds ratio (zero_variance).

    Worked example: 30 of 100 against 10 of 100: difference 0.2, odds ratio
    30 × 90 / (70 × 10) = 3.857 with 1.767 to 8.422, V = 0.25.

    :param having: Of the first group, how many have it.
    :param size: The first group.
    :param other_having: Of the other group, how many have it.
    :param other_size: The other group.
    :param confidence: Of the interval, such as 0.95.
    """
    groups = [
        _part(having, size, "having", "size"),
        _part(other_having, other_size, "other_having", "other_size"),
    ]
    level = confidence_level(confidence)
    (a, b), (c, d) = groups
    if not a + b or not c + d:
        nothing = (None, None, None, None, None, None, None)
        return ShareContrast(*nothing, "insufficient_data")
    share, other = a / (a + b), c / (c + d)
    if not a + c or not b + d:
        return ShareContrast(share, other, 0.0, None, None, None, 0.0, "zero_variance")
    ratio, low, high = _odds((a, b, c, d), level)
    strength = abs(a * d - b * c) / math.sqrt((a + b) * (c + d) * (a + c) * (b + d))
    return ShareContrast(share, other, share - other, ratio, low, high, strength)


def _part(having: object, size: object, field: str, whole_field: str) -> list[int]:
    """Those who have it and those who do not."""
    all_of_them = whole(size, whole_field, least=0, most=10**12)
    some = whole(having, field, least=0, most=10**12)
    if some > all_of_them:
        refuse(field, "give at most as many as the group has")
    return [some, all_of_them - some]


def _odds(cells: Sequence[float], level: float) -> tuple[float, float, float]:
    if not all(cells):
        cells = [cell + HALF for cell in cells]
    a, b, c, d = cells
    ratio = math.log(a) + math.log(d) - math.log(b) - math.log(c)
    reach = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(
        sum(1 / cell for cell in cells)
    )
    return math.exp(ratio), math.exp(ratio - reach), math.exp(ratio + reach)


@dataclass(frozen=True)
class Dominance(Result):
    """Cliff's delta from -1 to 1, and the two medians."""

    delta: float | None
    median: float | None
    other_median: float | None
    reason: Reason | None = None


@method(
    "mining.dominance",
    name="Cliff's delta (rank-biserial)",
    source="Cliff, Psychological Bulletin 114 (1993) 494-509",
    version="1",
    formula="δ = (#(x > y) − #(x < y)) / (n × m)",
    phase=3,
    example={"values": [5, 7, 9], "others": [1, 5, 6]},
)
def dominance(values: Sequence[Number], others: Sequence[Number]) -> Dominance:
    """How far the numbers of one group lie above those of another.

    Of all pairs, the share in which the first is greater less the share in which it is
    smaller: 1 when all are greater, 0 when neither leads, -1 when all are smaller. It
    is the rank-biserial correlation of the Mann-Whitney test and asks for no particular
    distribution.

    Edges: an empty group gives nothing (insufficient_data); equal values count 0.

    Worked example: of the 9 pairs of 5, 7, 9 with 1, 5, 6 the first is greater in 7,
    smaller in 1 and equal in 1: δ = 6/9 = 0.667.

    :param values: Of the first group.
    :param others: Of the other group.
    """
    first, second = numbers(values, "values"), numbers(others, "others")
    if not first or not second:
        return Dominance(None, None, None, "insufficient_data")
    delta = cliffs_delta(np.array(first), np.array(second))
    return Dominance(delta, float(median(first)), float(median(second)))


def cliffs_delta(values: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """The same for long arrays, none of them empty, in n log n."""
    ordered = np.sort(others)
    below = int(np.searchsorted(ordered, values, "left").sum(dtype=np.int64))
    upto = int(np.searchsorted(ordered, values, "right").sum(dtype=np.int64))
    pairs = len(values) * len(others)
    return (below - (pairs - upto)) / pairs
