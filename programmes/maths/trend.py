"""When something that grows will be complete, at the pace of the last days."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Number, number, numbers, refuse

FEWEST = 3


@dataclass(frozen=True)
class Completion(Result):
    """The pace in units a day, and the day at which the goal is reached."""

    pace: float | None
    day: float | None
    points: int
    reason: Reason | None = None


@method(
    "forecast.completion",
    name="Completion at the present pace",
    source="Theil (1950); Sen (1968) J. Am. Stat. Assoc. 63:1379-1389",
    version="1",
    formula="b = median of (yⱼ − yᵢ)/(xⱼ − xᵢ); day = xₙ + (goal − yₙ)/b",
    phase=1,
    example={"days": [0, 7, 14, 21], "values": [2, 4, 4, 8], "goal": 12},
)
def completion(
    days: Sequence[Number],
    values: Sequence[Number],
    goal: Number,
    window: Number = 28,
) -> Completion:
    """The day at which a goal is reached if the pace of the last days goes on.

    The pace is the median slope between all pairs of points in the window before the
    newest one (Theil-Sen), so that one day of much or no progress does not decide it;
    the line starts at the newest point.

    Edges: fewer than three points in the window give nothing (insufficient_data); no
    pace, or one that goes back, never arrives (not_reached); a goal that is reached
    already is reached on the newest day.

    Worked example: values 2, 4, 4, 8 at days 0, 7, 14, 21 have slopes 2/7, 1/7, 2/7,
    0, 2/7 and 4/7, in the median 2/7 a day; the 4 that are missing to 12 take 14 days
    more, to day 35.

    :param days: Days of the points, each once.
    :param values: What was reached at each day.
    :param goal: What is to be reached.
    :param window: Days before the newest point that count.
    """
    moments, reached = numbers(days, "days"), numbers(values, "values")
    end, span = number(goal, "goal"), number(window, "window", above=0)
    if len(moments) != len(reached):
        refuse("values", "give one for each day")
    if len(set(moments)) != len(moments):
        refuse("days", "give each day once")
    rows = sorted(zip(moments, reached, strict=True))
    rows = [row for row in rows if row[0] >= rows[-1][0] - span]
    if rows and rows[-1][1] >= end:
        return Completion(None, rows[-1][0], len(rows))
    if len(rows) < FEWEST:
        return Completion(None, None, len(rows), "insufficient_data")
    pace = median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(rows, 2))
    if pace <= 0:
        return Completion(pace, None, len(rows), "not_reached")
    last, value = rows[-1]
    return Completion(pace, last + (end - value) / pace, len(rows))
