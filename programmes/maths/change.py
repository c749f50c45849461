"""Readiness for change by the five elements of ADKAR, and groups nobody is seen in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Number, number, refuse, table

ELEMENTS = ("awareness", "desire", "knowledge", "ability", "reinforcement")
LOW, MOST = 3, 5


@dataclass(frozen=True)
class Readiness(Result):
    """The first element that holds people back, the sum, and an index of 0 to 100."""

    barrier_point: str | None
    total: float | None
    index: float | None
    reason: Reason | None = None


@method(
    "change.adkar",
    name="Readiness by ADKAR, with its barrier point",
    source="Prosci ADKAR: barrier point = first element scoring 3 or below",
    version="1",
    formula="index = 100 (Σ scores − 5) / 20; barrier = first element ≤ 3 in order",
    phase=2,
    example={
        "scores": {
            "awareness": 5,
            "desire": 4,
            "knowledge": 2,
            "ability": 1,
            "reinforcement": 3,
        }
    },
)
def adkar(scores: Mapping[str, Number]) -> Readiness:
    """Readiness of a person, or of a group by its mean scores.

    The five elements build on one another, so the first of them at 3 or below is where
    to work; a later element may be lower without being the barrier.

    Edges: no scores at all give nothing (insufficient_data); no element at 3 or below
    gives no barrier.

    Worked example: 5, 4, 2, 1, 3 has its barrier at knowledge, a sum of 15 and an
    index of 50.

    :param scores: Awareness, desire, knowledge, ability, reinforcement; each 1 to 5.
    """
    given = table(scores, "scores")
    if not given:
        return Readiness(None, None, None, "insufficient_data")
    if set(given) != set(ELEMENTS):
        refuse("scores", "give all five elements and no other")
    values = {
        name: number(given[name], f"scores.{name}", least=1, most=MOST)
        for name in ELEMENTS
    }
    barrier = next((name for name in ELEMENTS if values[name] <= LOW), None)
    total = sum(values.values())
    return Readiness(barrier, total, 100 * (total - 5) / 20)


def shown(counts: Mapping[str, int], fewest: int) -> frozenset[str]:
    """The groups whose figures may be shown beside those of all together.

    A group with fewer people is hidden. What is hidden could be computed as the rest of
    the total, so the hidden ones together must be `fewest` people and two groups too:
    else the smallest of the shown is hidden with them.

    Edges: groups without anybody are never shown, and hide nothing.
    """
    there = {name: n for name, n in counts.items() if n > 0}
    hidden = {name for name, n in there.items() if n < fewest}
    while hidden and hidden != set(there):
        together = sum(there[name] for name in hidden)
        if together >= fewest and len(hidden) > 1:
            break
        rest = sorted((n, name) for name, n in there.items() if name not in hidden)
        hidden.add(rest[0][1])
    return frozenset(set(there) - hidden)
