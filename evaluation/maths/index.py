"""Index values of indicators, and what they add up to."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import (
    Number,
    choice,
    listed,
    number,
    numbers,
    refuse,
)

Kind = Literal[
    "benefit", "cost", "target", "interval", "efficacy", "goal_progress", "attainment"
]
Direction = Literal["benefit", "cost"]
Aggregation = Literal["arithmetic", "geometric"]

GRADES = ((90, "excellent"), (80, "good"), (70, "medium"), (60, "pass"))
LOWEST_GRADE = "fail"
NEGLIGIBLE = 1e-9
PROVISIONAL_BELOW = 0.7

NEEDS: dict[str, tuple[str, ...]] = {
    "benefit": ("worst", "best"),
    "cost": ("best", "worst"),
    "target": ("target", "max_deviation"),
    "interval": ("low", "high", "max_deviation"),
    "efficacy": ("not_allowed", "satisfactory"),
    "goal_progress": ("baseline", "target"),
    "attainment": ("target",),
}
ORDERED = ("benefit", "cost", "interval")
CLIPPED = ("benefit", "cost", "target", "interval")


@dataclass(frozen=True)
class IndexValue(Result):
    """A figure on the common scale of 0 to 100; raw before it was clipped."""

    index: float | None
    raw: float | None
    is_clipped: bool
    reason: Reason | None = None


@method(
    "indicator.normalise",
    name="Index value of an indicator",
    source="Min-max, nominal-the-best; efficacy coefficient of enterprise evaluation",
    version="1",
    formula="100 (x − worst)/(best − worst) and its kin, see the explanation",
    phase=7,
    example={"kind": "cost", "value": 6, "worst": 10, "best": 2},
    inputs={
        "kind": "Which of the formulas.",
        "value": "The figure x, in its own unit.",
        "worst": "Benefit, cost: the value that earns 0.",
        "best": "Benefit, cost: the value that earns 100.",
        "target": "Target, goal progress, attainment: the value aimed at.",
        "max_deviation": "Target, interval: the deviation D that earns 0.",
        "low": "Interval: where full marks begin.",
        "high": "Interval: where full marks end.",
        "not_allowed": "Efficacy: the value that earns 60.",
        "satisfactory": "Efficacy: the value that earns 100.",
        "baseline": "Goal progress: the value at the start.",
        "direction": "Attainment: whether more (benefit) or less (cost) is better.",
    },
)
def normalise(
    kind: Kind,
    value: Number | None,
    worst: Number | None = None,
    best: Number | None = None,
    target: Number | None = None,
    max_deviation: Number | None = None,
    low: Number | None = None,
    high: Number | None = None,
    not_allowed: Number | None = None,
    satisfactory: Number | None = None,
    baseline: Number | None = None,
    direction: Direction = "benefit",
) -> IndexValue:
    """Bring a figure x to the scale of 0 (worst) to 100 (best).

    Benefit and cost: 100 (x − worst)/(best − worst). Target: 100 (1 − |x − T|/D).
    Interval: 100 inside, falling to 0 at D outside. These are clipped to 0 to 100.
    Not clipped: efficacy 60 + 40 (x − not allowed)/(satisfactory − not allowed); goal
    progress 100 (x − baseline)/(target − baseline); attainment 100 x/target, for costs
    100 target/x. The reference values come from the programme, never from the data.

    Edges: no figure gives nothing (insufficient_data), no range zero_denominator.

    Worked example: cost 6 between worst 10 and best 2 is 50.
    """
    references = {
        "worst": worst,
        "best": best,
        "target": target,
        "max_deviation": max_deviation,
        "low": low,
        "high": high,
        "not_allowed": not_allowed,
        "satisfactory": satisfactory,
        "baseline": baseline,
    }
    return _index_value(kind, value, references, direction)


def _index_value(
    kind: object, value: object, references: Mapping[str, object], direction: object
) -> IndexValue:
    chosen = choice(kind, "kind", tuple(NEEDS))
    is_cost = choice(direction, "direction", ("benefit", "cost")) == "cost"
    needed = [_reference(references, name, chosen) for name in NEEDS[chosen]]
    if chosen in ORDERED and needed[0] > needed[1]:
        lower, upper = NEEDS[chosen][:2]
        refuse(upper, f"for the kind {chosen} give no less than {lower}")
    if value is None:
        return IndexValue(None, None, False, "insufficient_data")
    raw = _raw(chosen, number(value, "value"), needed, is_cost)
    if raw is None:
        return IndexValue(None, None, False, "zero_denominator")
    if chosen not in CLIPPED:
        return IndexValue(raw, raw, False)
    index = min(100.0, max(0.0, raw))
    return IndexValue(index, raw, index != raw)


def _reference(references: Mapping[str, object], name: str, kind: str) -> float:
    given = references[name]
    if given is None:
        refuse(name, f"the kind {kind} needs this value")
    return number(given, name, least=0 if name == "max_deviation" else None)


def _raw(
    kind: str, value: float, references: Sequence[float], is_cost: bool
) -> float | None:
    if kind == "attainment":
        parts = (references[0], value) if is_cost else (value, references[0])
        return _percent(*parts)
    if kind in ("target", "interval"):
        low, high = references[0], references[-2]
        beyond = max(low - value, value - high, 0.0)
        share = _percent(beyond, references[-1])
        return None if share is None else 100 - share
    zero, full = references
    if kind == "cost":
        return _percent(full - value, full - zero)
    share = _percent(value - zero, full - zero)
    if kind == "efficacy" and share is not None:
        return 60 + 0.4 * share
    return share


def _percent(part: float, total: float) -> float | None:
    return 100 * part / total if total else None


@dataclass(frozen=True)
class Composite(Result):
    """One index of several, the other way to join them, and the grade."""

    index: float | None
    method: Aggregation
    arithmetic: float | None
    geometric: float | None
    coverage: float
    is_provisional: bool
    grade: str | None
    reason: Reason | None = None


def grade(index: float) -> str:
    """Return the grade of an index from 0 to 100; a threshold is in the better one."""
    for least, name in GRADES:
        if index >= least - NEGLIGIBLE:
            return name
    return LOWEST_GRADE


@method(
    "indicator.composite",
    name="Composite index",
    source="OECD, Handbook on Constructing Composite Indicators (2008)",
    version="1",
    formula="Σ wⱼ cⱼ / Σ wⱼ, or Π cⱼ^(wⱼ / Σ w)",
    phase=7,
    example={"values": [80, 60, 90], "weights": [0.5, 0.3, 0.2]},
)
def composite(
    values: Sequence[Number | None],
    weights: Sequence[Number] | None = None,
    method: Aggregation = "arithmetic",
) -> Composite:
    """Join index values to one, by the weighted mean or the geometric mean.

    The arithmetic mean lets strong values make up for weak ones; the geometric mean
    punishes imbalance and is 0 when any value is. Both are returned. Grades: 90
    excellent, 80 good, 70 medium, 60 pass, below fail.

    Edges: missing values are left out and the weights of the others renormalised;
    coverage is the weight with a value, below 0.7 the index is provisional; none gives
    nothing (insufficient_data); a value below 0 leaves the geometric mean undefined
    (inconsistent).

    Worked example: 80, 60, 90 with .5, .3, .2 is 76 (arithmetic).

    :param values: Index values, or nothing where there is none.
    :param weights: Weight of each value, 0 or more; equal when not given.
    :param method: Which of the two means is the index.
    """
    chosen = choice(method, "method", ("arithmetic", "geometric"))
    given = [
        None if value is None else number(value, f"values[{position}]")
        for position, value in enumerate(listed(values, "values"), 1)
    ]
    shares = _weights(weights, len(given))
    known = [
        (value, share)
        for value, share in zip(given, shares, strict=True)
        if value is not None and share > 0
    ]
    return _joined(known, "arithmetic" if chosen == "arithmetic" else "geometric")


def _joined(known: list[tuple[float, float]], method: Aggregation) -> Composite:
    arithmetic, geometric = _arithmetic(known), _geometric(known)
    index = arithmetic if method == "arithmetic" else geometric
    missing: Reason = "inconsistent" if known else "insufficient_data"
    coverage = math.fsum(share for _, share in known)
    return Composite(
        index,
        method,
        arithmetic,
        geometric,
        coverage,
        is_provisional(coverage),
        None if index is None else grade(index),
        missing if index is None else None,
    )


def _weights(weights: object, length: int) -> list[float]:
    if weights is None:
        return [1 / max(1, length)] * length
    given = numbers(weights, "weights", least=0)
    if len(given) != length:
        refuse("weights", f"give one weight for each of the {length} values")
    total = math.fsum(given)
    if given and total == 0:
        refuse("weights", "give at least one weight above 0")
    return [weight / total for weight in given]


def is_provisional(coverage: float) -> bool:
    """Say whether too little of the weight is known for a final index."""
    return coverage < PROVISIONAL_BELOW - NEGLIGIBLE


def _arithmetic(known: list[tuple[float, float]]) -> float | None:
    total = math.fsum(share for _, share in known)
    return math.fsum(value * share for value, share in known) / total if total else None


def _geometric(known: list[tuple[float, float]]) -> float | None:
    if not known or min(value for value, _ in known) < 0:
        return None
    if min(value for value, _ in known) == 0:
        return 0.0
    total = math.fsum(share for _, share in known)
    return math.exp(
        math.fsum(math.log(value) * share for value, share in known) / total
    )
