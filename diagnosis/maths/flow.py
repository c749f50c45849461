"""How work flows: Little's law and the share of value in the time that passes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import Number, choice, entry, listed, number, refuse, table

VALUE_CLASSES = ("VA", "BVA", "NVA")


@dataclass(frozen=True)
class LittlesLaw(Result):
    """The three averages, in one unit of time."""

    arrival_rate: float | None
    wip: float | None
    cycle_time: float | None
    reason: Reason | None = None


@method(
    "process.little",
    name="Little's law",
    source="Little (1961) Operations Research 9(3):383-387",
    version="1",
    formula="WIP = λ · CT",
    phase=3,
    example={"arrival_rate": 150, "wip": 90},
)
def littles_law(
    arrival_rate: Number | None = None,
    wip: Number | None = None,
    cycle_time: Number | None = None,
) -> LittlesLaw:
    """Find the third of arrivals per time, work in progress and cycle time.

    Holds for averages of a stable process. The cycle time has the unit of time of the
    arrival rate.

    Edges: give exactly two; a division by 0 leaves the third undefined
    (zero_denominator).

    Worked example (Dumas et al.): 150 guests an hour and 90 in the room stay 0.6 hours.

    :param arrival_rate: Cases that arrive per unit of time.
    :param wip: Cases in progress on average.
    :param cycle_time: Time that a case takes on average.
    """
    rate, work, time = (
        None if value is None else number(value, name, least=0)
        for name, value in (
            ("arrival_rate", arrival_rate),
            ("wip", wip),
            ("cycle_time", cycle_time),
        )
    )
    if [rate, work, time].count(None) != 1:
        refuse("inputs", "give exactly two of arrival_rate, wip and cycle_time")
    if rate is not None and time is not None:
        return LittlesLaw(rate, rate * time, time)
    known = rate if time is None else time
    if not known or work is None:
        return LittlesLaw(rate, work, time, "zero_denominator")
    quotient = work / known
    return LittlesLaw(rate or quotient, work, time or quotient)


@dataclass(frozen=True)
class ValueAdded(Result):
    """Times in the unit of the steps; ratios and shares are fractions."""

    processing: float
    waiting: float
    cycle_time: float
    va_ratio: float | None
    pce: float | None
    cte: float | None
    shares: dict[str, float | None]
    reason: Reason | None = None


@method(
    "process.value_added",
    name="Value-added analysis",
    source="Harrington (1991); Dumas et al. (2018), ch. 6",
    version="1",
    formula="VA ratio = VA/processing, PCE = VA/CT, CTE = processing/CT",
    phase=3,
    example={
        "steps": [
            {"class": "VA", "processing": 30, "waiting": 120},
            {"class": "BVA", "processing": 20, "waiting": 0},
            {"class": "NVA", "processing": 10, "waiting": 60},
            {"class": "VA", "processing": 15, "waiting": 225},
        ]
    },
)
def value_added(steps: Sequence[Mapping[str, Any]]) -> ValueAdded:
    """Share of the time in which value is added, for steps that follow one another.

    VA: the customer would pay; BVA: needed by business or law; NVA: neither. The VA
    ratio looks at processing only, process cycle efficiency (PCE) sets value-adding
    time and cycle time efficiency (CTE) all processing against the cycle time.

    Edges: without processing or cycle time the figures are undefined
    (zero_denominator).

    Worked example: VA 30 + 15, BVA 20, NVA 10 and 405 of waiting: VA ratio 0.6,
    PCE 0.094, CTE 0.156.

    :param steps: Rows with class (VA, BVA or NVA), processing and waiting time.
    """
    spent = dict.fromkeys(VALUE_CLASSES, 0.0)
    waiting = 0.0
    for position, row in enumerate(listed(steps, "steps"), 1):
        place = f"steps[{position}]"
        given = table(row, place)
        kind = choice(entry(given, "class", place), f"{place}.class", VALUE_CLASSES)
        times = entry(given, "processing", place), given.get("waiting", 0)
        spent[kind] += number(times[0], f"{place}.processing", least=0)
        waiting += number(times[1], f"{place}.waiting", least=0)
    processing = sum(spent.values())
    cycle_time = processing + waiting
    return ValueAdded(
        processing,
        waiting,
        cycle_time,
        _ratio(spent["VA"], processing),
        _ratio(spent["VA"], cycle_time),
        _ratio(processing, cycle_time),
        {kind: _ratio(time, processing) for kind, time in spent.items()},
        None if processing else "zero_denominator",
    )


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
