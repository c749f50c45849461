"""Competition ranking: 1, 2, 2, 4."""

import math
from collections.abc import Sequence

TIE = 1e-12


def competition_ranks(scores: Sequence[float | None]) -> list[int | None]:
    """Rank scores, the highest first; equal scores share the better rank.

    Two scores are equal within 1e-12 relative. A missing score has no rank.

    >>> competition_ranks([10, 7, None, 7, 1])
    [1, 2, None, 2, 4]
    """
    known = [(score, place) for place, score in enumerate(scores) if score is not None]
    known.sort(key=lambda pair: -pair[0])
    ranks: list[int | None] = [None] * len(scores)
    leader, rank = math.nan, 0
    for position, (score, place) in enumerate(known, 1):
        if not math.isclose(score, leader, rel_tol=TIE):
            leader, rank = score, position
        ranks[place] = rank
    return ranks
