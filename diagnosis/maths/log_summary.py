"""What an event log says at a glance."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import fmean, median
from typing import NamedTuple

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import listed, refuse, text

MOST_EVENTS = 100_000
SECONDS_PER_HOUR = 3600


class Event(NamedTuple):
    """One row of the log."""

    case: str
    activity: str
    moment: datetime
    resource: str | None


class Edge(NamedTuple):
    """How often one activity directly followed another, and after what gap."""

    source: str
    target: str
    frequency: int
    mean_gap_h: float
    median_gap_h: float
    total_gap_h: float


class Variant(NamedTuple):
    """A sequence of activities and the number of cases that took it."""

    activities: tuple[str, ...]
    cases: int


@dataclass(frozen=True)
class LogSummary(Result):
    """Counts, throughput in hours, succession and rework of a log."""

    cases: int
    events: int
    activities: int
    variants: int
    wip: int
    mean_throughput_h: float | None
    median_throughput_h: float | None
    p90_throughput_h: float | None
    min_throughput_h: float | None
    max_throughput_h: float | None
    start: dict[str, int]
    end: dict[str, int]
    dfg: dict[str, int]
    edges: tuple[Edge, ...]
    bottleneck: Edge | None
    variant_counts: tuple[Variant, ...]
    rework_case_share: float | None
    rework_event_share: float | None
    rework_cases_by_activity: dict[str, int]
    handovers: int
    handovers_per_case: float | None
    reason: Reason | None = None


@method(
    "mining.log_summary",
    name="Summary of an event log",
    source="van der Aalst, Process Mining (2016), ch. 5 and 9",
    version="1",
    formula="throughput = last − first event of a case; bottleneck = max count × gap",
    phase=3,
    example={
        "events": [
            ["1", "register", "2024-03-04T08:00", "Ann"],
            ["1", "check", "2024-03-04T10:00", "Bo"],
            ["1", "check", "2024-03-04T11:00", "Bo"],
            ["1", "decide", "2024-03-04T15:00", "Ann"],
            ["2", "register", "2024-03-04T09:00", "Ann"],
            ["2", "decide", "2024-03-04T12:00", "Ann"],
        ]
    },
)
def log_summary(
    events: Sequence[Sequence[str | None]], open_cases: Sequence[str] = ()
) -> LogSummary:
    """Cases, variants, throughput, direct succession, rework and handovers of a log.

    Events are ordered by time, then row. A variant is a sequence of activities. Gaps
    lie between events; with one time per event they mix waiting and work. Rework is a
    repeated activity; a handover passes to another resource; the bottleneck is the edge
    with the largest count × median gap. The p90 interpolates linearly.

    Edges: no event gives nothing (insufficient_data); a case of one event takes 0; open
    cases count as work in progress, have no end and no throughput.

    Worked example: case 1 takes 7 h and repeats check, case 2 takes 3 h: mean 5 h,
    rework in half of the cases.

    :param events: Rows of case, activity, ISO time and, if known, resource.
    :param open_cases: Cases that are not finished yet.
    """
    traces = _traces(events)
    return _summary(traces, _open(open_cases, traces))


def _summary(traces: dict[str, list[Event]], still_open: set[str]) -> LogSummary:
    closed = [trace for case, trace in traces.items() if case not in still_open]
    hours = sorted(_hours(trace[0], trace[-1]) for trace in closed)
    every = list(traces.values())
    edges = _edges(every)
    variants = Counter(tuple(event.activity for event in trace) for trace in every)
    repeats = [_repeats(trace) for trace in every]
    by_activity = Counter(name for repeated in repeats for name in repeated)
    handovers = sum(_handovers(trace) for trace in every)
    size = sum(len(trace) for trace in every)
    return LogSummary(
        cases=len(every),
        events=size,
        activities=len({event.activity for trace in every for event in trace}),
        variants=len(variants),
        wip=len(still_open),
        **_throughput(hours),
        start=_ranked(Counter(trace[0].activity for trace in every)),
        end=_ranked(Counter(trace[-1].activity for trace in closed)),
        dfg={f"{edge.source} > {edge.target}": edge.frequency for edge in edges},
        edges=tuple(edges),
        bottleneck=_bottleneck(edges),
        variant_counts=tuple(Variant(*pair) for pair in variants.most_common()),
        rework_case_share=_share(sum(map(bool, repeats)), len(every)),
        rework_event_share=_share(sum(map(Counter.total, repeats)), size),
        rework_cases_by_activity=_ranked(by_activity),
        handovers=handovers,
        handovers_per_case=_share(handovers, len(every)),
        reason=None if hours else "insufficient_data",
    )


def _traces(events: object) -> dict[str, list[Event]]:
    traces: dict[str, list[Event]] = {}
    rows = [
        _event(row, f"events[{position}]")
        for position, row in enumerate(listed(events, "events", most=MOST_EVENTS), 1)
    ]
    if len({event.moment.utcoffset() is None for event in rows}) > 1:
        refuse("events", "give all times with a zone or all without")
    for event in sorted(rows, key=lambda event: event.moment):
        traces.setdefault(event.case, []).append(event)
    return traces


def _event(row: object, place: str) -> Event:
    case, activity, time, *rest = [*listed(row, place, least=3, most=4), None][:4]
    resource = None if rest[0] is None else text(rest[0], f"{place}.resource")
    try:
        moment = datetime.fromisoformat(text(time, f"{place}.time"))
    except ValueError:
        refuse(f"{place}.time", "give a time such as 2024-03-04T08:00")
    return Event(
        text(case, f"{place}.case"),
        text(activity, f"{place}.activity"),
        moment,
        resource,
    )


def _open(open_cases: object, traces: dict[str, list[Event]]) -> set[str]:
    cases = {
        text(case, "open_cases")
        for case in listed(open_cases, "open_cases", most=MOST_EVENTS)
    }
    for case in sorted(cases - traces.keys()):
        refuse("open_cases", f"there is no case {case}")
    return cases


def _hours(first: Event, last: Event) -> float:
    return (last.moment - first.moment).total_seconds() / SECONDS_PER_HOUR


def _throughput(hours: list[float]) -> dict[str, float | None]:
    figures: list[float | None] = [None] * 5
    if hours:
        figures = [fmean(hours), median(hours), _p90(hours), hours[0], hours[-1]]
    names = ("mean", "median", "p90", "min", "max")
    return {
        f"{name}_throughput_h": figure
        for name, figure in zip(names, figures, strict=True)
    }


def _p90(rising: list[float]) -> float:
    place = 0.9 * (len(rising) - 1)
    low, high = rising[math.floor(place)], rising[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def _edges(traces: list[list[Event]]) -> list[Edge]:
    gaps: dict[tuple[str, str], list[float]] = {}
    for trace in traces:
        for event, following in pairwise(trace):
            pair = (event.activity, following.activity)
            gaps.setdefault(pair, []).append(_hours(event, following))
    edges = [
        Edge(*pair, len(hours), fmean(hours), median(hours), math.fsum(hours))
        for pair, hours in gaps.items()
    ]
    return sorted(edges, key=lambda edge: (-edge.frequency, edge.source, edge.target))


def _bottleneck(edges: list[Edge]) -> Edge | None:
    return max(edges, key=lambda edge: edge.frequency * edge.median_gap_h, default=None)


def _repeats(trace: list[Event]) -> Counter[str]:
    """Return how often each activity was done again."""
    counts = Counter(event.activity for event in trace)
    counts.subtract(counts.keys())
    return +counts


def _handovers(trace: list[Event]) -> int:
    return sum(
        event.resource is not None
        and following.resource is not None
        and event.resource != following.resource
        for event, following in pairwise(trace)
    )


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _share(part: int, size: int) -> float | None:
    return part / size if size else None
