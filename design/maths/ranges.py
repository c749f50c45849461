"""How far one weight can move before another option comes first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

CLOSE = 1e-12


@dataclass(frozen=True)
class WeightRange:
    """Shares between which the leader stays first; and who leads beyond each end."""

    now: float
    low: float
    high: float
    below: int | None
    above: int | None


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
