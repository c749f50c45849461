"""A measure of the cases by week or month: what feeds an indicator."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from diagnosis.maths.conformance import compare_moves
from diagnosis.mining.conformance import Model, traces
from diagnosis.mining.lenses import DAY, Log, closed_cases
from diagnosis.mining.neighbours import SEPARATOR
from diagnosis.mining.sources import LogError

if TYPE_CHECKING:
    import ibis.expr.types as ir

HOUR = 3600.0
LETTERS = {"month": "M", "week": "W"}


@dataclass(frozen=True)
class Measure:
    """What a measure is about, its unit and which way is better.

    `about` names what it asks for: 'activity', 'then' (the one after it), 'path' or
    'model'; `higher` is None where neither way is better.
    """

    unit: str
    about: tuple[str, ...] = ()
    higher: bool = False


MEASURES: Mapping[str, Measure] = {
    "cases_completed": Measure("cases", higher=True),
    "median_throughput_days": Measure("days"),
    "mean_throughput_days": Measure("days"),
    "p90_throughput_days": Measure("days"),
    "rework_share": Measure("share"),
    "rework_event_share": Measure("share"),
    "events_per_case": Measure("events"),
    "cost_per_case": Measure("currency of the log"),
    "activity_share": Measure("share", ("activity",)),
    "activity_work_hours": Measure("hours", ("activity",)),
    "edge_share": Measure("share", ("activity", "then")),
    "edge_wait_hours": Measure("hours", ("activity", "then")),
    "path_share": Measure("share", ("path",), higher=True),
    "conforming_share": Measure("share", ("model",), higher=True),
    "move_fitness": Measure("share", ("model",), higher=True),
}


@dataclass(frozen=True)
class Point:
    """The value of a period that begins on `start`, and what it rests on."""

    start: date
    value: float
    number: int


@dataclass(frozen=True)
class Asked:
    """A measure and what it is about: activities, or a path; in periods."""

    key: str
    about: tuple[str, ...] = ()
    period: str = "month"


def series(
    log: Log, asked: Asked, closing: Sequence[str] = (), model: Model | None = None
) -> list[Point]:
    """The measure by the period in which cases ended, open cases left out.

    Waits and work count in the period in which they end. Periods without cases, or
    without a value, are absent.
    :raises LogError: there is no such measure, or something it needs is not given.
    """
    measure = MEASURES.get(asked.key)
    if measure is None:
        raise LogError(f"There is no measure “{asked.key[:40]}”.")
    needed = [one for one in measure.about if one != "model"]
    if len(asked.about) < len(needed) or ("model" in measure.about and model is None):
        raise LogError("Say what the measure is about.")
    if asked.period not in LETTERS:
        raise LogError("A series goes by month or by week.")
    closed = closed_cases(log, closing)
    if asked.key in ("conforming_share", "move_fitness") and model is not None:
        return _conforming(log, closed, asked, model)
    if asked.key in ("edge_wait_hours", "activity_work_hours"):
        return _moments(log, closed, asked)
    return _of_cases(log, closed, asked)


def _of_cases(log: Log, closed: "ir.Table", asked: Asked) -> list[Point]:
    """Measures that are an aggregate of the cases of a period."""
    cases = closed
    if asked.key in PATHS:
        marked = log.variants.mutate(hit=PATHS[asked.key](log.variants, asked.about))
        cases = closed.inner_join(marked.select("variant", "hit"), "variant")
    cases = cases.mutate(period=cases["end"].truncate(LETTERS[asked.period]))
    days = cases["duration_s"] / DAY
    value = {
        "cases_completed": lambda: cases.count().cast("float64"),
        "median_throughput_days": days.median,
        "mean_throughput_days": days.mean,
        "p90_throughput_days": lambda: days.quantile(0.9),
        "rework_share": lambda: _share(cases["repeats"] > 0),
        "rework_event_share": lambda: cases["repeats"].sum() / cases["events"].sum(),
        "events_per_case": cases["events"].mean,
        "cost_per_case": cases["cost"].mean,
    }.get(asked.key, lambda: _share(cases["hit"]))
    return _points(log, cases, value())


def _share(condition: Any) -> Any:
    """How many of the rows it holds for, from 0 to 1."""
    # Not 1.0: Spark would take it for a decimal of five places.
    return condition.ifelse(1, 0).cast("float64").mean()


def _has(variants: "ir.Table", about: tuple[str, ...]) -> Any:
    """The path goes through the activities of `about` one after the other."""
    path: Any = SEPARATOR + variants["path"] + SEPARATOR
    return path.contains(SEPARATOR + SEPARATOR.join(about) + SEPARATOR)


def _is(variants: "ir.Table", about: tuple[str, ...]) -> Any:
    return variants["path"] == SEPARATOR.join(about)


PATHS: Mapping[str, Callable[["ir.Table", tuple[str, ...]], Any]] = {
    "activity_share": lambda variants, about: _has(variants, about[:1]),
    "edge_share": lambda variants, about: _has(variants, about[:2]),
    "path_share": _is,
}


def _moments(log: Log, closed: "ir.Table", asked: Asked) -> list[Point]:
    """Medians of hours between events of the closed cases."""
    events = log.events.filter(
        (log.events["activity"] == asked.about[0])
        & log.events[log.key].isin(closed[log.key])
    )
    column, moment = "work_s", "ts"
    if asked.key == "edge_wait_hours":
        events = events.filter(events["next_activity"] == asked.about[1])
        timed = log.rows(log.events.aggregate(n=log.events["work_s"].count()))[0]["n"]
        column, moment = ("wait_s" if timed else "gap_s"), "next_ts"
    events = events.filter(events[column].notnull())
    events = events.mutate(period=events[moment].truncate(LETTERS[asked.period]))
    return _points(log, events, events[column].median() / HOUR)


def _points(log: Log, table: "ir.Table", value: Any) -> list[Point]:
    grouped = table.group_by("period").agg(value=value, number=table.count())
    return sorted(
        (
            Point(_day(row["period"]), float(row["value"]), row["number"])
            for row in log.rows(grouped)
            if row["value"] is not None
        ),
        key=lambda one: one.start,
    )


def _conforming(
    log: Log, closed: "ir.Table", asked: Asked, model: Model
) -> list[Point]:
    """Shares of conforming cases or permitted moves, by the variants of a period."""
    fits: dict[int, tuple[int, int]] = {}
    permitted = set(model.permitted)
    for number, (path, _cases) in traces(log).items():
        seen = tuple(one for one in path if one not in model.left_out)
        if seen:
            found = compare_moves([(seen, 1)], permitted)
            is_share = asked.key == "conforming_share"
            fits[number] = (
                (found.conforming_cases, 1)
                if is_share
                else (found.permitted, found.moves)
            )
    marked = closed.mutate(period=closed["end"].truncate(LETTERS[asked.period]))
    grouped = marked.group_by(["period", "variant"]).agg(cases=marked.count())
    sums: dict[date, list[int]] = {}
    for row in log.rows(grouped):
        if row["variant"] not in fits:
            continue
        good, of = fits[row["variant"]]
        held = sums.setdefault(_day(row["period"]), [0, 0, 0])
        for place, add in enumerate((good, of, 1)):
            held[place] += add * row["cases"]
    return [Point(day, good / of, n) for day, (good, of, n) in sorted(sums.items())]


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
