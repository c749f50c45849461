"""How much the weights decide: critical changes, ranges, and random weightings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from programmes.maths.catalogue import Result, method
from programmes.maths.checks import Number, listed, numbers, refuse

CLOSE = 1e-12
DRAWS = 10_000
SEED = 1957
SPREAD = 0.2
MOST = 50


@dataclass(frozen=True)
class WeightRange:
    """Shares between which the leader stays first; and who leads beyond each end."""

    now: float
    low: float
    high: float
    below: int | None
    above: int | None


@dataclass(frozen=True)
class CriticalChange:
    """The pair and criterion (1-based) where the smallest change reverses a rank."""

    pair: str
    criterion: int
    change_pct: float


@dataclass(frozen=True)
class Sensitivity(Result):
    """What it takes to change the ranking, in percent of a weight and in shares."""

    scores: tuple[float, ...]
    relative_change_pct: dict[str, tuple[float | None, ...]]
    top_critical: CriticalChange | None
    any_critical: CriticalChange | None
    ranges: tuple[WeightRange, ...]
    first_shares: tuple[float, ...]
    draws: int = DRAWS
    seed: int = SEED


@method(
    "weights.sensitivity",
    name="Sensitivity of weights",
    source="Triantaphyllou & Sanchez (1997)",
    version="1",
    formula="δ = (Pⱼ − Pᵢ)/(aⱼₖ − aᵢₖ), 100 δ/wₖ; wₖ × U(0.8, 1.2)",
    phase=4,
    example={
        "matrix": [[80, 70], [10, 90], [90, 30]],
        "weights": [0.6, 0.4],
    },
)
def sensitivity(
    matrix: Sequence[Sequence[Number]], weights: Sequence[Number]
) -> Sensitivity:
    """Say how far weights can move before options change places.

    For each pair of options and each criterion: the change of that weight, in percent
    of it, at which the pair changes places (the other weights stay, then all are
    brought to 1). The smallest is critical, once over all pairs and once over pairs
    with the leader. The ranges move one weight while the others keep their proportions;
    the leader stays first inside. The shares say in how many of 10,000 random
    weightings (each weight × U(0.8, 1.2), fixed seed) each option is first; options
    that tie are both first.

    Edges: equal scores on a criterion, a weight of 0, or a change larger than the
    weight give nothing; at least two options; weights that are all 0 are refused.

    Worked example: 76, 42, 66 points; the leader stays first while the first weight
    lies between 22 % and 80 %.

    :param matrix: A row per option with its score on each criterion.
    :param weights: Weight of each criterion, 0 or more, on any scale.
    """
    shares = _shares(weights)
    rows = _rows(matrix, len(shares))
    scores = tuple(
        math.fsum(share * score for share, score in zip(shares, row, strict=True))
        for row in rows
    )
    leader = max(range(len(rows)), key=scores.__getitem__)
    changes = {
        (i, j): _changes(rows, shares, scores, i, j)
        for i in range(len(rows))
        for j in range(i + 1, len(rows))
    }
    return Sensitivity(
        scores,
        {f"{i + 1}-{j + 1}": row for (i, j), row in changes.items()},
        _smallest({pair: row for pair, row in changes.items() if leader in pair}),
        _smallest(changes),
        tuple(weight_ranges(rows, shares, leader)),
        _first_shares(rows, shares),
    )


def _shares(weights: object) -> list[float]:
    given = numbers(weights, "weights", shortest=1, least=0)
    if len(given) > MOST:
        refuse("weights", f"give at most {MOST} of them")
    total = math.fsum(given)
    if total == 0:
        refuse("weights", "give at least one weight above 0")
    return [weight / total for weight in given]


def _rows(matrix: object, width: int) -> list[list[float]]:
    rows = []
    for position, row in enumerate(listed(matrix, "matrix", least=2, most=MOST), 1):
        scores = numbers(row, f"matrix[{position}]")
        if len(scores) != width:
            refuse(
                f"matrix[{position}]", f"give one score for each of the {width} weights"
            )
        rows.append(scores)
    return rows


def _changes(
    rows: list[list[float]],
    shares: list[float],
    scores: tuple[float, ...],
    i: int,
    j: int,
) -> tuple[float | None, ...]:
    """Percent of each weight at which options i and j change places."""
    found: list[float | None] = []
    for k, share in enumerate(shares):
        gap = rows[j][k] - rows[i][k]
        change = (scores[j] - scores[i]) / gap if abs(gap) > CLOSE else math.inf
        is_feasible = share > CLOSE and change <= share
        found.append(100 * change / share if is_feasible else None)
    return tuple(found)


def _smallest(
    changes: dict[tuple[int, int], tuple[float | None, ...]],
) -> CriticalChange | None:
    known = [
        (abs(change), CriticalChange(f"{i + 1}-{j + 1}", k, change))
        for (i, j), row in changes.items()
        for k, change in enumerate(row, 1)
        if change is not None
    ]
    return min(known, key=lambda one: one[0])[1] if known else None


def _first_shares(rows: list[list[float]], shares: list[float]) -> tuple[float, ...]:
    """In which share of random weightings each option is first."""
    random = np.random.default_rng(SEED)
    factors = random.uniform(1 - SPREAD, 1 + SPREAD, (DRAWS, len(shares)))
    # The largest score is 1, so that ties are told apart on one scale.
    table = np.array(rows) / (np.abs(rows).max() or 1.0)
    weighted = factors * np.array(shares)
    scores = weighted / weighted.sum(axis=1, keepdims=True) @ table.T
    is_first = scores >= scores.max(axis=1, keepdims=True) - CLOSE
    return tuple(float(share) for share in is_first.mean(axis=0))


def weight_ranges(
    matrix: Sequence[Sequence[float]], weights: Sequence[float], leader: int
) -> list[WeightRange]:
    """One range for each criterion; the other weights keep their proportions.

    The score of an option is a straight line in the weight that moves, so that each
    rival crosses the leader at most once. A criterion that has all the weight has no
    others to keep in proportion; its range is its own place.

    :param weights: shares that add to 1.
    :param leader: the position of the option that is first now.
    """
    return [
        range_of(matrix, weights, leader, criterion)
        for criterion in range(len(weights))
    ]


def range_of(
    matrix: Sequence[Sequence[float]],
    weights: Sequence[float],
    leader: int,
    criterion: int,
) -> WeightRange:
    now = weights[criterion]
    if 1 - now <= CLOSE:
        return WeightRange(now, now, now, None, None)
    rest = [
        math.fsum(
            weight * row[position]
            for position, weight in enumerate(weights)
            if position != criterion
        )
        / (1 - now)
        for row in matrix
    ]
    low, high = 0.0, 1.0
    below = above = None
    for rival, row in enumerate(matrix):
        # The lead over the rival is `without` at weight 0 and `alone` at weight 1.
        without = rest[leader] - rest[rival]
        alone = matrix[leader][criterion] - row[criterion]
        if rival == leader or abs(alone - without) <= CLOSE:
            continue
        crossing = without / (without - alone)
        if alone > without and low < crossing <= now:
            low, below = crossing, rival
        if alone < without and now <= crossing < high:
            high, above = crossing, rival
    return WeightRange(now, low, high, below, above)
