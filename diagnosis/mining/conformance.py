"""How a log agrees with a model of the process: by variant, never case by case."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from diagnosis.maths.conformance import Net, Pair, Trace, compare_moves, replay
from diagnosis.mining.lenses import Log
from diagnosis.mining.neighbours import SEPARATOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_DEVIATIONS = 500
MOST_TIMED = 60


@dataclass(frozen=True)
class Model:
    """What the process foresees, in the activities of the log.

    `permitted` are moves, None being start and end; `left_out` are activities of other
    processes, which are passed over; `steps` says which step an activity is. Without a
    `net` nothing is replayed.
    """

    permitted: frozenset[Pair]
    steps: Mapping[str, str]
    left_out: frozenset[str] = frozenset()
    net: Net | None = None


@dataclass(frozen=True)
class LogDeviation:
    """A move that is not foreseen. `share` is of all cases, from 0 to 1.

    `extra_s` is how much longer, by the median, cases with it take than cases without:
    seconds, None where there are no cases on one side or the move is a rare one.
    """

    source: str | None
    target: str | None
    count: int
    cases: int
    share: float
    extra_s: float | None


@dataclass(frozen=True)
class Replayed:
    """Tokens of the replay, summed over the cases."""

    fitness: float | None
    missing: int
    remaining: int
    consumed: int
    produced: int
    unknown_events: int
    fitting_cases: int


@dataclass(frozen=True)
class Conformance:
    """Shares from 0 to 1. `untouched` cases have no activity of the process at all.

    `step_cases` counts the cases in which a step happens; `deviation_count` may be more
    than the deviations that are listed.
    """

    cases: int
    untouched: int
    conforming: int
    share: float | None
    fitness: float | None
    moves: int
    permitted: int
    deviations: tuple[LogDeviation, ...]
    deviation_count: int
    step_cases: dict[str, int]
    replay: Replayed | None


def conformance(log: Log, model: Model) -> Conformance:
    """Direct successions and, with a net, replayed tokens of the (filtered) log.

    Source: METHODS 2.13; the definitions stand in `diagnosis.maths.conformance`.
    """
    paths = traces(log)
    projected = {
        number: tuple(one for one in path if one not in model.left_out)
        for number, (path, _cases) in paths.items()
    }
    counted = [
        (projected[number], cases)
        for number, (_path, cases) in paths.items()
        if projected[number]
    ]
    found = compare_moves(counted, set(model.permitted))
    listed = found.deviations[:MOST_DEVIATIONS]
    extra = extra_times(
        log, projected, [(one.source, one.target) for one in listed[:MOST_TIMED]]
    )
    deviations = tuple(
        LogDeviation(
            one.source,
            one.target,
            one.count,
            one.cases,
            one.cases / found.cases,
            extra.get((one.source, one.target)),
        )
        for one in listed
    )
    return Conformance(
        found.cases,
        sum(cases for _path, cases in paths.values()) - found.cases,
        found.conforming_cases,
        found.trace_fitness_share,
        found.move_fitness,
        found.moves,
        found.permitted,
        deviations,
        len(found.deviations),
        step_cases(counted, model.steps),
        replayed(counted, model),
    )


def traces(log: Log) -> dict[int, tuple[Trace, int]]:
    """Path and cases of each variant of the (filtered) log, by its number."""
    counted = log.cases.group_by("variant").agg(cases=log.cases.count())
    joined = counted.inner_join(log.variants.select("variant", "path"), "variant")
    rows = log.rows(joined.order_by("variant"))
    return {
        row["variant"]: (tuple(row["path"].split(SEPARATOR)), row["cases"])
        for row in rows
    }


def step_cases(
    counted: list[tuple[Trace, int]], steps: Mapping[str, str]
) -> dict[str, int]:
    told: Counter[str] = Counter()
    for path, cases in counted:
        for step in {steps[one] for one in path if one in steps}:
            told[step] += cases
    return dict(told)


def replayed(counted: list[tuple[Trace, int]], model: Model) -> Replayed | None:
    """Replay the steps: several activities of one step in a row are one."""
    if model.net is None:
        return None
    rows = [(as_steps(path, model.steps), cases) for path, cases in counted]
    found = replay(rows, model.net)
    return Replayed(
        found.fitness,
        found.missing,
        found.remaining,
        found.consumed,
        found.produced,
        found.unknown_events,
        found.fitting_cases,
    )


def as_steps(path: Trace, steps: Mapping[str, str]) -> Trace:
    """A path of activities as one of steps; the unknown keep a name no step has."""
    told: list[str] = []
    before = ""
    for activity in path:
        step = steps.get(activity, f"{SEPARATOR}{activity}")
        if not told or told[-1] != step or before == activity:
            told.append(step)
        before = activity
    return tuple(told)


def extra_times(
    log: Log, paths: Mapping[int, Trace], pairs: list[Any]
) -> dict[Any, float]:
    """By how many seconds the median of the cases with each move is longer."""
    if not pairs:
        return {}
    table = log.backend.to_pyarrow(log.cases.select("variant", "duration_s"))
    numbers: NDArray[Any] = table.column("variant").to_numpy()
    seconds: NDArray[Any] = table.column("duration_s").to_numpy()
    with_it: dict[Any, list[int]] = {pair: [] for pair in pairs}
    is_counted = np.zeros(max(paths) + 1, dtype=bool)
    for number, path in paths.items():
        is_counted[number] = bool(path)
        for pair in set(zip((None, *path), (*path, None), strict=True)):
            if path and pair in with_it:
                with_it[pair].append(number)
    kept = is_counted[numbers]
    numbers, seconds = numbers[kept], seconds[kept]
    found = {}
    for pair, chosen in with_it.items():
        has = np.zeros(len(is_counted), dtype=bool)
        has[chosen] = True
        inside = has[numbers]
        if inside.any() and not inside.all():
            middle, other = np.median(seconds[inside]), np.median(seconds[~inside])
            found[pair] = float(middle - other)
    return found
