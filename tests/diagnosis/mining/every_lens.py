"""Every lens and every filter, and the log that they are asked about.

What one database answers is compared with what another does.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from diagnosis.mining import (
    amounts,
    cases,
    conformance,
    contrast,
    costs,
    export,
    lenses,
    maps,
    quality,
    resources,
    series,
    step_times,
    waiting,
    working,
)
from diagnosis.mining.conformance import Model
from diagnosis.mining.filters import (
    AttributeFilter,
    ContainsFilter,
    DoubtFilter,
    DurationFilter,
    EndpointFilter,
    Filter,
    FollowsFilter,
    MoveFilter,
    NumberFilter,
    TimeFilter,
    VariantFilter,
)
from diagnosis.mining.lenses import Log
from tests.diagnosis.mining.small_logs import Row, moment

EVENTS = 900
DAY = 86_400.0
MODEL = Model(
    steps={one: one for one in "abcd"},
    permitted=frozenset({(None, "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("d", None)}),
)
ABOUT = {"path_share": ("a", "b", "c", "d")}
LENSES: dict[str, Callable[[Log], Any]] = {
    "overview": lambda log: lenses.overview(log, ["d"]),
    "variants": lambda log: lenses.variants(log, top=1_000),
    "durations": lenses.durations,
    "rework": lenses.rework,
    "throughput": lenses.throughput,
    "throughput by week": lambda log: lenses.throughput(log, "week"),
    **{
        f"series {key}": lambda log, key=key: series.series(
            log, series.Asked(key, ABOUT.get(key, ("a", "b")), "week"), ["d"], MODEL
        )
        for key in series.MEASURES
    },
    "map": maps.process_map,
    "doubts": lambda log: quality.doubts(log, ["d"]),
    "case page": lambda log: cases.case_page(log),
    "all cases": lambda log: list(cases.all_cases(log)),
    "timeline": lambda log: cases.timeline(log, "c1"),
    "paths": cases.path_page,
    "resources": resources.resources,
    "hand-overs": resources.hand_overs,
    "workload": resources.workload,
    "times": waiting.times,
    "open cases": waiting.open_cases,
    "contrast": contrast.contrast,
    "search": lambda log: cases.case_page(log, "case", 2, 5, "C1"),
    "slow cases": lambda log: contrast.contrast(log, 20 * DAY),
    "conformance": lambda log: conformance.conformance(log, MODEL),
    "step times": lambda log: step_times.step_times(log, {"a": "one", "b": "two"}),
    "costs": costs.costs,
    "amounts": lambda log: amounts.amounts(log, ["d"]),
    "export": lambda log: list(export.rows(log, export.BASE)),
    "xes": lambda log: "".join(export.xes(log)),
    "working times": lambda log: working.working_times(log, working.plain_week(8)),
    "working durations": lambda log: working.working_durations(
        log, working.plain_week(8)
    ),
}
FILTERS: dict[str, Filter] = {
    "time": TimeFilter(moment(20_000), moment(90_000), "touching"),
    "attribute": AttributeFilter("region", ("north",)),
    "without an attribute": AttributeFilter("region", ("north",), keep=False),
    "range": NumberFilter("amount", 20, 30),
    "cost": NumberFilter("cost", None, 40.5),
    "contains": ContainsFilter("b", times=2),
    "follows": FollowsFilter("a", "b"),
    "follows later": FollowsFilter("a", "b", directly=False),
    "duration": DurationFilter(DAY, 60 * DAY),
    "ends": EndpointFilter(("a", "b"), ("c", "d")),
    "variant": VariantFilter((1, 2, 3)),
    "move": MoveFilter("a", "c", over=("b",)),
    "move from the start": MoveFilter(None, "a"),
    **{
        f"doubt {kind}": DoubtFilter(kind, keep=False, about=about)
        for kind, about in {
            "order": (),
            "single": (),
            "duplicate": (),
            "negative": (),
            "missing": ("resource",),
            "open": ("d",),
        }.items()
    },
}


def drawn() -> list[Row]:
    """Events of some hundred cases, a few of them repeated or without a value."""
    draw = random.Random(11)
    found = []
    for _ in range(EVENTS):
        end, length = draw.randrange(130_000), draw.randrange(3_000)
        found.append(
            Row(
                f"c{draw.randrange(250)}",
                draw.choice("abcd"),
                moment(end - length) if draw.random() < 0.8 else None,
                moment(end),
                draw.choice(["Ann", "Bo", "Cy", "Di", ""]),
                draw.choice(["north", "south", ""]),
                float(draw.randrange(50)),
            )
        )
    return found + found[:20]


def plain(value: Any) -> Any:
    """Dataclasses and tuples as lists and dicts, moments without their zone."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """Where two answers differ; numbers may by a billionth."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [
            said
            for key in one
            for said in differences(one[key], other[key], f"{place}.{key}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            said
            for at, (left, right) in enumerate(zip(one, other, strict=True))
            for said in differences(left, right, f"{place}[{at}]")
        ]
    if isinstance(one, float | int) and isinstance(other, float | int):
        is_same = math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)
    else:
        is_same = one == other
    return [] if is_same else [f"{place}: {one!r} and {other!r}"]
