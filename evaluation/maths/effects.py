"""What has changed: the same indicator before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev
from typing import Literal, NamedTuple

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Number, choice, numbers

FEWEST_FOR_INFERENCE = 3

Better = Literal["higher", "lower"]
Verdict = Literal["better", "worse", "same"]


@dataclass(frozen=True)
class Difference(Result):
    """Levels and changes (after less before) in the unit of the values, and shares."""

    n_before: int
    n_after: int
    mean_before: float | None
    mean_after: float | None
    median_before: float | None
    median_after: float | None
    sd_before: float | None
    sd_after: float | None
    change: float | None
    median_change: float | None
    relative_change: float | None
    median_relative_change: float | None
    direction: Verdict | None
    is_descriptive: bool
    reason: Reason | None = None


@method(
    "effect.difference",
    name="Difference before and after",
    source="Definition; test and interval are those of the methods stats.*",
    version="1",
    formula="change = mean after − mean before; relative = change / |mean before|",
    phase=7,
    example={"before": [12, 11, 13, 12], "after": [9, 8, 10, 9], "better": "lower"},
)
def difference(
    before: Sequence[Number], after: Sequence[Number], better: Better = "higher"
) -> Difference:
    """Describe how far means and medians have moved, in units and relative to before.

    The direction tells whether the mean moved to the good side; it says nothing about
    chance. With fewer than three values on a side, or with values that never vary, the
    comparison stays descriptive: no test, no interval.

    Edges: an empty side gives no change (insufficient_data); a level of 0 before leaves
    the relative change undefined (zero_denominator); relative changes are fractions.

    Worked example: 12, 11, 13, 12 before and 9, 8, 10, 9 after: change −3 (−25 %),
    better when lower is.

    :param before: Values before the change.
    :param after: Values after the change.
    :param better: Whether higher or lower values are better.
    """
    good = choice(better, "better", ("higher", "lower"))
    old, new = numbers(before, "before"), numbers(after, "after")
    return _compared(old, new, good)


def _compared(old: list[float], new: list[float], good: str) -> Difference:
    earlier, later = _level(old), _level(new)
    change, relative = _change(earlier.mean, later.mean)
    median_change, median_relative = _change(earlier.middle, later.middle)
    return Difference(
        n_before=len(old),
        n_after=len(new),
        mean_before=earlier.mean,
        mean_after=later.mean,
        median_before=earlier.middle,
        median_after=later.middle,
        sd_before=earlier.spread,
        sd_after=later.spread,
        change=change,
        median_change=median_change,
        relative_change=relative,
        median_relative_change=median_relative,
        direction=_direction(change, good),
        is_descriptive=_is_descriptive(old, new),
        reason=_reason(change, relative),
    )


class Level(NamedTuple):
    """Mean, median and standard deviation of one side."""

    mean: float | None
    middle: float | None
    spread: float | None


def _level(values: list[float]) -> Level:
    if not values:
        return Level(None, None, None)
    spread = stdev(values) if len(values) > 1 else None
    return Level(fmean(values), float(median(values)), spread)


def _change(old: float | None, new: float | None) -> tuple[float | None, float | None]:
    """Return the absolute change and the one relative to the old level."""
    if old is None or new is None:
        return None, None
    return new - old, (new - old) / abs(old) if old else None


def _direction(change: float | None, good: str) -> Verdict | None:
    if change is None:
        return None
    if change == 0:
        return "same"
    return "better" if (change > 0) == (good == "higher") else "worse"


def _is_descriptive(old: list[float], new: list[float]) -> bool:
    if min(len(old), len(new)) < FEWEST_FOR_INFERENCE:
        return True
    return len(set(old)) == 1 and len(set(new)) == 1


def _reason(change: float | None, relative: float | None) -> Reason | None:
    if change is None:
        return "insufficient_data"
    return "zero_denominator" if relative is None else None
