"""Scores of options against weighted criteria."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from programmes.maths.catalogue import Result, method
from programmes.maths.checks import Number, listed, number, numbers, refuse
from programmes.maths.ranking import competition_ranks

MOST_OPTIONS = 500
MOST_CRITERIA = 200

Standing = Literal["ranked", "incomplete", "ruled_out"]


@dataclass(frozen=True)
class WeightedScores(Result):
    """Scores on the scale of the inputs, with what each criterion adds to them."""

    scores: tuple[float | None, ...]
    ranks: tuple[int | None, ...]
    standings: tuple[Standing, ...]
    weights: tuple[float, ...]
    contributions: tuple[tuple[float | None, ...], ...]


@method(
    "mcdm.wsm",
    name="Weighted scoring",
    source="Fishburn (1967); Triantaphyllou & Sanchez (1997)",
    version="1",
    formula="Sᵢ = Σ wⱼ xᵢⱼ / Σ wⱼ",
    phase=4,
    example={
        "matrix": [[80, 60, 90], [70, 90, 50], [60, 70, None]],
        "weights": [5, 3, 2],
    },
)
def weighted_scores(
    matrix: Sequence[Sequence[Number | None]],
    weights: Sequence[Number],
    passes: Sequence[bool] | None = None,
) -> WeightedScores:
    """Rank options by the weighted mean of their scores on one common scale.

    Weights are brought to a sum of 1. Must-criteria stand outside the sum: an option
    that fails them keeps its score but is ruled out of the ranking. Equal scores share
    a rank (1, 2, 2, 4; equal within 1e-12 relative).

    Edges: an option with a missing score is incomplete, has neither score nor rank, and
    is never taken as 0; weights that are all 0 are refused; no option gives no rows.

    Worked example: 80, 60, 90 with weights 5, 3, 2 gives 76; 70, 90, 50 gives 72.

    :param matrix: A row per option with its score on each criterion, or nothing.
    :param weights: Weight of each criterion, 0 or more, on any scale.
    :param passes: For each option whether it meets all must-criteria.
    """
    shares = _shares(weights)
    rows = _rows(matrix, len(shares))
    met = _passes(passes, len(rows))
    contributions = tuple(
        tuple(
            None if score is None else share * score
            for share, score in zip(shares, row, strict=True)
        )
        for row in rows
    )
    scores = tuple(_total(parts) for parts in contributions)
    standings = tuple(map(_standing, scores, met))
    ranks = competition_ranks(
        [
            score if standing == "ranked" else None
            for score, standing in zip(scores, standings, strict=True)
        ]
    )
    return WeightedScores(scores, tuple(ranks), standings, shares, contributions)


def _shares(weights: object) -> tuple[float, ...]:
    given = numbers(weights, "weights", shortest=1, least=0)
    if len(given) > MOST_CRITERIA:
        refuse("weights", f"give at most {MOST_CRITERIA} of them")
    total = math.fsum(given)
    if total == 0:
        refuse("weights", "give at least one weight above 0")
    return tuple(weight / total for weight in given)


def _rows(matrix: object, width: int) -> list[list[float | None]]:
    rows = []
    for position, row in enumerate(listed(matrix, "matrix", most=MOST_OPTIONS), 1):
        place = f"matrix[{position}]"
        scores = listed(row, place)
        if len(scores) != width:
            refuse(place, f"give one score for each of the {width} weights")
        rows.append(
            [
                None if score is None else number(score, f"{place}[{column}]")
                for column, score in enumerate(scores, 1)
            ]
        )
    return rows


def _passes(passes: object, length: int) -> list[bool]:
    if passes is None:
        return [True] * length
    given = listed(passes, "passes")
    if len(given) != length:
        refuse("passes", f"give one answer for each of the {length} options")
    if not all(isinstance(answer, bool) for answer in given):
        refuse("passes", "give yes or no only")
    return [answer is True for answer in given]


def _total(parts: tuple[float | None, ...]) -> float | None:
    known = [part for part in parts if part is not None]
    return math.fsum(known) if len(known) == len(parts) else None


def _standing(score: float | None, is_met: bool) -> Standing:
    if not is_met:
        return "ruled_out"
    return "incomplete" if score is None else "ranked"
