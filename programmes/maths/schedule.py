"""Critical path and slack of dependent work."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

from programmes.maths.catalogue import Reason, Result, method
from programmes.maths.checks import (
    Number,
    entry,
    listed,
    number,
    refuse,
    table,
    text,
)

SAME_MOMENT = 1e-9

Moments = dict[str, float]


@dataclass(frozen=True)
class CriticalPath(Result):
    """When each activity can and must run; times in the unit of the durations."""

    duration: float | None
    critical_path: tuple[str, ...]
    variance: float | None
    probability_by_deadline: float | None
    expected: Moments
    earliest_start: Moments = field(default_factory=dict)
    earliest_finish: Moments = field(default_factory=dict)
    latest_start: Moments = field(default_factory=dict)
    latest_finish: Moments = field(default_factory=dict)
    slack: Moments = field(default_factory=dict)
    free_slack: Moments = field(default_factory=dict)
    loop: tuple[str, ...] = ()
    reason: Reason | None = None


@dataclass
class Network:
    """Activities in the order they were given, and in an order that respects links."""

    expected: Moments = field(default_factory=dict)
    variance: Moments = field(default_factory=dict)
    before: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)


@method(
    "project.cpm",
    name="Critical path",
    source="Kelley & Walker (1959); PERT: Malcolm et al. (1959)",
    version="1",
    formula="tₑ = (o + 4m + p)/6, σ² = ((p − o)/6)², slack = LS − ES",
    phase=6,
    example={
        "activities": [
            {"id": "A", "duration": 3},
            {"id": "B", "duration": 2},
            {"id": "C", "duration": 4, "pred": ["A"]},
            {"id": "D", "o": 1, "m": 2, "p": 3, "pred": ["B"]},
        ],
        "deadline": 8,
    },
)
def cpm(
    activities: Sequence[Mapping[str, Any]], deadline: Number | None = None
) -> CriticalPath:
    """Shortest duration of dependent work and the activities that decide it.

    Forward and backward pass; total slack is LS − ES, free slack is the earliest start
    of a successor less the own finish. Slack 0 (within 1e-9) is critical; with several
    critical paths all their activities are listed, by start, and the largest variance
    along one of them counts. P(done by D) = Φ((D − T)/σ) is optimistic when other paths
    are nearly critical, and nothing when no duration varies (zero_variance).

    Edges: no activity lasts 0; a cycle gives nothing (cycle) and names the loop.

    Worked example: A 3 then C 4, B 2 then D 2: duration 7, critical A and C, B and D
    have slack 3.

    :param activities: Rows with id, duration (or o, m, p) and pred, the list of ids
        that must be done before.
    :param deadline: Moment whose chance of being met is wanted.
    """
    network = _network(activities)
    limit = None if deadline is None else number(deadline, "deadline")
    loop = _ordered(network)
    if loop:
        return CriticalPath(
            None, (), None, None, network.expected, loop=loop, reason="cycle"
        )
    return _scheduled(network, limit)


def _network(activities: object) -> Network:
    network = Network()
    for position, row in enumerate(listed(activities, "activities"), 1):
        place = f"activities[{position}]"
        given = table(row, place)
        name = text(entry(given, "id", place), f"{place}.id")
        if name in network.before:
            refuse(f"{place}.id", f"{name} is there twice")
        network.expected[name], network.variance[name] = _duration(given, place)
        network.before[name] = [
            text(link, f"{place}.pred")
            for link in listed(given.get("pred", []), f"{place}.pred")
        ]
        network.after[name] = []
    for name, links in network.before.items():
        for link in links:
            if link not in network.after:
                refuse(f"pred of {name}", f"there is no activity {link}")
            network.after[link].append(name)
    return network


def _duration(given: Mapping[str, object], place: str) -> tuple[float, float]:
    """Return the expected duration and its variance."""
    if "duration" in given:
        return number(given["duration"], f"{place}.duration", least=0), 0.0
    optimistic, likely, pessimistic = (
        number(entry(given, key, place), f"{place}.{key}", least=0) for key in "omp"
    )
    if not optimistic <= likely <= pessimistic:
        refuse(place, "give o, m and p in rising order")
    expected = (optimistic + 4 * likely + pessimistic) / 6
    return expected, ((pessimistic - optimistic) / 6) ** 2


def _ordered(network: Network) -> tuple[str, ...]:
    """Fill the order of the network; return a loop if there is one."""
    waiting = {name: len(links) for name, links in network.before.items()}
    network.order = [name for name, links in waiting.items() if links == 0]
    for name in network.order:
        for follower in network.after[name]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                network.order.append(follower)
    if len(network.order) == len(waiting):
        return ()
    walked = [next(name for name, links in waiting.items() if links)]
    seen = {walked[0]: 0}
    while True:
        step = next(link for link in network.before[walked[-1]] if waiting[link])
        if step in seen:
            return tuple(reversed(walked[seen[step] :]))
        seen[step] = len(walked)
        walked.append(step)


def _scheduled(network: Network, limit: float | None) -> CriticalPath:
    start, finish = _forward(network)
    duration = max(finish.values(), default=0.0)
    late_start, late_finish = _backward(network, duration)
    slack = {name: _slack(late_start[name] - start[name]) for name in start}
    free = {
        name: _slack(
            min((start[later] for later in network.after[name]), default=duration)
            - finish[name]
        )
        for name in start
    }
    critical = sorted(
        (name for name in network.order if slack[name] == 0), key=start.__getitem__
    )
    variance = _variance(network, critical, start, finish)
    chance = None if limit is None else _chance(limit, duration, variance)
    return CriticalPath(
        duration,
        tuple(critical),
        variance,
        chance,
        network.expected,
        start,
        finish,
        late_start,
        late_finish,
        slack,
        free,
        (),
        "zero_variance" if limit is not None and chance is None else None,
    )


def _slack(value: float) -> float:
    return 0.0 if abs(value) <= SAME_MOMENT else value


def _forward(network: Network) -> tuple[Moments, Moments]:
    start: Moments = {}
    finish: Moments = {}
    for name in network.order:
        start[name] = max((finish[link] for link in network.before[name]), default=0.0)
        finish[name] = start[name] + network.expected[name]
    return start, finish


def _backward(network: Network, duration: float) -> tuple[Moments, Moments]:
    start: Moments = {}
    finish: Moments = {}
    for name in reversed(network.order):
        finish[name] = min(
            (start[link] for link in network.after[name]), default=duration
        )
        start[name] = finish[name] - network.expected[name]
    return start, finish


def _variance(
    network: Network, critical: list[str], start: Moments, finish: Moments
) -> float:
    """Return the largest variance along any critical path."""
    sums: Moments = {}
    for name in critical:
        sums[name] = network.variance[name] + max(
            (
                sums[link]
                for link in network.before[name]
                if link in sums and abs(finish[link] - start[name]) <= SAME_MOMENT
            ),
            default=0.0,
        )
    return max(sums.values(), default=0.0)


def _chance(limit: float, duration: float, variance: float) -> float | None:
    if variance == 0:
        return None
    return NormalDist().cdf((limit - duration) / math.sqrt(variance))
